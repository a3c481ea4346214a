"""Which entries are removed on the day: found again by what is certain, and never by a name."""

from dataclasses import replace

import pytest

from service.domain.access_lists.entries import Entry
from service.domain.after_date import LeaverIdentity
from service.domain.corrections import Corrections
from service.domain.identity import keys_of_entries, signs_of
from service.domain.matching.index import Directory
from service.domain.matching.match_person import MatchingPolicy
from service.domain.removal.entries import Recorded, entries_now, is_gone
from service.domain.removal.refusals import RefusalCode
from tests.support.values import OTHER_FILE, an_entry, details

JANE = an_entry(github="jdoe")
ELSE = an_entry(id="e" * 16, name="Uma Roe", email="uma.roe@example.gov.uk")
RECORDED = Recorded(
    identity=LeaverIdentity(entry_ids=frozenset({JANE.id}), signs=frozenset(signs_of(JANE))),
    details=details(),
    corrections=Corrections(),
    is_by_name_alone=False,
)
BY_NAME = replace(RECORDED, is_by_name_alone=True)
CHOSEN = Corrections(entry=JANE.id)
REMOVED = replace(RECORDED, was_removed=True)
TEAM = an_entry(id="b" * 16, name="John Smith")
NO_NAME = an_entry(id="a" * 16, name="")
CHANGED = an_entry(id="f" * 16, name="Jane Elizabeth Doe")
NAMESAKE = an_entry(id="d" * 16, email=None)
MARRIED = an_entry(id="c" * 16, name="Uma Poe", email="uma.poe@example.gov.uk", github="JDoe")


@pytest.mark.parametrize(
    ("recorded", "listed", "found"),
    [
        (RECORDED, (JANE, ELSE), (JANE,)),
        (RECORDED, (CHANGED, ELSE), (CHANGED,)),
        (RECORDED, (ELSE,), ()),
        (RECORDED, (NAMESAKE, ELSE), RefusalCode.NOT_FOUND_AGAIN),
        (RECORDED, (MARRIED, ELSE), RefusalCode.NOT_FOUND_AGAIN),
        (BY_NAME, (JANE, ELSE), RefusalCode.BY_NAME_ALONE),
        (BY_NAME, (ELSE,), RefusalCode.BY_NAME_ALONE),
        (replace(BY_NAME, corrections=CHOSEN), (JANE, ELSE), (JANE,)),
        (replace(BY_NAME, corrections=CHOSEN), (NAMESAKE,), RefusalCode.NOT_FOUND_AGAIN),
        (RECORDED, (JANE, TEAM), RefusalCode.SHARED_IDENTITY),
        (RECORDED, (JANE, NO_NAME), (JANE, NO_NAME)),
        (RECORDED, (JANE, CHANGED), (JANE, CHANGED)),
        (replace(BY_NAME, corrections=CHOSEN), (JANE, TEAM), RefusalCode.SHARED_IDENTITY),
        (REMOVED, (ELSE,), ()),
        (REMOVED, (JANE, ELSE), RefusalCode.REMOVED_BEFORE),
        (REMOVED, (CHANGED, ELSE), RefusalCode.REMOVED_BEFORE),
        (replace(REMOVED, corrections=CHOSEN), (JANE,), RefusalCode.REMOVED_BEFORE),
    ],
)
def test_an_entry_is_removed_only_if_it_is_certain_whose_it_is_and_nobody_removed_it_before(
    recorded: Recorded, listed: tuple[Entry, ...], found: tuple[Entry, ...] | RefusalCode
) -> None:
    assert entries_now(recorded, Directory(listed), policy=MatchingPolicy()) == found


@pytest.mark.parametrize(
    ("listed", "is_so"),
    [((ELSE,), True), ((NAMESAKE,), True), ((JANE,), False), ((MARRIED,), False), ((TEAM,), False)],
)
def test_what_a_pull_request_removes_is_gone_once_nobody_shares_anything_but_a_name_with_it(
    listed: tuple[Entry, ...], *, is_so: bool
) -> None:
    assert is_gone(RECORDED, keys_of_entries([JANE]), Directory(listed)) is is_so


def test_all_entries_that_a_pull_request_removes_have_to_be_gone() -> None:
    other = an_entry(id="9" * 16, name="Jane Doe", email="jane@example.org")

    assert not is_gone(RECORDED, keys_of_entries([JANE, other]), Directory((other,)))


def test_the_same_persons_other_entries_go_too() -> None:
    other = an_entry(id="c" * 16, file=OTHER_FILE)

    found = entries_now(RECORDED, Directory((JANE, other, ELSE)), policy=MatchingPolicy())

    assert found == (JANE, other)
