"""From a plan that was carried out to what the leaver's record says."""

from dataclasses import replace
from typing import Any

from service.domain import wording
from service.domain.access_lists.entries import Entry
from service.domain.corrections import SetAsideAs
from service.domain.matching.match_person import Candidate, Match
from service.domain.plan import Ask, Decision, MakeCard, NoAccess, Outcome, Plan, SetAside
from service.domain.ticket import value_of
from service.records.leaver import State
from service.records.runs import Result


def result_of(plan: Plan, decision: Decision, *, card_left: str | None = None) -> Result:
    """Return what the record says once the plan is carried out.

    Args:
        plan: the decision's own, or what came in its place when it was carried out.
        decision: the facts that led to it.
        card_left: the link of the card that the ticket has, where the plan wants none.
    """
    details = decision.details
    ending = Result(
        state=State.DONE,
        name=value_of(details.name),
        email=value_of(details.email),
        leaving_date=value_of(details.leaving_date),
        found=_found(decision),
    )
    match plan:
        case MakeCard(outcome=outcome, entry=entry):
            return replace(ending, outcome=outcome, entry=_entry(entry) if entry else None)
        case NoAccess(outcome=outcome):
            return replace(ending, outcome=outcome, reason=_with_card_left(None, card_left))
        case SetAside(outcome=outcome, reason=reason):
            return replace(ending, outcome=outcome, reason=_with_card_left(reason, card_left))
        case Ask(reason=reason, candidates=candidates):
            shown = [_candidate(candidate) for candidate in candidates]
            asked = {"asked": sorted({question.about for question in details.questions})}
            return replace(
                ending,
                state=State.NEEDS_PERSON,
                reason=reason,
                candidates=shown,
                found=_found(decision) | asked,
            )


def unread_result(kind: SetAsideAs, *, card_left: str | None = None) -> Result:
    """Return what the record says where an operator set a ticket aside that is not there."""
    return Result(
        state=State.DONE,
        outcome=Outcome.SET_ASIDE,
        reason=_with_card_left(wording.SET_ASIDE[kind], card_left),
        keeps_details=True,
    )


def plan_changed(decision: Decision) -> Result:
    """Return what the record says where another plan was confirmed: it is for a person again."""
    ending = result_of(decision.plan, decision)
    reason = wording.PLAN_CHANGED
    if isinstance(decision.plan, Ask):
        reason = f"{reason} {decision.plan.reason}"
    return replace(ending, state=State.NEEDS_PERSON, outcome=None, reason=reason)


def over_daily_limit(decision: Decision, *, limit: int) -> Result:
    """Return what the record says of a leaver that waits for a person, since much was written."""
    ending = result_of(decision.plan, decision)
    reason = wording.daily_limit(limit)
    if isinstance(decision.plan, Ask):
        reason = f"{decision.plan.reason} {reason}"
    return replace(ending, state=State.NEEDS_PERSON, outcome=None, reason=reason)


def _with_card_left(reason: str | None, card_left: str | None) -> str | None:
    card = wording.card_stays(card_left) if card_left else None
    return " ".join(filter(None, (reason, card))) or None


def _found(decision: Decision) -> dict[str, Any]:
    """Say where each detail was found, and why the person who was found is the leaver."""
    details, finding = decision.details, decision.facts.finding
    read = {"name": details.name, "email": details.email, "leaving_date": details.leaving_date}
    where: dict[str, Any] = {key: found.where for key, found in read.items() if found}
    if isinstance(finding, Match):
        where["person"] = list(finding.evidence)
    return where


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "file": entry.file,
        "name": entry.name,
        "email": entry.email,
        "github": entry.github,
        "user_name": entry.ssh,
    }


def _candidate(candidate: Candidate) -> dict[str, Any]:
    return _entry(candidate.entry) | {"evidence": list(candidate.evidence)}
