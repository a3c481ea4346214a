"""Are settings, credentials, templates and lists right? One line each, with what to do."""

import json
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial

import psycopg

from service.access_lists import AccessLists
from service.calls import CallGuard
from service.database import Database, SchemaError, ensure_schema
from service.domain.errors import OutsideError
from service.domain.plan import Role
from service.runs import Runs
from service.settings import Settings
from service.shell import DONE, FAILED, database_problem
from service.stopping import StopSign
from service.wiring import Vendors, build_vendors, tech_file

OLD_LOGIN = (
    "an API token is in use. Zendesk stops all API tokens on 30 April 2027: make an OAuth client, "
    "and set ZENDESK_CLIENT_ID and ZENDESK_CLIENT_SECRET"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one check found."""

    check: str
    ok: bool
    detail: str


def check(settings: Settings, *, as_json: bool) -> int:
    """Run every check, print what was found, and return the exit code."""
    findings = all_findings(settings)
    if as_json:
        sys.stdout.write(json.dumps([asdict(finding) for finding in findings], indent=2) + "\n")
    else:
        for finding in findings:
            sys.stdout.write(f"{'✓' if finding.ok else '✗'} {finding.check}: {finding.detail}\n")
    return DONE if all(finding.ok for finding in findings) else FAILED


def all_findings(settings: Settings) -> list[Finding]:
    """Run every check; none of them writes anything to a vendor."""
    url = settings.database_url.get_secret_value()
    database = Database(url, most_connections=1)
    vendors = build_vendors(
        settings, CallGuard(Runs(database), StopSign(), pacing=None, is_dry_run=True)
    )
    return [
        _find("database", lambda: _database(url)),
        _find("Zendesk", lambda: _zendesk(settings, vendors)),
        *_lists(settings, vendors, database),
        _find("Trello list", lambda: _trello_list(settings, vendors)),
        *(_find(f"Trello template, {role}", partial(_template, vendors, role)) for role in Role),
    ]


def _find(name: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(check=name, ok=True, detail=look())
    except OutsideError as error:
        return Finding(check=name, ok=False, detail=str(error))
    except (psycopg.Error, SchemaError) as error:
        return Finding(check=name, ok=False, detail=database_problem(error))


def _database(url: str) -> str:
    ensure_schema(url)
    return "it can be reached, and its tables are up to date"


def _zendesk(settings: Settings, vendors: Vendors) -> str:
    user = vendors.zendesk.me()
    logged_in = f"logged in as user {user}"
    return logged_in if settings.zendesk_client_id else f"{logged_in}; {OLD_LOGIN}"


def _lists(settings: Settings, vendors: Vendors, database: Database) -> list[Finding]:
    lists = AccessLists(vendors.reviewer, database, tech_file=tech_file(settings))
    try:
        read = lists.read()
    except OutsideError as error:
        return [Finding(check="access lists", ok=False, detail=str(error))]
    return [
        Finding(check=file, ok=True, detail=f"{people} people" if people else "no people in it")
        for file, people in sorted(read.people.items())
    ]


def _trello_list(settings: Settings, vendors: Vendors) -> str:
    vendors.trello.list_id()
    return f"“{settings.trello_list_name}” is on the board"


def _template(vendors: Vendors, role: Role) -> str:
    return f"“{vendors.trello.template(role).name}”"
