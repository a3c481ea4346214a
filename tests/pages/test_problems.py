"""What goes wrong is said in plain words on a page; nothing private is logged."""

import psycopg

from integrations.sandbox import Sandbox
from integrations.sandbox.faults import unavailable
from integrations.sandbox.sandbox import OPERATORS
from tests.conftest import StartService
from tests.pages.conftest import MakeVisit
from tests.support.tickets import Who, add_ticket

ALICE = OPERATORS["alice"]


def test_an_error_of_the_services_own_is_a_page_and_a_line_without_its_message(
    start_service: StartService, sandbox: Sandbox, visit: MakeVisit
) -> None:
    web = start_service(works=False)
    ticket = add_ticket(sandbox, Who(name="Ada Archer"))
    web.deliver(ticket.id)
    with psycopg.connect(web.environment["DATABASE_URL"]) as connection:
        connection.execute("UPDATE leavers SET entry = '\"Ada Archer\"'")

    page = visit(web, token=ALICE).get(f"/desk/leavers/{ticket.id}")

    assert page.status_code == 500
    assert "There is a problem with the service" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert "Traceback" not in web.log
    errors = [line for line in web.log_lines if line["message"] == "unexpected error"]
    assert [line["error"].split()[0] for line in errors] == ["AttributeError"]


def test_a_vendor_that_does_not_answer_leaves_the_plan_open_and_says_so(
    start_service: StartService, sandbox: Sandbox, visit: MakeVisit
) -> None:
    web = start_service(works=False)
    ticket = add_ticket(sandbox, Who(name="Ada Archer"))
    web.deliver(ticket.id)
    sandbox.faults.add(fault=unavailable(), vendor="trello", times=None)
    alice = visit(web, token=ALICE)

    plan = alice.get(f"/desk/leavers/{ticket.id}/plan")
    state = alice.get("/desk/status")

    assert plan.status_code == 503
    assert "be made now. Trello:" in plan.text
    assert "Confirm, and do this" not in plan.text
    assert state.status_code == 200
    assert [state.text.count(word) for word in ("Working", "Failing")] == [2, 1]


def test_a_dry_run_is_said_on_every_page_and_of_every_outcome(
    start_service: StartService, sandbox: Sandbox, visit: MakeVisit
) -> None:
    service = start_service(DRY_RUN="true")
    ticket = add_ticket(sandbox, Who(name="Ada Archer"))
    service.process_ticket(ticket.id)
    alice = visit(service, token=ALICE)

    pages = [alice.get(f"/desk/{path}").text for path in ("status", f"leavers/{ticket.id}")]

    assert all("nothing is written to Zendesk or Trello" in page for page in pages)
    assert "Card made, tech role (dry run: nothing was written)" in pages[1]


def test_whom_somebody_searched_for_is_not_logged(
    start_service: StartService, visit: MakeVisit
) -> None:
    web = start_service(works=False)

    visit(web, token=ALICE).get("/desk/leavers?q=Ada+Archer")

    asked = [line["message"] for line in web.log_lines if "/desk/leavers" in line["message"]]
    assert len(asked) == 1
    assert "Ada" not in web.log
