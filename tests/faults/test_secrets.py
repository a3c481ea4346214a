"""Secrets and personal data: searched for in all that the service writes, on every fault path."""

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from integrations.sandbox import Sandbox, faults
from tests.conftest import StartService
from tests.faults.test_every_call_in_every_way import WAYS
from tests.support.crowd import crowd, list_crowd
from tests.support.database import Database
from tests.support.running import WITHOUT_DAILY_LIMIT, Json, Service, events_of, wait_until
from tests.support.secrecy import people_of, secrets_of
from tests.support.tickets import ADA, add_ticket

SCRIPT = Path(__file__).with_name("at_debug.py")
STRIKES = [
    "acts and breaks",
    "acts and answers late",
    "429",
    "a page with 200",
    "half the JSON",
    "a redirect",
]
STRUCK = [
    ("zendesk", "GET", r"^/api/v2/tickets/\d+\.json$"),
    ("zendesk", "POST", "^/oauth/tokens$"),
    ("zendesk", "PUT", "^/api/v2/tickets/"),
    ("github", "GET", "/commits/"),
    ("github", "GET", "/git/blobs/"),
    ("trello", "GET", "/cards/open$"),
    ("trello", "POST", "^/1/cards$"),
]


class DebugLauncher:
    """Starts processes of the service with every logger at DEBUG."""

    def __init__(self, which: str) -> None:
        self._which = which
        self._processes: dict[int, subprocess.Popen[bytes]] = {}

    def order(self, **order: Any) -> int | None:
        """See `tests.support.processes.Launcher`."""
        if "poll" in order:
            return self._processes[order["poll"]].poll()
        with Path(order["stdout"]).open("ab") as out, Path(order["stderr"]).open("ab") as err:
            process = subprocess.Popen(  # noqa: S603 - our own script
                [sys.executable, "-P", str(SCRIPT), self._which, *order["arguments"]],
                env=order["environment"],
                cwd=order["directory"],
                stdout=out,
                stderr=err,
            )
        self._processes[process.pid] = process
        return process.pid


@contextlib.contextmanager
def loud_service(
    which: str, sandbox: Sandbox, environment: dict[str, str], directory: Path
) -> Iterator[Service]:
    service = Service(
        DebugLauncher(which),  # type: ignore[arg-type]  # it takes the same orders
        sandbox,
        environment=environment | WITHOUT_DAILY_LIMIT | {"REQUEST_TIMEOUT_SECONDS": "2"},
        directory=directory,
    ).start()
    try:
        yield service
    finally:
        service.close()


@pytest.mark.parametrize("which", ["own", "all"])
def test_no_secret_and_nobody_is_written_anywhere_on_any_fault_path(
    which: str,
    sandbox: Sandbox,
    environment: dict[str, str],
    database: Database,
    tmp_path: Path,
) -> None:
    people = crowd(12)
    list_crowd(sandbox, people)
    tickets = [add_ticket(sandbox, who) for who in people]
    for way in (WAYS[name] for name in STRIKES):
        for vendor, method, path in STRUCK:
            fault = way(sandbox, vendor)
            sandbox.faults.add(fault=fault, vendor=vendor, method=method, path=path)

    with loud_service(which, sandbox, environment, tmp_path) as service:
        for ticket in tickets:
            service.deliver(ticket.id)
        wait_until(lambda: _hurry(database) == 0)
        _fail_for_good(service, sandbox, database)
        answers = _all_answers(service)
        log = service.log

    secrets = {*secrets_of(environment), *_access_tokens(sandbox)}
    written = {"log": log, "database": database.dump(), "answers": answers}
    assert [
        (place, word)
        for place, text in written.items()
        for word in secrets
        if word in text.casefold()
    ] == []
    assert '"level": "DEBUG"' in log
    if which == "own":
        assert [word for word in set(people_of(sandbox)) if word in log.casefold()] == []


def _hurry(database: Database) -> int:
    database.let_cards_land()
    return database.hurry()


def _access_tokens(sandbox: Sandbox) -> set[str]:
    sent = [one.request.headers.get("authorization", "") for one in sandbox.requests("zendesk")]
    return {header.rpartition(" ")[2].casefold() for header in sent if header}


def _fail_for_good(service: Service, sandbox: Sandbox, database: Database) -> None:
    for vendor in ("zendesk", "github", "trello"):
        sandbox.faults.clear()
        sandbox.faults.add(fault=faults.expired_token(vendor), vendor=vendor, times=None)
        service.process_ticket(add_ticket(sandbox, ADA).id)
        database.hurry()
    sandbox.faults.clear()


def _all_answers(service: Service) -> str:
    listed: Json = service.get("/leavers?limit=200").json()
    paths = [f"/leavers/{leaver['ticket_id']}" for leaver in listed["leavers"]]
    paths += ["/leavers", "/metrics", "/openapi.json", "/healthcheck/ready", "/leavers/none"]
    answers = [service.get(path) for path in paths]
    return "\n".join(f"{answer.headers}{answer.text}" for answer in answers)


def test_a_leavers_details_are_erased_everywhere_after_the_days_that_are_set(
    start_service: StartService, sandbox: Sandbox, database: Database
) -> None:
    settings = WITHOUT_DAILY_LIMIT | {"KEEP_DAYS": "30"}
    service = start_service(**settings)
    ticket = add_ticket(sandbox, ADA, leaving=None)
    service.process_ticket(ticket.id)
    done = service.rerun(ticket.id, name=ADA.name, email=ADA.email, leaving_date="2026-12-18")
    waiting = add_ticket(sandbox, ADA, leaving=None)

    words = [str(ADA.email), str(ADA.name), "archer"]
    before = [word for word in words if word in database.dump().casefold()]
    _erase_after(database, days=29)
    kept = service.leaver(ticket.id)
    _erase_after(database, days=31)
    erased = service.leaver(ticket.id)

    assert before != []
    assert (kept["name"], erased["name"], erased["email"], erased["entry"]) == (
        ADA.name,
        None,
        None,
        None,
    )
    assert [word for word in words if word.casefold() in database.dump().casefold()] == []
    assert events_of(erased) == events_of(done)
    assert [line["by"] for line in erased["history"]] == [line["by"] for line in done["history"]]
    assert (erased["state"], erased["outcome"], erased["card_url"]) == (
        "done",
        "tech_card",
        done["card_url"],
    )
    _is_erased_again_after_another_run(service, database, ticket.id)
    assert waiting.status == "open"


def test_the_leaving_date_is_erased_after_a_dry_run_too(
    start_service: StartService, sandbox: Sandbox, database: Database
) -> None:
    service = start_service(**WITHOUT_DAILY_LIMIT, DRY_RUN="true")
    ticket = add_ticket(sandbox, ADA)
    service.process_ticket(ticket.id)
    dates = ["2026-12-18", "18 December"]
    before = [date for date in dates if date in database.dump()]

    _erase_after(database, days=91)
    erased = service.leaver(ticket.id)

    assert before == dates
    assert [date for date in dates if date in database.dump()] == []
    assert (
        erased["state"],
        erased["reason"],
        erased["reason_code"],
        events_of(erased),
    ) == (
        "done",
        None,
        None,
        ["received", "dry_run"],
    )


def _is_erased_again_after_another_run(
    service: Service, database: Database, ticket_id: int
) -> None:
    again = service.rerun(ticket_id, name=ADA.name, email=ADA.email, leaving_date="2026-12-18")
    assert again["name"] == ADA.name
    _erase_after(database, days=31)
    assert service.leaver(ticket_id)["name"] is None


def _erase_after(database: Database, *, days: int) -> None:
    """Let days go by since all leavers ended, and the hourly erasing take place."""
    # The clock counts from the later of the end and of the 60 days that follow the leaving date.
    due = f"now() - interval '{days + 61} days'"
    database.run(
        f"WITH moved AS (UPDATE cards SET due = {due})"  # noqa: S608
        f" UPDATE leavers SET finished_at = now() - interval '{days} days',"
        f" leaving_date = ({due})::date"
    )
    database.run(
        "UPDATE periodic_tasks SET begun_at = 'epoch', ended_at = NULL WHERE name = 'erase'"
    )
    ended = "SELECT 1 FROM periodic_tasks WHERE name = 'erase' AND ended_at IS NOT NULL"
    wait_until(lambda: bool(database.run(ended)))
