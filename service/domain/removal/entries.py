"""Which entries are a leaver's on the day of the removal: found again, never guessed."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from itertools import combinations

from service.domain.access_lists.entries import Entry
from service.domain.after_date import LeaverIdentity, is_entry_of
from service.domain.corrections import Corrections
from service.domain.identity import entries_of_chosen, keys_of_entries, may_be_one_person
from service.domain.matching.find_leaver import find_leaver
from service.domain.matching.index import Directory
from service.domain.matching.match_person import Candidates, Match, MatchingPolicy, NoMatch
from service.domain.matching.names import read_name
from service.domain.removal.refusals import RefusalCode
from service.domain.ticket import LeaverDetails


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What the record says of a leaver.

    Attributes:
        identity: of the entries that were matched.
        details: what the ticket said, with the operators' corrections in place.
        corrections: what operators said.
        is_by_name_alone: nothing but the name showed who it is.
        was_removed: the entry had left the lists before the card was made.
    """

    identity: LeaverIdentity
    details: LeaverDetails
    corrections: Corrections
    is_by_name_alone: bool
    was_removed: bool = False


def entries_now(
    recorded: Recorded, directory: Directory, *, policy: MatchingPolicy
) -> tuple[Entry, ...] | RefusalCode:
    """Find a leaver's entries in the lists as they are now; nothing if they are gone.

    They are found by their ids, with the same person's other entries; else by the same single
    match by identity that a ticket is matched by. An entry that is similar, or shares an address
    or user name, leaves that uncertain. Entries that share an address, of a team for
    example, and have the names of several people are never taken for one person's. Where the card
    says that the entry was removed already, one that is back is somebody's decision: it is never
    removed again automatically.
    """
    found = _entries_now(recorded, directory, policy=policy)
    if isinstance(found, tuple) and not are_one_persons(found):
        found = RefusalCode.SHARED_IDENTITY
    is_back = recorded.was_removed and found != ()
    return RefusalCode.REMOVED_BEFORE if is_back else found


def _entries_now(
    recorded: Recorded, directory: Directory, *, policy: MatchingPolicy
) -> tuple[Entry, ...] | RefusalCode:
    is_chosen = recorded.corrections.entry is not None
    if recorded.is_by_name_alone and not is_chosen:
        return RefusalCode.BY_NAME_ALONE
    found = dict.fromkeys(
        entry for id_ in recorded.identity.entry_ids for entry in entries_of_chosen(id_, directory)
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
            return RefusalCode.NOT_FOUND_AGAIN if _shares_identity(recorded, directory) else ()


def is_gone(recorded: Recorded, removed: Collection[str], directory: Directory) -> bool:
    """Return whether nothing that a pull request removes is listed any more.

    A similar entry may be the leaver's, but is not what was proposed.

    Args:
        recorded: the leaver.
        removed: keys of the entries that the pull request removes.
        directory: everybody in the lists.
    """
    are_listed = not keys_of_entries(directory.entries).isdisjoint(removed)
    return not (are_listed or _shares_identity(recorded, directory))


def _shares_identity(recorded: Recorded, directory: Directory) -> bool:
    return any(is_entry_of(entry, recorded.identity) for entry in directory.entries)


def are_one_persons(entries: Iterable[Entry]) -> bool:
    """Return whether the names of entries may all be one person's; one without a name may be."""
    names = {one.name for one in entries if read_name(one.name).readings}
    return all(may_be_one_person(one, other) for one, other in combinations(names, 2))
