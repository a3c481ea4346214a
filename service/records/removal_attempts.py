"""Which pull request a leaver's removal has, where there were several or another ticket has one."""

from dataclasses import asdict

from service.domain.history import HistoryEvent, HistoryLine
from service.records.database import Database
from service.records.history import record
from service.records.removal_lease import RemovalLease
from service.records.removing import IS_WANTED, Earlier, Removing

# Another ticket of the same person that has a pull request, or is about to get one: not one that is
# over, since the entry is listed again. One that is open counts whatever became of its ticket, and
# one that a person closed is not made again for another ticket, unless an operator asks for it.
_OWNER = f"""
SELECT l.ticket_id, r.state IN ('draft', 'open') AS is_open
FROM leavers AS l JOIN removals AS r USING (ticket_id)
WHERE l.person_keys && %(keys)s AND l.ticket_id <> %(ticket)s AND r.shared_with IS NULL AND (
    r.state IN ('draft', 'open') OR (r.state = 'closed_by_person' AND NOT %(is_asked_for)s)
    OR ({IS_WANTED} AND r.branch IS NOT NULL AND r.state NOT IN
        ('withdrawn', 'closed_by_person', 'merged', 'already_gone')))
ORDER BY is_open DESC, l.arrival LIMIT 1
"""  # noqa: S608 - made of constants alone
# The last one joins those before it: people may open it again.
_WITH_LAST = """
CASE WHEN branch IS NULL OR number IS NULL THEN earlier ELSE earlier || jsonb_build_object(
    'branch', branch, 'number', number, 'url', url, 'entry_keys', to_jsonb(entry_keys)) END
"""
_FORGET = """
    reason_code = NULL, file = NULL, line_number = NULL, at_commit = NULL, shared_with = NULL,
    due_at = NULL, closing_as = NULL, touch = NULL, refreshed_at = NULL, merged_by = NULL,
    merge_commit = NULL, opened_at = NULL, left_undone = NULL, left_at = NULL, changed_at = now()
"""
# Somebody else's branch keeps its name, and a branch of the service's own without a pull request is
# used again.
_BEGIN_AGAIN = f"""
UPDATE removals SET
    attempt = attempt + (branch IS NOT NULL AND (number IS NOT NULL
        OR reason_code IS NOT DISTINCT FROM 'branch_in_the_way'))::integer,
    earlier = {_WITH_LAST}, state = 'none', branch = NULL, number = NULL, url = NULL,
    entry_keys = '{{}}', is_announced = false, {_FORGET}
WHERE ticket_id = %s
"""  # noqa: S608 - made of constants alone
_GO_BACK = f"""
UPDATE removals SET
    earlier = (SELECT coalesce(jsonb_agg(one), '[]') FROM jsonb_array_elements({_WITH_LAST}) AS one
        WHERE (one ->> 'number')::integer <> %(number)s),
    state = 'open', branch = %(branch)s, number = %(number)s, url = %(url)s,
    entry_keys = %(entry_keys)s, is_announced = true, wanted_by = NULL, {_FORGET}
WHERE ticket_id = %(ticket)s
"""  # noqa: S608 - made of constants alone
_OLDER_OPEN = """
SELECT 1 AS one FROM leavers AS l JOIN removals AS r USING (ticket_id)
WHERE l.person_keys && %(keys)s AND l.ticket_id <> %(ticket)s AND r.shared_with IS NULL
  AND r.state IN ('draft', 'open') AND r.number < %(number)s
LIMIT 1
"""


class RemovalAttempts:
    """The pull requests of a leaver, of which one is followed.

    Args:
        database: where they are kept.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def take_branch(self, lease: RemovalLease, one: Removing, branch: str) -> int | None:
        """Note the branch that a leaver's pull request gets, before anything is sent.

        Returns:
            The other ticket of the same person whose pull request it shares; None if it gets
            its own.
        """
        with self._database.transaction() as connection:
            connection.execute("SELECT pg_advisory_xact_lock(hashtext('leavers: removals'))")
            lease.check(connection)
            other = connection.execute(
                _OWNER,
                {
                    "keys": sorted(one.person_keys),
                    "ticket": one.ticket_id,
                    "is_asked_for": one.wanted_by is not None,
                },
            ).fetchone()
            if other and (other["is_open"] or one.branch is None):
                return int(other["ticket_id"])
            connection.execute(
                "UPDATE removals SET branch = %s WHERE ticket_id = %s", (branch, one.ticket_id)
            )
        return None

    def begin_again(self, lease: RemovalLease) -> None:
        """Forget what came of an earlier pull request: a new one has another branch.

        Who asked for it stays recorded until it is there; so do the service's own commits and
        texts.
        """
        with self._database.transaction() as connection:
            lease.check(connection)
            connection.execute(_BEGIN_AGAIN, (lease.ticket_id,))

    def go_back(self, lease: RemovalLease, to: Earlier) -> None:
        """Follow an earlier pull request, which people opened again, instead of the last one."""
        facts = {"what": "earlier", "url": to.url}
        with self._database.transaction() as connection:
            lease.check(connection)
            connection.execute(_GO_BACK, {**asdict(to), "ticket": lease.ticket_id})
            line = HistoryLine(event=HistoryEvent.PULL_REQUEST_CHANGED, facts=facts)
            record(connection, lease.ticket_id, line)

    def has_older_elsewhere(self, one: Removing) -> bool:
        """Return whether another ticket of the same person has an older pull request open."""
        with self._database.transaction() as connection:
            found = connection.execute(
                _OLDER_OPEN,
                {"keys": sorted(one.person_keys), "ticket": one.ticket_id, "number": one.number},
            ).fetchone()
        return found is not None
