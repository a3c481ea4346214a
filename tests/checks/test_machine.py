"""What `leavers check` says of the clock, of the database, and as a whole."""

from collections.abc import Callable

import psycopg
import pytest

from integrations.sandbox import Sandbox
from service.records.database import ensure_schema
from tests.checks.conftest import Check
from tests.conftest import RunCommand
from tests.support.lists import OTHER_FILE, TECH_FILE
from tests.support.tickets import writes

Run = Callable[[str], None]
CHECKS = [
    "dry run",
    "database",
    "Zendesk",
    "Zendesk scope",
    "Zendesk field, name",
    "Zendesk field, e-mail address",
    "Zendesk field, leaving date",
    "Zendesk group",
    "signing secret",
    "access lists",
    "GitHub token",
    TECH_FILE,
    OTHER_FILE,
    "Trello",
    "Trello token",
    "Trello board",
    "Trello list",
    "Trello template, tech",
    "Trello template, non_tech",
    "clock, Zendesk",
    "clock, GitHub",
    "clock, Trello",
]


@pytest.fixture
def database_template() -> str:
    """These tests begin with an empty database."""
    return "template1"


@pytest.fixture
def run_sql(database_url: str) -> Run:
    def run(statement: str) -> None:
        with psycopg.connect(database_url, autocommit=True) as connection:
            connection.execute(statement)

    return run


@pytest.fixture
def tables(database_url: str) -> Callable[[], list[str]]:
    def named() -> list[str]:
        with psycopg.connect(database_url) as connection:
            rows = connection.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
            ).fetchall()
        return [row[0] for row in rows]

    return named


@pytest.mark.parametrize("minutes", [5, -5])
def test_a_clock_that_is_five_minutes_off_is_named(
    check: Check, sandbox: Sandbox, minutes: int
) -> None:
    sandbox.clock.advance(seconds=60 * minutes)

    found = check()

    assert (found.code, list(found.wrong)) == (
        1,
        ["clock, Zendesk", "clock, GitHub", "clock, Trello"],
    )
    direction = "behind" if minutes > 0 else "ahead of"
    assert found.wrong["clock, Zendesk"].startswith(
        f"This machine's clock is 5 minutes {direction} Zendesk's."
    )
    assert "NTP" in found.wrong["clock, Zendesk"]


def test_a_clock_that_is_a_little_off_is_right(check: Check, sandbox: Sandbox) -> None:
    sandbox.clock.advance(seconds=60)

    assert check().wrong == {}


def test_a_database_that_cannot_be_reached_is_named(check: Check) -> None:
    found = check(DATABASE_URL="postgresql://u:hidden-word@127.0.0.1:9/leavers")

    assert (found.code, list(found.wrong)) == (1, ["database"])
    assert found.wrong["database"].startswith("Connection refused. Check host and port in DATA")


def test_a_database_that_takes_no_writes_is_named(
    check: Check, database_url: str, run_sql: Run
) -> None:
    ensure_schema(database_url)
    name = database_url.partition("?")[0].rpartition("/")[2]
    run_sql(f"ALTER DATABASE {name} SET default_transaction_read_only = on")

    found = check()

    assert (found.code, list(found.wrong)) == (1, ["database"])
    assert "default_transaction_read_only is on. Turn that off" in found.wrong["database"]


def test_a_user_without_rights_to_the_tables_is_named(
    check: Check, database_url: str, run_sql: Run
) -> None:
    ensure_schema(database_url)
    run_sql("CREATE ROLE reader LOGIN")
    run_sql("GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader")
    other = database_url.replace("postgres@", "reader@").replace("user=postgres", "user=reader")
    try:
        found = check(DATABASE_URL=other)
    finally:
        run_sql("DROP OWNED BY reader")
        run_sql("DROP ROLE reader")

    assert found.wrong["database"].startswith("The user may not INSERT in the table leavers.")


def test_tables_of_a_newer_version_are_named(check: Check, database_url: str, run_sql: Run) -> None:
    ensure_schema(database_url)
    run_sql("INSERT INTO schema_steps VALUES ('service/9999_later.sql')")

    found = check()

    assert (found.code, list(found.wrong)) == (1, ["database"])
    assert "start that version, or a newer one" in found.wrong["database"]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("true", "DRY_RUN is on: nothing is written to Zendesk or Trello"),
        ("", "DRY_RUN is off: the service writes to Zendesk and Trello"),
    ],
)
def test_whether_it_is_a_dry_run_is_always_said(check: Check, value: str, said: str) -> None:
    found = check(DRY_RUN=value)

    assert (found.code, found.right["dry run"]) == (0, said)


def test_a_slip_in_a_settings_name_is_something_to_fix(check: Check) -> None:
    found = check(DRYRUN="true")

    assert (found.code, found.wrong) == (
        1,
        {"DRYRUN": "it is not a setting, and is ignored. The nearest setting is DRY_RUN."},
    )


def test_a_placeholder_for_the_signing_secret_is_something_to_fix(check: Check) -> None:
    found = check(ZENDESK_WEBHOOK_SECRET="later")

    assert (found.code, list(found.wrong)) == (1, ["signing secret"])
    assert "ZENDESK_WEBHOOK_SECRET is still the placeholder" in found.wrong["signing secret"]


def test_an_empty_database_is_right_and_stays_empty(
    check: Check, tables: Callable[[], list[str]]
) -> None:
    found = check()

    assert found.right["database"] == "it can be reached; its tables are made at the next start"
    assert tables() == []


def test_old_tables_are_right_and_stay_old(
    check: Check, database_url: str, run_sql: Run, tables: Callable[[], list[str]]
) -> None:
    ensure_schema(database_url)
    run_sql("DROP TABLE writes")
    run_sql("DELETE FROM schema_steps WHERE name = 'service/0001_tables.sql'")
    before = tables()

    found = check()

    assert "brought up to date at the next start" in found.right["database"]
    assert tables() == before


def test_all_is_right_on_the_sandbox_and_nothing_is_written(
    check: Check, sandbox: Sandbox, database_url: str
) -> None:
    ensure_schema(database_url)

    found = check()

    assert (found.code, found.wrong, writes(sandbox)) == (0, {}, [])
    assert list(found.right) == CHECKS


def test_for_people_it_has_one_line_each(run_leavers: RunCommand) -> None:
    ended = run_leavers("check", TRELLO_LIST_NAME="Nowhere")

    lines = ended.stdout.splitlines()
    assert (ended.exit_code(), [line[2:].partition(": ")[0] for line in lines]) == (1, CHECKS)
    (wrong,) = [line for line in lines if not line.startswith("✓ ")]
    assert wrong == (
        "✗ Trello list: The board has no open list of the name that is set. Check "
        "TRELLO_LIST_NAME, or make the list."
    )
