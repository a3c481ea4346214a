"""By what two tickets are known to be about one person: entry and address, never the name."""

import pytest

from service.domain.access_lists.entries import Entry
from service.domain.identity import person_keys
from service.domain.ticket import LeaverDetails
from tests.support.values import OTHER_FILE, an_entry, details

ENTRY = an_entry()
SIBLING = an_entry(id="fedcba9876543210", file=OTHER_FILE)
NAMESAKE = an_entry(id="00000000deadbeef", email="jane.doe2@example.gov.uk")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (((ENTRY,), details()), ((ENTRY,), details(email=None))),
        (((ENTRY,), details()), ((SIBLING,), details())),
        (((ENTRY,), details()), ((an_entry(email=None),), details())),
        (((), details()), ((), details(name="J. Doe"))),
        (((), details()), ((), details(email=" Jane.Doe@Example.gov.uk "))),
        (((ENTRY,), details()), ((), details())),
    ],
    ids=["entry", "address", "entry without address", "no entry", "spelling", "found later"],
)
def test_two_tickets_about_one_person_share_a_key(
    one: tuple[tuple[Entry, ...], LeaverDetails], other: tuple[tuple[Entry, ...], LeaverDetails]
) -> None:
    assert person_keys(*one) & person_keys(*other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (((ENTRY,), details()), ((NAMESAKE,), details())),
        (((), details(email=None)), ((), details(email=None))),
        (((), details()), ((), details(email="jane.doe2@example.gov.uk"))),
    ],
    ids=["namesakes with entries", "names alone", "namesakes without entries"],
)
def test_two_people_of_one_name_share_none(
    one: tuple[tuple[Entry, ...], LeaverDetails], other: tuple[tuple[Entry, ...], LeaverDetails]
) -> None:
    assert not person_keys(*one) & person_keys(*other)


def test_no_key_shows_who_it_stands_for() -> None:
    keys = person_keys((ENTRY,), details())

    assert [key for key in keys if "jane" in key.casefold() or "@" in key] == []
