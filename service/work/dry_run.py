"""The dry run: what would be done is recorded in the place of being done."""

from dataclasses import replace
from typing import Any

from service.domain import wording
from service.domain.cards import CopyTemplate, DueDateConflict
from service.domain.plan import Ask, Decision, MakeCard, NoAccess, SetAside
from service.records.runs import Result, Run, Runs
from service.work.ensure_card import CardKeeper, card_left
from service.work.result import result_of


class DryRun:
    """Ends runs as they would end, and writes to no vendor.

    A leaver that ends here is still to be done once the dry run is over; see `Intake`.

    Args:
        cards: knows which card would be made, or is there.
        runs: the records.
        timezone: for the texts.
    """

    def __init__(self, cards: CardKeeper, runs: Runs, *, timezone: str) -> None:
        self._cards = cards
        self._runs = runs
        self._timezone = timezone

    def rehearse(self, run: Run, decision: Decision) -> None:
        """End a run with what would have been done."""
        match decision.plan:
            case MakeCard() as plan:
                self._rehearse_card(run, decision, plan)
            case NoAccess():
                ending = result_of(decision.plan, decision, card_left=card_left(run, decision))
                reason = " ".join(filter(None, (wording.no_access_in_dry_run(), ending.reason)))
                ending = replace(ending, reason=reason)
                self._end(run, ending, {"plan": "no_access"}, said=reason)
            case Ask() as plan:
                self._rehearse_question(run, decision, plan)
            case SetAside():
                # Nothing would be written in earnest, either.
                ending = result_of(decision.plan, decision, card_left=card_left(run, decision))
                self._runs.end(run, ending, event="set aside", detail=ending.reason or "")

    def _rehearse_card(self, run: Run, decision: Decision, plan: MakeCard) -> None:
        step = self._cards.foresee(run, plan, decision)
        if isinstance(step, DueDateConflict):
            self._rehearse_question(run, decision, Ask(reason=wording.OTHER_LEAVING_DATE))
            return
        is_there = not isinstance(step, CopyTemplate)
        reason = wording.card_in_dry_run(
            plan.card.role, plan.card.due, self._timezone, is_there=is_there
        )
        would = {"plan": "card", "template": plan.card.role, "due": plan.card.due.isoformat()}
        self._end(run, replace(result_of(plan, decision), reason=reason), would, said=reason)

    def _rehearse_question(self, run: Run, decision: Decision, plan: Ask) -> None:
        ending = result_of(plan, decision)
        self._end(run, ending, {"plan": "question"}, said=wording.question_in_dry_run())

    def _end(self, run: Run, ending: Result, would: dict[str, Any], *, said: str) -> None:
        self._runs.end(run, replace(ending, would=would), event="dry run", detail=said)
