"""Ensuring a leaver's one card: look for the ticket's mark, and copy only where there is none."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime

from integrations.trello.client import Trello
from service.domain import wording
from service.domain.cards import (
    Card,
    CopyTemplate,
    DueDateConflict,
    KnownCard,
    NotOnBoard,
    UseExisting,
    WantedCard,
    decide_card,
    marks_of,
    without_mark,
)
from service.domain.errors import Deferred, OutsideError
from service.domain.plan import Decision, MakeCard
from service.domain.ticket_updates import last_mark
from service.guard.daily_limit import DailyLimit, Kind
from service.guard.shutdown import ShuttingDown
from service.records.runs import Run, Runs

# How long a ticket waits for another one about the same person, in seconds.
WAIT_FOR_SIBLING = 2


class Waiting(Deferred):
    """The ticket has to wait for something that will be over soon."""

    def __init__(self, problem: str, *, seconds: float) -> None:
        super().__init__("The service", problem, retry_after=seconds)


class CardKeeper:
    """Keeps one card a leaver, whatever fails and however often it is asked."""

    def __init__(self, trello: Trello, runs: Runs, caps: DailyLimit) -> None:
        self._trello = trello
        self._runs = runs
        self._caps = caps

    def foresee(
        self, run: Run, plan: MakeCard, decision: Decision
    ) -> CopyTemplate | UseExisting | NotOnBoard | DueDateConflict:
        """Return what `ensure` would do now; nothing is written anywhere."""
        siblings = self._runs.siblings(run, plan.card.person_keys)
        return decide_card(
            plan.card,
            on_board=self._trello.open_cards(),
            known=known_card(run, decision),
            sibling_tickets=siblings,
        )

    def ensure(self, run: Run, plan: MakeCard, decision: Decision) -> Card | None:
        """Make sure that the leaver's card is as the plan wants it, and return it.

        It is returned with the due date that it really has, which a person may have changed; None
        comes in its place where the person has an open card for another leaving date.

        Raises:
            DailyLimitReached: a card is to be made, and too many were written today.
        """
        siblings = self._runs.claim_person(run, plan.card.person_keys)
        if siblings is None:
            raise Waiting(
                "Another ticket of the same person is on its way.", seconds=WAIT_FOR_SIBLING
            )
        self._wait_for_late_write(run)
        wanted = plan.card
        known = known_card(run, decision)
        step = decide_card(
            wanted, on_board=self._trello.open_cards(), known=known, sibling_tickets=siblings
        )
        match step:
            case DueDateConflict():
                return None
            case CopyTemplate(replaces=old):
                return self._copy(run, wanted, replaces=old)
            case NotOnBoard(known=earlier):
                return self._look_up(run, wanted, earlier)
            case UseExisting():
                return self._take_up(run, wanted, step)

    def _copy(self, run: Run, wanted: WantedCard, *, replaces: Card | None) -> Card:
        # The note and the solved ticket are to come: a card without them would be half a job.
        counted = self._caps.counted(run, Kind.CARD, Kind.NOTE, Kind.SOLVED)
        with counted, self._clear_answers_noted(run):
            card = self._trello.copy_template(
                wanted.role, name=wanted.name, due=wanted.due, head=wanted.head
            )
        self._runs.card_is_known(run, card_id=card.id, url=card.url, wanted=wanted)
        self._runs.note(run, "card made", card.url)
        if replaces:
            self._archive(run, replaces)
        card = replace(card, due=wanted.due)
        return card if run.card_sent_at is None else self._look_again(run, wanted, made=card)

    def _look_again(self, run: Run, wanted: WantedCard, *, made: Card) -> Card:
        """Look once more after an earlier copy without a clear answer: the older card stays."""
        step = decide_card(
            wanted, on_board=self._trello.open_cards(), known=None, sibling_tickets=frozenset()
        )
        if not isinstance(step, UseExisting) or not step.spare:
            return made
        return self._take_up(run, wanted, step)

    @contextmanager
    def _clear_answers_noted(self, run: Run) -> Iterator[None]:
        """After a clear refusal no card can come of the copy; anything else leaves that open."""
        try:
            yield
        except ShuttingDown:
            self._runs.card_is_not_made(run)
            raise
        except OutsideError as error:
            if not error.maybe_done:
                self._runs.card_is_not_made(run)
            raise

    def _take_up(self, run: Run, wanted: WantedCard, step: UseExisting) -> Card:
        card, due = step.card, step.due or step.card.due
        if step.due or step.name or step.desc or step.is_template:
            card = self._trello.update_card(
                card.id,
                due=step.due,
                name=step.name,
                desc=step.desc,
                is_template=False if step.is_template else None,
            )
            self._runs.note(run, "card updated", step.remark or "")
        self._runs.card_is_known(run, card_id=card.id, url=card.url, wanted=wanted)
        for spare in step.spare:
            self._archive(run, spare)
        return replace(card, due=due)

    def _archive(self, run: Run, spare: Card) -> None:
        """Archive a card too many, made by a write that landed late or for another person."""
        if marks_of(spare.desc) != {run.ticket_id}:
            # Another ticket, about the person whom this one was thought to be about, needs it.
            desc = without_mark(spare.desc, run.ticket_id)
            self._trello.update_card(spare.id, desc=desc)
            self._runs.note(run, "card left to another ticket", spare.url)
        elif spare.is_untouched:
            self._trello.update_card(spare.id, is_closed=True)
            self._runs.note(run, "card too many archived", spare.url)
        else:
            self._runs.note(run, "card too many left open, since somebody works on it", spare.url)

    def _look_up(self, run: Run, wanted: WantedCard, known: KnownCard) -> Card:
        """Leave a card that a person archived, moved away or deleted as it is."""
        card = self._trello.card(known.key)
        if card is None:
            self._runs.note(run, "card left as it is", wording.CARD_IS_GONE)
            return Card(id=known.key, url=known.url, name=wanted.name, desc="", due=None)
        self._runs.note(run, "card left as it is", _where(card))
        self._runs.card_is_known(run, card_id=card.id, url=card.url, wanted=None)
        return card

    def _wait_for_late_write(self, run: Run) -> None:
        """A copy without a clear answer may land until Trello cuts it off: look only after that."""
        if run.card_sent_at is None:
            return
        left = (run.card_sent_at + self._runs.late_write - datetime.now(UTC)).total_seconds()
        if left > 0:
            problem = "An earlier copy of the template may still land on the board."
            raise Waiting(problem, seconds=left)


def _where(card: Card) -> str:
    return wording.CARD_IS_MOVED if card.is_open else wording.CARD_IS_ARCHIVED


def card_left(run: Run, decision: Decision | None = None) -> str | None:
    """Return the link of the ticket's card where it is to have none: a person may archive it.

    Args:
        run: whose record may name it.
        decision: whose ticket may name it; None where the ticket can't be read.
    """
    known = known_card(run, decision) if decision else run.card
    return known.url if known else None


def known_card(run: Run, decision: Decision) -> KnownCard | None:
    """Return what is known of the ticket's card: by our record, or by the ticket's last note.

    The note survives the loss of our own record.
    """
    mark = last_mark(decision.ticket)
    if run.card or mark is None or mark.card is None:
        return run.card
    return KnownCard(key=mark.card, url=f"https://trello.com/c/{mark.card}")
