"""A second token that is refused, or lacks a right: people see it, and it stops nothing else."""

from collections.abc import Iterator

import pytest

from integrations.sandbox import Sandbox
from integrations.sandbox.faults import fails
from service.checks.pull_requests import held_up_finding
from service.guard.vendor_health import VendorHealth
from service.records.figures import FigureRecords
from tests.support.lists import TECH_FILE
from tests.support.removal import Removals, removals_service

NO_RIGHT = "GitHub: The token may not do this. Give GITHUB_PULL_REQUEST_TOKEN the rights"
READ_ONLY = {"contents": "read", "pull_requests": "read"}


@pytest.fixture
def removals(sandbox: Sandbox, environment: dict[str, str]) -> Iterator[Removals]:
    with removals_service(sandbox, environment) as removals:
        yield removals


def problem_of(removals: Removals, ticket_id: int) -> str:
    one = removals.service.removals.one(ticket_id)
    return (one and one.problem) or ""


def check(removals: Removals) -> tuple[bool, str]:
    found = held_up_finding(removals.database.url)
    return found.ok, found.detail


def count(removals: Removals) -> int:
    return FigureRecords(removals.service.database, dead_after=60).read().upkeep.removals_held_up


def test_a_missing_right_is_shown_until_it_is_there(removals: Removals) -> None:
    removals.add_leaver(7)
    removals.add_leaver(8, "Benedict Okonkwo")
    removals.sandbox.github.pull_request_rights = READ_ONLY
    first = removals.look()
    is_well, detail = check(removals)

    assert first == {"removals_looked_at": 2, "removals_failed": 2}
    assert removals.state(7) == ("due", None)
    assert problem_of(removals, 7).startswith(NO_RIGHT)
    assert detail.startswith(NO_RIGHT)
    assert (is_well, count(removals)) == (False, 2)
    assert "holds up the tickets 7, 8, seen last on" in detail
    removals.sandbox.github.pull_request_rights = {"contents": "write", "pull_requests": "write"}
    removals.look()
    assert (problem_of(removals, 7), count(removals)) == ("", 0)
    assert check(removals) == (True, "none is held up")
    assert [removals.state(one) for one in (7, 8)] == [("open", None)] * 2


def test_a_refused_token_stops_no_leaver_and_is_not_taken_for_the_first_one(
    sandbox: Sandbox, environment: dict[str, str]
) -> None:
    with removals_service(sandbox, environment, GITHUB_PULL_REQUEST_TOKEN="wrong") as removals:
        removals.add_leaver(7)
        counts = removals.look()

        assert counts == {"removals_looked_at": 1, "removals_failed": 1}
        assert removals.database.leaver(7, "state, outcome") == ("done", "tech_card")
        assert removals.state(7) == ("due", None)
        assert "Check GITHUB_PULL_REQUEST_TOKEN" in problem_of(removals, 7)
        github = VendorHealth(removals.service.database).states()["GitHub"]
        assert (github.refused_since, github.failing_since) == (None, None)


@pytest.mark.parametrize(
    ("method", "path", "left"),
    [("POST", "/comments$", (0, 1)), ("DELETE", "/git/refs/", (1, 2))],
    ids=["no comment", "no deletion"],
)
def test_one_that_takes_no_comment_or_keeps_its_branch_is_closed_all_the_same(
    removals: Removals, method: str, path: str, left: tuple[int, int]
) -> None:
    removals.add_leaver(7)
    removals.look()
    removals.database.run("UPDATE leavers SET outcome = 'set_aside'")
    body = '{"message": "Unable to create comment because issue is locked."}'
    fault = fails(403, body=body)
    removals.sandbox.faults.add(fault=fault, method=method, path=path, times=None)
    counts = removals.look()

    branches = removals.sandbox.github.git.branches
    assert (removals.only().state, counts["removals_failed"]) == ("closed", 0)
    assert (len(removals.only().comments), len(branches)) == left
    assert removals.state(7) == ("withdrawn", None)


def test_a_card_that_somebody_deleted_holds_nothing_up(removals: Removals) -> None:
    card = removals.add_leaver(7)
    removals.sandbox.faults.add(fault=fails(502), method="POST", path="/attachments$")
    removals.look()
    removals.let_time_go_by()
    removals.sandbox.trello.delete(card.id)
    again = [removals.look()["removals_failed"] for _ in range(2)]

    assert again == [0, 0]
    assert removals.database.run("SELECT is_announced FROM removals") == [(True,)]


@pytest.mark.parametrize("why", ["lists unreadable", "another worker", "running"])
def test_a_look_that_cannot_go_all_the_way_does_not_end_what_holds_a_leaver_up(
    removals: Removals, why: str
) -> None:
    removals.add_leaver(7)
    removals.sandbox.github.pull_request_rights = READ_ONLY
    removals.look()
    if why == "lists unreadable":
        removals.sandbox.github.put_file(TECH_FILE, "- name: [unclosed")
    elif why == "running":
        removals.database.run("UPDATE leavers SET state = 'running'")
        removals.database.run("UPDATE removals SET wanted_by = 'alice'")
    else:
        removals.database.run(
            "UPDATE removals SET lease = gen_random_uuid(),"
            " leased_until = now() + interval '1 hour'"
        )
    again = removals.look()

    assert again == {"removals_looked_at": 1, "removals_failed": 0}
    assert (problem_of(removals, 7).startswith(NO_RIGHT), count(removals)) == (True, 1)


def test_what_is_not_tried_any_more_is_nothing_to_fix(removals: Removals) -> None:
    removals.add_leaver(7)
    removals.sandbox.github.pull_request_rights = READ_ONLY
    removals.look()
    removals.database.run("UPDATE removals SET problem_at = now() - interval '25 hours'")

    assert (problem_of(removals, 7), count(removals)) == ("", 0)
    assert check(removals) == (True, "none is held up")
