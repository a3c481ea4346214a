import pytest

from service.domain.dates import MISSING
from service.domain.reading.people import NOBODY, SEVERAL, TWO_NAMES
from tests.domain.reading.reading_tickets import DAY, JANE, Read, read


@pytest.mark.parametrize(
    "subject",
    [
        "Leaver: Jane Doe", "leaver: Jane Doe", "Leaver - Jane Doe", "Leaver \u2013 Jane Doe",
        "LEAVER | Jane Doe", "Leaver Jane Doe", "New leaver: Jane Doe", "Staff leaver: Jane Doe",
        "GDS leaver - Jane Doe", "Leaver request: Jane Doe", "Leaver request for Jane Doe",
        "Leaver notification - Jane Doe", "Offboarding Jane Doe", "Offboarding: Jane Doe",
        "Offboard Jane Doe", "Off-boarding of Jane Doe", "Jane Doe - leaver", "Jane Doe (leaver)",
        "Jane Doe leaver", "RE: Jane Doe offboarding request",
        "Re: Leaver: Jane Doe", "FW: RE: Leaver - Jane Doe", "[EXTERNAL] Leaver: Jane Doe",
        "Leaver: Jane Doe - Product Manager", "Leaver - Jane Doe - Cabinet Office",
    ],
)  # fmt: skip
def test_a_subject_that_announces_a_leaver_names_one(subject: str) -> None:
    expected = Read(name="Jane Doe", leaving_date=DAY)
    assert read("Leaving date: 18/12/2026", subject=subject) == expected


@pytest.mark.parametrize(
    "subject",
    [
        "Leaver - Jane Doe - 18/12/2026", "Leaver: Jane Doe, 18 December 2026",
        "Leaver: Jane Doe (18/12/2026)", "Leaver: Jane Doe leaving on 18/12/2026",
        "Leaver: Jane Doe - leaving date 18/12/2026", "Leaver - 18/12/2026 - Jane Doe",
        "Jane Doe - Leaver - Friday 18 December 2026", "Offboarding Jane Doe 18.12.2026",
    ],
)  # fmt: skip
def test_a_subject_may_give_the_leaving_date_too(subject: str) -> None:
    assert read("Please see above.", subject=subject) == Read(name="Jane Doe", leaving_date=DAY)


def test_a_subject_may_give_the_last_working_day_or_the_address() -> None:
    last_day = Read(name="Jane Doe", leaving_date=DAY, last_working_day=DAY)
    assert read("-", subject="Leaver: Jane Doe (last day 18/12/2026)") == last_day
    assert read("-", subject=f"Leaver: {JANE} - 18/12/2026") == Read(email=JANE, leaving_date=DAY)


@pytest.mark.parametrize(
    "subject",
    [
        "", "Leaver", "Leavers", "Leaver request", "New leaver", "New leaver: finance team",
        "Leaver: IT", "Leaver: urgent", "Leaver - Content Design", "Leaver process question",
        "Leaver form", "Jane Doe", "Access for Jane Doe", "Joiner: Jane Doe",
        "Leaver checklist - Delivery Manager", "Leaver: TBC", "Line manager: Sam Hill",
        "Leaving do on Friday", "offboarding some people",
        "Leaver #12345", "Annual leave: Jane Doe", "Finance team leaver",
    ],
)  # fmt: skip
def test_any_other_subject_names_nobody(subject: str) -> None:
    expected = Read(leaving_date=DAY, asks=(NOBODY,))
    assert read("Leaving date: 18/12/2026", subject=subject) == expected


def test_a_subject_with_two_leavers_is_asked() -> None:
    read_from = read("Leaving date: 18/12/2026", subject="Leavers: Jane Doe and John Smith")
    assert read_from == Read(name="Jane Doe", leaving_date=DAY, asks=(SEVERAL,))


def test_a_subject_that_names_another_person_than_the_description_is_asked() -> None:
    description = "Leaver: Jane Doe\nLeaving date: 18/12/2026"
    read_from = read(description, subject="Leaver: John Smith")
    assert read_from == Read(name="Jane Doe", leaving_date=DAY, asks=(TWO_NAMES,))


def test_a_subject_that_spells_the_same_name_otherwise_is_not_a_contradiction() -> None:
    description = "Leaver: Doe, Jane Ann\nLeaving date: 18/12/2026"
    assert read(description, subject="Leaver: jane doe").asks == ()


def test_a_date_without_a_leaver_decides_nothing() -> None:
    assert read("Leaver: Jane Doe", subject="Ticket of 18/12/2026").asks == (MISSING,)
