"""Around every page: who is there, and what a browser may do with the page."""

import logging
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response

from service.attempts import where
from service.pages.sessions import COOKIE, Sessions
from service.pages.visitors import Visitors
from service.telling.error_reports import report

log = logging.getLogger(__name__)

# Nothing inline, nothing from elsewhere, and no frame around it.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "X-Robots-Tag": "noindex",
}
ASSETS = "/desk/static/"

CallNext = Callable[[Request], Awaitable[Response]]


class Guard:
    """Middleware: gives each request its session, and each answer its headers.

    Args:
        sessions: reads and writes the cookie.
        visitors: knows the operators.
        mistake: makes the page for an error of our own.
    """

    def __init__(
        self, sessions: Sessions, visitors: Visitors, mistake: Callable[[Request], Response]
    ) -> None:
        self._sessions = sessions
        self._visitors = visitors
        self._mistake = mistake

    async def __call__(self, request: Request, call_next: CallNext) -> Response:
        """Let a request through."""
        session = self._sessions.read(request)
        request.state.session = session
        request.state.operator = self._visitors.of_session(session)
        try:
            response = await call_next(request)
        except Exception as error:  # noqa: BLE001 - nobody above may log its message
            # The message of an exception may hold personal data.
            log.error("unexpected error", extra={"error": where(error)})  # noqa: TRY400
            report(error)
            response = self._mistake(request)
        for name, value in HEADERS.items():
            response.headers[name] = value
        if request.url.path.startswith(ASSETS):
            response.headers["Cache-Control"] = "public, max-age=3600"
            return response
        # Personal data: not kept by the browser, nor by anything between.
        response.headers["Cache-Control"] = "no-store"
        if not any(cookie.startswith(f"{COOKIE}=") for cookie in _cookies(response)):
            is_secure = request.url.scheme == "https"
            self._sessions.write(response, session, is_secure=is_secure)
        return response


def _cookies(response: Response) -> list[str]:
    return response.headers.getlist("set-cookie")
