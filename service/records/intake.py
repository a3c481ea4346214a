"""Receiving a ticket: its leaver and its job are stored in one commit, before any response."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from psycopg.types.json import Jsonb

from service.domain.corrections import SetAsideAs, merge
from service.domain.history import HistoryEvent, HistoryLine, SweepReason, correction
from service.records.after_date import say_after_date
from service.records.arrivals import Arrivals, StoreJobs
from service.records.database import AsyncConnection, AsyncPool
from service.records.heard_again import note_heard
from service.records.history import SWEEP, ZENDESK, record_async
from service.records.later import IS_READ_FOR_NEWS, note_answer, want_look
from service.records.leaver import State, corrections_from_json, corrections_to_json


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """What became of a request: the leaver's state now, and whether a run is to come."""

    ticket_id: int
    state: State
    is_new: bool


class AnsweredMeanwhile(Exception):
    """Somebody has asked for another run since the operator looked: nothing was stored."""


class Intake:
    """Receives tickets from Zendesk's webhook, from operators and from the sweep.

    Args:
        pool: connections of the event loop.
        store_jobs: see `StoreJobs`.
        is_dry_run: whether the service writes nothing for now. If so, a leaver that was
            done in a dry run is still to be done.
    """

    def __init__(self, pool: AsyncPool, store_jobs: StoreJobs, *, is_dry_run: bool) -> None:
        self._pool = pool
        self._store_jobs = store_jobs
        self._arrivals = Arrivals(pool, store_jobs)
        self._is_dry_run = is_dry_run

    async def rehearse(self) -> None:
        """See `Arrivals.rehearse`."""
        await self._arrivals.rehearse()

    async def from_webhook(self, ticket_id: int) -> Accepted:
        """Store a ticket of a webhook; one that waits for a person or failed is retried.

        Raises:
            psycopg.Error: it is not stored; Zendesk should send it again.
        """
        if await self._arrivals.add(ticket_id):
            return Accepted(ticket_id=ticket_id, state=State.QUEUED, is_new=True)
        async with self._pool.connection() as connection:
            row, _ = await _lock_leaver(connection, ticket_id)
            state = State(row["state"])
            if self._is_still_to_be_done(row) or (
                state in {State.NEEDS_PERSON, State.FAILED} and not row["is_read_for_news"]
            ):
                line = HistoryLine(event=HistoryEvent.RECEIVED_AGAIN)
                await record_async(connection, [ticket_id], line, by=ZENDESK)
                state = await self._want_run(connection, ticket_id, operator=None)
            elif row["is_read_for_news"] and await want_look(connection, ticket_id):
                await self._store_jobs(connection, [ticket_id])
            elif state is State.RUNNING:
                await note_heard(connection, ticket_id)
                await self._store_jobs(connection, [ticket_id])
        return Accepted(ticket_id=ticket_id, state=state, is_new=False)

    async def look_again(self, ticket_id: int) -> None:
        """Have a processed ticket read again that somebody may have written to.

        Raises:
            psycopg.Error: it is not stored.
        """
        async with self._pool.connection() as connection:
            row, _ = await _lock_leaver(connection, ticket_id)
            if row["is_read_for_news"] and await want_look(connection, ticket_id):
                await self._store_jobs(connection, [ticket_id])

    async def from_sweep(self, ticket_id: int, *, why: SweepReason) -> None:
        """Accept a ticket that the sweep found, new or not, as if its webhook had come.

        Raises:
            psycopg.Error: it is not stored.
        """
        async with self._pool.connection() as connection:
            row, is_new = await _lock_leaver(connection, ticket_id)
            if not is_new and row["state"] in {State.QUEUED, State.RUNNING}:
                return
            line = HistoryLine(event=HistoryEvent.RECEIVED, facts={"why": why})
            await record_async(connection, [ticket_id], line, by=SWEEP)
            # The hourly tries go on with the clock of the first failure.
            is_same_failure = why is SweepReason.TRY_AGAIN
            await self._want_run(connection, ticket_id, operator=None, keeps_clock=is_same_failure)

    async def from_operator(
        self,
        ticket_id: int,
        *,
        operator: str,
        corrections: dict[str, Any],
        version: int | None = None,
        confirmed_plan: str | None = None,
    ) -> Accepted:
        """Accept an operator's request to run a ticket (again), with corrections.

        Args:
            ticket_id: whose leaver it is.
            operator: who asks.
            corrections: what the operator says.
            version: of the leaver that the operator looked at; None if any will do.
            confirmed_plan: the digest of the only plan that may be carried out; None for any.

        Raises:
            AnsweredMeanwhile: the leaver is not the one that the operator looked at any more.
            psycopg.Error: it is not stored.
        """
        async with self._pool.connection() as connection:
            row, is_new = await _lock_leaver(connection, ticket_id)
            if version not in {None, 0 if is_new else row["request_number"]}:
                raise AnsweredMeanwhile
            state = await self._accept(
                connection,
                ticket_id,
                row,
                operator=operator,
                corrections=corrections,
                confirmed_plan=confirmed_plan,
            )
        return Accepted(ticket_id=ticket_id, state=state, is_new=is_new)

    async def _accept(
        self,
        connection: AsyncConnection,
        ticket_id: int,
        row: dict[str, Any],
        *,
        operator: str,
        corrections: dict[str, Any],
        confirmed_plan: str | None,
    ) -> State:
        merged = merge(corrections_from_json(row["corrections"]), corrections)
        await connection.execute(
            "UPDATE leavers SET operator_override = true, corrections = %s WHERE ticket_id = %s",
            (Jsonb(corrections_to_json(merged)), ticket_id),
        )
        await connection.execute(
            "UPDATE runs SET confirmed_plan = %s WHERE ticket_id = %s",
            (confirmed_plan, ticket_id),
        )
        said = [correction(key, value) for key, value in corrections.items()]
        for line in (HistoryLine(event=HistoryEvent.RUN_REQUESTED), *said):
            await record_async(connection, [ticket_id], line, by=operator)
        if corrections:
            source = await note_answer(connection, ticket_id)
            passed_on = _for_source(corrections)
            if source is not None and passed_on:
                # What is said about a follow-up holds for the ticket that it follows.
                before, _ = await _lock_leaver(connection, source)
                await self._accept(
                    connection,
                    source,
                    before,
                    operator=operator,
                    corrections=passed_on,
                    confirmed_plan=None,
                )
        return await self._want_run(connection, ticket_id, operator=operator)

    async def settle_after_date(
        self,
        ticket_id: int,
        *,
        operator: str,
        remind_from: date | None,
        reason: str = "",
        version: int | None = None,
    ) -> Accepted | None:
        """Record what an operator says about a leaver whose date has passed; it starts no run.

        Args:
            ticket_id: whose leaver it is.
            operator: who says so.
            remind_from: the day before which no reminder is sent; None if the leaver is over.
            reason: why it is over, in the operator's words.
            version: of the leaver that the operator looked at; None if any will do.

        Returns:
            None for a ticket never seen; `Accepted.is_new` is whether the word counts, which it
            does for a leaver that is looked at after the leaving date.

        Raises:
            AnsweredMeanwhile: the leaver is not the one that the operator looked at any more.
            psycopg.Error: it is not stored.
        """
        async with self._pool.connection() as connection:
            cursor = await connection.execute(
                "SELECT state, request_number FROM leavers JOIN runs USING (ticket_id)"
                " WHERE ticket_id = %s FOR UPDATE",
                (ticket_id,),
            )
            row = await cursor.fetchone()
            if row is None:
                return None
            if version not in {None, row["request_number"]}:
                raise AnsweredMeanwhile
            counts = await say_after_date(
                connection, ticket_id, remind_from=remind_from, reason=reason, by=operator
            )
            return Accepted(ticket_id=ticket_id, state=State(row["state"]), is_new=counts)

    def _is_still_to_be_done(self, row: dict[str, Any]) -> bool:
        is_done = row["state"] == State.DONE
        return is_done and row["ended_in_dry_run"] and not self._is_dry_run

    async def _want_run(
        self,
        connection: AsyncConnection,
        ticket_id: int,
        *,
        operator: str | None,
        keeps_clock: bool = False,
    ) -> State:
        cursor = await connection.execute(
            "UPDATE leavers SET updated_at = now(), is_over_daily_limit = false,"
            " state = CASE state WHEN 'running' THEN 'running' ELSE 'queued' END"
            " WHERE ticket_id = %s RETURNING state",
            (ticket_id,),
        )
        row = await cursor.fetchone()
        assert row  # noqa: S101 - locked by `_lock_leaver`
        await connection.execute(
            "UPDATE runs SET request_number = request_number + 1, operator = %s, crashes = 0,"
            " tries = 0, next_try_at = NULL,"
            " failing_since = CASE WHEN %s THEN failing_since END WHERE ticket_id = %s",
            (operator, keeps_clock, ticket_id),
        )
        await self._store_jobs(connection, [ticket_id])
        return State(row["state"])


def _for_source(corrections: dict[str, Any]) -> dict[str, Any]:
    """Return what an answer about a follow-up says of the leaver of the ticket that it follows."""
    if corrections.get("set_aside") == SetAsideAs.CANCELLED:
        return {"set_aside": SetAsideAs.CANCELLED}
    is_about_another = any(corrections.get(key) for key in ("name", "email", "entry", "no_access"))
    if corrections.get("leaving_date") and not is_about_another:
        return {"leaving_date": corrections["leaving_date"]}
    return {}


async def _lock_leaver(connection: AsyncConnection, ticket_id: int) -> tuple[dict[str, Any], bool]:
    cursor = await connection.execute(
        "INSERT INTO leavers (ticket_id) VALUES (%s) ON CONFLICT DO NOTHING", (ticket_id,)
    )
    is_new = cursor.rowcount == 1
    await connection.execute(
        "INSERT INTO runs (ticket_id) VALUES (%s) ON CONFLICT DO NOTHING", (ticket_id,)
    )
    cursor = await connection.execute(
        f"SELECT state, corrections, request_number, ended_in_dry_run,"  # noqa: S608
        f" {IS_READ_FOR_NEWS} AS is_read_for_news"
        " FROM leavers JOIN runs USING (ticket_id) WHERE ticket_id = %s FOR UPDATE",
        (ticket_id,),
    )
    row = await cursor.fetchone()
    assert row  # noqa: S101 - just inserted, and leavers are not deleted
    return row, is_new
