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


_UNSEEN: dict[str, Any] = {
    "corrections": {},
    "wanted": 0,
    "was_asked": False,
    "card_id": None,
    "card_sent_at": None,
    "tries": 0,
    "failing_since": None,
    "confirmed_plan": None,
    "is_dry_run": False,
    "told_of_losses": {},
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
        token: known to this run alone.
        handled: the number of the request that this run answers.
        corrections: what operators have said.
        operator: who asked for this very run; None if Zendesk or the sweep did.
        is_wanted_by_operator: see `service.domain.plan.Facts`.
        was_asked: see `service.domain.plan.Facts`.
        card: what is recorded of the ticket's card.
        card_sent_at: when a copy was sent whose outcome is not known, or None.
        tries: how many tries in a row have ended with a passing failure.
        failing_since: when the first of these ended, or None; the sweep's tries count on.
        confirmed_plan: the digest of the only plan that may be carried out, or None.
        is_left_to_people: it ended in a dry run: a ticket solved after that was solved by hand.
        told_of_losses: the lists that the last run refused since they had lost too many people,
            and how many each had left.
        is_answered: an operator has answered a question, and that is still to be carried out.
    """

    ticket_id: int
    token: UUID
    handled: int
    corrections: Corrections
    operator: str | None
    is_wanted_by_operator: bool
    was_asked: bool
    card: KnownCard | None
    card_sent_at: datetime | None
    tries: int
    failing_since: datetime | None
    confirmed_plan: str | None = None
    is_left_to_people: bool = False
    told_of_losses: dict[str, int] = field(default_factory=dict)
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
        would: what was not done in a dry run; None if the run was in earnest.
        told_of_losses: see `Run`.
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
    would: dict[str, Any] | None = None
    told_of_losses: Mapping[str, int] = field(default_factory=dict)
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
        token = uuid4()
        with self._database.transaction() as connection:
            row = connection.execute(
                "SELECT *, next_try_at > now() AS is_too_early FROM leavers"
                " WHERE ticket_id = %s FOR UPDATE",
                (ticket_id,),
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
                "UPDATE leavers SET state = 'running', run = %s, handled = wanted, crashes = %s,"
                " next_try_at = NULL, updated_at = now() WHERE ticket_id = %s",
                (token, crashes, ticket_id),
            )
            answered = is_answered(connection, ticket_id)
        return replace(_run_from_row(row, token), is_answered=answered)

    def hypothetical_run(self, ticket_id: int, *, operator: str) -> Run:
        """Return the run that an operator would cause now, without beginning it."""
        with self._database.transaction() as connection:
            row = connection.execute(
                "SELECT * FROM leavers WHERE ticket_id = %s", (ticket_id,)
            ).fetchone()
        row = row or _UNSEEN | {"ticket_id": ticket_id}
        asked = {"operator": operator, "is_wanted_by_operator": True}
        return _run_from_row(row | asked, uuid4())

    def siblings(self, run: Run, keys: Iterable[str]) -> tuple[Sibling, ...]:
        """Return the other tickets about the same person, and their cards."""
        with self._database.transaction() as connection:
            rows = connection.execute(
                "SELECT ticket_id, card_id, card_due FROM leavers"
                " WHERE person_keys && %s AND ticket_id <> %s ORDER BY ticket_id",
                (sorted(keys), run.ticket_id),
            ).fetchall()
        return _siblings(rows)

    def check_claim(self, run: Run) -> None:
        """Make sure that this run may still write.

        Raises:
            LeaseLost: another worker goes on with this ticket.
        """
        with self._database.transaction() as connection:
            found = connection.execute(
                "SELECT 1 FROM leavers WHERE ticket_id = %s AND run = %s AND state = 'running'",
                (run.ticket_id, run.token),
            ).fetchone()
        if not found:
            raise LeaseLost

    def lease(self, run: Run) -> Callable[[], None]:
        """Return a run's right to write to a vendor; see `check_claim`."""
        return partial(self.check_claim, run)

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
            self._write(
                connection,
                run,
                "name = %s, email = %s, leaving_date = %s,"
                " found = (found - '{name,email,leaving_date}'::text[]) || %s",
                name,
                email,
                leaving_date,
                Jsonb(where),
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
                "SELECT ticket_id, card_id, card_due,"
                " (state = 'running' AND claimed_by IS NOT DISTINCT FROM run)"
                "  OR card_sent_at > now() - make_interval(secs => %s) AS is_on_its_way"
                " FROM leavers WHERE person_keys && %s AND ticket_id <> %s ORDER BY ticket_id",
                (self.late_write.total_seconds(), keys, run.ticket_id),
            ).fetchall()
            if any(row["is_on_its_way"] for row in others):
                return None
            self._write(connection, run, "person_keys = %s, claimed_by = run", keys)
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
            self._write(connection, run, "card_sent_at = now(), urgent_due = %s", urgent_due)

    def card_is_moved(self, run: Run, *, urgent_due: datetime) -> None:
        """Note, just before a card gets a due date that is near or past, that people are to hear.

        Raises:
            LeaseLost: another worker goes on with this ticket.
        """
        with self._database.transaction() as connection:
            self._write(connection, run, "urgent_due = %s", urgent_due)

    def card_is_not_made(self, run: Run) -> None:
        """Note that the vendor clearly refused the copy."""
        with self._database.transaction() as connection:
            self._write(connection, run, "card_sent_at = NULL")

    def card_is_known(self, run: Run, *, card_id: str, url: str, wanted: WantedCard | None) -> None:
        """Note the ticket's card, and what the service made of it where it did something."""
        with self._database.transaction() as connection:
            self._write(
                connection,
                run,
                # A card that is new is a step ahead; one that is met again and again is none.
                "crashes = CASE WHEN card_id IS NOT DISTINCT FROM %s THEN crashes ELSE 0 END,"
                " card_id = %s, card_url = %s, card_name = coalesce(%s, card_name),"
                " card_role = coalesce(%s, card_role),"
                " card_due = coalesce(%s, card_due), card_keys = coalesce(%s, card_keys),"
                " card_sent_at = NULL",
                card_id,
                card_id,
                url,
                wanted.name if wanted else None,
                wanted.role if wanted else None,
                wanted.due if wanted else None,
                sorted(wanted.person_keys) if wanted else None,
            )

    def put_off(self, run: Run, *, pause: float, reason: Reason, counts: bool) -> datetime:
        """Note that the run is tried again after a pause, in seconds; return when."""
        with self._database.transaction() as connection:
            row = self._write(
                connection,
                run,
                "state = 'queued', reason = %s, reason_code = %s, crashes = 0,"
                " next_try_at = CASE WHEN wanted > handled THEN NULL"
                "   ELSE now() + make_interval(secs => %s) END,"
                " tries = tries + %s, failing_since = CASE WHEN %s > 0"
                "   THEN coalesce(failing_since, now()) ELSE failing_since END",
                reason.text,
                reason.code,
                pause,
                int(counts),
                int(counts),
                returning="now() AS now, next_try_at",
            )
            at: datetime = row["next_try_at"] or row["now"]
            if counts:
                line = with_reasons(HistoryEvent.RETRY_PLANNED, (reason,), at=at.isoformat())
                record(connection, run.ticket_id, line)
        return at

    def release(self, run: Run) -> None:
        """Give a run back unfinished, since the worker stops."""
        with self._database.transaction() as connection:
            self._write(connection, run, "state = 'queued', crashes = 0")

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
            **({} if ending.keeps_details else details),
        }
        assignments = ", ".join(f"{column} = %s" for column in columns)
        with self._database.transaction() as connection:
            row = self._write(
                connection,
                run,
                "state = CASE WHEN wanted > handled THEN 'queued' ELSE %s END,"
                " tries = 0, next_try_at = NULL, crashes = 0, run = NULL,"
                " failing_since = CASE WHEN %s THEN coalesce(failing_since, now()) END,"
                " finished_at = CASE WHEN %s = 'done' THEN now() END, erased_at = NULL,"
                " confirmed_plan = CASE WHEN %s <> 'done' OR wanted > handled"
                "   THEN confirmed_plan END,"
                " is_dry_run = %s, would = coalesce(%s, would), told_of_losses = %s, told = NULL,"
                f" is_over_daily_limit = %s, was_asked = was_asked OR %s, {assignments}",
                ending.state,
                ending.may_pass,
                ending.state,
                ending.state,
                ending.would is not None,
                Jsonb(ending.would) if ending.would else None,
                Jsonb(dict(ending.told_of_losses)),
                ending.is_over_daily_limit,
                ending.state in {State.NEEDS_PERSON, State.FAILED},
                *columns.values(),
                returning="state",
            )
            if ending.read and ending.would is None:
                record_read(
                    connection,
                    run.ticket_id,
                    ending.read,
                    state=ending.state,
                    outcome=ending.outcome,
                    # While a run is under way, only operators ask for another one.
                    is_asked_again=row["state"] == State.QUEUED,
                )
            record(connection, run.ticket_id, with_reasons(event, ending.reasons, **facts))
        return replace(ending, state=State(row["state"]))

    @staticmethod
    def _write(
        connection: Connection,
        run: Run,
        assignments: str,
        *values: Any,
        returning: str = "1 AS one",
    ) -> dict[str, Any]:
        row = connection.execute(
            f"UPDATE leavers SET {assignments}, updated_at = now()"  # noqa: S608
            f" WHERE ticket_id = %s AND run = %s AND state = 'running' RETURNING {returning}",
            (*values, run.ticket_id, run.token),
        ).fetchone()
        if not row:
            raise LeaseLost
        return row


def _give_up(connection: Connection, ticket_id: int) -> None:
    reason = Reason(
        ReasonCode.WORKER_CRASHED,
        f"The worker died {MOST_CRASHES} times while it processed this ticket. Look at the "
        "worker's log and memory, then run the ticket again.",
    )
    connection.execute(
        "UPDATE leavers SET state = 'failed', reason = %s, reason_code = %s, was_asked = true,"
        " run = NULL, crashes = 0, updated_at = now() WHERE ticket_id = %s",
        (reason.text, reason.code, ticket_id),
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


def _run_from_row(row: dict[str, Any], token: UUID) -> Run:
    return Run(
        ticket_id=row["ticket_id"],
        token=token,
        handled=row["wanted"],
        corrections=corrections_from_json(row["corrections"]),
        operator=row["operator"],
        is_wanted_by_operator=row["is_wanted_by_operator"],
        was_asked=row["was_asked"],
        card=card_from_row(row),
        card_sent_at=row["card_sent_at"],
        tries=row["tries"],
        failing_since=row["failing_since"],
        confirmed_plan=row["confirmed_plan"],
        is_left_to_people=row["is_dry_run"],
        told_of_losses=row["told_of_losses"],
    )
