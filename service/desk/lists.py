"""The lists: who needs a person, who failed and for which cause, and everybody."""

import logging
from dataclasses import dataclass

from fastapi import APIRouter
from fastapi.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse

from service.config.operator_tokens import Operator, operator_id
from service.desk.context import DeskContext
from service.desk.filtering import Chosen, csv_lines
from service.domain.reason_titles import title_of
from service.domain.reasons import ReasonCode
from service.domain.ticket import read_ticket_id
from service.domain.working_time import Waiting, waiting
from service.records.filters import Filters, ticket_of
from service.records.intake import AnsweredMeanwhile
from service.records.leaver import Leaver, State
from service.records.search import MOST_COUNTED, PAGE

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingLeaver:
    """A leaver in the queue.

    Attributes:
        leaver: its record.
        waiting: how it stands against the promise.
        has_left: the leaving date is over.
    """

    leaver: Leaver
    waiting: Waiting
    has_left: bool


def lists_router(context: DeskContext) -> APIRouter:
    """Build the routes of the lists."""
    router = APIRouter()

    @router.get("/")
    def start() -> Response:
        return RedirectResponse("/desk/needs-a-person", 303)

    @router.get("/needs-a-person")
    def needs_a_person(request: Request) -> Response:
        context.visitors.of_request(request)
        now = context.clock.now()
        page = page_number(request)
        counts = context.search.counts()
        queue = [
            WaitingLeaver(
                leaver=leaver,
                waiting=waiting(leaver.received_at, now=now, timezone=context.clock.timezone),
                has_left=leaver.leaving_date is not None and leaver.leaving_date < now.date(),
            )
            for leaver in context.search.waiting(today=now.date(), page=page)
        ]
        pages = pages_for(counts[State.NEEDS_PERSON])
        return context.renderer.page(
            request, "needs_a_person.html", queue=queue, counts=counts, page=page, pages=pages
        )

    @router.get("/leavers")
    def all_leavers(request: Request) -> Response:
        context.visitors.of_request(request)
        chosen = Chosen.of(request.query_params, context.clock)
        before = read_ticket_id(request.query_params.get("before"))
        after = read_ticket_id(request.query_params.get("after"))
        found = context.search.search(chosen.filters, sort=chosen.sort, before=before, after=after)
        ticket_id = None if found.leavers else ticket_of(chosen.filters.text)
        is_known = ticket_id is not None and context.records.leaver(ticket_id) is not None
        return context.renderer.page(
            request,
            "all_leavers.html",
            found=found,
            chosen=chosen,
            counts=context.search.counts(),
            number=context.search.count(chosen.filters),
            most=MOST_COUNTED,
            reason_codes=context.search.reason_codes(),
            ticket_id=ticket_id,
            is_known=is_known,
            first_page=chosen.link("/desk/leavers") if before or after else None,
            newer=chosen.link("/desk/leavers", after=found.newer) if found.newer else None,
            older=chosen.link("/desk/leavers", before=found.older) if found.older else None,
            csv=chosen.link("/desk/leavers.csv"),
        )

    @router.get("/leavers.csv")
    def as_csv(request: Request) -> Response:
        context.visitors.of_request(request)
        chosen = Chosen.of(request.query_params, context.clock)
        return StreamingResponse(
            csv_lines(context.search.all(chosen.filters)),
            media_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": 'attachment; filename="leavers.csv"'},
        )

    return router


def page_number(request: Request) -> int:
    """Return which page of a list is asked for."""
    return min(read_ticket_id(request.query_params.get("page")) or 1, 100_000)


def pages_for(number: int) -> int:
    """Return how many pages so many leavers make."""
    return max(1, -(-number // PAGE))


def failed_router(context: DeskContext) -> APIRouter:
    """Build the routes of the page."""
    router = APIRouter(prefix="/failed")

    @router.get("")
    def failed(request: Request) -> Response:
        context.visitors.of_request(request)
        page = page_number(request)
        code = _code(request.query_params.get("reason", ""))
        causes = context.search.causes()
        number = sum(cause.leavers for cause in causes if code in {None, cause.code})
        tried = request.query_params.get("tried", "")
        return context.renderer.page(
            request,
            "failed.html",
            causes=[(cause, title_of(cause.code, cause.reason)) for cause in causes],
            chosen=code,
            leavers=context.search.failed(page=page, reason_code=code),
            page=page,
            pages=pages_for(number),
            list_path=f"/desk/failed?reason={code}" if code else "/desk/failed",
            tried=int(tried) if tried.isascii() and tried.isdigit() and len(tried) < 7 else None,
        )

    @router.post("/retry")
    async def retry_all(request: Request) -> Response:
        operator, sent = await context.forms.read_answer(request)
        code = _code(sent.get("reason", ""))
        filters = Filters(state=State.FAILED, reason_code=code)
        leavers = await run_in_threadpool(lambda: list(context.search.all(filters))) if code else []
        tried = sum([await _try_again(context, leaver, operator) for leaver in leavers])
        log.info("runs requested", extra={"leavers": tried, "operator": operator_id(operator.name)})
        return RedirectResponse(f"/desk/failed?tried={tried}", 303)

    return router


async def _try_again(context: DeskContext, leaver: Leaver, operator: Operator) -> bool:
    """Have one leaver tried again; one that somebody has answered meanwhile is left to them."""
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


def _code(text: str) -> ReasonCode | None:
    return ReasonCode(text) if text in set(ReasonCode) else None
