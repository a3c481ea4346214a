"""The days after the leaving date as operators see them: API, page, report and its command."""

import csv
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from integrations.sandbox.zendesk_tickets import SandboxTicket
from tests.conftest import OpenRig
from tests.support.crowd import crowd, list_crowd
from tests.support.lists import OTHER_FILE, person
from tests.support.rig import Rig
from tests.support.running import events_of, wait_until
from tests.support.tickets import Who, add_ticket, cards_of

PEOPLE = crowd(8)
NORA = Who(name="Nora Nightingale", email="nora.nightingale@digital.cabinet-office.gov.uk")
TODAY = datetime.now(UTC).date()
YESTERDAY = (TODAY - timedelta(days=1)).isoformat()


@pytest.fixture(scope="module")
def rig(open_rig: OpenRig) -> Iterator[Rig]:
    with open_rig(SWEEP_EVERY_SECONDS="1", DAILY_LIMIT="1000") as rig:
        list_crowd(rig.sandbox, PEOPLE)
        yield rig


def due_yesterday(rig: Rig, number: int) -> SandboxTicket:
    """A processed ticket about somebody who left yesterday and is still listed."""
    ticket = add_ticket(rig.sandbox, PEOPLE[number], leaving=YESTERDAY)
    rig.service.process_ticket(ticket.id)
    return ticket


def stands(rig: Rig, ticket: SandboxTicket, status: str | None) -> None:
    """Wait until a leaver stands so."""
    wait_until(lambda: rig.service.leaver(ticket.id)["after_date"] == status)


def test_a_running_service_shows_in_the_api_who_is_still_listed(rig: Rig) -> None:
    ticket = due_yesterday(rig, 0)
    stands(rig, ticket, "still_listed")

    found = rig.service.get("/leavers?after_date=still_listed").json()["leavers"]
    others = rig.service.get("/leavers?after_date=over").json()["leavers"]

    assert ticket.id in [one["ticket_id"] for one in found]
    assert ticket.id not in [one["ticket_id"] for one in others]
    assert "after_date" in events_of(rig.service.leaver(ticket.id))
    assert rig.service.preview(ticket.id)["after_date"] == "still_listed"
    assert rig.service.preview(ticket.id, set_aside="cancelled")["after_date"] is None
    assert rig.service.preview(ticket.id, after_date="over")["after_date"] == "over"
    ahead = (datetime.now(UTC).date() + timedelta(days=9)).isoformat()
    assert rig.service.preview(ticket.id, leaving_date=ahead)["after_date"] is None
    assert rig.service.leaver(ticket.id)["after_date"] == "still_listed"


def test_a_card_that_is_done_makes_it_worse(rig: Rig) -> None:
    ticket = due_yesterday(rig, 1)
    (card,) = cards_of(rig.sandbox, ticket)
    rig.sandbox.trello.complete(card.id)

    stands(rig, ticket, "done_but_listed")
    wait_until(lambda: len(card.comments) == 1)


def test_an_operators_word_ends_the_looks_without_a_run(rig: Rig) -> None:
    ticket = due_yesterday(rig, 2)
    stands(rig, ticket, "still_listed")

    answer = rig.service.post(f"/leavers/{ticket.id}/rerun", {"after_date": "over"})

    leaver = rig.service.leaver(ticket.id)
    assert (answer.status_code, answer.json()["state"]) == (202, "done")
    assert (leaver["after_date"], leaver["history"][-1]["event"]) == ("over", "said_over")
    assert leaver["history"][-1]["by"] == "alice"


def test_a_reminder_may_be_put_off_by_at_most_sixty_days(rig: Rig) -> None:
    ticket = due_yesterday(rig, 3)

    def put_off(days: int) -> int:
        day = (datetime.now(UTC).date() + timedelta(days=days)).isoformat()
        return rig.service.post(f"/leavers/{ticket.id}/rerun", {"after_date": day}).status_code

    assert [put_off(days) for days in (-1, 61, 30)] == [422, 422, 202]
    assert rig.service.leaver(ticket.id)["history"][-1]["event"] in {"remind_later", "after_date"}


@pytest.mark.parametrize(
    "body",
    [
        {"after_date": "soon"},
        {"after_date": "over", "name": "Jane Doe"},
        {"after_date": 7},
    ],
)
def test_a_word_that_will_not_do_is_refused(rig: Rig, body: dict[str, object]) -> None:
    assert rig.service.post("/leavers/4001/rerun", body).status_code == 422


def test_a_word_about_a_leaver_without_a_card_is_refused(rig: Rig) -> None:
    unknown = rig.service.post("/leavers/987654/rerun", {"after_date": "over"})

    assert unknown.status_code == 404


def test_the_report_has_a_row_a_leaver_and_names_nobody(rig: Rig) -> None:
    ticket = due_yesterday(rig, 4)
    stands(rig, ticket, "still_listed")
    period = f"from={YESTERDAY}&to={TODAY.isoformat()}"

    found = rig.service.get(f"/report?{period}").json()
    as_csv = rig.service.get(f"/report?{period}&format=csv").text

    (row,) = [one for one in found["leavers"] if one["ticket"] == ticket.id]
    assert (row["outcome"], row["after_date"]) == ("tech_card", "still_listed")
    assert row["card_made"] is not None
    assert str(ticket.id) in [line[0] for line in csv.reader(as_csv.splitlines()) if line]
    # Other lines may have come meanwhile: the head moves on with them.
    assert as_csv.splitlines()[-1].startswith("# history head: ")
    assert (PEOPLE[4].name or "") not in json.dumps(found) + as_csv


@pytest.mark.parametrize(
    "query",
    [
        *("", "from=2026-11-01", "from=2026-11-30&to=2026-11-01", "from=x&to=y", "a=b"),
        *("from=0001-01-01&to=2026-11-30", "from=2026-11-01&to=9999-12-31"),
    ],
)
def test_a_period_that_is_none_is_refused(rig: Rig, query: str) -> None:
    assert rig.service.get(f"/report?{query}").status_code == 422


def test_the_report_is_for_operators_alone(rig: Rig) -> None:
    answer = rig.service.get("/report?from=2026-11-01&to=2026-11-30", token=None)

    assert answer.status_code == 401


def test_somebody_listed_by_the_leaving_date_is_asked_about_until_somebody_answers(
    rig: Rig,
) -> None:
    ticket = add_ticket(rig.sandbox, NORA, leaving=(TODAY + timedelta(days=90)).isoformat())
    nobody = rig.service.process_ticket(ticket.id)
    notes = len(ticket.notes)
    listed = rig.sandbox.github.files()[OTHER_FILE] + person(NORA.name or "", NORA.email or "")
    rig.sandbox.github.put_file(OTHER_FILE, listed)
    with psycopg.connect(rig.service.environment["DATABASE_URL"]) as connection:
        connection.execute(
            "UPDATE leavers SET leaving_date = %s WHERE ticket_id = %s", (YESTERDAY, ticket.id)
        )

    asked = rig.service.wait_for(ticket.id, "needs_person")
    # The ticket is solved, and stays so: no later sweep and no webhook takes the question back.
    rig.service.deliver(ticket.id)
    wait_for_sweeps(rig)
    still = rig.service.leaver(ticket.id)
    untouched = (len(ticket.notes), "leaver_needs_person" in ticket.tags)
    answered = rig.service.rerun(ticket.id, entry=asked["candidates"][0]["id"])

    assert (nobody["outcome"], asked["reason_code"]) == ("no_access", "listed_by_now")
    assert (still["state"], still["reason_code"]) == ("needs_person", "listed_by_now")
    assert untouched == (notes, False)
    assert (answered["state"], answered["outcome"]) == ("done", "non_tech_card")


def wait_for_sweeps(rig: Rig, *, number: int = 2) -> None:
    """Wait until so many sweeps have begun from now on."""

    def searches() -> int:
        return sum("search" in one.path for one in rig.sandbox.requests("zendesk"))

    # One sweep searches three times.
    enough = searches() + 3 * number + 1
    wait_until(lambda: searches() >= enough)


def test_a_card_that_is_due_soon_or_was_due_lies_at_the_top_of_its_list(rig: Rig) -> None:
    ticket = due_yesterday(rig, 5)

    (card,) = cards_of(rig.sandbox, ticket)

    on_list = rig.sandbox.trello.cards(list_id=card.list_id, templates=True)
    assert min(on_list, key=lambda one: one.pos).id == card.id
