"""`leavers pilot`: the report of a dry run, for people or for a spreadsheet."""

import csv
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from service.commands.console import (
    DONE,
    FAILED,
    database_problem,
    print_outside_failure,
    print_problem,
)
from service.config.rules import templates
from service.config.settings import Settings
from service.domain.comparison import Compared, Verdict
from service.domain.errors import OutsideError
from service.guard.vendors import read_only_vendors
from service.observability.logs import configure_logs
from service.records.database import Database, DatabaseError, try_connection
from service.records.dry_runs import DryRunRecords
from service.upkeep.pilot import Pilot

COLUMNS = (
    "ticket_id",
    "verdict",
    "differences",
    "would",
    "would_template",
    "would_due",
    "ticket_status",
    "card_url",
    "card_list",
    "card_template",
    "card_due",
)


def report_pilot(settings: Settings, *, days: int, form: str) -> int:
    """Print the report, and return the exit code.

    Args:
        settings: of the dry run.
        days: how many to look back.
        form: a key of `FORMS`.
    """
    configure_logs("ERROR")
    url = settings.database_url.get_secret_value()
    database = Database(url, most_connections=1)
    try:
        try_connection(url)
        database.open()
        compared = list(_pilot(settings, database).report(days=days))
    except DatabaseError as error:
        print_problem(database_problem(error))
        return FAILED
    except OutsideError as error:
        print_outside_failure(error)
        return FAILED
    finally:
        database.close()
    FORMS[form](compared, settings)
    return DONE


def _pilot(settings: Settings, database: Database) -> Pilot:
    vendors = read_only_vendors(settings)
    return Pilot(
        records=DryRunRecords(database),
        zendesk=vendors.zendesk,
        trello=vendors.trello_account,
        templates=templates(settings),
        timezone=settings.timezone,
    )


def _as_text(compared: Iterable[Compared], settings: Settings) -> None:
    verdicts: Counter[str] = Counter()
    for one in compared:
        verdicts[one.verdict] += 1
        differences = f" ({', '.join(one.differences)})" if one.differences else ""
        sys.stdout.write(
            f"{one.ticket_id}: {one.verdict}{differences}\n"
            f"  service: {_would(one, settings)}\n"
            f"  people:  {_people(one, settings)}\n"
        )
    counts = ", ".join(f"{verdicts[verdict]} {verdict}" for verdict in Verdict)
    sys.stdout.write(
        f"{verdicts.total()} {'leaver' if verdicts.total() == 1 else 'leavers'}: {counts}\n"
    )


def _as_json(compared: Iterable[Compared], _: Settings) -> None:
    sys.stdout.write(f"{json.dumps([_row(one) for one in compared], indent=2)}\n")


def _as_csv(compared: Iterable[Compared], _: Settings) -> None:
    writer = csv.DictWriter(sys.stdout, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for one in compared:
        writer.writerow(_row(one) | {"differences": "; ".join(one.differences)})


FORMS: dict[str, Callable[[Iterable[Compared], Settings], None]] = {
    "text": _as_text,
    "json": _as_json,
    "csv": _as_csv,
}


def _row(one: Compared) -> dict[str, object]:
    card = one.card
    values = (
        one.ticket_id,
        one.verdict.value,
        list(one.differences),
        one.would.plan,
        one.would.template,
        _iso(one.would.due),
        one.ticket_status,
        card.url if card else None,
        card.list_name if card else None,
        card.template if card else None,
        _iso(card.due) if card else None,
    )
    return dict(zip(COLUMNS, values, strict=True))


def _would(one: Compared, settings: Settings) -> str:
    match one.would.plan:
        case "card":
            return (
                f"a card from the {one.would.template} template, "
                f"due {_local(one.would.due, settings)}; ticket solved"
            )
        case "no_access":
            return "no card; ticket solved"
        case _:
            return "a question to a person"


def _people(one: Compared, settings: Settings) -> str:
    if one.card is None:
        return f"no card; ticket {one.ticket_status}"
    kind = f"from the {one.card.template} template, " if one.card.template else ""
    return (
        f"{one.card.url} in “{one.card.list_name}”, {kind}due {_local(one.card.due, settings)}; "
        f"ticket {one.ticket_status}"
    )


def _local(at: datetime | None, settings: Settings) -> str:
    return f"{at.astimezone(ZoneInfo(settings.timezone)):%Y-%m-%d %H:%M}" if at else "never"


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
