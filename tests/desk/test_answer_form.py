"""From what an operator fills in to what the run is given."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from service.desk.answer_form import (
    Answer,
    Form,
    read_answer,
    read_sent,
)
from service.desk.offered_answers import date_hint, is_date_alone_missing
from service.domain.corrections import SetAsideAs
from service.domain.reasons import ReasonCode
from service.domain.ticket import About
from service.records.leaver import Leaver, State

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
    reason_code=ReasonCode.SEVERAL_CANDIDATES,
    candidates=[SAM],
    received_at=NOW,
    updated_at=NOW,
)
AS_IT_WAS = Form.for_leaver(LEAVER)
EMPTY_DATE = {"day": "", "month": "", "year": ""}


def read(form: Form, leaver: Leaver) -> Answer:
    return read_answer(form, leaver, today=NOW.date())


@pytest.mark.parametrize(
    ("filled", "corrections"),
    [
        ({"choice": "entry:0123456789abcdef"}, {"entry": "0123456789abcdef"}),
        ({"choice": "again"}, {}),
        ({"choice": "no_access", "confirm_nobody": "yes"}, {"no_access": True}),
        ({"choice": "set_aside:by_hand"}, {"set_aside": SetAsideAs.BY_HAND}),
        (
            {"choice": "set_aside:by_hand", "clear_tag": "yes"},
            {"set_aside": SetAsideAs.BY_HAND, "clear_tag": True},
        ),
        ({"choice": "again", "clear_tag": "yes"}, {}),
        ({"choice": "again", "name": "Sam Taylor"}, {"name": "Sam Taylor"}),
        ({"choice": "again", "day": "19"}, {"leaving_date": date(2026, 12, 19)}),
        ({"choice": "again", "month": "Dec", "day": "18"}, {}),
        ({"choice": "again", "month": "november"}, {"leaving_date": date(2026, 11, 18)}),
        ({"choice": "again", "month": "Sept.", "day": "1"}, {"leaving_date": date(2026, 9, 1)}),
        ({"choice": "again", "month": "1", "day": "05"}, {"leaving_date": date(2026, 1, 5)}),
        # Nothing of it is used if the leaver is set aside.
        ({"choice": "set_aside:cancelled", "day": "99"}, {"set_aside": SetAsideAs.CANCELLED}),
        # What an operator said is taken back by emptying its field.
        ({"choice": "again", "email": ""}, {"email": None}),
    ],
)
def test_what_was_not_changed_is_not_a_correction(
    filled: dict[str, str], corrections: dict[str, Any]
) -> None:
    leaver = replace(LEAVER, said={"email": "sam@example.gov.uk"})

    assert read(replace(AS_IT_WAS, **filled), leaver) == Answer(corrections=corrections)


def test_everything_that_operators_said_can_be_taken_back_and_nothing_else() -> None:
    said = {"email": "sam@example.gov.uk", "set_aside": "by_hand"}

    answer = read(replace(AS_IT_WAS, choice="forget"), replace(LEAVER, said=said))

    assert answer == Answer(corrections={"email": None, "set_aside": None})


@pytest.mark.parametrize(
    "said", [{"entry": "0123456789abcdef"}, {"no_access": True}, {"set_aside": "by_hand"}]
)
def test_to_search_again_takes_back_what_an_operator_decided(said: dict[str, Any]) -> None:
    leaver = replace(LEAVER, state=State.DONE, said=said | {"name": "Sam Tailor"})

    answer = read(replace(AS_IT_WAS, choice="again"), leaver)

    assert answer == Answer(corrections=dict.fromkeys(said))


def test_an_emptied_date_takes_back_an_operators_own() -> None:
    leaver = replace(LEAVER, said={"leaving_date": "2026-12-18"})

    answer = read(replace(AS_IT_WAS, choice="again", **EMPTY_DATE), leaver)

    assert answer == Answer(corrections={"leaving_date": None})


@pytest.mark.parametrize("about", [About.DATE, About.LEAVING])
def test_a_date_in_doubt_has_to_be_given_again_and_is_shown_beside_its_field(about: About) -> None:
    leaver = replace(LEAVER, found={"asked": [about]})
    empty = Form.for_leaver(leaver)
    same = replace(empty, choice="again", day="18", month="12", year="2026")

    assert not empty.has_date
    assert date_hint(leaver) == (
        "The ticket seems to say 18 December 2026. Enter the date to confirm it."
    )
    assert read(same, leaver) == Answer(corrections={"leaving_date": date(2026, 12, 18)})
    assert read(replace(empty, choice="again"), leaver) == Answer()


def test_a_date_that_is_not_in_doubt_is_filled_in() -> None:
    leaver = replace(LEAVER, found={"asked": [About.PERSON]})

    assert (Form.for_leaver(leaver), date_hint(leaver)) == (AS_IT_WAS, "For example, 18 12 2026")


@pytest.mark.parametrize(
    ("filled", "errors"),
    [
        ({}, {"choice": "Select what should be done"}),
        ({"choice": "entry:of-another"}, {"choice": "Select what should be done"}),
        ({"choice": "set_aside:else"}, {"choice": "Select what should be done"}),
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
        ({"choice": "again", "year": "26"}, {"leaving_date-year": "Year must include 4 numbers"}),
        *(
            (
                {"choice": "again", "year": year},
                {"leaving_date-year": "The leaving date must be between 1900 and 2999"},
            )
            for year in ("0026", "9999")
        ),
        *(
            (
                {"choice": "again"} | wrong,
                {"leaving_date-day": "The leaving date must be a real date, such as 18 12 2026"},
            )
            for wrong in (
                {"day": "9" * 10},
                {"month": "9" * 30},
                {"day": "018"},
                {"day": "1_8"},
                {"day": "\u0661\u0668"},
                {"month": "marvellous"},
                {"month": "ma rch"},
            )
        ),
        ({"choice": "forget"}, {"choice": "Select what should be done"}),
        # What the ticket says can be corrected, and not be made unsaid.
        (
            {"choice": "again", "name": ""},
            {
                "name": "Enter the leaver's name: what the ticket says can be corrected, but not "
                "emptied"
            },
        ),
        (
            {"choice": "no_access", "confirm_nobody": "yes"} | EMPTY_DATE,
            {
                "leaving_date-day": "Enter the leaving date: what the ticket says can be "
                "corrected, but not emptied"
            },
        ),
    ],
)
def test_what_is_wrong_is_said_at_its_field(filled: dict[str, str], errors: dict[str, str]) -> None:
    assert read(replace(AS_IT_WAS, **filled), LEAVER) == Answer(errors=errors)


@pytest.mark.parametrize(
    ("day", "doubt"),
    [
        (date(2025, 11, 23), "The leaving date is more than a year ago."),
        (date(2028, 11, 25), "The leaving date is more than two years ahead."),
    ],
)
def test_a_leaving_date_far_away_is_confirmed_and_then_taken(day: date, doubt: str) -> None:
    form = replace(
        AS_IT_WAS, choice="again", day=str(day.day), month=str(day.month), year=str(day.year)
    )

    asked = read(form, LEAVER)
    other = read(replace(form, confirm_date="2028-01-01"), LEAVER)
    confirmed = read(replace(form, confirm_date=day.isoformat()), LEAVER)

    assert list(asked.errors) == ["confirm_date"]
    assert asked.errors["confirm_date"].startswith(doubt)
    assert other == asked
    assert confirmed == Answer(corrections={"leaving_date": day})


@pytest.mark.parametrize("day", [date(2025, 11, 24), date(2028, 11, 24)])
def test_a_leaving_date_within_a_year_back_and_two_ahead_is_taken(day: date) -> None:
    form = replace(
        AS_IT_WAS, choice="again", day=str(day.day), month=str(day.month), year=str(day.year)
    )

    assert read(form, LEAVER) == Answer(corrections={"leaving_date": day})


def test_no_access_against_those_who_fit_is_asked_about_once_more() -> None:
    form = replace(AS_IT_WAS, choice="no_access")

    assert list(read(form, LEAVER).errors) == ["confirm_nobody"]
    assert read(form, replace(LEAVER, candidates=[])).errors == {}
    assert list(read(form, replace(LEAVER, candidates=[], entry=SAM)).errors) == ["confirm_nobody"]


@pytest.mark.parametrize(
    ("asked", "person", "is_alone"),
    [
        ([About.DATE], ["same e-mail address"], True),
        ([About.DATE], [], False),
        ([About.DATE, About.PERSON], ["same name"], False),
        ([About.PERSON], ["same name"], False),
    ],
)
def test_the_date_alone_is_asked_if_one_person_fits_and_nothing_else_is_missing(
    asked: list[About], person: list[str], *, is_alone: bool
) -> None:
    leaver = replace(LEAVER, leaving_date=None, found={"asked": asked, "person": person})

    assert is_date_alone_missing(leaver) is is_alone
    date_alone = read_sent({"choice": "again"}, leaver, today=NOW.date()).errors
    assert date_alone == ({"leaving_date-day": "Enter the leaving date"} if is_alone else {})
    # On the whole form, the ticket or a list may have been corrected.
    assert read_sent({"choice": "again", "name": "Ada"}, leaver, today=NOW.date()).errors == {}
