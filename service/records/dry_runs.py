"""What a dry run would have done, for the comparison with what people did."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from service.domain.comparison import Would
from service.records.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class DryRunLeaver:
    """A leaver whose last run was a dry one.

    Attributes:
        ticket_id: of its Zendesk ticket.
        would: what would have been done about it.
        names: by the ticket and by the access lists.
    """

    ticket_id: int
    would: Would
    names: frozenset[str]


class DryRunRecords:
    """Reads what dry runs left.

    Args:
        database: holds it.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def leavers(self, *, days: int) -> list[DryRunLeaver]:
        """Return the leavers that came in within so many days, the oldest first."""
        with self._database.transaction() as connection:
            rows = connection.execute(
                "SELECT ticket_id, dry_run_plan, name, entry FROM leavers"
                " WHERE dry_run_plan IS NOT NULL"
                " AND received_at > now() - make_interval(days => %s) ORDER BY arrival",
                (days,),
            ).fetchall()
        return [_from_row(row) for row in rows]


def _from_row(row: dict[str, Any]) -> DryRunLeaver:
    would, entry = row["dry_run_plan"], row["entry"] or {}
    due = would.get("due")
    return DryRunLeaver(
        ticket_id=row["ticket_id"],
        would=Would(
            plan=would["plan"],
            template=would.get("template"),
            due=datetime.fromisoformat(due) if due else None,
        ),
        names=frozenset(name for name in (row["name"], entry.get("name")) if name),
    )
