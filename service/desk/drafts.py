"""An answer on its way: kept in the browser, so that every page is one that can be gone back to.

A page that is the response to a form can't be shown again by the Back button. So a form that was
sent is kept in a cookie, and the browser is sent on to a page of its own that reads it there.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from itsdangerous import BadSignature, URLSafeTimedSerializer
from starlette.requests import Request
from starlette.responses import Response

from service.desk.sessions import LONGEST_PAUSE

COOKIE = "leavers_draft"
FIELDS = (
    *("choice", "name", "email", "leaving_date-day", "leaving_date-month", "leaving_date-year"),
    *("confirm_date", "confirm_nobody", "clear_tag", "version"),
)
# A cookie has room for some 4,000 bytes; longer values are too long for the form in any case.
_MOST_CHARACTERS = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An answer as it was sent.

    Attributes:
        key: stands in the addresses of the pages that show it.
        fields: the form's.
    """

    key: str
    fields: dict[str, str]


class Drafts:
    """Keeps one answer for each leaver in the operator's browser, for one session.

    Args:
        secret: signs the cookie.
    """

    def __init__(self, secret: str) -> None:
        self._cookies = URLSafeTimedSerializer(secret, salt="leavers draft")

    def keep(
        self,
        request: Request,
        response: Response,
        ticket_id: int,
        *,
        key: str,
        sent: Mapping[str, str],
    ) -> None:
        """Keep what was sent; an earlier answer about the same leaver is forgotten."""
        fields = {name: sent[name][:_MOST_CHARACTERS] for name in FIELDS if name in sent}
        response.set_cookie(
            COOKIE,
            self._cookies.dumps([request.state.session.nonce, key, fields]),
            max_age=LONGEST_PAUSE,
            path=_path(ticket_id),
            secure=request.url.scheme == "https",
            httponly=True,
            samesite="lax",
        )

    def read(self, request: Request) -> Draft | None:
        """Return the answer that the page's address names; None if it is no longer kept."""
        try:
            nonce, key, fields = self._cookies.loads(
                request.cookies.get(COOKIE, ""), max_age=LONGEST_PAUSE
            )
        except (BadSignature, ValueError, TypeError):
            return None
        is_this_one = request.query_params.get("draft") == key
        is_own = nonce == request.state.session.nonce
        return Draft(key=key, fields=fields) if is_this_one and is_own else None

    @staticmethod
    def new_key() -> str:
        """Return a key for an answer that was just sent."""
        return secrets.token_hex(4)

    @staticmethod
    def forget(response: Response, ticket_id: int) -> None:
        """Take the answer away: it was confirmed."""
        response.delete_cookie(COOKIE, path=_path(ticket_id))


def _path(ticket_id: int) -> str:
    return f"/desk/leavers/{ticket_id}"
