"""What is to be done about a ticket: everything is read afresh, and the plan is finished."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date

from integrations.zendesk.client import Zendesk
from service.domain import wording
from service.domain.after_the_card import Before, after_the_card
from service.domain.cards import Board, KnownCard
from service.domain.corrections import SetAsideAs, with_corrections
from service.domain.drafts import Ask, Draft, FollowSource, MakeCard, SetAside
from service.domain.errors import PermanentError
from service.domain.facts import Facts, Policy, TicketFacts
from service.domain.finished_plan import Decision, Plan, finish_plan, known_card, wanted_of_source
from service.domain.later_words import fields_digest
from service.domain.matching.find_leaver import find_leaver, without_words_of_subjects
from service.domain.matching.match_person import MatchingPolicy, NoMatch
from service.domain.plan import draft_plan, is_solved_by_hand, set_aside
from service.domain.reading.details import read_details
from service.domain.reasons import ReasonCode
from service.domain.removed import find_removed, is_nobody
from service.domain.ticket import FieldIds, Ticket, value_of
from service.records.later import LaterRecords
from service.records.run import Run
from service.records.runs import Runs
from service.work.access_lists import AccessLists, ReadLists
from service.work.ensure_card import CardKeeper
from service.work.removed_people import RemovedPeople
from service.work.result import where_found

NO_SUCH_TICKET = "There is no ticket with this number, or the service may not see it."


class NoSuchTicket(PermanentError):
    """Zendesk has no ticket with this number."""

    def __init__(self) -> None:
        super().__init__("Zendesk", NO_SUCH_TICKET, code=ReasonCode.ZENDESK_NO_TICKET, status=404)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The settings that a leaver is processed by."""

    policy: Policy
    matching: MatchingPolicy
    fields: FieldIds
    is_dry_run: bool
    daily_limit: int
    today: Callable[[], date] = field(repr=False)


class Decider:
    """Decides about tickets; nothing that it does is written to a vendor."""

    def __init__(
        self,
        *,
        zendesk: Zendesk,
        cards: CardKeeper,
        lists: AccessLists,
        removed: RemovedPeople,
        runs: Runs,
        later: LaterRecords,
        rules: Rules,
    ) -> None:
        self._zendesk = zendesk
        self._cards = cards
        self._lists = lists
        self._removed = removed
        self._runs = runs
        self._later = later
        self._rules = rules

    def decide(self, run: Run, *, is_preview: bool) -> Decision:
        """Read everything afresh and finish the plan; nothing is written to a vendor.

        Raises:
            NoSuchTicket: see there.
            TransientError: a vendor failed for now.
            PermanentError: somebody must fix something first.
        """
        ticket = self._zendesk.ticket(run.ticket_id)
        if ticket is None:
            raise NoSuchTicket
        before = self._later.before(ticket, is_answered=run.is_answered)
        # Of a processed ticket the record says what is known, and what is new is compared with it.
        known = self._read(run, ticket, is_kept=not is_preview and before.own is None)
        facts, draft = self._draft(run, known, before, is_preview=is_preview)
        return Decision(
            facts=facts,
            plan=self._finish(
                run, known, draft, source_card=before.source_card, is_preview=is_preview
            ),
            was_processed=before.own is not None,
            source_ticket_id=before.source.ticket_id if before.source else None,
            fields_digest=fields_digest(ticket, self._rules.fields),
        )

    def _read(self, run: Run, ticket: Ticket, *, is_kept: bool) -> TicketFacts:
        """Return what the ticket and the operators say; kept, whatever fails later shows it."""
        details = read_details(ticket, fields=self._rules.fields, today=self._rules.today())
        details = with_corrections(details, run.corrections)
        if is_kept:
            self._runs.details_are_read(
                run,
                name=value_of(details.name),
                email=value_of(details.email),
                leaving_date=value_of(details.leaving_date),
                where=where_found(details),
            )
        return TicketFacts(
            ticket=ticket,
            details=details,
            corrections=run.corrections,
            operator_override=run.operator_override,
            was_handed_to_person=run.was_handed_to_person or run.ended_in_dry_run,
            is_operators=run.operator is not None,
        )

    def _draft(
        self, run: Run, known: TicketFacts, before: Before, *, is_preview: bool
    ) -> tuple[TicketFacts, Draft]:
        """Return what the ticket needs, and all that is known by then: the lists only if needed."""
        rules = self._rules
        draft = after_the_card(
            known, before, rules.policy, fields=rules.fields, today=rules.today()
        ) or set_aside(known, rules.policy)
        if draft:
            return known, draft
        # Only now: setting aside must work while the lists can't be read, too.
        lists = self._lists.current_lists(
            accepted=run.reported_list_losses if run.operator else {}, remembers=not is_preview
        )
        facts = self._find(known, lists)
        return facts, draft_plan(facts, rules.policy)

    def _finish(
        self,
        run: Run,
        known: TicketFacts,
        draft: Draft,
        *,
        source_card: KnownCard | None,
        is_preview: bool,
    ) -> Plan:
        """Settle a draft against the board, which is looked at if the draft needs a card."""
        timezone = self._rules.policy.timezone
        card = known_card(run.card, known.ticket)
        if known.corrections.set_aside is SetAsideAs.CANCELLED:
            # The card to be archived by people is that of the ticket that is followed.
            card = card or source_card
        board = Board(known=card)
        look = self._cards.foresee if is_preview else self._cards.look
        if isinstance(draft, MakeCard):
            board = look(run, draft.card, board.known)
        elif isinstance(draft, FollowSource) and draft.known_card:
            board = look(run, wanted_of_source(draft, draft.known_card), draft.known_card)
        plan = finish_plan(draft, board, timezone=timezone)
        is_asked_by_board = isinstance(draft, MakeCard) and isinstance(plan.draft, Ask)
        if is_asked_by_board and is_solved_by_hand(known):
            # What the board raises is not asked about a ticket that a person has solved.
            by_hand = SetAside(reasons=(wording.SOLVED_BY_HAND,))
            return finish_plan(by_hand, board, timezone=timezone)
        return plan

    def _find(self, known: TicketFacts, lists: ReadLists) -> Facts:
        """Look for the leaver in the lists, then among those who left them lately."""
        details, corrections, matching = known.details, known.corrections, self._rules.matching
        details = without_words_of_subjects(details, lists.directory)
        known = replace(known, details=details)
        finding = find_leaver(details, corrections, lists.directory, policy=matching)
        is_chosen_from_past = corrections.entry and not lists.directory.by_id(corrections.entry)
        self._removed.begin(lists)
        if not is_nobody(finding) and not is_chosen_from_past:
            return known.with_finding(finding)
        removed = self._removed.since(lists)
        past, removal = find_removed(
            details, corrections, removed, lists.directory, policy=matching
        )
        return known.with_finding(finding if isinstance(past, NoMatch) else past, removal)
