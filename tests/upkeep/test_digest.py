"""The message of the day: when it goes out, once for all workers, and what is in it."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from integrations.sandbox import Sandbox
from integrations.sandbox.postgres import Postgres
from service.domain.after_date import AfterDateRules
from service.domain.working_time import is_working_day
from service.records.database import Database
from service.records.digests import MOST_TRIES, Digests
from service.upkeep.digest import DailyDigest
from service.upkeep.notifications import Target
from tests.conftest import StartService
from tests.support.receiver import Receiver
from tests.support.running import wait_until
from tests.support.tickets import ADA, add_ticket

RULES = AfterDateRules(steps=(1,), until_days=60, due_time=time(17), timezone="Europe/London")
# In summer, local time is an hour ahead of UTC; the 1 June 2026 is a Monday.
MONDAY = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
TUESDAY, SATURDAY = MONDAY + timedelta(days=1), MONDAY + timedelta(days=5)


class Inbox:
    """Takes the messages of the day at instants that are set by hand."""

    def __init__(self, tables: Database, *, accepts: bool = True) -> None:
        self.accepts = accepts
        self.messages: list[tuple[str, str]] = []
        self.meanwhile: Callable[[], None] = lambda: None
        self._tables = tables

    def at(self, now: datetime) -> int:
        """Look whether it is time, as a worker does; return how many messages came."""
        before = len(self.messages)
        DailyDigest(
            Digests(self._tables),
            [Target(key="inbox", send=self._take)],
            at=time(9),
            rules=RULES,
            link="https://l.example/desk/after-the-date",
            clock=lambda: now,
        ).send()
        return len(self.messages) - before

    def _take(self, title: str, text: str) -> bool:
        self.messages.append((title, text))
        self.meanwhile()
        return self.accepts


def stand(tables: Database, ticket_id: int, status: str, **columns: Any) -> None:
    """Let a leaver stand so since just now."""
    with tables.transaction() as connection:
        connection.execute(
            "INSERT INTO leavers (ticket_id, state, outcome, name)"
            " VALUES (%s, 'done', %s, 'Jane Doe')",
            (ticket_id, columns.pop("outcome", "tech_card")),
        )
        connection.execute(
            "INSERT INTO after_date (ticket_id, status, came_back_at) VALUES (%s, %s, %s)",
            (ticket_id, status, columns.pop("came_back_at", None)),
        )


def test_it_goes_out_once_a_working_day_from_its_local_time_on(tables: Database) -> None:
    inbox = Inbox(tables)
    stand(tables, 4001, "still_listed")

    came = [inbox.at(MONDAY - timedelta(minutes=1)), inbox.at(MONDAY), inbox.at(MONDAY)]

    assert came == [0, 1, 0]
    assert inbox.messages == [
        (
            "Leavers: 1 open after the leaving date",
            "1 still in the access lists: 4001 (new)\nhttps://l.example/desk/after-the-date",
        )
    ]


def test_there_is_none_on_a_day_off(tables: Database) -> None:
    inbox = Inbox(tables)
    stand(tables, 4001, "still_listed")

    assert [inbox.at(SATURDAY), inbox.at(datetime(2026, 5, 25, 12, tzinfo=UTC))] == [0, 0]


def test_without_news_it_goes_out_on_mondays_alone(tables: Database) -> None:
    inbox = Inbox(tables)
    stand(tables, 4001, "still_listed")

    days = [inbox.at(MONDAY + timedelta(days=days)) for days in (0, 1, 2, 7)]

    assert days == [1, 0, 0, 1]
    assert "(new)" not in inbox.messages[-1][1]


def test_after_a_bank_holiday_the_weeks_first_working_day_is_the_mondays(tables: Database) -> None:
    inbox = Inbox(tables)
    stand(tables, 4001, "still_listed")
    inbox.at(datetime(2026, 8, 24, 8, tzinfo=UTC))

    # The last Monday of August is one.
    days = [inbox.at(datetime(2026, 8, 31, 8, tzinfo=UTC) + timedelta(days=n)) for n in range(4)]

    assert days == [0, 1, 0, 0]


@pytest.mark.parametrize(
    ("sunday", "nine"),
    [
        # The clocks go back, and forward: 09:00 on the Monday is another hour in UTC.
        (datetime(2026, 10, 25, tzinfo=UTC), 9),
        (datetime(2026, 3, 29, tzinfo=UTC), 8),
    ],
)
def test_the_morning_after_a_clock_change_it_goes_out_at_the_local_time(
    tables: Database, sunday: datetime, nine: int
) -> None:
    inbox = Inbox(tables)
    stand(tables, 4001, "still_listed")
    at_nine = sunday + timedelta(days=1, hours=nine)

    came = [inbox.at(sunday + timedelta(hours=12)), inbox.at(at_nine - timedelta(minutes=1))]

    assert [*came, inbox.at(at_nine)] == [0, 0, 1]


def test_something_new_goes_out_on_the_next_working_day(tables: Database) -> None:
    inbox = Inbox(tables)
    stand(tables, 4001, "still_listed")
    inbox.at(MONDAY)

    stand(tables, 4002, "done_but_listed")

    assert inbox.at(TUESDAY) == 1
    assert "4002 (new)" in inbox.messages[-1][1]
    assert "4001 (new)" not in inbox.messages[-1][1]


def test_what_happens_while_a_message_is_sent_is_in_the_next_one(tables: Database) -> None:
    inbox = Inbox(tables)
    stand(tables, 4001, "still_listed")
    inbox.meanwhile = lambda: stand(tables, 4002, "unfinished")
    inbox.at(MONDAY)
    inbox.meanwhile = lambda: None

    assert inbox.at(TUESDAY) == 1
    assert "4002 (new)" in inbox.messages[-1][1]


def test_somebody_who_came_back_is_in_it(tables: Database) -> None:
    inbox = Inbox(tables)
    stand(tables, 4001, "over", came_back_at=datetime.now(UTC))

    assert inbox.at(TUESDAY) == 1
    assert "in the access lists again: 4001" in inbox.messages[0][1]


@pytest.mark.parametrize(
    ("status", "outcome"), [("over", "tech_card"), ("still_listed", "set_aside")]
)
def test_nothing_is_sent_about_who_is_over_or_set_aside(
    tables: Database, status: str, outcome: str
) -> None:
    inbox = Inbox(tables)
    stand(tables, 4001, status, outcome=outcome)

    assert inbox.at(MONDAY) == 0


def test_a_refused_message_is_tried_some_times_and_then_left_to_the_next_day(
    tables: Database,
) -> None:
    inbox = Inbox(tables, accepts=False)
    stand(tables, 4001, "still_listed")

    def hurry() -> None:
        with tables.transaction() as connection:
            connection.execute("UPDATE digests SET next_try_at = now()")

    at_once = [inbox.at(MONDAY), inbox.at(MONDAY)]
    for _ in range(MOST_TRIES + 2):
        hurry()
        inbox.at(MONDAY)

    assert (at_once, len(inbox.messages)) == ([1, 0], MOST_TRIES)
    inbox.accepts = True
    assert inbox.at(TUESDAY) == 1


def test_workers_send_it_once_and_on_working_days_alone(
    start_service: StartService,
    sandbox: Sandbox,
    receiver: Receiver,
    postgres: Postgres,
    with_tables: str,
) -> None:
    url = postgres.create_database(template=with_tables)
    tables = Database(url, most_connections=1)
    tables.open()
    stand(tables, 987654, "still_listed")
    tables.close()
    settings = {
        "DATABASE_URL": url,
        "NOTIFY_URLS": f"json://127.0.0.1:{receiver.port}",
        "DIGEST_AT": "00:00",
        "AFTER_DATE_STEPS": "",
    }
    today = datetime.now(UTC).date()
    services = [start_service(**settings), start_service(**settings)]

    def digests() -> list[str]:
        return [
            one["message"] for one in receiver.texts if "after the leaving date" in one["title"]
        ]

    if is_working_day(today):
        wait_until(lambda: bool(digests()))
    # Whatever else would be sent is sent before this one.
    ticket = add_ticket(sandbox, ADA, leaving=None)
    services[1].process_ticket(ticket.id)
    wait_until(lambda: any(str(ticket.id) in str(one) for one in receiver.texts))

    assert len(digests()) == int(is_working_day(today))
    assert "Jane" not in str(receiver.texts)
