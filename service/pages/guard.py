"""Around every page: who is there, and what a browser may do with the page."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response

from service.pages.sessions import COOKIE, Sessions
from service.pages.visitors import Visitors

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
    """Middleware: gives each request its session, and each answer its headers."""

    def __init__(self, sessions: Sessions, visitors: Visitors) -> None:
        self._sessions = sessions
        self._visitors = visitors

    async def __call__(self, request: Request, call_next: CallNext) -> Response:
        """Let a request through."""
        session = self._sessions.read(request)
        request.state.session = session
        request.state.operator = self._visitors.of_session(session)
        response = await call_next(request)
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
