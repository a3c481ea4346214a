"""What the Trello account and its token may do: looked at when the connection is checked."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from requests import Response

from integrations.http.failures import permanent
from integrations.http.json_values import instant, listed, text, truth
from integrations.http.session import Call, CallPolicy
from integrations.trello.errors import explain, known, path_id
from integrations.trello.requester import HeaderLogin, TrelloRequester
from integrations.trello.values import id_from_trello
from service.domain.errors import OutsideError, PermanentError
from service.domain.reasons import ReasonCode

T = TypeVar("T")

_KEY_REFUSED = (
    "The API key is refused. Check TRELLO_API_KEY: it is on the “API key” tab of the Power-Up."
)
_REFUSED = (
    "The token is refused. Check TRELLO_TOKEN: it may have been revoked or have run out, and it "
    "belongs to the key that it was made with."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """One token of the account; `ends_at` is None if it never ends."""

    may_write: bool
    ends_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardState:
    """The board."""

    name: str
    is_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CardOnBoard:
    """A card as people made it, for the comparison of a pilot.

    Attributes:
        id: Trello's.
        url: the short link.
        name: one line.
        desc: the description.
        due: an instant in UTC, or None.
        list_name: the list that it lies on.
        steps: the names of its checklists, and of the items in them.
        is_template: whether it is a template card.
    """

    id: str
    url: str
    name: str
    desc: str
    due: datetime | None
    list_name: str
    steps: frozenset[str]
    is_template: bool


class TrelloAccount:
    """The account that a key and a token belong to."""

    def __init__(self, login: HeaderLogin, *, url: str, board: str, policy: CallPolicy) -> None:
        """Build it; nothing is asked yet. The arguments are those of `Trello`."""
        self._api = TrelloRequester(login, url=url, policy=policy, explain=_explain)
        self._board = board

    def me(self) -> str:
        """Return the account's id; also shows whether key and token are right."""
        return self._api.ask(
            "look up the account",
            "/members/me",
            read=lambda raw: id_from_trello(raw["id"]),
            query={"fields": "id"},
        )

    def tokens(self) -> tuple[Token, ...] | None:
        """Return all tokens of the account, ours among them; None if they can't be seen.

        Which one is ours is not known: to ask for it, Trello wants the token itself in the URL.
        """
        try:
            return self._api.ask("look up the token's rights", "/members/me/tokens", read=_tokens)
        except PermanentError:
            return None

    def board(self) -> BoardState:
        """Return the board.

        Raises:
            PermanentError: there is none, or the token may not see it.
        """
        return known(
            lambda: self._api.ask(
                "look at the board",
                self._board_path(),
                read=_board_from_trello,
                query={"fields": "name,closed"},
            ),
            problem="There is no such board",
            setting="TRELLO_BOARD_ID",
        )

    def cards(self) -> tuple[CardOnBoard, ...]:
        """Return the board's newest cards, at most a thousand, archived ones too."""
        lists = self._api.ask(
            "look up the lists",
            f"{self._board_path()}/lists",
            read=lambda raw: {text(one["id"]): text(one["name"]) for one in listed(raw)},
            query={"filter": "all", "fields": "name"},
        )
        return self._api.ask(
            "read the board's cards",
            f"{self._board_path()}/cards",
            read=lambda raw: tuple(_card(one, lists) for one in listed(raw)),
            query={
                "filter": "all",
                "fields": "name,desc,due,idList,shortUrl,isTemplate",
                "checklists": "all",
                "limit": "1000",
            },
        )

    def _board_path(self) -> str:
        return f"/boards/{path_id(self._board, 'TRELLO_BOARD_ID')}"


def _explain(response: Response, call: Call) -> OutsideError | None:
    """Distinguish a wrong key from a wrong token, which Trello names in its response."""
    if response.status_code in {400, 401} and b"invalid key" in response.content:
        return permanent(_KEY_REFUSED, response, call, code=ReasonCode.TRELLO_CREDENTIALS_REFUSED)
    if response.status_code == 401 and b"invalid token" in response.content:
        return permanent(_REFUSED, response, call)
    return explain(response, call)


def _tokens(raw: Any) -> tuple[Token, ...]:
    return tuple(_token(one) for one in listed(raw))


def _token(raw: Mapping[str, Any]) -> Token:
    boards = [one for one in raw["permissions"] if str(one["modelType"]).lower() == "board"]
    return Token(
        may_write=any(truth(one["write"]) for one in boards),
        ends_at=instant(raw.get("dateExpires")),
    )


def _board_from_trello(raw: Mapping[str, Any]) -> BoardState:
    return BoardState(name=text(raw["name"]), is_open=not truth(raw["closed"]))


def _steps(checklists: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for checklist in checklists:
        yield text(checklist["name"])
        yield from (text(item["name"]) for item in checklist.get("checkItems") or ())


def _card(raw: Mapping[str, Any], lists: Mapping[str, str]) -> CardOnBoard:
    return CardOnBoard(
        id=id_from_trello(raw["id"]),
        url=text(raw["shortUrl"]),
        name=text(raw["name"]),
        desc=text(raw["desc"]),
        due=instant(raw["due"]),
        list_name=lists.get(raw["idList"], ""),
        steps=frozenset(_steps(raw.get("checklists") or ())),
        is_template=truth(raw.get("isTemplate") or False),
    )
