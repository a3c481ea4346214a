"""From what an operator fills in to what the run is told."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from service.domain.corrections import SetAsideAs
from service.leavers import Leaver, State
from service.pages.answers import Answer, Form, read_answer

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
SAM = {"id": "0123456789abcdef", "file": "config/others.yml", "name": "Sam Taylor", "email": None}
LEAVER = Leaver(
    ticket_id=1,
    state=State.NEEDS_PERSON,
    outcome=None,
    entry=None,
    name="Sam Tailor",
    email="sam@example.gov.uk",
    leaving_date=date(2026, 12, 18),
    card_url=None,
    reason="More than one person in the lists may be meant.",
    candidates=[SAM],
    received_at=NOW,
    updated_at=NOW,
)
AS_IT_WAS = Form.for_leaver(LEAVER)


@pytest.mark.parametrize(
    ("filled", "corrections"),
    [
        ({"choice": "entry:0123456789abcdef"}, {"entry": "0123456789abcdef"}),
        ({"choice": "again"}, {}),
        ({"choice": "no_access"}, {"no_access": True}),
        ({"choice": "set_aside:by_hand"}, {"set_aside": SetAsideAs.BY_HAND}),
        ({"choice": "again", "name": "Sam Taylor"}, {"name": "Sam Taylor"}),
        ({"choice": "again", "day": "19"}, {"leaving_date": date(2026, 12, 19)}),
        ({"choice": "again", "month": "Dec", "day": "18"}, {}),
        ({"choice": "again", "month": "november"}, {"leaving_date": date(2026, 11, 18)}),
        ({"choice": "again", "day": "", "month": "", "year": ""}, {}),
        # Nothing of it is used where the leaver is set aside.
        ({"choice": "set_aside:cancelled", "day": "99"}, {"set_aside": SetAsideAs.CANCELLED}),
        # The ticket's own word can't be emptied; an operator's is taken back.
        ({"choice": "again", "name": ""}, {}),
        ({"choice": "again", "email": ""}, {"email": None}),
    ],
)
def test_what_was_not_changed_is_no_correction(
    filled: dict[str, str], corrections: dict[str, Any]
) -> None:
    leaver = replace(LEAVER, said={"email": "sam@example.gov.uk"})

    assert read_answer(replace(AS_IT_WAS, **filled), leaver) == Answer(corrections=corrections)


def test_everything_that_operators_said_can_be_taken_back() -> None:
    answer = read_answer(replace(AS_IT_WAS, choice="forget"), LEAVER)

    keys = ("name", "email", "leaving_date", "entry", "no_access", "set_aside")
    assert answer == Answer(corrections=dict.fromkeys(keys))


@pytest.mark.parametrize(
    ("filled", "errors"),
    [
        ({}, {"choice": "Select what is to be done"}),
        ({"choice": "entry:of-another"}, {"choice": "Select what is to be done"}),
        ({"choice": "set_aside:else"}, {"choice": "Select what is to be done"}),
        (
            {"choice": "again", "email": "sam"},
            {"email": "Enter an e-mail address in the format name@example.gov.uk"},
        ),
        (
            {"choice": "again", "name": "x" * 301},
            {"name": "The leaver's name must be 300 characters or fewer"},
        ),
        (
            {"choice": "again", "month": "", "year": ""},
            {"leaving_date-month": "The leaving date must include a month and a year"},
        ),
        (
            {"choice": "again", "day": "31", "month": "11"},
            {"leaving_date-day": "The leaving date must be a real date, such as 18 12 2026"},
        ),
        (
            {"choice": "again", "year": "26"},
            {"leaving_date-day": "The leaving date must be a real date, such as 18 12 2026"},
        ),
    ],
)
def test_what_is_wrong_is_said_at_its_field(filled: dict[str, str], errors: dict[str, str]) -> None:
    assert read_answer(replace(AS_IT_WAS, **filled), LEAVER) == Answer(errors=errors)
