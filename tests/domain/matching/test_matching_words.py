"""What an operator reads: the evidence of a match and of each candidate, and the reason to ask."""

import pytest

from service.domain.matching.match_person import Candidates, Match
from tests.domain.matching.people_in_lists import listed, search

EVIDENCE = [
    ("Jane Doe | jane.doe", "Jane Doe | jane.doe", ("same e-mail address", "same name")),
    (
        "Jane Doe | jane.doe@dsit.gov.uk",
        "Jane Doe | jane.doe",
        ("same e-mail address but for the domain, of the same organisation", "same name"),
    ),
    ("Jane Doe | | jd", "Jane Doe | | jd", ("same GitHub name", "same name")),
    (
        "Kate Roe | katherine.roe",
        "Katherine Roe | katherine.roe",
        ("same e-mail address", "Kate may be a nickname of Katherine"),
    ),
    (
        "| jane.doe",
        "Jane Doe | jane.doe",
        ("same e-mail address", "a user name or an e-mail address spells the name"),
    ),
    (
        "Ja\u200bne Doe",
        "Jane Doe",
        ("same name", "in the ticket, invisible characters were left out"),
    ),
]


@pytest.mark.parametrize(("given", "person", "evidence"), EVIDENCE)
def test_a_match_says_what_agrees(given: str, person: str, evidence: tuple[str, ...]) -> None:
    outcome = search(given, listed(person))

    assert isinstance(outcome, Match)
    assert outcome.evidence == evidence


DOUBTS = [
    (
        "Jane Doe | jane.doe2",
        "Jane Doe | jane.doe",
        ("e-mail address differs by a number", "same name"),
    ),
    ("Jane Doe | j.doe", "Jane Doe | jane.doe", ("another e-mail address", "same name")),
    ("Jnae Doe", "Jane Doe", ("one letter differs",)),
    ("Doe Jane", "Jane Doe", ("same name in another order",)),
    (
        "王小明",
        "Xiaoming Wang",
        ("same name in another order", "one is written in another alphabet"),
    ),
    ("Ann Easton", "Anne Aston", ("the same letters, split into other words",)),
    ("Easton Ann", "Anne Aston", ("the same letters, split into other words",)),
    (
        "王小薇",
        "王小伟",
        ("same name", "the same only if it is spelt out in Latin letters"),
    ),
    (
        "Jane Doe | jane.doe",
        "Jane Doe | jane.doe.admin",
        ("same e-mail address but for a word such as admin", "same name"),
    ),
    ("J Doe", "Jane Doe", ("only an initial agrees",)),
    ("Jane Mary Doe", "Jane Doe", ("one name has words that the other lacks",)),
    ("Jane Doe Jr", "Jane Doe", ("same name", "only one says junior, senior or a number")),
    (
        "J\u0430ne Doe",
        "Jane Doe",
        (
            "same name",
            "in the ticket, letters of another alphabet were read as the Latin ones they look like",
        ),
    ),
    (
        "Jane Doe",
        "Ja\u200bne Doe",
        ("same name", "in the list, invisible characters were left out"),
    ),
]


@pytest.mark.parametrize(("given", "person", "evidence"), DOUBTS)
def test_a_candidate_says_what_agrees_and_what_does_not(
    given: str, person: str, evidence: tuple[str, ...]
) -> None:
    outcome = search(given, listed(person))

    assert isinstance(outcome, Candidates)
    assert [candidate.evidence for candidate in outcome.candidates] == [evidence]


REASONS = [
    ("tbc", ("Jane Doe",), "The name is missing or cannot be read."),
    ("王建国", ("Jane Doe",), "The name is written in another alphabet and was not found."),
    (
        "\u202eenaJ",
        ("Jane Doe",),
        "The name or address holds unusual characters and was not found.",
    ),
    (
        "| j.doe",
        ("Jane Doe | j.doe",),
        "The e-mail address or GitHub name is in the lists, without a name to check it by.",
    ),
    (
        "Jane Doe | uma.roe",
        ("Jane Doe | jane.doe", "Uma Roe | uma.roe"),
        "The e-mail address or GitHub name points at one person, the name at another.",
    ),
    (
        "Jane Doe | uma.roe",
        ("Uma Roe | uma.roe",),
        "The e-mail address or GitHub name is in the lists, but the name does not fit it.",
    ),
    ("Jane Doe", ("Jane Doe", "Jane Doe"), "More than one person in the lists may be meant."),
    (
        "Jane Doe | j.doe",
        ("Jane Doe | jane.doe",),
        "The name is in the lists, with another e-mail address or none.",
    ),
    (
        "Jnae Doe",
        ("Jane Doe",),
        "One person in the lists is near to what the ticket says, but not certain.",
    ),
]


@pytest.mark.parametrize(("given", "people", "reason"), REASONS)
def test_the_reason_to_ask_names_nobody(given: str, people: tuple[str, ...], reason: str) -> None:
    outcome = search(given, listed(*people))

    assert isinstance(outcome, Candidates)
    assert outcome.reason.text == reason
