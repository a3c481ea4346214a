"""A pull request that a person closed, and then opened again, is followed as before."""

from collections.abc import Iterator

import pytest

from integrations.sandbox import Sandbox, faults
from tests.support.lists import TECH_FILE, TECH_LIST
from tests.support.removal import WITHOUT_ADA, Removals, removals_service

METHODS = {"/comments$": "POST", "/pulls/2$": "PATCH", "/git/refs/": "DELETE"}


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


@pytest.fixture
def two(removals: Removals) -> Removals:
    """An operator asked for a new one; then somebody opened the first one again."""
    removals.service.removals.want_new(7, "alice")
    removals.look()
    assert removals.state(7) == ("open", None)
    removals.pulls.all[1].state = "open"
    return removals


def states(removals: Removals) -> list[str]:
    return [one.state for one in removals.pulls.all.values()]


def number(removals: Removals, ticket_id: int = 7) -> int | None:
    one = removals.service.removals.one(ticket_id)
    return one.number if one else None


def test_the_new_one_is_closed_once_the_first_one_is_open_again_and_that_one_is_followed(
    two: Removals,
) -> None:
    two.look()
    followed = (states(two), number(two), len(two.pulls.all[2].comments))
    two.sandbox.github.put_file(TECH_FILE, WITHOUT_ADA)
    two.look()

    assert followed == (["open", "closed"], 1, 1)
    assert (states(two), two.state(7)) == (["closed", "closed"], ("already_gone", None))
    assert "leaver-ticket-7-2" not in two.sandbox.github.git.branches
    assert two.events(7)[-3:] == [
        "pull_request_closed",
        "pull_request_changed",
        "pull_request_closed",
    ]


@pytest.mark.parametrize("write", METHODS)
def test_a_lost_reply_while_the_new_one_is_closed_leads_to_the_same_end(
    two: Removals, write: str
) -> None:
    fault = faults.acts_then_breaks()
    rule = two.sandbox.faults.add(fault=fault, path=write, method=METHODS[write])
    for _ in range(3):
        two.look()
        two.let_time_go_by()

    assert rule.struck == 1
    assert (states(two), number(two)) == (["open", "closed"], 1)
    assert (two.state(7), len(two.pulls.all[2].comments)) == (("open", None), 1)


def test_both_are_closed_where_the_leaver_stays(two: Removals) -> None:
    two.database.run("UPDATE leavers SET outcome = 'set_aside'")
    for _ in range(3):
        two.look()

    assert (states(two), two.state(7)) == (["closed", "closed"], ("withdrawn", None))


def test_people_are_asked_to_close_one_where_they_touched_the_new_one(two: Removals) -> None:
    two.pulls.approve(2)
    for _ in range(2):
        two.look()
    before = states(two)
    undone = two.database.run("SELECT left_undone FROM removals")
    two.pulls.close(2)
    for _ in range(2):
        two.look()

    assert (before, undone) == (["open", "open"], [("close_doubled",)])
    assert (number(two), two.state(7)) == (1, ("open", None))


def test_what_people_wrote_in_the_first_one_is_not_changed(two: Removals) -> None:
    two.pulls.edit(1, body="Mine")
    for _ in range(2):
        two.look()

    assert two.pulls.all[1].body == "Mine"
    assert two.events(7)[-1] == "pull_request_left_as_is"


def test_the_first_one_is_followed_where_no_new_one_could_be_made_yet(removals: Removals) -> None:
    removals.service.removals.want_new(7, "alice")
    removals.sandbox.faults.add(fault=faults.fails(502), method="POST", path="/git/trees$")
    removals.look()
    removals.let_time_go_by()
    reopen(removals)
    for _ in range(2):
        removals.look()

    removals.assert_one_branch()
    assert removals.state(7) == ("open", None)


def test_an_earlier_one_that_is_open_again_after_the_new_one_was_merged_is_closed_as_gone(
    two: Removals,
) -> None:
    first = two.pulls.all[1]
    first.state = "closed"
    two.pulls.merge(2)
    two.look()
    merged = two.state(7)
    first.state = "open"
    for _ in range(3):
        two.database.run("UPDATE removals SET looked_at = now() - interval '2 hours'")
        two.look()

    assert merged == ("merged", None)
    assert (states(two), two.state(7)) == (["closed", "closed"], ("already_gone", None))


def test_one_of_another_ticket_that_is_open_again_is_the_one_that_stays(
    removals: Removals,
) -> None:
    removals.add_leaver(9)
    for _ in range(2):
        removals.look()
    removals.service.removals.want_new(9, "alice")
    removals.look()
    before = states(removals)
    removals.pulls.all[1].state = "open"
    for _ in range(4):
        removals.look()

    assert before == ["closed", "open"]
    assert states(removals) == ["open", "closed"]
    assert [number(removals, ticket) for ticket in (7, 9)] == [1, 1]
    assert [removals.state(ticket) for ticket in (7, 9)] == [("open", None)] * 2


@pytest.mark.parametrize(
    ("then", "undone"), [("set aside", "close_withdrawn"), ("gone", "close_gone")]
)
def test_one_that_the_service_closed_is_left_to_people_who_open_it_again(
    sandbox: Sandbox, environment: dict[str, str], then: str, undone: str
) -> None:
    with removals_service(sandbox, environment) as removals:
        removals.add_leaver(7)
        removals.look()
        if then == "gone":
            sandbox.github.put_file(TECH_FILE, WITHOUT_ADA)
        else:
            removals.database.run("UPDATE leavers SET outcome = 'set_aside'")
        removals.look()
        one = removals.only()
        assert one.state == "closed"
        sandbox.github.git.branches[one.head] = one.head_sha
        one.state = "open"
        # Whether anybody did is looked at once an hour.
        removals.database.run("UPDATE removals SET looked_at = now() - interval '61 minutes'")
        for _ in range(3):
            removals.look()

        assert (one.state, len(one.comments), removals.state(7)) == ("open", 1, ("open", None))
        left = removals.database.run("SELECT touch, left_undone FROM removals")
        assert left == [("reopened", undone)]
        removals.pulls.close(1)
        removals.look()
        assert removals.state(7) == ("closed_by_person", None)
