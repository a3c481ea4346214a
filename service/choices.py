"""Whether the entry that an operator chose may be chosen."""

from typing import Any

from service.access_lists import AccessLists
from service.domain.errors import Passing
from service.leavers import Leaver


class ChoiceRefused(Exception):
    """The entry can't be chosen.

    Args:
        status: the HTTP status.
        problem: what is wrong, as the end of a sentence that begins with the entry.
    """

    def __init__(self, status: int, problem: str) -> None:
        super().__init__(status, problem)
        self.status = status
        self.problem = problem


def offered(leaver: Leaver) -> frozenset[str]:
    """Return the ids of the entries that may be chosen."""
    return frozenset(entry["id"] for entry in (*leaver.candidates, *filter(None, [leaver.entry])))


def check_choice(given: dict[str, Any], known: Leaver | None, lists: AccessLists) -> None:
    """Refuse an entry that was not offered for this leaver, or has gone from the lists.

    Args:
        given: the corrections.
        known: None where the ticket was never seen.
        lists: as they are now.

    Raises:
        ChoiceRefused: see there.
        Lasting: the lists can't be what they should be.
    """
    entry_id = given.get("entry")
    if not entry_id:
        return
    if known is None or entry_id not in offered(known):
        raise ChoiceRefused(422, "is not one of this leaver's candidates.")
    try:
        directory = lists.current(remembers=False)
    except Passing:
        return  # the run itself looks again, and asks where the entry is gone
    if not directory.by_id(entry_id):
        raise ChoiceRefused(409, "is no longer in the access lists. Look at the leaver again.")
