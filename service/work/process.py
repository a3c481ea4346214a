"""The use case: a leaver ticket becomes a card and a solved ticket, or a question for a person."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date

from integrations.zendesk.client import TicketClosed, Zendesk
from service.domain import ticket_updates, wording
from service.domain.errors import PermanentError
from service.domain.matching.find_leaver import find_leaver
from service.domain.matching.match_person import MatchingPolicy, NoMatch
from service.domain.plan import (
    Ask,
    Decision,
    Facts,
    MakeCard,
    NoAccess,
    Policy,
    SetAside,
    digest_of,
    make_plan,
    set_aside,
    with_corrections,
)
from service.domain.reading.details import read_details
from service.domain.ticket import FieldIds, Ticket
from service.domain.ticket_updates import TicketChange
from service.guard.daily_limit import DailyLimit, DailyLimitReached, kinds_of
from service.records.runs import Result, Run, Runs
from service.work.access_lists import AccessLists
from service.work.dry_run import DryRun
from service.work.ensure_card import CardKeeper, card_left
from service.work.result import over_daily_limit, plan_changed, result_of, unread_result

NO_SUCH_TICKET = "There is no ticket with this number, or the service may not see it."


class NoSuchTicket(PermanentError):
    """Zendesk has no ticket with this number."""

    def __init__(self) -> None:
        super().__init__("Zendesk", NO_SUCH_TICKET, status=404)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The settings that a leaver is processed by."""

    policy: Policy
    matching: MatchingPolicy
    fields: FieldIds
    is_dry_run: bool
    daily_limit: int
    today: Callable[[], date] = field(repr=False)


class Processing:
    """Processes tickets: reads afresh each time, and writes only what is missing."""

    def __init__(
        self,
        *,
        zendesk: Zendesk,
        cards: CardKeeper,
        lists: AccessLists,
        runs: Runs,
        caps: DailyLimit,
        rules: Rules,
    ) -> None:
        self._zendesk = zendesk
        self._lists = lists
        self._runs = runs
        self._rules = rules
        self._caps = caps
        self._cards = cards
        self._rehearsal = DryRun(self._cards, runs, timezone=rules.policy.timezone)

    def process(self, run: Run) -> None:
        """Bring one ticket to its end, as far as can be done without a person.

        Raises:
            TransientError: a vendor failed for now; run it again later.
            PermanentError: somebody must mend something first.
            LeaseLost: another worker goes on with this ticket.
        """
        try:
            decision = self.decide(run)
        except NoSuchTicket:
            aside = run.corrections.set_aside
            if aside is None:
                raise
            self._set_aside(run, unread_result(aside, card_left=card_left(run)))
            return
        if run.confirmed_plan not in {None, digest_of(decision.plan)}:
            self._refuse_other_plan(run, decision)
            return
        if self._rules.is_dry_run:
            self._rehearsal.rehearse(run, decision)
            return
        try:
            self._carry_out(run, decision)
        except DailyLimitReached:
            self._hold_back(run, decision)

    def _carry_out(self, run: Run, decision: Decision) -> None:
        match decision.plan:
            case MakeCard() as plan:
                self._make_card(run, decision, plan)
            case NoAccess():
                self._solve_without_card(run, decision)
            case Ask() as plan:
                self._ask(run, decision, plan)
            case SetAside():
                card = card_left(run, decision)
                self._set_aside(run, result_of(decision.plan, decision, card_left=card))

    def decide(self, run: Run, *, is_preview: bool = False) -> Decision:
        """Read everything afresh and make the plan; nothing is written to a vendor.

        Raises:
            NoSuchTicket: see there.
            TransientError: a vendor failed for now.
            PermanentError: somebody must mend something first.
        """
        ticket = self._zendesk.ticket(run.ticket_id)
        if ticket is None:
            raise NoSuchTicket
        details = read_details(ticket, fields=self._rules.fields, today=self._rules.today())
        details = with_corrections(details, run.corrections)
        facts = Facts(
            ticket=ticket,
            details=details,
            finding=NoMatch(),
            corrections=run.corrections,
            is_wanted_by_operator=run.is_wanted_by_operator,
            was_asked=run.was_asked or run.is_left_to_people,
        )
        if aside := set_aside(facts, self._rules.policy):
            # Nobody is looked for: this must work while the lists can't be read, too.
            return Decision(facts=facts, plan=aside)
        directory = self._lists.current(
            accepted=run.told_of_losses if run.operator else {}, remembers=not is_preview
        )
        finding = find_leaver(details, run.corrections, directory, policy=self._rules.matching)
        facts = replace(facts, finding=finding)
        return Decision(facts=facts, plan=make_plan(facts, self._rules.policy))

    def _make_card(self, run: Run, decision: Decision, plan: MakeCard) -> None:
        card = self._cards.ensure(run, plan, decision)
        if card is None and run.confirmed_plan:
            asking = replace(decision, plan=Ask(reason=wording.OTHER_LEAVING_DATE))
            self._refuse_other_plan(run, asking)
            return
        if card is None:
            self._ask(run, decision, Ask(reason=wording.OTHER_LEAVING_DATE))
            return
        change = ticket_updates.solved_with_card(
            decision.ticket,
            card_url=card.url,
            wanted_due=plan.card.due,
            card_due=card.due,
            timezone=self._rules.policy.timezone,
            is_anybody_found=plan.entry is not None,
        )
        self._ensure_ticket(run, decision.ticket, change)
        self._runs.end(run, result_of(plan, decision), event="done", detail=card.url)

    def _solve_without_card(self, run: Run, decision: Decision) -> None:
        card = card_left(run, decision)
        change = ticket_updates.solved_without_card(decision.ticket, card_url=card)
        self._ensure_ticket(run, decision.ticket, change)
        ending = result_of(decision.plan, decision, card_left=card)
        self._runs.end(run, ending, event="done", detail=ending.reason or "")

    def _set_aside(self, run: Run, ending: Result) -> None:
        self._runs.end(run, ending, event="set aside", detail=ending.reason or "")

    def _ask(self, run: Run, decision: Decision, plan: Ask) -> None:
        change = ticket_updates.asking(decision.ticket, reason=plan.said_in_ticket)
        self._ensure_ticket(run, decision.ticket, change)
        ending = result_of(plan, decision)
        self._runs.end(run, ending, event="a person is needed", detail=plan.reason)

    def _refuse_other_plan(self, run: Run, decision: Decision) -> None:
        """Write nothing to a vendor: an operator confirmed another plan than this one."""
        ending = plan_changed(decision)
        self._runs.end(run, ending, event="the plan changed", detail=ending.reason or "")

    def _hold_back(self, run: Run, decision: Decision) -> None:
        """Write nothing more to a vendor: too much was written today."""
        ending = over_daily_limit(decision, limit=self._rules.daily_limit)
        self._runs.end(run, ending, event="a person is needed", detail=ending.reason or "")

    def _ensure_ticket(self, run: Run, ticket: Ticket, change: TicketChange | None) -> None:
        if change is None:
            return
        if ticket.status == "closed":
            self._runs.note(run, "ticket left as it is", wording.TICKET_IS_CLOSED)
            return
        try:
            with self._caps.counted(run, *kinds_of(change)):
                self._zendesk.change_ticket(ticket, change)
        except TicketClosed:
            self._runs.note(run, "ticket left as it is", wording.TICKET_IS_CLOSED)
        else:
            self._runs.note(run, "ticket solved" if change.solve else "ticket updated")
