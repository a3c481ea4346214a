"""What looks like a setting and is not is found, with the nearest setting; nothing is quoted."""

import pytest

from service.config.unknown import unknown_in_environment, unknown_in_file
from tests.conftest import StartService

KNOWN = {"DRY_RUN", "DUE_TIME", "GITHUB_TOKEN", "TIMEZONE", "TRELLO_TOKEN", "ZENDESK_URL"}


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("DRYRUN", "DRY_RUN"),
        ("DUE_TIEM", "DUE_TIME"),
        ("TIME_ZONE", "TIMEZONE"),
        ("ZENDESK_URI", "ZENDESK_URL"),
        ("TRELLO_APP_TOKEN", "TRELLO_TOKEN"),
        ("due_tiem", "DUE_TIME"),
    ],
)
def test_a_variable_that_begins_like_ours_or_is_nearly_one_is_named(
    name: str, nearest: str
) -> None:
    (found,) = unknown_in_environment(["PATH", name], KNOWN)

    assert (found.what, found.nearest) == (name, nearest)


def test_what_is_known_or_has_nothing_to_do_with_us_is_not_named() -> None:
    names = ["PATH", "HOME", "TZ", "LANG", "DRY_RUN", "dry_run", "HTTPS_PROXY", "PYTHONPATH"]

    assert [*unknown_in_environment(names, KNOWN)] == []


def test_what_githubs_runners_set_is_not_named_but_a_slip_is() -> None:
    names = ["GITHUB_ACTIONS", "GITHUB_WORKSPACE", "GITHUB_TOKE"]

    assert [one.what for one in unknown_in_environment(names, KNOWN)] == ["GITHUB_TOKE"]


def test_the_login_that_is_gone_is_named_with_what_to_do_instead() -> None:
    (found,) = unknown_in_environment(["ZENDESK_API_TOKEN"], KNOWN)

    assert "no longer used" in str(found)
    assert "set ZENDESK_CLIENT_ID and ZENDESK_CLIENT_SECRET instead" in str(found)


def test_each_line_that_is_not_a_setting_is_named_by_its_number_or_name() -> None:
    text = (
        "# a comment\n\nDRY_RUN=true\nexport DUE_TIME='09:00'\nhidden-word and more\n\n"
        "DRY_RUN true\nTIMEZONE\nPOSTGRES_PASSWORD=x\nCOMPOSE_PROFILES=y\nDRYRUN=1\nCOLOUR=red\n"
    )

    found = [*unknown_in_file(text, KNOWN, file=".env")]

    assert [(one.what, one.nearest) for one in found] == [
        (".env, line 5", None),
        (".env, line 7", "DRY_RUN"),
        (".env, line 8", "TIMEZONE"),
        ("DRYRUN", "DRY_RUN"),
        ("COLOUR", None),
    ]
    assert all("hidden-word" not in str(one) for one in found)


def test_a_value_over_several_lines_is_one_setting() -> None:
    assert [*unknown_in_file('TRELLO_TOKEN="a\nb c\nd"\n', KNOWN, file=".env")] == []


def test_a_slip_in_a_name_is_named_at_start_and_the_service_runs(
    start_service: StartService,
) -> None:
    service = start_service(DRYRUN="true", DUE_TIEM="09:00")

    named = [line for line in service.log_lines if line["message"] == "setting unknown"]
    assert [(line["level"], line["setting"], line["nearest"]) for line in named] == [
        ("WARNING", "DRYRUN", "DRY_RUN"),
        ("WARNING", "DUE_TIEM", "DUE_TIME"),
    ]
