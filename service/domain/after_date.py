"""After the leaving date: is the access over, is the card done, and what is said about it when.

Everything here is decided from what one look saw; the clock is passed in.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

from service.domain.access_lists.entries import Entry
from service.domain.cards import Card
from service.domain.dates import due_at
from service.domain.working_time import nth_working_day_after, working_days_between


class Access(StrEnum):
    """Whether the person is in the access lists."""

    GONE = "gone"
    LISTED = "listed"
    EXPIRED = "expired"
    UNKNOWN = "unknown"


class CardStatus(StrEnum):
    """How far the card is."""

    DONE = "done"
    OPEN = "open"
    ABSENT = "absent"
    UNKNOWN = "unknown"


class AfterDate(StrEnum):
    """How a leaver stands once the due time has passed."""

    OVER = "over"
    CARD_OPEN = "card_open"
    STILL_LISTED = "still_listed"
    DONE_BUT_LISTED = "done_but_listed"
    UNFINISHED = "unfinished"

    @property
    def is_final(self) -> bool:
        """Whether the leaver is not looked at any more."""
        return self in {AfterDate.OVER, AfterDate.UNFINISHED}

    @property
    def is_listed(self) -> bool:
        """Whether the person was in an access list at the last look."""
        return self in {AfterDate.STILL_LISTED, AfterDate.DONE_BUT_LISTED}


# As the page shows them, and the digest counts them.
WORST_FIRST = (
    AfterDate.DONE_BUT_LISTED,
    AfterDate.STILL_LISTED,
    AfterDate.CARD_OPEN,
    AfterDate.UNFINISHED,
    AfterDate.OVER,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AfterDateRules:
    """The settings that decide.

    Attributes:
        steps: on which working days after the due date the card gets a comment, ascending.
        until_days: calendar days after the due date at which the service gives up.
        due_time: local time of day of a due date that no card has.
        timezone: of the days.
    """

    steps: tuple[int, ...]
    until_days: int
    due_time: time
    timezone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaverIdentity:
    """What identifies a leaver's entries in later readings of the lists.

    Attributes:
        entry_ids: the ids of the entries that were matched.
        signs: their addresses and user names, in lower case.
    """

    entry_ids: frozenset[str]
    signs: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessSeen:
    """What the lists showed: the paths of the files are those that the person is in."""

    access: Access
    files: tuple[str, ...] = ()
    commit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CardSeen:
    """What the board showed of the card; both numbers are 0 if it has no checklist."""

    status: CardStatus
    checked: int = 0
    items: int = 0


def access_of(identity: LeaverIdentity, entries: Iterable[Entry], *, now: datetime) -> AccessSeen:
    """Return whether anybody in the lists is this person.

    Args:
        identity: the leaver's.
        entries: of all lists, at one commit.
        now: the present instant: an entry may have an end.
    """
    own = [entry for entry in entries if is_entry_of(entry, identity)]
    if not own:
        return AccessSeen(access=Access.GONE)
    is_over = all(entry.expires_at is not None and entry.expires_at <= now for entry in own)
    files = tuple(sorted({entry.file for entry in own}))
    return AccessSeen(access=Access.EXPIRED if is_over else Access.LISTED, files=files)


def is_entry_of(entry: Entry, identity: LeaverIdentity) -> bool:
    """Return whether an entry is one of the leaver's, or shares an address or user name."""
    if entry.id in identity.entry_ids:
        return True
    said = (entry.email, entry.github, entry.ssh)
    signs = {part.strip().casefold() for sign in said if sign for part in sign.split(",")}
    return not signs.isdisjoint(identity.signs)


def card_seen(card: Card | None, *, due: datetime, done_lists: frozenset[str]) -> CardSeen:
    """Return how far a card is.

    Args:
        card: as it is now; None if it is gone.
        due: what counts as the leaver's due time.
        done_lists: ids of the lists in which a card counts as done.
    """
    if card is None:
        return CardSeen(status=CardStatus.ABSENT)
    is_ticked = card.items > 0 and card.checked == card.items
    is_done = card.is_complete or card.list_id in done_lists or is_ticked
    if not card.is_open and not is_done:
        # Trello does not say when a card was archived: that was the last thing done to it, or
        # before that.
        is_done = card.last_activity is not None and card.last_activity >= due
        status = CardStatus.DONE if is_done else CardStatus.ABSENT
    else:
        status = CardStatus.DONE if is_done else CardStatus.OPEN
    return CardSeen(status=status, checked=card.checked, items=card.items)


def present_due(
    card: Card | None,
    *,
    set_due: datetime | None,
    leaving_date: date | None,
    rules: AfterDateRules,
    seen_due: datetime | None = None,
) -> datetime | None:
    """Return the instant after which a leaver is looked at; None if none is known.

    Args:
        card: as it is on the board now, whose due date a person may have moved or removed; None if
            it is not open there.
        set_due: the card's due date as the service set it.
        leaving_date: by the record.
        rules: see there.
        seen_due: the due date of a card that is not open, which a person may have moved before.
    """
    if card and card.due:
        return card.due
    said = (
        due_at(leaving_date, due_time=rules.due_time, timezone=rules.timezone)
        if leaving_date
        else None
    )
    if card:
        return said or set_due
    if said and set_due and local_day(set_due, rules) != leaving_date:
        # Somebody gave another date since, which is not set on a card that is not open.
        return said
    return seen_due or set_due or said


def after_date_of(access: Access, card: CardStatus) -> AfterDate | None:
    """Return how a leaver stands; None if it can't be said, and nothing changes."""
    if access == Access.UNKNOWN or card == CardStatus.UNKNOWN:
        return None
    if access is Access.GONE:
        return AfterDate.CARD_OPEN if card is CardStatus.OPEN else AfterDate.OVER
    return AfterDate.DONE_BUT_LISTED if card is CardStatus.DONE else AfterDate.STILL_LISTED


def at_the_end(
    status: AfterDate, *, due: datetime, now: datetime, rules: AfterDateRules
) -> AfterDate:
    """Give up if a leaver has been open for too long; what is over stays so."""
    days = (local_day(now, rules) - local_day(due, rules)).days
    return (
        AfterDate.UNFINISHED if status is not AfterDate.OVER and days > rules.until_days else status
    )


def days_late(due: datetime, *, now: datetime, rules: AfterDateRules) -> int:
    """Count the working days since the due date; 0 on that day itself."""
    return working_days_between(local_day(due, rules), local_day(now, rules))


def reminder_due(
    status: AfterDate,
    *,
    due: datetime,
    now: datetime,
    has_been_reminded: bool,
    rules: AfterDateRules,
) -> int | None:
    """Return the number of the reminder, from 1, that the card gets today; None for none.

    A step whose day has passed is skipped. If the card is done and the person is still listed,
    the first one does not wait for its day.

    Args:
        status: how the leaver stands.
        due: the due time that counts.
        now: the present instant.
        has_been_reminded: whether the card has had a reminder about this due time.
        rules: see there.
    """
    if status not in _REMINDED or not rules.steps or now < due:
        return None
    day, today = local_day(due, rules), local_day(now, rules)
    for number, step in enumerate(rules.steps, start=1):
        if nth_working_day_after(day, step) == today:
            return number
    return 1 if status is AfterDate.DONE_BUT_LISTED and not has_been_reminded else None


_REMINDED = {AfterDate.CARD_OPEN, AfterDate.STILL_LISTED, AfterDate.DONE_BUT_LISTED}


def local_day(at: datetime, rules: AfterDateRules) -> date:
    """Return the local day of an instant."""
    return at.astimezone(ZoneInfo(rules.timezone)).date()
