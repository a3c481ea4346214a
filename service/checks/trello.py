"""Is Trello right? Key, token and its rights, the board, the list and both templates."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import partial

from integrations.trello.account import TrelloAccount
from integrations.trello.client import Trello
from service.checks.findings import Check, Finding, Wrong, find, find_all
from service.config.settings import Settings
from service.domain.drafts import Role
from service.domain.errors import PermanentError
from service.upkeep.credential_expiry import NEAR_ITS_END

_MAKE_ANOTHER = (
    "Make a new one with scope=read,write and expiration=never, and set TRELLO_TOKEN to it."
)
_UNSEEN = (
    "Trello does not show whether it may write, or when it ends: look at the account's settings, "
    "or wait for the first card"
)


def trello_findings(
    settings: Settings, trello: Trello, account: TrelloAccount
) -> Iterator[Finding]:
    """Look at Trello as the service sees it."""
    board = find_all(
        Check(name="Trello board", look=partial(_board, trello, account)),
        [
            Check(name="Trello list", look=partial(_list, settings, trello)),
            *(
                Check(name=f"Trello template, {role}", look=partial(_template, trello, role))
                for role in Role
            ),
            *_done_lists(settings, trello),
            *_labels(settings, trello),
        ],
    )
    login = find(Check(name="Trello", look=partial(_login, account)))
    yield login
    if login.ok:
        yield find(Check(name="Trello token", look=partial(_token, account)))
        yield from board
        return
    names = ("token", "board", "list", *(f"template, {role}" for role in Role))
    wanted = (*_done_lists(settings, trello), *_labels(settings, trello))
    for name in (*names, *(check.name.removeprefix("Trello ") for check in wanted)):
        detail = "skipped: fix “Trello” first"
        yield Finding(check=f"Trello {name}", ok=False, detail=detail)


def _login(account: TrelloAccount) -> str:
    try:
        return f"logged in as member {account.me()}"
    except PermanentError as failure:
        if failure.status != 404:
            raise
    return "key and token are not refused"


def _token(account: TrelloAccount) -> str:
    tokens = account.tokens()
    if not tokens:
        return _UNSEEN
    now = datetime.now(UTC)
    readers = [one for one in tokens if not one.may_write]
    ends = (one.ends_at for one in tokens)
    ending = sorted(end for end in ends if end is not None and end - now < NEAR_ITS_END)
    if len(readers) == len(tokens):
        raise Wrong(f"The token may read, but not write. {_MAKE_ANOTHER}")
    if len(ending) == len(tokens):
        raise Wrong(f"The token ends on {ending[0]:%d %B %Y}. {_MAKE_ANOTHER}")
    if readers or ending:
        return (
            f"of the account's {len(tokens)} tokens, {len(readers)} may only read and "
            f"{len(ending)} will end soon: make sure that the service's is none of these"
        )
    return "it may write, and does not end soon"


def _board(trello: Trello, account: TrelloAccount) -> str:
    try:
        board = account.board()
    except PermanentError as failure:
        if failure.status != 404:
            raise
        trello.list_id()
        return "it is there, and its name is not shown"
    if not board.is_open:
        raise Wrong("The board is closed. Reopen it, or check TRELLO_BOARD_ID.")
    return f"“{board.name}”"


def _list(settings: Settings, trello: Trello) -> str:
    trello.list_id()
    return f"“{settings.trello_list_name}” is on the board"


def _done_lists(settings: Settings, trello: Trello) -> list[Check]:
    """Look at those that somebody has set: a board need not have a list of the default's name."""
    if not settings.after_date or "trello_done_lists" not in settings.model_fields_set:
        return []
    look = partial(_done_lists_are_there, settings.trello_done_lists, trello)
    return [Check(name="Trello done lists", look=look)]


def _done_lists_are_there(names: Iterable[str], trello: Trello) -> str:
    there = {name.casefold() for name in trello.lists().values()}
    if missing := [f"“{name}”" for name in names if name.casefold() not in there]:
        raise Wrong(
            f"The board has no list {' or '.join(missing)}, so no card counts as done there. Make "
            "the list, or check TRELLO_DONE_LISTS."
        )
    return f"on the board: {', '.join(f'“{name}”' for name in names)}"


def _labels(settings: Settings, trello: Trello) -> list[Check]:
    name = settings.urgent_label
    return [Check(name="Trello label", look=partial(_label, trello, name))] if name else []


def _label(trello: Trello, name: str) -> str:
    if trello.label_id(name) is None:
        raise Wrong(
            f"The board has no label “{name}”: urgent cards get none. Make the label, or check "
            "URGENT_LABEL."
        )
    return f"“{name}” is on the board"


def _template(trello: Trello, role: Role) -> str:
    return f"“{trello.template(role).name}”"
