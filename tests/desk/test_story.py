"""The whole story in a browser: a ticket comes, waits for a person, is answered, and is done."""

import psycopg
import pytest

from integrations.sandbox import Sandbox
from tests.conftest import StartService
from tests.desk.conftest import OpenDesk
from tests.desk.desk import Desk
from tests.support.running import Service
from tests.support.tickets import Who, add_ticket, cards_of

SAM = Who(name="Sam Taylor")


def answer_with_sam(desk: Desk, ticket_id: int) -> None:
    desk.open("")
    desk.follow("Sam Taylor")
    assert "More than one person in the lists may be meant" in desk.text
    desk.press("Answer")
    desk.choose("sam-taylor-dev")
    desk.press("See what will be done")
    assert "Leaver: Sam Taylor (tech role)" in desk.text
    assert "18 December 2026 at 17:00" in desk.text
    assert "It is due on 18 December 2026 at 17:00." in desk.text
    desk.press("Confirm")
    assert f"/desk/leavers/{ticket_id}?answered=1" in desk.page.url


def under_way(
    start_service: StartService, sandbox: Sandbox, open_desk: OpenDesk
) -> tuple[Service, int, Desk]:
    """Open the page of a leaver that nobody works on yet."""
    web = start_service(works=False)
    ticket = add_ticket(sandbox, SAM)
    web.deliver(ticket.id)
    return web, ticket.id, open_desk(web).sign_in().open(f"leavers/{ticket.id}")


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_an_operator_settles_a_waiting_leaver(
    service: Service, sandbox: Sandbox, open_desk: OpenDesk, *, javascript: bool
) -> None:
    ticket = add_ticket(sandbox, SAM)
    service.process_ticket(ticket.id)
    desk = open_desk(service, javascript=javascript).sign_in()

    answer_with_sam(desk, ticket.id)
    if not javascript:
        service.wait_for(ticket.id)
        desk.open(f"leavers/{ticket.id}")
    desk.page.get_by_text("Card made, tech role", exact=True).wait_for()

    (card,) = cards_of(sandbox, ticket)
    assert (card.name, card.due) == ("Leaver: Sam Taylor (tech role)", "2026-12-18T17:00:00.000Z")
    assert sandbox.zendesk.ticket(ticket.id).status == "solved"
    history = [(one["event"], one["by"]) for one in service.leaver(ticket.id)["history"]]
    assert ("run_requested", "alice") in history
    assert "The person in the access lists: Sam Taylor, in config/govuk_tech.yml" in desk.text


def test_the_page_shows_the_steps_of_a_leaver_as_they_end(
    start_service: StartService, sandbox: Sandbox, open_desk: OpenDesk
) -> None:
    _, _, desk = under_way(start_service, sandbox, open_desk)
    assert "Under way" in desk.text

    start_service()

    desk.page.get_by_role("heading", name="Possible matches").wait_for()
    assert desk.heading == "Sam Taylor"


def test_the_steps_are_written_again_only_when_there_is_one_more_and_only_that_is_read_out(
    start_service: StartService, sandbox: Sandbox, open_desk: OpenDesk
) -> None:
    web, ticket_id, desk = under_way(start_service, sandbox, open_desk)
    wait_for_looks(desk, 2)
    desk.page.evaluate(
        "() => { window.written = 0; new MutationObserver(() => { window.written += 1 })"
        ".observe(document.querySelector('[data-progress]'), { childList: true }) }"
    )
    wait_for_looks(desk, 2)
    written = desk.page.evaluate("window.written")
    with psycopg.connect(web.environment["DATABASE_URL"]) as connection:
        connection.execute(
            "INSERT INTO history (ticket_id, event, by) VALUES (%s, 'card_created', 'the service')",
            (ticket_id,),
        )
    desk.page.get_by_role("status").get_by_text("Card made", exact=True).wait_for()

    assert written == 0
    assert desk.page.evaluate("window.written") == 1


def wait_for_looks(desk: Desk, number: int) -> None:
    """Wait until the page has looked so often how far the leaver is."""
    for _ in range(number):
        desk.page.wait_for_event("response", lambda answer: answer.url.endswith("/progress"))


def test_a_leaver_without_a_date_is_settled_with_the_date_alone(
    service: Service, sandbox: Sandbox, open_desk: OpenDesk
) -> None:
    ticket = add_ticket(sandbox, Who(name="Ada Archer"), leaving=None)
    service.process_ticket(ticket.id)
    desk = open_desk(service).sign_in().open(f"leavers/{ticket.id}/answer")

    assert desk.heading == "Leaving date"
    assert desk.page.get_by_role("radio").count() == 0
    for label, value in (("Day", "18"), ("Month", "December"), ("Year", "2026")):
        desk.page.get_by_label(label).fill(value)
    desk.press("See what will be done")
    desk.press("Confirm")
    service.wait_for(ticket.id, "done")

    (card,) = cards_of(sandbox, ticket)
    assert card.due == "2026-12-18T17:00:00.000Z"


def test_a_ticket_that_never_came_can_be_looked_up_and_processed(
    service: Service, sandbox: Sandbox, open_desk: OpenDesk
) -> None:
    ticket = add_ticket(sandbox, Who(name="Ada Archer"), tags=())
    desk = open_desk(service).sign_in().open("leavers")

    desk.page.get_by_label("Name, ticket number or card").fill(str(ticket.id))
    desk.press("Search")
    desk.follow(f"See what would be done about ticket {ticket.id}")
    desk.press("Confirm")
    leaver = service.wait_for(ticket.id, "done")

    assert leaver["outcome"] == "tech_card"


def test_a_failed_leaver_says_what_to_fix_and_is_tried_again(
    service: Service, sandbox: Sandbox, open_desk: OpenDesk
) -> None:
    files = sandbox.github.files()
    sandbox.github.put_files({"config/govuk_tech.yml": "- name: [broken"})
    ticket = add_ticket(sandbox, Who(name="Ada Archer"))
    service.process_ticket(ticket.id)
    desk = open_desk(service).sign_in().open("failed")
    assert "config/govuk_tech.yml cannot be read" in desk.text

    sandbox.github.put_files({"config/govuk_tech.yml": files["config/govuk_tech.yml"]})
    desk.page.get_by_role("button", name="Try again").click()
    desk.page.get_by_text("Card made, tech role", exact=True).wait_for()

    assert len(cards_of(sandbox, ticket)) == 1


def test_after_an_answer_its_result_and_the_next_leaver_are_at_hand(
    service: Service, sandbox: Sandbox, open_desk: OpenDesk
) -> None:
    first = add_ticket(sandbox, Who(name="Ada Archer"), leaving=None)
    second = add_ticket(sandbox, SAM)
    for ticket in (first, second):
        service.process_ticket(ticket.id)
    desk = open_desk(service).sign_in().open("needs-a-person?page=1")

    desk.follow("Ada Archer")
    desk.press("Answer")
    for label, value in (("Day", "18"), ("Month", "12"), ("Year", "2026")):
        desk.page.get_by_label(label).fill(value)
    desk.press("See what will be done")
    desk.press("Confirm")
    desk.page.get_by_text("Done: Card made, tech role.").wait_for()
    desk.follow("Next leaver")
    heading = desk.heading
    section = desk.page.locator("[aria-current]").inner_text()
    desk.page.get_by_role("link", name="Back to Needs a person").click()

    assert (heading, section) == ("Sam Taylor", "Needs a person")
    assert desk.page.url.endswith("/desk/needs-a-person?page=1")
