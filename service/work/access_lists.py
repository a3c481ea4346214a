"""The access lists as one directory of people: read, parsed and checked."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from integrations.github.user_reviewer import ListFile, Lists, UserReviewer
from service.domain.access_lists.entries import (
    Entry,
    UnreadableList,
    entries_from_yaml,
    holds_nothing,
)
from service.domain.errors import PermanentError
from service.domain.matching.index import Directory
from service.domain.reasons import ReasonCode
from service.records.lists import ListRecords
from service.records.removed import RemovedRecords

SYSTEM = "The access lists"


class ListsShrank(PermanentError):
    """Lists lost more than half of their people since they were last read.

    Attributes:
        people: how many each of them has now.
    """

    def __init__(self, before: Mapping[str, int], people: Mapping[str, int]) -> None:
        losses = "; ".join(
            f"{file} had {before[file]} people when it was last read and has {now} now"
            for file, now in people.items()
        )
        super().__init__(
            SYSTEM,
            f"{losses}. Look at the last change: fix the list, or, if that is right, run this "
            "ticket again as an operator, and the list is taken as it is.",
            code=ReasonCode.LISTS_SHRANK,
        )
        self.people = people


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadLists:
    """All lists at one commit.

    Attributes:
        commit: which one.
        directory: the people in them.
        people: how many each list has.
        texts: what each file holds, by its path.
    """

    commit: str
    directory: Directory
    people: dict[str, int]
    texts: dict[str, bytes]


class AccessLists:
    """Returns the directory of people; parses it again only if a file changed.

    Args:
        reviewer: reads the repository.
        records: remembers how many people each list had.
        removed: remembers who left the lists lately.
        tech_file: path in the repository of the list of tech people.
    """

    def __init__(
        self,
        reviewer: UserReviewer,
        records: ListRecords,
        removed: RemovedRecords,
        *,
        tech_file: str,
    ) -> None:
        self._reviewer = reviewer
        self._records = records
        self._removed = removed
        self._tech_file = tech_file
        self._parsed: dict[ListFile, tuple[Entry, ...]] = {}
        self._read: ReadLists | None = None
        self._remembered: str | None = None
        self._lock = threading.Lock()

    def current(
        self, *, accepted: Mapping[str, int] | None = None, remembers: bool = True
    ) -> Directory:
        """Return the directory as the lists are now; see `current_lists`."""
        return self.current_lists(accepted=accepted, remembers=remembers).directory

    def current_lists(
        self, *, accepted: Mapping[str, int] | None = None, remembers: bool = True
    ) -> ReadLists:
        """Return the lists as they are now.

        Args:
            accepted: lists that lost many people, with the number that each had left when an
                operator accepted that.
            remembers: whether the lists' sizes may be noted for the next time.

        Raises:
            ListsShrank: see there.
            PermanentError: a list can't be read or parsed, is absent, or contains no people.
            TransientError: GitHub can't be reached.
        """
        read = self.read()
        with self._lock:
            if self._remembered != read.commit:
                self._refuse_loss(read.people, accepted=accepted or {})
                if remembers:
                    self._records.remember(read.people)
                    self._remembered = read.commit
        return read

    def knows(self, entry_id: str, *, left_by: datetime) -> bool:
        """Return whether an entry is in the lists.

        Args:
            entry_id: which.
            left_by: also count an entry that left the lists recently, and before this instant.

        Raises:
            PermanentError, TransientError: see `current_lists`.
        """
        is_listed = bool(self.current(remembers=False).by_id(entry_id))
        return is_listed or any(
            one.entry.id == entry_id and one.at <= left_by for one in self._removed.all()
        )

    def read(self) -> ReadLists:
        """Read and parse the lists, and make sure that they can be the access lists.

        Raises:
            PermanentError: a list can't be read or parsed, is absent, or contains no people.
            TransientError: GitHub can't be reached.
        """
        lists = self._reviewer.read()
        with self._lock:
            if self._read is None or self._read.commit != lists.commit:
                # Release the previous commit first: two with 100,000 people take 500 MB.
                self._read = None
                self._read = self._parse(lists)
            return self._read

    def _parse(self, lists: Lists) -> ReadLists:
        if all(file.path != self._tech_file for file in lists.files):
            raise PermanentError(
                SYSTEM,
                f"{self._tech_file} is not there. Put it back, or fix USER_REVIEWER_DIRECTORY or "
                "USER_REVIEWER_TECH_FILE.",
                code=ReasonCode.TECH_LIST_MISSING,
            )
        parsed = {file: self._parsed.get(file) or _entries(file) for file in lists.files}
        people = {file.path: len(entries) for file, entries in parsed.items()}
        for file in lists.files:
            if people[file.path]:
                continue
            if file.path == self._tech_file or holds_nothing(file.text):
                raise PermanentError(
                    SYSTEM,
                    f"{file.path} contains no people. Look at its last change.",
                    code=ReasonCode.LIST_WITHOUT_PEOPLE,
                )
        self._parsed = parsed
        entries = tuple(entry for found in parsed.values() for entry in found)
        return ReadLists(
            commit=lists.commit,
            directory=Directory(entries),
            people=people,
            texts={file.path: file.text for file in lists.files},
        )

    def _refuse_loss(self, people: dict[str, int], *, accepted: Mapping[str, int]) -> None:
        before = self._records.people()
        for file, number in before.items():
            if number and people.get(file) == 0:
                # An operator can't accept a list in which no people are recognised any more.
                raise PermanentError(
                    SYSTEM,
                    f"{file} had {number} people when it was last read and contains "
                    "none now. Fix the list; if it is no longer a list, move it elsewhere.",
                    code=ReasonCode.LIST_WITHOUT_PEOPLE,
                )
        now = {file: people.get(file, 0) for file in before}
        shrunk = {file: number for file, number in now.items() if number * 2 < before[file]}
        if any(number < accepted.get(file, before[file]) for file, number in shrunk.items()):
            raise ListsShrank(before, shrunk)


def _entries(file: ListFile) -> tuple[Entry, ...]:
    try:
        return entries_from_yaml(file.text, file=file.path)
    except UnreadableList as error:
        raise PermanentError(
            SYSTEM,
            f"{error.file} cannot be read: {error.problem}. Fix the file in the repository.",
            code=ReasonCode.LIST_UNREADABLE,
        ) from None
