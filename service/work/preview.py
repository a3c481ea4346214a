"""The leaver as it would end now: the same reading and deciding, and no writing."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from service.domain.after_date import AfterDate
from service.domain.cards import PlannedCard
from service.domain.corrections import Corrections, merge
from service.domain.drafts import Outcome, SetAside
from service.domain.errors import PermanentError, TransientError
from service.domain.finished_plan import Plan
from service.domain.reasons import Reason, ReasonCode
from service.domain.removal.seen import RemovalState
from service.domain.ticket import Ticket
from service.domain.ticket_updates import TicketChange, change_of
from service.guard.shutdown import ShuttingDown
from service.records.leaver import Leaver, State
from service.records.queries import Records
from service.records.run import Result, Run
from service.records.runs import Runs
from service.work.decide import Decider, NoSuchTicket
from service.work.removal_preview import RemovalPreview, RemovalPreviews
from service.work.result import result_of, unread_result


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A leaver as it would end now, and all that would be done.

    Attributes:
        leaver: as it would end.
        plan: what would be done, finished; None if nothing can be.
        change: the update that the ticket would get; None if it lacks nothing.
        template: the template card of the plan's card, by id or short link, or None.
        is_closed: the ticket is closed, so that it can't be changed.
        removal: the pull request of the leaving date, as it would be now; None if none would.
    """

    leaver: Leaver
    plan: Plan | None
    change: TicketChange | None
    template: str | None
    is_closed: bool
    removal: RemovalPreview | None = None

    @property
    def card(self) -> PlannedCard | None:
        """The leaver's card as it would be, or None."""
        return self.plan.card if self.plan else None

    @property
    def digest(self) -> str | None:
        """What identifies the plan when it is confirmed; None if there is nothing to confirm."""
        return self.plan.digest if self.plan and self.leaver.state is State.DONE else None


class Previews:
    """Shows what would be done for a ticket.

    Args:
        decider: decides as a run does.
        runs: the records of runs.
        records: the records as operators see them.
        templates: role to the template card's id or short link.
        removals: show the pull requests of the leaving date; None if none are wanted.
    """

    def __init__(
        self,
        *,
        decider: Decider,
        runs: Runs,
        records: Records,
        templates: dict[str, str],
        removals: RemovalPreviews | None = None,
    ) -> None:
        self._removals = removals
        self._decider = decider
        self._runs = runs
        self._records = records
        self._templates = templates

    def preview(self, ticket_id: int, corrections: dict[str, Any], *, operator: str) -> Preview:
        """Return the leaver as it would end, and what would be done, if an operator ran it now.

        Raises:
            NoSuchTicket: Zendesk has no such ticket.
            TransientError: a vendor can't be reached, or the service is shutting down.
        """
        run = self._runs.hypothetical_run(ticket_id, operator=operator)
        said = merge(run.corrections, corrections) if corrections else run.corrections
        run = run.with_corrections(said)
        try:
            decision = self._decider.decide(run, is_preview=True)
        except NoSuchTicket:
            if said.set_aside is None:
                raise
            # Nothing needs to be read for that.
            result = unread_result(said.set_aside, run.card)
            plan = Plan(draft=SetAside(reasons=result.reasons))
            return self._preview(run, result, plan, ticket=None)
        except ShuttingDown:
            raise TransientError(
                "The service",
                "It is just stopping. Try again in a minute.",
                code=ReasonCode.SHUTTING_DOWN,
            ) from None
        except PermanentError as failure:
            return self._preview(run, _failing(failure, said), None, ticket=None)
        found = self._preview(run, result_of(decision), decision.plan, ticket=decision.ticket)
        if self._removals is None:
            return found
        return replace(found, removal=self._removals.of(decision, decision.plan))

    def _preview(
        self, run: Run, result: Result, plan: Plan | None, *, ticket: Ticket | None
    ) -> Preview:
        known = self._records.leaver(run.ticket_id)
        if known and result.keeps_details:
            result = _with_details_of(known, result)
        card, step = (plan.card, plan.ticket) if plan else (None, None)
        return Preview(
            leaver=_leaver(run.ticket_id, known, result, card),
            plan=plan,
            template=self._templates.get(card.wanted.role) if card else None,
            change=change_of(ticket, step) if ticket and step else None,
            is_closed=ticket is not None and ticket.status == "closed",
        )


def _leaver(
    ticket_id: int, known: Leaver | None, result: Result, card: PlannedCard | None
) -> Leaver:
    now = datetime.now(UTC)
    return Leaver(
        ticket_id=ticket_id,
        state=result.state,
        outcome=result.outcome,
        entry=result.entry,
        name=result.name,
        email=result.email,
        leaving_date=result.leaving_date,
        card_url=(card and card.url) or (known and known.card_url) or None,
        reason=result.reason,
        reason_code=result.reason_code,
        after_date=_after_date(known, result, card, now) if known else None,
        removal=known.removal if known else RemovalState.NONE,
        pull_request_url=known.pull_request_url if known else None,
        candidates=result.candidates or [],
        received_at=known.received_at if known else now,
        updated_at=known.updated_at if known else now,
        history=known.history if known else (),
        found=result.found or {},
    )


def _after_date(
    known: Leaver, result: Result, card: PlannedCard | None, now: datetime
) -> str | None:
    """Return how the leaver would stand; None if it is set aside, or the date is ahead."""
    is_ahead = bool(card and card.due and card.due > now)
    if result.outcome is Outcome.SET_ASIDE or (is_ahead and known.after_date != AfterDate.OVER):
        return None
    return known.after_date


def _with_details_of(known: Leaver, result: Result) -> Result:
    return replace(
        result,
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
        reasons=(Reason(failure.code, str(failure)),),
        name=said.name,
        email=said.email,
        leaving_date=said.leaving_date,
    )
