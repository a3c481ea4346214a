"""Reads a ticket: what it says about its leaver, and what only a person can settle."""

import re
from collections.abc import Iterator
from datetime import date

from service.domain.labels import Detail
from service.domain.leaving import FIRST_COMMENT_RANK, leaving_in
from service.domain.lines import LONGEST_TEXT, folded
from service.domain.people import person_in
from service.domain.statements import Statement, statements_in
from service.domain.subjects import read_subject
from service.domain.ticket import About, Comment, FieldIds, LeaverDetails, Question, Ticket

CANCELLED = "The ticket says that the leaver may be staying after all."
TOO_LONG = "The ticket is too long to be read to its end: check that nothing further down matters."
_MOST_TEXT = 400_000
_CANCELLED = re.compile(
    r"\bnot leaving after all|\bno longer leaving|\bnot leaving (?:any ?more|now)"
    r"|\bleaver (?:is |was |has been )?(?:withdrawn|cancelled|canceled)|\bstaying after all"
    r"|\bplease (?:cancel|ignore|disregard|withdraw)\b"
)


def read_details(ticket: Ticket, *, fields: FieldIds, today: date) -> LeaverDetails:
    """Read what a ticket says about its leaver.

    Args:
        ticket: with its comments; the service's own notes among them are passed over.
        fields: the custom fields that come before the ticket's text.
        today: bounds what is plausible as a leaving date.

    Returns:
        All that was understood, and a question for all that a person must settle.
    """
    statements = list(_statements(ticket, fields=fields, today=today))
    person = person_in(statements)
    leaving = leaving_in(statements, today=today)
    return LeaverDetails(
        name=person.name,
        email=person.email,
        github=person.github,
        leaving_date=leaving.leaving_date,
        last_working_day=leaving.last_working_day,
        questions=(*person.questions, *leaving.questions, *_about_the_whole(ticket)),
    )


def _statements(ticket: Ticket, *, fields: FieldIds, today: date) -> Iterator[Statement]:
    yield from _of_fields(ticket, fields)
    for source, rank, text in _texts(ticket):
        yield from _of_text(text, source=source, rank=rank, today=today)
        if rank == 1:
            yield from _of_subject(ticket.subject, where="the subject", rank=2, today=today)


def _of_fields(ticket: Ticket, fields: FieldIds) -> Iterator[Statement]:
    known = (
        (Detail.NAME, fields.name, "the custom field for the name"),
        (Detail.EMAIL, fields.email, "the custom field for the e-mail address"),
        (Detail.LEAVING_DATE, fields.leaving_date, "the custom field for the leaving date"),
    )
    for detail, field_id, where in known:
        value = ticket.custom_fields.get(field_id, "") if field_id is not None else ""
        if value.strip():
            yield Statement(detail=detail, value=value.strip(), where=where, rank=0)


def _texts(ticket: Ticket) -> Iterator[tuple[str, int, str]]:
    yield "the description", 1, ticket.description
    for position, comment in enumerate(_comments(ticket)):
        yield "a comment", FIRST_COMMENT_RANK + position, comment.body


def _comments(ticket: Ticket) -> Iterator[Comment]:
    """Go through what people added: neither our own notes nor the description's repetition."""
    for position, comment in enumerate(ticket.comments):
        repeats = position == 0 and comment.body.split() == ticket.description.split()
        if comment.mark is None and not repeats:
            yield comment


def _of_text(text: str, *, source: str, rank: int, today: date) -> Iterator[Statement]:
    for statement in statements_in(text, source=source, rank=rank):
        if statement.detail is Detail.SUBJECT:
            yield from _of_subject(statement.value, where=statement.where, rank=rank, today=today)
        else:
            yield statement


def _of_subject(subject: str, *, where: str, rank: int, today: date) -> Iterator[Statement]:
    for detail, value in read_subject(subject, today=today):
        yield Statement(detail=detail, value=value, where=where, rank=rank)


def _about_the_whole(ticket: Ticket) -> Iterator[Question]:
    texts = [text for _, _, text in _texts(ticket)]
    if any(_CANCELLED.search(" ".join(folded(t[:LONGEST_TEXT]).split())) for t in texts):
        yield Question(about=About.PERSON, text=CANCELLED)
    if any(len(text) > LONGEST_TEXT for text in texts) or sum(map(len, texts)) > _MOST_TEXT:
        yield Question(about=About.PERSON, text=TOO_LONG)
