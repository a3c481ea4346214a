"""Leaver tickets that no webhook brought, leavers to be tried again, and what people changed."""

import asyncio
import logging
from dataclasses import asdict, dataclass
from datetime import timedelta

from integrations.trello.client import Trello
from integrations.zendesk.client import Zendesk
from service.domain.cards import Card, marks_of
from service.records.intake import Intake
from service.records.sweep_queries import Finished, SweepRecords

log = logging.getLogger(__name__)

NOT_OPEN = "The ticket waited for a person, and is no longer among the open leaver tickets."
TRY_AGAIN = "It failed for a reason that may have passed."
# A leaver whose vendor was down is tried again at most so often, and for so long.
TRY_EVERY, TRY_FOR = timedelta(hours=1), timedelta(days=7)
# How long Zendesk may take until its search knows of a change, with a margin.
INDEX_LAG = timedelta(minutes=10)
# How long after its end a leaver's card and ticket are looked at.
LOOK_BACK = timedelta(days=30)

REOPENED = "The ticket was processed, and is open again: look whether there is anything to do."
CARD_MISSING = (
    "The card is not open on the board before its due date: somebody archived, moved or deleted it."
)
CARD_DUE_CHANGED = "Somebody gave the card another due date."
CARD_TWICE = (
    "More than one open card names this ticket, such as a copy that somebody made: archive what is "
    "too many."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """How many tickets of each kind a sweep found."""

    taken_in: int
    settled: int
    tried_again: int
    changed_by_people: int

    def as_dict(self) -> dict[str, int]:
        """Return the figures by name."""
        return asdict(self)


class Sweep:
    """Looks for what slipped through: a lost webhook, a long outage, a card that somebody moved."""

    def __init__(
        self,
        *,
        zendesk: Zendesk,
        trello: Trello,
        intake: Intake,
        records: SweepRecords,
        tag: str,
    ) -> None:
        self._zendesk = zendesk
        self._trello = trello
        self._intake = intake
        self._records = records
        self._tag = tag

    async def sweep(self) -> Swept:
        """Sweep once.

        Raises:
            TransientError: a vendor can't be reached now.
            PermanentError: somebody must mend something first.
        """
        unsolved = await asyncio.to_thread(self._zendesk.search_leavers, self._tag)
        missed = await asyncio.to_thread(self._records.missed, unsolved)
        for ticket_id, why in missed.items():
            await self._intake.from_sweep(ticket_id, why=why)
        settled = await asyncio.to_thread(self._settled, unsolved)
        for ticket_id in settled:
            await self._intake.from_sweep(ticket_id, why=NOT_OPEN)
        failing = await asyncio.to_thread(
            self._records.to_try_again, every=TRY_EVERY, for_as_long_as=TRY_FOR
        )
        for ticket_id in failing:
            await self._intake.from_sweep(ticket_id, why=TRY_AGAIN)
        changed = await asyncio.to_thread(self._tell_of_changes)
        swept = Swept(
            taken_in=len(missed),
            tried_again=len(failing),
            settled=len(settled),
            changed_by_people=changed,
        )
        log.info("swept", extra=swept.as_dict())
        return swept

    def _settled(self, unsolved: tuple[int, ...]) -> list[int]:
        """Return tickets that waited for a person and need none any more, it seems."""
        old, fresh = self._records.perhaps_settled(unsolved, waiting_for=INDEX_LAG)
        # The search may not know of these yet: they are looked at one by one.
        return old + [ticket_id for ticket_id in fresh if self._is_over(ticket_id)]

    def _is_over(self, ticket_id: int) -> bool:
        ticket = self._zendesk.ticket(ticket_id)
        return ticket is not None and ticket.status in {"solved", "closed"}

    def _tell_of_changes(self) -> int:
        """Note, once for each, what people changed: it is told, never changed back."""
        finished = self._records.finished(within=LOOK_BACK)
        if not finished:
            return 0
        reopened = set(self._zendesk.search_reopened(self._tag))
        on_board: dict[int, list[Card]] = {}
        for card in self._trello.open_cards():
            for ticket_id in marks_of(card.desc):
                on_board.setdefault(ticket_id, []).append(card)
        changes = {
            one.ticket_id: told
            for one in finished
            if (told := _told(one, reopened, on_board.get(one.ticket_id, [])))
        }
        return sum(self._records.tell(ticket_id, told) for ticket_id, told in changes.items())


def _told(one: Finished, reopened: set[int], cards: list[Card]) -> str | None:
    if one.ticket_id in reopened:
        return REOPENED
    if one.card_due is None:
        return None
    if not cards:
        return CARD_MISSING if one.is_before_due else None
    if len(cards) > 1:
        return CARD_TWICE
    return CARD_DUE_CHANGED if cards[0].due != one.card_due else None
