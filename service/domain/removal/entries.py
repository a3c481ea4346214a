"""Which entries are a leaver's on the day of the removal: found again, never guessed."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from service.domain.access_lists.entries import Entry
from service.domain.corrections import Corrections
from service.domain.identity import entries_of_chosen
from service.domain.matching.find_leaver import find_leaver
from service.domain.matching.index import Directory
from service.domain.matching.match_person import Candidates, Match, MatchingPolicy, NoMatch
from service.domain.removal.refusals import RefusalCode
from service.domain.ticket import LeaverDetails


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What the record says of a leaver.

    Attributes:
        entry_ids: of the entries that were matched.
        details: what the ticket said, with the operators' corrections in place.
        corrections: what operators said.
        is_by_name_alone: nothing but the name showed who it is.
        was_removed: the entry had left the lists before the card was made.
    """

    entry_ids: Collection[str]
    details: LeaverDetails
    corrections: Corrections
    is_by_name_alone: bool
    was_removed: bool = False


def entries_now(
    recorded: Recorded, directory: Directory, *, policy: MatchingPolicy
) -> tuple[Entry, ...] | RefusalCode:
    """Find a leaver's entries in the lists as they are now; nothing if they are gone.

    They are found by their ids, with the same person's other entries; else by the same single
    match by identity that a ticket is matched by. Where the card says that the entry was removed
    already, one that is back is somebody's decision: it is never removed again automatically.
    """
    found = _entries_now(recorded, directory, policy=policy)
    is_back = recorded.was_removed and found != ()
    return RefusalCode.REMOVED_BEFORE if is_back else found


def _entries_now(
    recorded: Recorded, directory: Directory, *, policy: MatchingPolicy
) -> tuple[Entry, ...] | RefusalCode:
    is_chosen = recorded.corrections.entry is not None
    if recorded.is_by_name_alone and not is_chosen:
        return RefusalCode.BY_NAME_ALONE
    found = dict.fromkeys(
        entry for id_ in recorded.entry_ids for entry in entries_of_chosen(id_, directory)
    )
    if found:
        return tuple(found)
    finding = find_leaver(
        recorded.details, replace(recorded.corrections, entry=None), directory, policy=policy
    )
    match finding:
        case Match(by_name_alone=False, entries=entries):
            return entries
        case Match() | Candidates():
            return RefusalCode.NOT_FOUND_AGAIN
        case NoMatch():
            return ()
