"""Ensuring a leaver's one card: look for the ticket's mark, and copy only if there is none."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

from integrations.trello.client import Trello, Urgent
from service.domain.card_marks import marks_of, without_mark
from service.domain.card_step import may_matter, use_oldest
from service.domain.cards import (
    Board,
    Card,
    CopyTemplate,
    KnownCard,
    LeaveAsIs,
    PlannedCard,
    Sibling,
    UseExisting,
    WantedCard,
    visible,
)
from service.domain.errors import Deferred, OutsideError, PermanentError
from service.domain.history import HistoryEvent
from service.domain.reasons import ReasonCode
from service.domain.urgent import is_urgent
from service.guard.daily_limit import DailyLimit, Kind
from service.guard.shutdown import ShuttingDown
from service.records.cards import CardRecords
from service.records.run import Run
from service.records.runs import Runs

log = logging.getLogger(__name__)

# How long a ticket waits for another one about the same person, in seconds.
WAIT_FOR_SIBLING = 2


class CardDeferred(Deferred):
    """The ticket has to wait for something that will be over soon."""

    def __init__(self, problem: str, *, code: ReasonCode, seconds: float) -> None:
        super().__init__("The service", problem, code=code, retry_after=seconds)


class CardKeeper:
    """Keeps one card a leaver, whatever fails and however often it is asked.

    Args:
        trello: the board.
        runs: the records of runs.
        cards: the records of cards.
        daily_limit: the day's limit.
        urgent_within: a card that is due within this time, or was due, lies at the top of its list.
        urgent_label: the name of the label that such a card gets, or None.
    """

    def __init__(
        self,
        trello: Trello,
        runs: Runs,
        cards: CardRecords,
        daily_limit: DailyLimit,
        *,
        urgent_within: timedelta,
        urgent_label: str | None,
    ) -> None:
        self._urgent_within = urgent_within
        self._urgent_label = urgent_label
        self._trello = trello
        self._runs = runs
        self._cards = cards
        self._daily_limit = daily_limit

    def look(self, run: Run, wanted: WantedCard, known: KnownCard | None) -> Board:
        """Return the board as it is for a run; only our own record is written to.

        Raises:
            CardDeferred: another ticket of the person, or a copy that may still land, comes first.
        """
        siblings = self._cards.claim_person(run, wanted.person_keys)
        if siblings is None:
            raise CardDeferred(
                "Another ticket of the same person is on its way.",
                code=ReasonCode.OTHER_TICKET_FIRST,
                seconds=WAIT_FOR_SIBLING,
            )
        self._wait_for_late_write(run)
        return self._board(run, wanted, known, siblings)

    def foresee(self, run: Run, wanted: WantedCard, known: KnownCard | None) -> Board:
        """Return the board as it would be for a run now; nothing is written anywhere."""
        return self._board(run, wanted, known, self._cards.siblings(run, wanted.person_keys))

    def _board(
        self,
        run: Run,
        wanted: WantedCard,
        known: KnownCard | None,
        siblings: tuple[Sibling, ...],
    ) -> Board:
        board = Board(
            open_cards=self._trello.open_cards(),
            known=known,
            siblings=siblings,
            choice=run.corrections.card,
            copy_was_sent=run.card_sent_at is not None,
        )
        matter = may_matter(wanted, board)
        # Nothing matters to a new leaver; else the lists are looked at as they are at this moment.
        lists = self._trello.open_lists() if matter else {}
        seen = visible(matter, lists)
        is_seen = known and any(card.is_called(known.key) for card in seen)
        elsewhere = self._elsewhere(known, matter) if known and not is_seen else None
        return replace(board, open_cards=seen, lists=lists, known_elsewhere=elsewhere)

    def _elsewhere(self, known: KnownCard, on_board: tuple[Card, ...]) -> Card | None:
        for card in on_board:
            if card.is_called(known.key):
                # A card on an archived list counts as archived: nobody sees it.
                return replace(card, is_open=False)
        return self._trello.card(known.key)

    def ensure(self, run: Run, planned: PlannedCard) -> str:
        """Make sure that the leaver's card is as planned, and return its short link.

        Raises:
            DailyLimitReached: a card is to be made, and too many were written today.
        """
        match planned.step:
            case CopyTemplate(replaces=old):
                return self._copy(run, planned.wanted, replaces=old)
            case UseExisting() as step:
                return self._use(run, planned.wanted, step)
            case LeaveAsIs() as step:
                return self._leave(run, step)

    def _copy(self, run: Run, wanted: WantedCard, *, replaces: Card | None) -> str:
        # The note and the solved ticket are to come: a card without them would be half a job.
        urgent = self._urgent(wanted.due)
        reserved = self._daily_limit.reserve(run, Kind.CARD, Kind.NOTE, Kind.SOLVED)
        with reserved, self._clear_answers_noted(run):
            card = self._trello.copy_template(
                wanted.role,
                name=wanted.name,
                due=wanted.due,
                head=wanted.head,
                urgent=urgent,
                # From the moment of sending, a card may come of it whatever happens now.
                lease=partial(
                    self._cards.record_sent, run, urgent_due=wanted.due if urgent else None
                ),
            )
        self._cards.record_known(run, card_id=card.id, url=card.url, wanted=wanted)
        self._runs.note(run, HistoryEvent.CARD_CREATED, card_url=card.url)
        if replaces:
            self._archive(run, replaces)
        return card.url if run.card_sent_at is None else self._look_again(run, wanted, made=card)

    def _look_again(self, run: Run, wanted: WantedCard, *, made: Card) -> str:
        """Look once more after an earlier copy without a clear answer: the older card stays."""
        twins = use_oldest(wanted, self._trello.open_cards())
        return self._use(run, wanted, twins) if twins and twins.spare else made.url

    @contextmanager
    def _clear_answers_noted(self, run: Run) -> Iterator[None]:
        """After a clear refusal no card can come of the copy; anything else leaves that open."""
        try:
            yield
        except ShuttingDown:
            self._cards.record_refused(run)
            raise
        except OutsideError as error:
            if not error.maybe_done:
                self._cards.record_refused(run)
            raise

    def _use(self, run: Run, wanted: WantedCard, step: UseExisting) -> str:
        card = step.card
        urgent = self._urgent(step.due) if step.due else None
        lease = self._runs.lease(run)
        if urgent:
            # So the record survives a worker that dies right after the write.
            lease = partial(self._cards.record_moved, run, urgent_due=wanted.due)
        if step.due or step.name or step.desc or step.is_template:
            card = self._trello.update_card(
                card.id,
                due=step.due,
                name=step.name,
                desc=step.desc,
                is_template=False if step.is_template else None,
                to_top=urgent is not None,
                label_ids=_labels(step.card, urgent),
                lease=lease,
            )
            self._runs.note(
                run,
                HistoryEvent.CARD_UPDATED,
                shared_with=step.shared_with,
                is_chosen=step.is_chosen,
            )
        self._cards.record_known(run, card_id=card.id, url=card.url, wanted=wanted)
        for spare in step.spare:
            self._archive(run, spare)
        return card.url

    def _archive(self, run: Run, spare: Card) -> None:
        """Archive a card too many, made by a write that landed late or for another person."""
        if marks_of(spare.desc) != {run.ticket_id}:
            # Another ticket, about the person that this one was thought to be about, needs it.
            desc = without_mark(spare.desc, run.ticket_id)
            self._trello.update_card(spare.id, desc=desc, lease=self._runs.lease(run))
            self._runs.note(run, HistoryEvent.CARD_LEFT_TO_OTHER_TICKET, card_url=spare.url)
        elif spare.is_untouched:
            self._trello.update_card(spare.id, is_closed=True, lease=self._runs.lease(run))
            self._runs.note(run, HistoryEvent.SPARE_CARD_ARCHIVED, card_url=spare.url)
        else:
            self._runs.note(run, HistoryEvent.SPARE_CARD_LEFT_OPEN, card_url=spare.url)

    def _urgent(self, due: datetime) -> Urgent | None:
        """Return what shows that a card is urgent; None if it is not."""
        if not is_urgent(due, within=self._urgent_within, now=datetime.now(UTC)):
            return None
        return Urgent(label_id=self._label_id())

    def _label_id(self) -> str | None:
        """Return the label's id; a card that is urgent does not wait for a label."""
        try:
            return self._trello.label_id(self._urgent_label) if self._urgent_label else None
        except PermanentError as failure:
            log.warning("label not found", extra={"problem": failure.problem})
            return None

    def _leave(self, run: Run, step: LeaveAsIs) -> str:
        """Leave a card that a person archived, moved away or deleted as it is."""
        self._runs.note(run, HistoryEvent.CARD_LEFT_AS_IS, why=step.state)
        if step.card is None:
            return step.known.url
        self._cards.record_known(run, card_id=step.card.id, url=step.card.url, wanted=None)
        return step.card.url

    def _wait_for_late_write(self, run: Run) -> None:
        """A copy without a clear answer may land until Trello cuts it off: look only after that."""
        if run.card_sent_at is None:
            return
        left = (run.card_sent_at + self._cards.late_write - datetime.now(UTC)).total_seconds()
        if left > 0:
            problem = "An earlier copy of the template may still land on the board."
            raise CardDeferred(problem, code=ReasonCode.CARD_MAY_STILL_APPEAR, seconds=left)


def _labels(card: Card, urgent: Urgent | None) -> tuple[str, ...] | None:
    """Return all labels of a card that becomes urgent; None to leave them as they are."""
    if urgent is None or urgent.label_id is None:
        return None
    return tuple(dict.fromkeys((*card.label_ids, urgent.label_id)))
