"""From a plan that was carried out to what the leaver's record says."""

from dataclasses import asdict, replace
from datetime import date
from typing import Any

from service.domain import wording
from service.domain.access_lists.entries import Entry
from service.domain.after_the_card import Processed
from service.domain.cards import KnownCard
from service.domain.corrections import SetAsideAs
from service.domain.drafts import Ask, FollowSource, LeaveSettled, Outcome
from service.domain.facts import Facts
from service.domain.finished_plan import Decision
from service.domain.matching.match_person import Candidate, Match
from service.domain.reasons import Reason
from service.domain.ticket import LeaverDetails, value_of
from service.domain.ticket_updates import TicketStep
from service.records.leaver import State
from service.records.run import ReadTicket, Result


def result_of(decision: Decision) -> Result:
    """Return what the record says once the plan is carried out."""
    match decision.plan.draft:
        case LeaveSettled() as draft:
            return Result(
                state=State.DONE,
                outcome=draft.outcome,
                settled_by=draft.settled_by,
                keeps_details=True,
                read=_read(decision),
                is_nothing_new=draft.settled_by is None,
            )
        case FollowSource() as draft:
            return Result(
                state=State.DONE,
                outcome=draft.outcome,
                name=draft.name,
                email=draft.email,
                leaving_date=draft.leaving_date,
                read=_read(decision),
            )
        case _:
            return _result_of_reading(decision)


def _result_of_reading(decision: Decision) -> Result:
    """Return the end of a run that read the ticket afresh: a card, a question, or neither."""
    details, plan = decision.details, decision.plan
    is_asked = isinstance(plan.draft, Ask)
    found = _found(decision)
    if is_asked:
        found["asked"] = sorted({question.about for question in details.questions})
    if isinstance(plan.draft, Ask) and plan.draft.cards:
        found["cards"] = [asdict(card) for card in plan.draft.cards]
    if other := plan.other_tickets_card:
        found["other_card"] = asdict(other) | {"due": other.due and other.due.isoformat()}
    entry = next(iter(plan.draft.entries), None)
    return Result(
        state=State.NEEDS_PERSON if is_asked else State.DONE,
        outcome=plan.draft.outcome,
        reasons=(*plan.draft.reasons, *_card_left(plan.card_left)),
        name=value_of(details.name),
        email=value_of(details.email),
        leaving_date=value_of(details.leaving_date),
        entry=_entry(entry) if entry else None,
        candidates=[candidate_as_json(candidate) for candidate in plan.draft.candidates],
        found=found,
        keeps_details=isinstance(plan.draft, Ask)
        and plan.draft.is_later
        and decision.was_processed,
        read=_read(decision),
    )


def _read(decision: Decision) -> ReadTicket:
    ticket, draft = decision.ticket, decision.plan.draft
    is_asked_later = isinstance(draft, Ask) and draft.is_later
    return ReadTicket(
        newest_comment_id=max((comment.id for comment in ticket.comments), default=None),
        status=ticket.status,
        stamp=ticket.updated_at,
        source_ticket_id=decision.source_ticket_id,
        is_asked_later=is_asked_later,
        prepared_date=draft.prepared_date if isinstance(draft, Ask) else None,
        is_left_open=ticket.status not in {"solved", "closed"} and not _solves(decision),
        fields_digest=decision.fields_digest,
    )


def _solves(decision: Decision) -> bool:
    step = decision.plan.ticket
    return isinstance(step, TicketStep) and step.solve


def unread_result(kind: SetAsideAs, card: KnownCard | None) -> Result:
    """Return what the record says if an operator set aside a ticket that does not exist.

    Args:
        kind: why.
        card: what is recorded of the ticket's card.
    """
    left = card.url if card else None
    return Result(
        state=State.DONE,
        outcome=Outcome.SET_ASIDE,
        reasons=(wording.SET_ASIDE[kind], *_card_left(left)),
        keeps_details=True,
    )


def gone_result(own: Processed, *, confirmed: date | None) -> Result:
    """Return what the record says of a processed ticket that no longer exists."""
    return Result(
        state=State.DONE,
        outcome=own.outcome,
        keeps_details=True,
        confirmed_date=confirmed,
        settled_by="deletion",
    )


def plan_changed(decision: Decision) -> Result:
    """Return what the record says if another plan was confirmed: a person must look again."""
    return _handed_to_person(decision, wording.PLAN_CHANGED, *decision.plan.draft.questions)


def over_daily_limit(decision: Decision, *, limit: int) -> Result:
    """Return what the record says of a leaver that waits because the daily limit is reached."""
    reasons = (*decision.plan.draft.questions, wording.daily_limit(limit))
    return replace(_handed_to_person(decision, *reasons), is_over_daily_limit=True)


def _handed_to_person(decision: Decision, *reasons: Reason) -> Result:
    return replace(result_of(decision), state=State.NEEDS_PERSON, outcome=None, reasons=reasons)


def _card_left(card_url: str | None) -> tuple[Reason, ...]:
    return (wording.card_stays(card_url),) if card_url else ()


def _found(decision: Decision) -> dict[str, Any]:
    """Say where each detail was found, and why the person who was found is the leaver."""
    facts = decision.facts
    where: dict[str, Any] = dict(where_found(decision.details))
    if isinstance(facts, Facts) and isinstance(facts.finding, Match):
        where["person"] = list(facts.finding.evidence)
        if facts.finding.by_name_alone:
            where["is_by_name_alone"] = True
        if facts.removal:
            where["was_removed"] = True
            where["removed_at"] = facts.removal.at.isoformat()
            where["removed_by"] = facts.removal.commit
    return where


def where_found(details: LeaverDetails) -> dict[str, str]:
    """Return where each detail was found, by its name."""
    read = {"name": details.name, "email": details.email, "leaving_date": details.leaving_date}
    return {key: found.where for key, found in read.items() if found}


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "file": entry.file,
        "name": entry.name,
        "email": entry.email,
        "github": entry.github,
        "user_name": entry.ssh,
    }


def candidate_as_json(candidate: Candidate) -> dict[str, Any]:
    """Return a candidate as the record holds it."""
    return _entry(candidate.entry) | {"evidence": list(candidate.evidence)}
