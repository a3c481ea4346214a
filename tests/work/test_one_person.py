"""Tickets of one person, run at once: one goes for the card, the others wait for it alone."""

from collections.abc import Iterator

import pytest

from integrations.sandbox.postgres import Postgres
from service.domain.cards import Sibling
from service.domain.history import HistoryEvent
from service.domain.reasons import Reason, ReasonCode
from service.records.cards import CardRecords, late_write
from service.records.database import Database, ensure_schema
from service.records.leaver import State
from service.records.run import Result, Run
from service.records.runs import Runs

ALL_TICKETS = (1, 2, 3)
PERSON = {"a digest of the person"}
DOWN = Reason(ReasonCode.TRELLO_FAILING, "Trello is down.")


@pytest.fixture
def database(postgres: Postgres) -> Iterator[Database]:
    """Three tickets whose earlier runs found the same person, and that are run again at once."""
    url = postgres.create_database()
    ensure_schema(url)
    database = Database(url, most_connections=2)
    database.open()
    with database.transaction() as connection:
        connection.execute(
            "INSERT INTO leavers (ticket_id, person_keys) SELECT id, %s FROM unnest(%s) AS id",
            (sorted(PERSON), list(ALL_TICKETS)),
        )
        connection.execute("INSERT INTO runs (ticket_id) SELECT ticket_id FROM leavers")
    yield database
    database.close()


@pytest.fixture
def runs(database: Database) -> Runs:
    return Runs(database)


@pytest.fixture
def cards(database: Database) -> CardRecords:
    return CardRecords(database)


def siblings(*ticket_ids: int) -> tuple[Sibling, ...]:
    return tuple(Sibling(ticket_id=ticket_id) for ticket_id in ticket_ids)


def begun(runs: Runs, ticket_id: int) -> Run:
    run = runs.begin(ticket_id)
    assert run
    return run


def test_only_the_ticket_that_has_claimed_the_person_is_waited_for(
    runs: Runs, cards: CardRecords
) -> None:
    first, second, third = (begun(runs, ticket_id) for ticket_id in ALL_TICKETS)

    claims = [cards.claim_person(run, PERSON) for run in (second, first, third)]

    assert claims == [siblings(1, 3), None, None]


def test_the_end_of_a_run_ends_its_claim(runs: Runs, cards: CardRecords) -> None:
    first, second = begun(runs, 1), begun(runs, 2)
    cards.claim_person(first, PERSON)
    runs.put_off(first, pause=60, reason=DOWN, counts=True)
    after_a_pause = cards.claim_person(second, PERSON)
    runs.end(second, Result(state=State.DONE), event=HistoryEvent.DONE)

    after_the_end = cards.claim_person(begun(runs, 3), PERSON)

    assert after_a_pause == siblings(1, 3)
    assert after_the_end == siblings(1, 2)


def test_a_card_that_may_still_land_is_waited_for_after_the_run(
    runs: Runs, cards: CardRecords
) -> None:
    first, second = begun(runs, 1), begun(runs, 2)
    cards.claim_person(first, PERSON)
    cards.record_sent(first)
    runs.put_off(first, pause=60, reason=DOWN, counts=True)

    assert cards.claim_person(second, PERSON) is None


@pytest.mark.parametrize(("longest_call", "seconds"), [(1, 35), (4, 35), (10, 41), (60, 91)])
def test_a_late_write_is_waited_for_as_long_as_it_may_be_sent_and_carried_out(
    longest_call: float, seconds: float
) -> None:
    assert late_write(longest_call).total_seconds() == seconds
