"""“After the date” and “Report” as an operator sees them, wide and narrow."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from integrations.sandbox.sandbox import OPERATORS
from service.desk.after_the_date import why_not_looked_at
from service.records.leaver import State
from tests.conftest import OpenRig
from tests.desk.conftest import MakeVisit, OpenDesk
from tests.desk.test_accessibility import check
from tests.desk.test_answer_form import LEAVER
from tests.support.crowd import crowd, list_crowd
from tests.support.rig import Rig
from tests.support.running import wait_until
from tests.support.tickets import add_ticket, cards_of

EVE = "token-of-eve-who-may-look-0001"
PEOPLE = crowd(4)
TODAY = datetime.now(UTC).date()
WHOLE_YEAR = "&".join(
    f"{end}-day={day}&{end}-month={month}&{end}-year={TODAY.year}"
    for end, day, month in (("first", 1, 1), ("last", 31, 12))
)
YESTERDAY = TODAY - timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    """A service with leavers whose date has passed: by how each stands, the ticket."""

    rig: Rig
    worst: int
    listed: int
    to_settle: int
    to_put_off: int


@pytest.fixture(scope="module")
def late(open_rig: OpenRig) -> Iterator[Late]:
    tokens = [*(f"{name}={token}" for name, token in OPERATORS.items()), f"eve={EVE}:read"]
    with open_rig(SWEEP_EVERY_SECONDS="1", OPERATOR_TOKENS=",".join(tokens)) as rig:
        list_crowd(rig.sandbox, PEOPLE)
        tickets = [add_ticket(rig.sandbox, who, leaving=YESTERDAY.isoformat()) for who in PEOPLE]
        for ticket in tickets:
            rig.service.process_ticket(ticket.id)
        (card,) = cards_of(rig.sandbox, tickets[1])
        rig.sandbox.trello.complete(card.id)

        def stand() -> list[str]:
            return [rig.service.leaver(ticket.id)["after_date"] for ticket in tickets]

        wait_until(lambda: stand() == ["still_listed", "done_but_listed", *["still_listed"] * 2])
        ids = [ticket.id for ticket in tickets]
        yield Late(rig=rig, listed=ids[0], worst=ids[1], to_settle=ids[2], to_put_off=ids[3])


@pytest.mark.parametrize(
    ("state", "outcome", "after_date", "begins"),
    [
        (State.DONE, "tech_card", "still_listed", ""),
        (State.NEEDS_PERSON, None, "still_listed", "This leaver waits for an answer."),
        (State.FAILED, "tech_card", "still_listed", "This leaver failed"),
        (State.RUNNING, "tech_card", "still_listed", "This leaver is being processed."),
        (State.DONE, "set_aside", None, "This leaver is not looked at after the leaving date now"),
    ],
)
def test_what_keeps_a_leaver_from_being_settled_is_said_as_it_is(
    state: State, outcome: str | None, after_date: str | None, begins: str
) -> None:
    leaver = replace(LEAVER, state=state, outcome=outcome, after_date=after_date)

    said = why_not_looked_at(leaver)

    assert said.startswith(begins)
    assert bool(said) == bool(begins)


def test_the_worst_comes_first_with_its_list_card_and_days(late: Late, visit: MakeVisit) -> None:
    page = visit(late.rig.service, token=OPERATORS["alice"]).get("/desk/after-the-date").text

    assert page.index(f"/desk/leavers/{late.worst}") < page.index(f"/desk/leavers/{late.listed}")
    assert "Card done, still listed" in page
    assert "config/" in page
    assert "https://trello.com/c/" in page
    assert "Working days late" in page
    assert [who.name for who in PEOPLE if who.name and who.name in page] == []


def test_an_operator_says_that_it_is_over_and_why(late: Late, visit: MakeVisit) -> None:
    alice = visit(late.rig.service, token=OPERATORS["alice"])
    path = f"after-the-date/{late.to_settle}"
    form = alice.get(f"/desk/{path}")

    without_reason = alice.see(form, path, choice="over", reason=" ")
    shown = alice.see(form, path, choice="over", reason="Removed by hand")
    before = late.rig.service.leaver(late.to_settle)["after_date"]
    settled = alice.submit(shown, f"{path}/confirm")
    page = alice.get(settled.headers["Location"])

    facts = (form.text, without_reason.text)
    assert all("config/" in text and "working day" in text for text in facts)
    assert (without_reason.status_code, page.status_code) == (422, 200)
    assert "Enter why it is over" in without_reason.text
    assert "Removed by hand" in shown.text
    assert before == "still_listed"
    assert "Your answer was recorded" in page.text
    assert f"/desk/leavers/{late.to_settle}" not in page.text
    assert late.rig.service.leaver(late.to_settle)["after_date"] == "over"
    assert "Remind later" not in alice.get(f"/desk/{path}").text
    tomorrow = {"after_date": (TODAY + timedelta(days=1)).isoformat()}
    calls = [f"/leavers/{late.to_settle}/{call}" for call in ("rerun", "preview")]
    assert [late.rig.service.post(call, tomorrow).status_code for call in calls] == [409, 409]


def test_an_operator_puts_the_next_reminder_off(late: Late, visit: MakeVisit) -> None:
    alice = visit(late.rig.service, token=OPERATORS["alice"])
    path = f"after-the-date/{late.to_put_off}"

    def put_off(days: int) -> int:
        day = TODAY + timedelta(days=days)
        form = alice.get(f"/desk/{path}")
        parts = {"day": day.day, "month": day.month, "year": day.year}
        fields = {f"remind-{part}": str(value) for part, value in parts.items()}
        page = alice.see(form, path, choice="later", **fields)
        if page.status_code == 200:
            page = alice.see(page, f"{path}/confirm")
        assert page.status_code == 200 or f'value="{day.year}"' in page.text
        return page.status_code

    assert [put_off(days) for days in (0, 61, 30)] == [422, 422, 200]
    assert "No reminder before" in alice.get("/desk/after-the-date").text


def test_who_may_only_look_settles_nothing(late: Late, visit: MakeVisit) -> None:
    eve = visit(late.rig.service, token=EVE)

    assert "Settle" not in eve.get("/desk/after-the-date").text
    assert "You can look, but not answer." in eve.get(f"/desk/after-the-date/{late.listed}").text


def test_the_report_is_a_page_with_a_download_and_names_no_leaver(
    late: Late, visit: MakeVisit
) -> None:
    alice = visit(late.rig.service, token=OPERATORS["alice"])
    days = {"first": YESTERDAY, "last": TODAY}
    query = "&".join(
        f"{end}-day={day.day}&{end}-month={day.month}&{end}-year={day.year}"
        for end, day in days.items()
    )

    page = alice.get(f"/desk/report?{query}")
    as_api = alice.get(f"/desk/report?from={YESTERDAY.isoformat()}&to={TODAY.isoformat()}")
    period = f"from={YESTERDAY.isoformat()}&to={TODAY.isoformat()}"
    files = {
        form: alice.get(f"/desk/report/download?{period}&format={form}") for form in ("csv", "json")
    }

    assert f"/desk/report/download?{period.replace('&', '&amp;')}&amp;format=csv" in page.text
    assert "Median time from ticket to card" in page.text
    assert f">{late.worst}</a>" in as_api.text
    # Outcomes are called as in the lists.
    assert page.text.count("Card made, tech role") == len(PEOPLE) + 1
    assert "History head: <code>" in page.text
    assert f">{late.worst}</a>" in page.text
    assert f"\r\n{late.worst}," in files["csv"].text
    assert files["csv"].headers["Content-Disposition"] == (
        f'attachment; filename="leavers-{YESTERDAY.isoformat()}-to-{TODAY.isoformat()}.csv"'
    )
    assert late.worst in [row["ticket"] for row in files["json"].json()["leavers"]]
    everything = page.text + files["csv"].text + files["json"].text
    assert [who.name for who in PEOPLE if who.name and who.name in everything] == []


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("first-day=1&first-month=11&first-year=2026", "Enter the last day"),
        (
            "first-day=2&first-month=11&first-year=2026&last-day=1&last-month=11&last-year=2026",
            "The last day must be the same as or after the first day",
        ),
        (
            "first-day=31&first-month=11&first-year=2026&last-day=1&last-month=12&last-year=2026",
            "The first day must be a real date",
        ),
    ],
)
def test_a_period_that_is_none_is_explained(
    late: Late, visit: MakeVisit, query: str, said: str
) -> None:
    page = visit(late.rig.service, token=OPERATORS["alice"]).get(f"/desk/report?{query}")

    assert (page.status_code, said in page.text) == (422, True)


def test_nobody_downloads_a_report_without_signing_in(late: Late, visit: MakeVisit) -> None:
    answer = visit(late.rig.service).get("/desk/report/download?from=2026-11-01&to=2026-11-30")

    assert (answer.status_code, "/sign-in" in answer.headers["Location"]) == (303, True)


@pytest.mark.parametrize("width", [1100, 320])
def test_the_pages_are_accessible_and_fit(late: Late, open_desk: OpenDesk, width: int) -> None:
    desk = open_desk(late.rig.service, width=width).sign_in()
    desk.open(f"after-the-date/{late.listed}")
    desk.page.get_by_label("Why is it over?").fill("Removed by hand")
    desk.press("It is over")
    desk.page.get_by_role("heading", name="Check your answer").wait_for()
    found = check(desk, "confirm")
    for path in (
        "after-the-date",
        "after-the-date?settled=1",
        f"after-the-date/{late.listed}",
        f"leavers/{late.listed}",
        "report",
        f"report?{WHOLE_YEAR}",
        "report?first-day=x",
    ):
        found += check(desk.open(path), path)

    assert found == []
