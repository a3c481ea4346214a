"""A pilot's comparison: what the service would have done with a leaver, and what people did."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from service.domain.text import to_ascii

_WORD = re.compile(r"[a-z0-9]+")


class Verdict(StrEnum):
    """What the comparison came to."""

    AGREES = "agrees"
    DIFFERS = "differs"
    ASKED = "would have asked"
    NOT_DONE = "not done yet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Would:
    """What the service would have done.

    Attributes:
        plan: ``card``, ``no_access`` or ``question``.
        template: ``tech`` or ``non_tech``; None if there would be no card.
        due: an instant; None if there would be no card.
    """

    plan: str
    template: str | None = None
    due: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CardOfPeople:
    """A card that people made; `template` is None if that can't be determined."""

    url: str
    list_name: str
    template: str | None
    due: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One ticket, both sides, and in what they differ.

    Attributes:
        ticket_status: as it is now; ``gone`` for a ticket that was deleted.
        card: the card that people made, or None.
        differences: in words that name nobody.
    """

    ticket_id: int
    would: Would
    ticket_status: str
    card: CardOfPeople | None
    verdict: Verdict
    differences: tuple[str, ...] = ()


def compare(
    *,
    ticket_id: int,
    would: Would,
    ticket_status: str,
    card: CardOfPeople | None,
    timezone: str,
) -> Compared:
    """Compare what the service would have done with what is there now."""
    differences = _differences(would, card, timezone)
    is_open = ticket_status not in {"solved", "closed", "gone"}
    if would.plan == "question":
        verdict, differences = Verdict.ASKED, ()
    elif is_open and not card:
        verdict, differences = Verdict.NOT_DONE, ()
    else:
        verdict = Verdict.DIFFERS if differences else Verdict.AGREES
    return Compared(
        ticket_id=ticket_id,
        would=would,
        ticket_status=ticket_status,
        card=card,
        verdict=verdict,
        differences=differences,
    )


def is_about(text: str, *, ticket_id: int, names: frozenset[str]) -> bool:
    """Return whether a card's text mentions the ticket, or the person by their whole name."""
    if re.search(rf"/tickets/{ticket_id}(?!\d)|#{ticket_id}(?!\d)", text):
        return True
    words = _words(text)
    return any(_follow_each_other(_words(name), words) for name in names)


def _differences(would: Would, card: CardOfPeople | None, timezone: str) -> tuple[str, ...]:
    if would.plan == "no_access":
        return ("people made a card",) if card else ()
    if card is None:
        return ("people made no card",)
    found = []
    if card.template and card.template != would.template:
        found.append("another template")
    if card.due is None:
        found.append("no due date")
    elif would.due and _day(card.due, timezone) != _day(would.due, timezone):
        found.append("another due date")
    elif would.due and card.due != would.due:
        found.append("another time of day")
    return tuple(found)


def _day(at: datetime, timezone: str) -> object:
    return at.astimezone(ZoneInfo(timezone)).date()


def _words(text: str) -> list[str]:
    return _WORD.findall(to_ascii(text))


def _follow_each_other(name: list[str], words: list[str]) -> bool:
    """A name of one word alone says too little."""
    starts = range(len(words) - len(name) + 1)
    return len(name) > 1 and any(words[at : at + len(name)] == name for at in starts)
