"""What happened to a leaver, as data; `service.domain.history_words` puts it into words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from service.domain.reasons import Reason, text_of

Facts = Mapping[str, Any]


class HistoryEvent(StrEnum):
    """Everything that a leaver's history can hold; the values are those of the operators' API."""

    RECEIVED = "received"
    RECEIVED_AGAIN = "received_again"
    RUN_REQUESTED = "run_requested"
    CORRECTED = "corrected"
    RETRY_PLANNED = "retry_planned"
    DRY_RUN = "dry_run"
    CARD_CREATED = "card_created"
    CARD_UPDATED = "card_updated"
    CARD_LEFT_AS_IS = "card_left_as_is"
    CARD_LEFT_TO_OTHER_TICKET = "card_left_to_other_ticket"
    SPARE_CARD_ARCHIVED = "spare_card_archived"
    SPARE_CARD_LEFT_OPEN = "spare_card_left_open"
    TICKET_SOLVED = "ticket_solved"
    TICKET_UPDATED = "ticket_updated"
    TICKET_LEFT_AS_IS = "ticket_left_as_is"
    PLAN_CHANGED = "plan_changed"
    NEEDS_PERSON = "needs_person"
    FAILED = "failed"
    SET_ASIDE = "set_aside"
    DONE = "done"
    CHANGED_BY_PERSON = "changed_by_person"
    PULL_REQUEST_OPENED = "pull_request_opened"
    PULL_REQUEST_SHARED = "pull_request_shared"
    PULL_REQUEST_CHANGED = "pull_request_changed"
    PULL_REQUEST_MERGED = "pull_request_merged"
    PULL_REQUEST_CLOSED = "pull_request_closed"
    PULL_REQUEST_LEFT = "pull_request_left_as_is"
    PULL_REQUEST_NOT_OPENED = "pull_request_not_opened"
    PULL_REQUEST_WANTED = "pull_request_wanted"
    NOTHING_NEW = "nothing_new"
    SETTLED = "settled"
    AFTER_DATE = "after_date"
    LISTED_AGAIN = "listed_again"
    REMINDED = "reminded"
    SAID_OVER = "said_over"
    REMIND_LATER = "remind_later"


class SweepReason(StrEnum):
    """Why the sweep receives a ticket: fact ``why`` of `HistoryEvent.RECEIVED`."""

    NO_WEBHOOK = "no_webhook"
    HAS_TAG_NOW = "has_tag_now"
    DRY_RUN_IS_OVER = "dry_run_is_over"
    NOT_OPEN = "not_open"
    TRY_AGAIN = "try_again"
    DAILY_LIMIT_HAS_ROOM = "daily_limit_has_room"
    REOPENED = "reopened"


class CardState(StrEnum):
    """Where a ticket's card is: fact ``why`` of `HistoryEvent.CARD_LEFT_AS_IS`."""

    GONE = "gone"
    ARCHIVED = "archived"
    MOVED = "moved"


class PersonsChange(StrEnum):
    """What somebody changed afterwards: fact ``what`` of `HistoryEvent.CHANGED_BY_PERSON`."""

    CARD_MISSING = "card_missing"
    CARD_DUE_CHANGED = "card_due_changed"
    CARD_TWICE = "card_twice"


# A correction of these says nothing about who the leaver is.
_IMPERSONAL = {"no_access", "set_aside", "nothing_to_do"}


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryLine:
    """One line of a leaver's history, to be written.

    Attributes:
        event: what happened.
        facts: the rest of it; nothing in them is personal, and they are kept for good.
        personal: what may show who the leaver is; erased with the leaver's data.
    """

    event: HistoryEvent
    facts: Facts = field(default_factory=dict)
    personal: Facts = field(default_factory=dict)


def with_reasons(event: HistoryEvent, reasons: tuple[Reason, ...], **facts: Any) -> HistoryLine:
    """Return a line about something that has reasons; without any, one that gives none."""
    if not reasons:
        return HistoryLine(event=event, facts=facts)
    return HistoryLine(
        event=event,
        facts={**facts, "reason_code": reasons[0].code},
        # The sentences may name a date, or a card of the person's.
        personal={"reason": text_of(reasons)},
    )


def correction(key: str, value: Any) -> HistoryLine:
    """Return the line about one correction; None as its value withdraws an earlier one."""
    facts = {"field": key, "taken_back": value is None}
    given = {} if value is None else {"value": value if isinstance(value, bool) else str(value)}
    if key in _IMPERSONAL:
        return HistoryLine(event=HistoryEvent.CORRECTED, facts=facts | given)
    return HistoryLine(event=HistoryEvent.CORRECTED, facts=facts, personal=given)
