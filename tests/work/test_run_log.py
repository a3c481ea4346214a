"""What the log says of a run: one line at its end, one for each retry, and never a name."""

from integrations.sandbox import Sandbox, faults
from tests.conftest import StartService
from tests.support.database import Database
from tests.support.running import WITHOUT_DAILY_LIMIT, Json, Service, wait_until
from tests.support.tickets import ADA, add_ticket


def lines(service: Service, event: str) -> list[Json]:
    return [line for line in service.log_lines if line.get("message") == event]


def test_a_run_ends_with_one_line_that_says_how(
    start_service: StartService, sandbox: Sandbox
) -> None:
    service = start_service(**WITHOUT_DAILY_LIMIT)
    ticket = add_ticket(sandbox, ADA)

    service.process_ticket(ticket.id)
    wait_until(lambda: lines(service, "run finished") != [])

    (line,) = lines(service, "run finished")
    calls = line["calls"]
    assert (line["ticket_id"], line["state"], line["outcome"], line["reason_code"]) == (
        ticket.id,
        "done",
        "tech_card",
        None,
    )
    assert (line["tries"], line["seconds"] > 0) == (1, True)
    # A first run asks for tokens, ids and the template, too.
    assert (calls["Zendesk"] >= 3, calls["Trello"] >= 2, calls["GitHub"] >= 1) == (True,) * 3
    assert "Archer" not in service.log


def test_a_retry_is_one_line_and_the_end_counts_the_tries(
    start_service: StartService, sandbox: Sandbox, database: Database
) -> None:
    service = start_service(**WITHOUT_DAILY_LIMIT)
    ticket = add_ticket(sandbox, ADA)
    sandbox.faults.add(fault=faults.fails(500), vendor="trello", path="/cards/open")

    service.deliver(ticket.id)
    # On a slow machine it is done before anybody sees that it waits.
    service.wait_for(ticket.id, "queued", "done", event="retry_planned")
    database.hurry()
    service.wait_for(ticket.id, "done")
    wait_until(lambda: lines(service, "run finished") != [])

    (retry,), (end,) = lines(service, "run will be retried"), lines(service, "run finished")
    assert (retry["ticket_id"], retry["reason_code"], retry["tries"]) == (
        ticket.id,
        "trello_failing",
        1,
    )
    assert retry["next_try_at"] > retry["at"]
    assert (end["state"], end["tries"]) == ("done", 2)


def test_a_question_and_a_failure_end_with_their_codes(
    start_service: StartService, sandbox: Sandbox
) -> None:
    service = start_service(**WITHOUT_DAILY_LIMIT)
    asked = add_ticket(sandbox, ADA, leaving=None)
    service.process_ticket(asked.id)
    sandbox.trello.may_write = False
    failed = add_ticket(sandbox, ADA)

    service.process_ticket(failed.id)
    wait_until(lambda: len(lines(service, "run finished")) == 2)

    ends = {line["ticket_id"]: line for line in lines(service, "run finished")}
    assert ends[asked.id]["reason_code"] == "leaving_date_missing"
    assert ends[failed.id]["reason_code"] == service.leaver(failed.id)["reason_code"]
    assert ends[failed.id]["state"] == "failed"
