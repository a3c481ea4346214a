"""What is recorded of removal pull requests: how far each is, and what the service itself made."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from service.domain.corrections import Corrections
from service.domain.history import HistoryEvent, Line
from service.domain.removal.deciding import Own, RemovalState, Step, Touch
from service.domain.removal.entries import Recorded
from service.domain.removal.refusals import RefusalCode, WhyNone
from service.domain.ticket import Found, LeaverDetails
from service.records.database import Connection, Database
from service.records.history import record
from service.records.intake import AnsweredMeanwhile
from service.records.leaver import corrections_from_json
from service.records.runs import LeaseLost

# How long a worker may be silent before another one goes on with its leaver.
LEASE_FOR = timedelta(minutes=5)
_RECORDED = "by the record"
LineLink = Callable[[str, str, int], str]

_IS_WANTED = (
    "l.state = 'done' AND l.outcome IN ('tech_card', 'non_tech_card') AND NOT l.ended_in_dry_run"
    " AND l.erased_at IS NULL"
    " AND EXISTS (SELECT FROM cards WHERE cards.ticket_id = l.ticket_id AND card_id IS NOT NULL)"
)
_SELECT = f"""
SELECT l.ticket_id, {_IS_WANTED} AS is_wanted,
    l.state = 'done' AS is_settled, l.entry, l.person_keys,
    l.name, l.email, l.leaving_date, l.corrections, l.found,
    c.card_id, c.url AS card_url, c.due AS card_due,
    r.state, r.reason_code, r.file, r.line_number, r.at_commit, r.shared_with, r.attempt,
    r.branch, r.number, r.url, r.tips, r.texts, r.entry_keys, r.due_at, r.closing_as, r.touch,
    r.refreshed_at, r.is_announced, r.left_undone, r.wanted_by
FROM leavers AS l LEFT JOIN cards AS c USING (ticket_id) LEFT JOIN removals AS r USING (ticket_id)
"""  # noqa: S608 - made of constants alone
# Leavers with a card, and those with a pull request that may have to be closed.
_CANDIDATES = f"""
{_SELECT} WHERE l.erased_at IS NULL AND (
    r.state IN ('draft', 'open') OR r.wanted_by IS NOT NULL OR ({_IS_WANTED} AND
    (r.state IS NULL OR r.state NOT IN ('merged', 'closed_by_person', 'already_gone'))))
ORDER BY c.due, l.ticket_id
"""
_CLAIM = """
INSERT INTO removals (ticket_id, lease, leased_until)
VALUES (%(ticket)s, %(lease)s, now() + %(for)s)
ON CONFLICT (ticket_id) DO UPDATE SET lease = %(lease)s, leased_until = now() + %(for)s
WHERE removals.leased_until IS NULL OR removals.leased_until <= now()
RETURNING ticket_id
"""
# The ticket of the same person that has a pull request, or is about to get one; the one that was
# there first, if there is none yet. Never one that gets none: found by a name alone, or gone
# from the lists before its card; nor one that is over, since the entry is listed again. One that
# is open counts whatever became of its ticket, and one that a person closed is not made again for
# another ticket, unless an operator asks for it.
_OWNER = f"""
SELECT l.ticket_id, r.branch IS NOT NULL AS has_branch
FROM leavers AS l LEFT JOIN removals AS r USING (ticket_id)
WHERE l.person_keys && %(keys)s AND (
    (r.shared_with IS NULL AND (r.state IN ('draft', 'open')
        OR (r.state = 'closed_by_person' AND NOT %(is_asked_for)s)))
    OR ({_IS_WANTED} AND (r.state IS NULL OR r.state NOT IN
        ('withdrawn', 'closed_by_person', 'merged', 'already_gone'))
     AND NOT coalesce((l.found ->> 'was_removed')::boolean, false)
     AND (l.corrections ->> 'entry' IS NOT NULL
        OR NOT coalesce((l.found ->> 'is_by_name_alone')::boolean, false)))
    OR l.ticket_id = %(ticket)s)
ORDER BY (r.branch IS NULL), (r.branch IS NULL OR l.ticket_id <> %(ticket)s), l.arrival LIMIT 1
"""  # noqa: S608 - made of constants alone


# Where the last pull request ended, or there could be none.
_MAY_WANT = f"""
SELECT r.wanted_by, n.request_number AS version
FROM removals AS r JOIN leavers AS l USING (ticket_id) JOIN runs AS n USING (ticket_id)
WHERE r.ticket_id = %s AND {_IS_WANTED}
  AND r.state IN ('closed_by_person', 'withdrawn', 'already_gone', 'asked')
"""  # noqa: S608 - made of constants alone


@dataclass(frozen=True, slots=True, kw_only=True)
class Removing:
    """A leaver whose entries are to be removed, as the record has it.

    Attributes:
        ticket_id: whose.
        is_wanted: the leaver is done with a card, and neither set aside nor asked about.
        is_settled: no run is under way, and nobody is asked: what `is_wanted` says will stay.
        recorded: by which the entries are found again.
        person_keys: see `service.domain.identity.person_keys`.
        leaving_date: by the record.
        card_id: of the card.
        card_url: its short link.
        card_due: its due date as the service set it.
        state: how far the removal is.
        reason: why there is no pull request, or None.
        shared_with: the ticket of the same person whose pull request this leaver shares.
        attempt: counts the branches.
        branch: of the pull request, once one is to be opened.
        number: of the pull request, once it is opened.
        url: of its page.
        own: see `Own`.
        entry_keys: digests of the entries that the pull request removes.
        due_at: the due time that the pull request's text names.
        touch: what a person did to it.
        left_undone: what is left to people, see `service.domain.removal.deciding.left_undone`.
        is_announced: reviewers, label and the card's attachment are there.
        wanted_by: the operator who wants a new one.
    """

    ticket_id: int
    is_wanted: bool
    is_settled: bool
    recorded: Recorded
    person_keys: frozenset[str]
    leaving_date: date | None
    card_id: str | None
    card_url: str | None
    card_due: datetime | None
    state: RemovalState
    reason: WhyNone | None
    shared_with: int | None
    attempt: int
    branch: str | None
    number: int | None
    url: str | None
    own: Own
    entry_keys: frozenset[str]
    due_at: datetime | None
    touch: Touch | None
    left_undone: Step | None
    is_announced: bool
    wanted_by: str | None

    @property
    def operator(self) -> str | None:
        """Who asked for it, so that the day's limit does not hold it back."""
        return self.wanted_by

    @property
    def request_number(self) -> int:
        """By which the day's limit counts each attempt once."""
        return self.attempt


@dataclass(frozen=True, slots=True)
class RemovalLease:
    """The right of one worker to work on one leaver's pull request; it holds while it is used."""

    ticket_id: int
    database: Database = field(repr=False)
    token: UUID = field(default_factory=uuid4, repr=False)

    def __call__(self) -> None:
        """Go on writing; called just before each write.

        Raises:
            LeaseLost: another worker goes on, or the leaver's data were erased.
        """
        with self.database.transaction() as connection:
            self.check(connection)

    def check(self, connection: Connection) -> None:
        """Go on, in a transaction; raises as the call does."""
        held = connection.execute(
            "UPDATE removals SET leased_until = now() + %s WHERE ticket_id = %s AND lease = %s",
            (LEASE_FOR, self.ticket_id, self.token),
        ).rowcount
        if not held:
            raise LeaseLost

    def while_wanted(self) -> None:
        """Go on writing as long as the leaver still leaves: a person may have said otherwise.

        Raises:
            LeaseLost: see `__call__`; or the leaver was set aside, or runs again.
        """
        with self.database.transaction() as connection:
            self.check(connection)
            row = connection.execute(
                f"SELECT 1 AS one FROM leavers AS l WHERE l.ticket_id = %s AND {_IS_WANTED}"  # noqa: S608
                " FOR SHARE",
                (self.ticket_id,),
            ).fetchone()
            if row is None:
                raise LeaseLost


class RemovalRecords:
    """How far the removals are."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def candidates(self) -> list[Removing]:
        """Return those that may need something done, the earliest due first."""
        with self._database.transaction() as connection:
            return [_removing(row) for row in connection.execute(_CANDIDATES).fetchall()]

    def one(self, ticket_id: int) -> Removing | None:
        """Return one leaver, or None if there is none."""
        with self._database.transaction() as connection:
            row = connection.execute(f"{_SELECT} WHERE l.ticket_id = %s", (ticket_id,)).fetchone()
        return _removing(row) if row else None

    @contextmanager
    def claim(self, ticket_id: int) -> Iterator[RemovalLease | None]:
        """Hold the lease of one leaver; None if another worker has it."""
        lease = RemovalLease(ticket_id, self._database)
        with self._database.transaction() as connection:
            row = connection.execute(
                _CLAIM, {"ticket": ticket_id, "lease": lease.token, "for": LEASE_FOR}
            ).fetchone()
        try:
            yield lease if row else None
        finally:
            with self._database.transaction() as connection:
                connection.execute(
                    "UPDATE removals SET lease = NULL, leased_until = NULL"
                    " WHERE ticket_id = %s AND lease = %s",
                    (ticket_id, lease.token),
                )

    def take_branch(self, lease: RemovalLease, one: Removing, branch: str) -> int | None:
        """Note the branch that a leaver's pull request gets, before anything is sent.

        Returns:
            The other ticket of the same person whose pull request it shares; None if it gets
            its own.
        """
        with self._database.transaction() as connection:
            connection.execute("SELECT pg_advisory_xact_lock(hashtext('leavers: removals'))")
            lease.check(connection)
            row = connection.execute(
                _OWNER,
                {
                    "keys": sorted(one.person_keys),
                    "ticket": one.ticket_id,
                    "is_asked_for": one.wanted_by is not None,
                },
            ).fetchone()
            owner = row["ticket_id"] if row else one.ticket_id
            if owner != one.ticket_id:
                return int(owner)
            connection.execute(
                "UPDATE removals SET branch = %s WHERE ticket_id = %s", (branch, one.ticket_id)
            )
        return None

    def store(
        self,
        lease: RemovalLease,
        *,
        line: Line | None = None,
        tip: str | None = None,
        text: str | None = None,
        **changes: Any,
    ) -> None:
        """Note what was found, or is about to be done; with a line in the history.

        Args:
            lease: whose leaver.
            line: written if something changed that the columns show.
            tip: one more commit of the service's own.
            text: the digest of one more text of the service's own.
            changes: columns of the table, by name.

        Raises:
            LeaseLost: see `RemovalLease`.
        """
        with self._database.transaction() as connection:
            lease.check(connection)
            now = connection.execute(
                "SELECT * FROM removals WHERE ticket_id = %s", (lease.ticket_id,)
            ).fetchone()
            assert now  # noqa: S101 - the lease holds
            if "state" in changes and changes["state"] != now["state"]:
                changes["changed_at"] = datetime.now(tz=now["changed_at"].tzinfo)
            if tip and tip not in now["tips"]:
                changes["tips"] = [*now["tips"], tip]
            if text and text not in now["texts"]:
                changes["texts"] = [*now["texts"], text]
            is_news = any(now[name] != value for name, value in changes.items())
            if not is_news:
                return
            names = ", ".join(f"{name} = %({name})s" for name in changes)
            connection.execute(
                f"UPDATE removals SET {names} WHERE ticket_id = %(ticket_id)s",  # noqa: S608
                {**changes, "ticket_id": lease.ticket_id},
            )
            if line:
                record(connection, lease.ticket_id, line)

    def begin_again(self, lease: RemovalLease, one: Removing) -> Removing:
        """Forget what came of an earlier pull request: a new one has another branch.

        Who wants it stays noted until it is there.
        """
        with self._database.transaction() as connection:
            lease.check(connection)
            connection.execute(
                "UPDATE removals SET attempt = attempt + (branch IS NOT NULL)::integer,"
                " state = 'none', reason_code = NULL, file = NULL, line_number = NULL,"
                " at_commit = NULL,"
                " shared_with = NULL, branch = NULL, number = NULL, url = NULL, tips = '{}',"
                " texts = '{}',"
                " entry_keys = '{}',"
                " due_at = NULL, closing_as = NULL, touch = NULL, refreshed_at = NULL,"
                " merged_by = NULL, merge_commit = NULL, is_announced = false, opened_at = NULL,"
                " left_undone = NULL, left_at = NULL"
                " WHERE ticket_id = %s",
                (one.ticket_id,),
            )
        found = self.one(one.ticket_id)
        assert found  # noqa: S101 - the lease holds
        return found

    def note(self, lease: RemovalLease, line: Line) -> None:
        """Write a line in the history."""
        with self._database.transaction() as connection:
            lease.check(connection)
            record(connection, lease.ticket_id, line)

    def can_want_new(self, ticket_id: int) -> bool:
        """Return whether an operator may ask for a new pull request."""
        with self._database.transaction() as connection:
            row = connection.execute(_MAY_WANT, (ticket_id,)).fetchone()
        return row is not None and row["wanted_by"] is None

    def want_new(self, ticket_id: int, operator: str, *, version: int | None = None) -> bool:
        """Note that an operator wants a new pull request; returns whether there can be one.

        Args:
            ticket_id: whose.
            operator: who asks; who asks first counts.
            version: of the leaver that the operator looked at; None if any will do.

        Raises:
            AnsweredMeanwhile: the leaver is not the one that the operator looked at any more.
        """
        with self._database.transaction() as connection:
            row = connection.execute(f"{_MAY_WANT} FOR UPDATE", (ticket_id,)).fetchone()
            if row is None:
                return False
            if version not in {None, row["version"]}:
                raise AnsweredMeanwhile
            if row["wanted_by"] is None:
                connection.execute(
                    "UPDATE removals SET wanted_by = %s WHERE ticket_id = %s",
                    (operator, ticket_id),
                )
                line = Line(event=HistoryEvent.PULL_REQUEST_WANTED)
                record(connection, ticket_id, line, by=operator)
        return True

    def words_for_card(self, ticket_id: int, *, line_link: LineLink) -> tuple[str, ...]:
        """Return what a reminder on the card says: the pull request, or why there is none.

        Args:
            ticket_id: whose card it is.
            line_link: of one line of a list, by path, commit and number of the line.
        """
        one = self.one(ticket_id)
        if one is None:
            return ()
        if one.url and one.state in {RemovalState.OPEN, RemovalState.DRAFT}:
            return (f"Pull request: {one.url}",)
        if one.reason and one.state is RemovalState.ASKED:
            why = one.reason
            if not (why.file and why.line and why.commit):
                return (why.sentence,)
            return (f"{why.sentence} {line_link(why.file, why.commit, why.line)}",)
        return ()

    def counts(self) -> dict[str, int]:
        """Return how many removals stand how."""
        with self._database.transaction() as connection:
            rows = connection.execute(
                "SELECT state, count(*) AS number FROM removals GROUP BY state"
            ).fetchall()
        return {row["state"]: row["number"] for row in rows}


def why_none(row: Mapping[str, Any]) -> WhyNone | None:
    """Read why a leaver has no pull request out of a row that has these columns of the table."""
    if not row["reason_code"]:
        return None
    return WhyNone(
        code=RefusalCode(row["reason_code"]),
        file=row["file"],
        line=row["line_number"],
        commit=row["at_commit"],
    )


def _removing(row: dict[str, Any]) -> Removing:
    state = RemovalState(row["state"] or RemovalState.NONE)
    corrections: Corrections = corrections_from_json(row["corrections"])
    keys = frozenset(row["person_keys"])
    ids = {key.removeprefix("entry ") for key in keys if key.startswith("entry ")}
    if row["entry"]:
        ids.add(row["entry"]["id"])
    details = LeaverDetails(
        name=Found(value=row["name"], where=_RECORDED) if row["name"] else None,
        email=Found(value=row["email"], where=_RECORDED) if row["email"] else None,
    )
    found = row["found"] or {}
    return Removing(
        ticket_id=row["ticket_id"],
        is_wanted=row["is_wanted"],
        is_settled=row["is_settled"],
        recorded=Recorded(
            entry_ids=frozenset(ids),
            details=details,
            corrections=corrections,
            is_by_name_alone=bool(found.get("is_by_name_alone")),
            was_removed=bool(found.get("was_removed")),
        ),
        person_keys=keys,
        leaving_date=row["leaving_date"],
        card_id=row["card_id"],
        card_url=row["card_url"],
        card_due=row["card_due"],
        state=state,
        reason=why_none(row),
        shared_with=row["shared_with"],
        attempt=row["attempt"] or 1,
        branch=row["branch"],
        number=row["number"],
        url=row["url"],
        own=Own(
            tips=tuple(row["tips"] or ()),
            texts=tuple(row["texts"] or ()),
            closing_as=RemovalState(row["closing_as"]) if row["closing_as"] else None,
            refreshed_at=row["refreshed_at"],
        ),
        entry_keys=frozenset(row["entry_keys"] or ()),
        due_at=row["due_at"],
        touch=Touch(row["touch"]) if row["touch"] else None,
        left_undone=Step(row["left_undone"]) if row["left_undone"] else None,
        is_announced=bool(row["is_announced"]),
        wanted_by=row["wanted_by"],
    )
