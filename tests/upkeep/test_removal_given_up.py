"""A removal that ends before its pull request was opened: nothing is left lying or asked about."""

from collections.abc import Iterator

import pytest

from integrations.sandbox import Sandbox
from integrations.sandbox.faults import Fault, acts_then_breaks, fails
from tests.support.lists import TECH_FILE
from tests.support.removal import WITHOUT_ADA, Removals, removals_service

BRANCH = "leaver-ticket-7"


@pytest.fixture
def removals(sandbox: Sandbox, environment: dict[str, str]) -> Iterator[Removals]:
    with removals_service(sandbox, environment) as removals:
        yield removals


def look_and_fail(removals: Removals, fault: Fault) -> None:
    """The branch is made, and then something goes wrong as the pull request is opened."""
    removals.add_leaver(7)
    removals.sandbox.faults.add(fault=fault, method="POST", path="/pulls$")
    removals.look()
    assert branches(removals) == [BRANCH, "main"]
    removals.let_time_go_by()


def branches(removals: Removals) -> list[str]:
    return sorted(removals.sandbox.github.git.branches)


def set_aside(removals: Removals) -> None:
    removals.database.run("UPDATE leavers SET outcome = 'set_aside'")


@pytest.mark.parametrize(("then", "state"), [("set aside", "none"), ("gone", "already_gone")])
def test_a_branch_is_not_left_lying_if_no_pull_request_is_to_be_opened_from_it(
    removals: Removals, then: str, state: str
) -> None:
    look_and_fail(removals, fails(502))
    if then == "gone":
        removals.sandbox.github.put_file(TECH_FILE, WITHOUT_ADA)
    else:
        set_aside(removals)
    looked = [removals.look()["removals_looked_at"] for _ in range(2)]

    assert (branches(removals), looked) == (["main"], [1, 0])
    assert removals.state(7) == (state, None)
    assert removals.events(7) == ["pull_request_closed"]


def test_one_whose_reply_was_lost_is_closed_although_the_leaver_was_set_aside_since(
    removals: Removals,
) -> None:
    look_and_fail(removals, acts_then_breaks())
    set_aside(removals)
    removals.look()

    assert (removals.only().state, len(removals.only().comments)) == ("closed", 1)
    assert (branches(removals), removals.state(7)) == (["main"], ("withdrawn", None))


def test_a_branch_that_somebody_pushed_to_is_left_to_them(removals: Removals) -> None:
    look_and_fail(removals, fails(502))
    removals.sandbox.github.put_file("x.yml", "- name: Bo\n", branch=BRANCH)
    set_aside(removals)
    removals.look()

    assert (branches(removals), removals.state(7)) == ([BRANCH, "main"], ("none", None))


def test_a_branch_that_a_rule_keeps_holds_nothing_up(removals: Removals) -> None:
    look_and_fail(removals, fails(502))
    set_aside(removals)
    removals.sandbox.faults.add(fault=fails(403), method="DELETE", path="/git/refs/")
    counts = removals.look()

    assert (counts["removals_failed"], removals.state(7)) == (0, ("none", None))


def test_who_leaves_after_all_gets_a_pull_request_from_a_branch_of_the_same_name(
    removals: Removals,
) -> None:
    look_and_fail(removals, fails(502))
    set_aside(removals)
    removals.look()
    removals.database.run("UPDATE leavers SET outcome = 'tech_card'")
    removals.look()

    removals.assert_one_branch()
    assert removals.state(7) == ("open", None)


def test_nothing_is_decided_about_it_while_a_person_is_asked_about_the_leaver(
    removals: Removals,
) -> None:
    look_and_fail(removals, fails(502))
    removals.database.run("UPDATE leavers SET state = 'needs_person', outcome = NULL")
    removals.look()

    assert (branches(removals), removals.state(7)) == ([BRANCH, "main"], ("due", None))


def test_nothing_is_asked_about_the_removal_of_somebody_who_was_set_aside(
    removals: Removals,
) -> None:
    for ticket_id in (7, 8):
        removals.add_leaver(ticket_id)
    removals.sandbox.github.put_file("x.yml", "- name: Bo\n", branch=BRANCH)
    for _ in range(2):
        removals.look()
    asked = [removals.state(one) for one in (7, 8)]
    set_aside(removals)
    removals.look()

    assert asked == [("asked", "branch_in_the_way")] * 2
    assert [removals.state(one) for one in (7, 8)] == [("none", None)] * 2
    assert branches(removals) == [BRANCH, "main"]
