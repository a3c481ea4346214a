"""One run of one ticket, as the database knows it: begun, put off, ended, and who may write."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from typing import Any
from uuid import uuid4

from psycopg.types.json import Jsonb

from service.domain.history import HistoryEvent, HistoryLine, with_reasons
from service.domain.reasons import Reason, ReasonCode
from service.records.database import Connection, Database
from service.records.heard_again import receive_again, was_heard
from service.records.history import record
from service.records.later import is_answered, record_read
from service.records.leaver import State
from service.records.run import RUN_ROW, UNSEEN_ROW, Result, Run, run_from_row

log = logging.getLogger(__name__)

# A ticket during whose runs the worker died this often in a row needs a re-run by a person.
MOST_CRASHES = 7


class LeaseLost(Exception):
    """Another worker has taken this run over: write nothing more."""


def hold(connection: Connection, run: Run) -> bool:
    """Make sure that a run may write until the transaction ends.

    Returns:
        Whether another run was asked for meanwhile.

    Raises:
        LeaseLost: another worker goes on with this ticket.
    """
    row = connection.execute(
        "SELECT request_number > handled_request_number AS is_asked_for_again"
        " FROM leavers JOIN runs USING (ticket_id)"
        " WHERE ticket_id = %s AND lease = %s AND state = 'running' FOR UPDATE",
        (run.ticket_id, run.lease),
    ).fetchone()
    if row is None:
        raise LeaseLost
    return bool(row["is_asked_for_again"])


@contextmanager
def held(database: Database, run: Run) -> Iterator[Connection]:
    """Lend a connection for a transaction in which the run may write; see `hold`."""
    with database.transaction() as connection:
        hold(connection, run)
        yield connection


class Runs:
    """The runs' side of the records."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, ticket_id: int) -> Run | None:
        """Begin a run, or return None if there is nothing to do: a superfluous job is harmless."""
        lease = uuid4()
        with self._database.transaction() as connection:
            row = connection.execute(
                f"{RUN_ROW} FOR UPDATE OF leavers, runs", (ticket_id,)
            ).fetchone()
            if not row or row["state"] not in {State.QUEUED, State.RUNNING}:
                return None
            if row["is_too_early"]:
                return None
            crashes = row["crashes"] + (row["state"] == State.RUNNING)
            if crashes >= MOST_CRASHES:
                _give_up(connection, ticket_id)
                return None
            connection.execute(
                "UPDATE leavers SET state = 'running', updated_at = now() WHERE ticket_id = %s",
                (ticket_id,),
            )
            connection.execute(
                "UPDATE runs SET lease = %s, handled_request_number = request_number,"
                " was_heard_again = false, crashes = %s, next_try_at = NULL WHERE ticket_id = %s",
                (lease, crashes, ticket_id),
            )
            answered = is_answered(connection, ticket_id)
        return replace(run_from_row(row, lease), is_answered=answered)

    def hypothetical_run(self, ticket_id: int, *, operator: str) -> Run:
        """Return the run that an operator would cause now, without beginning it."""
        with self._database.transaction() as connection:
            row = connection.execute(RUN_ROW, (ticket_id,)).fetchone()
        row = row or UNSEEN_ROW | {"ticket_id": ticket_id}
        asked = {"operator": operator, "operator_override": True}
        return run_from_row(row | asked, uuid4())

    def check_lease(self, run: Run) -> None:
        """Make sure that this run may still write.

        Raises:
            LeaseLost: another worker goes on with this ticket.
        """
        with self._database.transaction() as connection:
            found = connection.execute(
                "SELECT FROM runs JOIN leavers USING (ticket_id)"
                " WHERE ticket_id = %s AND lease = %s AND state = 'running'",
                (run.ticket_id, run.lease),
            ).fetchone()
        if found is None:
            raise LeaseLost

    def lease(self, run: Run) -> Callable[[], None]:
        """Return a run's right to write to a vendor; see `check_lease`."""
        return partial(self.check_lease, run)

    def note(self, run: Run, event: HistoryEvent, **facts: Any) -> None:
        """Add a line to the leaver's history; none of the facts may be personal.

        Raises:
            LeaseLost: another worker goes on with this ticket. A line that comes so late would
                bear a wrong time, and stand after the end of the other's run.
        """
        with held(self._database, run) as connection:
            record(connection, run.ticket_id, HistoryLine(event=event, facts=facts))

    def details_are_read(
        self,
        run: Run,
        *,
        name: str | None,
        email: str | None,
        leaving_date: date | None,
        where: dict[str, str],
    ) -> None:
        """Keep what the ticket says, and where it says so, whatever becomes of the run.

        Raises:
            LeaseLost: another worker goes on with this ticket.
        """
        with held(self._database, run) as connection:
            connection.execute(
                "UPDATE leavers SET name = %s, email = %s, leaving_date = %s, updated_at = now(),"
                " found = (found - '{name,email,leaving_date}'::text[]) || %s WHERE ticket_id = %s",
                (name, email, leaving_date, Jsonb(where), run.ticket_id),
            )

    def put_off(self, run: Run, *, pause: float, reason: Reason, counts: bool) -> datetime:
        """Note that the run is tried again after a pause, in seconds; return when."""
        with held(self._database, run) as connection:
            connection.execute(
                "UPDATE leavers SET state = 'queued', reason = %s, reason_code = %s,"
                " updated_at = now() WHERE ticket_id = %s",
                (reason.text, reason.code, run.ticket_id),
            )
            row = connection.execute(
                "UPDATE runs SET crashes = 0,"
                " next_try_at = CASE WHEN request_number > handled_request_number THEN NULL"
                "   ELSE now() + make_interval(secs => %(pause)s) END,"
                " tries = tries + %(counts)s, failing_since = CASE WHEN %(counts)s > 0"
                "   THEN coalesce(failing_since, now()) ELSE failing_since END"
                " WHERE ticket_id = %(ticket_id)s RETURNING now() AS now, next_try_at",
                {"pause": pause, "counts": int(counts), "ticket_id": run.ticket_id},
            ).fetchone()
            assert row  # noqa: S101 - held
            at: datetime = row["next_try_at"] or row["now"]
            if counts:
                line = with_reasons(HistoryEvent.RETRY_PLANNED, (reason,), at=at.isoformat())
                record(connection, run.ticket_id, line)
        return at

    def release(self, run: Run) -> None:
        """Release an unfinished run, since the worker stops."""
        with held(self._database, run) as connection:
            connection.execute(
                "UPDATE leavers SET state = 'queued', updated_at = now() WHERE ticket_id = %s",
                (run.ticket_id,),
            )
            connection.execute("UPDATE runs SET crashes = 0 WHERE ticket_id = %s", (run.ticket_id,))

    def end(self, run: Run, result: Result, *, event: HistoryEvent, **facts: Any) -> Result:
        """Record how a run ended, and return the same in the state that the leaver is in now.

        That is ``queued`` if another run was asked for meanwhile, or if a webhook came meanwhile
        and the leaver is not done.

        Args:
            run: which.
            result: how.
            event: for the history, where the result's reasons stand, too.
            facts: more for the history; none of them may be personal.
        """
        with self._database.transaction() as connection:
            is_asked_for_again = hold(connection, run)
            is_heard_again = (
                not is_asked_for_again
                and result.state is not State.DONE
                and was_heard(connection, run.ticket_id)
            )
            state = State.QUEUED if is_asked_for_again or is_heard_again else result.state
            _update_leaver(connection, run, result, state=state)
            _close_run(connection, run, result, is_asked_for_again=is_asked_for_again)
            if result.read and result.dry_run_plan is None:
                record_read(
                    connection,
                    run.ticket_id,
                    result.read,
                    state=result.state,
                    outcome=result.outcome,
                    is_asked_again=is_asked_for_again,
                )
            record(connection, run.ticket_id, with_reasons(event, result.reasons, **facts))
            if is_heard_again:
                receive_again(connection, run.ticket_id)
        return replace(result, state=state)


def _update_leaver(connection: Connection, run: Run, result: Result, *, state: State) -> None:
    columns = _columns(result) | {"state": state}
    assignments = ", ".join(f"{column} = %({column})s" for column in columns)
    connection.execute(
        f"UPDATE leavers SET {assignments}, updated_at = now(),"  # noqa: S608
        " finished_at = CASE WHEN %(is_done)s THEN now() END,"
        " was_handed_to_person = was_handed_to_person OR %(is_handed_over)s"
        " WHERE ticket_id = %(ticket_id)s",
        columns
        | {
            "ticket_id": run.ticket_id,
            "is_done": result.state is State.DONE,
            "is_handed_over": result.state in {State.NEEDS_PERSON, State.FAILED},
        },
    )


def _columns(result: Result) -> dict[str, Any]:
    """Return what the leaver's row has of a result, by column."""
    columns: dict[str, Any] = {
        "outcome": result.outcome,
        "reason": result.reason,
        "reason_code": result.reason_code,
        "erased_at": None,
        "ended_in_dry_run": result.dry_run_plan is not None,
        "last_reported_change": None,
        "is_over_daily_limit": result.is_over_daily_limit,
    }
    if result.dry_run_plan:
        columns["dry_run_plan"] = Jsonb(result.dry_run_plan)
    if result.keeps_details:
        confirmed = {"leaving_date": result.confirmed_date} if result.confirmed_date else {}
        return columns | confirmed
    return columns | {
        "name": result.name,
        "email": result.email,
        "leaving_date": result.leaving_date,
        "entry": Jsonb(result.entry) if result.entry else None,
        "candidates": Jsonb(result.candidates or []),
        "found": Jsonb(result.found or {}),
    }


def _close_run(
    connection: Connection, run: Run, result: Result, *, is_asked_for_again: bool
) -> None:
    connection.execute(
        "UPDATE runs SET tries = 0, next_try_at = NULL, crashes = 0, lease = NULL,"
        " failing_since = CASE WHEN %(may_pass)s THEN coalesce(failing_since, now()) END,"
        " reported_list_losses = %(losses)s,"
        " confirmed_plan = CASE WHEN %(is_plan_due)s THEN confirmed_plan END"
        " WHERE ticket_id = %(ticket_id)s",
        {
            "ticket_id": run.ticket_id,
            "may_pass": result.may_pass,
            "losses": Jsonb(dict(result.reported_list_losses)),
            "is_plan_due": is_asked_for_again or result.state is not State.DONE,
        },
    )


def _give_up(connection: Connection, ticket_id: int) -> None:
    reason = Reason(
        ReasonCode.WORKER_CRASHED,
        f"The worker died {MOST_CRASHES} times while it processed this ticket. Look at the "
        "worker's log and memory, then run the ticket again.",
    )
    connection.execute(
        "UPDATE leavers SET state = 'failed', reason = %s, reason_code = %s,"
        " was_handed_to_person = true, updated_at = now() WHERE ticket_id = %s",
        (reason.text, reason.code, ticket_id),
    )
    connection.execute(
        "UPDATE runs SET lease = NULL, crashes = 0 WHERE ticket_id = %s", (ticket_id,)
    )
    record(connection, ticket_id, with_reasons(HistoryEvent.FAILED, (reason,)))
    log.error(
        "run finished",
        extra={
            "ticket_id": ticket_id,
            "state": State.FAILED,
            "outcome": None,
            "reason_code": reason.code,
            "tries": MOST_CRASHES,
        },
    )
