"""A pilot's report: each leaver of the dry run beside what people did about it."""

from collections.abc import Iterator

from integrations.trello.account import CardOnBoard, TrelloAccount
from integrations.zendesk.client import Zendesk
from service.domain.comparison import CardOfPeople, Compared, compare, is_about
from service.domain.drafts import Role
from service.records.dry_runs import DryRunLeaver, DryRunRecords


class Pilot:
    """Compares; it reads tickets and cards, and writes nothing.

    Args:
        records: where the dry run left what it would have done.
        zendesk: for the tickets as they are now.
        trello: for the board's cards, archived ones too.
        templates: role to template card, by id or short link.
        timezone: of the days by which due dates are compared.
    """

    def __init__(
        self,
        *,
        records: DryRunRecords,
        zendesk: Zendesk,
        trello: TrelloAccount,
        templates: dict[str, str],
        timezone: str,
    ) -> None:
        self._records = records
        self._zendesk = zendesk
        self._trello = trello
        self._templates = templates
        self._timezone = timezone

    def report(self, *, days: int) -> Iterator[Compared]:
        """Compare the leavers that came in within so many days, the oldest first.

        Raises:
            OutsideError: a vendor can't be reached, or refuses.
            DatabaseError: the database can't be reached.
        """
        leavers = self._records.leavers(days=days)
        on_board = self._trello.cards() if leavers else ()
        cards = [card for card in on_board if not card.is_template]
        steps = self._steps(on_board)
        for one in leavers:
            ticket = self._zendesk.ticket(one.ticket_id)
            found = next((card for card in cards if _is_about(card, one)), None)
            yield compare(
                ticket_id=one.ticket_id,
                would=one.would,
                ticket_status=ticket.status if ticket else "gone",
                card=_card(found, steps) if found else None,
                timezone=self._timezone,
            )

    def _steps(self, on_board: tuple[CardOnBoard, ...]) -> dict[str, frozenset[str]]:
        """Return the lines of each template's checklists, by role."""
        return {
            str(role): card.steps
            for role, key in self._templates.items()
            for card in on_board
            if key in {card.id, card.url.rpartition("/")[2]}
        }


def _is_about(card: CardOnBoard, one: DryRunLeaver) -> bool:
    return is_about(f"{card.name}\n{card.desc}", ticket_id=one.ticket_id, names=one.names)


def _card(card: CardOnBoard, steps: dict[str, frozenset[str]]) -> CardOfPeople:
    return CardOfPeople(
        url=card.url,
        list_name=card.list_name,
        template=_template_of(card, steps),
        due=card.due,
    )


def _template_of(card: CardOnBoard, steps: dict[str, frozenset[str]]) -> str | None:
    """Trello does not say what a card was copied from: its checklists may, or else its name."""
    shared = sorted((len(card.steps & theirs), role) for role, theirs in steps.items())
    if shared and shared[-1][0] > (shared[-2][0] if len(shared) > 1 else 0):
        return shared[-1][1]
    name = card.name.casefold().replace("-", " ")
    if "non tech" in name:
        return Role.NON_TECH.value
    return Role.TECH.value if "tech role" in name else None
