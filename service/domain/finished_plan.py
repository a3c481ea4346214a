"""The finished plan: a draft, settled against the board as it is, including the text of the note.

Nothing is decided after this: the preview, the confirmation page and the dry run show this value,
and it is this value that is carried out.
"""

from dataclasses import dataclass

from service.domain import ticket_updates, wording
from service.domain.card_step import decide_card
from service.domain.cards import (
    Board,
    CardQuestion,
    CardStep,
    ChosenCardGone,
    DueDateConflict,
    KnownCard,
    LeaveAsIs,
    PersonsCards,
    PlannedCard,
    UseExisting,
    WantedCard,
)
from service.domain.drafts import (
    Ask,
    Draft,
    FollowSource,
    LeaveSettled,
    MakeCard,
    NoAccess,
    OfferedCard,
    OtherTicketsCard,
    Outcome,
    Role,
    SetAside,
)
from service.domain.facts import TicketFacts
from service.domain.reasons import keys_of
from service.domain.ticket import LeaverDetails, Ticket
from service.domain.ticket_updates import ClearTag, TicketStep, last_mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is done about a leaver, and nothing else.

    Attributes:
        draft: what the leaver needs.
        card: the leaver's card, and what is done for it; None if nothing is.
        card_left: the short link of the card that the ticket has though it needs none; or None.
        ticket: what the ticket gets; None if it is not changed.
    """

    draft: Draft
    card: PlannedCard | None = None
    card_left: str | None = None
    ticket: TicketStep | ClearTag | None = None

    @property
    def other_tickets_card(self) -> OtherTicketsCard | None:
        """The person's card of another ticket, that is shared or asked about; or None."""
        if isinstance(self.draft, Ask):
            return self.draft.other_card
        step = self.card and self.card.step
        if not isinstance(step, UseExisting) or step.shared_with is None:
            return None
        return OtherTicketsCard(url=step.card.url, ticket_id=step.shared_with, due=step.card.due)

    @property
    def digest(self) -> str:
        """All that an operator sees of the plan before confirming it, in short.

        It stays the same while the plan is carried out: a card that was made by a try that then
        broke off has the name and the due date that were confirmed.
        """
        card: tuple[object, ...] = ()
        if self.card:
            card = (self.card.name, self.card.due, self.card.wanted.head)
        return wording.digest(
            type(self.draft).__name__,
            self.draft.outcome,
            *keys_of(self.draft.reasons),
            self.card_left,
            self.ticket and self.ticket.text,
            *card,
            *(entry.id for entry in self.draft.entries),
            *(candidate.entry.id for candidate in self.draft.candidates),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What is known, and the plan that follows from it.

    Attributes:
        facts: `Facts` if the person was looked for.
        plan: see there.
        was_processed: the service had brought the ticket to an end before.
        source_ticket_id: of a follow-up, the ticket that it follows, if we know of it.
        fields_digest: of the leaver's custom fields, as they were read.
    """

    facts: TicketFacts
    plan: Plan
    was_processed: bool = False
    source_ticket_id: int | None = None
    fields_digest: str | None = None

    @property
    def ticket(self) -> Ticket:
        """The ticket as it was read."""
        return self.facts.ticket

    @property
    def details(self) -> LeaverDetails:
        """What it says, with the operators' corrections in place."""
        return self.facts.details


def finish_plan(draft: Draft, board: Board, *, timezone: str) -> Plan:
    """Settle a draft against the board.

    Args:
        draft: what the leaver needs.
        board: as it is; only what is known of the ticket's card counts if none is needed.
        timezone: for the note's text.
    """
    left = board.known.url if board.known else None
    match draft:
        case MakeCard():
            return _with_card(draft, board, timezone=timezone)
        case NoAccess():
            solved = ticket_updates.solved_without_card(card_url=left)
            return Plan(draft=draft, card_left=left, ticket=solved)
        case Ask():
            question = ticket_updates.asking(reasons=draft.said_in_ticket, is_later=draft.is_later)
            return Plan(draft=draft, ticket=question)
        case SetAside(clears_tag=clears_tag):
            clearing = ClearTag() if clears_tag else None
            return Plan(draft=draft, card_left=left, ticket=clearing)
        case LeaveSettled():
            return Plan(draft=draft, ticket=ticket_updates.settled() if draft.settled_by else None)
        case FollowSource():
            return _with_sources_card(draft, board, timezone=timezone)


def _with_card(draft: MakeCard, board: Board, *, timezone: str) -> Plan:
    step = decide_card(draft.card, board)
    if isinstance(step, CardQuestion):
        return finish_plan(_ask_about(step, board), board, timezone=timezone)
    card = PlannedCard(wanted=draft.card, step=step)
    ticket = ticket_updates.solved_with_card(
        card_url=card.url,
        wanted_due=draft.card.due,
        card_due=card.due,
        timezone=timezone,
        is_anybody_found=bool(draft.entries),
    )
    return Plan(draft=draft, card=card, ticket=ticket)


def _ask_about(question: CardQuestion, board: Board) -> Ask:
    match question:
        case DueDateConflict(card=card, ticket_id=ticket_id):
            other = OtherTicketsCard(url=card.url, ticket_id=ticket_id, due=card.due)
            return Ask(reasons=(wording.OTHER_LEAVING_DATE,), other_card=other)
        case ChosenCardGone():
            return Ask(reasons=(wording.CHOSEN_CARD_IS_GONE,))
        case PersonsCards(cards=cards):
            urls = tuple(card.url for card in cards)
            offered = (
                OfferedCard(url=one.url, title=one.name, list_name=board.lists.get(one.list_id, ""))
                for one in cards
            )
            return Ask(
                reasons=(wording.cards_of_people(urls),),
                note=(wording.THERE_MAY_BE_A_CARD,),
                cards=tuple(offered),
            )


def _with_sources_card(draft: FollowSource, board: Board, *, timezone: str) -> Plan:
    known = draft.known_card
    if known is None:
        return Plan(draft=draft, ticket=ticket_updates.solved_without_card(card_url=None))
    there = next((one for one in board.open_cards if known.key in {one.id, one.key}), None)
    step: CardStep = LeaveAsIs(known=known, card=board.known_elsewhere)
    if there:
        is_moved = draft.moves_due and there.due != draft.due
        step = UseExisting(card=there, due=draft.due if is_moved else None)
    card = PlannedCard(wanted=wanted_of_source(draft, known), step=step)
    ticket = ticket_updates.solved_with_card(
        card_url=card.url,
        wanted_due=card.wanted.due,
        card_due=card.due,
        timezone=timezone,
        is_anybody_found=True,
    )
    return Plan(draft=draft, card=card, ticket=ticket)


def wanted_of_source(draft: FollowSource, known: KnownCard) -> WantedCard:
    """Return the card of the ticket that a follow-up follows, as it is wanted for the follow-up."""
    assert draft.due  # noqa: S101 - it has a card
    return WantedCard(
        ticket_id=draft.source_ticket_id,
        role=Role.TECH if draft.outcome is Outcome.TECH_CARD else Role.NON_TECH,
        name=known.name or "",
        due=draft.due,
        ticket_link="",
        head="",
        names=frozenset(),
        person_keys=known.person_keys,
    )


def known_card(recorded: KnownCard | None, ticket: Ticket) -> KnownCard | None:
    """Return what is known of the ticket's card: by our record, or by the ticket's last note.

    The note survives the loss of our own record.
    """
    mark = last_mark(ticket)
    if recorded or mark is None or mark.card is None:
        return recorded
    return KnownCard(key=mark.card, url=f"https://trello.com/c/{mark.card}")
