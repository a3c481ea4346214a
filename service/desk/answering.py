"""Answering what is asked: choose, then look at what will be done."""

import json
from datetime import date

from fastapi import APIRouter
from fastapi.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from service.config.operator_tokens import Operator
from service.desk.answers import Form, date_hint, is_date_alone_missing, offered_cards, read_answer
from service.desk.candidates import shown_candidates
from service.desk.confirming import answered_already, refuse_choice, version_of
from service.desk.context import DeskContext
from service.desk.forms import read_date
from service.desk.leaver_pages import known_leaver, look_ahead, never_seen, plan_response
from service.desk.links import origin_of, origin_of_request
from service.desk.prepared import prepared_answer
from service.domain.errors import OutsideError
from service.domain.ticket_lines import Passage, passages_of
from service.records.leaver import Leaver, State
from service.web.schemas import TicketId


def answering_router(context: DeskContext) -> APIRouter:
    """Build the routes of an answer: each form leads on to a page of its own."""
    router = APIRouter(prefix="/leavers/{ticket_id}")

    @router.get("/answer")
    def ask(request: Request, ticket_id: TicketId) -> Response:
        context.visitors.of_request(request)
        leaver = known_leaver(context, ticket_id)
        draft = context.drafts.read(request)
        if draft is None:
            is_whole = "all" in request.query_params
            form = Form.for_leaver(leaver)
            return _form_page(context, request, leaver, form, errors={}, is_whole=is_whole)
        form = Form.of(draft.fields, leaver)
        errors = read_answer(form, leaver, today=context.clock.now().date()).errors
        is_whole = "name" in draft.fields
        return _form_page(context, request, leaver, form, errors=errors, is_whole=is_whole)

    @router.post("/answer")
    async def answer(request: Request, ticket_id: TicketId) -> Response:
        _, sent = await context.forms.read_answer(request)
        leaver = await run_in_threadpool(known_leaver, context, ticket_id)
        origin = origin_of(sent.get("from"))
        if leaver.version != version_of(sent):
            return answered_already(leaver, origin)
        form = Form.of(sent, leaver)
        is_whole = not read_answer(form, leaver, today=context.clock.now().date()).errors
        key = context.drafts.new_key()
        page = f"/desk/leavers/{ticket_id}/{'plan' if is_whole else 'answer'}"
        response = RedirectResponse(origin.onward(page, draft=key), 303)
        context.drafts.keep(request, response, ticket_id, key=key, sent=sent)
        return response

    @router.get("/plan")
    def plan(request: Request, ticket_id: TicketId) -> Response:
        operator = context.visitors.of_request(request)
        if "draft" in request.query_params:
            return _plan_of_draft(context, request, known_leaver(context, ticket_id), operator)
        leaver = context.records.leaver(ticket_id) or never_seen(ticket_id, context)
        found, trouble = look_ahead(context, leaver, {}, operator)
        return plan_response(context, request, leaver, plan=found, trouble=trouble, said={})

    return router


def _plan_of_draft(
    context: DeskContext, request: Request, leaver: Leaver, operator: Operator
) -> Response:
    """Show what an answer would lead to; its form, or the leaver, where that is not to be had."""
    origin = origin_of_request(request)
    draft = context.drafts.read(request)
    if draft is None:
        return RedirectResponse(origin.onward(f"/desk/leavers/{leaver.ticket_id}"), 303)
    if leaver.version != version_of(draft.fields):
        return answered_already(leaver, origin)
    answer = read_answer(Form.of(draft.fields, leaver), leaver, today=context.clock.now().date())
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


def _words_of_ticket(context: DeskContext, leaver: Leaver) -> tuple[Passage, ...] | None:
    """Read what people wrote in the ticket now, to be shown and not stored; None if it can't be."""
    try:
        ticket = context.zendesk.ticket(leaver.ticket_id)
    except OutsideError:
        return None
    if ticket is None:
        return None
    return passages_of(
        ticket,
        name=leaver.name,
        email=leaver.email,
        leaving_date=leaver.leaving_date,
        today=context.clock.now().date(),
        fields=context.fields,
    )


def _form_page(
    context: DeskContext,
    request: Request,
    leaver: Leaver,
    form: Form,
    *,
    errors: dict[str, str],
    is_whole: bool,
) -> Response:
    return context.renderer.page(
        request,
        "answer.html",
        status=422 if errors else 200,
        leaver=leaver,
        form=form,
        errors=errors,
        date_hint=date_hint(leaver),
        candidates=shown_candidates(context, leaver),
        passages=_words_of_ticket(context, leaver),
        offered_cards=offered_cards(leaver),
        prepared=prepared_answer(leaver),
        asks_date_alone=is_date_alone_missing(leaver) and not is_whole,
        doubtful_date=errors.get("confirm_date") and read_date(form.date_parts),
        has_said=bool(leaver.said),
        is_running=leaver.state == State.RUNNING,
    )
