"""Corrections laid over each other: the newest word counts, and what excludes each other goes."""

from datetime import date
from typing import Any

import pytest

from service.domain.corrections import Corrections, SetAsideAs, merge
from service.domain.ticket import Found

ENTRY = "0123456789abcdef"
BY_HAND = SetAsideAs.BY_HAND
DAY = date(2026, 12, 18)


@pytest.mark.parametrize(
    ("before", "new", "after"),
    [
        ({}, {}, {}),
        ({"name": "Jane"}, {}, {"name": "Jane"}),
        ({"name": "Jane"}, {"name": "John"}, {"name": "John"}),
        ({"name": "Jane"}, {"name": None}, {}),
        ({"name": "Jane"}, {"leaving_date": DAY}, {"name": "Jane", "leaving_date": DAY}),
        ({"entry": ENTRY}, {"name": "Jane"}, {"name": "Jane"}),
        ({"entry": ENTRY}, {"no_access": True}, {"no_access": True}),
        ({"no_access": True}, {"entry": ENTRY}, {"entry": ENTRY}),
        ({"no_access": True}, {"email": "j@x.uk"}, {"email": "j@x.uk"}),
        ({"no_access": True}, {"no_access": None}, {}),
        ({"no_access": True}, {"leaving_date": DAY}, {"no_access": True, "leaving_date": DAY}),
        ({"set_aside": BY_HAND}, {"entry": ENTRY}, {"entry": ENTRY}),
        ({"set_aside": BY_HAND}, {"no_access": True}, {"no_access": True}),
        ({"set_aside": BY_HAND}, {"name": "Jane"}, {"name": "Jane"}),
        ({"set_aside": BY_HAND}, {"leaving_date": DAY}, {"leaving_date": DAY}),
        ({"set_aside": BY_HAND}, {"set_aside": None}, {}),
        ({"entry": ENTRY}, {"set_aside": BY_HAND}, {"entry": ENTRY, "set_aside": BY_HAND}),
        (
            {"entry": ENTRY},
            {"entry": "f" * 16, "leaving_date": DAY},
            {"entry": "f" * 16, "leaving_date": DAY},
        ),
    ],
)
def test_the_newest_word_counts(
    before: dict[str, Any], new: dict[str, Any], after: dict[str, Any]
) -> None:
    assert merge(Corrections(**before), new) == Corrections(**after)


@pytest.mark.parametrize(
    ("said", "is_something", "decides_person"),
    [
        ({}, False, False),
        ({"name": "Jane"}, True, True),
        ({"email": "j@x.uk"}, True, True),
        ({"entry": ENTRY}, True, True),
        ({"leaving_date": DAY}, True, False),
        ({"no_access": True}, True, False),
        ({"set_aside": BY_HAND}, True, False),
    ],
)
def test_corrections_know_what_they_settle(
    said: dict[str, Any], *, is_something: bool, decides_person: bool
) -> None:
    corrections = Corrections(**said)

    assert (bool(corrections), corrections.decides_person) == (is_something, decides_person)


def test_corrected_details_say_who_said_so() -> None:
    corrections = Corrections(name="Jane Doe", leaving_date=DAY, entry=ENTRY)

    assert corrections.as_found() == {
        "name": Found(value="Jane Doe", where="an operator's correction"),
        "leaving_date": Found(value=DAY, where="an operator's correction"),
    }
