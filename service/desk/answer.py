"""Answering a question: choose, then look at what will be done."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from fastapi.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from service.desk.answer_form import Form, read_sent
from service.desk.confirm import answered_already, version_of
from service.desk.context import Context, DeskContext
from service.desk.forms import read_typed_date
from service.desk.links import origin_of
from service.desk.offered_answers import (
    date_hint,
    is_chosen_card_gone,
    is_date_alone_missing,
    likely_people,
    offered_cards,
    prepared_answer,
    prepared_date,
)
from service.desk.signing_in.current_operator import router_for_operators
from service.domain.access_lists.entries import Entry
from service.domain.candidates import differences, said_by
from service.domain.errors import OutsideError
from service.domain.identity import keys_of_entries
from service.domain.removal.tree import lines_of
from service.domain.ticket_lines import Passage, passages_of
from service.records.leaver import Leaver, State
from service.records.queries import PersonsCard
from service.web.schemas import TicketId
from service.work.access_lists import ReadLists

router = router_for_operators(prefix="/leavers/{ticket_id}")


@router.get("/answer")
def ask(request: Request, context: Context, ticket_id: TicketId) -> Response:
    """Show the form, empty or as it was filled in."""
    leaver = context.known_leaver(ticket_id)
    draft = context.drafts.read(request)
    if draft is None:
        is_whole = "all" in request.query_params
        form = Form.for_leaver(leaver)
        return _form_page(context, request, leaver, form, errors={}, is_whole=is_whole)
    form = Form.of(draft.fields, leaver)
    errors = read_sent(draft.fields, leaver, today=context.clock.now().date()).errors
    is_whole = "name" in draft.fields
    return _form_page(context, request, leaver, form, errors=errors, is_whole=is_whole)


@router.post("/answer")
async def answer(request: Request, context: Context, ticket_id: TicketId) -> Response:
    """Keep what was sent, and lead on: to the plan, or back to the form."""
    _, sent = await context.forms.read_answer(request)
    leaver = await run_in_threadpool(context.known_leaver, ticket_id)
    origin = origin_of(sent.get("from"))
    if leaver.version != version_of(sent):
        return answered_already(leaver, origin)
    is_whole = not read_sent(sent, leaver, today=context.clock.now().date()).errors
    key = context.drafts.new_key()
    page = f"/desk/leavers/{ticket_id}"
    onward = origin.onward(f"{page}/{'plan' if is_whole else 'answer'}", draft=key)
    response = RedirectResponse(onward, 303)
    context.drafts.keep(request, response, page, key=key, sent=sent)
    return response


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
        leaving_dates=[*filter(None, (leaver.leaving_date, prepared_date(leaver)))],
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
        is_chosen_card_gone=is_chosen_card_gone(leaver),
        prepared=prepared_answer(leaver),
        asks_date_alone=is_date_alone_missing(leaver) and not is_whole,
        doubtful_date=errors.get("confirm_date") and read_typed_date(form.date_parts),
        has_said=bool(leaver.said),
        is_running=leaver.state == State.RUNNING,
    )


# Composing a file of this size takes about a second.
_LARGEST_FILE = 256 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an entry stands in the lists as they are now.

    Attributes:
        commit: of the lists.
        position: in the file, such as ``entry 12``.
        line: its number; None if it is not known.
    """

    commit: str
    position: str
    line: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownCandidate:
    """One of the entries that may be the leaver's.

    Attributes:
        entry: as the lists have it now, or as it was when the question was asked.
        said: what it says, by label.
        only: what it says and the other candidates do not; an empty value is one that it lacks.
        evidence: what speaks for it.
        place: None if the lists can't be read, or the entry has gone.
        has_gone: the lists were read, and it is not in them.
        cards: those of the person that our own record knows.
    """

    entry: Entry
    said: tuple[tuple[str, str], ...]
    only: tuple[tuple[str, str], ...]
    evidence: tuple[str, ...]
    place: Place | None
    has_gone: bool
    cards: tuple[PersonsCard, ...]


def shown_candidates(context: DeskContext, leaver: Leaver) -> list[ShownCandidate]:
    """Return the entries that may be the leaver's, as far as can be known now."""
    likely = likely_people(leaver)
    if not likely:
        return []
    lists = _lists(context)
    listed = [_listed(one, lists) for one in likely]
    entries = [now or _recorded(one) for one, now in zip(likely, listed, strict=True)]
    lines = _lines(lists, [entry for entry in listed if entry]) if lists else {}
    keys = [keys_of_entries([entry]) for entry in entries]
    cards = context.records.cards_of_people(frozenset[str]().union(*keys))
    return [
        ShownCandidate(
            entry=entry,
            said=said_by(entry),
            only=only,
            evidence=tuple(one.get("evidence", ())),
            place=_place(lists, entry, lines) if lists and now else None,
            has_gone=lists is not None and now is None,
            cards=tuple(card for card in cards if card.person_keys & own),
        )
        for one, now, entry, only, own in zip(
            likely, listed, entries, differences(entries), keys, strict=True
        )
    ]


def _lists(context: DeskContext) -> ReadLists | None:
    try:
        return context.lists.read()
    except OutsideError:
        return None


def _listed(candidate: dict[str, Any], lists: ReadLists | None) -> Entry | None:
    found = lists.directory.by_id(candidate["id"]) if lists else ()
    return next((entry for entry in found if entry.file == candidate["file"]), None)


def _recorded(candidate: dict[str, Any]) -> Entry:
    return Entry(
        id=candidate["id"],
        file=candidate["file"],
        position="",
        name=candidate["name"],
        email=candidate["email"],
        github=candidate.get("github"),
        ssh=candidate.get("user_name"),
    )


def _lines(lists: ReadLists, entries: Iterable[Entry]) -> dict[tuple[str, str], int]:
    entries = tuple(entries)
    found: dict[tuple[str, str], int] = {}
    for file in {entry.file for entry in entries}:
        text = lists.texts[file]
        if len(text) <= _LARGEST_FILE:
            here = [entry.position for entry in entries if entry.file == file]
            lines = lines_of(text.decode("utf-8", "replace"), here)
            found |= {(file, position): line for position, line in lines.items()}
    return found


def _place(lists: ReadLists, entry: Entry, lines: dict[tuple[str, str], int]) -> Place:
    line = lines.get((entry.file, entry.position))
    return Place(commit=lists.commit, position=entry.position, line=line)
