"""The leavers that failed: by cause, the first to leave first, and all tried again at once."""

import pytest

from integrations.sandbox import Sandbox
from integrations.sandbox.sandbox import OPERATORS
from tests.desk.conftest import MakeVisit, OpenDesk
from tests.desk.test_accessibility import check
from tests.support.running import Service
from tests.support.tickets import ADA, ELENA, Who, add_ticket


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
    # With one cause, it stands above the leavers and is not said again of each.
    assert page.text.count("config/govuk_tech.yml") == 2
    assert page.text.count("Fix the file in the repository.") == 1
    assert "2 leavers are being tried again." in tried.text
    assert [one["state"] for one in done] == ["done", "done"]


def test_a_cause_that_is_none_tries_nothing_again(service: Service, visit: MakeVisit) -> None:
    alice = visit(service, token=OPERATORS["alice"])
    fields = alice.hidden(alice.get("/desk/failed"), "sign-out")

    answer = alice.post("/desk/failed/retry", fields | {"reason": "made_up"})

    assert answer.headers["Location"] == "/desk/failed?tried=0"


@pytest.mark.parametrize("width", [1100, 320])
def test_the_pages_of_a_failure_and_of_a_doubtful_answer_are_accessible(
    service: Service, sandbox: Sandbox, open_desk: OpenDesk, width: int
) -> None:
    asked = add_ticket(sandbox, Who(name="Sam Taylor"))
    service.process_ticket(asked.id)
    sandbox.github.put_files({"config/govuk_tech.yml": "- name: [broken"})
    for who in (ADA, ELENA):
        service.process_ticket(add_ticket(sandbox, who).id)
    desk = open_desk(service, width=width, height=900).sign_in()
    desk.page.emulate_media(color_scheme="dark")
    found = []
    for path in ("failed", "failed?tried=2", "status", "leavers?days=1&sort=leaving"):
        found += check(desk.open(path), path)
    desk.open(f"leavers/{asked.id}/answer")
    desk.choose("There is no access")
    desk.page.get_by_label("Year").fill("2040")
    desk.press("See what will be done")
    found += check(desk, "answer")

    assert "There is a problem" in desk.text
    assert found == []
