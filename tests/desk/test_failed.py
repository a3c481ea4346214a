"""The leavers that failed: by cause, the first to leave first, and all tried again at once."""

from integrations.sandbox import Sandbox
from integrations.sandbox.sandbox import OPERATORS
from tests.desk.conftest import MakeVisit
from tests.support.running import Service
from tests.support.tickets import ADA, ELENA, add_ticket


def test_what_was_read_is_kept_and_all_of_a_cause_are_tried_again_at_once(
    service: Service, sandbox: Sandbox, visit: MakeVisit
) -> None:
    files = sandbox.github.files()
    sandbox.github.put_files({"config/govuk_tech.yml": "- name: [broken"})
    later = add_ticket(sandbox, ELENA, leaving="2026-12-30")
    sooner = add_ticket(sandbox, ADA, leaving="2026-12-18")
    failed = [service.process_ticket(ticket.id) for ticket in (later, sooner)]
    alice = visit(service, token=OPERATORS["alice"])

    page = alice.get("/desk/failed")
    sandbox.github.put_files({"config/govuk_tech.yml": files["config/govuk_tech.yml"]})
    answer = alice.submit(page, "failed/retry")
    tried = alice.get(answer.headers["Location"])
    done = [service.wait_for(ticket.id, "done") for ticket in (later, sooner)]

    assert [(one["name"], one["leaving_date"]) for one in failed] == [
        (ELENA.name, "2026-12-30"),
        (ADA.name, "2026-12-18"),
    ]
    assert page.text.index(str(ADA.name)) < page.text.index(str(ELENA.name))
    assert "2 leavers</span>" in page.text
    assert "2 leavers are being tried again." in tried.text
    assert [one["state"] for one in done] == ["done", "done"]


def test_a_cause_that_is_none_tries_nothing_again(service: Service, visit: MakeVisit) -> None:
    alice = visit(service, token=OPERATORS["alice"])
    fields = alice.hidden(alice.get("/desk/failed"), "sign-out")

    answer = alice.post("/desk/failed/retry", fields | {"reason": "made_up"})

    assert answer.headers["Location"] == "/desk/failed?tried=0"
