"""Reads a ticket: what it says about its leaver, and what only a person can settle."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from service.domain.dates import read_date
from service.domain.reading.another_person import corrects_who, says_several
from service.domain.reading.attribution import NAMING
from service.domain.reading.free_text import free_sentences
from service.domain.reading.label_words import Detail
from service.domain.reading.labels import DATES, meaning_of
from service.domain.reading.leaving import Leaving, leaving_in
from service.domain.reading.lines import folded, one_line
from service.domain.reading.moved_dates import (
    DATE_MAY_CHANGE,
    Dates,
    may_move_the_date,
    suggested_dates,
)
from service.domain.reading.people import ANOTHER_LEAVER, SEVERAL, StatedPerson, person_in
from service.domain.reading.sources import (
    FIELD_RANK,
    FIRST_COMMENT_RANK,
    SUBJECT,
    SUBJECT_RANK,
    Source,
    sources_of,
)
from service.domain.reading.statements import Statement, statements_in
from service.domain.reading.staying import CANCELLED, says_cancelled
from service.domain.reading.subjects import read_subject
from service.domain.reading.values import split_dated, words_of
from service.domain.reasons import Reason, ReasonCode
from service.domain.ticket import About, FieldIds, LeaverDetails, Question, Ticket
from service.domain.ticket_updates import is_answer

TOO_LONG = Reason(
    ReasonCode.TICKET_TOO_LONG,
    "The ticket is too long to be read to its end: check that nothing further down matters.",
)

_LONGEST_FIELD = 1_000
_OTHER_DATE = re.compile(
    r"(?<=\d)[\s(,;\u2013-]+(?P<label>[a-z][a-z ]{2,39}?)(?: is| on)?[\s:]+"
    r"(?P<date>(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,? )?\d[^(),;]*)\)?$",
    re.IGNORECASE,
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
    sources, is_cut = sources_of(ticket)
    # What a person filled in as the answer to a question: the text says no more of it.
    settled_by = (s for id_, _, s, _ in _known_fields(fields) if is_answer(ticket, id_))
    answered = frozenset().union(*settled_by)
    said = [*_of_fields(ticket, fields), *_of_sources(sources, today=today)]
    statements = [s for s in said if s.rank == FIELD_RANK or s.detail not in answered]
    is_named = bool(answered & {Detail.NAME, Detail.EMAIL})
    prose = [(t, s) for t in sources for s in free_sentences(t.items)]
    open_to_doubt = [] if is_named else [s for _, s in prose if not says_several(s)]
    person = person_in(statements, sentences=open_to_doubt)
    suggested = [found for t in sources for found in suggested_dates(t, today=today)]
    leaving = leaving_in(statements, suggested=suggested, today=today)
    settled = {About.PERSON: is_named, About.DATE: Detail.LEAVING_DATE in answered}
    doubts = _doubts(sources, prose, leaving, today=today)
    questions = [
        *person.questions,
        *leaving.questions,
        *(doubt for doubt in doubts if not settled.get(doubt.about)),
        *([Question(about=About.PERSON, reason=TOO_LONG)] if is_cut else []),
    ]
    return LeaverDetails(
        name=person.name,
        email=person.email,
        github=person.github,
        leaving_date=leaving.leaving_date,
        last_working_day=leaving.last_working_day,
        questions=tuple(dict.fromkeys(questions)),
        other_names=tuple(s.value for s in statements if s.detail is Detail.OTHER_NAME),
        is_called_leaver=person.is_own,
        is_answered=is_named,
        is_subject_alone=_is_subject_alone(person, ticket),
        passages=(
            *(s.value for s in statements if not s.is_theirs),
            *(sentence for _, sentence in prose),
        ),
    )


def _is_subject_alone(person: StatedPerson, ticket: Ticket) -> bool:
    """Return whether the name is the subject's, and nothing else in the ticket has a word of it."""
    if person.name is None or person.name.where != SUBJECT:
        return False
    texts = (ticket.description, *ticket.custom_fields.values(), *(c.body for c in ticket.comments))
    elsewhere = {word for text in texts for word in words_of(text)}
    return elsewhere.isdisjoint(words_of(person.name.value))


def _known_fields(fields: FieldIds) -> Iterator[tuple[int, Detail, frozenset[Detail], str]]:
    """Yield each custom field that is set: its id, what it holds, what it settles, and its name."""
    known = (
        (fields.name, Detail.NAME, NAMING, "the custom field for the name"),
        (fields.email, Detail.EMAIL, {Detail.EMAIL}, "the custom field for the e-mail address"),
        (fields.leaving_date, Detail.LEAVING_DATE, DATES, "the custom field for the leaving date"),
    )
    for field_id, detail, settles, where in known:
        if field_id is not None:
            yield field_id, detail, frozenset(settles), where


def _of_fields(ticket: Ticket, fields: FieldIds) -> Iterator[Statement]:
    for field_id, detail, _, where in _known_fields(fields):
        plain = one_line(ticket.custom_fields.get(field_id, "")[:_LONGEST_FIELD])
        if plain:
            yield Statement(detail=detail, value=plain, where=where, rank=FIELD_RANK)


def _of_sources(sources: Sequence[Source], *, today: date) -> Iterator[Statement]:
    for source in sources:
        if source.rank == SUBJECT_RANK:
            yield from _of_subject(source.text, where=source.name, rank=source.rank, today=today)
            continue
        for statement in statements_in(source):
            if statement.detail is Detail.SUBJECT:
                yield from _of_subject(
                    statement.value, where=statement.where, rank=source.rank, today=today
                )
            else:
                yield from _with_date(statement, today=today)


def _with_date(statement: Statement, *, today: date) -> Iterator[Statement]:
    """Find the date in "Leaver: Jane Doe, leaving on 18/12/2026", and two in one value."""
    if statement.detail in DATES:
        yield from _dates_apart(statement)
        return
    yield statement
    if statement.detail is Detail.NAME:
        _, announced, dated = split_dated(statement.value)
        if dated and isinstance(read_date(dated, today=today), date):
            is_last_day = "day" in announced.casefold()
            detail = Detail.LAST_WORKING_DAY if is_last_day else Detail.LEAVING_DATE
            yield replace(statement, detail=detail, value=dated)


def _dates_apart(statement: Statement) -> Iterator[Statement]:
    """Split "18/12/2026 (last working day 11/12/2026)" into the two dates that it gives."""
    other = _OTHER_DATE.search(statement.value)
    label = meaning_of(other["label"]) if other else None
    if other and label and label.detail in DATES - {statement.detail}:
        yield replace(statement, value=statement.value[: other.start()])
        yield replace(statement, detail=label.detail, value=other["date"])
    else:
        yield statement


def _of_subject(subject: str, *, where: str, rank: int, today: date) -> Iterator[Statement]:
    for detail, value in read_subject(subject, today=today):
        yield Statement(detail=detail, value=value, where=where, rank=rank)


def _doubts(
    sources: Sequence[Source],
    prose: Sequence[tuple[Source, str]],
    leaving: Leaving,
    *,
    today: date,
) -> Iterator[Question]:
    """Ask about what running text says against the labels."""
    sentences = [sentence for source in sources for sentence in source.sentences]
    if any(says_cancelled(sentence) for sentence in sentences):
        yield Question(about=About.LEAVING, reason=CANCELLED)
    if any(says_several(sentence) for sentence in sentences):
        yield Question(about=About.PERSON, reason=SEVERAL)
    comments = [s for source, s in prose if source.rank >= FIRST_COMMENT_RANK]
    if any(corrects_who(sentence) for sentence in comments):
        yield Question(about=About.PERSON, reason=ANOTHER_LEAVER)
    if leaving.leaving_date is not None and not leaving.questions:
        given = (leaving.leaving_date, leaving.last_working_day)
        known = [found.value for found in given if found is not None]
        dates = Dates(leaving=leaving.leaving_date.value, known=known)
        for source, sentence in prose:
            is_comment = source.rank >= FIRST_COMMENT_RANK
            if may_move_the_date(folded(sentence), dates, today=today, is_comment=is_comment):
                yield Question(about=About.DATE, reason=DATE_MAY_CHANGE)
