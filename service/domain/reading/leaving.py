"""When the leaver leaves, from all that a ticket says: one date, or a question."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from service.domain.dates import MISSING, Unclear, read_date
from service.domain.reading.label_words import Detail
from service.domain.reading.sources import FIRST_COMMENT_RANK
from service.domain.reading.statements import Statement
from service.domain.reading.values import is_absent
from service.domain.reasons import Reason, ReasonCode
from service.domain.ticket import About, Found, Question

TWO_DATES = Reason(ReasonCode.LEAVING_DATES_DIFFER, "The ticket gives two different leaving dates.")
TWO_LAST_DAYS = Reason(
    ReasonCode.LEAVING_DATES_DIFFER,
    "The ticket gives two different last working days, and no leaving date.",
)
WRONG_WAY_ROUND = Reason(
    ReasonCode.LAST_DAY_AFTER_LEAVING_DATE,
    "The ticket gives a last working day that comes after the leaving date.",
)
ONLY_IN_TEXT = Reason(
    ReasonCode.LEAVING_DATE_IN_TEXT_ONLY,
    "The leaving date stands in running text only:"
    ' write it as "Leaving date: 18 December 2026" once it is checked.',
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """When the leaver leaves and works for the last time, and what is to be asked about that."""

    leaving_date: Found[date] | None
    last_working_day: Found[date] | None
    questions: tuple[Question, ...]


_Read = tuple[date | Unclear, Statement]


def leaving_in(
    statements: Sequence[Statement], *, suggested: Sequence[Found[date]], today: date
) -> Leaving:
    """Decide when the leaver leaves: a leaving date beats a last working day.

    Args:
        statements: what labels say.
        suggested: what running text says: shown if labels say nothing, and asked.
        today: bounds what is plausible.
    """
    leaving = _read(statements, Detail.LEAVING_DATE, today=today)
    last_days = _read(statements, Detail.LAST_WORKING_DAY, today=today)
    last = _first(last_days)
    if leaving:
        found, asked = _first(leaving), _questions(leaving, two=TWO_DATES)
        if found and last and last.value > found.value:
            asked.append(WRONG_WAY_ROUND)
    elif last_days:
        found, asked = _as_leaving_date(last), _questions(last_days, two=TWO_LAST_DAYS)
    elif suggested:
        found, asked = suggested[0], [ONLY_IN_TEXT]
    else:
        found, asked = None, [MISSING]
    return Leaving(
        leaving_date=found,
        last_working_day=last,
        questions=tuple(Question(about=About.DATE, reason=one) for one in dict.fromkeys(asked)),
    )


def _read(statements: Sequence[Statement], detail: Detail, *, today: date) -> list[_Read]:
    read: list[_Read] = []
    for s in statements:
        if s.detail is not detail or _says_nothing(s.value):
            continue
        day = read_date(s.value, today=today)
        if s.doubt and isinstance(day, date):
            day = Unclear(s.doubt, maybe=day)
        read.append((day, s))
    return read


def _says_nothing(value: str) -> bool:
    """Return whether a value says that there is no date; "TBC" says that there will be one."""
    return is_absent(value) and not value.casefold().strip(" .()").startswith(("t", "u"))


def _questions(read: Sequence[_Read], *, two: Reason) -> list[Reason]:
    clear = [(day, s.rank) for day, s in read if isinstance(day, date)]
    asked = [two] if len({day for day, _ in clear}) > 1 else []
    for day, s in read:
        # A description cannot be fixed, so a later comment that gives a clear date settles it.
        settled = any(rank >= FIRST_COMMENT_RANK and rank > s.rank for _, rank in clear)
        if isinstance(day, Unclear) and not settled:
            asked.append(day.reason)
    return asked


def _first(read: Sequence[_Read]) -> Found[date] | None:
    clear = [Found(value=day, where=s.where) for day, s in read if isinstance(day, date)]
    unclear = [(day.maybe, s.where) for day, s in read if isinstance(day, Unclear)]
    maybe = [Found(value=day, where=where) for day, where in unclear if day]
    return next(iter([*clear, *maybe]), None)


def _as_leaving_date(last: Found[date] | None) -> Found[date] | None:
    return last and Found(
        value=last.value, where=f"{last.where}, which gives only the last working day"
    )
