"""Every page for everybody: axe-core, the keyboard alone, 320 pixels, and 400 % zoom."""

from dataclasses import dataclass

import psycopg
import pytest

from integrations.sandbox import Sandbox, samples
from tests.conftest import StartService
from tests.desk.conftest import OpenDesk
from tests.desk.desk import Desk
from tests.support.running import Service
from tests.support.tickets import Who, add_ticket, cards_of

HOSTILE = "<img src=x onerror=alert(1)>"
HAS_NARROW_TAG = (
    "[...document.querySelectorAll('.govuk-tag')].some(tag => tag.scrollWidth > tag.clientWidth)"
)
LONG = "Wolfeschlegelsteinhausenbergerdorff" * 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Populated:
    """A service with a leaver in each state."""

    service: Service
    done: int
    asked: int
    failed: int


@pytest.fixture
def populated(service: Service, sandbox: Sandbox) -> Populated:
    done = add_ticket(sandbox, Who(name="Ada Archer")).id
    asked = add_ticket(sandbox, Who(name="Sam Taylor"), leaving="2026-11-02").id
    hostile = add_ticket(sandbox, Who(name="Sam Tailor " + LONG)).id
    for ticket_id in (done, asked, hostile):
        service.deliver(ticket_id)
    for ticket_id in (done, asked, hostile):
        service.wait_for(ticket_id)
    sandbox.github.put_files({"config/others.yml": "- name: [broken"})
    failed = add_ticket(sandbox, Who(name="Ada Archer")).id
    service.process_ticket(failed)
    return Populated(service=service, done=done, asked=asked, failed=failed)


def pages_of(populated: Populated) -> list[str]:
    return [
        "needs-a-person",
        "needs-a-person?page=9",
        "leavers",
        "leavers?q=nobody+of+this+name",
        "leavers?q=99&state=done",
        "failed",
        "after-the-date",
        f"after-the-date/{populated.done}",
        "status",
        "accessibility",
        f"leavers/{populated.done}",
        f"leavers/{populated.done}/answer",
        f"leavers/{populated.asked}",
        f"leavers/{populated.asked}/answer",
        f"leavers/{populated.asked}/plan",
        f"leavers/{populated.failed}",
        "leavers/99",
        "nowhere",
    ]


def check(desk: Desk, where: str) -> list[str]:
    found = [f"{where}: {one}" for one in desk.violations()]
    if desk.is_wider_than_window():
        found.append(f"{where}: it is wider than the window")
    if desk.page.evaluate(HAS_NARROW_TAG):
        found.append(f"{where}: a tag is narrower than its words")
    if desk.page.get_by_role("heading", level=1).count() != 1:
        found.append(f"{where}: there is not one main heading")
    return found


def test_no_page_breaks_a_rule_or_is_cut_off_wide_narrow_and_zoomed(
    populated: Populated, open_desk: OpenDesk
) -> None:
    wide = open_desk(populated.service, width=1280, height=1024)
    # What 1280 by 1024 pixels are at 400 % zoom: as wide as the narrowest phone.
    zoomed = open_desk(populated.service, width=320, height=256, scale=4)
    found: list[str] = []
    titles: dict[str, str] = {}
    for desk in (wide, zoomed):
        found += check(desk.open("sign-in"), "sign-in")
        desk.page.get_by_role("button", name="Sign in").click()
        found += check(desk, "sign-in with an error")
        desk.sign_in()
        for path in pages_of(populated):
            found += check(desk.open(path), path)
            titles[path] = desk.title
        desk.open(f"leavers/{populated.asked}/answer").press("See what will be done")
        found += check(desk, "an answer with an error")
        desk.choose("not about a leaver")
        desk.press("See what will be done")
        found += check(desk, "an answer to be confirmed")

    assert found == []
    assert [title for title in titles.values() if not title.endswith("Leavers")] == []
    assert len(set(titles.values())) >= len(titles) - 2


@pytest.mark.parametrize("scheme", ["dark", "forced"])
def test_each_state_on_the_way_of_an_answer_is_accessible_on_a_phone(
    populated: Populated, sandbox: Sandbox, open_desk: OpenDesk, scheme: str
) -> None:
    samples.fill_repository(sandbox.github)
    desk = open_desk(populated.service, width=320)
    if scheme == "dark":
        desk.page.emulate_media(color_scheme="dark")
    else:
        desk.page.emulate_media(forced_colors="active")
    desk.sign_in().open(f"leavers/{populated.asked}/answer?from=/desk/needs-a-person")
    desk.choose("There is no access")
    desk.page.get_by_label("Year").fill("2040")
    desk.press("See what will be done")
    found = check(desk, "an answer that has to be confirmed twice")
    desk.page.get_by_label("None of them is the leaver").check()
    desk.page.get_by_label("2 November 2040 is right").check()
    desk.press("See what will be done")
    found += check(desk, "its plan")
    plan = desk.page.url
    desk.press("Confirm")
    desk.page.get_by_text("Done: No access found.").wait_for()
    found += check(desk, "an answer that is done")
    desk.page.goto(plan)
    found += check(desk, "a leaver that was answered already")
    desk.open(f"after-the-date/{populated.done}").press("Remind later")
    found += check(desk, "a day that is missing")

    assert found == []


def test_a_leaver_is_settled_with_the_keyboard_alone(
    service: Service, sandbox: Sandbox, open_desk: OpenDesk
) -> None:
    ticket = add_ticket(sandbox, Who(name="Sam Taylor"))
    service.process_ticket(ticket.id)
    desk = open_desk(service).open("sign-in")

    tab_to(desk, "Operator token")
    desk.page.keyboard.type("sandbox-token-of-alice-0001")
    enter(desk)
    tab_to(desk, "Answer for Sam Taylor")
    enter(desk)
    tab_to(desk, "It is Sam Taylor")
    desk.page.keyboard.press("Space")
    enter(desk)
    tab_to(desk, "Confirm")
    enter(desk)
    service.wait_for(ticket.id, "done")

    assert len(cards_of(sandbox, ticket)) == 1


def enter(desk: Desk) -> None:
    with desk.page.expect_navigation():
        desk.page.keyboard.press("Enter")


def tab_to(desk: Desk, name: str) -> None:
    """Press Tab until what is named has the focus, and make sure that one can see it."""
    passed = []
    for _ in range(40):
        desk.page.keyboard.press("Tab")
        passed.append(desk.page.evaluate(_NAME_OF_FOCUSED))
        if passed[-1].startswith(name):
            assert desk.page.evaluate(_FOCUS_IS_SEEN), f"{name} has the focus, and does not show it"
            return
    raise AssertionError(f"{name} can't be reached: {passed}")


_NAME_OF_FOCUSED = """() => {
  const at = document.activeElement
  const label = at.labels && at.labels.length ? at.labels[0].innerText : at.textContent
  return label.replace(/\\s+/g, ' ').trim()
}"""
_FOCUS_IS_SEEN = """() => {
  const at = document.activeElement
  const style = getComputedStyle(at)
  const sign = at.type === 'radio' ? getComputedStyle(at.nextElementSibling, '::before') : style
  return sign.outlineStyle !== 'none' || sign.boxShadow !== 'none'
}"""


def test_hostile_words_are_shown_as_words(
    service: Service, sandbox: Sandbox, open_desk: OpenDesk
) -> None:
    evil = f"{HOSTILE} \u202eSam Taylor"
    sandbox.github.put_files(
        {"config/others.yml": f"- name: '{evil}'\n  email: evil@example.gov.uk\n"}
    )
    ticket = add_ticket(sandbox, Who(name="Sam Tailor", email="evil@example.gov.uk"))
    service.process_ticket(ticket.id)
    desk = open_desk(service).sign_in()
    dialogs: list[str] = []
    desk.page.on("dialog", lambda dialog: dialogs.append(dialog.message))

    desk.open(f"leavers/{ticket.id}")
    shown = desk.text
    desk.open(f"leavers/{ticket.id}/answer")
    desk.page.get_by_label("Name").fill(evil)
    desk.choose("Search the access lists again")
    desk.press("See what will be done")

    assert HOSTILE in shown
    assert HOSTILE in desk.text
    assert dialogs == []
    assert desk.page.locator("main img").count() == 0


PAGES = ("needs-a-person", "leavers", "failed", "after-the-date")


def test_pages_without_any_leaver_say_so_and_lead_on(
    start_service: StartService, open_desk: OpenDesk
) -> None:
    desk = open_desk(start_service(works=False)).sign_in()
    said = {path: desk.open(path).text for path in PAGES}

    assert "No ticket has been received yet." in said["needs-a-person"]
    assert "No ticket has been received yet." in said["leavers"]
    assert "No leaver has failed." in said["failed"]
    assert "Nobody whose leaving date has passed" in said["after-the-date"]


def test_names_that_cannot_be_seen_or_have_no_end_are_named_all_the_same(
    start_service: StartService, open_desk: OpenDesk
) -> None:
    web = start_service(works=False)
    names = ["  ", "\u202e\u200b", "W" * 300, "\u202eevil", HOSTILE]
    with psycopg.connect(web.environment["DATABASE_URL"]) as connection:
        for number, name in enumerate(names, start=1):
            connection.execute(
                "INSERT INTO leavers (ticket_id, state, name) VALUES (%s, 'needs_person', %s)",
                (number, name),
            )
    desk = open_desk(web, width=320, height=256, scale=4).sign_in()
    found = []
    for path in ("needs-a-person", "leavers", *(f"leavers/{number}" for number in range(1, 6))):
        found += check(desk.open(path), path)
    headings = desk.open("needs-a-person").page.get_by_role("heading", level=2)

    assert found == []
    assert headings.all_inner_texts() == ["Ticket 1", "Ticket 2", "W" * 300, "evil", HOSTILE]
