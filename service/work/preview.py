"""The leaver as it would end now: the same reading and deciding, and no writing."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from service.domain import wording
from service.domain.cards import DueDateConflict, WantedCard
from service.domain.corrections import Corrections, SetAsideAs, merge
from service.domain.errors import PermanentError, TransientError
from service.domain.plan import Ask, MakeCard, NoAccess, SetAside, digest_of
from service.guard.shutdown import ShuttingDown
from service.records.leaver import Leaver, State
from service.records.queries import Records
from service.records.runs import Result, Run, Runs
from service.web.schemas import CardResponse, PreviewResponse, leaver_response
from service.work.ensure_card import CardKeeper, card_left
from service.work.process import NoSuchTicket, Processing
from service.work.result import result_of, unread_result


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanNow:
    """What would be done now.

    Attributes:
        leaver: as it would end.
        entry: the person's entry, as the record keeps it, or None.
        found: where each detail was found; under ``person``, what speaks for the entry.
        card_head: how the card's description begins; empty where there is no card.
        card_left: the link of the card that the ticket has, where the plan wants none.
        digest: by which the plan is known again; None where there is nothing to confirm.
        is_closed: the ticket is closed, so that it can't be changed.
    """

    leaver: PreviewResponse
    entry: dict[str, Any] | None
    found: dict[str, Any]
    card_head: str
    card_left: str | None
    digest: str | None
    is_closed: bool


class Previews:
    """Shows what would be done for a ticket.

    Args:
        processing: the use case.
        cards: knows whether the person has a card already.
        runs: the records of runs.
        records: the records as operators see them.
        templates: role to the template card's id or short link.
    """

    def __init__(
        self,
        *,
        processing: Processing,
        cards: CardKeeper,
        runs: Runs,
        records: Records,
        templates: dict[str, str],
    ) -> None:
        self._processing = processing
        self._cards = cards
        self._runs = runs
        self._records = records
        self._templates = templates

    def preview(
        self, ticket_id: int, corrections: dict[str, Any], *, operator: str
    ) -> PreviewResponse:
        """Return the leaver as it would end if an operator ran the ticket now.

        Raises:
            NoSuchTicket: Zendesk has no such ticket.
            TransientError: a vendor can't be reached.
        """
        return self.plan(ticket_id, corrections, operator=operator).leaver

    def plan(self, ticket_id: int, corrections: dict[str, Any], *, operator: str) -> PlanNow:
        """Return the plan as an operator is asked to confirm it.

        Raises:
            NoSuchTicket: Zendesk has no such ticket.
            TransientError: a vendor can't be reached, or the service is just ending.
        """
        run = self._runs.hypothetical_run(ticket_id, operator=operator)
        said = merge(run.corrections, corrections) if corrections else run.corrections
        run = run.with_corrections(said)
        try:
            return self._plan(run)
        except NoSuchTicket:
            if said.set_aside is None:
                raise
            return self._plan_unread(run, said.set_aside)
        except ShuttingDown:
            raise TransientError(
                "The service", "It is just ending. Try again in a minute."
            ) from None
        except PermanentError as failure:
            return self._plan_now(run, _failing(failure, said))

    def _plan(self, run: Run) -> PlanNow:
        decision = self._processing.decide(run, is_preview=True)
        plan = decision.plan
        if isinstance(plan, MakeCard) and isinstance(
            self._cards.foresee(run, plan, decision), DueDateConflict
        ):
            plan = Ask(reason=wording.OTHER_LEAVING_DATE)
        left = card_left(run, decision) if isinstance(plan, NoAccess | SetAside) else None
        return self._plan_now(
            run,
            result_of(plan, decision, card_left=left),
            card=plan.card if isinstance(plan, MakeCard) else None,
            card_left=left,
            digest=None if isinstance(plan, Ask) else digest_of(plan),
            is_closed=decision.ticket.status == "closed",
        )

    def _plan_unread(self, run: Run, kind: SetAsideAs) -> PlanNow:
        """Set a ticket aside that is not there: nothing needs to be read for that."""
        left = card_left(run)
        return self._plan_now(
            run,
            unread_result(kind, card_left=left),
            card_left=left,
            digest=digest_of(SetAside(reason=wording.SET_ASIDE[kind])),
        )

    def _plan_now(
        self,
        run: Run,
        ending: Result,
        *,
        card: WantedCard | None = None,
        card_left: str | None = None,
        digest: str | None = None,
        is_closed: bool = False,
    ) -> PlanNow:
        known = self._records.leaver(run.ticket_id)
        if known and ending.keeps_details:
            ending = _with_details_of(known, ending)
        return PlanNow(
            leaver=self._response(run.ticket_id, known, ending, card),
            entry=ending.entry,
            found=ending.found or {},
            card_head=card.head if card else "",
            card_left=card_left,
            digest=digest,
            is_closed=is_closed,
        )

    def _response(
        self, ticket_id: int, known: Leaver | None, ending: Result, card: WantedCard | None
    ) -> PreviewResponse:
        now = datetime.now(UTC)
        leaver = Leaver(
            ticket_id=ticket_id,
            state=ending.state,
            outcome=ending.outcome,
            entry=ending.entry,
            name=ending.name,
            email=ending.email,
            leaving_date=ending.leaving_date,
            card_url=known.card_url if known else None,
            reason=ending.reason,
            candidates=ending.candidates or [],
            received_at=known.received_at if known else now,
            updated_at=known.updated_at if known else now,
            history=known.history if known else (),
        )
        shown = card and CardResponse(
            name=card.name, due=card.due, template=self._templates[card.role]
        )
        return PreviewResponse(**leaver_response(leaver).model_dump(), card=shown)


def _with_details_of(known: Leaver, ending: Result) -> Result:
    return replace(
        ending,
        name=known.name,
        email=known.email,
        leaving_date=known.leaving_date,
        entry=known.entry,
        candidates=known.candidates,
        found=known.found,
    )


def _failing(failure: PermanentError, said: Corrections) -> Result:
    return Result(
        state=State.FAILED,
        reason=str(failure),
        name=said.name,
        email=said.email,
        leaving_date=said.leaving_date,
    )
