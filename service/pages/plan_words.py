"""A plan in sentences: exactly what would be done, for an operator to confirm."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from service.leavers import State
from service.pages.words import Clock
from service.previews import PlanNow


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What the sentences need to know of the settings."""

    list_name: str
    clock: Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanPage:
    """A plan as a page shows it.

    Attributes:
        person: who was found, or None.
        evidence: what speaks for that person.
        card: name, due date and template of the card, or None.
        steps: what is done where, in order.
        question: why a person is still needed, or None.
        digest: see `PlanNow`.
    """

    person: dict[str, Any] | None
    evidence: list[str]
    card: dict[str, str] | None
    steps: list[str]
    question: str | None
    digest: str | None


def plan_page(plan: PlanNow, wording: Wording) -> PlanPage:
    """Put a plan into words."""
    leaver = plan.leaver
    card = None
    if leaver.card:
        due: datetime = leaver.card.due
        card = {
            "name": leaver.card.name,
            "due": wording.clock.moment(due),
            "template": f"https://trello.com/c/{leaver.card.template}",
        }
    is_open = leaver.state in {State.NEEDS_PERSON, State.FAILED}
    return PlanPage(
        person=plan.entry,
        evidence=list(plan.found.get("person", [])),
        card=card,
        steps=[] if is_open else _steps(plan, wording),
        question=leaver.reason if is_open else None,
        digest=plan.digest,
    )


def _steps(plan: PlanNow, wording: Wording) -> list[str]:
    leaver = plan.leaver
    if leaver.outcome == "set_aside":
        return [leaver.reason or "", "Nothing is written to Zendesk or Trello."]
    steps = [_card_step(plan, wording)]
    if plan.is_closed:
        return [*steps, "The ticket is closed, so it is left as it is."]
    note = (
        "links to the card and says when it is due"
        if leaver.card
        else "says that no entry was found in the access lists"
    )
    return [
        *steps,
        "The ticket is solved, and gets the tag leaver_processed.",
        f"The ticket gets an internal note that {note}. It says nothing of anybody's role.",
    ]


def _card_step(plan: PlanNow, wording: Wording) -> str:
    if plan.leaver.card is None:
        return "No card is made."
    if plan.leaver.card_url:
        return f"The card {plan.leaver.card_url} is made to agree with this, if it does not yet."
    return (
        f"A card is copied from the template to the list “{wording.list_name}”, unless the leaver "
        "has an open card already: then that one is used."
    )
