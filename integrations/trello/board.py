"""What is read of a Trello board: its open cards, its lists, and its labels."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from integrations.http.json_values import listed, text, truth
from integrations.http.ttl_cache import TtlCache
from integrations.trello.errors import known, path_id
from integrations.trello.requester import TrelloRequester
from integrations.trello.values import (
    CARD_FIELDS,
    CardComment,
    card_from_trello,
    comment_from_trello,
    id_from_trello,
)
from service.domain.cards import Card, visible
from service.domain.errors import PermanentError

T = TypeVar("T")

# https://developer.atlassian.com/cloud/trello/guides/rest-api/limits/
_PAGE = 1_000
_MOST_PAGES = 20
# The lists in which a card counts as done are looked at after the leaving date alone.
_KEEP_NAMES_SECONDS = 3_600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _BoardList:
    id: str
    name: str
    is_open: bool


class BoardReader:
    """Reads one board; safe to use from many threads."""

    def __init__(self, api: TrelloRequester, *, board: str, keep_seconds: float) -> None:
        """Build it; nothing is asked yet.

        Args:
            api: sends the requests.
            board: id or short link.
            keep_seconds: how long the labels are kept before they are looked at again; the lists'
                names, and who we are, for an hour at least.
        """
        self._api = api
        self._board = board
        self._lists = TtlCache[Mapping[str, str]](max(keep_seconds, _KEEP_NAMES_SECONDS))
        self._labels = TtlCache[Mapping[str, str]](keep_seconds)
        self._me = TtlCache[str](_KEEP_NAMES_SECONDS)

    def open_cards(self) -> tuple[Card, ...]:
        """Return all open cards of the board, templates too, those of archived lists among them."""
        found: dict[str, Card] = {}
        query = {"fields": CARD_FIELDS, "limit": str(_PAGE)}
        query |= {"attachments": "true", "attachment_fields": "url"}
        for _page in range(_MOST_PAGES):
            page = self._ask_board(
                "read the board's open cards", "/cards/open", read=_cards, query=query
            )
            found |= {card.id: card for card in page}
            if len(page) < _PAGE:
                break
            # Ids begin with the second of their making: the next page holds the older cards.
            query = {**query, "before": min(card.id for card in page)}
        return tuple(found.values())

    def visible_cards(self) -> tuple[Card, ...]:
        """Return the open cards that people see: none of them lies on an archived list."""
        cards = self.open_cards()
        if not cards:
            return ()
        # Afterwards, so that a list that is archived meanwhile counts as archived.
        query = {"filter": "all", "fields": "name,closed"}
        found = self._ask_board("look up the lists", "/lists", read=_lists, query=query)
        self._lists.keep({one.id: one.name for one in found})
        return visible(cards, [one.id for one in found if one.is_open])

    def open_lists(self) -> Mapping[str, str]:
        """Return the names of the board's open lists by their ids, as they are now."""
        query = {"filter": "open", "fields": "name"}
        return self._ask_board("look up the lists", "/lists", read=_names, query=query)

    def card(self, card_id: str) -> Card | None:
        """Return one card by id or short link, archived or not; None if it is gone."""
        path = f"/cards/{path_id(card_id)}"
        try:
            return self._api.ask(
                "read a card", path, read=card_from_trello, query={"fields": CARD_FIELDS}
            )
        except PermanentError as failure:
            if failure.status != 404:
                raise
            return None

    def own_comments(self, card_id: str) -> tuple[str, ...]:
        """Return the texts of this account's own comments on a card, the newest first."""
        own = self._me.get(self._look_up_me)
        path = f"/cards/{path_id(card_id)}/actions"
        query = {"filter": "commentCard", "limit": str(_PAGE)}
        found = self._api.ask("read a card's comments", path, read=_comments, query=query)
        return tuple(comment.text for comment in found if comment.member_id == own)

    def lists(self) -> Mapping[str, str]:
        """Return the names of all lists by their ids, archived ones too; kept for an hour."""
        return self._lists.get(self._look_up_lists)

    def labels(self) -> Mapping[str, str]:
        """Return the names of the board's labels by their ids."""
        query = {"fields": "name", "limit": str(_PAGE)}
        return self._ask_board("look up the labels", "/labels", read=_names, query=query)

    def label_id(self, name: str) -> str | None:
        """Return the id of the label of a name, in upper or lower case; None if there is none."""
        labels = self._labels.get(self.labels)
        return next((id_ for id_, each in labels.items() if _same(each, name)), None)

    def has_link(self, card_id: str, url: str) -> bool:
        """Return whether a card has an attachment that is this link."""
        return self._api.ask(
            "look at a card's attachments",
            f"/cards/{path_id(card_id)}/attachments",
            read=lambda raw: any(one["url"] == url for one in listed(raw)),
        )

    def _look_up_lists(self) -> dict[str, str]:
        query = {"filter": "all", "fields": "name"}
        return self._ask_board("look up the lists", "/lists", read=_names, query=query)

    def _look_up_me(self) -> str:
        return self._api.ask(
            "look up the account",
            "/members/me",
            read=lambda raw: id_from_trello(raw["id"]),
            query={"fields": "id"},
        )

    def _ask_board(
        self, operation: str, part: str, *, read: Callable[[Any], T], query: Mapping[str, str]
    ) -> T:
        path = f"/boards/{path_id(self._board, 'TRELLO_BOARD_ID')}{part}"
        return known(
            lambda: self._api.ask(operation, path, read=read, query=query),
            problem="There is no such board",
            setting="TRELLO_BOARD_ID",
        )


def _comments(raw: Any) -> tuple[CardComment, ...]:
    return tuple(comment_from_trello(each) for each in listed(raw) if each["type"] == "commentCard")


def _names(raw: Any) -> dict[str, str]:
    return {id_from_trello(each["id"]): text(each["name"]).strip() for each in listed(raw)}


def _lists(raw: Any) -> tuple[_BoardList, ...]:
    names = _names(raw)
    closed = {each["id"] for each in raw if truth(each.get("closed") or False)}
    return tuple(
        _BoardList(id=id_, name=name, is_open=id_ not in closed) for id_, name in names.items()
    )


def _same(name: str, other: str) -> bool:
    return name.strip().casefold() == other.strip().casefold()


def _cards(raw: Any) -> tuple[Card, ...]:
    return tuple(card_from_trello(each) for each in listed(raw))
