"""The pages' own words for what the records hold."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from service.domain.after_date import AfterDate
from service.domain.cards import NEW_CARD
from service.domain.history import HistoryEvent
from service.domain.reasons import ReasonCode
from service.domain.removal.seen import RemovalState
from service.records.leaver import Event, Leaver, State
from service.records.search import Sort

# The tag of each state: its words, and its colour in the design system.
STATE_TAGS = {
    State.QUEUED: ("In the queue", "govuk-tag--grey"),
    State.RUNNING: ("Being processed", "govuk-tag--blue"),
    State.NEEDS_PERSON: ("Needs a person", "govuk-tag--yellow"),
    State.FAILED: ("Failed", "govuk-tag--red"),
    State.DONE: ("Done", "govuk-tag--green"),
}
# A leaver in the queue that a vendor's failure put off is not one that nobody has begun with.
RETRIED_TAG = ("Waiting for another try", "govuk-tag--purple")
SORTS = {
    Sort.NEWEST: "Newest first",
    Sort.OLDEST: "Oldest first",
    Sort.LEAVING_SOONEST: "First to leave",
    Sort.LEAVING_LATEST: "Last to leave",
    Sort.CHANGED: "Latest change",
}
OUTCOMES = {
    "tech_card": "Card made, tech role",
    "non_tech_card": "Card made, non tech role",
    "no_access": "No access found",
    "set_aside": "Set aside",
}
REMOVALS = {
    RemovalState.NONE: "Not yet",
    RemovalState.DUE: "Due: a pull request is to be opened",
    RemovalState.DRAFT: "Draft pull request, until the leaving date",
    RemovalState.OPEN: "Pull request waits for a review",
    RemovalState.MERGED: "Merged",
    RemovalState.CLOSED_BY_PERSON: "Closed by a person without merging",
    RemovalState.WITHDRAWN: "Withdrawn by the service",
    RemovalState.ALREADY_GONE: "The entry is no longer in the lists",
    RemovalState.ASKED: "Not possible by a pull request: remove the entry by hand",
}
# The others read plainly as they are.
REASON_NAMES = {
    ReasonCode.OTHER_LEAVING_DATE: "Another leaving date since",
    ReasonCode.STAYS: "Stays after all",
    ReasonCode.OTHER_PERSON: "Another person mentioned since",
    ReasonCode.READ_IT: "Written to since",
}
AFTER_DATES = {
    AfterDate.DONE_BUT_LISTED: ("Card done, still listed", "govuk-tag--red"),
    AfterDate.STILL_LISTED: ("Still listed", "govuk-tag--orange"),
    AfterDate.CARD_OPEN: ("Card open", "govuk-tag--yellow"),
    AfterDate.UNFINISHED: ("Given up", "govuk-tag--grey"),
    AfterDate.OVER: ("Over", "govuk-tag--green"),
}
# Signs that turn the direction of all that follows them.
_DIRECTIONS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
EVENT_TITLES = {
    HistoryEvent.RECEIVED: "Ticket received",
    HistoryEvent.RECEIVED_AGAIN: "Ticket received again",
    HistoryEvent.RUN_REQUESTED: "Answered, or tried again",
    HistoryEvent.CORRECTED: "Corrected",
    HistoryEvent.RETRY_PLANNED: "Will be tried again",
    HistoryEvent.DRY_RUN: "Dry run",
    HistoryEvent.CARD_CREATED: "Card made",
    HistoryEvent.CARD_UPDATED: "Card updated",
    HistoryEvent.CARD_LEFT_AS_IS: "Card left as it is",
    HistoryEvent.CARD_LEFT_TO_OTHER_TICKET: "Card left to another ticket",
    HistoryEvent.SPARE_CARD_ARCHIVED: "Second card archived",
    HistoryEvent.SPARE_CARD_LEFT_OPEN: "Second card left open, since somebody works on it",
    HistoryEvent.TICKET_SOLVED: "Ticket solved",
    HistoryEvent.TICKET_UPDATED: "Ticket updated",
    HistoryEvent.TICKET_LEFT_AS_IS: "Ticket left as it is",
    HistoryEvent.PLAN_CHANGED: "The plan changed",
    HistoryEvent.NEEDS_PERSON: "A person is needed",
    HistoryEvent.FAILED: "Failed",
    HistoryEvent.SET_ASIDE: "Set aside",
    HistoryEvent.DONE: "Done",
    HistoryEvent.CHANGED_BY_PERSON: "Changed by somebody",
    HistoryEvent.PULL_REQUEST_OPENED: "Pull request opened",
    HistoryEvent.PULL_REQUEST_SHARED: "Pull request shared",
    HistoryEvent.PULL_REQUEST_CHANGED: "Pull request changed",
    HistoryEvent.PULL_REQUEST_MERGED: "Pull request merged",
    HistoryEvent.PULL_REQUEST_CLOSED: "Removal ended without a merge",
    HistoryEvent.PULL_REQUEST_LEFT: "Pull request left to people",
    HistoryEvent.PULL_REQUEST_NOT_OPENED: "No pull request",
    HistoryEvent.PULL_REQUEST_WANTED: "New pull request asked for",
    HistoryEvent.NOTHING_NEW: "Read again",
    HistoryEvent.SETTLED: "Settled",
    HistoryEvent.AFTER_DATE: "After the date",
    HistoryEvent.LISTED_AGAIN: "Listed again",
    HistoryEvent.REMINDED: "Reminder on the card",
    HistoryEvent.SAID_OVER: "An operator said that it is over",
    HistoryEvent.REMIND_LATER: "Reminder put off",
}
_CORRECTIONS = {
    "name": "The leaver's name",
    "email": "The leaver's e-mail address",
    "leaving_date": "The leaving date",
    "entry": "The person in the access lists",
    "no_access": "There is no access",
    "card": "The card",
    "set_aside": "Set aside",
    "nothing_to_do": "There is nothing to do",
    "clear_tag": "The tag leaver_needs_person is taken off the ticket",
}
_SET_ASIDE = {
    "cancelled": "not leaving after all",
    "by_hand": "done by hand",
    "not_a_leaver": "not about a leaver",
}


class TeamTime:
    """Writes days and times as they are in the team's time zone."""

    def __init__(self, timezone: str) -> None:
        self.timezone = timezone
        self._zone = ZoneInfo(timezone)

    def now(self) -> datetime:
        """Return the present instant."""
        return datetime.now(self._zone)

    def begins(self, day: date) -> datetime:
        """Return the first instant of a day."""
        return datetime.combine(day, time(), self._zone)

    @staticmethod
    def day(value: date | None) -> str:
        """Write a day: 18 December 2026."""
        return f"{value.day} {value:%B %Y}" if value else ""

    def local_day(self, value: datetime) -> str:
        """Write the day of an instant."""
        return self.day(value.astimezone(self._zone).date())

    def moment(self, value: datetime | None) -> str:
        """Write an instant as notes and messages do: 18 December 2026 at 17:00."""
        if value is None:
            return "never"
        local = value.astimezone(self._zone)
        return f"{self.day(local.date())} at {local:%H:%M}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What the sentences need to know of the settings."""

    list_name: str
    clock: TeamTime


def duration(seconds: float) -> str:
    """Write a duration by its largest units that say enough: 90 seconds, 5 minutes, 3 hours."""
    for unit, size in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= 2 * size:
            return f"{round(seconds / size):,} {unit}s"
    return f"{round(seconds, 1):g} {'second' if seconds == 1 else 'seconds'}"


def name_of(leaver: Leaver) -> str:
    """Name a leaver as well as is known, in words that can be seen and read from left to right."""
    listed_name = (leaver.entry or {}).get("name")
    return best_name(listed_name, leaver.name, leaver.email) or f"Ticket {leaver.ticket_id}"


def best_name(*names: str | None) -> str:
    """Return the first name that can be seen, in letters that read from left to right."""
    for name in names:
        seen = _DIRECTIONS.sub("", name or "").strip()
        if any(char.isprintable() and not char.isspace() for char in seen):
            return seen
    return ""


def outcome_of(leaver: Leaver) -> str:
    """Say how a leaver that is done ended; empty for one that is not."""
    if leaver.state != State.DONE or leaver.outcome is None:
        return ""
    words = OUTCOMES[leaver.outcome]
    return f"{words} (dry run: nothing was written)" if leaver.ended_in_dry_run else words


def other_card_of(leaver: Leaver) -> dict[str, Any] | None:
    """Return link, ticket and due date of the card that the person has by another ticket."""
    card = leaver.found.get("other_card")
    if card is None:
        return None
    return {**card, "due": datetime.fromisoformat(card["due"]) if card["due"] else None}


def answered_words(leaver: Leaver) -> str:
    """Say what has come of an operator's answer so far."""
    match leaver.state:
        case State.DONE:
            return f"Done: {outcome_of(leaver)}."
        case State.NEEDS_PERSON:
            return "The service still cannot go on: this leaver needs a person again."
        case State.FAILED:
            return "This leaver could not be processed."
        case State.QUEUED | State.RUNNING:
            return "Your answer was received, and this leaver is being processed."


def event_words(event: Event, leaver: Leaver, *, clock: TeamTime) -> tuple[str, str]:
    """Return what happened, and the detail, in plain words."""
    title = EVENT_TITLES[event.event]
    if event.event is HistoryEvent.RETRY_PLANNED:
        at = clock.moment(datetime.fromisoformat(event.facts["at"]))
        return title, f"The next try is on {at}. {event.personal.get('reason', '')}".strip()
    if event.event is not HistoryEvent.CORRECTED:
        return title, event.detail
    said = {**event.facts, **event.personal}
    if said["taken_back"]:
        return title, f"{_CORRECTIONS[said['field']]}: taken back"
    # Of an erased detail, only that it was corrected is left.
    if "value" not in said:
        return title, _CORRECTIONS[said["field"]]
    return title, _correction_words(said["field"], said["value"], leaver)


def said_words(said: Mapping[str, Any], leaver: Leaver) -> list[str]:
    """Say in words what operators have said about a leaver, or are about to say."""
    return [
        f"{_CORRECTIONS[key]}: taken back"
        if value is None
        else _correction_words(key, value, leaver)
        for key, value in said.items()
    ]


def _correction_words(key: str, value: Any, leaver: Leaver) -> str:
    # These say it all.
    if key in {"no_access", "clear_tag"}:
        return _CORRECTIONS[key]
    shown = str(value)
    if key == "entry":
        shown = _entry_words(value, leaver)
    elif key == "set_aside":
        shown = _SET_ASIDE[value]
    elif key == "card":
        shown = _card_words(value)
    elif key == "leaving_date":
        shown = _day_words(shown)
    return f"{_CORRECTIONS[key]}: {shown}"


def _entry_words(entry_id: str, leaver: Leaver) -> str:
    known: Iterable[dict[str, Any]] = [*leaver.candidates, *filter(None, [leaver.entry])]
    for entry in known:
        if entry["id"] == entry_id:
            return f"{entry['name'] or entry['email']}, in {entry['file']}"
    return "an entry that was offered then"


def _day_words(value: str) -> str:
    try:
        return TeamTime.day(date.fromisoformat(value))
    except ValueError:
        return value


def _card_words(card: str) -> str:
    """Say which card an operator chose."""
    return "a new one, since none of the others is this leaver's" if card == NEW_CARD else card
