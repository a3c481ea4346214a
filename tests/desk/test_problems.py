"""What goes wrong is said in plain words on a page; nothing private is logged."""

import psycopg
import pytest
from psycopg.types.json import Jsonb

from integrations.sandbox import Sandbox
from integrations.sandbox.faults import unavailable
from integrations.sandbox.sandbox import OPERATORS
from tests.conftest import StartService
from tests.desk.conftest import MakeVisit, OpenDesk
from tests.desk.test_accessibility import check
from tests.support.running import Service, wait_until
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
    assert "Confirm" not in plan.text
    assert state.status_code == 200
    assert [state.text.count(word) for word in ("Working", "Failing")] == [2, 1]


def test_the_status_page_shows_an_outage_from_the_calls_and_from_a_request_of_its_own(
    service: Service, sandbox: Sandbox, visit: MakeVisit
) -> None:
    service.process_ticket(add_ticket(sandbox, Who(name="Ada Archer")).id)
    alice = visit(service, token=ALICE)
    sandbox.faults.add(fault=unavailable(), vendor="zendesk", times=None)
    service.deliver(add_ticket(sandbox, Who(name="Sam Taylor")).id)
    failing = 'leavers_vendor_failing_tickets{vendor="Zendesk"} 1.0'
    wait_until(lambda: failing in service.get("/metrics", token=None).text)

    page = alice.get("/desk/status").text
    trello = page[page.index("Trello") :]
    zendesk = page[page.index("Zendesk") : page.index("GitHub")]

    assert "Failing" in zendesk
    assert "calls have failed since" in zendesk
    assert "Last successful call:" in zendesk
    # The page's own request and the service's calls met the same.
    assert zendesk.count("(status 503)") == 1
    assert "Last successful call:" not in trello
    assert page.count("Working") == 3
    assert "vendor failing" in [line["message"] for line in service.log_lines]


def test_a_ticket_that_never_came_can_be_looked_up_from_its_page(
    start_service: StartService, visit: MakeVisit
) -> None:
    alice = visit(start_service(works=False), token=ALICE)

    pages = [alice.get(f"/desk/leavers/99999{action}") for action in ("", "/answer")]
    nowhere = alice.get("/desk/leavers/99999/plan")

    assert [page.status_code for page in pages] == [404, 404]
    assert all('href="/desk/leavers/99999/plan"' in page.text for page in pages)
    assert nowhere.status_code == 404
    assert "There is no ticket with this number" in nowhere.text
    assert "/desk/leavers/99999" not in nowhere.text


@pytest.mark.parametrize("number", ["0", str(2**63), "12a"])
def test_a_number_that_no_ticket_can_have_is_named(
    start_service: StartService, visit: MakeVisit, number: str
) -> None:
    page = visit(start_service(works=False), token=ALICE).get(f"/desk/leavers/{number}")

    assert page.status_code == 404
    assert "it must be a whole number from 1 to 9,223,372,036,854,775,807." in page.text


def test_the_address_of_a_form_that_was_sent_leads_to_the_leaver(
    start_service: StartService, visit: MakeVisit
) -> None:
    web = start_service(works=False)
    alice, nobody = visit(web, token=ALICE), visit(web)

    led = [alice.get(f"/desk/leavers/7/{action}") for action in ("confirm", "retry")]

    assert [page.headers["Location"] for page in led] == ["/desk/leavers/7"] * 2
    assert nobody.get("/desk/leavers/7/confirm").headers["Location"].startswith("/desk/sign-in")


def test_a_list_file_is_linked_by_an_address_that_leads_to_it(
    start_service: StartService, visit: MakeVisit
) -> None:
    web = start_service(works=False)
    with psycopg.connect(web.environment["DATABASE_URL"]) as connection:
        entry: dict[str, str | None] = {
            "id": "0123456789abcdef",
            "file": "config/a b#c?.yml",
            "name": "Ada",
        }
        entry |= {"email": None, "github": None, "user_name": None}
        connection.execute(
            "INSERT INTO leavers (ticket_id, state, entry) VALUES (7, 'done', %s)", (Jsonb(entry),)
        )

    page = visit(web, token=ALICE).get("/desk/leavers/7").text

    assert "/config/a%20b%23c%3F.yml" in page


def test_the_status_says_whether_a_worker_lives(
    start_service: StartService, visit: MakeVisit
) -> None:
    alice = visit(start_service(works=False), token=ALICE)

    without = alice.get("/desk/status").text
    start_service()
    wait_until(lambda: "1 worker" in alice.get("/desk/status").text)

    assert "Leavers wait until one is started" in without


def test_a_leaver_says_when_it_is_tried_again_and_that_its_data_were_erased(
    start_service: StartService, visit: MakeVisit, open_desk: OpenDesk
) -> None:
    web = start_service(works=False)
    with psycopg.connect(web.environment["DATABASE_URL"]) as connection:
        connection.execute(
            "INSERT INTO leavers (ticket_id, state, reason, erased_at) VALUES"
            " (1, 'queued', 'Trello: it is away.', NULL),"
            " (2, 'done', NULL, '2026-11-02T12:00Z');"
            "INSERT INTO runs (ticket_id, tries, next_try_at) VALUES"
            " (1, 2, '2030-01-02T12:00Z'), (2, 0, NULL)"
        )
    alice = visit(web, token=ALICE)

    desk = open_desk(web).sign_in()

    found = [check(desk.open(path), path) for path in ("leavers", "leavers/1", "leavers/2")]
    waits, erased = (alice.get(f"/desk/leavers/{number}").text for number in (1, 2))

    assert found == [[], [], []]
    assert "The next try is on 2 January 2030 at 12:00." in waits
    assert "personal data were erased on 2 November 2026" in erased
    assert "personal data were erased" not in waits


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


def test_a_search_for_a_person_is_not_logged(start_service: StartService, visit: MakeVisit) -> None:
    web = start_service(works=False)

    visit(web, token=ALICE).get("/desk/leavers?q=Ada+Archer")

    asked = [line["message"] for line in web.log_lines if "/desk/leavers" in line["message"]]
    assert len(asked) == 1
    assert "Ada" not in web.log
