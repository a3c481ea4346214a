"""The state diagram in docs/api.md shows every way that a leaver can go, and no other."""

import asyncio
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial

import pytest

from service.domain.history import HistoryEvent, SweepReason
from service.domain.reasons import Reason, ReasonCode
from service.records.database import AsyncConnection, Database, ensure_schema, make_async_pool
from service.records.intake import Intake
from service.records.leaver import State
from service.records.run import Result, Run
from service.records.runs import MOST_CRASHES, Runs

EDGE = re.compile(r"^ *(\[\*\]|\w+) --> (\w+):", re.MULTILINE)
BEGINNING = "[*]"
DOWN = Reason(ReasonCode.GITHUB_FAILING, "GitHub is down.")

Finish = Callable[[Run], None]


class Record:
    """One leaver's record, put into any state and then led on by the service's own steps."""

    def __init__(self, url: str) -> None:
        ensure_schema(url)
        self.url = url
        # Another one for each beginning: a leaver with a history is never deleted.
        self.ticket = 12345
        self.database = Database(url, most_connections=2)
        self.runs = Runs(self.database)

    @property
    def state(self) -> str:
        """The state that it is in; the diagram's beginning if there is no record."""
        with self.database.transaction() as connection:
            row = connection.execute(
                "SELECT state FROM leavers WHERE ticket_id = %s", (self.ticket,)
            ).fetchone()
        return str(row["state"]) if row else BEGINNING

    def put_into(self, state: str, *, crashes: int = 0) -> Run | None:
        """Begin again in a state; return the run if one is under way."""
        self.ticket += 1
        if state == BEGINNING:
            return None
        with self.database.transaction() as connection:
            for table in ("leavers", "runs"):
                connection.execute(
                    f"INSERT INTO {table} (ticket_id) VALUES (%s)",  # noqa: S608 - our own names
                    (self.ticket,),
                )
        run = self.runs.begin(self.ticket)
        with self.database.transaction() as connection:
            connection.execute(
                "UPDATE leavers SET state = %s WHERE ticket_id = %s", (state, self.ticket)
            )
            connection.execute(
                "UPDATE runs SET crashes = %s WHERE ticket_id = %s", (crashes, self.ticket)
            )
        return run if state == State.RUNNING else None

    def accept(self, asker: str) -> None:
        """Take the ticket in: from Zendesk, from the sweep or from an operator."""

        async def store_no_job(_: AsyncConnection, __: Sequence[int]) -> None:
            pass

        async def take_in() -> None:
            async with make_async_pool(self.url, most_connections=2) as pool:
                intake = Intake(pool, store_no_job, is_dry_run=False)
                match asker:
                    case "Zendesk":
                        await intake.from_webhook(self.ticket)
                    case "the sweep":
                        await intake.from_sweep(self.ticket, why=SweepReason.NO_WEBHOOK)
                    case operator:
                        await intake.from_operator(self.ticket, operator=operator, corrections={})

        asyncio.run(take_in())

    @contextmanager
    def opened(self) -> Iterator["Record"]:
        """Connect, and give the connections back at the end."""
        self.database.open()
        try:
            yield self
        finally:
            self.database.close()


@pytest.fixture
def record(database_url: str) -> Iterator[Record]:
    with Record(database_url).opened() as record:
        yield record


def ways_of(record: Record) -> Iterator[tuple[str, str]]:
    """Take every step in every state in which it can be taken; give the states around it."""
    for state in (BEGINNING, *State):
        for asker in ("Zendesk", "the sweep", "alice"):
            record.put_into(state)
            record.accept(asker)
            yield state, record.state
    for state, crashes in [*((state, 0) for state in State), (State.RUNNING, MOST_CRASHES)]:
        record.put_into(state, crashes=crashes)
        record.runs.begin(record.ticket)
        yield state, record.state
    for finish in finishes(record.runs):
        for is_asked_for_again in (False, True):
            run = record.put_into(State.RUNNING)
            assert run
            if is_asked_for_again:
                record.accept("alice")
            finish(run)
            yield State.RUNNING, record.state


def finishes(runs: Runs) -> list[Finish]:
    """Return every way in which a run is given up or ended."""

    def ended(state: State, run: Run) -> None:
        runs.end(run, Result(state=state), event=HistoryEvent.DONE)

    def put_off(run: Run) -> None:
        runs.put_off(run, pause=60, reason=DOWN, counts=True)

    ends = (State.DONE, State.NEEDS_PERSON, State.FAILED)
    return [put_off, runs.release, *(partial(ended, state) for state in ends)]


def test_the_diagram_has_the_ways_that_a_leaver_can_go(
    documents: dict[str, str], record: Record
) -> None:
    shown = set(EDGE.findall(documents["docs/api.md"]))

    taken = {(str(before), str(after)) for before, after in ways_of(record) if before != after}

    assert shown == taken
