"""What `leavers check` says of Trello."""

from datetime import UTC, datetime, timedelta

import pytest

from integrations.sandbox import Sandbox
from integrations.sandbox.samples import TECH_TEMPLATE
from tests.checks.conftest import Check, without_followers


@pytest.mark.parametrize(
    ("settings", "name", "said"),
    [
        ({"TRELLO_API_KEY": "wrong-hidden-word"}, "Trello", "The API key is refused."),
        ({"TRELLO_TOKEN": "wrong-hidden-word"}, "Trello", "The token is refused."),
        ({"TRELLO_BOARD_ID": "otherBrd"}, "Trello board", "Check TRELLO_BOARD_ID"),
        ({"TRELLO_LIST_NAME": "Nowhere"}, "Trello list", "Check TRELLO_LIST_NAME"),
        (
            {"TRELLO_DONE_LISTS": "to do, Dnoe"},
            "Trello done lists",
            "The board has no list “Dnoe”, so no card counts as done there.",
        ),
        (
            {"TRELLO_TECH_TEMPLATE": "AAAAAAAA"},
            "Trello template, tech",
            "Check TRELLO_TECH_TEMPLATE",
        ),
        (
            {"TRELLO_NON_TECH_TEMPLATE": "AAAAAAAA"},
            "Trello template, non_tech",
            "Check TRELLO_NON_TECH_TEMPLATE",
        ),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_what_is_wrong_or_missing_is_named(
    check: Check, settings: dict[str, str], name: str, said: str
) -> None:
    found = check(**settings)

    wrong = without_followers(found.wrong)
    assert (found.code, list(wrong)) == (1, [name])
    assert said in wrong[name]


def test_a_token_that_may_only_read_is_named(check: Check, sandbox: Sandbox) -> None:
    sandbox.trello.may_write = False

    found = check()

    assert (found.code, list(found.wrong)) == (1, ["Trello token"])
    assert "The token may read, but not write." in found.wrong["Trello token"]
    assert "scope=read,write" in found.wrong["Trello token"]


def test_a_token_near_its_end_is_named_with_its_date(check: Check, sandbox: Sandbox) -> None:
    sandbox.trello.token_ends_at = ends_at = datetime.now(UTC) + timedelta(days=5)

    found = check()

    assert (found.code, list(found.wrong)) == (1, ["Trello token"])
    assert f"ends on {ends_at:%d %B %Y}" in found.wrong["Trello token"]


def test_a_token_that_ends_in_a_long_time_is_right(check: Check, sandbox: Sandbox) -> None:
    sandbox.trello.token_ends_at = datetime.now(UTC) + timedelta(days=29)

    assert check().right["Trello token"] == "it may write, and does not end soon"


def test_a_token_that_trello_does_not_show_is_shown_and_not_wrong(
    check: Check, sandbox: Sandbox
) -> None:
    sandbox.trello.shows_tokens = False

    found = check()

    assert (found.code, found.wrong) == (0, {})
    assert found.right["Trello token"].startswith("Trello does not show whether it may write")


def test_a_template_that_is_archived_is_named(check: Check, sandbox: Sandbox) -> None:
    sandbox.trello.archive(TECH_TEMPLATE)

    found = check()

    assert (found.code, list(found.wrong)) == (1, ["Trello template, tech"])
    assert "archived. Send it back to the board" in found.wrong["Trello template, tech"]


def test_a_label_for_urgent_cards_that_the_board_has_not_is_named(
    check: Check, sandbox: Sandbox
) -> None:
    sandbox.trello.add_label("Urgent", "red")

    there, missing = check(URGENT_LABEL="urgent"), check(URGENT_LABEL="Pressing")

    assert there.right["Trello label"] == "“urgent” is on the board"
    assert (missing.code, list(missing.wrong)) == (1, ["Trello label"])
    assert "check URGENT_LABEL" in missing.wrong["Trello label"]
    assert "Trello label" not in check().right


def test_no_secret_is_in_any_url(check: Check, sandbox: Sandbox) -> None:
    check()

    asked = [f"{one.path}?{one.query}" for one in sandbox.requests("trello")]
    assert [
        each for each in asked if sandbox.trello.token in each or sandbox.trello.key in each
    ] == []
