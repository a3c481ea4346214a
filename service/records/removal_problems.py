"""Removals that a vendor refuses in a way that lasts, so that somebody has to fix something."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from service.domain.errors import PermanentError
from service.records.database import Database

# Noted again by each look that fails: what is older is not tried any more.
IS_PRESENT = "problem_at > now() - interval '1 day'"
# Before its first start.
_HAS_NO_TABLE = "SELECT 1 AS one WHERE to_regclass('removals') IS NULL"
COUNT = f"SELECT count(*) AS number FROM removals WHERE {IS_PRESENT}"  # noqa: S608


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovalProblem:
    """One thing to fix.

    Attributes:
        problem: what it is, and what to do; it names nobody.
        tickets: whose removals it holds up, in order.
        at: when the last of them failed.
    """

    problem: str
    tickets: Sequence[int]
    at: datetime


class RemovalProblems:
    """What holds removals up.

    Args:
        database: where it is noted.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def note(self, ticket_id: int, failure: PermanentError) -> None:
        """Note what one look failed by."""
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE removals SET problem = %s, problem_at = now() WHERE ticket_id = %s",
                (str(failure), ticket_id),
            )

    def clear(self, ticket_id: int) -> None:
        """Note that a look went well."""
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE removals SET problem = NULL, problem_at = NULL"
                " WHERE ticket_id = %s AND problem IS NOT NULL",
                (ticket_id,),
            )

    def all(self) -> list[RemovalProblem]:
        """Return what there is to fix, what holds most removals up first."""
        with self._database.transaction() as connection:
            if connection.execute(_HAS_NO_TABLE).fetchone():
                return []
            rows = connection.execute(
                "SELECT problem, array_agg(ticket_id ORDER BY ticket_id) AS tickets,"  # noqa: S608
                f" max(problem_at) AS at FROM removals WHERE {IS_PRESENT}"
                " GROUP BY problem ORDER BY count(*) DESC, problem"
            ).fetchall()
        return [RemovalProblem(**row) for row in rows]
