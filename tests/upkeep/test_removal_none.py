"""Why there is no pull request: what is not certain, what can't be cut, what is not needed."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from integrations.sandbox import Sandbox
from integrations.sandbox.faults import Fault
from tests.support.lists import TECH_FILE, TECH_LIST
from tests.support.removal import WITHOUT_ADA, Removals, removals_service


@pytest.fixture
def removals(sandbox: Sandbox, environment: dict[str, str]) -> Iterator[Removals]:
    with removals_service(sandbox, environment) as removals:
        yield removals


@pytest.mark.parametrize(
    ("branch", "is_on_head"),
    [("leaver-ticket-7", True), ("leaver-ticket-7", False), ("leaver-ticket-7/mine", True)],
    ids=["on the head", "elsewhere", "below the name"],
)
def test_a_branch_of_somebody_elses_is_never_used_and_nothing_is_sent_or_counted_for_it(
    sandbox: Sandbox, environment: dict[str, str], branch: str, *, is_on_head: bool
) -> None:
    with removals_service(sandbox, environment, DAILY_LIMIT="1") as removals:
        removals.add_leaver(7)
        sandbox.github.put_file("x.yml", "- name: Bo\n", branch=branch)
        if not is_on_head:
            sandbox.github.put_file("y.yml", "- name: Cy\n")
        for _ in range(2):
            removals.look()
        writes = [one.path for one in sandbox.requests("github") if one.method != "GET"]
        removals.add_leaver(8, "Benedict Okonkwo")
        removals.look()

        assert writes == []
        assert [one.head for one in removals.pulls.all.values()] == ["leaver-ticket-8"]
        assert removals.state(7) == ("asked", "branch_in_the_way")


def test_a_pull_request_of_somebody_elses_from_such_a_branch_is_not_the_leavers(
    removals: Removals,
) -> None:
    removals.add_leaver(7)
    removals.sandbox.github.put_file("x.yml", "- name: Bo\n", branch="leaver-ticket-7")
    removals.pulls.open(title="Mine", head="leaver-ticket-7", base="main")
    for _ in range(2):
        removals.look()
    before = removals.state(7)
    removals.service.removals.want_new(7, "alice")
    removals.look()

    assert before == ("asked", "branch_in_the_way")
    assert [one.head for one in removals.pulls.all.values()] == [
        "leaver-ticket-7",
        "leaver-ticket-7-2",
    ]
    assert removals.state(7) == ("open", None)


def test_a_shape_that_is_refused_is_asked_about_with_file_and_line(removals: Removals) -> None:
    removals.add_leaver(7)
    inline = TECH_LIST.replace("- name: Ada Archer\n  email", "- {name: Ada Archer, email")
    inline = "users: [" + "{name: Ada Archer, email: ada.archer@digital.cabinet-office.gov.uk},\n"
    inline += "  {name: Bo Lee, email: b@l.uk}]\n"
    removals.sandbox.github.put_file(TECH_FILE, inline)
    removals.database.run("DELETE FROM lists")
    removals.look()
    removals.look()

    assert removals.pulls.all == {}
    assert removals.state(7) == ("asked", "flow_collection")
    assert removals.events(7) == ["pull_request_not_opened"]
    place = removals.database.run("SELECT file, line_number FROM removals")
    assert place == [(TECH_FILE, 1)]


def test_a_name_alone_is_never_enough(removals: Removals) -> None:
    removals.add_leaver(7, found='{"is_by_name_alone": true}')
    removals.look()

    assert removals.pulls.all == {}
    assert removals.state(7) == ("none", "by_name_alone")
    assert removals.events(7) == ["pull_request_not_opened"]


def test_somebody_whose_entry_was_gone_before_the_card_gets_none_even_if_it_is_back(
    removals: Removals,
) -> None:
    removals.add_leaver(7, found='{"was_removed": true}')
    removals.look()

    assert removals.pulls.all == {}
    assert removals.state(7) == ("asked", "removed_before")
    assert removals.events(7) == ["pull_request_not_opened"]


def test_an_entry_that_is_gone_by_then_needs_none(removals: Removals) -> None:
    removals.add_leaver(7)
    removals.sandbox.github.put_file(TECH_FILE, WITHOUT_ADA)
    removals.look()

    assert removals.pulls.all == {}
    assert removals.state(7) == ("already_gone", None)


def test_lists_that_are_refused_elsewhere_change_nothing(removals: Removals) -> None:
    removals.add_leaver(7)
    removals.look()
    removals.sandbox.github.put_file(TECH_FILE, "- name: [unclosed")
    removals.look()

    assert removals.state(7) == ("open", None)
    assert removals.only().state == "open"


def test_the_days_limit_counts_pull_requests_by_themselves(
    sandbox: Sandbox, environment: dict[str, str]
) -> None:
    with removals_service(sandbox, environment, DAILY_LIMIT="1") as removals:
        removals.add_leaver(7)
        removals.add_leaver(8, "Benedict Okonkwo", due=timedelta(minutes=-1))
        removals.look()
        removals.look()

        assert len(removals.pulls.all) == 1
        assert removals.state(8) == ("due", "daily_limit")


@pytest.mark.parametrize(
    "columns",
    [
        {"outcome": "no_access"},
        {"outcome": "set_aside"},
        {"state": "needs_person", "outcome": None},
        {"state": "failed", "outcome": None},
        {"ended_in_dry_run": True},
        {"card": None},
    ],
    ids=str,
)
def test_there_is_none_without_a_card_or_for_who_does_not_leave(
    removals: Removals, columns: dict[str, Any]
) -> None:
    has_card = "card" not in columns
    removals.add_leaver(7, **{name: columns[name] for name in columns if name != "card"})
    if not has_card:
        removals.database.run("DELETE FROM cards")
    removals.look()

    assert removals.pulls.all == {}
    assert removals.sandbox.requests("github") == []


def test_a_plan_without_drafts_gets_none_before_the_date_and_one_on_it(
    sandbox: Sandbox, environment: dict[str, str]
) -> None:
    sandbox.github.pulls.drafts_are_supported = False
    with removals_service(sandbox, environment, PULL_REQUEST_DAYS_BEFORE="3") as removals:
        card = removals.add_leaver(7, due=timedelta(days=2))
        removals.look()
        sent = len(sandbox.requests("github"))
        removals.look()
        writes = [one for one in sandbox.requests("github")[sent:] if one.method != "GET"]
        before = (len(removals.pulls.all), removals.state(7))
        card.due = "2026-01-01T00:00:00+00:00"
        removals.look()

        assert (before, writes) == ((0, ("asked", "no_drafts")), [])
        assert (removals.only().draft, removals.state(7)) == (False, ("open", None))


def test_one_that_cannot_become_a_draft_is_closed_and_made_again_on_the_new_date(
    removals: Removals,
) -> None:
    removals.sandbox.github.pulls.drafts_are_supported = False
    card = removals.add_leaver(7)
    removals.look()
    past, card.due = card.due, "2099-01-01T17:00:00+00:00"
    for _ in range(3):
        removals.look()
    before = [(one.state, len(one.comments)) for one in removals.pulls.all.values()]
    said = str(removals.only().comments)
    card.due = past
    removals.look()

    assert before == [("closed", 1)]
    assert "the leaving date was moved" in said
    assert [(one.head, one.state) for one in removals.pulls.all.values()] == [
        ("leaver-ticket-7", "closed"),
        ("leaver-ticket-7-2", "open"),
    ]


def test_a_draft_is_not_made_ready_while_the_lists_cannot_be_read(
    sandbox: Sandbox, environment: dict[str, str]
) -> None:
    with removals_service(sandbox, environment, PULL_REQUEST_DAYS_BEFORE="3") as removals:
        card = removals.add_leaver(7, due=timedelta(days=2))
        removals.look()
        card.due = "2026-01-01T00:00:00+00:00"
        text = sandbox.github.files()[TECH_FILE]
        sandbox.github.put_file(TECH_FILE, "- name: [unclosed")
        removals.look()
        before = removals.only().draft
        sandbox.github.put_file(TECH_FILE, text)
        removals.look()

        assert (before, removals.only().draft) == (True, False)


def test_lists_that_change_while_they_are_read_are_read_again_by_the_next_look(
    removals: Removals,
) -> None:
    removals.add_leaver(7)
    first = f"- name: New Person\n  email: new.person@example.gov.uk\n{TECH_LIST}"

    def change() -> None:
        removals.sandbox.github.put_file(TECH_FILE, first)

    # They are read as people, and then as bytes.
    rule = removals.sandbox.faults.add(
        fault=Fault(before=change), method="GET", path="/commits/main$", skip=1
    )
    removals.look()
    before = (rule.struck, len(removals.pulls.all), removals.state(7))
    removals.look()

    assert before == (1, 0, ("none", None))
    assert removals.state(7) == ("open", None)
