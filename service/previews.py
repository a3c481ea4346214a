"""The leaver as it would end now: the same reading and deciding, and no writing."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from integrations.trello import Trello
from service.cards import known_card
from service.decision import Decision
from service.domain import wording
from service.domain.cards import OtherDate, decide_card
from service.domain.confirmed import digest_of
from service.domain.corrections import Corrections, merge
from service.domain.errors import Lasting, Passing
from service.domain.plan import Ask, MakeCard
from service.endings import ending_of
from service.leavers import Leaver, State
from service.process import NoSuchTicket, Processing
from service.records import Records
from service.responses import CardResponse, PreviewResponse, leaver_response
from service.runs import Ending, Run, Runs
from service.stopping import Stopping


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanNow:
    """What would be done now.

    Attributes:
        leaver: as it would end.
        entry: the person's entry, as the record keeps it, or None.
        found: where each detail was found; under ``person``, what speaks for the entry.
        card_head: how the card's description begins; empty where there is no card.
        digest: by which the plan is known again; None where there is nothing to confirm.
        is_closed: the ticket is closed, so that it can't be changed.
    """

    leaver: PreviewResponse
    entry: dict[str, Any] | None
    found: dict[str, Any]
    card_head: str
    digest: str | None
    is_closed: bool


class Previews:
    """Shows what would be done for a ticket.

    Args:
        processing: the use case.
        trello: to see whether the person has a card already.
        runs: the records of runs.
        records: the records as operators see them.
        templates: role to the template card's id or short link.
    """

    def __init__(
        self,
        *,
        processing: Processing,
        trello: Trello,
        runs: Runs,
        records: Records,
        templates: dict[str, str],
    ) -> None:
        self._processing = processing
        self._trello = trello
        self._runs = runs
        self._records = records
        self._templates = templates

    def preview(
        self, ticket_id: int, corrections: dict[str, Any], *, operator: str
    ) -> PreviewResponse:
        """Return the leaver as it would end if an operator ran the ticket now.

        Raises:
            NoSuchTicket: Zendesk has no such ticket.
            Passing: a vendor can't be reached.
        """
        return self.plan(ticket_id, corrections, operator=operator).leaver

    def plan(self, ticket_id: int, corrections: dict[str, Any], *, operator: str) -> PlanNow:
        """Return the plan as an operator is asked to confirm it.

        Raises:
            NoSuchTicket: Zendesk has no such ticket.
            Passing: a vendor can't be reached, or the service is just ending.
        """
        run = self._runs.imagine(ticket_id, operator=operator)
        said = merge(run.corrections, corrections) if corrections else run.corrections
        run = run.with_corrections(said)
        card, card_head, digest, is_closed = None, "", None, False
        try:
            decision = self._processing.decide(run, is_preview=True)
            plan = decision.plan
            is_closed = decision.ticket.status == "closed"
            if isinstance(plan, MakeCard) and self._is_due_otherwise(run, decision, plan):
                plan = Ask(reason=wording.OTHER_LEAVING_DATE)
            ending = ending_of(plan, decision)
            digest = None if isinstance(plan, Ask) else digest_of(plan)
            if isinstance(plan, MakeCard):
                card_head = plan.card.head
                card = CardResponse(
                    name=plan.card.name,
                    due=plan.card.due,
                    template=self._templates[plan.card.role],
                )
        except NoSuchTicket:
            raise
        except Stopping:
            raise Passing("The service", "It is just ending. Try again in a minute.") from None
        except Lasting as failure:
            ending = _failing(failure, said)
        return PlanNow(
            leaver=self._response(ticket_id, ending, card),
            entry=ending.entry,
            found=ending.found or {},
            card_head=card_head,
            digest=digest,
            is_closed=is_closed,
        )

    def _is_due_otherwise(self, run: Run, decision: Decision, plan: MakeCard) -> bool:
        siblings = self._runs.siblings(run, plan.card.person_keys)
        step = decide_card(
            plan.card,
            on_board=self._trello.open_cards(),
            known=known_card(run, decision),
            sibling_tickets=siblings,
        )
        return isinstance(step, OtherDate)

    def _response(
        self, ticket_id: int, ending: Ending, card: CardResponse | None
    ) -> PreviewResponse:
        known = self._records.leaver(ticket_id)
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
        return PreviewResponse(**leaver_response(leaver).model_dump(), card=card)


def _failing(failure: Lasting, said: Corrections) -> Ending:
    return Ending(
        state=State.FAILED,
        reason=str(failure),
        name=said.name,
        email=said.email,
        leaving_date=said.leaving_date,
    )
