"""Who left the access lists lately: a leaver whose entry went before the ticket came."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from service.domain.access_lists.entries import Entry
from service.domain.corrections import Corrections
from service.domain.identity import signs_of
from service.domain.matching.find_leaver import find_leaver
from service.domain.matching.index import Directory
from service.domain.matching.match_person import (
    Candidate,
    Candidates,
    Match,
    MatchingPolicy,
    NoMatch,
)
from service.domain.reasons import Reason, ReasonCode
from service.domain.ticket import LeaverDetails

BY_NAME_ALONE = Reason(
    ReasonCode.REMOVED_BY_NAME_ALONE,
    "Nobody in the access lists fits, but an entry that was removed lately has this name.",
)
PERHAPS = Reason(
    ReasonCode.REMOVED_PERHAPS,
    "Nobody in the access lists fits, but an entry that was removed lately may be the leaver's.",
)
CHANGED = Reason(
    ReasonCode.ENTRY_CHANGED,
    "The entry that fits was changed lately: look whether the present one is the leaver's.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovedEntry:
    """An entry that was in a list, and is not any more.

    Attributes:
        entry: as it was.
        commit: the first one without it.
        at: when that was committed, in UTC.
    """

    entry: Entry
    commit: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftLists:
    """When the leaver's last entry was removed, and by which commit."""

    commit: str
    at: datetime

    def warning(self, commit_link: str, timezone: str) -> str:
        """Say it on the card; ``{}`` in the link stands for the commit."""
        day = self.at.astimezone(ZoneInfo(timezone))
        return (
            f"The entry was removed from the access lists on {day.day} {day:%B %Y}, before this "
            f"card was made: {commit_link.format(self.commit)}\n"
            "Other accounts may remain: check each of them."
        )


def entries_gone(before: Iterable[Entry], after: Iterable[Entry]) -> list[Entry]:
    """Return the entries of which nothing says the same any more, in any list."""
    left = {entry.id for entry in after}
    return [entry for entry in before if entry.id not in left]


def is_nobody(finding: Match | Candidates | NoMatch) -> bool:
    """Return whether nobody in the lists can be meant: the leaver may have left them lately.

    What may not be a name can be that of somebody who left, as the lists no longer show.
    """
    return isinstance(finding, NoMatch) or (
        isinstance(finding, Candidates) and not finding.candidates
    )


def find_removed(
    details: LeaverDetails,
    corrections: Corrections,
    removed: Sequence[RemovedEntry],
    directory: Directory,
    *,
    policy: MatchingPolicy,
) -> tuple[Match | Candidates | NoMatch, LeftLists | None]:
    """Look for the leaver among those who left the lists, by the rules of the lists themselves.

    Args:
        details: what the ticket says, with the operators' corrections in place.
        corrections: what operators have said.
        removed: who left the lists within the days that are looked back.
        directory: the people of all lists as they are now, in which nobody was found.
        policy: what is agreed about matching.

    Returns:
        A match by an address or a user name, or chosen by an operator, with its removal. By name
        alone, or if several may be meant, or if the entry was only changed: a question.
    """
    past = [one for one in removed if not directory.by_id(one.entry.id)]
    people = Directory(dict.fromkeys(one.entry for one in past))
    finding = find_leaver(details, corrections, people, policy=policy)
    match finding:
        case Match(entries=entries) if present := _still_listed(entries, directory):
            changed = tuple(Candidate(entry=entry, evidence=finding.evidence) for entry in present)
            return Candidates(candidates=changed, reason=CHANGED), None
        case Match(entries=entries, by_name_alone=True):
            named = tuple(Candidate(entry=entry, evidence=finding.evidence) for entry in entries)
            return Candidates(candidates=named, reason=BY_NAME_ALONE), None
        case Match(entries=entries):
            last = max((one for one in past if one.entry in entries), key=lambda one: one.at)
            return finding, LeftLists(commit=last.commit, at=last.at)
        case Candidates(candidates=candidates) if candidates:
            return Candidates(candidates=candidates, reason=PERHAPS), None
        case _:
            return NoMatch(), None


def _still_listed(entries: Iterable[Entry], directory: Directory) -> list[Entry]:
    """Return the present entries that share an address or a user name with these."""
    signs = {sign for entry in entries for sign in signs_of(entry)}
    return [entry for entry in directory.entries if signs & signs_of(entry)]
