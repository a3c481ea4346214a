"""Leaver tickets that no webhook brought, leavers to be tried again, and what people changed."""

import asyncio
import logging
from dataclasses import asdict, dataclass
from datetime import timedelta

from integrations.trello.client import Trello
from integrations.zendesk.client import Zendesk
from service.domain.card_marks import marks_of
from service.domain.cards import Card
from service.domain.history import PersonsChange, SweepReason
from service.guard.daily_limit import DailyLimit
from service.records.intake import Intake
from service.records.sweep_queries import Finished, SweepRecords
from service.upkeep.removal import RemovalLook

log = logging.getLogger(__name__)

# A leaver whose vendor was down is tried again at most so often, and for so long once it failed.
TRY_EVERY, TRY_FOR = timedelta(hours=1), timedelta(days=7)
# How long Zendesk may take until its search knows of a change, with a margin.
INDEX_LAG = timedelta(minutes=10)
# How long after its end a leaver's card and ticket are looked at.
LOOK_BACK = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """How many tickets of each kind a sweep found."""

    taken_in: int
    settled: int
    tried_again: int
    changed_by_people: int
    let_go_on: int
    removals_looked_at: int = 0
    removals_failed: int = 0

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
        limit: DailyLimit,
        tag: str,
        retry_for: float,
        removal: RemovalLook | None = None,
    ) -> None:
        """Build it.

        Args:
            zendesk: for leaver tickets.
            trello: for the board's cards.
            intake: takes in what was found.
            records: say what is known.
            limit: says how many leavers may go on that it held back.
            tag: of leaver tickets.
            retry_for: seconds for which a leaver was retried before it failed.
            removal: opens removal pull requests; None where none are wanted.
        """
        self._zendesk = zendesk
        self._trello = trello
        self._intake = intake
        self._records = records
        self._limit = limit
        self._tag = tag
        self._try_for = TRY_FOR + timedelta(seconds=retry_for)
        self._removal = removal

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
            await self._intake.from_sweep(ticket_id, why=SweepReason.NOT_OPEN)
        failing = await asyncio.to_thread(
            self._records.to_try_again, every=TRY_EVERY, for_as_long_as=self._try_for
        )
        for ticket_id in failing:
            await self._intake.from_sweep(ticket_id, why=SweepReason.TRY_AGAIN)
        held_back = await asyncio.to_thread(self._with_room)
        for ticket_id in held_back:
            await self._intake.from_sweep(ticket_id, why=SweepReason.DAILY_LIMIT_HAS_ROOM)
        changed = await asyncio.to_thread(self._report_changes)
        removals = await asyncio.to_thread(self._removal.look) if self._removal else {}
        swept = Swept(
            taken_in=len(missed),
            tried_again=len(failing),
            settled=len(settled),
            changed_by_people=changed,
            let_go_on=len(held_back),
            **removals,
        )
        log.info("sweep finished", extra=swept.as_dict())
        return swept

    def _with_room(self) -> list[int]:
        return self._records.over_daily_limit(at_most=self._limit.room())

    def _settled(self, unsolved: tuple[int, ...]) -> list[int]:
        """Return tickets that waited for a person and need none any more, it seems."""
        old, fresh = self._records.perhaps_settled(unsolved, waiting_for=INDEX_LAG)
        # The search may not know of these yet: they are looked at one by one.
        return old + [ticket_id for ticket_id in fresh if self._is_over(ticket_id)]

    def _is_over(self, ticket_id: int) -> bool:
        ticket = self._zendesk.ticket(ticket_id)
        return ticket is not None and ticket.status in {"solved", "closed"}

    def _report_changes(self) -> int:
        """Note, once for each, what people changed: it is reported, never changed back."""
        finished = self._records.finished(within=LOOK_BACK)
        if not finished:
            return 0
        reopened = set(self._zendesk.search_reopened(self._tag))
        on_board: dict[int, list[Card]] = {}
        for card in self._trello.visible_cards():
            for ticket_id in marks_of(card.desc):
                on_board.setdefault(ticket_id, []).append(card)
        changes = {
            one.ticket_id: change
            for one in finished
            if (change := _change_of(one, reopened, on_board.get(one.ticket_id, [])))
        }
        return sum(self._records.report(ticket_id, change) for ticket_id, change in changes.items())


def _change_of(one: Finished, reopened: set[int], cards: list[Card]) -> PersonsChange | None:
    if one.ticket_id in reopened:
        return PersonsChange.REOPENED
    if one.card_due is None:
        return None
    if not cards:
        return PersonsChange.CARD_MISSING if one.is_before_due else None
    if len(cards) > 1:
        return PersonsChange.CARD_TWICE
    return PersonsChange.CARD_DUE_CHANGED if cards[0].due != one.card_due else None
