"""A plan in sentences: exactly what would be done, for an operator to confirm."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from service.config.operator_tokens import Operator
from service.desk.answer_form import read_sent
from service.desk.confirm import answered_already, refuse_choice, version_of
from service.desk.context import Context, DeskContext
from service.desk.links import origin_of_request
from service.desk.problems import ActionRefused
from service.desk.signing_in.current_operator import SignedIn, router_for_operators
from service.desk.words import Wording, other_card_of
from service.domain import wording as texts
from service.domain.cards import CopyTemplate, LeaveAsIs, UseExisting
from service.domain.drafts import LeaveSettled, SetAside
from service.domain.errors import OutsideError
from service.domain.finished_plan import Plan
from service.domain.history_words import card_state_words
from service.domain.ticket_updates import TicketChange
from service.records.leaver import Leaver, State
from service.web.schemas import TicketId
from service.work.decide import NoSuchTicket
from service.work.preview import Preview
from service.work.removal_preview import RemovalPreview

router = router_for_operators(prefix="/leavers/{ticket_id}")

_CARD_STAYS = "The card, if there is one, stays as it is."


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanPage:
    """A plan as a page shows it.

    Attributes:
        person: who was found, or None.
        evidence: what speaks for that person.
        card: name, due date, template and first lines of the card, or None.
        steps: what is done where, in order.
        note: the internal note's lines; empty if there is none.
        question: why a person is still needed, or None.
        digest: see `Preview`.
        removal: the pull request of the leaving date, or None.
        other_card: see `other_card_of`.
    """

    person: dict[str, Any] | None
    evidence: list[str]
    card: dict[str, Any] | None
    steps: list[str]
    note: list[str]
    question: str | None
    digest: str | None
    removal: RemovalPreview | None = None
    other_card: dict[str, Any] | None = None


def plan_page(preview: Preview, wording: Wording) -> PlanPage:
    """Put a plan into words."""
    leaver, plan = preview.leaver, preview.plan
    is_open = leaver.state in {State.NEEDS_PERSON, State.FAILED}
    note = preview.change.note if preview.change and not (is_open or preview.is_closed) else None
    return PlanPage(
        person=leaver.entry,
        evidence=list(leaver.found.get("person", [])),
        card=_card(preview, wording),
        steps=[] if is_open or plan is None else _steps(preview, plan, wording),
        note=(note or "").splitlines(),
        question=leaver.reason if is_open else None,
        digest=preview.digest,
        removal=None if is_open else preview.removal,
        other_card=other_card_of(leaver),
    )


def _card(preview: Preview, wording: Wording) -> dict[str, Any] | None:
    card = preview.card
    if card is None:
        return None
    is_new = isinstance(card.step, CopyTemplate)
    return {
        "name": card.name,
        "due": wording.clock.moment(card.due) if card.due else "No due date",
        "url": card.url,
        "head": list(filter(None, card.wanted.head.splitlines())) if is_new else [],
        "template": f"https://trello.com/c/{preview.template}" if is_new else None,
    }


def _steps(preview: Preview, plan: Plan, wording: Wording) -> list[str]:
    if isinstance(plan.draft, SetAside):
        does = "The tag leaver_needs_person is taken off the ticket." if preview.change else ""
        nothing = "Nothing else is written" if does else "Nothing is written"
        lines = (preview.leaver.reason, does, f"{nothing} to Zendesk or Trello.")
        return [line for line in lines if line]
    is_settled = isinstance(plan.draft, LeaveSettled)
    steps = [_CARD_STAYS if is_settled else _card_step(plan, wording)]
    if preview.is_closed:
        return [*steps, "The ticket is closed, so it is left as it is."]
    return [*steps, *_ticket_steps(preview.change)]


def _ticket_steps(change: TicketChange | None) -> Iterator[str]:
    if change is None:
        yield "The ticket stays as it is: it has its note and its tag."
        return
    if change.solve:
        yield "The ticket is solved, and gets the tag leaver_processed."
    elif change.add_tags:
        yield "The ticket gets the tag leaver_processed."
    if change.note:
        yield "The ticket gets the internal note below."


def _card_step(plan: Plan, wording: Wording) -> str:
    if plan.card_left:
        return f"No new card is made. {texts.card_stays(plan.card_left).text}"
    if plan.card is None:
        return "No card is made."
    match plan.card.step:
        case CopyTemplate():
            return f"A card is copied from the template to the list “{wording.list_name}”."
        case UseExisting(due=None, name=None, desc=None):
            return f"The card {plan.card.url} is used as it is."
        case UseExisting(desc=desc):
            link = ", and gets the ticket's link" if desc else ""
            return f"The card {plan.card.url} is used{link}: name and due date will be as above."
        case LeaveAsIs() as step:
            return card_state_words(step.state)


@router.get("/plan")
def plan(request: Request, context: Context, operator: SignedIn, ticket_id: TicketId) -> Response:
    """Show the plan of an answer, or the one as things stand."""
    if "draft" in request.query_params:
        return _plan_of_draft(context, request, context.known_leaver(ticket_id), operator)
    leaver = context.records.leaver(ticket_id) or context.never_seen(ticket_id)
    found, trouble = look_ahead(context, leaver, {}, operator)
    return plan_response(context, request, leaver, plan=found, trouble=trouble, said={})


def _plan_of_draft(
    context: DeskContext, request: Request, leaver: Leaver, operator: Operator
) -> Response:
    """Show what an answer would lead to; its form, or the leaver, if that is not to be had."""
    origin = origin_of_request(request)
    draft = context.drafts.read(request)
    if draft is None:
        return RedirectResponse(origin.onward(f"/desk/leavers/{leaver.ticket_id}"), 303)
    if leaver.version != version_of(draft.fields):
        return answered_already(leaver, origin)
    answer = read_sent(draft.fields, leaver, today=context.clock.now().date())
    if answer.errors:
        page = f"/desk/leavers/{leaver.ticket_id}/answer"
        return RedirectResponse(origin.onward(page, draft=draft.key), 303)
    refuse_choice(context, leaver, answer.corrections)
    plan, trouble = look_ahead(context, leaver, answer.corrections, operator)
    return plan_response(
        context,
        request,
        leaver,
        plan=plan,
        trouble=trouble,
        said=answer.corrections,
        answer=json.dumps(answer.corrections, default=date.isoformat),
        draft=draft.key,
    )


def look_ahead(
    context: DeskContext, leaver: Leaver, corrections: dict[str, Any], operator: Operator
) -> tuple[PlanPage | None, str | None]:
    """Return the plan as it would be carried out now, or why there is none.

    Raises:
        ActionRefused: Zendesk has no such ticket.
    """
    try:
        preview = context.previews.preview(leaver.ticket_id, corrections, operator=operator.name)
    except NoSuchTicket as error:
        raise ActionRefused(leaver, status=404, sentence=error.problem) from None
    except OutsideError as error:
        return None, str(error)
    return plan_page(preview, context.wording), None


def plan_response(
    context: DeskContext,
    request: Request,
    leaver: Leaver,
    *,
    plan: PlanPage | None,
    trouble: str | None,
    said: dict[str, Any],
    answer: str = "{}",
    draft: str = "",
) -> Response:
    """Show a plan, to be confirmed if there is something to confirm.

    Args:
        context: see there.
        request: the browser's.
        leaver: whose plan it is.
        plan: None if it can't be made.
        trouble: why it can't.
        said: the answer that led to it, as corrections.
        answer: the same as JSON.
        draft: under which it is kept, so that it can be changed; see `Drafts`.
    """
    return context.renderer.page(
        request,
        "plan.html",
        status=503 if trouble else 200,
        leaver=leaver,
        plan=plan,
        trouble=trouble,
        said=said,
        answer=answer,
        draft=draft,
    )
