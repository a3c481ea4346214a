"""What the sandbox adds to every vendor's port: a page to look at, and the control API."""

from typing import TYPE_CHECKING

from integrations.sandbox.control import Control
from integrations.sandbox.messages import Reply, Request, text_reply
from integrations.sandbox.page_style import STYLE
from integrations.sandbox.pages import page

if TYPE_CHECKING:
    from integrations.sandbox.sandbox import Sandbox

_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'",
    "Cache-Control": "no-store",
}


class Console:
    """Answers requests for the page and for the control API; all others are the vendor's."""

    def __init__(self, sandbox: "Sandbox") -> None:
        self._sandbox = sandbox
        self._control = Control(sandbox)

    def __call__(self, request: Request) -> Reply | None:
        """Return the console's reply, or None if the request is for the vendor."""
        match request.path:
            case "/":
                shown = page(self._sandbox.zendesk, self._sandbox.trello, self._sandbox.github)
                return text_reply(shown, kind="text/html").with_headers(_HEADERS)
            case "/_sandbox/page.css":
                return text_reply(STYLE, kind="text/css")
            case "/favicon.ico":
                return Reply(status=204)
            case path if path.startswith("/_sandbox/"):
                return self._control(request)
            case _:
                return None
