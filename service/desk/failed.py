"""The leavers who failed, by cause; all of one cause can be tried again at once."""

import logging

from fastapi.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from service.config.operator_tokens import Operator, operator_id
from service.desk.context import Context, DeskContext
from service.desk.links import page_number, pages_for
from service.desk.signing_in.current_operator import router_for_operators
from service.domain.reason_titles import title_of
from service.domain.reasons import ReasonCode
from service.records.filters import Filters
from service.records.intake import AnsweredMeanwhile
from service.records.leaver import Leaver, State
from service.records.search import Cause

log = logging.getLogger(__name__)
router = router_for_operators(prefix="/failed")


@router.get("")
def failed(request: Request, context: Context) -> Response:
    """List the leavers who failed, by cause."""
    page = page_number(request)
    code = _code(request.query_params.get("reason", ""))
    causes = context.search.causes()
    number = sum(cause.leavers for cause in causes if code in {None, cause.code})
    tried = request.query_params.get("tried", "")
    return context.renderer.page(
        request,
        "failed.html",
        causes=[_in_words(cause) for cause in causes],
        # With one cause, the reason above the list is not repeated for each leaver.
        reasons_above={cause.reason for cause in causes if len(causes) == 1 or code},
        chosen=code,
        leavers=context.search.failed(page=page, reason_code=code),
        page=page,
        pages=pages_for(number),
        list_path=f"/desk/failed?reason={code}" if code else "/desk/failed",
        tried=int(tried) if tried.isascii() and tried.isdigit() and len(tried) < 7 else None,
    )


@router.post("/retry")
async def retry_all(request: Request, context: Context) -> Response:
    """Run all tickets of one cause again."""
    operator, sent = await context.forms.read_answer(request)
    code = _code(sent.get("reason", ""))
    filters = Filters(state=State.FAILED, reason_code=code)
    leavers = await run_in_threadpool(lambda: list(context.search.all(filters))) if code else []
    tried = sum([await _try_again(context, leaver, operator) for leaver in leavers])
    log.info("runs requested", extra={"leavers": tried, "operator": operator_id(operator.name)})
    return RedirectResponse(f"/desk/failed?tried={tried}", 303)


async def _try_again(context: DeskContext, leaver: Leaver, operator: Operator) -> bool:
    """Run one ticket again; one that somebody has answered meanwhile is left as it is."""
    try:
        await context.intake.from_operator(
            leaver.ticket_id,
            operator=operator.name,
            corrections={},
            version=leaver.version,
            # What was confirmed stays what may be done, however often it is tried.
            confirmed_plan=leaver.confirmed_plan,
        )
    except AnsweredMeanwhile:
        return False
    return True


def _in_words(cause: Cause) -> tuple[Cause, str, str]:
    """Return a cause with its title, and what else there is to say of it."""
    title = title_of(cause.code, cause.reason)
    first, _, rest = cause.reason.partition(". ")
    return cause, title, rest if first.removesuffix(".") == title else cause.reason


def _code(text: str) -> ReasonCode | None:
    return ReasonCode(text) if text in set(ReasonCode) else None
