"""A leaver as operators see it: the record of one ticket, from arrival to end."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from service.domain.after_date import AfterDate
from service.domain.corrections import Corrections, SetAsideAs
from service.domain.drafts import Outcome
from service.domain.history import Facts, HistoryEvent
from service.domain.history_words import detail_of
from service.domain.reasons import ReasonCode
from service.domain.removal.refusals import WhyNone
from service.domain.removal.seen import RemovalState


class State(StrEnum):
    """Where a leaver is on its way."""

    QUEUED = "queued"
    RUNNING = "running"
    NEEDS_PERSON = "needs_person"
    FAILED = "failed"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One line of a leaver's history; see `service.domain.history.Line`."""

    at: datetime
    event: HistoryEvent
    by: str
    facts: Facts
    personal: Facts

    @property
    def detail(self) -> str:
        """The facts in words, as operators read them."""
        return detail_of(self.event, self.facts, self.personal)


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaver:
    """The record of one leaver; the names are those of the operators' API.

    Attributes beyond the API's:
        version: grows with each request for a run; a page that shows an older one is stale.
        found: where each detail was found; under ``person``, what speaks for the entry.
        said: the operators' corrections, as the database keeps them.
        tries: how many tries in a row have ended with a vendor's passing failure.
        confirmed_plan: the digest of the only plan that may be carried out, or None.
        ended_in_dry_run: it ended while nothing was written; the outcome is what would have been.
        next_try_at: when it is tried again after a vendor's passing failure, or None.
        erased_at: when its personal data were erased, or None.
        after_date: how it stands after the leaving date, as in the API.
        removal_reason: why no pull request can remove the entry, while people are asked to.
        source_ticket_id: the ticket that this one follows, if the service knows of it; or None.
        prepared_date: the leaving date that somebody wrote later, to be confirmed; or None.
    """

    ticket_id: int
    state: State
    outcome: str | None
    entry: dict[str, Any] | None
    name: str | None
    email: str | None
    leaving_date: date | None
    card_url: str | None
    reason: str | None
    reason_code: ReasonCode | None
    candidates: list[dict[str, Any]]
    received_at: datetime
    updated_at: datetime
    history: tuple[Event, ...] = ()
    version: int = 0
    found: dict[str, Any] = field(default_factory=dict)
    said: dict[str, Any] = field(default_factory=dict)
    tries: int = 0
    confirmed_plan: str | None = None
    ended_in_dry_run: bool = False
    next_try_at: datetime | None = None
    erased_at: datetime | None = None
    after_date: str | None = None
    source_ticket_id: int | None = None
    prepared_date: date | None = None
    removal: RemovalState = RemovalState.NONE
    pull_request_url: str | None = None
    removal_reason: WhyNone | None = None

    @property
    def is_watched_after_date(self) -> bool:
        """Whether it is one that is looked at after its date, as `watched.WITH_CARD` has it."""
        has_card = self.outcome in {Outcome.TECH_CARD, Outcome.NON_TECH_CARD}
        return self.state is State.DONE and has_card and not self.ended_in_dry_run

    @property
    def may_be_reminded_of(self) -> bool:
        """Whether people may be reminded of it: what is over is so for good."""
        return self.is_watched_after_date and self.after_date != AfterDate.OVER


def corrections_to_json(corrections: Corrections) -> dict[str, Any]:
    """Return corrections in the form in which the database keeps them."""
    said = {
        "name": corrections.name,
        "email": corrections.email,
        "leaving_date": corrections.leaving_date and corrections.leaving_date.isoformat(),
        "entry": corrections.entry,
        "no_access": corrections.no_access,
        "set_aside": corrections.set_aside,
        "clear_tag": corrections.clear_tag,
        "card": corrections.card,
        "nothing_to_do": corrections.nothing_to_do,
    }
    return {key: value for key, value in said.items() if value is not None}


def corrections_from_json(said: dict[str, Any]) -> Corrections:
    """Undo `corrections_to_json`."""
    day, aside = said.get("leaving_date"), said.get("set_aside")
    return Corrections(
        name=said.get("name"),
        email=said.get("email"),
        leaving_date=date.fromisoformat(day) if day else None,
        entry=said.get("entry"),
        no_access=said.get("no_access"),
        set_aside=SetAsideAs(aside) if aside else None,
        clear_tag=said.get("clear_tag"),
        card=said.get("card"),
        nothing_to_do=said.get("nothing_to_do"),
    )
