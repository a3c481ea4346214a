"""After the date: who is not out yet, worst first, and what an operator says about one."""

from datetime import date

from fastapi.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from service.desk.confirm import version_of
from service.desk.context import Context, DeskContext
from service.desk.forms import DATE_PARTS, WrongDate, read_typed_date
from service.desk.problems import ActionRefused
from service.desk.signing_in.current_operator import router_for_operators
from service.domain.after_date import WORST_FIRST
from service.records.after_date_page import OpenRow
from service.records.intake import AnsweredMeanwhile
from service.records.leaver import Leaver, State
from service.web.api import NOT_LOOKED_AT
from service.web.corrections import LONGEST_VALUE, MOST_DAYS_LATER, read_after_date
from service.web.schemas import TicketId

router = router_for_operators(prefix="/after-the-date")

PATH = "/desk/after-the-date"
_AGAIN = "The service looks at it again, and you can settle it here, once the leaver is done."
_UNTIL_DONE = {
    State.NEEDS_PERSON: f"This leaver waits for an answer. {_AGAIN}",
    State.FAILED: f"This leaver failed, and has to be tried again. {_AGAIN}",
    State.QUEUED: f"This leaver is being processed. {_AGAIN}",
    State.RUNNING: f"This leaver is being processed. {_AGAIN}",
}


@router.get("")
def overview(request: Request, context: Context) -> Response:
    """List the leavers after their date, worst first."""
    rows = context.after_date.rows(now=context.clock.now(), timezone=context.clock.timezone)
    rows.sort(key=lambda row: (WORST_FIRST.index(row.status), -row.days_late))
    return context.renderer.page(
        request,
        "after_the_date.html",
        rows=rows,
        is_settled="settled" in request.query_params,
    )


@router.get("/{ticket_id}")
def one(request: Request, context: Context, ticket_id: TicketId) -> Response:
    """Show one of them, with the form that settles it."""
    leaver = context.known_leaver(ticket_id)
    now = context.clock.now()
    rows = context.after_date.rows(now=now, timezone=context.clock.timezone)
    row = next((row for row in rows if row.ticket_id == ticket_id), None)
    draft = context.drafts.read(request)
    sent = draft.fields if draft else {}
    errors = _read(sent, today=now.date())[0] if draft else {}
    return _page(context, request, leaver, row, sent=sent, errors=errors)


@router.post("/{ticket_id}")
async def answer(request: Request, context: Context, ticket_id: TicketId) -> Response:
    """Keep what was sent, and lead on: to what will be done, or back to the form."""
    _, sent = await context.forms.read_answer(request)
    await run_in_threadpool(context.known_leaver, ticket_id)
    page = f"{PATH}/{ticket_id}"
    errors, _ = _read(sent, today=context.clock.now().date())
    key = context.drafts.new_key()
    response = RedirectResponse(f"{page}{'' if errors else '/confirm'}?draft={key}", 303)
    context.drafts.keep(request, response, page, key=key, sent=sent)
    return response


@router.get("/{ticket_id}/confirm")
def check(request: Request, context: Context, ticket_id: TicketId) -> Response:
    """Show what will be done; back to the form without an answer that will do."""
    leaver = context.known_leaver(ticket_id)
    draft = context.drafts.read(request)
    errors, day = _read(draft.fields, today=context.clock.now().date()) if draft else ({}, None)
    if draft is None or errors:
        query = f"?draft={draft.key}" if draft else ""
        return RedirectResponse(f"{PATH}/{ticket_id}{query}", 303)
    return context.renderer.page(
        request, "after_the_date_confirm.html", leaver=leaver, draft=draft, day=day
    )


@router.post("/{ticket_id}/confirm")
async def settle(request: Request, context: Context, ticket_id: TicketId) -> Response:
    """Record what an operator says: that it is over, or when to remind again."""
    operator, sent = await context.forms.read_answer(request)
    leaver = await run_in_threadpool(context.known_leaver, ticket_id)
    page = f"{PATH}/{ticket_id}"
    errors, day = _read(sent, today=context.clock.now().date())
    if errors:
        return RedirectResponse(page, 303)
    try:
        accepted = await context.intake.settle_after_date(
            ticket_id,
            operator=operator.name,
            remind_from=day,
            reason=sent.get("reason", "").strip(),
            version=version_of(sent),
        )
    except AnsweredMeanwhile:
        return RedirectResponse(f"/desk/leavers/{ticket_id}/already-answered", 303)
    if not (accepted and accepted.is_new):
        raise ActionRefused(leaver, status=409, sentence=NOT_LOOKED_AT)
    response = RedirectResponse(f"{PATH}?settled=1", 303)
    context.drafts.forget(response, page)
    return response


def why_not_looked_at(leaver: Leaver) -> str:
    """Return why nothing can be said about it after its date; empty if something can."""
    if leaver.may_be_reminded_of:
        return ""
    return _UNTIL_DONE.get(leaver.state, NOT_LOOKED_AT)


def _read(sent: dict[str, str], *, today: date) -> tuple[dict[str, str], date | None]:
    """Read the form: what is wrong by field, and the day before which no reminder is sent."""
    match sent.get("choice"):
        case "over":
            return _wrong_reason(sent.get("reason", "").strip()), None
        case "later":
            return _read_day(sent, today=today)
        case _:
            return {"reason": "Enter why it is over, or a day for the next reminder"}, None


def _wrong_reason(reason: str) -> dict[str, str]:
    if not reason:
        return {"reason": "Enter why it is over"}
    if len(reason) > LONGEST_VALUE:
        return {"reason": f"The reason must be {LONGEST_VALUE} characters or fewer"}
    return {}


def _read_day(sent: dict[str, str], *, today: date) -> tuple[dict[str, str], date | None]:
    try:
        day = read_typed_date(
            {part: sent.get(f"remind-{part}", "") for part in DATE_PARTS}, name="The day"
        )
        return {}, read_after_date(day.isoformat() if day else "", today=today)
    except WrongDate as wrong:
        return {f"remind-{wrong.part}": wrong.message}, None
    except ValueError:
        return {"remind-day": f"Enter a day from tomorrow to {MOST_DAYS_LATER} days ahead"}, None


def _page(
    context: DeskContext,
    request: Request,
    leaver: Leaver,
    row: OpenRow | None,
    *,
    sent: dict[str, str],
    errors: dict[str, str],
) -> Response:
    return context.renderer.page(
        request,
        "after_the_date_one.html",
        status=422 if errors else 200,
        leaver=leaver,
        row=row,
        not_looked_at=why_not_looked_at(leaver),
        sent=sent,
        errors=errors,
    )
