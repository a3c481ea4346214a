"""A pull request that a person closed, and then opened again, is followed as before."""

from collections.abc import Iterator

import pytest

from integrations.sandbox import Sandbox
from tests.support.lists import TECH_FILE, TECH_LIST
from tests.support.removal import WITHOUT_ADA, Removals, removals_service


@pytest.fixture
def removals(sandbox: Sandbox, environment: dict[str, str]) -> Iterator[Removals]:
    with removals_service(sandbox, environment) as removals:
        removals.add_leaver(7)
        removals.look()
        removals.pulls.close(1)
        removals.look()
        assert removals.state(7) == ("closed_by_person", None)
        yield removals


def reopen(removals: Removals) -> None:
    """A person opens it again."""
    removals.only().state = "open"


def test_one_that_stays_closed_is_never_opened_again(removals: Removals) -> None:
    for _ in range(2):
        removals.look()

    assert removals.only().state == "closed"
    assert removals.events(7) == ["pull_request_opened", "pull_request_closed"]


def test_one_that_was_opened_again_is_brought_up_to_date(removals: Removals) -> None:
    reopen(removals)
    beside = TECH_LIST.replace("- name: Benedict", "# Beside.\n- name: Benedict")
    removals.sandbox.github.put_file(TECH_FILE, beside)
    for _ in range(2):
        removals.look()

    assert removals.state(7) == ("open", None)
    assert removals.pulls.mergeable(removals.only()) is not False
    assert removals.events(7)[2:] == ["pull_request_changed", "pull_request_changed"]


def test_one_that_was_opened_again_is_closed_once_the_entry_is_gone(removals: Removals) -> None:
    reopen(removals)
    removals.sandbox.github.put_file(TECH_FILE, WITHOUT_ADA)
    removals.look()

    assert (removals.only().state, len(removals.only().comments)) == ("closed", 1)
    assert removals.state(7) == ("already_gone", None)


def test_one_that_was_opened_again_and_merged_is_over(removals: Removals) -> None:
    reopen(removals)
    removals.look()
    removals.pulls.merge(1)
    removals.look()

    assert removals.state(7) == ("merged", None)


def test_no_second_one_is_made_beside_one_that_was_opened_again(removals: Removals) -> None:
    assert removals.service.removals.want_new(7, "alice")
    reopen(removals)
    for _ in range(2):
        removals.look()

    removals.assert_one_branch()
    assert removals.state(7) == ("open", None)


def test_no_second_one_is_made_for_who_leaves_again_beside_one_that_was_opened_again(
    removals: Removals,
) -> None:
    reopen(removals)
    removals.database.run("UPDATE removals SET state = 'withdrawn'")
    for _ in range(2):
        removals.look()

    removals.assert_one_branch()
    assert removals.state(7) == ("open", None)


def test_another_ticket_of_the_person_follows_with_it(removals: Removals) -> None:
    removals.add_leaver(9)
    for _ in range(2):
        removals.look()
    before = removals.state(9)
    reopen(removals)
    for _ in range(2):
        removals.look()

    assert (before, removals.state(9)) == (("closed_by_person", None), ("open", None))
    removals.assert_one_branch()
