"""The way to the single sign-on provider and back; these routes exist only if there is one."""

import logging
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from service.desk.context import Context, DeskContext
from service.desk.links import own_page
from service.desk.signing_in.flows import PATH
from service.desk.signing_in.identity_provider import SignInRefused
from service.desk.signing_in.oidc import SignedIn, SingleSignOn
from service.desk.signing_in.sessions import LONGEST_SESSION, Sessions
from service.desk.signing_in.sign_in import ID_TOKEN_COOKIE, SIGN_OUT_PATH, enter

log = logging.getLogger(__name__)
router = APIRouter(prefix="/single-sign-on")

# A browser keeps cookies of 4096 bytes at the most, name and attributes included.
LONGEST_ID_TOKEN = 3_800


async def _provider(context: Context) -> SingleSignOn:
    if context.single_sign_on is None:
        raise HTTPException(404)
    return context.single_sign_on


Provider = Annotated[SingleSignOn, Depends(_provider)]


@router.get("")
def begin(request: Request, context: Context, provider: Provider) -> Response:
    """Send the browser to the provider."""
    try:
        url, begun = provider.begin(
            redirect_uri=_return_address(request),
            next_page=own_page(request.query_params.get("next")),
        )
    except SignInRefused as refusal:
        return _refused(context, request, refusal)
    response = RedirectResponse(url, 303)
    context.flows.begin(request, response, begun)
    return response


@router.get("/return")
def come_back(request: Request, context: Context, provider: Provider) -> Response:
    """Sign in the person that the provider names, if they are on the list of operators."""
    begun = context.flows.begun(request)
    try:
        signed_in = provider.finish(
            begun, request.query_params, redirect_uri=_return_address(request)
        )
    except SignInRefused as refusal:
        response = _refused(context, request, refusal)
    else:
        next_page = begun.next if begun else own_page(None)
        response = _enter(context, request, signed_in, next_page=next_page)
    context.flows.end(request, response)
    return response


def _enter(
    context: DeskContext, request: Request, signed_in: SignedIn, *, next_page: str
) -> Response:
    admitted = signed_in.admitted
    session = Sessions.new(name=admitted.name, way="sso", claim=admitted.claim)
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


def _refused(context: DeskContext, request: Request, refusal: SignInRefused) -> Response:
    log.warning("sign-in refused", extra={"way": "sso", "why": refusal.why, **refusal.facts})
    return context.renderer.page(
        request,
        "problem.html",
        status=403,
        title="You are not signed in",
        sentences=[str(refusal)],
        link=("/desk/sign-in", "Go to the sign-in page"),
    )


def _return_address(request: Request) -> str:
    return f"{request.url.scheme}://{request.url.netloc}{PATH}/return"
