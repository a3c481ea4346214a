"""Leaver tickets that no webhook brought, leavers to be tried again, and what people changed."""

import asyncio
import logging
from collections.abc import Callable, Container, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta

from integrations.trello.client import Trello
from integrations.zendesk.client import Zendesk
from integrations.zendesk.values import FoundTicket
from service.domain.card_marks import marks_of
from service.domain.cards import Card
from service.domain.errors import OutsideError
from service.domain.history import PersonsChange, SweepReason
from service.guard.daily_limit import DailyLimit
from service.records.intake import Intake
from service.records.sweep_queries import Finished, SweepRecords
from service.upkeep.after_date import AfterDateLook
from service.upkeep.removal import RemovalLook

log = logging.getLogger(__name__)

# How often, and for how long, a leaver that failed because of a vendor is tried again.
TRY_EVERY, TRY_FOR = timedelta(hours=1), timedelta(days=7)
# How long Zendesk may take until its search knows of a change, with a margin.
INDEX_LAG = timedelta(minutes=10)
# How long after its end, or its due date, a leaver's card is compared with what was set.
LOOK_BACK = timedelta(days=30)
# How long ago a comment on a solved ticket may have been written that no webhook brought.
CHANGED_WITHIN = timedelta(days=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """How many tickets of each kind a sweep found."""

    received: int = 0
    settled: int = 0
    tried_again: int = 0
    changed_by_people: int = 0
    resumed: int = 0
    removals_looked_at: int = 0
    removals_failed: int = 0

    def as_dict(self) -> dict[str, int]:
        """Return the figures by name."""
        return asdict(self)


class Sweep:
    """Finds what was missed: a lost webhook, a long outage, a card that somebody moved."""

    def __init__(  # noqa: PLR0913 - each is a part of its own
        self,
        *,
        zendesk: Zendesk,
        trello: Trello,
        intake: Intake,
        records: SweepRecords,
        limit: DailyLimit,
        after_date: AfterDateLook | None,
        tag: str,
        retry_for: float,
        removal: RemovalLook | None = None,
    ) -> None:
        """Build it.

        Args:
            zendesk: for leaver tickets.
            trello: for the board's cards.
            intake: stores what was found.
            records: say what is known.
            limit: says how many leavers may go on that it held back.
            after_date: looks at leavers after their leaving date; None if that is not wanted.
            tag: of leaver tickets.
            retry_for: seconds for which a leaver was retried before it failed.
            removal: opens removal pull requests; None if none are wanted.
        """
        self._zendesk = zendesk
        self._trello = trello
        self._intake = intake
        self._records = records
        self._limit = limit
        self._after_date = after_date
        self._tag = tag
        self._try_for = TRY_FOR + timedelta(seconds=retry_for)
        self._removal = removal

    async def sweep(self) -> Swept:
        """Sweep once: the tickets, the board, then the removals, each whatever the others meet.

        Raises:
            TransientError: a vendor can't be reached now.
            PermanentError: somebody must fix something first.
        """
        troubles: list[OutsideError] = []
        swept = Swept()
        with _noting(troubles):
            swept = await self._sweep_tickets()
        with _noting(troubles):
            board = await asyncio.to_thread(self._sweep_board)
            swept = replace(swept, changed_by_people=board)
        if self._removal:
            with _noting(troubles):
                swept = replace(swept, **await asyncio.to_thread(self._removal.look))
        if troubles:
            raise troubles[0]
        log.info("sweep finished", extra=swept.as_dict())
        return swept

    async def _sweep_tickets(self) -> Swept:
        unsolved = await asyncio.to_thread(self._zendesk.search_leavers, self._tag)
        missed = await asyncio.to_thread(self._records.missed, unsolved)
        for ticket_id in await asyncio.to_thread(self._records.processed_before_dry_run):
            missed[ticket_id] = SweepReason.DRY_RUN_IS_OVER
        for ticket_id, why in missed.items():
            await self._intake.from_sweep(ticket_id, why=why)
        reopened = await asyncio.to_thread(self._zendesk.search_reopened, self._tag)
        followed = await self._receive_later_words(reopened)
        still_open = (*unsolved, *(one.id for one in reopened))
        settled = await asyncio.to_thread(self._settled, still_open)
        for ticket_id in settled:
            await self._intake.from_sweep(ticket_id, why=SweepReason.NOT_OPEN)
        failing = await asyncio.to_thread(
            self._records.to_try_again, every=TRY_EVERY, for_as_long_as=self._try_for
        )
        for ticket_id in failing:
            await self._intake.from_sweep(ticket_id, why=SweepReason.TRY_AGAIN)
        with_room = await asyncio.to_thread(self._with_room)
        for ticket_id in with_room:
            await self._intake.from_sweep(ticket_id, why=SweepReason.DAILY_LIMIT_HAS_ROOM)
        return Swept(
            received=len(missed) + followed,
            tried_again=len(failing),
            settled=len(settled),
            resumed=len(with_room),
        )

    async def _receive_later_words(self, reopened: tuple[FoundTicket, ...]) -> int:
        """Have processed tickets read again if somebody wrote to them; return how many are new."""
        since = datetime.now(UTC).date() - CHANGED_WITHIN
        changed = await asyncio.to_thread(self._zendesk.search_changed, self._tag, since=since)
        stamps = {one.id: one.updated_at for one in reopened}
        new = await asyncio.to_thread(self._records.missed, stamps)
        follow_ups = [each for each, why in new.items() if why is SweepReason.NO_WEBHOOK]
        for ticket_id in follow_ups:
            await self._intake.from_sweep(ticket_id, why=SweepReason.NO_WEBHOOK)
        found = {one.id: one.updated_at for one in changed}
        for ticket_id in await asyncio.to_thread(
            self._records.changed_since, reopened=stamps, solved=found
        ):
            await self._intake.look_again(ticket_id)
        return len(follow_ups)

    def _with_room(self) -> list[int]:
        return self._records.over_daily_limit(at_most=self._limit.room())

    def _settled(self, unsolved: tuple[int, ...]) -> list[int]:
        """Return tickets that waited for a person and seem to be settled."""
        old, fresh = self._records.perhaps_settled(unsolved, waiting_for=INDEX_LAG)
        # The search may not know of these yet: they are looked at one by one.
        return old + [ticket_id for ticket_id in fresh if self._is_over(ticket_id)]

    def _is_over(self, ticket_id: int) -> bool:
        ticket = self._zendesk.ticket(ticket_id)
        return ticket is not None and ticket.status in {"solved", "closed"}

    def _sweep_board(self) -> int:
        """Look at the board's open cards; return how many leavers' cards people have changed."""
        read: list[tuple[Card, ...]] = []

        def open_cards() -> tuple[Card, ...]:
            if not read:
                read.append(self._trello.visible_cards())
            return read[0]

        changed = self._report_changes(open_cards)
        if self._after_date:
            self._after_date.look(open_cards)
        return changed

    def _report_changes(self, open_cards: Callable[[], tuple[Card, ...]]) -> int:
        """Note, once for each, what people changed: it is reported, never changed back."""
        finished = self._records.finished(within=LOOK_BACK)
        if not finished:
            return 0
        changes = changes_by_people(finished, open_cards())
        return sum(self._records.report(ticket_id, change) for ticket_id, change in changes.items())


@contextmanager
def _noting(troubles: list[OutsideError]) -> Iterator[None]:
    """Go on with what comes after, and note what a vendor failed by."""
    try:
        yield
    except OutsideError as error:
        troubles.append(error)


def changes_by_people(
    finished: Iterable[Finished], cards: Iterable[Card]
) -> dict[int, PersonsChange]:
    """Return what people changed of the cards of tickets, by ticket.

    Args:
        finished: the tickets, and what the service set; several may share a card.
        cards: the board's open ones.
    """
    by_id: dict[str | None, Card] = {}
    by_ticket: dict[int, list[Card]] = {}
    for card in cards:
        by_id[card.id] = card
        for ticket_id in marks_of(card.desc):
            by_ticket.setdefault(ticket_id, []).append(card)
    set_dues: dict[str | None, set[datetime | None]] = {}
    finished = [one for one in finished if one.card_due is not None]
    for one in finished:
        set_dues.setdefault(one.card_id, set()).add(one.card_due)
    changes: dict[int, PersonsChange] = {}
    for one in finished:
        # A follow-up's card has the mark of the ticket that it follows alone.
        known = [by_id[one.card_id]] if one.card_id in by_id else []
        own = by_ticket.get(one.ticket_id, known)
        if change := _change_of(one, own, set_dues=set_dues[one.card_id]):
            changes[one.ticket_id] = change
    return changes


def _change_of(
    one: Finished, cards: list[Card], *, set_dues: Container[datetime | None]
) -> PersonsChange | None:
    if not cards:
        return PersonsChange.CARD_MISSING if one.is_before_due else None
    if len(cards) > 1:
        return PersonsChange.CARD_TWICE
    return PersonsChange.CARD_DUE_CHANGED if cards[0].due not in set_dues else None
