"""The door to Trello: the board's open cards, copies of the template cards, and their due dates."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from integrations.http.json_values import listed, text, truth
from integrations.http.session import CallPolicy, Lease
from integrations.http.ttl_cache import TtlCache
from integrations.trello.errors import explain, known, path_id
from integrations.trello.requester import SYSTEM, HeaderLogin, TrelloRequester
from integrations.trello.values import (
    CARD_FIELDS,
    CardComment,
    Template,
    card_from_trello,
    comment_from_trello,
    desc_for_trello,
    id_from_trello,
    instant_for_trello,
    template_from_trello,
)
from service.domain.cards import Card, visible
from service.domain.errors import OutsideError, PermanentError, TransientError
from service.domain.reasons import ReasonCode

__all__ = ["Card", "Template", "Trello"]

T = TypeVar("T")

_PAGE = 1_000
_MOST_PAGES = 20
# A list that was archived still takes cards, and nobody sees them there.
_KEEP_LIST_SECONDS = 60.0
# The lists in which a card counts as done are looked at after the leaving date alone.
_KEEP_NAMES_SECONDS = 3_600.0
_KEPT = "attachments,checklists,customFields,labels,members,stickers"


@dataclass(frozen=True, slots=True, kw_only=True)
class Urgent:
    """What shows that a card is urgent; `label_id` is None if the board has no such label."""

    label_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _BoardList:
    id: str
    name: str
    is_open: bool


class Trello:
    """One board; safe to use from many threads."""

    def __init__(
        self,
        login: HeaderLogin,
        *,
        url: str,
        board: str,
        list_name: str,
        templates: Mapping[str, str],
        policy: CallPolicy,
        keep_seconds: float = 600.0,
    ) -> None:
        """Build it; nothing is asked yet.

        Args:
            login: the API key, and the token of the service's Trello account.
            url: where requests are really sent.
            board: id or short link.
            list_name: the open list that new cards lie in.
            templates: role to template card, by id or short link.
            policy: how every call is made.
            keep_seconds: how long the list's id (less long) and the templates are kept before they
                are looked at again.
        """
        self._api = TrelloRequester(login, url=url, policy=policy, explain=explain)
        self._board = board
        self._list_name = list_name
        self._templates = dict(templates)
        self._list_id = TtlCache[str](min(keep_seconds, _KEEP_LIST_SECONDS))
        self._lists = TtlCache[Mapping[str, str]](max(keep_seconds, _KEEP_NAMES_SECONDS))
        self._labels = TtlCache[Mapping[str, str]](keep_seconds)
        self._me = TtlCache[str](_KEEP_NAMES_SECONDS)
        self._looked_at = {role: TtlCache[Template](keep_seconds) for role in templates}

    def open_cards(self) -> tuple[Card, ...]:
        """All open cards of the board, templates too, those of archived lists among them."""
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
        """All open cards that people see on the board: none of them lies on an archived list."""
        cards = self.open_cards()
        if not cards:
            return ()
        # Afterwards, so that a list that is archived meanwhile counts as archived.
        query = {"filter": "all", "fields": "name,closed"}
        found = self._ask_board("look up the lists", "/lists", read=_lists, query=query)
        self._lists.keep({one.id: one.name for one in found})
        return visible(cards, [one.id for one in found if one.is_open])

    def open_lists(self) -> Mapping[str, str]:
        """The ids of the board's lists that are not archived, and their names, as they are now."""
        query = {"filter": "open", "fields": "name"}
        return self._ask_board("look up the lists", "/lists", read=_names, query=query)

    def card(self, card_id: str) -> Card | None:
        """One card by id or short link, archived or not; None if it is gone."""
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
        """The texts of this account's own comments on a card, the newest first."""
        own = self._me.get(self._look_up_me)
        path = f"/cards/{path_id(card_id)}/actions"
        query = {"filter": "commentCard", "limit": str(_PAGE)}
        found = self._api.ask("read a card's comments", path, read=_comments, query=query)
        return tuple(comment.text for comment in found if comment.member_id == own)

    def lists(self) -> Mapping[str, str]:
        """The ids of the board's lists, archived ones too, and their names; kept for an hour."""
        return self._lists.get(self._look_up_lists)

    def labels(self) -> Mapping[str, str]:
        """The ids of the board's labels, and their names."""
        query = {"fields": "name", "limit": str(_PAGE)}
        return self._ask_board("look up the labels", "/labels", read=_names, query=query)

    def label_id(self, name: str) -> str | None:
        """The id of the board's label of a name, without regard to case; None for no such label."""
        labels = self._labels.get(self.labels)
        return next((id_ for id_, each in labels.items() if _same(each, name)), None)

    def comment(self, card_id: str, words: str, *, lease: Lease) -> None:
        """Write a comment on a card: it is not idempotent."""
        self._api.ask(
            "comment on a card",
            f"/cards/{path_id(card_id)}/actions/comments",
            method="POST",
            # Its id is of no use: it is known again by its words.
            read=lambda raw: text(raw["id"]),
            body={"text": words},
            lease=lease,
        )

    def has_link(self, card_id: str, url: str) -> bool:
        """Whether a card has an attachment that is this link."""
        return self._api.ask(
            "look at a card's attachments",
            f"/cards/{path_id(card_id)}/attachments",
            read=lambda raw: any(one["url"] == url for one in listed(raw)),
        )

    def attach_link(self, card_id: str, url: str, *, name: str, lease: Lease) -> None:
        """Attach a link to a card: it is not idempotent."""
        self._api.ask(
            "attach a link to a card",
            f"/cards/{path_id(card_id)}/attachments",
            method="POST",
            read=lambda _raw: None,
            body={"url": url, "name": name},
            lease=lease,
        )

    def copy_template(
        self,
        role: str,
        *,
        name: str,
        due: datetime,
        head: str,
        lease: Lease,
        urgent: Urgent | None = None,
    ) -> Card:
        """Make a card from a role's template, at the end of the list.

        Args:
            role: a key of the templates.
            name: the card's name.
            due: an instant.
            head: put before the template's description.
            lease: see `Call`.
            urgent: if given, the card goes to the top of the list, with that label.
        """
        template = self.template(role)
        body = {
            "idList": self.list_id(),
            "pos": "bottom",
            "name": name,
            "desc": desc_for_trello(head, template.desc),
            "due": instant_for_trello(due),
            "dueComplete": False,
            "idCardSource": template.id,
            "keepFromSource": _KEPT,
        }
        if urgent:
            body["pos"] = "top"
            if urgent.label_id:
                # What is given outright beats what the source has: all labels, or ours alone.
                body["idLabels"] = ",".join(dict.fromkeys((*template.label_ids, urgent.label_id)))
        try:
            card = self._api.ask(
                "copy a template card",
                "/cards",
                method="POST",
                read=card_from_trello,
                body=body,
                lease=lease,
            )
        except PermanentError as failure:
            # The list or the template may have gone since they were looked at.
            self._list_id.forget()
            self._looked_at[role].forget()
            if failure.status != 404:
                raise
        else:
            return self._made_ordinary(card, lease) if card.is_template else card
        raise self._what_is_gone(role)

    def update_card(  # noqa: PLR0913 - each is one field of the card
        self,
        card_id: str,
        *,
        lease: Lease,
        due: datetime | None = None,
        name: str | None = None,
        desc: str | None = None,
        is_closed: bool | None = None,
        is_template: bool | None = None,
        to_top: bool = False,
        label_ids: Iterable[str] | None = None,
    ) -> Card:
        """Change what is given, in one request; `label_ids` are all that it shall have."""
        body = {
            "due": instant_for_trello(due) if due else None,
            "name": name,
            "desc": desc,
            "closed": is_closed,
            "isTemplate": is_template,
            "pos": "top" if to_top else None,
            "idLabels": None if label_ids is None else ",".join(label_ids),
        }
        return self._api.ask(
            "update a card",
            f"/cards/{path_id(card_id)}",
            method="PUT",
            read=card_from_trello,
            body={key: value for key, value in body.items() if value is not None},
            lease=lease,
        )

    def list_id(self) -> str:
        """The id of the list for new cards; raises `PermanentError` if the board has none."""
        return self._list_id.get(self._look_up_list)

    def template(self, role: str) -> Template:
        """A role's template card; raises `PermanentError` if it is gone or archived."""
        return self._looked_at[role].get(lambda: self._look_at_template(role))

    def _what_is_gone(self, role: str) -> OutsideError:
        """Look again at what a copy needs: a failure of that names the setting."""
        try:
            self.list_id()
            self.template(role)
        except OutsideError as failure:
            return failure
        return TransientError(
            SYSTEM,
            "The list or the template was not there for a moment.",
            code=ReasonCode.TRELLO_NOT_FOUND,
        )

    def _made_ordinary(self, copy: Card, lease: Lease) -> Card:
        """Whether a copy of a template is a template itself is not documented: it was looked at."""
        try:
            return self.update_card(copy.id, is_template=False, lease=lease)
        except OutsideError as failure:
            # Whatever became of this, the card is there.
            failure.maybe_done = True
            raise

    def _look_up_list(self) -> str:
        name = self._list_name.strip()
        found = [list_id for list_id, each in self.open_lists().items() if each == name]
        if not found:
            raise PermanentError(
                SYSTEM,
                "The board has no open list of the name that is set. Check TRELLO_LIST_NAME, or "
                "make the list.",
                code=ReasonCode.TRELLO_NOT_FOUND,
            )
        return found[0]

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

    def _look_at_template(self, role: str) -> Template:
        setting = f"TRELLO_{role.upper()}_TEMPLATE"
        path = f"/cards/{path_id(self._templates[role], setting)}"
        query = {"fields": "name,desc,closed,idLabels"}
        found = known(
            lambda: self._api.ask(
                "look at a template card", path, read=template_from_trello, query=query
            ),
            problem="There is no such template card",
            setting=setting,
        )
        if not found.is_open:
            raise PermanentError(
                SYSTEM,
                f"A template card is archived. Send it back to the board, or check {setting}.",
                code=ReasonCode.TRELLO_TEMPLATE_ARCHIVED,
            )
        return found

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
