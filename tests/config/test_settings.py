"""Settings as `leavers serve` reads them: each wrong or missing one is named, and none quoted."""

import subprocess
import sys
from collections.abc import Callable
from datetime import time
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from service.config.environment import SettingsError, read_settings
from service.config.types import Tag
from tests.conftest import RunCommand

REQUIRED = [
    "DATABASE_URL",
    "GITHUB_TOKEN",
    "OPERATOR_TOKENS",
    "TRELLO_API_KEY",
    "TRELLO_BOARD_ID",
    "TRELLO_TOKEN",
    "ZENDESK_CLIENT_ID",
    "ZENDESK_CLIENT_SECRET",
    "ZENDESK_SUBDOMAIN",
    "ZENDESK_WEBHOOK_SECRET",
]
TEST_SECRET = "dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ=="
TOKEN = "a-token-of-twenty-characters"
# Any setting that is wrong in this way; {} stands where a secret could be.
WRONG = [
    ("ZENDESK_SUBDOMAIN", "https://govuk.zendesk.com"),
    ("ZENDESK_SUBDOMAIN", "gov uk"),
    ("ZENDESK_WEBHOOK_SECRET", TEST_SECRET),
    ("ZENDESK_WEBHOOK_SECRET_PREVIOUS", TEST_SECRET),
    ("ZENDESK_WEBHOOK_SECRET", "later"),
    ("ZENDESK_WEBHOOK_SECRET_PREVIOUS", "Later"),
    ("ZENDESK_URL", "govuk.zendesk.com"),
    ("ZENDESK_URL", "https://user:hidden-word@govuk.zendesk.com"),
    ("ZENDESK_URL", "ftp://govuk.zendesk.com"),
    ("ZENDESK_NAME_FIELD_ID", "the name"),
    ("ZENDESK_EMAIL_FIELD_ID", "12a"),
    ("ZENDESK_LEAVING_DATE_FIELD_ID", "1.5"),
    ("ZENDESK_LEAVER_TAG", "two words"),
    ("ZENDESK_LEAVER_TAG", "leaver,mover"),
    ("ZENDESK_LEAVER_TAG", "#leaver"),
    ("ZENDESK_LEAVER_TAG", "leaver!"),
    ("GITHUB_URL", "api.github.com"),
    ("GITHUB_URL", "https://[::1"),
    ("GITHUB_URL", "https://x:notaport"),
    ("SESSION_SECRET", "short-hidden-word"),
    ("USER_REVIEWER_REPOSITORY", "govuk-user-reviewer"),
    ("ACT_ON_NAME_ALONE", "perhaps"),
    ("TRELLO_URL", "//api.trello.com"),
    ("TRELLO_BOARD_ID", "../boards"),
    ("TRELLO_TECH_TEMPLATE", "a b"),
    ("TRELLO_NON_TECH_TEMPLATE", "https://trello.com/c/g9iK9fcL"),
    ("NO_ACCESS_ACTION", "delete"),
    ("ORGANISATION_DOMAINS", "@@"),
    ("ORGANISATION_DOMAINS", "dsit.gov.uk,localhost"),
    ("DUE_TIME", "teatime"),
    ("DUE_TIME", "25:00"),
    ("DUE_TIME", "17:00Z"),
    ("TIMEZONE", "Europe/Londinium"),
    ("TIMEZONE", "../etc/passwd"),
    ("DATABASE_URL", "sqlite:///leavers.db"),
    ("DATABASE_URL", "postgresql://user:hidden-word@[nonsense"),
    ("DATABASE_URL", "host=localhost password=hidden-word"),
    ("OPERATOR_TOKENS", "mallory"),
    ("OPERATOR_TOKENS", "=" + TOKEN),
    ("OPERATOR_TOKENS", "alice=short-hidden-word"),
    ("OPERATOR_TOKENS", f"alice={TOKEN},bob={TOKEN}"),
    ("OPERATOR_TOKENS", f"alice={TOKEN},bob"),
    ("OPERATOR_TOKENS", ", ,"),
    ("RETRY_FOR_SECONDS", "-1"),
    ("RETRY_FOR_SECONDS", "a day"),
    ("REQUEST_TIMEOUT_SECONDS", "0.0"),
    ("REQUEST_TIMEOUT_SECONDS", "soon"),
    ("AFTER_DATE_STEPS", "3,1"),
    ("AFTER_DATE_STEPS", "0,1"),
    ("AFTER_DATE_STEPS", "1,1"),
    ("AFTER_DATE_STEPS", "soon"),
    ("AFTER_DATE_UNTIL_DAYS", "-5"),
    ("AFTER_DATE", "perhaps"),
    ("TRELLO_DONE_LISTS", " , "),
    ("DIGEST_AT", "teatime"),
    ("DIGEST_AT", "09:00+01:00"),
    ("URGENT_HOURS", "-1"),
    ("URGENT_HOURS", "99999999999999"),
    ("AFTER_DATE_UNTIL_DAYS", "99999999999"),
    ("RETRY_FOR_SECONDS", "99999999999999999"),
    ("SWEEP_EVERY_SECONDS", "99999999999999999"),
    ("KEEP_DAYS", "99999999999"),
    ("REMOVAL_PULL_REQUESTS", "perhaps"),
    ("PULL_REQUEST_DAYS_BEFORE", "15"),
    ("PULL_REQUEST_DAYS_BEFORE", "-1"),
    ("PULL_REQUEST_REVIEWERS", "jdoe,two words"),
    ("PULL_REQUEST_REVIEWERS", "team:,x"),
    ("PROTECTED", "Jane Doe"),
    ("PROTECTED", "jane.doe@example.gov.uk bob.roe@example.gov.uk"),
    ("PROTECTED", "jane.doe@example.gov.uk;jdoe"),
    ("PROTECTED", "@other.gov.uk"),
    ("RUNBOOK_URL", "the-book"),
]


@pytest.fixture
def database_url() -> str:
    """Never connected to: settings are looked at first."""
    return "postgresql:///nowhere?host=/nowhere"


# Reads the settings with some changed, and returns the lines that name what is wrong.
Problems = Callable[..., list[str]]


@pytest.fixture
def problems(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Problems:
    monkeypatch.chdir(tmp_path)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    def read(**changed: str | None) -> list[str]:
        for name, value in changed.items():
            if value is None:
                monkeypatch.delenv(name, raising=False)
            else:
                monkeypatch.setenv(name, value)
        with pytest.raises(SettingsError) as refused:
            read_settings()
        return str(refused.value).splitlines()

    return read


@pytest.mark.parametrize("value", [None, "", "  "], ids=["absent", "empty", "blank"])
@pytest.mark.parametrize("name", REQUIRED)
def test_a_missing_setting_is_named(problems: Problems, name: str, value: str | None) -> None:
    assert problems(**{name: value}) == [f"{name} is missing"]


def test_all_missing_settings_are_named_at_once(problems: Problems) -> None:
    *lines, hint = problems(**dict.fromkeys(REQUIRED, None))

    assert [line.split()[0] for line in lines] == sorted(REQUIRED)
    assert hint == "There is no .env in this folder: start the command where it lies, or set them"


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_a_wrong_setting_is_named_and_not_quoted(problems: Problems, name: str, value: str) -> None:
    (line,) = problems(**{name: value})

    assert line.split()[0] == name
    assert value not in line
    assert "hidden-word" not in line


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("TRELLO_BOARD_ID", "https://trello.com/b/nC8QJJoZ", "take what stands after /b/"),
        ("USER_REVIEWER_REPOSITORY", "https://github.com/alphagov/lists", "owner/name"),
        ("DRY_RUN", "maybe", "neither true nor false"),
        ("SESSION_SECRET", "too short", "fewer than 32 characters"),
        ("DUE_TIME", "teatime", "is not a time of day such as 17:00"),
        ("KEEP_DAYS", "0", "must be at least 1, such as 90"),
        ("KEEP_DAYS", "99999", "must be at most 36500, such as 90"),
        ("RETRY_FOR_SECONDS", "9" * 12, "must be at most 3153600000, such as 86400"),
        ("DAILY_LIMIT", "many", "is not a whole number such as 50"),
        ("REQUEST_TIMEOUT_SECONDS", "99", "must be at most 60, such as 10"),
        ("NO_ACCESS_ACTION", "delete", "is not one of solve, non_tech_card, ask"),
        ("ZENDESK_NAME_FIELD_ID", "name", "is not a whole number such as 360001234567"),
        ("ZENDESK_EMAIL_FIELD_ID", "-3", "must be at least 1, such as 360001234567"),
        ("PROTECTED", "Jane Doe", "neither an e-mail address nor a user name"),
        ("RUNBOOK_URL", "the-book", "such as https://docs.example.gov.uk/leavers/runbook"),
    ],
)
def test_a_slip_is_answered_with_what_is_meant(
    problems: Problems, name: str, value: str, said: str
) -> None:
    (line,) = problems(**{name: value})

    assert said in line


@pytest.mark.parametrize("command", ["serve", "work", "process 12345", "check"])
def test_every_command_looks_at_the_settings_first(run_leavers: RunCommand, command: str) -> None:
    ended = run_leavers(*command.split(), GITHUB_TOKEN=None)

    assert (ended.exit_code(), ended.stderr) == (2, "GITHUB_TOKEN is missing\n")


@pytest.mark.parametrize("command", ["serve", "work", "process 12345", "check", "sweep"])
@pytest.mark.parametrize("name", ["ZENDESK_EMAIL", "ZENDESK_API_TOKEN"])
def test_a_login_by_api_token_is_refused_with_what_to_do_instead(
    run_leavers: RunCommand, command: str, name: str
) -> None:
    ended = run_leavers(*command.split(), **{name: "an-old-one"})

    assert ended.exit_code() == 2
    assert ended.stderr.startswith(f"{name}: it is no longer used")
    assert "set ZENDESK_CLIENT_ID and ZENDESK_CLIENT_SECRET instead" in ended.stderr
    assert "an-old-one" not in ended.stderr


def test_an_empty_login_by_api_token_is_none(run_leavers: RunCommand) -> None:
    ended = run_leavers("check", ZENDESK_EMAIL=" ", ZENDESK_API_TOKEN="")

    assert "no longer used" not in ended.stderr + ended.stdout


def run_beside(env_file: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run the program in the folder of a `.env`, with nothing set in the environment."""
    program = Path(sys.executable).with_name("leavers")
    return subprocess.run(  # noqa: S603 - our own program, as a shell starts it
        [program, *arguments],
        cwd=env_file.parent,
        env={},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_slip_in_a_name_is_named_beside_the_setting_that_is_missing(
    run_leavers: RunCommand,
) -> None:
    ended = run_leavers("serve", TRELLO_BOARD_ID=None, TRELLO_BOARDID="nC8QJJoZ")

    assert ended.exit_code() == 2
    missing, unknown = ended.stderr.splitlines()
    assert missing == "TRELLO_BOARD_ID is missing"
    assert unknown.startswith("TRELLO_BOARDID: it is not a setting, and is ignored.")


def test_a_line_of_the_file_that_is_not_a_setting_is_named(
    environment: dict[str, str], tmp_path: Path
) -> None:
    given = environment | {"GITHUB_TOKEN": ""}
    lines = "".join(f"{name}={value}\n" for name, value in given.items())
    (tmp_path / ".env").write_text(f"DRY_RUN true\n{lines}")

    ended = run_beside(tmp_path / ".env", "serve")

    missing, unknown, *_ = ended.stderr.splitlines()
    assert missing == "GITHUB_TOKEN is missing"
    assert unknown.startswith(".env, line 1: it is not a setting such as DRY_RUN=true")


def test_settings_may_come_from_a_file(environment: dict[str, str], tmp_path: Path) -> None:
    given = environment | {"GITHUB_TOKEN": ""}
    (tmp_path / ".env").write_text("".join(f"{name}={value}\n" for name, value in given.items()))

    ended = run_beside(tmp_path / ".env", "check")

    assert (ended.returncode, ended.stderr) == (2, "GITHUB_TOKEN is missing\n")


def test_a_file_that_is_not_utf_8_is_named(tmp_path: Path) -> None:
    env_file = tmp_path / ".env"
    env_file.write_bytes("TRELLO_LIST_NAME=À faire\n".encode("latin-1"))

    ended = run_beside(env_file, "check")

    assert (ended.returncode, ended.stderr) == (
        2,
        ".env can't be read: it is not written in UTF-8\n",
    )


def test_a_file_that_the_system_does_not_give_is_named(tmp_path: Path) -> None:
    env_file = tmp_path / ".env"
    # What root may not read either: a process's memory, from its beginning.
    env_file.symlink_to("/proc/self/mem")

    ended = run_beside(env_file, "setup", "zendesk", "--url", "https://leavers.example.gov.uk")

    assert (ended.returncode, ended.stderr) == (2, ".env can't be read: Input/output error\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("serve --port abc", "a port is a number from 0 to 65535"),
        ("serve --port 70000", "a port is a number from 0 to 65535"),
        ("pilot --days 0", "days are a whole number from 1 to 3650"),
        ("pilot --days 99999999999", "days are a whole number from 1 to 3650"),
        ("pilot --days x", "days are a whole number from 1 to 3650"),
    ],
)
def test_a_number_that_will_not_do_is_answered_with_those_that_do(
    run_leavers: RunCommand, arguments: str, said: str
) -> None:
    ended = run_leavers(*arguments.split())

    assert (ended.exit_code(), said in ended.stderr) == (2, True)


@pytest.mark.parametrize(
    "arguments",
    ["", "bake", "serve --port 70000", "serve --port x", "process", "process 0", "process abc"],
)
def test_a_wrong_command_line_ends_with_two_and_says_how_it_is_used(
    run_leavers: RunCommand, arguments: str
) -> None:
    ended = run_leavers(*arguments.split())

    assert (ended.exit_code(), ended.stderr.split(":")[0]) == (2, "usage")
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize(
    ("value", "steps"),
    [
        (None, (1, 3, 5)),
        ("2", (2,)),
        (" 1, 10 ", (1, 10)),
        ("", ()),
        ("  ", ()),
        ("none", ()),
    ],
)
def test_the_steps_after_the_date_may_be_none_at_all(
    problems: Problems,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    value: str | None,
    steps: tuple[int, ...],
) -> None:
    assert problems(DUE_TIME="teatime")
    monkeypatch.delenv("DUE_TIME")
    if value is not None:
        monkeypatch.setenv("AFTER_DATE_STEPS", value)
    in_environment = read_settings().after_date_steps
    monkeypatch.delenv("AFTER_DATE_STEPS", raising=False)
    if value is not None:
        (tmp_path / ".env").write_text(f"AFTER_DATE_STEPS={value}\n")

    assert (in_environment, read_settings().after_date_steps) == (steps, steps)


@pytest.mark.parametrize(
    ("value", "at"), [(None, time(9)), ("off", None), ("Off", None), ("07:30", time(7, 30))]
)
def test_the_message_of_the_day_may_be_off(
    problems: Problems, monkeypatch: pytest.MonkeyPatch, value: str | None, at: time | None
) -> None:
    assert problems(DUE_TIME="teatime")
    monkeypatch.delenv("DUE_TIME")
    if value is not None:
        monkeypatch.setenv("DIGEST_AT", value)

    assert read_settings().digest_at == at


def test_pull_requests_need_a_second_token_of_their_own(
    problems: Problems, environment: dict[str, str]
) -> None:
    same = environment["GITHUB_TOKEN"]

    assert problems(REMOVAL_PULL_REQUESTS="true") == [
        "GITHUB_PULL_REQUEST_TOKEN is missing: REMOVAL_PULL_REQUESTS needs a second token"
    ]
    assert problems(REMOVAL_PULL_REQUESTS="true", GITHUB_PULL_REQUEST_TOKEN=same) == [
        "GITHUB_PULL_REQUEST_TOKEN must be another token than GITHUB_TOKEN, which only reads"
    ]


def test_reviewers_are_users_and_teams_in_their_order(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("REMOVAL_PULL_REQUESTS", "true")
    monkeypatch.setenv("GITHUB_PULL_REQUEST_TOKEN", "github_pat_second")
    monkeypatch.setenv("PULL_REQUEST_REVIEWERS", "jdoe, team:govuk-platform")

    assert read_settings().pull_request_reviewers == ("jdoe", "team:govuk-platform")


@pytest.mark.parametrize(
    ("written", "kept"),
    [("Leaver", "leaver"), ("LEAVER:2026/it-team", "leaver:2026/it-team"), ("Départ", "départ")],
)
def test_a_tag_is_what_zendesk_would_store(written: str, kept: str) -> None:
    assert TypeAdapter(Tag).validate_python(written) == kept
