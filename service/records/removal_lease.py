"""The right of one worker to write to one leaver's pull request."""

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID, uuid4

from service.records.database import Connection, Database
from service.records.removing import IS_WANTED
from service.records.runs import LeaseLost

# How long a worker may be silent before another one goes on with its leaver: longer than the
# longest pause between two writes. A killed one's successor waits so long.
LEASE_FOR = timedelta(minutes=1)


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
                f"SELECT 1 AS one FROM leavers AS l WHERE l.ticket_id = %s AND {IS_WANTED}"  # noqa: S608
                " FOR SHARE",
                (self.ticket_id,),
            ).fetchone()
            if row is None:
                raise LeaseLost
