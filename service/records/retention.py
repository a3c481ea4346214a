"""Erasing the personal data of leavers that have long been done; who did what stays."""

from service.records.database import Database
from service.records.removed import RemovedRecords

# A person may have moved the card's date, or given one that is not set on a card that is not open:
# the latest counts.
_DUE = """greatest(leaving_date::timestamptz,
    (SELECT due FROM cards WHERE cards.ticket_id = leavers.ticket_id),
    (SELECT due_at FROM after_date WHERE after_date.ticket_id = leavers.ticket_id))"""
# The later of the run's end and the end of the looks after the date: of who is still looked at, the
# latest end that is possible. An operator may ask for a reminder after that.
_KEPT_UNTIL = f"""greatest(finished_at, coalesce(
    (SELECT ended_at FROM after_date WHERE after_date.ticket_id = leavers.ticket_id),
    CASE WHEN %(until_days)s::integer IS NOT NULL AND outcome IN ('tech_card', 'non_tech_card')
      THEN greatest(
        {_DUE} + make_interval(days => %(until_days)s::integer),
        (SELECT remind_from FROM after_date WHERE after_date.ticket_id = leavers.ticket_id))
      ELSE finished_at END))"""  # noqa: S608 - made of constants alone


class Retention:
    """Erases names, addresses and anything else that shows who a leaver was.

    Args:
        database: holds the records. The engine's own tables hold nothing but ticket numbers.
        removed: who left the access lists lately.
        keep_days: how many days after its end a leaver's data are kept.
        until_days: how many days after the due date a leaver is looked at; None if that is off.
    """

    def __init__(
        self,
        database: Database,
        removed: RemovedRecords,
        *,
        keep_days: int,
        until_days: int | None,
    ) -> None:
        self._database = database
        self._removed = removed
        self._keep_days = keep_days
        self._until_days = until_days

    def erase(self) -> int:
        """Erase what is due; return of how many leavers."""
        self._removed.erase()
        with self._database.transaction() as connection:
            erased = connection.execute(
                "UPDATE leavers SET name = NULL, email = NULL, leaving_date = NULL, entry = NULL,"  # noqa: S608
                " candidates = '[]',"
                " corrections = corrections - '{name,email,leaving_date}'::text[],"
                " person_keys = '{}', found = '{}', dry_run_plan = NULL, erased_at = now(),"
                # What a dry run would have done contains the leaving date; no other reason does.
                " reason = CASE WHEN ended_in_dry_run THEN NULL ELSE reason END,"
                " reason_code = CASE WHEN ended_in_dry_run THEN NULL ELSE reason_code END"
                " WHERE state = 'done' AND erased_at IS NULL"
                f" AND {_KEPT_UNTIL} < now() - make_interval(days => %(keep_days)s)"
                f" AND coalesce({_DUE}, '-infinity') < now()"
                " RETURNING ticket_id",
                {"keep_days": self._keep_days, "until_days": self._until_days},
            ).fetchall()
            tickets = [row["ticket_id"] for row in erased]
            connection.execute(
                "UPDATE cards SET name = NULL, due = NULL, urgent_due = NULL, person_keys = '{}'"
                " WHERE ticket_id = ANY(%s)",
                (tickets,),
            )
            connection.execute(
                "UPDATE removals SET entry_keys = '{}', earlier = '[]' WHERE ticket_id = ANY(%s)",
                (tickets,),
            )
            connection.execute(
                "UPDATE later SET settled_fields = NULL, prepared_date = NULL"
                " WHERE ticket_id = ANY(%s)",
                (tickets,),
            )
            connection.execute(
                # That the name was corrected, and by which operator, stays; the new name does not.
                "UPDATE history SET personal = '{}' WHERE ticket_id = ANY(%s)",
                (tickets,),
            )
        return len(erased)
