"""What an operator sees of a removal: its diff before anything is done, and its address after."""

from integrations.sandbox import Sandbox
from integrations.sandbox.sandbox import OPERATORS
from tests.conftest import RunCommand, StartService
from tests.desk.conftest import MakeVisit, OpenDesk
from tests.desk.test_accessibility import check
from tests.support.database import Database
from tests.support.removal import PULLS
from tests.support.tickets import ADA, Who, add_ticket

SAM = "sam.taylor@digital.cabinet-office.gov.uk"


def test_the_diff_is_shown_before_and_the_pull_request_after(
    start_service: StartService, sandbox: Sandbox, open_desk: OpenDesk, run_leavers: RunCommand
) -> None:
    settings = PULLS | {"GITHUB_PULL_REQUEST_TOKEN": sandbox.github.pull_request_token}
    service = start_service(**settings)
    ticket = add_ticket(sandbox, Who(name="Sam Taylor"), leaving="2026-11-27")
    service.process_ticket(ticket.id)
    desk = open_desk(service, width=320).sign_in().open("")
    desk.follow("Sam Taylor")
    desk.press("Answer")
    desk.choose("sam-taylor-dev")
    desk.press("See what will be done")
    before = desk.text
    found = check(desk, "the plan with its lines")
    desk.press("Confirm")
    service.wait_for(ticket.id)
    run_leavers("sweep", **settings)
    desk.open(f"leavers/{ticket.id}")

    shown = desk.text
    found += check(desk, "the leaver with the lines")
    plan = desk.open(f"leavers/{ticket.id}/plan").text
    sandbox.github.pulls.close(1)
    run_leavers("sweep", **settings)
    desk.open("after-the-date")
    found += check(desk, "the page after the date")
    listed = desk.text
    desk.follow("Make a new one")
    found += check(desk, "a new pull request")
    desk.press("Confirm")
    wanted = desk.text
    run_leavers("sweep", **settings)
    again = desk.open(f"leavers/{ticket.id}/pull-request").text
    desk.open(f"leavers/{ticket.id}")

    assert found == []
    assert "Closed by a person without merging" in listed
    # The pull request that is open is named, and not another one announced.
    assert "/pull/1" in plan
    assert "is opened" not in plan
    assert "New pull request asked for" in wanted
    assert "Make a new pull request" not in wanted
    assert "There can be no new pull request now" in again
    assert "/pull/2" in desk.text
    assert shown.count("-- name: Sam Taylor") == 1
    assert "-- name: Sam Taylor" in before
    assert f"Remove a leaver (Zendesk ticket {ticket.id})" in before
    assert "Pull request waits for a review" in shown
    assert "Pull request opened" in shown
    assert "https://github.com/alphagov/govuk-user-reviewer/pull/1" in shown


def test_what_stands_in_the_way_is_shown_with_its_place_or_with_what_to_fix(
    start_service: StartService,
    sandbox: Sandbox,
    visit: MakeVisit,
    run_leavers: RunCommand,
    database: Database,
) -> None:
    settings = PULLS | {"GITHUB_PULL_REQUEST_TOKEN": sandbox.github.pull_request_token}
    text = "users: [{name: Ada Archer, email: ada.archer@digital.cabinet-office.gov.uk}]\n"
    sandbox.github.put_file("config/bracketed.yml", text)
    service = start_service(**settings)
    ticket = add_ticket(sandbox, ADA, leaving="2026-11-27")
    service.process_ticket(ticket.id)
    other = add_ticket(sandbox, Who(name="Sam Taylor", email=SAM), leaving="2026-11-27")
    service.process_ticket(other.id)
    sandbox.github.pull_request_rights = {"contents": "read"}
    run_leavers("sweep", **settings)

    operator = visit(service, token=OPERATORS["alice"])
    for page in ("/desk/after-the-date", f"/desk/leavers/{ticket.id}"):
        shown = operator.get(page).text

        assert "written in brackets" in shown
        assert "config/bracketed.yml, line 1." in shown
        assert f"/blob/{sandbox.github.head}/config/bracketed.yml#L1" in shown
    for page in ("/desk/after-the-date", f"/desk/leavers/{other.id}"):
        assert "The token may not do this. Give GITHUB_PULL" in operator.get(page).text
    asked = service.leaver(ticket.id)
    found = service.get("/leavers?reason_code=flow_collection").json()["leavers"]
    assert (asked["removal"], asked["reason_code"]) == ("asked", "flow_collection")
    assert "written in brackets" in asked["reason"]
    assert [one["ticket_id"] for one in found] == [ticket.id]
    assert (service.leaver(other.id)["removal"], service.leaver(other.id)["reason"]) == (
        "due",
        None,
    )
    database.run(
        "UPDATE removals SET state = 'open', number = 1, url = %s, reason_code = 'in_conflict',"
        " file = 'config/others.yml', line_number = 3 WHERE ticket_id = %s",
        "https://github.com/alphagov/govuk-user-reviewer/pull/1",
        other.id,
    )
    for page in ("/desk/after-the-date", f"/desk/leavers/{other.id}"):
        assert "is in conflict with the access lists" in operator.get(page).text
    stuck = service.leaver(other.id)
    assert (stuck["removal"], stuck["reason_code"]) == ("open", "in_conflict")
