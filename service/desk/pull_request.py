"""What a leaver's pull request removes; an operator asks for a new one, having seen its lines."""

import logging

from fastapi.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from service.config.operator_tokens import operator_id
from service.desk.confirm import answered_already, version_of
from service.desk.context import Context, DeskContext
from service.desk.links import origin_of
from service.desk.problems import ActionRefused
from service.desk.signing_in.current_operator import router_for_operators
from service.domain.removal.refusals import WhyNone
from service.domain.removal.seen import RemovalState, Touch
from service.records.intake import AnsweredMeanwhile
from service.records.leaver import Leaver
from service.web.removal import NO_NEW_PULL_REQUEST
from service.web.schemas import TicketId
from service.work.removal_preview import RemovalPreview

log = logging.getLogger(__name__)
router = router_for_operators(prefix="/leavers/{ticket_id}/pull-request")


@router.get("")
def show(request: Request, context: Context, ticket_id: TicketId) -> Response:
    """Show what a new pull request would remove."""
    leaver = context.known_leaver(ticket_id)
    if not context.removal_shown or not context.removals.can_want_new(ticket_id):
        raise _no_new_one(leaver)
    one = context.removals.one(ticket_id)
    shown = context.removal_shown.of_leaver(one.recorded) if one else None
    return context.renderer.page(request, "pull_request.html", leaver=leaver, shown=shown)


@router.post("")
async def confirm(request: Request, context: Context, ticket_id: TicketId) -> Response:
    """Ask for a new pull request."""
    operator, sent = await context.forms.read_answer(request)
    leaver = await run_in_threadpool(context.known_leaver, ticket_id)
    try:
        is_wanted = context.removal_shown is not None and await run_in_threadpool(
            context.removals.want_new, ticket_id, operator.name, version=version_of(sent)
        )
    except AnsweredMeanwhile:
        return answered_already(leaver, origin_of(sent.get("from")))
    if not is_wanted:
        raise _no_new_one(leaver)
    extra = {"ticket_id": ticket_id, "operator": operator_id(operator.name)}
    log.info("pull request wanted", extra=extra)
    return RedirectResponse(f"/desk/leavers/{ticket_id}", 303)


def removed_now(context: DeskContext, leaver: Leaver) -> RemovalPreview | None:
    """Return what the open pull request removes, as long as it is as the service made it."""
    if not context.removal_shown or leaver.removal not in {RemovalState.DRAFT, RemovalState.OPEN}:
        return None
    one = context.removals.one(leaver.ticket_id)
    if one is None or one.touch in {Touch.PUSHED, Touch.OPENED}:
        return None
    return context.removal_shown.of_leaver(one.recorded)


def no_pull_request(context: DeskContext, leaver: Leaver) -> WhyNone | None:
    """Return why there is no pull request, or an open one stays in conflict, if that is known."""
    if not context.removal_shown:
        return None
    one = context.removals.one(leaver.ticket_id)
    return one.reason if one else None


def problem_of_removal(context: DeskContext, leaver: Leaver) -> str | None:
    """Return what somebody has to fix before the pull request goes on, or None."""
    one = context.removals.one(leaver.ticket_id) if context.removal_shown else None
    return one.problem if one else None


def may_want_new(context: DeskContext, leaver: Leaver) -> bool:
    """Return whether an operator may ask for a new pull request."""
    return bool(context.removal_shown) and context.removals.can_want_new(leaver.ticket_id)


def _no_new_one(leaver: Leaver) -> ActionRefused:
    return ActionRefused(leaver, status=409, sentence=NO_NEW_PULL_REQUEST)
