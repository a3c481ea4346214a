"""No form is answered with a page: the Back button shows every page again, whatever went wrong."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from integrations.sandbox.sandbox import OPERATORS
from service.desk import rendering
from tests.conftest import OpenRig
from tests.desk.conftest import MakeVisit, OpenDesk
from tests.support.rig import Rig
from tests.support.tickets import ADA, BENEDICT, GRACE, add_ticket

EVE = "token-of-eve-who-may-look-0001"
_ACTION = re.compile(r'<form method="post" action="/desk/([^"]+)"')
_IN_TEMPLATE = re.compile(r"\{\{ ?(here|leaver\.ticket_id) ?\}\}")


def actions(ticket_id: int) -> list[str]:
    """Every address that a form of the templates is sent to."""
    templates = Path(rendering.__file__).parent / "templates"
    texts = [file.read_text("utf-8") for file in sorted(templates.glob("*.html"))]
    named = [text.replace("{{ here }}", "/desk/leavers/{{ leaver.ticket_id }}") for text in texts]
    found = {one for text in named for one in _ACTION.findall(text)}
    return sorted(_IN_TEMPLATE.sub(str(ticket_id), one) for one in found)


@pytest.fixture(scope="module")
def rig(open_rig: OpenRig) -> Iterator[Rig]:
    tokens = [*(f"{name}={token}" for name, token in OPERATORS.items()), f"eve={EVE}:read"]
    with open_rig(OPERATOR_TOKENS=",".join(tokens)) as rig:
        yield rig


def test_every_form_of_the_pages_leads_on_to_a_page_of_its_own(rig: Rig, visit: MakeVisit) -> None:
    ticket = add_ticket(rig.sandbox, ADA)
    rig.service.process_ticket(ticket.id)
    nobody, alice, eve = (
        visit(rig.service),
        *(visit(rig.service, token=token) for token in (OPERATORS["alice"], EVE)),
    )
    own = alice.hidden(alice.get("/desk/leavers"), "sign-out")
    of_eve = eve.hidden(eve.get("/desk/leavers"), "sign-out")
    broken = own | {"version": "x", "answer": "{", "plan": "../etc"}
    stale = own | {"version": "999", "answer": "{}", "plan": "0" * 16}
    unwilling = own | {"version": "1", "choice": "over", "reason": ""}
    large = own | {"reason": "x" * 70_000}
    forms = [action for action in actions(ticket.id) if action != "sign-out"]
    forms += [action.replace(str(ticket.id), "99999") for action in forms]

    sent = [
        (action, sender.post(f"/desk/{action}", fields))
        for action in forms
        for sender, fields in (
            (nobody, {}),
            (alice, {}),
            *((alice, fields) for fields in (broken, stale, unwilling, large)),
            (eve, of_eve | {"version": "1"}),
        )
    ]

    assert len(forms) >= 14
    assert [(action, one.status_code) for action, one in sent if one.status_code != 303] == []
    pages = {alice.get(one.headers["Location"]).status_code for _, one in sent}
    assert {403, 404, 409, 413, 422} <= pages <= {200, 303, 403, 404, 409, 413, 422}


def test_what_a_problem_says_can_only_be_said_by_the_service(rig: Rig, visit: MakeVisit) -> None:
    alice = visit(rig.service, token=OPERATORS["alice"])
    said = alice.post("/desk/failed/retry", {}).headers["Location"]

    pages = [alice.get(address) for address in (said, f"{said}x", "/desk/problem")]

    assert [page.status_code for page in pages] == [403, 404, 404]
    assert "The form could not be used" in pages[0].text
    assert 'href="/desk/failed">Go back to the page' in pages[0].text


def test_what_no_one_looks_at_after_the_date_is_not_said_to_be_settled(
    rig: Rig, visit: MakeVisit
) -> None:
    ticket = add_ticket(rig.sandbox, BENEDICT, leaving="2026-11-02")
    rig.service.process_ticket(ticket.id)
    alice = visit(rig.service, token=OPERATORS["alice"])
    path = f"after-the-date/{ticket.id}"
    day = datetime.now(UTC) + timedelta(days=2)
    parts = {"day": day.day, "month": day.month, "year": day.year}
    fields = {f"remind-{part}": str(value) for part, value in parts.items()}
    form = alice.see(alice.get(f"/desk/{path}"), path, choice="later", **fields)
    rig.service.post(f"/leavers/{ticket.id}/rerun", {"after_date": "over"})

    page = alice.see(form, f"{path}/confirm")
    form_after = alice.get(f"/desk/{path}")

    assert page.status_code == 409
    assert "is not looked at after the leaving date" in page.text
    assert "It is over: the service does not look at this leaver again." in form_after.text


def test_the_back_button_shows_the_form_again_after_each_problem(
    rig: Rig, open_desk: OpenDesk
) -> None:
    ticket = add_ticket(rig.sandbox, GRACE)
    rig.service.process_ticket(ticket.id)
    desk = open_desk(rig.service).sign_in().open(f"after-the-date/{ticket.id}")
    desk.press("It is over")
    refused = desk.text
    desk.page.go_back()
    asked_again = desk.heading
    desk.page.go_forward()
    shown_again = desk.text
    desk.open(f"leavers/{ticket.id}/answer")
    desk.choose("There is no access")
    desk.page.context.clear_cookies()
    another = desk.page.context.new_page()
    another.goto(f"{desk.url}/desk/sign-in")
    another.get_by_label("Operator token", exact=True).fill(OPERATORS["bob"])
    another.get_by_role("main").get_by_role("button", name="Sign in").click()
    desk.press("See what will be done")
    foreign = desk.heading
    violations = desk.violations()
    desk.page.go_back()

    assert violations == []
    assert "Enter why it is over" in refused
    assert asked_again == f"After the date: ticket {ticket.id}"
    assert "Enter why it is over" in shown_again
    assert (foreign, desk.heading) == ("The form could not be used", "Answer")


def test_a_page_that_lacks_the_database_offers_itself_again(rig: Rig, visit: MakeVisit) -> None:
    alice = visit(rig.service, token=OPERATORS["alice"])
    with psycopg.connect(rig.service.environment["DATABASE_URL"], autocommit=True) as database:
        database.execute("ALTER TABLE leavers RENAME TO away")
        page = alice.get("/desk/leavers?state=failed")
        database.execute("ALTER TABLE away RENAME TO leavers")

    assert page.status_code == 503
    assert "No ticket is lost" in page.text
    assert 'href="/desk/leavers?state=failed">Try again' in page.text
