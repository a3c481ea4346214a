"""The proof catches every change that is not the removal of the entry's own lines."""

from dataclasses import replace

import pytest

from service.domain.access_lists.entries import Entry, entries_from_yaml
from service.domain.removal.cut import FileCut, cut
from service.domain.removal.proof import (
    has_only_nodes_removed,
    has_only_own_lines_removed,
    has_only_people_removed,
    is_proved,
)

FILE, OTHER = "config/list.yml", "config/other.yml"
TEXT = """\
# People with access.
users:
  # Jo Smith is on loan.
  - name: Jo Smith
    email: jo@example.gov.uk

  # Everybody else.
  - name: John Smith
    email: john@example.gov.uk
    notes: |
      # kept

  - &ada
    name: Ada Archer
    email: ada@example.gov.uk
lead: *ada
"""
OTHERS = "- name: Bo Lee\n  email: bo@example.gov.uk\n- name: Cy Fox\n  email: cy@example.gov.uk\n"
FILES = {FILE: TEXT.encode(), OTHER: OTHERS.encode()}


def entry(name: str = "Jo Smith") -> Entry:
    return next(one for one in entries_from_yaml(TEXT, file=FILE) if one.name == name)


def good() -> FileCut:
    done = cut(FILES[FILE], [entry()], file=FILE)
    assert isinstance(done, FileCut)
    return done


def test_the_true_cut_is_proved() -> None:
    assert good().removed == (3, 4, 5)
    assert is_proved(FILES, [good()], [entry()])


def without(*numbers: int) -> FileCut:
    lines = TEXT.splitlines(keepends=True)
    after = "".join(line for number, line in enumerate(lines, 1) if number not in numbers)
    return replace(good(), removed=numbers, after=after.encode())


@pytest.mark.parametrize(
    "numbers",
    [
        (1, 3, 4, 5, 6),
        (2, 3, 4, 5, 6),
        (3, 4, 5, 6, 7),
        (3, 4, 5, 6, 8),
        (3, 4, 5, 6, 8, 9, 10, 11),
        (3, 4, 5, 6, 11),
        (3, 4, 5, 6, 12),
        (3, 4, 5, 6, 13, 14, 15, 16),
        (3, 4, 5, 6, 16),
        (3, 4),
        (4,),
        (8, 9, 10, 11),
        (),
        (99,),
    ],
    ids=str,
)
def test_lines_too_many_too_few_or_of_others_are_not_proved(numbers: tuple[int, ...]) -> None:
    assert not is_proved(FILES, [without(*numbers)], [entry()])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("John Smith", "Jon Smith"),
        ("# Everybody else.", "# Everybody"),
        ("notes: |", "notes: >"),
        ("      # kept", "       # kept"),
        ("  - &ada\n", "  - &ada \n"),
        ("lead: *ada\n", "lead: *ada"),
        ("lead: *ada\n", "lead: *ada\n\n"),
        ("users:", "Users:"),
        ("\n", "\r\n"),
        ("# People", "\ufeff# People"),
    ],
)
def test_a_change_beside_the_entry_is_not_proved(old: str, new: str) -> None:
    changed = good().after.decode().replace(old, new)

    assert changed.encode() != good().after
    assert not is_proved(FILES, [replace(good(), after=changed.encode())], [entry()])


def test_the_nodes_are_compared_one_by_one() -> None:
    before = FILES[FILE]
    for old, new in (
        ("john@", "jon@"),
        ("Ada Archer", '"Ada Archer"'),
        ("*ada", "Ada"),
        ("users:", "!x users:"),
        ("lead: *ada\n", ""),
        ("    email: john@example.gov.uk\n", ""),
    ):
        changed = good().after.decode().replace(old, new).encode()
        assert not has_only_nodes_removed(before, changed, [entry()]), old
    assert has_only_nodes_removed(before, good().after, [entry()])
    assert not has_only_nodes_removed(before, before, [entry()])
    assert not has_only_nodes_removed(before, b"users: [", [entry()])


def test_an_alias_that_would_refer_to_another_anchor_is_not_proved() -> None:
    before = (
        "old: &x [a]\nusers:\n- &x {name: Jo Smith, email: jo@example.gov.uk}\n"
        "- name: Bo Lee\n  email: bo@example.gov.uk\nlead: *x\n"
    )
    after = before.replace("- &x {name: Jo Smith, email: jo@example.gov.uk}\n", "")
    jo = entries_from_yaml(before, file=FILE)[0]

    assert not has_only_nodes_removed(before.encode(), after.encode(), [jo])


def test_a_list_that_would_end_empty_is_not_proved() -> None:
    before = b"users:\n- name: Jo Smith\n  email: jo@example.gov.uk\nlead: [Ada Archer]\n"
    after = b"users:\nlead: [Ada Archer]\n"
    jo = entries_from_yaml(before, file=FILE)[0]

    assert not has_only_nodes_removed(before, after, [jo])


def test_the_people_of_all_files_are_compared_in_their_order() -> None:
    after = {**FILES, FILE: good().after}
    swapped = (
        "- name: Cy Fox\n  email: cy@example.gov.uk\n- name: Bo Lee\n  email: bo@example.gov.uk\n"
    )

    assert has_only_people_removed(FILES, after, [entry()])
    assert not has_only_people_removed(FILES, {**after, OTHER: swapped.encode()}, [entry()])
    assert not has_only_people_removed(FILES, {**after, OTHER: b"[]\n"}, [entry()])
    assert not has_only_people_removed(FILES, {**after, OTHER: b"["}, [entry()])
    assert not has_only_people_removed(FILES, FILES, [entry()])
    assert not has_only_people_removed(FILES, after, [entry("John Smith")])


def test_a_file_that_is_not_the_one_that_was_cut_is_not_proved() -> None:
    assert not is_proved({**FILES, FILE: OTHERS.encode()}, [good()], [entry()])
    assert not is_proved(FILES, [], [entry()])
    assert not is_proved(FILES, [good(), good()], [entry()])
    assert not is_proved(FILES, [good()], [])
    assert not has_only_own_lines_removed(good(), [entry("Ada Archer")])
