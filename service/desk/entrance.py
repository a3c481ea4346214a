"""Letting somebody in, and knowing which page to show then."""

import logging
import re

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from service.desk.sessions import Session, Sessions

log = logging.getLogger(__name__)

START = "/desk/"
_OWN_PAGE = re.compile(r"/desk/[A-Za-z0-9/_?=&.%+-]{0,500}")


def own_page(address: str | None) -> str:
    """Return an address within the pages; the start where it is any other."""
    return address if address and _OWN_PAGE.fullmatch(address) else START


def enter(request: Request, sessions: Sessions, session: Session, *, next_page: str) -> Response:
    """Begin an operator's session, and go on to a page."""
    log.info("signed in", extra={"way": session.way})
    return with_session(request, sessions, session, next_page)


def leave(request: Request, sessions: Sessions) -> Response:
    """End a session."""
    return with_session(request, sessions, Sessions.new(), "/desk/sign-in?signed-out=1")


def with_session(
    request: Request, sessions: Sessions, session: Session, next_page: str
) -> Response:
    """Go on to a page with another session."""
    response = RedirectResponse(next_page, 303)
    sessions.write(response, session, is_secure=request.url.scheme == "https")
    return response
