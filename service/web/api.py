"""The operators' API: leavers, preview and re-run."""

import logging
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Annotated, Any

from fastapi import HTTPException, Query
from fastapi.concurrency import run_in_threadpool

from service.config.operator_tokens import Operator, operator_id
from service.domain.after_date import AfterDate
from service.domain.drafts import Outcome
from service.domain.errors import OutsideError, PermanentError
from service.domain.reasons import ReasonCode
from service.domain.removal.refusals import RefusalCode
from service.domain.ticket import read_ticket_id
from service.records.filters import Filters
from service.records.leaver import Leaver, State
from service.web.context import Context, WebContext
from service.web.corrections import (
    ChoiceRefused,
    CorrectionsBody,
    check_choice,
    read_after_date,
)
from service.web.moments import GivenMoment, read_moment
from service.web.operators import READS_ONLY, SignedIn, router_for_operators
from service.web.schemas import (
    AcceptedResponse,
    ErrorResponse,
    LeaverResponse,
    LeaversResponse,
    PreviewResponse,
    TicketId,
    accepted_response,
    leaver_response,
    preview_response,
)
from service.work.access_lists import AccessLists
from service.work.decide import NoSuchTicket
from service.work.preview import Preview

log = logging.getLogger(__name__)

NEVER_SEEN = "No leaver with this ticket number is known here. Run the ticket to process it."

NOT_LOOKED_AT = (
    "This leaver is not looked at after the leaving date now: it is not done, has no card, was set "
    "aside, or is over."
)
_A_MOMENT = "A day (2026-11-30) or an instant (2026-11-30T09:00:00Z)"
_NOT_FOUND: dict[int | str, dict[str, Any]] = {
    404: {"model": ErrorResponse, "description": "Not known here"}
}

router = router_for_operators(prefix="/leavers")


@router.get("")
def leavers(  # noqa: PLR0913 - each is a query parameter
    context: Context,
    *,
    state: State | None = None,
    outcome: Outcome | None = None,
    reason_code: ReasonCode | RefusalCode | None = None,
    after_date: AfterDate | None = None,
    received_from: Annotated[str | None, Query(description=_A_MOMENT)] = None,
    received_to: Annotated[str | None, Query(description=f"{_A_MOMENT}; included")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: str | None = None,
) -> LeaversResponse:
    """List leavers, newest first."""
    before = read_ticket_id(cursor) if cursor else None
    if cursor and before is None:
        raise HTTPException(422, "cursor: take it from next_cursor of the page before.")
    since = _moment("received_from", received_from)
    until = _moment("received_to", received_to)
    earliest = since.begins(context.zone) if since else None
    end = until.ends(context.zone) if until else None
    if earliest and end and earliest >= end:
        raise HTTPException(422, "received_from: it is after received_to.")
    filters = Filters(
        state=state,
        outcome=outcome,
        reason_code=reason_code,
        after_date=after_date,
        received_from=earliest,
        received_before=end,
    )
    page, after = context.records.page(filters, limit=limit, before=before)
    return LeaversResponse(
        leavers=[leaver_response(leaver) for leaver in page],
        next_cursor=str(after) if after else None,
    )


@router.get("/{ticket_id}", responses=_NOT_FOUND)
def leaver(context: Context, ticket_id: TicketId) -> LeaverResponse:
    """Show one leaver with its history."""
    found = context.records.leaver(ticket_id)
    if found is None:
        raise HTTPException(404, NEVER_SEEN)
    return leaver_response(found)


@router.post(
    "/{ticket_id}/preview",
    responses={
        404: {"model": ErrorResponse, "description": "Zendesk has no such ticket"},
        409: {
            "model": ErrorResponse,
            "description": "The candidate is not in the lists, or after_date of one not looked at",
        },
        503: {
            "model": ErrorResponse,
            "description": "A vendor or the database is away now",
        },
    },
)
def preview(
    context: Context,
    operator: SignedIn,
    ticket_id: TicketId,
    body: CorrectionsBody | None = None,
) -> PreviewResponse:
    """Show the leaver as it would end now; nothing is written anywhere."""
    given = _given(body)
    known = context.records.leaver(ticket_id)
    word = given.pop("after_date", None)
    is_over = word is not None and _day_after_date(context, word) is None
    if word is not None and not known:
        raise HTTPException(404, NEVER_SEEN)
    if word is not None and not _counts_after_date(known, is_over=is_over):
        raise HTTPException(409, NOT_LOOKED_AT)
    _check_choice(given, known, context.lists)
    try:
        preview = context.previews.preview(ticket_id, given, operator=operator.name)
    except NoSuchTicket as error:
        raise HTTPException(404, str(error)) from None
    except OutsideError as error:
        raise HTTPException(503, str(error), headers={"Retry-After": "30"}) from None
    if is_over and not _is_ahead(preview):
        leaver = replace(preview.leaver, after_date=AfterDate.OVER)
        preview = replace(preview, leaver=leaver)
    return preview_response(preview)


@router.post(
    "/{ticket_id}/rerun",
    status_code=202,
    responses={
        403: {"model": ErrorResponse, "description": "The token may only read"},
        404: {"model": ErrorResponse, "description": "after_date of a ticket not known here"},
        409: {"model": ErrorResponse, "description": "The candidate is gone"},
    },
)
async def rerun(
    context: Context,
    operator: SignedIn,
    ticket_id: TicketId,
    body: CorrectionsBody | None = None,
) -> AcceptedResponse:
    """Run a ticket (again), with or without corrections; it need not have the leaver tag."""
    if operator.is_read_only:
        raise HTTPException(403, READS_ONLY)
    given = _given(body)
    if "after_date" in given:
        return await _settle(context, ticket_id, given["after_date"], operator)
    if given.get("entry"):
        known = await run_in_threadpool(context.records.leaver, ticket_id)
        await run_in_threadpool(_check_choice, given, known, context.lists)
    accepted = await context.intake.from_operator(
        ticket_id, operator=operator.name, corrections=given
    )
    log.info(
        "run requested", extra={"ticket_id": ticket_id, "operator": operator_id(operator.name)}
    )
    return accepted_response(accepted)


def _moment(name: str, text: str | None) -> GivenMoment | None:
    if text is None:
        return None
    if moment := read_moment(text):
        return moment
    raise HTTPException(
        422,
        f"{name}: it is not a day such as 2026-11-30, or an instant such as 2026-11-30T09:00:00Z.",
    )


async def _settle(
    context: WebContext, ticket_id: int, word: str, operator: Operator
) -> AcceptedResponse:
    """Record what an operator says about a leaver whose date has passed; it starts no run."""
    day = _day_after_date(context, word)
    accepted = await context.intake.settle_after_date(
        ticket_id, operator=operator.name, remind_from=day
    )
    if accepted is None:
        raise HTTPException(404, NEVER_SEEN)
    if not accepted.is_new:
        raise HTTPException(409, NOT_LOOKED_AT)
    return accepted_response(accepted)


def _day_after_date(context: WebContext, word: str) -> date | None:
    today = datetime.now(context.zone).date()
    try:
        return read_after_date(word, today=today)
    except ValueError as problem:
        raise HTTPException(422, f"Correct the request: after_date: {problem}.") from None


def _counts_after_date(known: Leaver | None, *, is_over: bool) -> bool:
    """Return whether what an operator says counts: the same rule as in `say_after_date`."""
    if known is None:
        return False
    return known.is_watched_after_date if is_over else known.may_be_reminded_of


def _is_ahead(preview: Preview) -> bool:
    """Return whether the due time is ahead: how a leaver stands is not shown before it."""
    due = preview.card.due if preview.card else None
    return preview.leaver.after_date is None and due is not None and due > datetime.now(UTC)


def _given(body: CorrectionsBody | None) -> dict[str, Any]:
    return body.given() if body else {}


def _check_choice(given: dict[str, Any], known: Leaver | None, lists: AccessLists) -> None:
    try:
        check_choice(given, known, lists)
    except ChoiceRefused as refused:
        raise HTTPException(refused.status, f"entry: it {refused.problem}") from None
    except PermanentError as failure:
        raise HTTPException(409, str(failure)) from None
