"""A custom field that a person changed after the service had asked is the answer."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from service.domain.reading.details import read_details
from service.domain.reading.leaving import TWO_DATES
from service.domain.reading.people import TWO_NAMES
from service.domain.reasons import Reason, ReasonCode
from service.domain.ticket import Comment, Ticket
from service.domain.ticket_updates import asking, change_of
from tests.domain.reading.reading_tickets import (
    DATE_FIELD,
    DAY,
    FIELDS,
    JANE,
    NAME_FIELD,
    TODAY,
    Read,
    a_comment,
    values_of,
)

QUESTION = Reason(ReasonCode.PERSON_UNCLEAR, "Who leaves?")
TEXT = f"Leaver name: Jane Doe\nLeaver email: {JANE}\nLeaving date: 18/12/2026"
OTHER_DAY = date(2027, 1, 8)


def a_ticket(fields: Mapping[int, str]) -> Ticket:
    return Ticket(
        id=12345,
        subject="Leaver request",
        description=TEXT,
        status="open",
        custom_fields=fields,
        comments=(a_comment(TEXT),),
    )


def asked(ticket: Ticket, question: Reason = QUESTION) -> Ticket:
    """Put the service's question on a ticket."""
    change = change_of(ticket, asking(reasons=(question,)))
    assert change
    assert change.note
    note = Comment(id=9, author_id=1, body=change.note, is_public=False, mark=change.mark)
    return replace(ticket, comments=(*ticket.comments, note))


def filled_in(ticket: Ticket, fields: Mapping[int, str]) -> Ticket:
    return replace(ticket, custom_fields={**ticket.custom_fields, **fields})


def read(ticket: Ticket) -> Read:
    return values_of(read_details(ticket, fields=FIELDS, today=TODAY))


def test_a_field_that_was_there_before_the_question_still_contradicts_the_text() -> None:
    ticket = a_ticket({DATE_FIELD: "2027-01-08"})
    assert read(ticket).asks == read(asked(ticket)).asks == (TWO_DATES,)


def test_a_date_filled_in_after_the_question_is_the_answer() -> None:
    ticket = filled_in(asked(a_ticket({})), {DATE_FIELD: "2027-01-08"})
    assert read(ticket) == Read(name="Jane Doe", email=JANE, leaving_date=OTHER_DAY)


def test_a_name_changed_after_the_question_is_the_answer() -> None:
    ticket = asked(a_ticket({NAME_FIELD: "John Smith"}))
    assert read(ticket).asks == (TWO_NAMES,)
    assert read(filled_in(ticket, {NAME_FIELD: "Joan Dow"})) == Read(
        name="Joan Dow", email=JANE, leaving_date=DAY
    )


def test_an_answer_stays_one_after_a_second_question_and_when_taken_back() -> None:
    ticket = filled_in(asked(a_ticket({DATE_FIELD: "2027-01-15"})), {DATE_FIELD: "2027-01-08"})
    again = asked(ticket, TWO_DATES)
    assert read(again).leaving_date == OTHER_DAY
    taken_back = filled_in(again, {DATE_FIELD: "2027-01-15"})
    assert read(taken_back).asks == ()


def test_an_answer_to_one_question_settles_no_other() -> None:
    ticket = filled_in(asked(a_ticket({NAME_FIELD: "John Smith"})), {DATE_FIELD: "2027-01-08"})
    assert read(ticket).asks == (TWO_NAMES,)
