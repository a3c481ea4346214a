"""The reminder on the card of a leaver whose date has passed, in words: it names nobody."""

from dataclasses import dataclass
from datetime import date, datetime

from service.domain.after_date import (
    Access,
    AccessSeen,
    AfterDateRules,
    CardSeen,
    local_day,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """One comment on a card: it names nobody.

    Attributes:
        mark: how it begins, which identifies it later.
        text: all of it.
    """

    mark: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a reminder is about.

    Attributes:
        due: whose local day is named.
        access: what the lists showed.
        card: what the board showed.
        links: sentences about the entry's removal, if there are any.
    """

    due: datetime
    access: AccessSeen
    card: CardSeen
    links: tuple[str, ...] = ()


def reminder(number: int, standing: Standing, rules: AfterDateRules) -> Reminder:
    """Write the reminder of a step, which is counted from 1."""
    return _reminder(f"reminder {number} of {len(rules.steps)}", standing, rules)


def late_reminder(asked_for: date, standing: Standing, rules: AfterDateRules) -> Reminder:
    """Write the reminder that an operator asked for on some day."""
    day = f"{asked_for.day} {asked_for:%B %Y}"
    return _reminder(f"reminder asked for on {day}", standing, rules)


def _reminder(which: str, standing: Standing, rules: AfterDateRules) -> Reminder:
    day = local_day(standing.due, rules)
    mark = f"Leavers service, {which}: the leaving date was {day.day} {day:%B %Y}."
    about = (_about_access(standing.access), *_about_checklist(standing.card), *standing.links)
    return Reminder(mark=mark, text=" ".join((mark, *about)))


def _about_access(seen: AccessSeen) -> str:
    files = ", ".join(seen.files)
    match seen.access:
        case Access.LISTED:
            return f"Still in the access lists: {files}."
        case Access.EXPIRED:
            return f"Still in the access lists, with an end date that has passed: {files}."
        case _:
            return "Not in the access lists any more; this card is still open."


def _about_checklist(seen: CardSeen) -> list[str]:
    return [f"Checklist: {seen.checked} of {seen.items} done."] if seen.items else []
