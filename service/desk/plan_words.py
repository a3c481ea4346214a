"""A plan in sentences: exactly what would be done, for an operator to confirm."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from service.desk.words import Clock
from service.domain import wording as texts
from service.records.leaver import State
from service.work.preview import PlanNow


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
        card: name, due date, template and first lines of the card, or None.
        steps: what is done where, in order.
        note: the internal note's lines; empty where there is none.
        question: why a person is still needed, or None.
        digest: see `PlanNow`.
    """

    person: dict[str, Any] | None
    evidence: list[str]
    card: dict[str, Any] | None
    steps: list[str]
    note: list[str]
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
            "head": list(filter(None, plan.card_head.splitlines())),
            "template": f"https://trello.com/c/{leaver.card.template}",
        }
    is_open = leaver.state in {State.NEEDS_PERSON, State.FAILED}
    return PlanPage(
        person=plan.entry,
        evidence=list(plan.found.get("person", [])),
        card=card,
        steps=[] if is_open else _steps(plan, wording),
        note=[] if is_open or plan.is_closed else _note(plan, wording).splitlines(),
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
    return [
        *steps,
        "The ticket is solved, and gets the tag leaver_processed.",
        "The ticket gets the internal note below.",
    ]


def _note(plan: PlanNow, wording: Wording) -> str:
    leaver = plan.leaver
    if leaver.outcome == "set_aside":
        return ""
    if leaver.card is None:
        return texts.no_access_note(plan.card_left)
    link = leaver.card_url or "(the link to the card)"
    return texts.card_note(
        link,
        leaver.card.due,
        wording.clock.timezone,
        is_anybody_found=leaver.entry is not None,
    )


def _card_step(plan: PlanNow, wording: Wording) -> str:
    if plan.card_left:
        return f"No new card is made. {texts.card_stays(plan.card_left)}"
    if plan.leaver.card is None:
        return "No card is made."
    if plan.leaver.card_url:
        return f"The card {plan.leaver.card_url} is made to agree with this, if it does not yet."
    return (
        f"A card is copied from the template to the list “{wording.list_name}”, unless the leaver "
        "has an open card already: then that one is used."
    )
