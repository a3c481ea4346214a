"""Signing in with an operator token, and signing out."""

import logging
from urllib.parse import urlencode

from fastapi import APIRouter
from fastapi.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from service.config.operator_tokens import digest_of_token, operator_id, operator_of
from service.desk.context import Context, DeskContext
from service.desk.links import own_page
from service.desk.signing_in.current_operator import ForeignForm
from service.desk.signing_in.sessions import Session, Sessions
from service.desk.signing_in.sign_in_limit import WITHIN_SECONDS

log = logging.getLogger(__name__)

router = APIRouter()

SIGN_OUT_PATH = "/desk/sign-out"
# What single sign-on said of a person, kept by their browser until they sign out.
ID_TOKEN_COOKIE = "leavers_id_token"  # noqa: S105 - no secret


def enter(request: Request, sessions: Sessions, session: Session, *, next_page: str) -> Response:
    """Begin an operator's session, and go on to a page."""
    log.info("signed in", extra={"way": session.way, "operator": operator_id(session.name)})
    return with_session(request, sessions, session, next_page)


def leave(request: Request, sessions: Sessions, *, way_out: str | None = None) -> Response:
    """End a session; `way_out` is where the browser ends single sign-on's, too."""
    to = way_out or "/desk/sign-in?signed-out=1"
    response = with_session(request, sessions, Sessions.new(), to)
    if ID_TOKEN_COOKIE in request.cookies:
        response.delete_cookie(ID_TOKEN_COOKIE, path=SIGN_OUT_PATH)
    return response


def with_session(
    request: Request, sessions: Sessions, session: Session, next_page: str
) -> Response:
    """Go on to a page with another session."""
    response = RedirectResponse(next_page, 303)
    sessions.write(response, session, is_secure=request.url.scheme == "https")
    return response


# Why nobody was signed in: what the page's address says, its status, and what to do.
PROBLEMS = {
    "too-many": (
        429,
        "There were too many attempts to sign in. Wait for 15 minutes, then try again",
    ),
    "wrong-token": (403, "Enter an operator token that is in use"),
    "no-token": (422, "Enter your operator token"),
}


@router.get("/sign-in")
def show(request: Request, context: Context) -> Response:
    """Show the form, or lead on if somebody is signed in."""
    next_page = own_page(request.query_params.get("next"))
    if request.state.operator:
        return RedirectResponse(next_page, 303)
    return _page(context, request, next_page=next_page)


@router.post("/sign-in")
async def sign_in(request: Request, context: Context) -> Response:
    """Sign in with an operator token."""
    form = await context.forms.read(request)
    next_page = own_page(form.get("next"))
    address = _address(request)
    if context.sign_in_limit.is_reached(address):
        return _refused(next_page, "too-many")
    token = form.get("token", "").strip()
    if not token:
        return _refused(next_page, "no-token")
    operator = operator_of(token, context.operators)
    if operator is None:
        context.sign_in_limit.failed(address)
        log.warning("sign-in refused", extra={"way": "token"})
        return _refused(next_page, "wrong-token")
    mark = context.sessions.mark_of(digest_of_token(token))
    session = Sessions.new(name=operator.name, way="token", claim=mark)
    return enter(request, context.sessions, session, next_page=next_page)


@router.post("/sign-out")
async def sign_out(request: Request, context: Context) -> Response:
    """End the session, and that of single sign-on if it began there."""
    try:
        await context.forms.read(request)
    except ForeignForm:
        # The session has expired: there is nothing more to protect.
        if request.state.operator:
            raise
    way_out = await run_in_threadpool(_end, context, request)
    return leave(request, context.sessions, way_out=way_out)


def _page(context: DeskContext, request: Request, *, next_page: str) -> Response:
    problem = request.query_params.get("problem", "")
    if problem == "too-many" and not context.sign_in_limit.is_reached(_address(request)):
        problem = ""
    status, error = PROBLEMS.get(problem, (200, ""))
    return context.renderer.page(
        request,
        "sign_in.html",
        status=status,
        headers={"Retry-After": str(WITHIN_SECONDS)} if status == 429 else None,
        next=next_page,
        error=error,
        was_signed_out="signed-out" in request.query_params,
        has_single_sign_on=context.single_sign_on is not None,
    )


def _refused(next_page: str, problem: str) -> Response:
    """Lead to a page that the Back button can show again."""
    query = {"next": next_page, "problem": problem}
    return RedirectResponse(f"/desk/sign-in?{urlencode(query)}", 303)


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def _end(context: DeskContext, request: Request) -> str | None:
    """End the session of a request, and return where that of single sign-on is ended."""
    if not request.state.operator:
        return None
    session: Session = request.state.session
    context.ended_sessions.end(session.nonce)
    if session.way != "sso" or context.single_sign_on is None:
        return None
    return context.single_sign_on.way_out(request.cookies.get(ID_TOKEN_COOKIE))
