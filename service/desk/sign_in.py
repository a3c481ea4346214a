"""Signing in with an operator token, and signing out."""

import logging

from fastapi import APIRouter
from fastapi.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from service.config.operator_tokens import digest_of_token, operator_of
from service.desk.entrance import enter, leave, own_page
from service.desk.parts import Parts
from service.desk.sessions import Sessions
from service.desk.sign_in_limit import WITHIN_SECONDS
from service.desk.visitors import ForeignForm

log = logging.getLogger(__name__)

TOO_MANY = "There were too many attempts to sign in. Wait for 15 minutes, then try again"
WRONG_TOKEN = "Enter an operator token that is in use"  # noqa: S105 - no secret
NO_TOKEN = "Enter your operator token"  # noqa: S105 - no secret


def sign_in_router(parts: Parts) -> APIRouter:
    """Build the routes of signing in and out."""
    router = APIRouter()

    def page(request: Request, *, next_page: str, status: int = 200, error: str = "") -> Response:
        return parts.renderer.page(
            request,
            "sign_in.html",
            status=status,
            headers={"Retry-After": str(WITHIN_SECONDS)} if status == 429 else None,
            next=next_page,
            error=error,
            was_signed_out="signed-out" in request.query_params,
            has_single_sign_on=parts.single_sign_on is not None,
        )

    @router.get("/sign-in")
    def show(request: Request) -> Response:
        next_page = own_page(request.query_params.get("next"))
        if request.state.operator:
            return RedirectResponse(next_page, 303)
        return page(request, next_page=next_page)

    @router.post("/sign-in")
    async def sign_in(request: Request) -> Response:
        form = await parts.forms.read(request)
        next_page = own_page(form.get("next"))
        address = request.client.host if request.client else ""
        if parts.sign_in_limit.is_reached(address):
            return page(request, next_page=next_page, status=429, error=TOO_MANY)
        token = form.get("token", "").strip()
        if not token:
            return page(request, next_page=next_page, status=422, error=NO_TOKEN)
        operator = operator_of(token, parts.operators)
        if operator is None:
            parts.sign_in_limit.failed(address)
            log.warning("sign-in refused", extra={"way": "token"})
            return page(request, next_page=next_page, status=403, error=WRONG_TOKEN)
        mark = parts.sessions.mark_of(digest_of_token(token))
        session = Sessions.new(name=operator.name, way="token", claim=mark)
        return enter(request, parts.sessions, session, next_page=next_page)

    @router.post("/sign-out")
    async def sign_out(request: Request) -> Response:
        try:
            await parts.forms.read(request)
        except ForeignForm:
            # The session has ended by itself: there is nothing more to protect.
            if request.state.operator:
                raise
        if request.state.operator:
            await run_in_threadpool(parts.ended_sessions.end, request.state.session)
        return leave(request, parts.sessions)

    return router
