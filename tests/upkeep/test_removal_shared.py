"""Two tickets about one person: one pull request, whichever of them has it."""

from collections.abc import Iterator

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
