"""What is recorded of removal pull requests: how far each is, and what the service itself made."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from service.domain.history import HistoryEvent, HistoryLine
from service.domain.removal.seen import RemovalState
from service.records.database import Database
from service.records.history import record
from service.records.intake import AnsweredMeanwhile
from service.records.removal_lease import LEASE_FOR, RemovalLease
from service.records.removing import IS_WANTED, MAY_WANT_NEW, SELECT, Removing, removing_of

LineLink = Callable[[str, str, int], str]

# Leavers with a card, those with a pull request that may have to be closed, or that people may open
# again, and those that leave no longer and have none: a branch may be left, or one whose reply was
# lost. Those that an operator asked for come first, then those not looked at for longest: a
# look may not come to all.
_CANDIDATES = f"""
{SELECT} WHERE l.erased_at IS NULL AND (
    r.state IN ('draft', 'open') OR r.wanted_by IS NOT NULL
    OR (l.state = 'done' AND NOT ({IS_WANTED}) AND r.number IS NULL
        AND (r.branch IS NOT NULL OR r.state IN ('due', 'asked')))
    OR (r.changed_at > now() - interval '30 days' AND (r.state = 'closed_by_person'
        OR (r.state = 'withdrawn' AND r.earlier <> '[]')
        OR (r.looked_at < now() - interval '1 hour' AND (
            (r.state IN ('withdrawn', 'already_gone') AND r.closing_as IS NOT NULL)
            OR (r.state IN ('merged', 'already_gone') AND r.earlier <> '[]')))))
    OR ({IS_WANTED} AND
    (r.state IS NULL OR r.state NOT IN ('merged', 'closed_by_person', 'already_gone'))))
ORDER BY (r.wanted_by IS NULL), r.looked_at NULLS FIRST, c.due, l.ticket_id
"""
_CLAIM = """
INSERT INTO removals (ticket_id, lease, leased_until, looked_at)
VALUES (%(ticket)s, %(lease)s, now() + %(for)s, now())
ON CONFLICT (ticket_id) DO UPDATE SET lease = %(lease)s, leased_until = now() + %(for)s,
    looked_at = now()
WHERE removals.leased_until IS NULL OR removals.leased_until <= now()
RETURNING ticket_id
"""
_MAY_WANT = f"""
SELECT r.wanted_by, n.request_number AS version
FROM removals AS r JOIN leavers AS l USING (ticket_id) JOIN runs AS n USING (ticket_id)
WHERE r.ticket_id = %s AND {IS_WANTED}
  AND {MAY_WANT_NEW}
"""  # noqa: S608 - made of constants alone


class RemovalRecords:
    """The state of the removals."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def candidates(self) -> list[Removing]:
        """Return those that may need something done, the earliest due first."""
        with self._database.transaction() as connection:
            return [removing_of(row) for row in connection.execute(_CANDIDATES).fetchall()]

    def one(self, ticket_id: int) -> Removing | None:
        """Return one leaver, or None if there is none."""
        with self._database.transaction() as connection:
            row = connection.execute(f"{SELECT} WHERE l.ticket_id = %s", (ticket_id,)).fetchone()
        return removing_of(row) if row else None

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

    def store(
        self,
        lease: RemovalLease,
        *,
        line: HistoryLine | None = None,
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

    def note(self, lease: RemovalLease, line: HistoryLine) -> None:
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
                line = HistoryLine(event=HistoryEvent.PULL_REQUEST_WANTED)
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
        said = []
        if one.url and one.state in {RemovalState.OPEN, RemovalState.DRAFT}:
            said.append(f"Pull request: {one.url}")
        if one.needs_person and (why := one.reason):
            link = ""
            if why.file and why.line and why.commit:
                link = f" {line_link(why.file, why.commit, why.line)}"
            said.append(f"{why.sentence}{link}")
        return tuple(said)

    def counts(self) -> dict[str, int]:
        """Return how many removals stand how."""
        with self._database.transaction() as connection:
            rows = connection.execute(
                "SELECT state, count(*) AS number FROM removals GROUP BY state"
            ).fetchall()
        return {row["state"]: row["number"] for row in rows}
