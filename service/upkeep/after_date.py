"""After the leaving date: who is still in the lists, whose card is open, and the reminders.

It is part of each sweep, and changes nothing but the reminders on the cards: no ticket, no date, no
list. If something can't be known now, nothing is changed.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from integrations.trello.client import Trello
from service.domain.after_date import (
    Access,
    AfterDate,
    AfterDateRules,
    CardSeen,
    access_of,
    after_date_of,
    at_the_end,
    card_seen,
    days_late,
    local_day,
    present_due,
)
from service.domain.cards import Card
from service.domain.corrections import Corrections
from service.domain.errors import OutsideError, PermanentError
from service.domain.matching.find_leaver import find_leaver
from service.domain.matching.match_person import Candidate, Candidates, Match, MatchingPolicy
from service.domain.removed import LeftLists
from service.domain.ticket import recorded_details
from service.domain.wording import LISTED_BY_NOW
from service.records.after_date import AfterDateRecords, Look
from service.records.watched import Watched, WatchedRecords, WithoutAccess
from service.upkeep.open_cards import OpenCards
from service.upkeep.reminders import Reminders
from service.work.access_lists import AccessLists, ReadLists
from service.work.result import candidate_as_json

log = logging.getLogger(__name__)

# How often a card that is not open on the board is looked at on its own.
_LOOK_AT_CARD_EVERY = timedelta(days=1)
# How long it is noticed that somebody whose access was over is listed again.
_COME_BACK_WITHIN = timedelta(days=30)

# A leaver, the card if it is open on the board, and the due time.
Due = tuple[Watched, Card | None, datetime]


class AfterDateLook:
    """Checks leavers whose due time has passed.

    Args:
        lists: the access lists.
        trello: the board.
        leavers: who is looked at.
        records: how they stand.
        rules: see there.
        matching: how somebody who was in no list is looked for.
        done_lists: names of lists in which a card counts as done.
        reminders: sends reminders; None if none are sent.
        clock: gives the present instant, in UTC.
    """

    def __init__(  # noqa: PLR0913 - each is a part of its own
        self,
        *,
        lists: AccessLists,
        trello: Trello,
        leavers: WatchedRecords,
        records: AfterDateRecords,
        rules: AfterDateRules,
        matching: MatchingPolicy,
        done_lists: Iterable[str],
        reminders: Reminders | None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._lists = lists
        self._trello = trello
        self._leavers = leavers
        self._records = records
        self._rules = rules
        self._matching = matching
        self._done_lists = frozenset(name.strip().casefold() for name in done_lists)
        self._reminders = reminders
        self._clock = clock

    def look(self, open_cards: Callable[[], Iterable[Card]]) -> dict[str, int]:
        """Look at all of them once; return how many were looked at, and reminded of.

        Args:
            open_cards: gives the board's open cards; called only if they are needed.

        Raises:
            OutsideError: Trello can't be asked for the board, or for a card: the others were
                looked at.
        """
        now = self._clock()
        watched = self._leavers.watched()
        board = OpenCards.of(open_cards() if watched else ())
        due = [found for one in watched if (found := self._due_now(one, board, now=now))]
        without_access = [one for one in self._leavers.without_access() if self._is_past(one, now)]
        ended = self._leavers.ended_lately(since=now - _COME_BACK_WITHIN)
        counts = {"looked_at": 0, "reminded": 0}
        if not due and not without_access and not ended:
            self._records.note_looked(counts)
            return counts
        lists = self._read_lists()
        if lists is None:
            return counts
        trouble = self._look_at_each(due, counts, lists=lists, now=now)
        for each in without_access:
            self._look_once(each, lists)
        for one in ended:
            self._notice_come_back(one, lists, now=now)
        if trouble:
            raise trouble
        self._records.note_looked(counts)
        return counts

    def _look_at_each(
        self, due: Iterable[Due], counts: dict[str, int], *, lists: ReadLists, now: datetime
    ) -> OutsideError | None:
        """Look at all whose due time has passed; return what the last of them failed by."""
        trouble: OutsideError | None = None
        for one, card, at in due:
            try:
                counts["reminded"] += self._look_at(one, card, due=at, lists=lists, now=now)
                counts["looked_at"] += 1
            except PermanentError as error:
                self._note_unknown(one, error, now=now)
            except OutsideError as error:
                trouble = error
        return trouble

    def _note_unknown(self, one: Watched, error: PermanentError, *, now: datetime) -> None:
        """Record that one card can't be seen; the others are looked at all the same."""
        extra = {"ticket_id": one.ticket_id, "problem": error.problem}
        log.warning("card unknown", extra=extra)
        self._records.card_is_unknown(one.ticket_id, now=now)

    def _due_now(self, one: Watched, board: OpenCards, *, now: datetime) -> Due | None:
        """Return the leaver, its card and its due time if that has passed; None if it has not."""
        card = board.card_of(one.ticket_id, one.card_id)
        due = self._present_due(one, card, seen_due=one.due_at)
        if due is None:
            return None
        if now >= due:
            return one, card, due
        if one.status is not None or due != (one.due_at or one.set_due):
            # Somebody moved the date: nothing is said, and nothing erased, before the new one.
            self._records.store(one, Look(status=None, due_at=due), now=now)
        return None

    def _present_due(
        self, one: Watched, card: Card | None, *, seen_due: datetime | None
    ) -> datetime | None:
        return present_due(
            card,
            set_due=one.set_due,
            leaving_date=one.leaving_date,
            rules=self._rules,
            seen_due=seen_due,
        )

    def _is_past(self, one: WithoutAccess, now: datetime) -> bool:
        due = present_due(None, set_due=None, leaving_date=one.leaving_date, rules=self._rules)
        return due is not None and now >= due

    def _read_lists(self) -> ReadLists | None:
        """Return the lists at head; None if they are refused or can't be read."""
        try:
            return self._lists.current_lists()
        except OutsideError as error:
            log.warning("access lists unknown", extra={"error": type(error).__name__})
            return None

    def _look_at(
        self,
        one: Watched,
        card: Card | None,
        *,
        due: datetime,
        lists: ReadLists,
        now: datetime,
    ) -> int:
        """Record how a leaver stands, and send the reminder that is due; return how many were."""
        if one.said_over:
            self._records.store(one, Look(status=AfterDate.OVER, due_at=due), now=now)
            return 0
        access = access_of(one.identity, lists.directory.entries, now=now)
        seen, card_looked_at, due = self._seen(one, card, due=due, now=now)
        if now < due:
            # Somebody moved the date before the card was archived or moved away.
            look = Look(status=None, due_at=due, card=seen, card_looked_at=card_looked_at)
            self._records.store(one, look, now=now)
            return 0
        status = after_date_of(access.access, seen.status)
        if status is None:
            return 0
        if one.remind_from is None or local_day(now, self._rules) > one.remind_from:
            status = at_the_end(status, due=due, now=now, rules=self._rules)
        look = Look(
            status=status,
            due_at=due,
            files=access.files,
            card=seen,
            card_looked_at=card_looked_at,
        )
        if access.access is Access.GONE:
            look = self._gone(look, one, LeftLists(commit=lists.commit, at=now))
        if not self._records.store(one, look, now=now) or self._reminders is None:
            return 0
        card_id = card.id if card else one.card_id
        return self._reminders.remind(one, card_id, status, look=look, access=access, now=now)

    def _gone(self, look: Look, one: Watched, seen: LeftLists) -> Look:
        """Add when the person left: when that was seen, or before the card if it was known then."""
        is_back = one.status is not None and one.status.is_listed
        gone = one.left if one.left and not is_back else seen
        late = days_late(look.due_at, now=gone.at, rules=self._rules)
        return replace(look, gone_at=gone.at, gone_commit=gone.commit, gone_working_days=late)

    def _seen(
        self, one: Watched, card: Card | None, *, due: datetime, now: datetime
    ) -> tuple[CardSeen, datetime | None, datetime]:
        """Return the card's status, when it was last looked at on its own, and its due date.

        Raises:
            OutsideError: Trello can't be asked for the card.
        """
        if card:
            return self._card_seen(card, due=due), None, due
        is_fresh = one.card_looked_at and now - one.card_looked_at < _LOOK_AT_CARD_EVERY
        if one.card and is_fresh:
            return one.card, None, due
        alone = self._trello.card(one.card_id)
        if alone:
            due = self._present_due(one, None, seen_due=alone.due) or due
        return self._card_seen(alone, due=due), now, due

    def _card_seen(self, card: Card | None, *, due: datetime) -> CardSeen:
        names = self._trello.lists() if card and card.list_id else {}
        done = {id_ for id_, name in names.items() if name.casefold() in self._done_lists}
        return card_seen(card, due=due, done_lists=frozenset(done))

    def _look_once(self, one: WithoutAccess, lists: ReadLists) -> None:
        """Ask a person if the leaver was in no list when the ticket came, and somebody fits now."""
        details = recorded_details(name=one.name, email=one.email)
        finding = find_leaver(details, Corrections(), lists.directory, policy=self._matching)
        found: tuple[Candidate, ...] = ()
        if isinstance(finding, Match):
            found = tuple(
                Candidate(entry=entry, evidence=finding.evidence) for entry in finding.entries
            )
        elif isinstance(finding, Candidates):
            found = finding.candidates
        self._records.note_looked_once(
            one.ticket_id,
            reason=LISTED_BY_NOW if found else None,
            candidates=[candidate_as_json(each) for each in found],
        )

    def _notice_come_back(self, one: Watched, lists: ReadLists, *, now: datetime) -> None:
        seen = access_of(one.identity, lists.directory.entries, now=now)
        if seen.access is Access.LISTED:
            self._records.note_come_back(one.ticket_id, seen.files, now=now)
