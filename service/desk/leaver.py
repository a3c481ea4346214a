"""A leaver's page: what is known, what is asked, and the steps as they end."""

from starlette.requests import Request
from starlette.responses import Response

from service.desk.context import Context, DeskContext
from service.desk.plan import look_ahead
from service.desk.pull_request import may_want_new, no_pull_request, problem_of_removal, removed_now
from service.desk.signing_in.current_operator import SignedIn, router_for_operators
from service.domain.reasons import ReasonCode
from service.records.leaver import Leaver, State
from service.web.schemas import TicketId

router = router_for_operators()

UNDER_WAY = {State.QUEUED, State.RUNNING}


@router.get("/leavers/{ticket_id}")
def show(request: Request, context: Context, operator: SignedIn, ticket_id: TicketId) -> Response:
    """Show one leaver."""
    leaver = context.known_leaver(ticket_id)
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
        removed=removed_now(context, leaver),
        no_pull_request=no_pull_request(context, leaver),
        problem=problem_of_removal(context, leaver),
        may_want_new=may_want_new(context, leaver),
        is_answered="answered" in request.query_params,
        next_leaver=_next_leaver(context, leaver),
    )


@router.get("/leavers/{ticket_id}/progress")
def progress(request: Request, context: Context, ticket_id: TicketId) -> Response:
    """Show the steps alone: the page asks for them while they change."""
    leaver = context.known_leaver(ticket_id)
    is_under_way = leaver.state in UNDER_WAY
    return context.renderer.page(
        request,
        "progress.html",
        headers={"X-Leaver": "under way" if is_under_way else "over"},
        leaver=leaver,
    )


def _next_leaver(context: DeskContext, leaver: Leaver) -> Leaver | None:
    """Return the leaver to answer after this one."""
    waiting = context.search.waiting(today=context.clock.now().date(), page=1)
    return next((one for one in waiting if one.ticket_id != leaver.ticket_id), None)


def _plan_has_changed(leaver: Leaver) -> bool:
    return leaver.reason_code is ReasonCode.PLAN_CHANGED
