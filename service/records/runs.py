"""One run of one ticket, as the database knows it: begun, put off, ended, and who may write."""

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from psycopg.types.json import Jsonb

from service.domain.cards import KnownCard, Sibling, WantedCard
from service.domain.corrections import Corrections
from service.domain.history import HistoryEvent, Line, with_reasons
from service.domain.reasons import Reason, ReasonCode, text_of
from service.records.database import Connection, Database
from service.records.history import record
from service.records.later import ReadTicket, card_from_row, is_answered, record_read
from service.records.leaver import State, corrections_from_json

log = logging.getLogger(__name__)

# A ticket during whose runs the worker died this often in a row needs a re-run by a person.
MOST_CRASHES = 7
# How long Trello takes to cut a request off, see its status codes, and a margin.
_CUT_OFF, _LATE_AT_LEAST = timedelta(seconds=30), timedelta(seconds=35)


# All that a run starts with, by the record of its ticket.
_RECORD = """
SELECT leavers.*, runs.request_number, runs.operator, runs.confirmed_plan, runs.crashes,
    runs.tries, runs.failing_since, runs.reported_list_losses,
    runs.next_try_at > now() AS is_too_early,
    cards.card_id, cards.url AS card_url, cards.name AS card_name, cards.role AS card_role,
    cards.due AS card_due, cards.person_keys AS card_keys, cards.sent_at AS card_sent_at
FROM leavers JOIN runs USING (ticket_id) LEFT JOIN cards USING (ticket_id)
WHERE ticket_id = %s
"""
_UNSEEN: dict[str, Any] = {
    "corrections": {},
    "request_number": 0,
    "was_handed_to_person": False,
    "card_id": None,
    "card_sent_at": None,
    "tries": 0,
    "failing_since": None,
    "confirmed_plan": None,
    "ended_in_dry_run": False,
    "reported_list_losses": {},
}


def late_write(longest_call: float) -> timedelta:
    """Return how long after its sending was noted a write may still land.

    Args:
        longest_call: seconds that a call may take; so long it may also take to be sent.
    """
    return max(_LATE_AT_LEAST, timedelta(seconds=longest_call + 1) + _CUT_OFF)


class LeaseLost(Exception):
    """Another worker has taken this run over: write nothing more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What a run starts with.

    Attributes:
        ticket_id: whose run it is.
        lease: known to this run alone.
        request_number: of the request that this run answers.
        corrections: what operators have said.
        operator: who asked for this very run; None if Zendesk or the sweep did.
        operator_override: see `service.domain.plan.Facts`.
        was_handed_to_person: see `service.domain.plan.Facts`.
        card: what is recorded of the ticket's card.
        card_sent_at: when a copy was sent whose outcome is not known, or None.
        tries: how many tries in a row have ended with a passing failure.
        failing_since: when the first of these ended, or None; the sweep's tries count on.
        confirmed_plan: the digest of the only plan that may be carried out, or None.
        ended_in_dry_run: it ended in a dry run: a ticket solved after that was solved by hand.
        reported_list_losses: the lists that the last run refused since they had lost too many
            people, and how many each had left.
        is_answered: an operator has answered a question, and that is still to be carried out.
    """

    ticket_id: int
    lease: UUID
    request_number: int
    corrections: Corrections
    operator: str | None
    operator_override: bool
    was_handed_to_person: bool
    card: KnownCard | None
    card_sent_at: datetime | None
    tries: int
    failing_since: datetime | None
    confirmed_plan: str | None = None
    ended_in_dry_run: bool = False
    reported_list_losses: dict[str, int] = field(default_factory=dict)
    is_answered: bool = False

    def with_corrections(self, corrections: Corrections) -> "Run":
        """Return the same run, had operators said this."""
        is_answered = self.is_answered or corrections != self.corrections
        return replace(self, corrections=corrections, is_answered=is_answered)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """How a run ended: what the leaver's record says from now on.

    Attributes beyond the record's:
        reasons: why; the record shows their sentences, and the first one's code.
        keeps_details: leave the person and the outcome's details as an earlier run found them.
        may_pass: it failed for a transient reason.
        is_over_daily_limit: it waits since too much was written that day.
        dry_run_plan: what was not done in a dry run; None if the run was in earnest.
        reported_list_losses: see `Run`.
        read: what was read of the ticket, where it was.
        settled_by: who settled what was asked about a processed ticket, or None.
        is_nothing_new: a processed ticket was read, and nothing in it is new.
    """

    state: State
    outcome: str | None = None
    reasons: tuple[Reason, ...] = ()
    name: str | None = None
    email: str | None = None
    leaving_date: date | None = None
    entry: dict[str, Any] | None = None
    candidates: list[dict[str, Any]] | None = None
    found: dict[str, Any] | None = None
    keeps_details: bool = False
    may_pass: bool = False
    is_over_daily_limit: bool = False
    dry_run_plan: dict[str, Any] | None = None
    reported_list_losses: Mapping[str, int] = field(default_factory=dict)
    read: ReadTicket | None = None
    settled_by: str | None = None
    is_nothing_new: bool = False

    @property
    def reason(self) -> str | None:
        """The sentences, or None if there is no reason."""
        return text_of(self.reasons) or None

    @property
    def reason_code(self) -> ReasonCode | None:
        """The first reason's code, or None if there is no reason."""
        return self.reasons[0].code if self.reasons else None


class Runs:
    """The runs' side of the records.

    Args:
        database: where they are.
        late_write: see there.
    """

    def __init__(self, database: Database, *, late_write: timedelta = _LATE_AT_LEAST) -> None:
        self._database = database
        self.late_write = late_write

    def begin(self, ticket_id: int) -> Run | None:
        """Begin a run, or return None if there is nothing to do: a job too many is harmless."""
        lease = uuid4()
        with self._database.transaction() as connection:
            row = connection.execute(
                f"{_RECORD} FOR UPDATE OF leavers, runs", (ticket_id,)
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
                " crashes = %s, next_try_at = NULL WHERE ticket_id = %s",
                (lease, crashes, ticket_id),
            )
            answered = is_answered(connection, ticket_id)
        return replace(_run_from_row(row, lease), is_answered=answered)

    def hypothetical_run(self, ticket_id: int, *, operator: str) -> Run:
        """Return the run that an operator would cause now, without beginning it."""
        with self._database.transaction() as connection:
            row = connection.execute(_RECORD, (ticket_id,)).fetchone()
        row = row or _UNSEEN | {"ticket_id": ticket_id}
        asked = {"operator": operator, "operator_override": True}
        return _run_from_row(row | asked, uuid4())

    def siblings(self, run: Run, keys: Iterable[str]) -> tuple[Sibling, ...]:
        """Return the other tickets about the same person, and their cards."""
        with self._database.transaction() as connection:
            rows = connection.execute(
                "SELECT ticket_id, card_id, due AS card_due"
                " FROM leavers LEFT JOIN cards USING (ticket_id)"
                " WHERE leavers.person_keys && %s AND ticket_id <> %s ORDER BY ticket_id",
                (sorted(keys), run.ticket_id),
            ).fetchall()
        return _siblings(rows)

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
        """Add a line to the leaver's history; none of the facts may be personal."""
        with self._database.transaction() as connection:
            record(connection, run.ticket_id, Line(event=event, facts=facts))

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
        with self._database.transaction() as connection:
            self._hold(connection, run)
            connection.execute(
                "UPDATE leavers SET name = %s, email = %s, leaving_date = %s, updated_at = now(),"
                " found = (found - '{name,email,leaving_date}'::text[]) || %s WHERE ticket_id = %s",
                (name, email, leaving_date, Jsonb(where), run.ticket_id),
            )

    def claim_person(self, run: Run, keys: Iterable[str]) -> tuple[Sibling, ...] | None:
        """Record who the ticket is about, and return the person's other tickets.

        Two tickets about one person must not make a card each: from a ticket's claim to the end of
        its run the person's other tickets have to wait, and get None.
        """
        keys = sorted(keys)
        with self._database.transaction() as connection:
            connection.execute("SELECT pg_advisory_xact_lock(hashtext('leavers: claim a person'))")
            others = connection.execute(
                "SELECT ticket_id, card_id, due AS card_due,"
                " (state = 'running' AND claimed_by IS NOT DISTINCT FROM lease)"
                "  OR sent_at > now() - make_interval(secs => %s) AS is_on_its_way"
                " FROM leavers JOIN runs USING (ticket_id) LEFT JOIN cards USING (ticket_id)"
                " WHERE leavers.person_keys && %s AND ticket_id <> %s ORDER BY ticket_id",
                (self.late_write.total_seconds(), keys, run.ticket_id),
            ).fetchall()
            if any(row["is_on_its_way"] for row in others):
                return None
            self._hold(connection, run)
            connection.execute(
                "UPDATE leavers SET person_keys = %s, updated_at = now() WHERE ticket_id = %s",
                (keys, run.ticket_id),
            )
            connection.execute(
                "UPDATE runs SET claimed_by = lease WHERE ticket_id = %s", (run.ticket_id,)
            )
        return _siblings(others)

    def card_is_sent(self, run: Run, *, urgent_due: datetime | None = None) -> None:
        """Note, just before a copy is sent, that a card may come of it whatever happens now.

        Args:
            run: whose card.
            urgent_due: its due date, where people are to hear of it at once.

        Raises:
            LeaseLost: another worker goes on with this ticket.
        """
        with self._database.transaction() as connection:
            self._hold(connection, run)
            connection.execute(
                "INSERT INTO cards (ticket_id, sent_at, urgent_due)"
                " VALUES (%(ticket_id)s, now(), %(due)s) ON CONFLICT (ticket_id)"
                " DO UPDATE SET sent_at = now(), urgent_due = excluded.urgent_due",
                {"ticket_id": run.ticket_id, "due": urgent_due},
            )

    def card_is_moved(self, run: Run, *, urgent_due: datetime) -> None:
        """Note, just before a card gets a due date that is near or past, that people are to hear.

        Raises:
            LeaseLost: another worker goes on with this ticket.
        """
        with self._database.transaction() as connection:
            self._hold(connection, run)
            connection.execute(
                "INSERT INTO cards (ticket_id, urgent_due) VALUES (%(ticket_id)s, %(due)s)"
                " ON CONFLICT (ticket_id) DO UPDATE SET urgent_due = excluded.urgent_due",
                {"ticket_id": run.ticket_id, "due": urgent_due},
            )

    def card_is_not_made(self, run: Run) -> None:
        """Note that the vendor clearly refused the copy."""
        with self._database.transaction() as connection:
            self._hold(connection, run)
            connection.execute(
                "UPDATE cards SET sent_at = NULL WHERE ticket_id = %s", (run.ticket_id,)
            )

    def card_is_known(self, run: Run, *, card_id: str, url: str, wanted: WantedCard | None) -> None:
        """Note the ticket's card, and what the service made of it where it did something."""
        values = {
            "ticket_id": run.ticket_id,
            "card_id": card_id,
            "url": url,
            "role": wanted.role if wanted else None,
            "name": wanted.name if wanted else None,
            "due": wanted.due if wanted else None,
            "person_keys": sorted(wanted.person_keys) if wanted else None,
        }
        with self._database.transaction() as connection:
            self._hold(connection, run)
            # A card that is new is progress; one that is met again and again is not.
            connection.execute(
                "UPDATE runs SET crashes = 0 WHERE ticket_id = %(ticket_id)s AND NOT EXISTS"
                " (SELECT FROM cards WHERE cards.ticket_id = runs.ticket_id"
                "   AND card_id = %(card_id)s)",
                values,
            )
            connection.execute(
                "INSERT INTO cards AS known (ticket_id, card_id, url, role, name, due, person_keys)"
                " VALUES (%(ticket_id)s, %(card_id)s, %(url)s, %(role)s, %(name)s, %(due)s,"
                "   coalesce(%(person_keys)s::text[], '{}'))"
                " ON CONFLICT (ticket_id) DO UPDATE SET card_id = excluded.card_id,"
                " url = excluded.url, role = coalesce(excluded.role, known.role),"
                " name = coalesce(excluded.name, known.name),"
                " due = coalesce(excluded.due, known.due),"
                " person_keys = coalesce(%(person_keys)s::text[], known.person_keys),"
                " sent_at = NULL",
                values,
            )
            # Operators see its link.
            connection.execute(
                "UPDATE leavers SET updated_at = now() WHERE ticket_id = %s", (run.ticket_id,)
            )

    def put_off(self, run: Run, *, pause: float, reason: Reason, counts: bool) -> datetime:
        """Note that the run is tried again after a pause, in seconds; return when."""
        with self._database.transaction() as connection:
            self._hold(connection, run)
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
        """Give a run back unfinished, since the worker stops."""
        with self._database.transaction() as connection:
            self._hold(connection, run)
            connection.execute(
                "UPDATE leavers SET state = 'queued', updated_at = now() WHERE ticket_id = %s",
                (run.ticket_id,),
            )
            connection.execute("UPDATE runs SET crashes = 0 WHERE ticket_id = %s", (run.ticket_id,))

    def end(self, run: Run, ending: Result, *, event: HistoryEvent, **facts: Any) -> Result:
        """Record how a run ended, and return the same in the state that the leaver is in now.

        That is ``queued`` if another run was asked for meanwhile.

        Args:
            run: which.
            ending: how.
            event: for the history, where the ending's reasons stand, too.
            facts: more for the history; none of them may be personal.
        """
        details = {
            "name": ending.name,
            "email": ending.email,
            "leaving_date": ending.leaving_date,
            "entry": Jsonb(ending.entry) if ending.entry else None,
            "candidates": Jsonb(ending.candidates or []),
            "found": Jsonb(ending.found or {}),
        }
        columns = {
            "outcome": ending.outcome,
            "reason": ending.reason,
            "reason_code": ending.reason_code,
            "erased_at": None,
            "ended_in_dry_run": ending.dry_run_plan is not None,
            "last_reported_change": None,
            "is_over_daily_limit": ending.is_over_daily_limit,
            **({"dry_run_plan": Jsonb(ending.dry_run_plan)} if ending.dry_run_plan else {}),
            **({} if ending.keeps_details else details),
        }
        assignments = ", ".join(f"{column} = %s" for column in columns)
        with self._database.transaction() as connection:
            is_asked_for_again = self._hold(connection, run)
            state = State.QUEUED if is_asked_for_again else ending.state
            is_handed_over = ending.state in {State.NEEDS_PERSON, State.FAILED}
            connection.execute(
                f"UPDATE leavers SET {assignments}, state = %s, updated_at = now(),"  # noqa: S608
                " finished_at = CASE WHEN %s THEN now() END,"
                " was_handed_to_person = was_handed_to_person OR %s WHERE ticket_id = %s",
                (
                    *columns.values(),
                    state,
                    ending.state is State.DONE,
                    is_handed_over,
                    run.ticket_id,
                ),
            )
            connection.execute(
                "UPDATE runs SET tries = 0, next_try_at = NULL, crashes = 0, lease = NULL,"
                " failing_since = CASE WHEN %s THEN coalesce(failing_since, now()) END,"
                " reported_list_losses = %s,"
                " confirmed_plan = CASE WHEN %s THEN confirmed_plan END WHERE ticket_id = %s",
                (
                    ending.may_pass,
                    Jsonb(dict(ending.reported_list_losses)),
                    is_asked_for_again or ending.state is not State.DONE,
                    run.ticket_id,
                ),
            )
            if ending.read and ending.dry_run_plan is None:
                record_read(
                    connection,
                    run.ticket_id,
                    ending.read,
                    state=ending.state,
                    outcome=ending.outcome,
                    # While a run is under way, only operators ask for another one.
                    is_asked_again=is_asked_for_again,
                )
            record(connection, run.ticket_id, with_reasons(event, ending.reasons, **facts))
        return replace(ending, state=state)

    @staticmethod
    def _hold(connection: Connection, run: Run) -> bool:
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


def _siblings(rows: list[dict[str, Any]]) -> tuple[Sibling, ...]:
    return tuple(
        Sibling(ticket_id=row["ticket_id"], card_key=row["card_id"], due=row["card_due"])
        for row in rows
    )


def _run_from_row(row: dict[str, Any], lease: UUID) -> Run:
    return Run(
        ticket_id=row["ticket_id"],
        lease=lease,
        request_number=row["request_number"],
        corrections=corrections_from_json(row["corrections"]),
        operator=row["operator"],
        operator_override=row["operator_override"],
        was_handed_to_person=row["was_handed_to_person"],
        card=card_from_row(row),
        card_sent_at=row["card_sent_at"],
        tries=row["tries"],
        failing_since=row["failing_since"],
        confirmed_plan=row["confirmed_plan"],
        ended_in_dry_run=row["ended_in_dry_run"],
        reported_list_losses=row["reported_list_losses"],
    )
