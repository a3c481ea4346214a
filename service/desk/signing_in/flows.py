"""The cookies of those who are on their way to the single sign-on provider and back."""

from dataclasses import asdict

from itsdangerous import BadSignature, URLSafeTimedSerializer
from starlette.requests import Request
from starlette.responses import Response

from service.desk.signing_in.oidc import Begun

PATH = "/desk/single-sign-on"
# One for each flow, with its state behind it: several tabs may be on their way at once.
COOKIE = "leavers_single_sign_on_"
MOST_FLOWS = 8
# How long somebody may take at the provider's, in seconds.
KEPT_SECONDS = 600


class Flows:
    """Keeps what a browser must bring back; `secret` signs the cookies."""

    def __init__(self, secret: str) -> None:
        self._cookies = URLSafeTimedSerializer(secret, salt="leavers single sign-on")

    def begin(self, request: Request, response: Response, begun: Begun) -> None:
        """Send a browser on its way with a cookie."""
        under_way = [name for name in request.cookies if name.startswith(COOKIE)]
        # Browsers send the oldest first: those of flows that were never finished go.
        for name in under_way[: 1 - MOST_FLOWS]:
            response.delete_cookie(name, path=PATH)
        response.set_cookie(
            f"{COOKIE}{begun.state}",
            self._cookies.dumps(asdict(begun)),
            max_age=KEPT_SECONDS,
            path=PATH,
            secure=request.url.scheme == "https",
            httponly=True,
            samesite="lax",
        )

    def begun(self, request: Request) -> Begun | None:
        """Return what a browser brought back; None if nothing, too late, or forged."""
        try:
            cookie = request.cookies.get(_name(request), "")
            return Begun(**self._cookies.loads(cookie, max_age=KEPT_SECONDS))
        except (BadSignature, TypeError):
            return None

    def end(self, request: Request, response: Response) -> None:
        """Forget the flow that a browser came back from."""
        if _name(request) in request.cookies:
            response.delete_cookie(_name(request), path=PATH)


def _name(request: Request) -> str:
    return f"{COOKIE}{request.query_params.get('state', '')}"
