"""Remembers who leaves the access lists, commit by commit, and looks for a leaver among them."""

import logging
import threading
from datetime import UTC, datetime, timedelta

from integrations.github.commits import PastCommit
from integrations.github.user_reviewer import ListFile, UserReviewer
from service.domain.access_lists.entries import Entry, UnreadableList, entries_from_yaml
from service.domain.errors import PermanentError
from service.domain.removed import RemovedEntry, entries_gone
from service.records.removed import HistoryProgress, RemovedRecords
from service.work.access_lists import ReadLists

log = logging.getLogger(__name__)

People = tuple[Entry, ...]


class RemovedPeople:
    """Who left the lists lately: each commit since the last look, and once the days before.

    Args:
        reviewer: reads the repository's past.
        records: keeps who left.
        look_back: how long somebody who left is remembered; zero turns it off.
    """

    def __init__(
        self, reviewer: UserReviewer, records: RemovedRecords, *, look_back: timedelta
    ) -> None:
        self._reviewer = reviewer
        self._records = records
        self._look_back = look_back
        self._seen: tuple[str, People] | None = None
        self._done: str | None = None
        self._parsed: dict[ListFile, People] = {}
        self._lock = threading.Lock()

    def begin(self, head: ReadLists) -> None:
        """Note which commit was read first, before anything is looked through."""
        if self._look_back and self._seen is None:
            self._records.begin(head.commit)
            self._seen = (head.commit, head.directory.entries)

    def since(self, head: ReadLists) -> tuple[RemovedEntry, ...]:
        """Return who left within the days that are looked back, up to the lists as they are now.

        Raises:
            TransientError: GitHub can't be reached: nobody can say who left.
        """
        if not self._look_back:
            return ()
        self.catch_up(head)
        return self._records.all()

    def catch_up(self, head: ReadLists) -> None:
        """Look through the commits that have not been looked through yet.

        History that can't be read is skipped and logged: it must not stop every leaver who is in no
        list.

        Raises:
            TransientError: GitHub can't be reached.
        """
        if not self._look_back:
            return
        with self._lock:
            if self._done == head.commit:
                return
            progress = self._records.begin(head.commit)
            if progress.seen_commit != head.commit:
                self._go_on(progress, head)
            self._seen = (head.commit, head.directory.entries)
            if progress.is_seeded or self._seed(progress):
                self._done = head.commit
            self._parsed = {}

    def _go_on(self, progress: HistoryProgress, head: ReadLists) -> None:
        """Look through the commits from the last one seen to the head, oldest first."""
        seen = progress.seen_commit
        try:
            past = self._reviewer.past(head.commit, since=self._since(), until=seen)
        except PermanentError as error:
            log.warning("history of the access lists unreadable", extra={"problem": str(error)})
            past = []
        now = PastCommit(sha=head.commit, at=datetime.now(UTC), parent=None)
        before = self._people_at(seen, head)
        for commit in reversed(past or [now]):
            people = self._people_at(commit.sha, head)
            gone = entries_gone(before, people) if before and people else []
            self._records.add(gone, commit=commit.sha, at=commit.at, is_seen=True)
            before = people or before

    def _seed(self, progress: HistoryProgress) -> bool:
        """Look through the days before the first reading; return whether that worked."""
        try:
            past = self._reviewer.past(progress.first_commit, since=self._since())
        except PermanentError as error:
            log.warning("history of the access lists unreadable", extra={"problem": str(error)})
            return False
        before: People | None = None
        if past and past[-1].parent:
            before = self._people_at(past[-1].parent)
        for commit in reversed(past):
            people = self._people_at(commit.sha)
            gone = entries_gone(before, people) if before and people else []
            self._records.add(gone, commit=commit.sha, at=commit.at, is_seen=False)
            before = people or before
        self._records.seeded()
        return True

    def _people_at(self, commit: str, head: ReadLists | None = None) -> People | None:
        """Return the people of all lists at a commit; None if they can't be read there."""
        if head and commit == head.commit:
            return head.directory.entries
        if self._seen and commit == self._seen[0]:
            return self._seen[1]
        try:
            files = self._reviewer.read_at(commit).files
            # From one commit to the next most files stay as they are.
            self._parsed = {
                file: self._parsed.get(file) or entries_from_yaml(file.text, file=file.path)
                for file in files
            }
            return tuple(entry for file in files for entry in self._parsed[file])
        except (PermanentError, UnreadableList):
            log.warning("access lists of a past commit unreadable", extra={"commit": commit})
            return None

    def _since(self) -> datetime:
        return datetime.now(UTC) - self._look_back
