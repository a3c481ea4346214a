"""Urgent leavers: a message when the card is made or moved, and a question until it is answered."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from integrations.sandbox import Sandbox
from service.domain.urgent import UrgentRules
from service.records.database import Database
from service.records.message_retries import MOST_TRIES
from service.records.notices import NoticeRecords
from service.records.pull_request_notices import PullRequestNotices
from service.records.urgent import UrgentCards
from service.upkeep.notifications import MessageLinks, Notifier, Target
from tests.conftest import StartService
from tests.support.leaver_rows import insert_leaver
from tests.support.receiver import Receiver
from tests.support.running import wait_until
from tests.support.tickets import ADA, add_ticket, cards_of

RULES = UrgentRules(
    within=timedelta(hours=24), due_time=time(17), repeat_at=time(9), timezone="Europe/London"
)
# A Thursday; the day after the Friday are a weekend and, on the Monday, a bank holiday.
THURSDAY = datetime(2026, 4, 30, 16, 30, tzinfo=UTC)
FRIDAY, SATURDAY, MONDAY, TUESDAY = (THURSDAY + timedelta(days=days) for days in (1, 2, 4, 5))
QUESTION = "Urgent: 1 leaver needs a person: Two people fit"


class Inbox:
    """Takes messages, or refuses them; the clock is set by hand."""

    def __init__(self, tables: Database, *, accepts: bool = True) -> None:
        self.accepts = accepts
        self.messages: list[tuple[str, str]] = []
        self._now = THURSDAY
        self._notifier = Notifier(
            NoticeRecords(tables),
            UrgentCards(tables),
            PullRequestNotices(tables),
            [Target(key="inbox", send=self._take)],
            links=MessageLinks(ticket="https://z.example/{}"),
            urgent=RULES,
            clock=lambda: self._now,
        )

    def _take(self, title: str, text: str) -> bool:
        self.messages.append((title, text))
        return self.accepts

    def at(self, now: datetime) -> list[str]:
        """Send at an instant; return the titles of the messages that came."""
        before = len(self.messages)
        self._now = now
        self._notifier.send()
        return [title for title, _ in self.messages[before:]]


def put(tables: Database, ticket_id: int = 1, **columns: Any) -> None:
    """A leaver that waits for a person since just now, unless something else is said."""
    given = {"state": "needs_person", "reason": "Two people fit.", "name": "Jane Doe"} | columns
    with tables.transaction() as connection:
        insert_leaver(connection, ticket_id, **given)


def made(**columns: Any) -> dict[str, Any]:
    """The card that a leaver has."""
    return {"card_id": "5f", "url": "https://trello.com/c/iK30ThVk"} | columns


def change(tables: Database, assignments: str, *values: object, table: str = "leavers") -> None:
    with tables.transaction() as connection:
        connection.execute(f"UPDATE {table} SET {assignments}", values)  # noqa: S608


def test_a_question_about_an_urgent_leaver_comes_at_once_and_each_working_day(
    tables: Database,
) -> None:
    inbox = Inbox(tables)
    put(tables, leaving_date=date(2026, 5, 1))

    came = {
        "thursday": inbox.at(THURSDAY),
        "thursday again": inbox.at(THURSDAY + timedelta(hours=1)),
        "friday, too early": inbox.at(FRIDAY.replace(hour=7)),
        "friday": inbox.at(FRIDAY),
        "friday again": inbox.at(FRIDAY + timedelta(minutes=1)),
        "saturday": inbox.at(SATURDAY),
        "bank holiday": inbox.at(MONDAY),
        "tuesday": inbox.at(TUESDAY),
    }

    assert {when: titles for when, titles in came.items() if titles} == {
        "thursday": [QUESTION],
        "friday": [QUESTION],
        "tuesday": [QUESTION],
    }
    assert "Jane" not in str(inbox.messages)


def test_an_answered_question_is_not_repeated(tables: Database) -> None:
    inbox = Inbox(tables)
    put(tables, leaving_date=date(2026, 5, 1))
    inbox.at(THURSDAY)

    change(tables, "state = 'queued'")

    assert inbox.at(FRIDAY) == []


def test_a_question_becomes_urgent_while_it_waits(tables: Database) -> None:
    inbox = Inbox(tables)
    put(tables, leaving_date=date(2026, 5, 2))

    first = inbox.at(THURSDAY)
    change(tables, "updated_at = now() - interval '2 days'")

    assert first == ["1 leaver needs a person: Two people fit"]
    # Friday at 17:30: the leaver is due tomorrow at 17:00.
    assert inbox.at(FRIDAY) == [QUESTION]


@pytest.mark.parametrize(
    ("columns", "is_urgent"),
    [
        ({"leaving_date": date(2026, 5, 1)}, True),
        ({"leaving_date": date(2026, 5, 2)}, False),
        ({"leaving_date": date(2026, 1, 1)}, True),
        ({"leaving_date": None}, False),
        # The card's date beats the ticket's.
        ({"leaving_date": date(2026, 5, 1), "card": made(due=TUESDAY)}, False),
        ({"leaving_date": date(2026, 6, 1), "card": made(due=FRIDAY)}, True),
        # Only a question is urgent; what failed is reported as ever.
        ({"leaving_date": date(2026, 5, 1), "state": "failed"}, False),
    ],
)
def test_a_leaver_is_urgent_whose_due_time_is_near_or_past(
    tables: Database, columns: dict[str, Any], *, is_urgent: bool
) -> None:
    inbox = Inbox(tables)
    put(tables, **columns)

    (title,) = inbox.at(THURSDAY)

    assert title.startswith("Urgent: ") == is_urgent


def test_a_date_that_somebody_wrote_later_makes_the_question_urgent(tables: Database) -> None:
    inbox = Inbox(tables)
    put(tables, leaving_date=date(2026, 6, 1), card=made(due=datetime(2026, 6, 1, 16, tzinfo=UTC)))
    with tables.transaction() as connection:
        connection.execute(
            "INSERT INTO later (ticket_id, prepared_date) VALUES (1, %s)", (date(2026, 5, 1),)
        )

    assert inbox.at(THURSDAY) == [QUESTION]


def test_a_question_about_somebody_whose_access_is_over_is_not_urgent(tables: Database) -> None:
    inbox = Inbox(tables)
    put(tables, leaving_date=date(2026, 1, 1))
    with tables.transaction() as connection:
        connection.execute("INSERT INTO after_date (ticket_id, status) VALUES (1, 'over')")

    assert [*inbox.at(THURSDAY), *inbox.at(FRIDAY)] == ["1 leaver needs a person: Two people fit"]


CARD: dict[str, Any] = {
    "state": "done",
    "outcome": "tech_card",
    "reason": None,
    "card": made(due=FRIDAY, urgent_due=FRIDAY),
}


def test_an_urgent_card_is_one_message_with_the_tickets_number(tables: Database) -> None:
    inbox = Inbox(tables)
    put(tables, 12345, **CARD)

    for _ in range(3):
        inbox.at(THURSDAY)

    assert inbox.messages == [
        (
            "Urgent: 1 card is due soon or overdue",
            "12345: the card is due 1 May 2026, 17:30. https://z.example/12345",
        )
    ]


def test_a_card_that_is_moved_again_is_another_message(tables: Database) -> None:
    inbox = Inbox(tables)
    put(tables, **CARD)
    inbox.at(THURSDAY)

    # About to be moved: until the card has the date, nothing is said.
    change(tables, "urgent_due = %s", THURSDAY, table="cards")
    before = inbox.at(THURSDAY)
    change(tables, "due = %s", THURSDAY, table="cards")

    assert (before, len(inbox.at(THURSDAY))) == ([], 1)


@pytest.mark.parametrize(
    "changes",
    [
        {"outcome": "set_aside"},
        {"card": {"urgent_due": FRIDAY}},
        {"card": made(due=TUESDAY, urgent_due=FRIDAY)},
    ],
)
def test_no_word_of_a_card_that_is_not_urgent_or_not_there(
    tables: Database, changes: dict[str, Any]
) -> None:
    inbox = Inbox(tables)
    put(tables, **CARD | changes)

    assert inbox.at(THURSDAY) == []


def test_a_refused_message_about_a_card_is_tried_some_times_and_then_given_up(
    tables: Database,
) -> None:
    inbox = Inbox(tables, accepts=False)
    put(tables, **CARD)

    for _ in range(MOST_TRIES + 3):
        inbox.at(THURSDAY)
        inbox.at(THURSDAY)
        with tables.transaction() as connection:
            connection.execute(
                "UPDATE urgent_notices SET next_try_at = now() WHERE next_try_at IS NOT NULL"
            )

    assert len(inbox.messages) == MOST_TRIES


def test_a_service_says_once_that_an_urgent_card_was_made_and_once_that_it_was_moved(
    start_service: StartService, sandbox: Sandbox, receiver: Receiver
) -> None:
    label = sandbox.trello.add_label("Urgent", "red")
    service = start_service(
        NOTIFY_URLS=f"json://127.0.0.1:{receiver.port}", URGENT_LABEL="urgent", AFTER_DATE="false"
    )
    today = datetime.now(UTC).date()

    def said() -> list[str]:
        return [text["message"] for text in receiver.texts if "Urgent" in text["title"]]

    ticket = add_ticket(sandbox, ADA, leaving=(today + timedelta(days=30)).isoformat())
    service.process_ticket(ticket.id)
    (card,) = cards_of(sandbox, ticket)
    far = (said(), card.label_ids)
    service.rerun(ticket.id, leaving_date=today.isoformat())
    wait_until(lambda: len(said()) == 1)
    service.rerun(ticket.id)
    service.rerun(ticket.id, leaving_date=(today - timedelta(days=1)).isoformat())
    wait_until(lambda: len(said()) == 2)

    assert label not in far[1]
    assert far[0] == []
    assert label in card.label_ids
    assert sandbox.trello.cards(list_id=card.list_id, templates=True)[0].id == card.id
    assert all(message.startswith(f"{ticket.id}: the card is due ") for message in said())
    assert "ada" not in str(receiver.texts).casefold()
