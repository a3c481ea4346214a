"""The way to the single sign-on provider and back."""

import logging
from dataclasses import asdict

from fastapi import APIRouter
from itsdangerous import BadSignature, URLSafeTimedSerializer
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from service.desk.context import DeskContext
from service.desk.links import own_page
from service.desk.signing_in.identity_provider import SignInRefused
from service.desk.signing_in.oidc import Begun, SingleSignOn
from service.desk.signing_in.sessions import LONGEST_SESSION, Sessions
from service.desk.signing_in.sign_in import ID_TOKEN_COOKIE, SIGN_OUT_PATH, enter

log = logging.getLogger(__name__)

# One for each flow, with its state behind it: several tabs may be on their way at once.
COOKIE = "leavers_single_sign_on_"
MOST_FLOWS = 8
PATH = "/desk/single-sign-on"
# How long somebody may take at the provider's, in seconds.
KEPT_SECONDS = 600
# A browser keeps cookies of 4096 bytes at the most, name and attributes included.
LONGEST_ID_TOKEN = 3_800


def single_sign_on_router(
    context: DeskContext, single_sign_on: SingleSignOn, *, secret: str
) -> APIRouter:
    """Build the routes; `secret` signs the cookie of those who are on their way."""
    router = APIRouter(prefix="/single-sign-on")
    cookies = URLSafeTimedSerializer(secret, salt="leavers single sign-on")

    def refused(request: Request, refusal: SignInRefused) -> Response:
        log.warning("sign-in refused", extra={"way": "sso", "why": refusal.why, **refusal.facts})
        return context.renderer.page(
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
        # Browsers send the oldest first: those of flows that were never finished go.
        for name in _flows(request)[: 1 - MOST_FLOWS]:
            response.delete_cookie(name, path=PATH)
        response.set_cookie(
            f"{COOKIE}{begun.state}",
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
        name = f"{COOKIE}{request.query_params.get('state', '')}"
        response = _come_back(request, _begun(request, name))
        if name in request.cookies:
            response.delete_cookie(name, path=PATH)
        return response

    def _begun(request: Request, name: str) -> Begun | None:
        try:
            return Begun(**cookies.loads(request.cookies.get(name, ""), max_age=KEPT_SECONDS))
        except (BadSignature, TypeError):
            return None

    def _come_back(request: Request, begun: Begun | None) -> Response:
        try:
            signed_in = single_sign_on.finish(
                begun, request.query_params, redirect_uri=_return_address(request)
            )
        except SignInRefused as refusal:
            return refused(request, refusal)
        admitted = signed_in.admitted
        session = Sessions.new(name=admitted.name, way="sso", claim=admitted.claim)
        next_page = begun.next if begun else own_page(None)
        response = enter(request, context.sessions, session, next_page=next_page)
        # Shown to the provider when the session ends, and sent nowhere else.
        if len(signed_in.id_token) <= LONGEST_ID_TOKEN:
            response.set_cookie(
                ID_TOKEN_COOKIE,
                signed_in.id_token,
                max_age=LONGEST_SESSION,
                path=SIGN_OUT_PATH,
                secure=request.url.scheme == "https",
                httponly=True,
                samesite="lax",
            )
        return response

    return router


def _return_address(request: Request) -> str:
    return f"{request.url.scheme}://{request.url.netloc}{PATH}/return"


def _flows(request: Request) -> list[str]:
    return [name for name in request.cookies if name.startswith(COOKIE)]
