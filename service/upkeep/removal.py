"""On the leaving date: a pull request that removes the leaver's entries, opened and kept in step.

It is part of each sweep. It proposes and never merges; what a person touched is not changed.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from integrations.github.user_reviewer import UserReviewer
from integrations.trello.client import Trello
from service.domain.after_date import AfterDateRules, present_due
from service.domain.errors import OutsideError, PermanentError
from service.domain.removal.deciding import opens_at
from service.guard.circuit_breaker import CircuitOpen
from service.guard.rate_limit import RateLimited
from service.guard.shutdown import ShuttingDown
from service.records.removal_problems import RemovalProblems
from service.records.removals import RemovalRecords
from service.records.removing import Removing
from service.records.runs import LeaseLost
from service.upkeep.open_cards import OpenCards
from service.upkeep.pull_request_context import ListsNow
from service.upkeep.removal_of_leaver import LeaverRemoval, Present
from service.work.access_lists import AccessLists

log = logging.getLogger(__name__)

# After this long a sweep goes on with its other work; the next one looks at the rest.
_LONGEST_LOOK = timedelta(minutes=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovalRules:
    """The settings that decide.

    Attributes:
        days_before: how many days before the due time a draft is opened; 0 for none.
        dates: of the due time if no card has one.
    """

    days_before: int
    dates: AfterDateRules


class RemovalLook:
    """Looks at every leaver whose entries are to be removed.

    Args:
        leaver_removal: brings one leaver's removal further.
        reviewer: the lists as bytes.
        lists: the lists as people, and whether they may be acted on.
        trello: for the board's due dates.
        records: see there.
        problems: where it is noted what somebody has to fix.
        rules: see there.
        clock: gives the present instant, in UTC.
    """

    def __init__(
        self,
        *,
        leaver_removal: LeaverRemoval,
        reviewer: UserReviewer,
        lists: AccessLists,
        trello: Trello,
        records: RemovalRecords,
        problems: RemovalProblems,
        rules: RemovalRules,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._leaver_removal = leaver_removal
        self._reviewer = reviewer
        self._lists = lists
        self._trello = trello
        self._records = records
        self._problems = problems
        self._rules = rules
        self._clock = clock

    def look(self) -> dict[str, int]:
        """Look at all of them once; returns how many were looked at, and how many failed.

        Raises:
            OutsideError: the board can't be read.
        """
        candidates = self._records.candidates()
        counts = {"removals_looked_at": 0, "removals_failed": 0}
        if not candidates:
            return counts
        cards = OpenCards.of(self._trello.open_cards())
        started = self._clock()
        due = [(one, at) for one in candidates if self._is_near(one, at := self._due(one, cards))]
        lists = self._read_lists() if due else None
        for one, at in due:
            if self._clock() - started > _LONGEST_LOOK:
                break
            counts["removals_looked_at"] += 1
            if not self._look_at(one, at, lists):
                counts["removals_failed"] += 1
        return counts

    def _due(self, one: Removing, cards: OpenCards) -> datetime | None:
        """When the removal may be merged: the card's present due date, which a person may move."""
        card = cards.card_of(one.ticket_id, one.card_id)
        return present_due(
            card,
            set_due=one.card_due,
            leaving_date=one.leaving_date,
            rules=self._rules.dates,
            seen_due=one.seen_due,
        )

    def _is_near(self, one: Removing, due: datetime | None) -> bool:
        """Whether there is anything to look at yet."""
        if not one.is_wanted or one.number or one.branch or one.wanted_by or one.shared_with:
            return True
        opens = self._opens_at(due)
        return opens is not None and self._clock() >= opens

    def _opens_at(self, due: datetime | None) -> datetime | None:
        if due is None:
            return None
        zone = self._rules.dates.timezone
        return opens_at(due, days_before=self._rules.days_before, timezone=zone)

    def _read_lists(self) -> ListsNow | None:
        """Return the lists at head; None if they are refused, or can't be read."""
        try:
            read, raw = self._lists.current_lists(), self._reviewer.read()
        except OutsideError as error:
            log.warning("access lists unknown", extra={"error": type(error).__name__})
            return None
        if read.commit != raw.commit:
            return None
        return ListsNow(
            branch=raw.branch,
            commit=read.commit,
            directory=read.directory,
            files={file.path: file.text for file in raw.files},
            modes={file.path: file.mode for file in raw.files},
        )

    def _look_at(self, one: Removing, due: datetime | None, lists: ListsNow | None) -> bool:
        """Look at one leaver; returns whether that went well."""
        now = Present(due=due, opens_at=self._opens_at(due), lists=lists)
        try:
            with self._records.claim(one.ticket_id) as lease:
                fresh = self._records.one(one.ticket_id) if lease else None
                if not (lease and fresh):
                    return True
                self._leaver_removal.advance(lease, fresh, now)
        except (LeaseLost, ShuttingDown):
            return True
        except (CircuitOpen, RateLimited):
            return False
        except OutsideError as error:
            if isinstance(error, PermanentError):
                self._problems.note(one.ticket_id, error)
            extra = {"ticket_id": one.ticket_id, "error": type(error).__name__}
            log.warning("removal not advanced", extra=extra | {"problem": error.problem})
            return False
        # A look that could not go all the way shows nothing of what was in the way before.
        if lists and fresh.is_settled:
            self._problems.clear(one.ticket_id)
        return True
