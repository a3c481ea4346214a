"""The lists: who needs a person, who failed, and everybody."""

from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from service.desk.parts import Parts
from service.desk.words import OUTCOMES
from service.domain.ticket import read_ticket_id
from service.domain.working_time import Waiting, waiting
from service.records.leaver import Leaver, State
from service.records.queries import PAGE, Wanted, ticket_of


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
        page = _page_number(request)
        counts = parts.search.counts()
        queue = [
            WaitingLeaver(
                leaver=leaver,
                waiting=waiting(leaver.received_at, now=now, timezone=parts.clock.timezone),
                has_left=leaver.leaving_date is not None and leaver.leaving_date < now.date(),
            )
            for leaver in parts.search.waiting(today=now.date(), page=page)
        ]
        pages = _pages(counts[State.NEEDS_PERSON])
        return parts.renderer.page(
            request, "needs_a_person.html", queue=queue, counts=counts, page=page, pages=pages
        )

    @router.get("/failed")
    def failed(request: Request) -> Response:
        parts.visitors.of_request(request)
        page = _page_number(request)
        counts = parts.search.counts()
        leavers = parts.search.failed(page=page)
        pages = _pages(counts[State.FAILED])
        return parts.renderer.page(
            request, "failed.html", leavers=leavers, counts=counts, page=page, pages=pages
        )

    @router.get("/leavers")
    def all_leavers(request: Request) -> Response:
        parts.visitors.of_request(request)
        wanted = _wanted(request)
        before = read_ticket_id(request.query_params.get("before"))
        after = read_ticket_id(request.query_params.get("after"))
        found = parts.search.search(wanted, before=before, after=after)
        query = {"q": wanted.text, "state": wanted.state or "", "outcome": wanted.outcome or ""}
        ticket_id = None if found.leavers else ticket_of(wanted.text)
        is_known = ticket_id is not None and parts.records.leaver(ticket_id) is not None
        return parts.renderer.page(
            request,
            "all_leavers.html",
            found=found,
            wanted=wanted,
            counts=parts.search.counts(),
            ticket_id=ticket_id,
            is_known=is_known,
            first_page=_first_page(query) if before or after else None,
            newer=_link(query, after=found.newer),
            older=_link(query, before=found.older),
        )

    return router


def _wanted(request: Request) -> Wanted:
    state = request.query_params.get("state", "")
    outcome = request.query_params.get("outcome", "")
    return Wanted(
        text=request.query_params.get("q", "")[:300],
        state=State(state) if state in set(State) else None,
        outcome=outcome if outcome in OUTCOMES else None,
    )


def _first_page(query: dict[str, str]) -> str:
    chosen = {key: value for key, value in query.items() if value}
    return f"/desk/leavers?{urlencode(chosen)}" if chosen else "/desk/leavers"


def _link(query: dict[str, str], **cursor: int | None) -> str | None:
    given = {key: str(value) for key, value in cursor.items() if value is not None}
    chosen = {key: value for key, value in query.items() if value}
    return f"/desk/leavers?{urlencode(chosen | given)}" if given else None


def _page_number(request: Request) -> int:
    return min(read_ticket_id(request.query_params.get("page")) or 1, 100_000)


def _pages(number: int) -> int:
    return max(1, -(-number // PAGE))
