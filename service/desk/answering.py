"""Answering what is asked: choose, look at what will be done, confirm exactly that."""

import json
import re
from datetime import date
from typing import Any

from fastapi import APIRouter
from fastapi.concurrency import run_in_threadpool
from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from service.config.operator_tokens import Operator
from service.desk.answers import Form, date_hint, read_answer
from service.desk.last_request import last_request
from service.desk.leaver_pages import known_leaver, look_ahead, never_seen, plan_response
from service.desk.parts import Parts
from service.desk.problems import Refused
from service.domain.errors import PermanentError
from service.records.intake import AnsweredMeanwhile
from service.records.leaver import Leaver, State
from service.web.corrections import ChoiceRefused, CorrectionsBody, check_choice
from service.web.schemas import TicketId

BROKEN_FORM = "The form came incomplete. Go back, load the page again, and send it once more."
_DIGEST = re.compile(r"[0-9a-f]{16}")


def answering_router(parts: Parts) -> APIRouter:
    """Build the routes of an answer."""
    router = APIRouter(prefix="/leavers/{ticket_id}")

    @router.get("/answer")
    def ask(request: Request, ticket_id: TicketId) -> Response:
        parts.visitors.of_request(request)
        leaver = known_leaver(parts, ticket_id)
        return _form_page(parts, request, leaver, Form.for_leaver(leaver), errors={})

    @router.post("/answer")
    async def preview(request: Request, ticket_id: TicketId) -> Response:
        operator, sent = await parts.forms.read_answer(request)
        return await run_in_threadpool(_preview, parts, request, ticket_id, operator, sent)

    @router.get("/confirm")
    @router.get("/retry")
    def show_instead(request: Request, ticket_id: TicketId) -> Response:
        # The address of a form that was sent, opened anew.
        parts.visitors.of_request(request)
        return RedirectResponse(f"/desk/leavers/{ticket_id}", 303)

    @router.post("/confirm")
    async def confirm(request: Request, ticket_id: TicketId) -> Response:
        operator, sent = await parts.forms.read_answer(request)
        corrections = _corrections(sent.get("answer", ""))
        digest = sent.get("plan", "")
        if not _DIGEST.fullmatch(digest):
            raise HTTPException(422, BROKEN_FORM)
        known = await run_in_threadpool(parts.records.leaver, ticket_id)
        if known and known.version != _version(sent):
            return _stale(parts, request, known, operator)
        leaver = known or never_seen(ticket_id, parts)
        await run_in_threadpool(_check_choice, parts, leaver, corrections)
        return await _take_in(
            parts, request, leaver, operator, corrections=corrections, plan=digest
        )

    @router.post("/retry")
    async def retry(request: Request, ticket_id: TicketId) -> Response:
        operator, sent = await parts.forms.read_answer(request)
        leaver = await run_in_threadpool(known_leaver, parts, ticket_id)
        if leaver.version != _version(sent):
            return _stale(parts, request, leaver, operator)
        # What was confirmed stays what may be done, however often it is tried.
        plan = leaver.confirmed_plan
        return await _take_in(parts, request, leaver, operator, corrections={}, plan=plan)

    return router


def _preview(
    parts: Parts, request: Request, ticket_id: int, operator: Operator, sent: dict[str, str]
) -> Response:
    leaver = known_leaver(parts, ticket_id)
    if leaver.version != _version(sent):
        return _stale(parts, request, leaver, operator)
    form = Form.of(sent, leaver)
    if "change" in sent:
        return _form_page(parts, request, leaver, form, errors={})
    answer = read_answer(form, leaver)
    if answer.errors:
        return _form_page(parts, request, leaver, form, errors=answer.errors)
    _check_choice(parts, leaver, answer.corrections)
    plan, trouble = look_ahead(parts, leaver, answer.corrections, operator)
    return plan_response(
        parts,
        request,
        leaver,
        plan=plan,
        trouble=trouble,
        said=answer.corrections,
        answer=json.dumps(answer.corrections, default=date.isoformat),
        form=form,
    )


def _check_choice(parts: Parts, leaver: Leaver, corrections: dict[str, Any]) -> None:
    try:
        check_choice(corrections, leaver, parts.lists)
    except ChoiceRefused as refused:
        sentence = f"The entry that you chose {refused.problem}"
        raise Refused(leaver, status=refused.status, sentence=sentence) from None
    except PermanentError as failure:
        raise Refused(leaver, status=409, sentence=str(failure)) from None


async def _take_in(
    parts: Parts,
    request: Request,
    leaver: Leaver,
    operator: Operator,
    *,
    corrections: dict[str, Any],
    plan: str | None,
) -> Response:
    try:
        await parts.intake.from_operator(
            leaver.ticket_id,
            operator=operator.name,
            corrections=corrections,
            version=leaver.version,
            confirmed_plan=plan,
        )
    except AnsweredMeanwhile:
        now = await run_in_threadpool(known_leaver, parts, leaver.ticket_id)
        return _stale(parts, request, now, operator)
    return RedirectResponse(f"/desk/leavers/{leaver.ticket_id}", 303)


def _stale(parts: Parts, request: Request, leaver: Leaver, operator: Operator) -> Response:
    """Say what was done since the operator looked; nothing of this form is taken in."""
    request_before = last_request(leaver)
    return parts.renderer.page(
        request,
        "stale.html",
        status=409,
        leaver=leaver,
        last=request_before,
        is_own=request_before.by == operator.name,
    )


def _form_page(
    parts: Parts, request: Request, leaver: Leaver, form: Form, *, errors: dict[str, str]
) -> Response:
    return parts.renderer.page(
        request,
        "answer.html",
        status=422 if errors else 200,
        leaver=leaver,
        form=form,
        errors=errors,
        date_hint=date_hint(leaver),
        choices=_choices(leaver),
        has_said=bool(leaver.said),
        is_running=leaver.state == State.RUNNING,
    )


def _choices(leaver: Leaver) -> list[dict[str, Any]]:
    """Return the entries to choose from: the candidates, or the person found before."""
    return leaver.candidates or list(filter(None, [leaver.entry]))


def _version(sent: dict[str, str]) -> int:
    text = sent.get("version", "")
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise HTTPException(422, BROKEN_FORM)
    return int(text)


def _corrections(text: str) -> dict[str, Any]:
    try:
        return CorrectionsBody.model_validate_json(text).given()
    except ValidationError:
        raise HTTPException(422, BROKEN_FORM) from None
