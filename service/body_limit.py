"""No request's body is read beyond what anything here needs, whoever sends it."""

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST_BODY = 1024 * 1024


class BodyLimit:
    """Ends the reading of a body that is too large, declared or in chunks, with 413.

    The framework reads a body whole before it looks at who sends it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        read = 0

        async def receiving() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > LARGEST_BODY:
                raise HTTPException(413, "The body is larger than 1 MiB: send less.")
            return message

        await self._app(scope, receiving if scope["type"] == "http" else receive, send)
