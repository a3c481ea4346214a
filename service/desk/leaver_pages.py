"""A leaver's page, and the plan as it would be carried out now."""

from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from service.config.operator_tokens import Operator
from service.desk.context import DeskContext
from service.desk.plan_words import PlanPage, plan_page
from service.desk.problems import NeverSeen, Refused
from service.domain.errors import OutsideError
from service.domain.reasons import ReasonCode
from service.records.leaver import Leaver, State
from service.web.schemas import TicketId
from service.work.process import NoSuchTicket

UNDER_WAY = {State.QUEUED, State.RUNNING}


def leaver_router(context: DeskContext) -> APIRouter:
    """Build the routes that show one leaver."""
    router = APIRouter()

    @router.get("/leavers/{ticket_id}")
    def show(request: Request, ticket_id: TicketId) -> Response:
        operator = context.visitors.of_request(request)
        leaver = known_leaver(context, ticket_id)
        plan, trouble = None, None
        if leaver.state == State.NEEDS_PERSON and _plan_has_changed(leaver):
            plan, trouble = look_ahead(context, leaver, {}, operator)
        return context.renderer.page(
            request,
            "leaver.html",
            leaver=leaver,
            is_under_way=leaver.state in UNDER_WAY,
            plan=plan,
            trouble=trouble,
            answer="{}",
            draft="",
            is_answered="answered" in request.query_params,
            next_leaver=_next_leaver(context, leaver),
        )

    @router.get("/leavers/{ticket_id}/progress")
    def progress(request: Request, ticket_id: TicketId) -> Response:
        context.visitors.of_request(request)
        leaver = known_leaver(context, ticket_id)
        is_under_way = leaver.state in UNDER_WAY
        return context.renderer.page(
            request,
            "progress.html",
            headers={"X-Leaver": "under way" if is_under_way else "over"},
            leaver=leaver,
        )

    return router


def known_leaver(context: DeskContext, ticket_id: int) -> Leaver:
    """Return a leaver with its history.

    Raises:
        NeverSeen: see there.
    """
    leaver = context.records.leaver(ticket_id)
    if leaver is None:
        raise NeverSeen(ticket_id)
    return leaver


def never_seen(ticket_id: int, context: DeskContext) -> Leaver:
    """Return what stands for a ticket that was never seen, until it is run."""
    now = context.clock.now()
    return Leaver(
        ticket_id=ticket_id,
        state=State.QUEUED,
        outcome=None,
        entry=None,
        name=None,
        email=None,
        leaving_date=None,
        card_url=None,
        reason=None,
        reason_code=None,
        candidates=[],
        received_at=now,
        updated_at=now,
    )


def look_ahead(
    context: DeskContext, leaver: Leaver, corrections: dict[str, Any], operator: Operator
) -> tuple[PlanPage | None, str | None]:
    """Return the plan as it would be carried out now, or why there is none.

    Raises:
        Refused: Zendesk has no such ticket.
    """
    try:
        preview = context.previews.preview(leaver.ticket_id, corrections, operator=operator.name)
    except NoSuchTicket as error:
        raise Refused(leaver, status=404, sentence=error.problem) from None
    except OutsideError as error:
        return None, str(error)
    return plan_page(preview, context.wording), None


def plan_response(
    context: DeskContext,
    request: Request,
    leaver: Leaver,
    *,
    plan: PlanPage | None,
    trouble: str | None,
    said: dict[str, Any],
    answer: str = "{}",
    draft: str = "",
) -> Response:
    """Show a plan, to be confirmed where there is something to confirm.

    Args:
        context: see there.
        request: the browser's.
        leaver: whose plan it is.
        plan: None if it can't be made.
        trouble: why it can't.
        said: the answer that led to it, as corrections.
        answer: the same as JSON.
        draft: under which it is kept, so that it can be changed; see `Drafts`.
    """
    return context.renderer.page(
        request,
        "plan.html",
        status=503 if trouble else 200,
        leaver=leaver,
        plan=plan,
        trouble=trouble,
        said=said,
        answer=answer,
        draft=draft,
    )


def _next_leaver(context: DeskContext, leaver: Leaver) -> Leaver | None:
    """Return the leaver to answer after this one."""
    waiting = context.search.waiting(today=context.clock.now().date(), page=1)
    return next((one for one in waiting if one.ticket_id != leaver.ticket_id), None)


def _plan_has_changed(leaver: Leaver) -> bool:
    return leaver.reason_code is ReasonCode.PLAN_CHANGED
