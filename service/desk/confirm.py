"""Confirming exactly what was shown, or trying again; the second to do so is shown the first."""

import logging
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi.concurrency import run_in_threadpool
from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from service.config.operator_tokens import Operator, operator_id
from service.desk.context import Context, DeskContext
from service.desk.links import Origin, origin_of
from service.desk.problems import ActionRefused
from service.desk.signing_in.current_operator import SignedIn, router_for_operators
from service.desk.words import TeamTime, event_words
from service.domain.errors import PermanentError
from service.domain.history import HistoryEvent
from service.records.intake import AnsweredMeanwhile
from service.records.leaver import Leaver
from service.web.corrections import ChoiceRefused, CorrectionsBody, check_choice
from service.web.schemas import TicketId

log = logging.getLogger(__name__)
router = router_for_operators(prefix="/leavers/{ticket_id}")

_REQUESTS = {
    HistoryEvent.RECEIVED,
    HistoryEvent.RECEIVED_AGAIN,
    HistoryEvent.RUN_REQUESTED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LastRequest:
    """The newest request for a run.

    Attributes:
        by: an operator's name, or Zendesk.
        at: when.
        is_answer: an operator asked, and not a webhook or the sweep.
        said: the corrections, in words.
    """

    by: str
    at: datetime
    is_answer: bool
    said: tuple[str, ...]


def last_request(leaver: Leaver, clock: TeamTime) -> LastRequest:
    """Find the newest request in a leaver's history."""
    asked = [number for number, one in enumerate(leaver.history) if one.event in _REQUESTS]
    last = leaver.history[asked[-1]]
    after = leaver.history[asked[-1] + 1 :]
    said = tuple(
        event_words(one, leaver, clock=clock)[1]
        for one in after
        if one.event is HistoryEvent.CORRECTED
    )
    is_answer = last.event is HistoryEvent.RUN_REQUESTED
    return LastRequest(by=last.by, at=last.at, is_answer=is_answer, said=said)


BROKEN_FORM = "The form came incomplete. Go back, load the page again, and send it once more."
_DIGEST = re.compile(r"[0-9a-f]{16}")


@router.get("/already-answered")
def already_answered(
    request: Request, context: Context, operator: SignedIn, ticket_id: TicketId
) -> Response:
    """Show who was first."""
    return _stale(context, request, context.known_leaver(ticket_id), operator)


@router.get("/confirm")
@router.get("/retry")
def show_instead(ticket_id: TicketId) -> Response:
    """Show the leaver."""
    # The address of a form that was sent, opened again.
    return RedirectResponse(f"/desk/leavers/{ticket_id}", 303)


@router.post("/confirm")
async def confirm(request: Request, context: Context, ticket_id: TicketId) -> Response:
    """Run the ticket with an answer, if its plan is still what was shown."""
    operator, sent = await context.forms.read_answer(request)
    corrections = _corrections(sent.get("answer", ""))
    digest = sent.get("plan", "")
    if not _DIGEST.fullmatch(digest):
        raise HTTPException(422, BROKEN_FORM)
    known = await run_in_threadpool(context.records.leaver, ticket_id)
    origin = origin_of(sent.get("from"))
    if known and known.version != version_of(sent):
        return answered_already(known, origin)
    leaver = known or context.never_seen(ticket_id)
    try:
        await run_in_threadpool(refuse_choice, context, leaver, corrections)
    except ActionRefused:
        if not sent.get("draft"):
            raise
        # The plan's own page says why, and can be gone back to.
        page = origin.onward(f"/desk/leavers/{ticket_id}/plan", draft=sent["draft"])
        return RedirectResponse(page, 303)
    return await _take_in(
        context, leaver, operator, corrections=corrections, plan=digest, origin=origin
    )


@router.post("/retry")
async def retry(request: Request, context: Context, ticket_id: TicketId) -> Response:
    """Run the ticket again as it is."""
    operator, sent = await context.forms.read_answer(request)
    leaver = await run_in_threadpool(context.known_leaver, ticket_id)
    origin = origin_of(sent.get("from"))
    if leaver.version != version_of(sent):
        return answered_already(leaver, origin)
    # What was confirmed stays what may be done, however often it is tried.
    plan = leaver.confirmed_plan
    return await _take_in(context, leaver, operator, corrections={}, plan=plan, origin=origin)


def refuse_choice(context: DeskContext, leaver: Leaver, corrections: dict[str, Any]) -> None:
    """Refuse an entry that may not be chosen.

    Raises:
        ActionRefused: see there.
    """
    try:
        check_choice(corrections, leaver, context.lists)
    except ChoiceRefused as refused:
        sentence = f"The entry that you chose {refused.problem}"
        raise ActionRefused(leaver, status=refused.status, sentence=sentence) from None
    except PermanentError as failure:
        raise ActionRefused(leaver, status=409, sentence=str(failure)) from None


async def _take_in(
    context: DeskContext,
    leaver: Leaver,
    operator: Operator,
    *,
    corrections: dict[str, Any],
    plan: str | None,
    origin: Origin,
) -> Response:
    try:
        await context.intake.from_operator(
            leaver.ticket_id,
            operator=operator.name,
            corrections=corrections,
            version=leaver.version,
            confirmed_plan=plan,
        )
    except AnsweredMeanwhile:
        return answered_already(leaver, origin)
    log.info(
        "run requested",
        extra={"ticket_id": leaver.ticket_id, "operator": operator_id(operator.name)},
    )
    page = f"/desk/leavers/{leaver.ticket_id}"
    response = RedirectResponse(origin.onward(page, answered="1"), 303)
    context.drafts.forget(response, page)
    return response


def answered_already(leaver: Leaver, origin: Origin) -> Response:
    """Lead to the page that says who was first."""
    page = f"/desk/leavers/{leaver.ticket_id}/already-answered"
    return RedirectResponse(origin.onward(page), 303)


def _stale(context: DeskContext, request: Request, leaver: Leaver, operator: Operator) -> Response:
    """Say what was done since the operator looked; nothing of this form is used."""
    request_before = last_request(leaver, context.clock)
    return context.renderer.page(
        request,
        "already_answered.html",
        status=409,
        leaver=leaver,
        last=request_before,
        is_own=request_before.by == operator.name,
    )


def version_of(sent: dict[str, str]) -> int:
    """Return which version of the leaver a form was made for.

    Raises:
        HTTPException: the form does not say.
    """
    text = sent.get("version", "")
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise HTTPException(422, BROKEN_FORM)
    return int(text)


def _corrections(text: str) -> dict[str, Any]:
    try:
        corrections = CorrectionsBody.model_validate_json(text).given()
    except ValidationError:
        raise HTTPException(422, BROKEN_FORM) from None
    # What is said about a leaver whose date has passed has a form of its own.
    if "after_date" in corrections:
        raise HTTPException(422, BROKEN_FORM)
    return corrections
