"""All leavers: searched, narrowed, put in order, and as CSV."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import chain
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from service.desk.context import Context
from service.desk.signing_in.current_operator import router_for_operators
from service.desk.words import OUTCOMES, TeamTime, best_name
from service.domain.csv_cells import harmless_cell
from service.domain.dates import EARLIEST_DAY, LATEST_DAY
from service.domain.reasons import ReasonCode
from service.domain.ticket import read_ticket_id
from service.records.filters import Filters, ticket_of
from service.records.leaver import State
from service.records.search import MOST_COUNTED, Line, Sort

router = router_for_operators()

_LONGEST_TEXT = 300
_MOST_DAYS = 3650
_PIECE = 64 * 1024
# Without this mark Excel takes the file for another encoding, and garbles names.
_UTF_8 = "\ufeff"
_COLUMNS = (
    *("ticket", "state", "outcome", "name", "leaving_date"),
    *("card", "reason", "received", "changed"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What was chosen in the form above the list.

    Attributes:
        filters: which leavers.
        sort: their order.
        days: left at least so many days ago, as it was typed; empty for any.
        given: the form's fields that are filled in, as they stand in addresses.
        errors: the typed fields that can't be read, and what to do about each.
    """

    filters: Filters
    sort: Sort
    days: str
    given: dict[str, str]
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, query: Mapping[str, str], clock: TeamTime) -> "Chosen":
        """Read the fields of the form; what nobody can have chosen in it is ignored."""
        state, outcome = query.get("state", ""), query.get("outcome", "")
        reason = query.get("reason", "")
        days = read_ticket_id(query.get("days"))
        days = days if days and days <= _MOST_DAYS else None
        since, until = _day(query.get("from_day")), _day(query.get("to_day"))
        errors = _errors(query, days=days, since=since, until=until)
        sort = query.get("sort", "")
        today = clock.now().date()
        filters = Filters(
            text=query.get("q", "")[:_LONGEST_TEXT],
            state=State(state) if state in set(State) else None,
            outcome=outcome if outcome in OUTCOMES else None,
            reason_code=ReasonCode(reason) if reason in set(ReasonCode) else None,
            received_from=clock.begins(since) if since else None,
            received_before=clock.begins(until + timedelta(days=1)) if until else None,
            leaves_before=today - timedelta(days=days - 1) if days else None,
        )
        given = {
            "q": filters.text,
            "state": filters.state or "",
            "outcome": filters.outcome or "",
            "reason": filters.reason_code or "",
            "from_day": since.isoformat() if since else "",
            "to_day": until.isoformat() if until else "",
            "days": str(days or query.get("days", ""))[:_LONGEST_TEXT],
            "sort": sort if sort in set(Sort) else "",
        }
        return cls(
            filters=filters,
            sort=Sort(given["sort"] or Sort.NEWEST),
            days=given["days"],
            given={key: value for key, value in given.items() if value},
            errors=errors,
        )

    def link(self, path: str, **cursor: int) -> str:
        """Return the address of the list, narrowed and ordered as it is."""
        query = self.given | {key: str(value) for key, value in cursor.items()}
        return f"{path}?{urlencode(query)}" if query else path


def _errors(
    query: Mapping[str, str], *, days: int | None, since: date | None, until: date | None
) -> dict[str, str]:
    errors = {}
    for name, label, day in (("from_day", "from", since), ("to_day", "to", until)):
        if query.get(name) and day is None:
            errors[name] = f"Received {label} must be a real date, such as 18 12 2026"
    if since and until and since > until:
        errors["to_day"] = "Received to must be the same as or after received from"
    if query.get("days", "").strip() and days is None:
        errors["days"] = f"Days since leaving must be a whole number from 1 to {_MOST_DAYS:,}"
    return errors


def _day(text: str | None) -> date | None:
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if EARLIEST_DAY <= day <= LATEST_DAY else None


def csv_of(leavers: Iterable[Line]) -> Iterator[str]:
    """Return leavers as CSV in pieces, the first line of which names the columns."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(_COLUMNS)
    for leaver in leavers:
        writer.writerow(map(harmless_cell, _cells(leaver)))
        # A piece for each line would take several times as long.
        if written.tell() >= _PIECE:
            yield written.getvalue()
            written.seek(0)
            written.truncate()
    yield written.getvalue()


def _cells(leaver: Line) -> tuple[str, ...]:
    return (
        str(leaver.ticket_id),
        leaver.state,
        leaver.outcome or "",
        best_name(leaver.listed_name, leaver.name, leaver.email) or f"Ticket {leaver.ticket_id}",
        leaver.leaving_date.isoformat() if leaver.leaving_date else "",
        leaver.card_url or "",
        leaver.reason or "",
        _instant(leaver.received_at),
        _instant(leaver.updated_at),
    )


def _instant(value: datetime) -> str:
    return value.isoformat(timespec="seconds")


@router.get("/leavers")
def all_leavers(request: Request, context: Context) -> Response:
    """List the leavers that a search finds."""
    chosen = Chosen.of(request.query_params, context.clock)
    before = read_ticket_id(request.query_params.get("before"))
    after = read_ticket_id(request.query_params.get("after"))
    found = context.search.search(chosen.filters, sort=chosen.sort, before=before, after=after)
    ticket_id = None if found.leavers else ticket_of(chosen.filters.text)
    is_known = ticket_id is not None and context.records.leaver(ticket_id) is not None
    return context.renderer.page(
        request,
        "leavers.html",
        status=422 if chosen.errors else 200,
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
def as_csv(request: Request, context: Context) -> Response:
    """Download them, all pages of them."""
    chosen = Chosen.of(request.query_params, context.clock)
    for error in chosen.errors.values():
        raise HTTPException(422, f"{error}.")
    return StreamingResponse(
        chain([_UTF_8], csv_of(context.search.lines(chosen.filters))),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="leavers.csv"'},
    )
