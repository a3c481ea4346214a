"""The page that the desk opens with: the leavers who need a person, the most urgent first."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from service.desk.context import Context
from service.desk.links import page_number, pages_for
from service.desk.signing_in.current_operator import router_for_operators
from service.domain.working_time import Waiting, waiting
from service.records.leaver import Leaver, State

router = router_for_operators()


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


@router.get("/needs-a-person")
def needs_a_person(request: Request, context: Context) -> Response:
    """List the leavers who need a person, the most urgent first."""
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
