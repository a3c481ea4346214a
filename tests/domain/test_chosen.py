"""The person whose entry an operator chose: all entries that bear the same address or user name."""

import pytest

from service.domain.access_lists.entries import Entry
from service.domain.identity import entries_of_chosen
from service.domain.matching.index import Directory
from tests.support.values import OTHER_FILE, an_entry

CHOSEN = an_entry(github="jdoe")


@pytest.mark.parametrize(
    ("other", "is_same"),
    [
        (an_entry(id="f" * 16, file=OTHER_FILE, name="J. Doe"), True),
        (an_entry(id="f" * 16, file=OTHER_FILE, email="JANE.DOE@example.gov.uk "), True),
        (an_entry(id="f" * 16, file=OTHER_FILE, email=None, github="JDoe"), True),
        (an_entry(file=OTHER_FILE), True),
        (an_entry(id="f" * 16, email="jane.doe2@example.gov.uk"), False),
        (an_entry(id="f" * 16, email=None, github="jdoe2"), False),
        (an_entry(id="f" * 16, email=None, github=None), False),
    ],
    ids=["address", "spelling", "user name", "id", "other address", "other user", "name alone"],
)
def test_the_same_persons_other_entries_come_along(other: Entry, *, is_same: bool) -> None:
    found = entries_of_chosen(CHOSEN.id, Directory([CHOSEN, other]))

    assert found == ((CHOSEN, other) if is_same else (CHOSEN,))


def test_an_entry_that_has_gone_gives_nobody() -> None:
    assert entries_of_chosen("f" * 16, Directory([CHOSEN])) == ()
