"""Leaver cards: as they are on the board, as they are recorded, and as they are wanted."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from service.domain.history import CardState

# The answer that none of the cards that people made is this leaver's.
NEW_CARD = "new"
_MAKING = timedelta(seconds=10)


def short_link_key(url: str) -> str:
    """Return the last part of a short link, by which Trello knows a card too."""
    return url.rstrip("/").rpartition("/")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A card on the board, as read at one moment.

    Attributes:
        id: Trello's id; its first eight hexadecimal digits are the second of its making.
        url: the short link, ``https://trello.com/c/…``.
        name: one line.
        desc: the description.
        due: an instant in UTC, or None.
        is_open: False if it is archived.
        is_template: whether it is a template card.
        last_activity: when anything last happened to it, in UTC, or None.
        list_id: the list that it lies on; empty if that was not asked for.
        links: the addresses of its attachments; empty if they were not asked for.
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
    links: tuple[str, ...] = ()
    label_ids: tuple[str, ...] = ()
    is_complete: bool = False
    items: int = 0
    checked: int = 0

    @property
    def key(self) -> str:
        """The last part of the short link, by which Trello knows the card too."""
        return short_link_key(self.url)

    def is_called(self, key: str) -> bool:
        """Return whether an id or a short link is this card's."""
        return key in {self.id, self.key}

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


def visible(cards: Iterable[Card], open_lists: Iterable[str]) -> tuple[Card, ...]:
    """Return the cards that people see: an open card of an archived list is shown nowhere.

    Args:
        cards: open ones.
        open_lists: the ids of the lists that are not archived.
    """
    seen = frozenset(open_lists)
    return tuple(card for card in cards if not card.list_id or card.list_id in seen)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownCard:
    """What our own record, or the ticket's last mark, says of the ticket's card.

    Attributes:
        key: id or short link.
        url: the link that operators follow.
        name: as the service named it; None if that is not recorded.
        role: whose template it is a copy of; None if that is not recorded.
        due: as the service set it; None if that is not recorded.
        person_keys: the person that it was made for; see `service.domain.identity`.
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
        ticket_link: the ticket's address for agents.
        names: the leaver's full names, as the list and the ticket spell them.
        person_keys: the person that it is for; see `service.domain.identity`.
    """

    ticket_id: int
    role: str
    name: str
    due: datetime
    head: str
    ticket_link: str
    names: frozenset[str]
    person_keys: frozenset[str] = frozenset()

    @property
    def mark(self) -> str:
        """The line by which the card is known."""
        return self.head.partition("\n")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sibling:
    """Another ticket about the same person, by our own record.

    Attributes:
        ticket_id: its number.
        card_key: id of its card, or None.
        due: the due date that the service gave that card, or None.
    """

    ticket_id: int
    card_key: str | None = None
    due: datetime | None = None


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
        shared_with: the person's other ticket that it was made for, or None.
        is_chosen: an operator chose it among those that people made.
    """

    card: Card
    due: datetime | None = None
    name: str | None = None
    desc: str | None = None
    is_template: bool = False
    spare: tuple[Card, ...] = ()
    shared_with: int | None = None
    is_chosen: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveAsIs:
    """The board has no open card, but one was made: a person archived, moved or deleted it.

    Attributes:
        known: what is recorded of it.
        card: as it is now; None if it is gone.
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
    ticket_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonsCards:
    """Open cards that people made, and that may be this leaver's: a person is asked."""

    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenCardGone:
    """The card that an operator chose is not open on the board: a person is asked again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """All that matters of the board, and of our own record of its cards, at one moment.

    Attributes:
        open_cards: the board's open cards, or those of them that may be the leaver's; none of them
            lies on an archived list.
        lists: the ids of the board's open lists, and their names; empty if no card needed them.
        known: what is recorded of the ticket's card, if anything.
        known_elsewhere: that card as it is now, if it is not among the open ones; None if it
            is gone.
        siblings: other tickets about the same person.
        choice: what an operator answered about cards that people made: an id or short link,
            `NEW_CARD` for none of them, or None.
        copy_was_sent: a copy was sent whose outcome is not known.
    """

    open_cards: tuple[Card, ...] = ()
    lists: Mapping[str, str] = field(default_factory=dict)
    known: KnownCard | None = None
    known_elsewhere: Card | None = None
    siblings: tuple[Sibling, ...] = ()
    choice: str | None = None
    copy_was_sent: bool = False


CardStep = CopyTemplate | UseExisting | LeaveAsIs
CardQuestion = DueDateConflict | PersonsCards | ChosenCardGone


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedCard:
    """The card that a leaver will have: what is wanted, and what is done for it on the board."""

    wanted: WantedCard
    step: CardStep

    @property
    def card(self) -> Card | None:
        """The card as it is now; None if it is still to be made, or gone."""
        return None if isinstance(self.step, CopyTemplate) else self.step.card

    @property
    def url(self) -> str | None:
        """The card's short link; None if it is still to be made."""
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
