"""Around every page: who is there, and what a browser may do with the page."""

import contextlib
import logging
from collections.abc import Awaitable, Callable, Iterable

from fastapi.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from service.desk.problems import ProblemPages
from service.desk.signing_in.current_operator import CurrentOperator
from service.desk.signing_in.sessions import COOKIE, Brought, Session, Sessions
from service.observability.error_reports import error_location, report
from service.records.database import DatabaseError
from service.records.sessions import EndedSessions

log = logging.getLogger(__name__)

# Nothing inline, nothing from elsewhere, and no frame around it.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'{}; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "X-Robots-Tag": "noindex",
}
ASSETS = "/desk/static/"
# A page polls this: that does not count as activity.
PROGRESS = "/progress"

CallNext = Callable[[Request], Awaitable[Response]]


class Guard:
    """Middleware: gives each request its session, and each response its headers.

    Args:
        sessions: reads and writes the cookie.
        ended: the sessions that were signed out.
        operators: knows who a session belongs to.
        problems: makes a page for a database that is down, and for an internal error.
        way_out: where signing out may lead those who came by single sign-on.
    """

    def __init__(
        self,
        sessions: Sessions,
        ended: EndedSessions,
        operators: CurrentOperator,
        *,
        problems: ProblemPages,
        way_out: Callable[[], Iterable[str]],
    ) -> None:
        self._sessions = sessions
        self._ended = ended
        self._operators = operators
        self._problems = problems
        self._way_out = way_out

    async def __call__(self, request: Request, call_next: CallNext) -> Response:
        """Handle a request."""
        is_asset = request.url.path.startswith(ASSETS)
        # Static files are the same for everybody: they need no session.
        brought = (
            Brought(session=Sessions.new(), is_fresh=True)
            if is_asset
            else self._sessions.read(request)
        )
        try:
            if await self._is_ended(brought.session):
                brought = Brought(session=Sessions.new(), is_fresh=False)
        except DatabaseError as error:
            request.state.session, request.state.operator = Sessions.new(), None
            page = self._problems.no_database(request, error)
            return self._with_headers(request, page, is_asset=False)
        response = await self._answer(request, call_next, brought.session)
        if not (is_asset or brought.is_fresh or _leaves_cookie_alone(request, response)):
            await self._renew(request, response, brought.session)
        is_kept = is_asset and response.status_code in {200, 304}
        return self._with_headers(request, response, is_asset=is_kept)

    async def _answer(self, request: Request, call_next: CallNext, session: Session) -> Response:
        request.state.session = session
        request.state.operator = self._operators.of_session(session)
        try:
            return await call_next(request)
        except Exception as error:  # noqa: BLE001 - nobody above may log its message
            # The message of an exception may hold personal data.
            log.error("unexpected error", extra={"error": error_location(error)})  # noqa: TRY400
            report(error)
            return self._problems.internal_error(request)

    async def _renew(self, request: Request, response: Response, session: Session) -> None:
        """Prolong the session, unless it was signed out meanwhile."""
        with contextlib.suppress(DatabaseError):
            if not await self._is_ended(session):
                is_secure = request.url.scheme == "https"
                self._sessions.write(response, session, is_secure=is_secure)

    async def _is_ended(self, session: Session) -> bool:
        return bool(session.name) and await run_in_threadpool(self._ended.has, session.nonce)

    def _with_headers(self, request: Request, response: Response, *, is_asset: bool) -> Response:
        for name, value in HEADERS.items():
            response.headers[name] = value
        # A form may lead only to what the page allows it, redirects included.
        is_sso = request.state.session.way == "sso"
        targets = "".join(f" {origin}" for origin in sorted(self._way_out())) if is_sso else ""
        response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY.format(targets)
        # Personal data: not kept by the browser, nor by anything between.
        response.headers["Cache-Control"] = "public, max-age=3600" if is_asset else "no-store"
        return response


def _leaves_cookie_alone(request: Request, response: Response) -> bool:
    """Return whether a response sets another cookie, or a page polled it and no person."""
    cookies = response.headers.getlist("set-cookie")
    has_another = any(cookie.startswith(f"{COOKIE}=") for cookie in cookies)
    return has_another or request.url.path.endswith(PROGRESS)
