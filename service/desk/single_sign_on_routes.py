"""The way to the single sign-on provider and back."""

from dataclasses import asdict

from fastapi import APIRouter
from itsdangerous import BadSignature, URLSafeTimedSerializer
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from service.desk.parts import Parts
from service.desk.sessions import Sessions
from service.desk.sign_in import enter, own_page
from service.desk.single_sign_on import UNTRUSTED, Begun, SignInRefused, SingleSignOn

COOKIE = "leavers_single_sign_on"
PATH = "/desk/single-sign-on"
# How long somebody may take at the provider's, in seconds.
KEPT_SECONDS = 600


def single_sign_on_router(parts: Parts, single_sign_on: SingleSignOn, *, secret: str) -> APIRouter:
    """Build the routes; `secret` signs the cookie of those who are on their way."""
    router = APIRouter(prefix="/single-sign-on")
    cookies = URLSafeTimedSerializer(secret, salt="leavers single sign-on")

    def refused(request: Request, refusal: SignInRefused) -> Response:
        return parts.renderer.page(
            request,
            "problem.html",
            status=403,
            title="You are not signed in",
            sentences=[str(refusal)],
            link=("/desk/sign-in", "Go to the sign-in page"),
        )

    @router.get("")
    def begin(request: Request) -> Response:
        try:
            url, begun = single_sign_on.begin(
                redirect_uri=_return_address(request),
                next_page=own_page(request.query_params.get("next")),
            )
        except SignInRefused as refusal:
            return refused(request, refusal)
        response = RedirectResponse(url, 303)
        response.set_cookie(
            COOKIE,
            cookies.dumps(asdict(begun)),
            max_age=KEPT_SECONDS,
            path=PATH,
            secure=request.url.scheme == "https",
            httponly=True,
            samesite="lax",
        )
        return response

    @router.get("/return")
    def come_back(request: Request) -> Response:
        response = _come_back(request)
        response.delete_cookie(COOKIE, path=PATH)
        return response

    def _come_back(request: Request) -> Response:
        try:
            begun = Begun(**cookies.loads(request.cookies.get(COOKIE, ""), max_age=KEPT_SECONDS))
        except (BadSignature, TypeError):
            return refused(request, SignInRefused(UNTRUSTED))
        try:
            admitted = single_sign_on.finish(
                begun, request.query_params, redirect_uri=_return_address(request)
            )
        except SignInRefused as refusal:
            return refused(request, refusal)
        session = Sessions.new(name=admitted.name, way="sso", claim=admitted.claim)
        return enter(request, parts.sessions, session, next_page=begun.next)

    return router


def _return_address(request: Request) -> str:
    return f"{request.url.scheme}://{request.url.netloc}{PATH}/return"
