"""Leaver cards: how one is known, and what to do about a ticket's card on the board as it is."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from service.domain.history import CardState

# Trello's editor makes a Markdown link with a title of an address that somebody saved again.
_MARK = re.compile(
    r'^Zendesk ticket: (?:\[.*\]\()?\S*/agent/tickets/(\d+)(?:(?:\s+"[^"]*")?\))?\s*$'
)
_MAKING = timedelta(seconds=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A card on the board, as read at one moment.

    Attributes:
        id: Trello's id; its first eight hexadecimal digits are the second of its making.
        url: the short link, ``https://trello.com/c/…``.
        name: one line.
        desc: the description.
        due: an instant in UTC, or None.
        is_open: False where it is archived.
        is_template: whether it is a template card.
        last_activity: when anything last happened to it, in UTC, or None.
        list_id: the list that it lies on; empty where that was not asked for.
        label_ids: the labels that it has.
        is_complete: whether its due date is marked as complete.
        items: how many items its checklists have.
        checked: how many of them are ticked.
    """

    id: str
    url: str
    name: str
    desc: str
    due: datetime | None
    is_open: bool = True
    is_template: bool = False
    last_activity: datetime | None = None
    list_id: str = ""
    label_ids: tuple[str, ...] = ()
    is_complete: bool = False
    items: int = 0
    checked: int = 0

    @property
    def key(self) -> str:
        """The last part of the short link, by which Trello knows the card too."""
        return self.url.rstrip("/").rpartition("/")[2]

    @property
    def is_untouched(self) -> bool:
        """Whether nothing has happened to the card since the seconds in which it was made."""
        if self.last_activity is None:
            return False
        try:
            made_at = datetime.fromtimestamp(int(self.id[:8], 16), tz=UTC)
        except ValueError:
            return False
        return self.last_activity - made_at < _MAKING


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownCard:
    """What our own record, or the ticket's last mark, says of the ticket's card.

    Attributes:
        key: id or short link.
        url: the link that operators follow.
        name: as the service named it; None where that is not recorded.
        role: whose template it is a copy of; None where that is not recorded.
        due: as the service set it; None where that is not recorded.
        person_keys: whom it was made for; see `service.domain.identity`.
    """

    key: str
    url: str
    name: str | None = None
    role: str | None = None
    due: datetime | None = None
    person_keys: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedCard:
    """The card that the plan wants for a ticket.

    Attributes:
        ticket_id: whose card it is.
        role: which template, ``tech`` or ``non_tech``.
        name: the card's name.
        due: an instant in UTC.
        head: the first lines of its description, the mark first.
        person_keys: whom it is for; see `service.domain.identity`.
    """

    ticket_id: int
    role: str
    name: str
    due: datetime
    head: str
    person_keys: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyTemplate:
    """No card is there: copy the template. `replaces` is an open card of an earlier plan."""

    replaces: Card | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UseExisting:
    """The ticket's card, or the person's, is on the board.

    Attributes:
        card: the one to go on with.
        due: a due date to set, or None.
        name: a name to set, or None.
        desc: a description to set, or None.
        is_template: whether it must be made a plain card first: a copy of a template may be one.
        spare: further cards with the ticket's mark, made by a write that landed late.
        is_shared: it was made for another ticket of the person.
    """

    card: Card
    due: datetime | None = None
    name: str | None = None
    desc: str | None = None
    is_template: bool = False
    spare: tuple[Card, ...] = ()
    is_shared: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveAsIs:
    """The board has no open card, but one was made: a person archived, moved or deleted it.

    Attributes:
        known: what is recorded of it.
        card: as it is now; None where it is gone.
    """

    known: KnownCard
    card: Card | None

    @property
    def state(self) -> CardState:
        """Where it is."""
        if self.card is None:
            return CardState.GONE
        return CardState.MOVED if self.card.is_open else CardState.ARCHIVED


@dataclass(frozen=True, slots=True, kw_only=True)
class DueDateConflict:
    """The person has an open card of another ticket, due on another date: a person is asked."""

    card: Card


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """All that matters of the board, and of our own record of its cards, at one moment.

    Attributes:
        open_cards: the board's open cards.
        known: what is recorded of the ticket's card, if anything.
        known_elsewhere: that card as it is now, where it is not among the open ones; None where it
            is gone.
        siblings: other tickets about the same person, by our own record.
    """

    open_cards: tuple[Card, ...] = ()
    known: KnownCard | None = None
    known_elsewhere: Card | None = None
    siblings: frozenset[int] = frozenset()


CardStep = CopyTemplate | UseExisting | LeaveAsIs


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedCard:
    """The card that a leaver will have: what is wanted, and what is done for it on the board."""

    wanted: WantedCard
    step: CardStep

    @property
    def card(self) -> Card | None:
        """The card as it is now; None where it is still to be made, or gone."""
        return None if isinstance(self.step, CopyTemplate) else self.step.card

    @property
    def url(self) -> str | None:
        """The card's short link; None where it is still to be made."""
        if isinstance(self.step, LeaveAsIs):
            return self.card.url if self.card else self.step.known.url
        return self.card.url if self.card else None

    @property
    def name(self) -> str:
        """The name that it will have, which a person may have given it."""
        if isinstance(self.step, UseExisting) and self.step.name:
            return self.step.name
        return self.card.name if self.card else self.wanted.name

    @property
    def due(self) -> datetime | None:
        """The due date that it will really have, which a person may have changed or removed."""
        if isinstance(self.step, CopyTemplate):
            return self.wanted.due
        if isinstance(self.step, UseExisting) and self.step.due:
            return self.step.due
        return self.card.due if self.card else None


def marks_of(desc: str) -> frozenset[int]:
    """Return the numbers of the tickets that a card's description is marked with."""
    found = (_MARK.match(line) for line in desc.splitlines())
    return frozenset(int(match.group(1)) for match in found if match)


def decide_card(wanted: WantedCard, board: Board) -> CardStep | DueDateConflict:
    """Decide what to do about a ticket's card."""
    known = board.known
    cards = sorted(board.open_cards, key=lambda card: card.id)
    own = [card for card in cards if wanted.ticket_id in marks_of(card.desc)]
    if own:
        return _use_own(wanted, own, known)
    if known and not _is_for_another(wanted, known):
        # Somebody may have taken the mark out of its description.
        recorded = [card for card in cards if known.key in {card.id, card.key}]
        if recorded:
            return _use_own(wanted, recorded, known)
        return LeaveAsIs(known=known, card=board.known_elsewhere)
    theirs = [card for card in cards if marks_of(card.desc) & board.siblings]
    if theirs:
        return _join(wanted, theirs[0])
    return CopyTemplate()


def use_oldest(wanted: WantedCard, on_board: Iterable[Card]) -> UseExisting | None:
    """Return what to do where a copy may have landed twice: both are ours, and the older stays."""
    own = [card for card in on_board if wanted.ticket_id in marks_of(card.desc)]
    return _use_as_made(wanted, min(own, key=lambda card: card.id), own) if own else None


def _use_own(
    wanted: WantedCard, own: list[Card], known: KnownCard | None
) -> CopyTemplate | UseExisting:
    if known and _is_for_another(wanted, known):
        return _replace(wanted, own)
    recorded = [card for card in own if known and known.key in {card.id, card.key}]
    card = (recorded or own)[0]
    return UseExisting(
        card=card,
        due=_due_to_set(wanted, card, known),
        name=_name_to_set(wanted, card, known),
        is_template=card.is_template,
        spare=tuple(other for other in own if other is not card),
    )


def _is_for_another(wanted: WantedCard, known: KnownCard) -> bool:
    """Whether the card was made for another person, or for another role."""
    if known.name is None or known.role is None:
        return False
    is_same_person = known.name == wanted.name or not wanted.person_keys.isdisjoint(
        known.person_keys
    )
    return not is_same_person or known.role != wanted.role


def _replace(wanted: WantedCard, own: list[Card]) -> CopyTemplate | UseExisting:
    """Another person or role than last time: the old card's checklists would be the wrong ones."""
    right = [card for card in own if card.name == wanted.name]
    if not right:
        return CopyTemplate(replaces=own[0])
    return _use_as_made(wanted, right[0], own)


def _use_as_made(wanted: WantedCard, card: Card, own: list[Card]) -> UseExisting:
    """Use a card that an earlier try made, with the due date that the plan has now."""
    return UseExisting(
        card=card,
        due=wanted.due if card.due != wanted.due else None,
        is_template=card.is_template,
        spare=tuple(other for other in own if other is not card),
    )


def _due_to_set(wanted: WantedCard, card: Card, known: KnownCard | None) -> datetime | None:
    """Set the due date where the plan's date is new; one that a person gave the card stays."""
    last_set = known.due if known and known.due else card.due
    if wanted.due in (last_set, card.due):
        return None
    return wanted.due


def _name_to_set(wanted: WantedCard, card: Card, known: KnownCard | None) -> str | None:
    """Follow the list where it spells the name anew; a name that a person gave the card stays."""
    if known and known.name and known.name != wanted.name and card.name == known.name:
        return wanted.name
    return None


def without_mark(desc: str, ticket_id: int) -> str:
    """Return a description without one ticket's mark."""
    lines = desc.splitlines()
    return "\n".join(line for line in lines if ticket_id not in marks_of(line))


def _join(wanted: WantedCard, card: Card) -> UseExisting | DueDateConflict:
    if card.due != wanted.due:
        return DueDateConflict(card=card)
    lines = card.desc.splitlines()
    at = max(index for index, line in enumerate(lines) if _MARK.match(line)) + 1
    mark = wanted.head.splitlines()[0]
    desc = "\n".join([*lines[:at], mark, *lines[at:]])
    return UseExisting(card=card, desc=desc, is_shared=True)
