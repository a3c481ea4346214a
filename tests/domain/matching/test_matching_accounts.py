"""User names and addresses that identify nobody, and second accounts of one person."""

import pytest

from service.domain.access_lists.entries import Entry, entries_from_yaml
from service.domain.matching.match_person import Candidates
from tests.domain.matching.people_in_lists import NOBODY, ask, found, listed, match, search

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


def test_a_login_stays_somebodys_if_one_entry_has_a_short_form() -> None:
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


MADE_OF_A_NAME = [
    *("jdoe", "doej", "janed", "jadoe", "janedoe", "jane", "doe", "jdoe1", "jane.d", "doe.j"),
    *("JDoe", "jdoe-gds", "jdoe_admin", "doejane", "jane-doe"),
]


@pytest.mark.parametrize("login", MADE_OF_A_NAME)
def test_a_login_made_of_the_name_may_be_the_leavers_and_is_never_certain(login: str) -> None:
    people = entries_from_yaml(f"users: [{login}, hbrack]", file="a.yml")

    outcome = search("Jane Doe", people)

    assert isinstance(outcome, Candidates)
    assert [one.entry.position for one in outcome.candidates] == ["users / entry 1"]


@pytest.mark.parametrize(
    ("name", "login"),
    [
        *(("Jane de Bray", "jdebray"), ("Jane Stagg-Penn", "jstaggpenn"), ("Mona Penn", "mpenn")),
        *(("Jane R Doe", "jrdoe"), ("Jane O'Dell", "jodell"), ("Wyszynska, Ida", "iwyszyns")),
        *(("William Doe", "bdoe"), ("Nguyen Van Anh", "anguyen"), ("Sukarno", "sukarno")),
    ],
)
def test_logins_are_made_of_every_kind_of_name(name: str, login: str) -> None:
    people = entries_from_yaml(f"- email: {login}@other.example", file="a.yml")

    assert found(name, people) == ask(f"{login}@other.example")


@pytest.mark.parametrize("login", ["hdoe", "jdoeson", "mqdoe", "jd", "janet", "www-data"])
def test_another_login_is_nobodys(login: str) -> None:
    people = entries_from_yaml(f"users: [{login}, hbrack]", file="a.yml")

    assert found("Jane Doe", people) == NOBODY


def test_a_login_of_somebody_with_a_full_name_is_theirs() -> None:
    assert found("Jane Doe", listed("Tom Orr | | jdoe", "Uma Roe | jdoe")) == NOBODY


def test_the_same_address_decides_if_an_entry_without_a_name_is_made_of_the_name() -> None:
    people = listed(" | jdoe", "Uma Roe | uma.roe")

    assert found("Jane Doe | jdoe", people) == match("jdoe@digital.cabinet-office.gov.uk")


def test_somebody_known_beyond_doubt_is_not_asked_about_for_a_login() -> None:
    people = (*listed("Jane Doe | jane.doe"), *entries_from_yaml("users: [jdoe]", file="b.yml"))

    assert found("Jane Doe | jane.doe", people) == match("Jane Doe")
    assert found("Jane Doe", people[:1]) == match("Jane Doe")
    assert isinstance(search("Jane Doe", people), Candidates)


@pytest.mark.parametrize("who", ["| jdoe", "| | jdoe", "| janedoe", "| | doejane"])
def test_an_address_without_a_name_may_be_made_of_one_in_the_list(who: str) -> None:
    assert found(who, listed("Jane Doe", "Uma Roe")) == ask("Jane Doe")


@pytest.mark.parametrize("who", ["Jane Doe | | Xq7", "| xq7", "xq7", "Jane Doe | xq7"])
def test_a_plain_user_name_may_be_the_leavers(who: str) -> None:
    people = entries_from_yaml("users: [xq7, hbrack]", file="a.yml")

    outcome = search(who, people)

    assert isinstance(outcome, Candidates)
    assert [one.entry.ssh for one in outcome.candidates] == ["xq7"]
    assert "same user name" in outcome.candidates[0].evidence


def test_the_full_name_beside_a_login_is_a_name_of_its_bearer() -> None:
    text = "users:\n- {name: zed9, gecos: Jane Doe, email: jane.doe@x.uk}\n- {name: kit}\n"
    people = entries_from_yaml(text, file="a.yml")

    assert found("Jane Doe", people) == ask("zed9")
    assert found("Jane Doe | jane.doe@x.uk", people) == match("zed9")
