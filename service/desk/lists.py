"""The lists: who needs a person, who failed, and everybody."""

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse

from service.desk.filtering import Chosen, csv_lines
from service.desk.parts import Parts
from service.domain.ticket import read_ticket_id
from service.domain.working_time import Waiting, waiting
from service.records.filters import ticket_of
from service.records.leaver import Leaver, State
from service.records.search import MOST_COUNTED, PAGE


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


def lists_router(parts: Parts) -> APIRouter:
    """Build the routes of the lists."""
    router = APIRouter()

    @router.get("/")
    def start() -> Response:
        return RedirectResponse("/desk/needs-a-person", 303)

    @router.get("/needs-a-person")
    def needs_a_person(request: Request) -> Response:
        parts.visitors.of_request(request)
        now = parts.clock.now()
        page = page_number(request)
        counts = parts.search.counts()
        queue = [
            WaitingLeaver(
                leaver=leaver,
                waiting=waiting(leaver.received_at, now=now, timezone=parts.clock.timezone),
                has_left=leaver.leaving_date is not None and leaver.leaving_date < now.date(),
            )
            for leaver in parts.search.waiting(today=now.date(), page=page)
        ]
        pages = pages_for(counts[State.NEEDS_PERSON])
        return parts.renderer.page(
            request, "needs_a_person.html", queue=queue, counts=counts, page=page, pages=pages
        )

    @router.get("/leavers")
    def all_leavers(request: Request) -> Response:
        parts.visitors.of_request(request)
        chosen = Chosen.of(request.query_params, parts.clock)
        before = read_ticket_id(request.query_params.get("before"))
        after = read_ticket_id(request.query_params.get("after"))
        found = parts.search.search(chosen.filters, sort=chosen.sort, before=before, after=after)
        ticket_id = None if found.leavers else ticket_of(chosen.filters.text)
        is_known = ticket_id is not None and parts.records.leaver(ticket_id) is not None
        return parts.renderer.page(
            request,
            "all_leavers.html",
            found=found,
            chosen=chosen,
            counts=parts.search.counts(),
            number=parts.search.count(chosen.filters),
            most=MOST_COUNTED,
            reason_codes=parts.search.reason_codes(),
            ticket_id=ticket_id,
            is_known=is_known,
            first_page=chosen.link("/desk/leavers") if before or after else None,
            newer=chosen.link("/desk/leavers", after=found.newer) if found.newer else None,
            older=chosen.link("/desk/leavers", before=found.older) if found.older else None,
            csv=chosen.link("/desk/leavers.csv"),
        )

    @router.get("/leavers.csv")
    def as_csv(request: Request) -> Response:
        parts.visitors.of_request(request)
        chosen = Chosen.of(request.query_params, parts.clock)
        return StreamingResponse(
            csv_lines(parts.search.all(chosen.filters)),
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
