"""From a plan that was carried out to what the leaver's record says."""

from dataclasses import replace
from typing import Any

from service.domain.directory import Entry
from service.domain.matching import Candidate
from service.domain.plan import Ask, MakeCard, NoAccess, Plan, SetAside
from service.domain.ticket import LeaverDetails, value_of
from service.leavers import State
from service.runs import Ending


def ending_of(plan: Plan, details: LeaverDetails) -> Ending:
    """Return what the record says once the plan is carried out."""
    ending = Ending(
        state=State.DONE,
        name=value_of(details.name),
        email=value_of(details.email),
        leaving_date=value_of(details.leaving_date),
    )
    match plan:
        case MakeCard(outcome=outcome, entry=entry):
            return replace(ending, outcome=outcome, entry=_entry(entry) if entry else None)
        case NoAccess(outcome=outcome):
            return replace(ending, outcome=outcome)
        case SetAside(outcome=outcome, reason=reason):
            return replace(ending, outcome=outcome, reason=reason)
        case Ask(reason=reason, candidates=candidates):
            shown = [_candidate(candidate) for candidate in candidates]
            return replace(ending, state=State.NEEDS_PERSON, reason=reason, candidates=shown)


def _entry(entry: Entry) -> dict[str, Any]:
    return {"id": entry.id, "file": entry.file, "name": entry.name, "email": entry.email}


def _candidate(candidate: Candidate) -> dict[str, Any]:
    return _entry(candidate.entry) | {"evidence": list(candidate.evidence)}
