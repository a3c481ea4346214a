"""One run of one ticket: what it starts with, read from the ticket's rows, and how it ended."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from service.domain.cards import KnownCard
from service.domain.corrections import Corrections
from service.domain.reasons import Reason, ReasonCode, text_of
from service.records.leaver import State, corrections_from_json

# All that a run starts with, and the same of a ticket that was never received.
RUN_ROW = """
SELECT leavers.*, runs.request_number, runs.operator, runs.confirmed_plan, runs.crashes,
    runs.tries, runs.failing_since, runs.reported_list_losses,
    runs.next_try_at > now() AS is_too_early,
    cards.card_id, cards.url AS card_url, cards.name AS card_name, cards.role AS card_role,
    cards.due AS card_due, cards.person_keys AS card_keys, cards.sent_at AS card_sent_at
FROM leavers JOIN runs USING (ticket_id) LEFT JOIN cards USING (ticket_id)
WHERE ticket_id = %s
"""
UNSEEN_ROW: dict[str, Any] = {
    "corrections": {},
    "request_number": 0,
    "was_handed_to_person": False,
    "card_id": None,
    "card_sent_at": None,
    "tries": 0,
    "failing_since": None,
    "confirmed_plan": None,
    "ended_in_dry_run": False,
    "reported_list_losses": {},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What a run starts with.

    Attributes:
        ticket_id: whose run it is.
        lease: known to this run alone.
        request_number: of the request that this run answers.
        corrections: what operators have said.
        operator: who asked for this very run; None if Zendesk or the sweep did.
        operator_override: see `service.domain.facts.Facts`.
        was_handed_to_person: see `service.domain.facts.Facts`.
        card: what is recorded of the ticket's card.
        card_sent_at: when a copy was sent whose outcome is not known, or None.
        tries: how many tries in a row have ended with a passing failure.
        failing_since: when the first of these ended, or None; the sweep's tries count on.
        confirmed_plan: the digest of the only plan that may be carried out, or None.
        ended_in_dry_run: it ended in a dry run: a ticket solved after that was solved by hand.
        reported_list_losses: the lists that the last run refused since they had lost too many
            people, and how many each had left.
        is_answered: an operator has answered a question, and that is still to be carried out.
    """

    ticket_id: int
    lease: UUID
    request_number: int
    corrections: Corrections
    operator: str | None
    operator_override: bool
    was_handed_to_person: bool
    card: KnownCard | None
    card_sent_at: datetime | None
    tries: int
    failing_since: datetime | None
    confirmed_plan: str | None = None
    ended_in_dry_run: bool = False
    reported_list_losses: dict[str, int] = field(default_factory=dict)
    is_answered: bool = False

    def with_corrections(self, corrections: Corrections) -> "Run":
        """Return the same run as if operators had said this."""
        is_answered = self.is_answered or corrections != self.corrections
        return replace(self, corrections=corrections, is_answered=is_answered)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadTicket:
    """What a run read of the ticket, to be recorded with its end.

    Attributes:
        newest_comment_id: of all comments; None if there is none.
        status: the ticket's.
        stamp: Zendesk's time stamp.
        source_ticket_id: the ticket that it follows, if we know of it.
        is_asked_later: a person is asked about what was said after the ticket was processed.
        prepared_date: the answer that is prepared for that person, or None.
        is_left_open: the ticket is left unsolved.
        fields_digest: of the leaver's custom fields; None if they are not known.
    """

    newest_comment_id: int | None
    status: str
    stamp: str
    source_ticket_id: int | None = None
    is_asked_later: bool = False
    prepared_date: date | None = None
    is_left_open: bool = False
    fields_digest: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """How a run ended: what the leaver's record says from now on.

    Attributes beyond the record's:
        reasons: why; the record shows their sentences, and the first one's code.
        keeps_details: leave the person and the outcome's details as an earlier run found them.
        confirmed_date: but for the leaving date, if an operator has confirmed this one.
        may_pass: it failed for a transient reason.
        is_over_daily_limit: it waits since too much was written that day.
        dry_run_plan: what was not done in a dry run; None if the run was in earnest.
        reported_list_losses: see `Run`.
        read: what was read of the ticket, if it was.
        settled_by: who settled what was asked about a processed ticket, or None.
        is_nothing_new: a processed ticket was read, and nothing in it is new.
    """

    state: State
    outcome: str | None = None
    reasons: tuple[Reason, ...] = ()
    name: str | None = None
    email: str | None = None
    leaving_date: date | None = None
    entry: dict[str, Any] | None = None
    candidates: list[dict[str, Any]] | None = None
    found: dict[str, Any] | None = None
    keeps_details: bool = False
    confirmed_date: date | None = None
    may_pass: bool = False
    is_over_daily_limit: bool = False
    dry_run_plan: dict[str, Any] | None = None
    reported_list_losses: Mapping[str, int] = field(default_factory=dict)
    read: ReadTicket | None = None
    settled_by: str | None = None
    is_nothing_new: bool = False

    @property
    def reason(self) -> str | None:
        """The sentences, or None if there is no reason."""
        return text_of(self.reasons) or None

    @property
    def reason_code(self) -> ReasonCode | None:
        """The first reason's code, or None if there is no reason."""
        return self.reasons[0].code if self.reasons else None


def card_from_row(row: Mapping[str, Any]) -> KnownCard | None:
    """Return what is recorded of a ticket's card, or None."""
    if not row["card_id"]:
        return None
    return KnownCard(
        key=row["card_id"],
        url=row["card_url"],
        name=row["card_name"],
        role=row["card_role"],
        due=row["card_due"],
        person_keys=frozenset(row["card_keys"]),
    )


def run_from_row(row: dict[str, Any], lease: UUID) -> Run:
    """Return the run that starts with a row of `RUN_ROW`."""
    return Run(
        ticket_id=row["ticket_id"],
        lease=lease,
        request_number=row["request_number"],
        corrections=corrections_from_json(row["corrections"]),
        operator=row["operator"],
        operator_override=row["operator_override"],
        was_handed_to_person=row["was_handed_to_person"],
        card=card_from_row(row),
        card_sent_at=row["card_sent_at"],
        tries=row["tries"],
        failing_since=row["failing_since"],
        confirmed_plan=row["confirmed_plan"],
        ended_in_dry_run=row["ended_in_dry_run"],
        reported_list_losses=row["reported_list_losses"],
    )
