"""Two tickets about one person: one pull request, whichever of them has it."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from integrations.sandbox import Sandbox
from tests.support.lists import TECH_FILE, TECH_LIST
from tests.support.removal import Removals, removals_service


@pytest.fixture
def removals(sandbox: Sandbox, environment: dict[str, str]) -> Iterator[Removals]:
    with removals_service(sandbox, environment) as removals:
        yield removals


def test_two_tickets_of_one_person_share_one(removals: Removals) -> None:
    removals.add_leaver(7)
    removals.add_leaver(9)
    removals.look()
    removals.look()

    assert len(removals.pulls.all) == 1
    assert (removals.state(7), removals.state(9)) == (("open", None), ("open", None))
    assert removals.events(9) == ["pull_request_shared"]
    removals.pulls.merge(1)
    removals.look()
    removals.look()
    assert (removals.state(7)[0], removals.state(9)[0]) == ("merged", "merged")


def test_a_ticket_that_shares_what_is_asked_about_has_the_reason_too(removals: Removals) -> None:
    removals.add_leaver(7)
    removals.add_leaver(9)
    removals.sandbox.github.put_file("x.yml", "- name: Bo\n", branch="leaver-ticket-7")
    for _ in range(2):
        removals.look()
    asked = [removals.state(one) for one in (7, 9)]
    del removals.sandbox.github.git.branches["leaver-ticket-7"]
    for _ in range(2):
        removals.look()

    assert asked == [("asked", "branch_in_the_way")] * 2
    assert [removals.state(one) for one in (7, 9)] == [("open", None)] * 2


@pytest.mark.parametrize(
    "found",
    ['{"is_by_name_alone": true}', '{"was_removed": true}'],
    ids=["by a name alone", "removed before"],
)
def test_a_ticket_that_gets_none_does_not_keep_the_persons_other_ticket_from_its_own(
    removals: Removals, found: str
) -> None:
    removals.add_leaver(6, found=found)
    removals.add_leaver(7)
    removals.look()
    removals.look()

    removals.assert_one()


def test_a_ticket_that_is_due_does_not_wait_for_one_that_is_not(removals: Removals) -> None:
    removals.add_leaver(6, due=timedelta(days=9))
    removals.add_leaver(7)
    removals.look()
    removals.look()

    removals.assert_one()


def test_somebody_who_came_back_and_leaves_again_gets_a_new_one(removals: Removals) -> None:
    removals.add_leaver(6)
    removals.look()
    removals.pulls.merge(1)
    removals.look()
    removals.sandbox.github.put_file(TECH_FILE, TECH_LIST)
    removals.add_leaver(7)
    removals.look()

    assert [one.head for one in removals.pulls.all.values()] == [
        "leaver-ticket-6",
        "leaver-ticket-7",
    ]
    assert (removals.state(6)[0], removals.state(7)[0]) == ("merged", "open")


def test_one_that_is_open_holds_for_the_person_while_its_ticket_is_asked_about(
    removals: Removals,
) -> None:
    removals.add_leaver(7)
    removals.add_leaver(9)
    removals.look()
    removals.database.run("UPDATE leavers SET state = 'needs_person' WHERE ticket_id = 7")
    removals.add_leaver(11)
    removals.look()
    removals.look()

    assert [one.head for one in removals.pulls.all.values()] == ["leaver-ticket-7"]
    assert {removals.state(ticket)[0] for ticket in (7, 9, 11)} == {"open"}


def test_one_that_people_touched_holds_for_the_person_although_its_ticket_is_set_aside(
    removals: Removals,
) -> None:
    removals.add_leaver(7)
    removals.add_leaver(9)
    removals.look()
    removals.pulls.approve(1)
    removals.database.run("UPDATE leavers SET outcome = 'set_aside' WHERE ticket_id = 7")
    for _ in range(3):
        removals.look()

    assert [one.state for one in removals.pulls.all.values()] == ["open"]
    assert removals.state(9)[0] == "open"


def test_the_other_ticket_gets_its_own_once_the_first_ones_is_withdrawn(removals: Removals) -> None:
    removals.add_leaver(7)
    removals.add_leaver(9)
    removals.look()
    removals.database.run("UPDATE leavers SET outcome = 'set_aside' WHERE ticket_id = 7")
    for _ in range(3):
        removals.look()

    assert [(one.head, one.state) for one in removals.pulls.all.values()] == [
        ("leaver-ticket-7", "closed"),
        ("leaver-ticket-9", "open"),
    ]


def test_what_a_person_closed_is_not_made_again_for_another_ticket_unless_an_operator_asks(
    removals: Removals,
) -> None:
    removals.add_leaver(7)
    removals.look()
    removals.pulls.close(1)
    removals.look()
    removals.add_leaver(9)
    for _ in range(3):
        removals.look()
    before = (len(removals.pulls.all), removals.state(9)[0])
    removals.service.removals.want_new(9, "alice")
    for _ in range(3):
        removals.look()

    assert before == (1, "closed_by_person")
    assert [(one.head, one.state) for one in removals.pulls.all.values()] == [
        ("leaver-ticket-7", "closed"),
        ("leaver-ticket-9", "open"),
    ]


@pytest.mark.parametrize(
    "change", [{"state": "needs_person"}, {"outcome": "set_aside"}], ids=["asked", "set aside"]
)
def test_a_ticket_that_comes_later_gets_none_beside_one_that_is_open(
    removals: Removals, change: dict[str, str]
) -> None:
    removals.add_leaver(7)
    removals.look()
    removals.pulls.approve(1)
    ((column, value),) = change.items()
    removals.database.run(f"UPDATE leavers SET {column} = %s", value)  # noqa: S608 - our own
    removals.add_leaver(9)
    for _ in range(2):
        removals.look()

    assert len(removals.pulls.all) == 1
    assert removals.state(9)[0] == "open"


def test_what_a_person_closed_holds_for_the_ticket_that_shared_it_although_the_other_is_set_aside(
    removals: Removals,
) -> None:
    removals.add_leaver(7)
    removals.add_leaver(9)
    removals.look()
    removals.pulls.close(1)
    removals.database.run("UPDATE leavers SET outcome = 'set_aside' WHERE ticket_id = 7")
    for _ in range(3):
        removals.look()

    assert len(removals.pulls.all) == 1
    assert (removals.state(7)[0], removals.state(9)[0]) == ("closed_by_person", "closed_by_person")
