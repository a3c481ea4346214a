"""How long the operators' pages take with many leavers: over HTTP, one after the other."""

import statistics
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg

from integrations.sandbox import Sandbox
from integrations.sandbox.sandbox import OPERATORS
from service.domain.reasons import ReasonCode
from tests.bench.processes import Fleet
from tests.desk.visits import Visit
from tests.support.leaver_rows import insert_leaver
from tests.support.many_leavers import put_many_leavers

LEAVERS = 100_000
# So many of each need a person, failed, and are still listed after their date.
UNFINISHED = 300
ROUNDS = 5
# Of a download, only how long it takes to begin.
BEGINNING = " ..."

Row = tuple[str, str]


def pages(fleet: Fleet, *, leavers: int = LEAVERS) -> Iterator[Row]:
    """Give a row for each page."""
    with Sandbox(postgres=True) as sandbox:
        settings = sandbox.settings() | {"LOG_LEVEL": "WARNING"}
        with fleet.started(settings, "--no-worker") as service:
            put_many_leavers(settings["DATABASE_URL"], leavers)
            _put_unfinished(settings["DATABASE_URL"], leavers)
            visit = Visit(service.url)
            visit.sign_in(OPERATORS["alice"])
            for name, path in _paths(leavers).items():
                taken = [_seconds(visit, f"/desk/{path}") for _ in range(ROUNDS)]
                typical, most = statistics.median(taken) * 1000, max(taken) * 1000
                yield name, f"{typical:,.0f} ms (most of {ROUNDS}: {most:,.0f} ms)"
            visit.close()


def _paths(leavers: int) -> dict[str, str]:
    today = datetime.now(UTC).date()
    month = {"first": today - timedelta(days=91), "last": today - timedelta(days=62)}
    period = "&".join(
        f"{end}-day={day.day}&{end}-month={day.month}&{end}-year={day.year}"
        for end, day in month.items()
    )
    return {
        "Needs a person": "needs-a-person",
        "Needs a person, the last page": f"needs-a-person?page={-(-UNFINISHED // 25)}",
        "All leavers": "leavers",
        "All leavers, oldest first": "leavers?sort=oldest",
        "All leavers, by leaving date": "leavers?sort=leaving",
        "All leavers, changed last": "leavers?sort=changed",
        "A name that one has": f"leavers?q=person{leavers // 2}",
        "A name that all have": "leavers?q=example",
        "A name that all have, by leaving date": "leavers?q=example&sort=leaving",
        "A name that nobody has": "leavers?q=nobody",
        "A ticket": f"leavers?q={leavers // 2}",
        "A card": f"leavers?q=https://trello.com/c/{leavers // 2}",
        "One state and outcome": "leavers?state=done&outcome=no_access",
        "One reason": f"leavers?reason={ReasonCode.SEVERAL_CANDIDATES}",
        "A period": f"leavers?from_day={month['first']}&to_day={month['last']}",
        "Left so many days ago, by leaving date": "leavers?days=100&sort=leaving-latest",
        "All filters at once": (
            f"leavers?q=example&state=done&outcome=tech_card&from_day={month['first']}"
            f"&to_day={month['last']}&days=30&sort=changed"
        ),
        "CSV of all, its beginning": f"leavers.csv{BEGINNING}",
        "CSV of all": "leavers.csv",
        "CSV of one state": "leavers.csv?state=failed",
        "Failed": "failed",
        "After the date": "after-the-date",
        "Report on a month": f"report?{period}",
        "Status": "status",
        "One leaver": f"leavers/{leavers + 1}",
    }


def _seconds(visit: Visit, path: str) -> float:
    begun = time.perf_counter()
    page = visit.get(path.removesuffix(BEGINNING), stream=True)
    if page.status_code != 200:
        raise RuntimeError(f"{path}: {page.status_code}")
    if path.endswith(BEGINNING):
        next(page.iter_content(1024))
        page.close()
    else:
        _ = page.content
    return time.perf_counter() - begun


def _put_unfinished(url: str, leavers: int) -> None:
    now, today = datetime.now(UTC), datetime.now(UTC).date()
    with psycopg.connect(url) as connection:
        for number in range(1, UNFINISHED + 1):
            about = _about(leavers + number, today, number) | {"received_at": now}
            insert_leaver(connection, leavers + number, **about | _ASKED)
            insert_leaver(connection, leavers + UNFINISHED + number, **about | _FAILED)
        connection.execute(
            "UPDATE after_date SET status = 'still_listed', files = '{config/others.yml}'"
            " WHERE ticket_id <= %s",
            (UNFINISHED,),
        )
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")


def _about(ticket_id: int, today: date, number: int) -> dict[str, Any]:
    return {
        "name": f"Person{ticket_id} Example",
        "email": f"person{ticket_id}@example.org",
        "leaving_date": today + timedelta(days=number % 60 - 20),
    }


_ASKED: dict[str, Any] = {
    "state": "needs_person",
    "reason": "More than one person in the lists may be meant.",
    "reason_code": ReasonCode.SEVERAL_CANDIDATES,
}
_FAILED: dict[str, Any] = {
    "state": "failed",
    "reason": "Trello: it refuses the credentials.",
    "reason_code": ReasonCode.TRELLO_CREDENTIALS_REFUSED,
}
