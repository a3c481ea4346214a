"""On which line of its list an entry begins, for people to look at."""

import pytest

from service.domain.access_lists.entries import entries_from_yaml
from service.domain.removal.tree import lines_of

LIST = """\
# People
- name: Ada Archer
  email: ada@example.gov.uk

- email: sam@example.gov.uk
  name: Sam Taylor
"""
KEYED = "users:\n  ada.archer:\n    name: Ada Archer\n  sam.taylor:\n    name: Sam Taylor\n"


@pytest.mark.parametrize(("text", "lines"), [(LIST, [2, 5]), (KEYED, [2, 4])])
def test_an_entry_is_found_where_it_begins(text: str, lines: list[int]) -> None:
    positions = [entry.position for entry in entries_from_yaml(text, file="people.yml")]

    assert [lines_of(text, positions)[position] for position in positions] == lines


@pytest.mark.parametrize("text", ["a:\n  - name: A\na:\n  - name: B\n", "a: [", ""])
def test_a_place_that_is_not_certain_has_no_line(text: str) -> None:
    assert lines_of(text, ["a / entry 1", "a"]) == {}
