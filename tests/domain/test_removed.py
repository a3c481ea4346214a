"""Who left the lists lately, as values: who is found among them, and what the card says."""

from datetime import UTC, datetime
from typing import Any

import pytest

from service.domain.access_lists.entries import Entry
from service.domain.corrections import Corrections
from service.domain.drafts import MakeCard, Outcome
from service.domain.matching.find_leaver import find_leaver
from service.domain.matching.index import Directory
from service.domain.matching.match_person import (
    Candidate,
    Candidates,
    Match,
    MatchingPolicy,
    NoMatch,
)
from service.domain.plan import draft_plan
from service.domain.removed import (
    PERHAPS,
    LeftLists,
    RemovedEntry,
    entries_gone,
    find_removed,
    is_nobody,
)
from tests.support.values import OTHER_FILE, TECH_FILE, a_match, an_entry, details, facts, policy

EARLY, LATE = datetime(2026, 11, 2, 9, tzinfo=UTC), datetime(2026, 11, 28, 23, 30, tzinfo=UTC)
JANE = an_entry()
ELSE = an_entry(id="e" * 16, name="Uma Roe", email="uma.roe@example.gov.uk")


def removed(entry: Entry = JANE, *, at: datetime = EARLY, commit: str = "c1") -> RemovedEntry:
    return RemovedEntry(entry=entry, commit=commit, at=at)


def search(
    *past: RemovedEntry,
    present: tuple[Entry, ...] = (ELSE,),
    corrections: Corrections | None = None,
    **said: Any,
) -> tuple[Match | Candidates | NoMatch, LeftLists | None]:
    return find_removed(
        details(**said),
        corrections or Corrections(),
        past,
        Directory(present),
        policy=MatchingPolicy(),
    )


def test_an_address_finds_somebody_who_left_with_their_last_removal() -> None:
    other = an_entry(file=OTHER_FILE)

    finding, removal = search(
        removed(other), removed(at=LATE, commit="c2"), removed(ELSE, at=LATE, commit="c3")
    )

    assert isinstance(finding, Match)
    assert set(finding.entries) == {JANE, other}
    assert removal == LeftLists(commit="c2", at=LATE)


def test_a_name_alone_is_a_question() -> None:
    finding, removal = search(removed(), email=None)

    assert isinstance(finding, Candidates)
    assert ([one.entry for one in finding.candidates], removal) == ([JANE], None)


def test_somebody_who_left_is_found_by_a_name_that_the_present_lists_do_not_show_to_be_one() -> (
    None
):
    left = an_entry(name="Wexford Zwick", email=None)
    said = details(name="Wexford Zwick", email=None)
    today = find_leaver(said, Corrections(), Directory((ELSE,)), policy=MatchingPolicy())

    finding, _ = search(removed(left), name="Wexford Zwick", email=None)

    assert is_nobody(today)
    assert isinstance(finding, Candidates)
    assert [one.entry for one in finding.candidates] == [left]


def test_nobody_is_looked_for_among_those_who_left_if_somebody_listed_may_be_meant() -> None:
    near = Candidates(candidates=(Candidate(entry=JANE, evidence=()),), reason=PERHAPS)

    assert not is_nobody(near)
    assert not is_nobody(a_match(JANE))
    assert is_nobody(NoMatch())


def test_a_removed_entry_that_an_operator_chose_is_the_leavers() -> None:
    finding, removal = search(removed(), email=None, corrections=Corrections(entry=JANE.id))

    assert isinstance(finding, Match)
    assert removal == LeftLists(commit="c1", at=EARLY)


def test_somebody_of_a_near_name_is_a_question() -> None:
    near = an_entry(name="Jane Dow", email=None)

    finding, removal = search(removed(near), email=None)

    assert isinstance(finding, Candidates)
    assert ([one.entry for one in finding.candidates], removal) == ([near], None)


def test_an_entry_that_was_only_changed_is_a_question_about_the_present_one() -> None:
    present = an_entry(id="f" * 16, name="Helena Quist", email=JANE.email)

    finding, removal = search(removed(), present=(present, ELSE))

    assert isinstance(finding, Candidates)
    assert ([one.entry for one in finding.candidates], removal) == ([present], None)


@pytest.mark.parametrize("past", [(), (removed(ELSE),)])
def test_anybody_else_who_left_is_nobody(past: tuple[RemovedEntry, ...]) -> None:
    assert search(*past, present=()) == (NoMatch(), None)


def test_an_entry_that_is_back_in_the_lists_has_not_left() -> None:
    assert search(removed(), present=(JANE,)) == (NoMatch(), None)


def test_an_entry_that_moved_to_another_file_has_not_gone() -> None:
    assert entries_gone([JANE, ELSE], [an_entry(file=OTHER_FILE)]) == [ELSE]


@pytest.mark.parametrize(
    ("file", "outcome"), [(TECH_FILE, Outcome.TECH_CARD), (OTHER_FILE, Outcome.NON_TECH_CARD)]
)
def test_the_card_is_of_the_role_they_had_and_says_that_other_accounts_may_remain(
    file: str, outcome: Outcome
) -> None:
    finding = a_match(an_entry(file=file))
    known = facts(finding=finding, removal=LeftLists(commit="abc123", at=LATE))

    draft = draft_plan(known, policy(commit_link="https://github.com/o/r/commit/{}"))

    assert isinstance(draft, MakeCard)
    assert (draft.outcome, draft.was_removed) == (outcome, True)
    _, _, said = draft.card.head.partition("\n\n")
    assert said == (
        "The entry was removed from the access lists on 28 November 2026, before this card was "
        "made: https://github.com/o/r/commit/abc123\n"
        "Other accounts may remain: check each of them."
    )


def test_a_card_for_somebody_who_is_listed_says_nothing_of_it() -> None:
    draft = draft_plan(facts(finding=a_match(JANE)), policy())

    assert isinstance(draft, MakeCard)
    assert (draft.was_removed, "removed" in draft.card.head) == (False, False)
