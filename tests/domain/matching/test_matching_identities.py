"""Addresses and user names: when they decide, when they contradict, and who is one person."""

import pytest

from service.domain.access_lists.entries import entries_from_yaml
from service.domain.matching.match_person import Candidates, Match, MatchingPolicy, PersonQuery
from tests.domain.matching.people_in_lists import NOBODY, Found, ask, found, listed, match, search

DECIDES = [
    ("the same address", "Jane Doe | jane.doe", "Jane Doe | jane.doe"),
    (
        "case and spaces",
        "Jane Doe |  JANE.Doe@Digital.Cabinet-Office.gov.UK ",
        "Jane Doe | jane.doe",
    ),
    ("a plus tag", "Jane Doe | jane.doe+github@x.uk", "Jane Doe | jane.doe@x.uk"),
    ("angle brackets", "Jane Doe | <mailto:jane.doe@x.uk>", "Jane Doe | jane.doe@x.uk"),
    ("a domain of the same organisation", "Jane Doe | jane.doe@dsit.gov.uk", "Jane Doe | jane.doe"),
    ("a nickname", "Kate Roe | katherine.roe", "Katherine Roe | katherine.roe"),
    ("a slip in the name", "Jnae Doe | jane.doe", "Jane Doe | jane.doe"),
    ("names swapped", "Doe Jane | jane.doe", "Jane Doe | jane.doe"),
    ("a surname added", "Jane Doe-Roe | jane.doe", "Jane Doe | jane.doe"),
    ("an address that spells no name", "Jane Doe | ops7", "Jane Doe | ops7"),
    ("another alphabet", "王建国 | jianguo.wang", "Jianguo Wang | jianguo.wang"),
    ("the name in the list is missing", "Jane Doe | jane.doe", " | jane.doe"),
    ("the address in the name's place", "jane.doe@dsit.gov.uk", "Jane Doe | jane.doe"),
    ("no name, and the address spells it", "| jane.doe", "Jane Doe | jane.doe"),
    ("a placeholder for a name", "unknown | jane.doe", "Jane Doe | jane.doe"),
    ("an invisible character", "Jane Doe | jane\u200b.doe", "Jane Doe | jane.doe"),
    ("a GitHub name", "Jane Doe | | JD-1", "Jane Doe | | jd-1"),
    ("a GitHub link", "Jane Doe | | https://github.com/jd/", "Jane Doe | | jd"),
    ("a GitHub name with an at sign", "Kate Roe | | @kr", "Katherine Roe | k.roe | kr"),
]


@pytest.mark.parametrize(
    ("given", "person"), [case[1:] for case in DECIDES], ids=[case[0] for case in DECIDES]
)
def test_an_identity_decides_if_the_name_fits(given: str, person: str) -> None:
    outcome = search(given, listed(person, "Ann Unrelated | ann"))

    assert isinstance(outcome, Match)
    assert [entry.position for entry in outcome.entries] == ["entry 1"]
    assert not outcome.by_name_alone


ASKED = [
    ("no name, and the address spells none", "| j.doe", ("Jane Doe | j.doe",)),
    ("no name, and a shared mailbox", "| ops-alerts", ("Jane Doe | ops-alerts",)),
    ("no name, a letter of the address wrong", "| jane.deo", ("Jane Doe | jane.doe",)),
    ("no name, a GitHub name", "| | jd", ("Jane Doe | | jd",)),
    ("another name for the address", "Uma Venning | jane.doe", ("Jane Doe | jane.doe",)),
    ("another name for the GitHub name", "Uma Venning | | jd", ("Jane Doe | | jd",)),
    ("another address", "Jane Doe | j.doe", ("Jane Doe | jane.doe",)),
    ("a number more", "Jane Doe | jane.doe2", ("Jane Doe | jane.doe",)),
    ("a number less", "Jane Doe | jane.doe", ("Jane Doe | jane.doe2",)),
    ("an unrelated domain", "Jane Doe | jane.doe@hmrc.gov.uk", ("Jane Doe | jane.doe",)),
    ("a slip in the address", "Jane Doe | jane.deo", ("Jane Doe | jane.doe",)),
    (
        "a nickname at another domain",
        "Kate Roe | kate.roe@dsit.gov.uk",
        ("Katherine Roe | kate.roe",),
    ),
    ("an initial, and an address that contradicts", "Jane Roe | john.roe", ("J Roe | john.roe",)),
    ("another middle name", "Jane A Doe | jane.doe", ("Jane B Doe | jane.doe",)),
    ("junior and senior", "John Doe Jr | john.doe", ("John Doe Snr | john.doe",)),
    ("look-alike letters in the address", "Jane Doe | j\u0430ne.doe", ("Jane Doe | jane.doe",)),
    ("look-alike letters in the list", "Jane Doe | jane.doe", ("Jane Doe | j\u0430ne.doe",)),
    ("another GitHub name", "Jane Doe | jane.doe | jroe", ("Jane Doe | jane.doe | jd",)),
    ("a known GitHub name, another address", "Jane Doe | j.d | jd", ("Jane Doe | jane.doe | jd",)),
    ("an address alone in the list", "Jane Doe", (" | jane.doe",)),
    ("a robot at somebody's address", "Jane Doe", ("Team Robot | jane.doe",)),
    ("no name, a letter of a mailbox wrong", "| ops-alets", ("Jane Doe | ops-alerts",)),
    ("an address that does not spell the name", "Jane Doe | ops", ("Jane Doe",)),
    ("an address that spells another name", "Uma Venning | jane.doe", ("Jane Doe",)),
    ("the old surname in the address", "Jane Roe | jane.doe", ("Jane Doe",)),
]


@pytest.mark.parametrize(
    ("given", "people"), [case[1:] for case in ASKED], ids=[case[0] for case in ASKED]
)
def test_an_identity_that_does_not_decide_is_asked(given: str, people: tuple[str, ...]) -> None:
    outcome = search(given, listed(*people))

    assert isinstance(outcome, Candidates)
    assert [candidate.entry.position for candidate in outcome.candidates] == ["entry 1"]


SEVERAL: list[tuple[str, str, tuple[str, ...], Found]] = [
    (
        "the address distinguishes namesakes",
        "John Smith | john.smith2",
        ("John Smith | john.smith", "John Smith | john.smith2"),
        match("John Smith"),
    ),
    (
        "the GitHub name distinguishes namesakes",
        "John Smith | | js2",
        ("John Smith | john.smith | js", "John Smith | john.smith2 | js2"),
        match("John Smith"),
    ),
    (
        "the address points at one, the name at another",
        "Jane Doe | jane.roe",
        ("Jane Doe | jane.doe", "Jane Roe | jane.roe"),
        ask("Jane Roe", "Jane Doe"),
    ),
    (
        "the address fits one by nickname, the name another exactly",
        "Dan Roe | daniel.roe",
        ("Daniel Roe | daniel.roe", "Dan Roe | dan.roe"),
        ask("Daniel Roe", "Dan Roe"),
    ),
    (
        "a namesake without an address may be the same person",
        "Jane Doe | jane.doe",
        ("Jane Doe | jane.doe", "Jane Doe"),
        ask("Jane Doe", "Jane Doe"),
    ),
    (
        "two people at one address",
        "Jane Doe | jane.doe",
        ("Jane Doe | jane.doe", "Uma Venning | jane.doe"),
        ask("Jane Doe", "Uma Venning"),
    ),
    (
        "two people at one mailbox",
        "Jane Doe | ops",
        ("Jane Doe | ops", "Uma Venning | ops"),
        ask("Jane Doe", "Uma Venning"),
    ),
    (
        "one address with and without an invisible character",
        "Jane Doe | jane.doe",
        ("Jane Doe | jane.doe", "Jane Doe | jane\u200b.doe"),
        ask("Jane Doe", "Jane Doe"),
    ),
    (
        "placeholders identify nobody",
        "John Smith",
        ("John Smith | tbc | none", "John Smith | tbc | none"),
        ask("John Smith", "John Smith"),
    ),
    ("a placeholder for an address finds nobody", "Uma Venning | tbc", ("Jane Doe | tbc",), NOBODY),
]


@pytest.mark.parametrize(
    ("given", "people", "expected"),
    [case[1:] for case in SEVERAL],
    ids=[case[0] for case in SEVERAL],
)
def test_among_several_people(given: str, people: tuple[str, ...], expected: Found) -> None:
    assert found(given, listed(*people)) == expected


ONE_PERSON = [
    ("the same address", "Jane Doe | jane.doe", "Jane Doe | jane.doe"),
    ("the same address, shorter name", "Jane Doe | jane.doe", "J Doe | jane.doe"),
    ("the same GitHub name", "Jane Doe | jane.doe | jd", "Jane Doe | | jd"),
    ("the very same entry", "Jane Doe", "Jane Doe"),
]


@pytest.mark.parametrize(
    ("tech", "other"), [case[1:] for case in ONE_PERSON], ids=[case[0] for case in ONE_PERSON]
)
def test_one_person_in_two_files_is_one_match(tech: str, other: str) -> None:
    entries = (*listed(tech, file="tech.yml"), *listed(other, file="other.yml"))

    outcome = search(tech, entries)

    assert isinstance(outcome, Match)
    assert {entry.file for entry in outcome.entries} == {"tech.yml", "other.yml"}


def test_one_ssh_user_is_one_person() -> None:
    entry = "- {name: Jane Doe, ssh_username: jane}\n"

    assert found("Jane Doe", entries_from_yaml(entry * 2, file="a.yml")) == match(
        "Jane Doe", "Jane Doe"
    )


def test_two_entries_of_one_name_in_one_file_may_be_two_people() -> None:
    assert found("Jane Doe", listed("Jane Doe", "Jane Doe")) == ask("Jane Doe", "Jane Doe")


def test_an_address_that_only_spells_the_name_does_not_contradict_it() -> None:
    outcome = search("Jane Doe | jane.doe", listed("Jane Doe"))

    assert isinstance(outcome, Match)
    assert outcome.by_name_alone


def test_an_address_with_a_number_speaks_of_a_namesake() -> None:
    assert found("Jane Doe | jane.doe2", listed("Jane Doe")) == ask("Jane Doe")


def test_the_organisation_is_a_matter_of_the_policy() -> None:
    people = listed("Jane Doe | jane.doe@a.uk")
    policy = MatchingPolicy(organisation_domains=frozenset({"A.uk", "b.uk"}))

    assert found("Jane Doe | jane.doe@b.uk", people) == ask("Jane Doe")
    assert found("Jane Doe | jane.doe@b.uk", people, policy=policy) == match("Jane Doe")


def test_an_address_decides_even_if_a_name_alone_may_not() -> None:
    policy = MatchingPolicy(act_on_name_alone=False)

    assert found("Jane Doe | jane.doe", listed("Jane Doe | jane.doe"), policy=policy) == match(
        "Jane Doe"
    )


def test_a_rare_surname_says_nothing_if_the_addresses_differ() -> None:
    people = listed("Lyra Chatwin | lyra.chatwin")

    assert found("Lynette Chatwin", people) == ask("Lyra Chatwin")
    assert found("Lynette Chatwin | lynette.chatwin", people) == NOBODY


def test_nobody_plausible_is_nobody() -> None:
    assert found("Uma Venning | uma.venning", listed("Jane Doe | jane.doe")) == NOBODY
    assert found(PersonQuery(email="uma@x.uk"), listed("Jane Doe | jane.doe")) == NOBODY
    assert found("Jane Doe", ()) == NOBODY
