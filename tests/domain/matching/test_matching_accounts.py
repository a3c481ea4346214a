"""User names and addresses that are nobody's own, and second accounts of one person."""

import pytest

from service.domain.access_lists.entries import Entry, entries_from_yaml
from service.domain.matching.match_person import Candidates
from tests.domain.matching.people_in_lists import ask, found, listed, match, search

NOBODYS = ["tbd", "pending", "not provided", "n/a", "Unknown", "ubuntu", "admin"]


def logins(*people: tuple[str, str]) -> tuple[Entry, ...]:
    lines = [f"- {{name: {name}, ssh_username: {login}}}\n" for name, login in people]
    return entries_from_yaml("".join(lines), file="a.yml")


@pytest.mark.parametrize("name", NOBODYS)
def test_a_github_name_that_is_nobodys_makes_no_two_entries_one_person(name: str) -> None:
    people = listed(f"Jane Doe | j.doe | {name}", f"Jane Doe | j.doe2 | {name}")

    assert found(f"Jane Doe | | {name}", people) == ask("Jane Doe", "Jane Doe")


@pytest.mark.parametrize("login", NOBODYS)
def test_a_login_that_is_nobodys_makes_no_two_entries_one_person(login: str) -> None:
    people = logins(("Jane Doe", login), ("Jane Doe", login))

    assert found("Jane Doe", people) == ask("Jane Doe", "Jane Doe")


def test_a_login_that_people_of_different_names_have_is_nobodys() -> None:
    shared = [("Jane Doe", "build"), ("Jane Doe", "build"), ("Uma Venning", "build")]

    assert found("Jane Doe", logins(*shared)) == ask("Jane Doe", "Jane Doe")
    assert found("Jane Doe", logins(*shared[:2])) == match("Jane Doe", "Jane Doe")


def test_a_login_stays_somebodys_where_one_entry_has_a_short_form() -> None:
    people = logins(("Jane Doe", "jd"), ("J Doe", "jd"), ("Jane Doe", "jd"))

    assert found("Jane Doe", people) == match("Jane Doe", "Jane Doe", "J Doe")


@pytest.mark.parametrize("address", ["none@none.com", "tbc@x.uk", "not.provided@x.uk"])
def test_an_address_that_is_nobodys_makes_no_two_entries_one_person(address: str) -> None:
    people = listed(f"Jane Doe | {address}", f"Jane Doe | {address}")

    assert found(f"Jane Doe | {address}", people) == ask("Jane Doe", "Jane Doe")


def test_one_letter_may_be_somebodys_address() -> None:
    people = listed("Jane Doe | a@x.uk", "Jane Doe | b@x.uk")

    assert found("Jane Doe | a@x.uk", people) == match("Jane Doe")


SECOND_ACCOUNTS = [
    "Jane Doe (admin) | jane.doe.admin",
    "Jane Doe | adm-jane.doe",
    "Jane Doe | jane.doe_priv",
    "J Doe | jane.doe.test",
    " | jane.doe.admin",
    "Test Robot | jane.doe-test",
]


@pytest.mark.parametrize("second", SECOND_ACCOUNTS)
def test_a_second_account_is_not_left_behind(second: str) -> None:
    outcome = search("Jane Doe | jane.doe", listed("Jane Doe | jane.doe", second))

    assert isinstance(outcome, Candidates)
    assert [one.entry.position for one in outcome.candidates] == ["entry 1", "entry 2"]


def test_a_second_account_of_a_namesake_is_somebody_elses() -> None:
    people = listed("Jane Doe | jane.doe", "Jane Doe (admin) | jane.roe.admin")

    assert found("Jane Doe | jane.doe", people) == match("Jane Doe")
