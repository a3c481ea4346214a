"""The use case: a leaver ticket becomes a card and a solved ticket, or a question for a person."""

from integrations.zendesk.client import TicketClosed, Zendesk
from service.domain.after_the_card import is_something_new
from service.domain.drafts import Outcome
from service.domain.finished_plan import Decision
from service.domain.history import HistoryEvent
from service.domain.ticket import Ticket
from service.domain.ticket_updates import ClearTag, TicketStep, change_of
from service.guard.daily_limit import DailyLimit, DailyLimitReached, kinds_of
from service.records.later import LaterRecords
from service.records.leaver import State
from service.records.run import Result, Run
from service.records.runs import Runs
from service.work.decide import Decider, NoSuchTicket, Rules
from service.work.dry_run import dry_run_result
from service.work.ensure_card import CardKeeper
from service.work.result import (
    gone_result,
    over_daily_limit,
    plan_changed,
    result_of,
    unread_result,
)


class Processing:
    """Processes tickets: reads afresh each time, and writes only what is missing."""

    def __init__(
        self,
        *,
        decider: Decider,
        zendesk: Zendesk,
        cards: CardKeeper,
        runs: Runs,
        daily_limit: DailyLimit,
        later: LaterRecords,
        rules: Rules,
    ) -> None:
        self._decider = decider
        self._zendesk = zendesk
        self._runs = runs
        self._rules = rules
        self._daily_limit = daily_limit
        self._cards = cards
        self._later = later

    def look(self, ticket_id: int, number: int) -> bool:
        """Read a processed ticket again; return whether a run is to be made of it.

        Args:
            ticket_id: whose look it is.
            number: see `LaterRecords.look_wanted`.

        Raises:
            TransientError: Zendesk failed for now.
            PermanentError: somebody must fix something first.
        """
        ticket = self._zendesk.ticket(ticket_id)
        if ticket is None:
            self._later.gone(ticket_id)
            return False
        before = self._later.before(ticket, is_answered=False)
        rules = self._rules
        if is_something_new(ticket, before, rules.policy, fields=rules.fields, today=rules.today()):
            self._later.begin_run(ticket_id)
            return True
        self._later.nothing_new(ticket, look=number)
        return False

    def process(self, run: Run) -> Result:
        """Bring one ticket to its end, as far as can be done without a person; return the end.

        Raises:
            TransientError: a vendor failed for now; run it again later.
            PermanentError: somebody must fix something first.
            LeaseLost: another worker goes on with this ticket.
        """
        try:
            decision = self._decider.decide(run, is_preview=False)
        except NoSuchTicket:
            if run.corrections.set_aside:
                return self._end(run, unread_result(run.corrections.set_aside, run.card))
            return self._settle_without_ticket(run)
        if run.confirmed_plan not in {None, decision.plan.digest}:
            # Nothing is written to a vendor: an operator confirmed another plan than this one.
            return self._end(run, plan_changed(decision), event=HistoryEvent.PLAN_CHANGED)
        if self._rules.is_dry_run:
            result = dry_run_result(decision, timezone=self._rules.policy.timezone)
            return self._end(run, result)
        return self._carry_out(run, decision)

    def _settle_without_ticket(self, run: Run) -> Result:
        """Keep an answer about a processed ticket that was deleted, given on its follow-up.

        Raises:
            NoSuchTicket: the ticket was not processed, or nobody has answered.
        """
        own = self._later.processed(run.ticket_id)
        if own is None or not run.is_answered:
            raise NoSuchTicket
        return self._end(run, gone_result(own, confirmed=run.corrections.leaving_date))

    def _carry_out(self, run: Run, decision: Decision) -> Result:
        plan, ticket, card_url = decision.plan, decision.plan.ticket, None
        try:
            if plan.card:
                card_url = self._cards.ensure(run, plan.card)
            if ticket:
                if card_url and isinstance(ticket, TicketStep):
                    ticket = ticket.with_card(card_url)
                self._ensure_ticket(run, decision.ticket, ticket)
        except DailyLimitReached:
            # Nothing more is written to a vendor: too much was written today.
            return self._end(run, over_daily_limit(decision, limit=self._rules.daily_limit))
        return self._end(run, result_of(decision), card_url=card_url)

    def _end(
        self,
        run: Run,
        result: Result,
        *,
        event: HistoryEvent | None = None,
        card_url: str | None = None,
    ) -> Result:
        facts = {"card_url": card_url} if card_url else {}
        if result.settled_by:
            facts["by"] = result.settled_by
        if result.dry_run_plan:
            facts["plan"] = result.dry_run_plan["plan"]
        return self._runs.end(run, result, event=event or _event_of(result), **facts)

    def _ensure_ticket(self, run: Run, ticket: Ticket, step: TicketStep | ClearTag) -> None:
        change = change_of(ticket, step)
        if change is None:
            return
        if ticket.status == "closed":
            self._runs.note(run, HistoryEvent.TICKET_LEFT_AS_IS)
            return
        try:
            with self._daily_limit.reserve(run, *kinds_of(change)):
                self._zendesk.change_ticket(ticket, change, lease=self._runs.lease(run))
        except TicketClosed:
            self._runs.note(run, HistoryEvent.TICKET_LEFT_AS_IS)
        else:
            self._runs.note(
                run, HistoryEvent.TICKET_SOLVED if change.solve else HistoryEvent.TICKET_UPDATED
            )


def _event_of(result: Result) -> HistoryEvent:
    if result.dry_run_plan is not None:
        return HistoryEvent.DRY_RUN
    if result.state is State.NEEDS_PERSON:
        return HistoryEvent.NEEDS_PERSON
    if result.is_nothing_new:
        return HistoryEvent.NOTHING_NEW
    if result.settled_by:
        return HistoryEvent.SETTLED
    is_set_aside = result.outcome == Outcome.SET_ASIDE
    return HistoryEvent.SET_ASIDE if is_set_aside else HistoryEvent.DONE
