"""The history: it is added to and nothing else, and whatever was changed all the same shows."""

import threading
from datetime import timedelta

import psycopg
import pytest

from service.domain.history import HistoryEvent, HistoryLine, correction
from service.records.database import Database
from service.records.history import HistoryChain, record
from service.records.removed import RemovedRecords
from service.records.retention import Retention

TICKETS = range(1, 6)


@pytest.fixture
def chain(tables: Database) -> HistoryChain:
    """The history of some leavers, three lines each."""
    with tables.transaction() as connection:
        connection.execute(
            "INSERT INTO leavers (ticket_id, state, finished_at) SELECT number, 'done',"
            " now() - interval '1 year' FROM unnest(%s) AS number",
            (list(TICKETS),),
        )
    for ticket_id in TICKETS:
        with tables.transaction() as connection:
            record(connection, ticket_id, HistoryLine(event=HistoryEvent.RECEIVED), by="Zendesk")
            record(connection, ticket_id, correction("name", "Jane Doe"), by="alice")
        with tables.transaction() as connection:
            record(connection, ticket_id, HistoryLine(event=HistoryEvent.DONE))
    return HistoryChain(tables)


def tamper(tables: Database, sql: str) -> None:
    """Change the tables as their owner can, past their own guard."""
    with tables.transaction() as connection:
        connection.execute("SET LOCAL session_replication_role = replica")
        connection.execute(sql)


def test_an_empty_history_has_no_head_and_nothing_broken(tables: Database) -> None:
    chain = HistoryChain(tables)

    assert (chain.head(), chain.first_broken()) == (None, None)


def test_what_was_written_and_not_changed_is_whole(chain: HistoryChain) -> None:
    head = chain.head()

    assert chain.first_broken() is None
    assert head is not None
    assert len(head) == 64


def test_every_line_moves_the_head(chain: HistoryChain, tables: Database) -> None:
    before = chain.head()

    with tables.transaction() as connection:
        record(connection, 1, HistoryLine(event=HistoryEvent.RECEIVED_AGAIN), by="Zendesk")

    assert chain.head() != before


@pytest.mark.parametrize(
    ("sql", "position"),
    [
        ("UPDATE history SET by = 'bob' WHERE id = (SELECT min(id) + 4 FROM history)", 5),
        ("UPDATE history SET event = 'done' WHERE id = (SELECT min(id) FROM history)", 1),
        ("UPDATE history SET at = at + interval '1 second' WHERE ticket_id = 2", 4),
        ("UPDATE history SET ticket_id = 1 WHERE ticket_id = 3", 7),
        ("UPDATE history SET facts = '{\"field\": \"email\"}' WHERE event = 'corrected'", 2),
        ("DELETE FROM history WHERE ticket_id = 4", 10),
        ("DELETE FROM history_chain WHERE position = 6", 7),
        ("UPDATE history_chain SET hash = 'x' WHERE position = 8", 8),
        ("INSERT INTO history (ticket_id, event, by) VALUES (1, 'done', 'alice')", None),
    ],
    ids=[
        "who did it",
        "what was done",
        "when",
        "to whom",
        "what it says",
        "a line that is gone",
        "a place that is gone",
        "a hash",
        "a line put in",
    ],
)
def test_the_first_line_that_was_changed_is_named(
    chain: HistoryChain, tables: Database, sql: str, position: int | None
) -> None:
    tamper(tables, sql)

    broken = chain.first_broken()

    assert broken
    assert broken.position == position


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE history SET by = 'bob'",
        "UPDATE history SET event = 'done'",
        "UPDATE history SET facts = '{}'",
        'UPDATE history SET personal = \'{"value": "John Roe"}\'',
        "UPDATE history SET at = now()",
        "DELETE FROM history",
        "TRUNCATE history CASCADE",
        "UPDATE history_chain SET hash = 'x'",
        "DELETE FROM history_chain",
        "TRUNCATE history_chain",
        "DELETE FROM leavers",
    ],
)
def test_the_services_own_user_can_only_add_to_the_history(
    chain: HistoryChain, tables: Database, sql: str
) -> None:
    with pytest.raises(psycopg.Error), tables.transaction() as connection:
        connection.execute(sql)

    assert chain.first_broken() is None


def test_erasing_takes_what_is_personal_and_leaves_the_chain_whole(
    chain: HistoryChain, tables: Database
) -> None:
    head = chain.head()

    removed = RemovedRecords(tables, look_back=timedelta(days=90))
    erased = Retention(tables, removed, keep_days=90, until_days=60).erase()

    with tables.transaction() as connection:
        left = connection.execute("SELECT personal::text FROM history").fetchall()
    assert erased == len(TICKETS)
    assert {row["personal"] for row in left} == {"{}"}
    assert (chain.first_broken(), chain.head()) == (None, head)


def test_an_operators_name_may_be_taken_out(chain: HistoryChain, tables: Database) -> None:
    with tables.transaction() as connection:
        connection.execute("UPDATE history SET by = 'a former operator' WHERE by = 'alice'")

    assert chain.first_broken() is None


def test_writers_at_the_same_time_make_one_chain(tables: Database, chain: HistoryChain) -> None:
    def write(ticket_id: int) -> None:
        for _ in range(20):
            with tables.transaction() as connection:
                record(connection, ticket_id, HistoryLine(event=HistoryEvent.RECEIVED_AGAIN))
                record(connection, ticket_id, HistoryLine(event=HistoryEvent.DONE))

    threads = [threading.Thread(target=write, args=(ticket_id,)) for ticket_id in TICKETS]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with tables.transaction() as connection:
        row = connection.execute("SELECT max(position) AS last FROM history_chain").fetchone()
    assert chain.first_broken() is None
    assert row == {"last": 15 + 40 * len(TICKETS)}


def test_what_was_undone_leaves_no_gap(chain: HistoryChain, tables: Database) -> None:
    with tables.transaction() as connection:
        record(connection, 1, HistoryLine(event=HistoryEvent.DONE))
        connection.rollback()

    with tables.transaction() as connection:
        record(connection, 1, HistoryLine(event=HistoryEvent.DONE))
    assert chain.first_broken() is None
