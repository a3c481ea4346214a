"""A pull request that leads to another branch, or stays in conflict: people are not unaware."""

from collections.abc import Iterator
from functools import partial

import pytest

from integrations.sandbox import Sandbox
from integrations.sandbox.faults import Fault
from service.config.rules import line_link
from service.domain.removal.refusals import SENTENCES, RefusalCode
from tests.support.lists import TECH_FILE, TECH_LIST
from tests.support.removal import WITHOUT_ADA, Removals, removals_service

REPOSITORY = "https://github.com/alphagov/govuk-user-reviewer"
INLINE = (
    "users: [{name: Ada Archer, email: ada.archer@digital.cabinet-office.gov.uk},\n"
    "  {name: Bo Lee, email: b@l.uk}]\n"
)


@pytest.fixture
def removals(sandbox: Sandbox, environment: dict[str, str]) -> Iterator[Removals]:
    with removals_service(sandbox, environment) as removals:
        removals.add_leaver(7)
        removals.look()
        git = sandbox.github.git
        git.branches["clean-up"] = git.branches["main"]
        yield removals


def left(removals: Removals) -> str | None:
    ((found,),) = removals.database.run("SELECT left_undone FROM removals")
    return str(found) if found else None


def writes_after(removals: Removals, before: int) -> list[str]:
    """What was written to GitHub since then."""
    found = removals.sandbox.requests("github")[before:]
    return [one.path for one in found if one.method != "GET" and one.path != "/graphql"]


def words(removals: Removals) -> tuple[str, ...]:
    link = line_link(removals.service.settings)
    return removals.service.removals.words_for_card(7, line_link=link)


def test_one_that_leads_elsewhere_is_left_to_people_until_it_is_pointed_back(
    removals: Removals,
) -> None:
    removals.only().base = "clean-up"
    before = len(removals.sandbox.requests("github"))
    for _ in range(2):
        removals.look()
    said = (left(removals), writes_after(removals, before), removals.state(7))
    removals.only().base = "main"
    removals.sandbox.github.put_file(TECH_FILE, WITHOUT_ADA)
    removals.look()

    assert said == ("point_back", [], ("open", None))
    assert (removals.only().state, removals.state(7)) == ("closed", ("already_gone", None))
    assert removals.events(7)[1:] == [
        "pull_request_left_as_is",
        "pull_request_left_as_is",
        "pull_request_changed",
        "pull_request_closed",
    ]


def test_a_merge_elsewhere_is_not_a_merge_and_an_operator_gets_a_new_one(
    removals: Removals,
) -> None:
    removals.only().base = "clean-up"
    removals.pulls.merge(1)
    for _ in range(2):
        removals.look()
    before = removals.state(7)
    wanted = removals.service.removals.want_new(7, "alice")
    removals.look()

    assert before == ("asked", "merged_elsewhere")
    assert removals.events(7)[1:] == [
        "pull_request_merged",
        "pull_request_wanted",
        "pull_request_opened",
    ]
    assert wanted
    assert [(one.head, one.state) for one in removals.pulls.all.values()] == [
        ("leaver-ticket-7", "closed"),
        ("leaver-ticket-7-2", "open"),
    ]


def test_a_merge_elsewhere_that_comes_to_the_lists_after_all_ends_the_removal(
    removals: Removals,
) -> None:
    removals.only().base = "clean-up"
    removals.pulls.merge(1)
    removals.look()
    removals.sandbox.github.put_file(TECH_FILE, WITHOUT_ADA)
    removals.look()

    assert removals.state(7) == ("already_gone", None)


def test_a_default_branch_that_was_renamed_is_not_taken_for_a_persons_act(
    removals: Removals,
) -> None:
    github = removals.sandbox.github
    github.git.branches["trunk"] = github.git.branches.pop("main")
    github.default_branch = removals.only().base = "trunk"
    removals.look()

    assert removals.state(7) == ("open", None)
    assert removals.events(7) == ["pull_request_opened"]


def test_one_in_conflict_whose_entry_cannot_be_cut_any_more_says_so_until_it_can(
    removals: Removals,
) -> None:
    removals.sandbox.github.put_file(TECH_FILE, INLINE)
    before = len(removals.sandbox.requests("github"))
    for _ in range(3):
        removals.look()
    (link, why) = words(removals)
    said = (removals.state(7), writes_after(removals, before))
    removals.sandbox.github.put_file(TECH_FILE, TECH_LIST)
    for _ in range(3):
        removals.look()

    assert said == (("open", "in_conflict"), [])
    assert link.endswith("/pull/1")
    assert f"Remove it by hand: {TECH_FILE}, line 1. https://" in why
    assert removals.state(7) == ("open", None)
    assert removals.events(7) == ["pull_request_opened", "pull_request_left_as_is"]


def test_a_conflict_that_a_person_ends_by_closing_leaves_no_reason(removals: Removals) -> None:
    removals.sandbox.github.put_file(TECH_FILE, INLINE)
    for _ in range(2):
        removals.look()
    removals.pulls.close(1)
    removals.look()

    assert removals.state(7) == ("closed_by_person", None)


def test_one_whose_entry_people_removed_is_closed_although_a_similar_entry_is_left(
    removals: Removals,
) -> None:
    removals.sandbox.github.put_file(TECH_FILE, f"- name: Ada Archer\n{WITHOUT_ADA}")
    for _ in range(2):
        removals.look()

    assert (removals.only().state, len(removals.only().comments)) == ("closed", 1)
    assert removals.state(7) == ("already_gone", "similar_entry")
    assert removals.events(7)[1:] == ["pull_request_closed"]
    assert words(removals) == (SENTENCES[RefusalCode.SIMILAR_ENTRY],)


def test_one_whose_person_is_listed_under_another_name_and_address_stays_open(
    removals: Removals,
) -> None:
    entry = '{"id": "gone", "file": "config/govuk_tech.yml", "github": "ada-a"}'
    removals.database.run("UPDATE leavers SET entry = %s", entry)
    married = "- name: Uma Poe\n  email: uma.poe@digital.cabinet-office.gov.uk\n  github: Ada-A\n"
    removals.sandbox.github.put_file(TECH_FILE, married + WITHOUT_ADA)
    for _ in range(2):
        removals.look()

    assert (removals.only().state, removals.state(7)) == ("open", ("open", "not_found_again"))
    assert removals.events(7)[1:] == ["pull_request_left_as_is"]
    assert words(removals)[1:] == (SENTENCES[RefusalCode.NOT_FOUND_AGAIN],)


def test_who_is_listed_although_the_pull_request_was_merged_may_get_a_new_one(
    removals: Removals,
) -> None:
    removals.pulls.merge(1)
    removals.look()
    may_want_new = partial(removals.service.removals.can_want_new, 7)
    before = may_want_new()
    removals.sandbox.github.put_file(TECH_FILE, TECH_LIST)
    removals.database.insert("after_date", {"ticket_id": 7, "status": "still_listed"})

    assert (before, may_want_new()) == (False, True)


def test_a_number_of_another_repository_is_never_taken_for_the_leavers(removals: Removals) -> None:
    git = removals.sandbox.github.git
    git.branches["theirs"] = git.branches["main"]
    removals.pulls.open(title="Theirs", head="theirs", base="main")
    removals.pulls.merge(2)
    removals.database.run(
        "UPDATE removals SET number = 2, url = 'https://github.com/alphagov/old-lists/pull/2'"
    )
    removals.look()

    one = removals.service.removals.one(7)
    assert one
    assert (one.state, one.number, one.url) == ("open", 1, f"{REPOSITORY}/pull/1")


def test_nothing_is_opened_from_the_head_of_a_branch_that_is_the_default_no_longer(
    removals: Removals,
) -> None:
    github, pulls = removals.sandbox.github, removals.service.vendors.pulls
    assert pulls
    removals.add_leaver(8, "Benedict Okonkwo")
    github.put_file("config/beside.yml", "- name: Bo Lee\n  email: b@l.uk\n", branch="clean-up")

    def switch() -> None:
        github.default_branch = "clean-up"
        # The second token hears of it first.
        assert pulls.is_base("clean-up")

    removals.sandbox.faults.add(fault=Fault(before=switch), method="GET", path="/commits/main$")
    removals.look()

    assert [one.number for one in removals.pulls.all.values()] == [1]
