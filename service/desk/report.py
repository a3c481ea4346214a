"""The report on a period as a page, and as a file to keep; it names no leaver."""

import contextlib
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Literal

from fastapi import Query
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from service.desk.context import Context, DeskContext
from service.desk.forms import DATE_PARTS, WrongDate, read_typed_date
from service.desk.signing_in.current_operator import router_for_operators
from service.desk.words import OUTCOMES, STATE_TAGS
from service.domain.report import Report, report_csv, report_text
from service.records.report import report_on
from service.web.moments import GivenDay

router = router_for_operators(prefix="/report")

# The fields' names, and what the period's ends are called.
_ENDS = {"first": "The first day", "last": "The last day"}
# A page with more rows takes seconds, and nobody reads it.
MOST_ROWS = 500
# What each figure is called, in the order of the page: as the lists call it.
TOTALS: dict[str, str] = {
    "leavers": "Leavers",
    **OUTCOMES,
    **{str(state): tag for state, (tag, _) in STATE_TAGS.items()},
    "cards_made": "Cards made",
    "over": "Over",
    "questions": "Questions asked",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """The period that was asked for.

    Attributes:
        first: the first day, or None if it was not given, or not well.
        last: the last day, or None.
        fields: what was typed.
        errors: the field and what to do about it.
    """

    first: date | None = None
    last: date | None = None
    fields: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


@router.get("")
def page(request: Request, context: Context) -> Response:
    """Show the report on a period."""
    period = read_period(dict(request.query_params), today=context.clock.now().date())
    is_whole = period.first and period.last and not period.errors
    found = _report(context, period.first, period.last) if is_whole else None  # type: ignore[arg-type]
    return context.renderer.page(
        request,
        "report.html",
        status=422 if period.errors else 200,
        period=period,
        report=found,
        shown=found.rows[:MOST_ROWS] if found else [],
        totals=TOTALS,
    )


@router.get("/download")
def download(
    context: Context,
    first: Annotated[GivenDay, Query(alias="from")],
    last: Annotated[GivenDay, Query(alias="to")],
    form: Annotated[Literal["csv", "json"], Query(alias="format")] = "csv",
) -> Response:
    """Download the report on a period."""
    if first > last:
        raise HTTPException(422, "The first day is after the last one.")
    found = _report(context, first, last)
    name = f"leavers-{first.isoformat()}-to-{last.isoformat()}.{form}"
    return Response(
        report_csv(found) if form == "csv" else report_text(found),
        media_type="text/csv" if form == "csv" else "application/json",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _report(context: DeskContext, first: date, last: date) -> Report:
    return report_on(context.reports, first, last, head=context.chain.head(), now=datetime.now(UTC))


def read_period(sent: dict[str, str], *, today: date) -> Period:
    """Read the period; the last full month if none was sent."""
    names = {f"{end}-{part}" for end in _ENDS for part in DATE_PARTS}
    for end, key in (("first", "from"), ("last", "to")):
        # As the API and the downloads have it.
        with contextlib.suppress(ValueError):
            sent = _typed(end, date.fromisoformat(sent.get(key, ""))) | sent
    fields = {name: sent.get(name, "").strip() for name in names}
    if not any(name in sent for name in names):
        last = today.replace(day=1) - timedelta(days=1)
        first = last.replace(day=1)
        return Period(first=first, last=last, fields=_typed("first", first) | _typed("last", last))
    days: dict[str, date | None] = {}
    errors: dict[str, str] = {}
    for end, name in _ENDS.items():
        try:
            days[end] = read_typed_date(
                {part: fields[f"{end}-{part}"] for part in DATE_PARTS}, name=name
            )
            if days[end] is None:
                errors[f"{end}-day"] = f"Enter {name.lower()}"
        except WrongDate as wrong:
            errors[f"{end}-{wrong.part}"] = wrong.message
    first_day, last_day = days.get("first"), days.get("last")
    if first_day and last_day and first_day > last_day:
        errors["last-day"] = "The last day must be the same as or after the first day"
    return Period(first=first_day, last=last_day, fields=fields, errors=errors)


def _typed(end: str, day: date) -> dict[str, str]:
    return {
        f"{end}-day": str(day.day),
        f"{end}-month": str(day.month),
        f"{end}-year": str(day.year),
    }
