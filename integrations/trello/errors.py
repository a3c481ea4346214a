"""What Trello's failures mean, and what to fix.

https://developer.atlassian.com/cloud/trello/guides/rest-api/status-codes/
"""

import re
from collections.abc import Callable
from typing import TypeVar

from requests import Response

from integrations.http.failures import permanent, refused, transient, usual_failure
from integrations.http.session import Call
from service.domain.errors import OutsideError, PermanentError
from service.domain.reasons import ReasonCode

# Trello counts requests in windows of ten seconds, and does not say when one ends.
# https://developer.atlassian.com/cloud/trello/guides/rest-api/rate-limits/
_WINDOW = 10.0
# The characters of an id or a short link are known; its length is up to Trello.
_ID = re.compile(r"[0-9A-Za-z]{1,64}")
_SYSTEM = "Trello"

T = TypeVar("T")

NO_RIGHT = (
    "The token may not do this. Invite its Trello account to the board, and give the token the "
    "right to write (TRELLO_TOKEN)."
)
FULL = (
    "The board, its list or the card has reached one of Trello's limits. Archive cards there that "
    "are done (TRELLO_BOARD_ID, TRELLO_LIST_NAME), and run this again."
)
TOO_MANY = "Too many requests were sent for now."


def explain(response: Response, call: Call) -> OutsideError | None:
    """Say what is wrong with a response, or None if it is a success."""
    match response.status_code:
        case 401 if b"permission requested" in response.content or b"scopes" in response.content:
            return permanent(NO_RIGHT, response, call, code=ReasonCode.TRELLO_RIGHT_MISSING)
        case 401:
            return permanent(
                "The credentials are refused. Check TRELLO_API_KEY and TRELLO_TOKEN; the token "
                "may have been revoked or have run out.",
                response,
                call,
            )
        case 403:
            return _forbidden(response, call)
        case 429:
            return transient(
                TOO_MANY,
                response,
                call,
                retry_after=_WINDOW,
            )
        case _:
            return usual_failure(response, call)


def _forbidden(response: Response, call: Call) -> OutsideError:
    """Return what a 403 means: something is full, a right is missing, or none of these.

    https://developer.atlassian.com/cloud/trello/guides/rest-api/limits/
    """
    said = response.text.casefold()
    if ("api_" in said and "limit_exceeded" in said) or "rate limit" in said:
        return transient(TOO_MANY, response, call, retry_after=_WINDOW, is_limit=True)
    if "limit" in said:
        return permanent(FULL, response, call, code=ReasonCode.TRELLO_BOARD_FULL)
    if any(word in said for word in ("unauthorized", "permission", "scopes", "not allowed")):
        return permanent(NO_RIGHT, response, call)
    return refused(response, call)


def known(ask: Callable[[], T], *, problem: str, setting: str) -> T:
    """Name the setting if its object does not exist, or the token may not see it."""
    try:
        return ask()
    except PermanentError as failure:
        if failure.status not in {400, 404}:
            raise
        status = failure.status
    raise PermanentError(
        _SYSTEM,
        f"{problem}, or the token may not see it. Check {setting}, and that the token's Trello "
        "account is a member of the board.",
        code=ReasonCode.TRELLO_NOT_FOUND,
        status=status,
    )


def path_id(value: str, setting: str | None = None) -> str:
    """Return an id or short link that may stand in a path: anything else could lead elsewhere."""
    if _ID.fullmatch(value):
        return value
    where = f"Check {setting}" if setting else "It can't be looked up"
    raise PermanentError(
        _SYSTEM,
        f"An id or short link is not written as Trello writes them. {where}.",
        code=ReasonCode.TRELLO_BAD_SETTING,
    )
