"""What holds for every request: the size of its body, HEAD, redirects within, and HTTPS."""

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# A year; not for other services below the same name. https://www.rfc-editor.org/rfc/rfc6797
HSTS = "max-age=31536000"
LARGEST_BODY = 1024 * 1024


class FrontDoor:
    """Answers HEAD as GET without a body, keeps redirects to the host asked, and HTTPS for good.

    Balancers and monitors ask by HEAD. A redirect that names the host that was asked for would lead
    elsewhere for a forged one.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        is_head = scope["method"] == "HEAD"
        is_over = False

        async def sending(message: Message) -> None:
            nonlocal is_over
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=message["headers"])
                _lead_within(headers, scope)
                if scope["scheme"] == "https":
                    headers["Strict-Transport-Security"] = HSTS
                message["headers"] = headers.raw
            elif is_head:
                if is_over:
                    return
                is_over = True
                message = {"type": "http.response.body", "body": b"", "more_body": False}
            await send(message)

        asked = {**scope, "method": "GET"} if is_head else scope
        await self._app(asked, receive, sending)


def _lead_within(headers: MutableHeaders, scope: Scope) -> None:
    """Leave scheme and host out of a redirect to this service itself."""
    to = headers.get("location")
    if to is None:
        return
    asked = next(
        (value.decode("latin-1") for name, value in scope["headers"] if name == b"host"), ""
    )
    # What the framework takes if the host that was asked for is none.
    host, port = scope.get("server") or ("", None)
    for name in filter(None, (asked, f"{host}:{port}", str(host))):
        own = f"{scope['scheme']}://{name}/"
        if to.startswith(own):
            # One slash: what begins with two is a host, too.
            headers["location"] = f"/{to.removeprefix(own).lstrip('/')}"
            return


class BodyLimit:
    """Ends the reading of a body that is too large, declared or in chunks, with 413.

    The framework reads a body whole before it looks at who sends it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request."""
        read = 0

        async def receiving() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > LARGEST_BODY:
                raise HTTPException(413, "The body is larger than 1 MiB: send less.")
            return message

        await self._app(scope, receiving if scope["type"] == "http" else receive, send)
