"""The board's open cards, for the looks at leavers after their run."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from service.domain.card_marks import marks_of
from service.domain.cards import Card


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCards:
    """By id, and by the tickets that they are marked with."""

    by_id: Mapping[str, Card]
    by_ticket: Mapping[int, Card]

    @classmethod
    def of(cls, cards: Iterable[Card]) -> "OpenCards":
        """Sort the open cards; a ticket's oldest card counts, and no template."""
        by_id: dict[str, Card] = {}
        by_ticket: dict[int, Card] = {}
        for card in sorted(cards, key=lambda each: each.id):
            by_id |= {card.id: card, card.key: card}
            for ticket_id in () if card.is_template else marks_of(card.desc):
                by_ticket.setdefault(ticket_id, card)
        return cls(by_id=by_id, by_ticket=by_ticket)

    def card_of(self, ticket_id: int, card_id: str | None) -> Card | None:
        """Return a ticket's open card, by our record or by its mark; None if none is open."""
        return self.by_id.get(card_id or "") or self.by_ticket.get(ticket_id)
