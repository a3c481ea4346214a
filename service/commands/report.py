"""The report on a period, from the shell, and whether the history is as it was written."""

import sys
from datetime import UTC, date, datetime

from service.commands.console import DONE, exit_code_of
from service.config.settings import Settings
from service.domain.report import report_csv, report_text
from service.observability.logs import configure_logs
from service.records.database import Database, DatabaseError, try_connection
from service.records.history import BrokenLine, HistoryChain
from service.records.report import ReportRecords, report_on

BROKEN = 1
WHOLE = (
    "The history is as it was written, as far as its hashes show: an edit would show, a rewrite of "
    "the whole chain would not. Compare the head's hash with one that you keep elsewhere.\n"
)


def print_report(
    settings: Settings, *, first: date | None, last: date | None, form: str, verifies: bool
) -> int:
    """Print the report, or whether the history is whole, and return the exit code.

    Args:
        settings: where the records are.
        first: the first day of the period; None for no report.
        last: its last day.
        form: ``csv`` or ``json``.
        verifies: whether the history is looked through first.
    """
    configure_logs("ERROR")
    url = settings.database_url.get_secret_value()
    database = Database(url, most_connections=1)
    try:
        # It says at once, and exactly, what is wrong: a pool only waits.
        try_connection(url)
        database.open()
        broken = HistoryChain(database).first_broken() if verifies else None
        if broken:
            sys.stderr.write(_about(broken))
            return BROKEN
        if verifies:
            sys.stderr.write(WHOLE)
        if first and last:
            records = ReportRecords(database, timezone=settings.timezone)
            head = HistoryChain(database).head()
            report = report_on(records, first, last, head=head, now=datetime.now(UTC))
            sys.stdout.write(report_csv(report) if form == "csv" else report_text(report))
    except DatabaseError as error:
        return exit_code_of(error)
    finally:
        database.close()
    return DONE


def _about(broken: BrokenLine) -> str:
    if broken.ticket_id is None or broken.at is None:
        return f"The history is broken: line {broken.position} is gone.\n"
    place = f"line {broken.position}" if broken.position else "a line outside the chain"
    return (
        f"The history is broken: {place}, of ticket {broken.ticket_id}, written at "
        f"{broken.at:%Y-%m-%dT%H:%M:%SZ}, is not as it was written.\n"
    )
