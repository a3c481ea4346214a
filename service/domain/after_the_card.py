"""What a ticket needs that was processed before: reopened, commented on, or a follow-up of one.

The record decides what was processed, not the tags: a follow-up inherits them.
"""

from dataclasses import dataclass
from datetime import date

from service.domain import wording
from service.domain.cards import KnownCard
from service.domain.dates import due_at
from service.domain.drafts import Ask, FollowSource, LeaveSettled, Outcome, SetAside
from service.domain.facts import Policy, TicketFacts
from service.domain.later_words import Known, Later, SaidLater, later_comments, said_later
from service.domain.plan import set_aside
from service.domain.ticket import Comment, FieldIds, Ticket
from service.domain.ticket_updates import is_own_note

_IS_OVER = frozenset({"solved", "closed"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Processed:
    """What is recorded of a ticket that the service brought to an end.

    Attributes:
        ticket_id: whose.
        outcome: which end: a card, or no access.
        name: the leaver's.
        email: the leaver's.
        leaving_date: the leaver's.
        card: the ticket's card, or None.
        settled_fields: the digest of the leaver's custom fields as they were then, or None.
    """

    ticket_id: int
    outcome: Outcome
    name: str | None = None
    email: str | None = None
    leaving_date: date | None = None
    card: KnownCard | None = None
    settled_fields: str | None = None

    @property
    def known(self) -> Known:
        """What later words are compared with."""
        return Known(name=self.name, email=self.email, leaving_date=self.leaving_date)


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """What is recorded of a ticket before this run.

    Attributes:
        own: its own end, if the service brought it to one.
        source: of a follow-up, the end of the ticket that it follows, if that is recorded.
        source_card: that ticket's card, even if its leaver was set aside meanwhile.
        settled_id: the newest comment that nothing needs to be asked about any more, or None.
        asked_status: the ticket's status when a person was asked about later words; None if
            nobody was.
        is_answered: an operator has answered, and the answer is still to be carried out.
    """

    own: Processed | None = None
    source: Processed | None = None
    source_card: KnownCard | None = None
    settled_id: int | None = None
    asked_status: str | None = None
    is_answered: bool = False


AfterCard = Ask | SetAside | LeaveSettled | FollowSource


def is_follow_up(ticket: Ticket, before: Before) -> bool:
    """Return whether a ticket follows a closed one, so that its tags are not our own work.

    Zendesk says so; else it has the tag of a processed ticket, and neither the record nor a note of
    ours knows of that.
    """
    if ticket.is_follow_up:
        return True
    is_ours = before.own is not None or any(is_own_note(one, ticket) for one in ticket.comments)
    return wording.PROCESSED_TAG in ticket.tags and not is_ours


def after_the_card(
    facts: TicketFacts, before: Before, policy: Policy, *, fields: FieldIds, today: date
) -> AfterCard | None:
    """Decide about what was said after a ticket was processed; None for a ticket like any other.

    Args:
        facts: what is known before anybody is looked for.
        before: what is recorded.
        policy: the settings.
        fields: the custom fields that hold the leaver's details.
        today: bounds what is plausible as a leaving date.
    """
    if facts.corrections.set_aside:
        return None
    follows = is_follow_up(facts.ticket, before)
    if before.is_answered and facts.corrections.nothing_to_do:
        known = before.own or (before.source if follows else None)
        if known is None:
            return SetAside(reasons=(wording.NOTHING_TO_DO,))
    if follows and before.own is None:
        return _of_follow_up(facts, before, policy, fields=fields, today=today)
    if before.own is None:
        return None
    return _of_processed(facts, before, before.own, policy, fields=fields, today=today)


def is_something_new(
    ticket: Ticket, before: Before, policy: Policy, *, fields: FieldIds, today: date
) -> bool:
    """Return whether a processed ticket has to be looked at by a run; see `after_the_card`."""
    if before.own is None or policy.leaver_tag not in ticket.tags:
        return False
    return _said(ticket, before, before.own, fields=fields, today=today) is not None


def _said(
    ticket: Ticket, before: Before, own: Processed, *, fields: FieldIds, today: date
) -> SaidLater | None:
    comments = later_comments(ticket, settled_id=before.settled_id)
    return said_later(
        ticket,
        comments,
        own.known,
        fields=fields,
        today=today,
        settled_fields=own.settled_fields,
    )


def _of_processed(
    facts: TicketFacts,
    before: Before,
    own: Processed,
    policy: Policy,
    *,
    fields: FieldIds,
    today: date,
) -> AfterCard | None:
    ticket = facts.ticket
    if before.is_answered:
        if facts.corrections.nothing_to_do:
            return LeaveSettled(outcome=own.outcome, settled_by="operator")
        return None
    if policy.leaver_tag not in ticket.tags and not facts.operator_override:
        return LeaveSettled(outcome=own.outcome)
    said = _said(ticket, before, own, fields=fields, today=today)
    if said is None:
        # Without a question, an operator's run brings card and ticket in line, as ever.
        is_plain = facts.is_operators and before.asked_status is None
        return None if is_plain else LeaveSettled(outcome=own.outcome)
    was_open = before.asked_status is not None and before.asked_status not in _IS_OVER
    if was_open and ticket.status in _IS_OVER:
        return LeaveSettled(outcome=own.outcome, settled_by="person")
    return _question(said)


def _of_follow_up(
    facts: TicketFacts, before: Before, policy: Policy, *, fields: FieldIds, today: date
) -> AfterCard | None:
    ticket, source = facts.ticket, before.source
    if policy.leaver_tag not in ticket.tags and not facts.operator_override:
        return set_aside(facts, policy)
    if ticket.status in _IS_OVER and not before.is_answered:
        return SetAside(reasons=(wording.SOLVED_BY_HAND,))
    if source is None:
        unknown = Ask(reasons=(wording.FOLLOW_UP_OF_UNKNOWN,), is_later=True)
        return None if facts.is_operators else unknown
    if before.is_answered:
        return _answered(facts, source, policy)
    comments = later_comments(ticket, settled_id=before.settled_id) or _description(ticket)
    said = said_later(
        ticket,
        comments,
        source.known,
        fields=fields,
        today=today,
        # It inherits them.
        settled_fields=source.settled_fields,
    )
    return _question(said or SaidLater(kind=Later.READ_IT))


def _answered(facts: TicketFacts, source: Processed, policy: Policy) -> AfterCard | None:
    """Carry out an answer about a follow-up; None if it is processed like any other ticket."""
    said = facts.corrections
    if said.decides_person or said.no_access:
        return None
    leaving_date = said.leaving_date or source.leaving_date
    due = source.card.due if source.card else None
    if leaving_date:
        due = due_at(leaving_date, due_time=policy.due_time, timezone=policy.timezone)
    if source.card and due is None:
        # What was known has been erased.
        return None
    return FollowSource(
        outcome=source.outcome,
        source_ticket_id=source.ticket_id,
        known_card=source.card,
        due=due,
        moves_due=said.leaving_date is not None,
        name=source.name,
        email=source.email,
        leaving_date=leaving_date,
    )


def _description(ticket: Ticket) -> tuple[Comment, ...]:
    """Return the reply of which a follow-up was made, if it is not among the comments."""
    return (
        Comment(id=1, author_id=ticket.requester_id or 1, body=ticket.description, is_public=True),
    )


def _question(said: SaidLater) -> Ask:
    reason = {
        Later.OTHER_LEAVING_DATE: wording.said_other_leaving_date(said.leaving_date),
        Later.STAYS: wording.SAID_STAYS,
        Later.OTHER_PERSON: wording.SAID_OTHER_PERSON,
        Later.READ_IT: wording.SAID_SOMETHING,
    }[said.kind]
    return Ask(reasons=(reason,), is_later=True, prepared_date=said.leaving_date)
