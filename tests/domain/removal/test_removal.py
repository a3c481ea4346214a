"""A removal from all lists: what is not proved, or not a file of its own, is refused."""

import pytest

from service.domain.access_lists.entries import Entry, entries_from_yaml
from service.domain.removal.refusals import RefusalCode, RemovalRefused
from service.domain.removal.removal import Removal, removal_of, remove

FILE, OTHER = "config/list.yml", "config/other.yml"
TEXT = b"- name: Jo Smith\n  email: jo@example.gov.uk\n- name: Bo Lee\n  email: bo@example.gov.uk\n"


def jo(file: str = FILE) -> Entry:
    return entries_from_yaml(TEXT, file=file)[0]


@pytest.mark.parametrize("other", [b"- name: Cy Fox\n  email: cy@example.gov.uk\n", None])
def test_what_is_proved_is_removed(other: bytes | None) -> None:
    files = {FILE: TEXT} | ({OTHER: other} if other else {})

    found = remove(files, [jo()])

    assert isinstance(found, Removal)
    assert [one.after for one in found.files] == [TEXT[TEXT.index(b"- name: Bo") :]]


def test_what_is_not_proved_over_all_lists_is_refused() -> None:
    # The other list can't be read, so that who is in it is not known.
    found = remove({FILE: TEXT, OTHER: b"["}, [jo()])

    assert found == RemovalRefused(RefusalCode.NOT_PROVED, FILE, 1)


def test_a_list_that_is_a_link_to_another_file_is_refused() -> None:
    files = {FILE: TEXT, OTHER: TEXT}

    found = removal_of((jo(), jo(OTHER)), files, {FILE: "100644", OTHER: "120000"})

    assert found == RemovalRefused(RefusalCode.LINK, OTHER)


def test_an_executable_list_is_cut_like_any_other() -> None:
    assert isinstance(removal_of((jo(),), {FILE: TEXT}, {FILE: "100755"}), Removal)


def test_who_is_not_certain_is_refused_without_a_place() -> None:
    found = removal_of(RefusalCode.NOT_FOUND_AGAIN, {FILE: TEXT}, {FILE: "100644"})

    assert found == RemovalRefused(RefusalCode.NOT_FOUND_AGAIN, "", 0)
