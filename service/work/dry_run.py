"""The dry run: what would be done is recorded instead of being done."""

from dataclasses import replace

from service.domain import wording
from service.domain.cards import CopyTemplate, PlannedCard
from service.domain.drafts import Ask, SetAside
from service.domain.finished_plan import Decision
from service.records.run import Result
from service.work.result import result_of


def dry_run_result(decision: Decision, *, timezone: str) -> Result:
    """Return what the record says of a run that wrote to no vendor.

    A leaver that ends so is still to be done once the dry run is over; see `Intake`.

    Args:
        decision: what would have been done.
        timezone: for the texts.
    """
    plan, result = decision.plan, result_of(decision)
    if plan.card:
        return _with_card(result, plan.card, timezone=timezone)
    if isinstance(plan.draft, Ask):
        return replace(result, dry_run_plan={"plan": "question"})
    if isinstance(plan.draft, SetAside):
        # Set aside: a real run would write nothing, either.
        return result
    reasons = (wording.NO_ACCESS_IN_DRY_RUN, *result.reasons)
    return replace(result, reasons=reasons, dry_run_plan={"plan": "no_access"})


def _with_card(result: Result, card: PlannedCard, *, timezone: str) -> Result:
    is_there = not isinstance(card.step, CopyTemplate)
    reason = wording.card_in_dry_run(card.wanted.role, card.due, timezone, is_there=is_there)
    would = {"plan": "card", "template": card.wanted.role, "due": card.due and card.due.isoformat()}
    return replace(result, reasons=(reason,), dry_run_plan=would)
