"""What an operator sees of a removal: its diff before anything is done, and its address after."""

from integrations.sandbox import Sandbox
from tests.conftest import RunCommand, StartService
from tests.desk.conftest import OpenDesk
from tests.support.removal import PULLS
from tests.support.tickets import Who, add_ticket


def test_the_diff_is_shown_before_and_the_pull_request_after(
    start_service: StartService, sandbox: Sandbox, open_desk: OpenDesk, run_leavers: RunCommand
) -> None:
    settings = PULLS | {"GITHUB_PULL_REQUEST_TOKEN": sandbox.github.pull_request_token}
    service = start_service(**settings)
    ticket = add_ticket(sandbox, Who(name="Sam Taylor"), leaving="2026-11-27")
    service.process_ticket(ticket.id)
    desk = open_desk(service).sign_in().open("")
    desk.follow("Sam Taylor")
    desk.press("Answer")
    desk.choose("sam-taylor-dev")
    desk.press("See what will be done")
    before = desk.text
    desk.press("Confirm")
    service.wait_for(ticket.id)
    run_leavers("sweep", **settings)
    desk.open(f"leavers/{ticket.id}")

    assert "-- name: Sam Taylor" in before
    assert f"Remove a leaver (Zendesk ticket {ticket.id})" in before
    assert "Pull request waits for a review" in desk.text
    assert "Pull request opened" in desk.text
    assert "https://github.com/alphagov/govuk-user-reviewer/pull/1" in desk.text
