"""What `leavers check` says of the access lists."""

from datetime import UTC, datetime, timedelta

import pytest

from integrations.sandbox import Sandbox
from integrations.sandbox.faults import fails
from tests.checks.conftest import Check
from tests.conftest import StartService
from tests.support.lists import OTHER_FILE, TECH_FILE
from tests.support.tickets import ADA, add_ticket


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"GITHUB_TOKEN": "wrong-hidden-word"}, "Check GITHUB_TOKEN"),
        ({"USER_REVIEWER_REPOSITORY": "alphagov/other"}, "Check USER_REVIEWER_REPOSITORY"),
        ({"USER_REVIEWER_BRANCH": "other"}, "Check USER_REVIEWER_BRANCH"),
        ({"USER_REVIEWER_DIRECTORY": "other"}, "Check USER_REVIEWER_DIRECTORY"),
        ({"USER_REVIEWER_TECH_FILE": "other.yml"}, "config/other.yml is not there. Put it back"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_what_is_missing_is_named(check: Check, settings: dict[str, str], said: str) -> None:
    found = check(**settings)

    assert (found.code, list(found.wrong)) == (1, ["access lists"])
    assert said in found.wrong["access lists"]


@pytest.mark.parametrize("right", ["may_read", "may_read_contents"])
def test_a_token_without_right_to_the_repository_is_named(
    check: Check, sandbox: Sandbox, right: str
) -> None:
    setattr(sandbox.github, right, False)

    found = check()

    assert (found.code, list(found.wrong)) == (1, ["access lists"])
    assert "GITHUB_TOKEN" in found.wrong["access lists"]


@pytest.mark.parametrize(
    ("days", "wrong", "said"),
    [(22, [], "it ends on"), (20, ["GitHub token"], "Make a new one, and set GITHUB_TOKEN to it.")],
)
def test_the_end_of_the_token_is_shown_and_named_when_it_is_near(
    check: Check, sandbox: Sandbox, days: int, wrong: list[str], said: str
) -> None:
    end = datetime.now(UTC) + timedelta(days=days)
    header = {"github-authentication-token-expiration": f"{end:%Y-%m-%d %H:%M:%S} UTC"}
    answer = fails(200, body="{}", headers={"Content-Type": "application/json"} | header)
    sandbox.faults.add(fault=answer, vendor="github", path="/rate_limit", times=None)

    found = check()

    shown = (found.right | found.wrong)["GitHub token"]
    assert said in shown
    assert f"{end.day} {end:%B %Y}" in shown
    assert list(found.wrong) == wrong


def test_each_list_is_shown_with_its_people(check: Check) -> None:
    found = check()

    assert (found.right[TECH_FILE], found.right[OTHER_FILE]) == ("4 people", "4 people")
    assert found.right["access lists"].startswith("alphagov/govuk-user-reviewer, the default")


def test_every_list_that_cannot_be_parsed_is_named(check: Check, sandbox: Sandbox) -> None:
    sandbox.github.put_files({TECH_FILE: "- name: [unclosed", OTHER_FILE: "a: b: c"})

    found = check()

    assert (found.code, set(found.wrong)) == (1, {TECH_FILE, OTHER_FILE})
    assert found.wrong[TECH_FILE].startswith(f"{TECH_FILE} cannot be read: ")
    assert found.wrong[OTHER_FILE].endswith("Fix the file in the repository.")


@pytest.mark.parametrize(
    ("path", "text"),
    [(TECH_FILE, "[]"), (OTHER_FILE, ""), (OTHER_FILE, "users: []"), (OTHER_FILE, "# nobody\n")],
)
def test_a_list_that_contains_no_people_is_named(
    check: Check, sandbox: Sandbox, path: str, text: str
) -> None:
    sandbox.github.put_file(path, text)

    found = check()

    assert (found.code, list(found.wrong)) == (1, [path])
    assert found.wrong[path].startswith(f"{path} contains no people. Look at its last change")


def test_a_file_that_would_stop_every_leaver_is_named(
    check: Check, sandbox: Sandbox, start_service: StartService
) -> None:
    sandbox.github.put_file("config/note.yml", "Look here tomorrow.\n")

    found = check()
    leaver = start_service().process_ticket(add_ticket(sandbox, ADA).id)

    assert (found.code == 1) == (leaver["state"] == "failed")


def test_a_file_of_other_things_is_not_a_list(check: Check, sandbox: Sandbox) -> None:
    sandbox.github.put_file("config/settings.yml", "reviews:\n  every: 90 days\n")

    found = check()

    assert found.right["config/settings.yml"] == "no people in it, but other things"


def test_what_may_hide_a_list_is_named(check: Check, sandbox: Sandbox) -> None:
    sandbox.github.put_submodule("config/team")

    found = check()

    assert (found.code, list(found.wrong)) == (1, ["access lists"])
    assert "config/team may hide a list: it is in a submodule" in found.wrong["access lists"]


def test_an_encrypted_list_is_named(check: Check, sandbox: Sandbox) -> None:
    sandbox.github.put_file(OTHER_FILE, "- name: 'ENC[AES256_GCM,data:x,type:str]'\n")

    found = check()

    assert (found.code, list(found.wrong)) == (1, [OTHER_FILE])
    assert "it is encrypted" in found.wrong[OTHER_FILE]
