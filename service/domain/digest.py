"""The message of the day about leavers whose date has passed, if there is one: it names nobody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.domain.after_date import WORST_FIRST, AfterDate, AfterDateRules

MOST_NUMBERS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """What the message of the day is about, as ticket numbers.

    Attributes:
        standing: the leavers that are open, by how they stand.
        new: those among them that stand otherwise than at the last message.
        came_back: leavers whose access was over, and who are in the lists again.
    """

    standing: Mapping[AfterDate, Sequence[int]]
    new: frozenset[int] = frozenset()
    came_back: Sequence[int] = ()

    def is_worth_sending(self, *, begins_week: bool) -> bool:
        """Return whether anything is new; on a week's first working day, whether any is open."""
        has_open = any(self.standing.get(status) for status in OPEN)
        return bool(self.new or self.came_back) or (begins_week and has_open)


OPEN = tuple(status for status in WORST_FIRST if not status.is_final)
_SAID = {
    AfterDate.DONE_BUT_LISTED: "card done, but still in the access lists",
    AfterDate.STILL_LISTED: "still in the access lists",
    AfterDate.CARD_OPEN: "out of the access lists, card still open",
    AfterDate.UNFINISHED: "given up after {days} days",
}


def digest_title(digest: Digest) -> str:
    """Say in a line how many are open after their leaving date."""
    number = sum(len(digest.standing.get(status, ())) for status in OPEN)
    return f"Leavers: {number} open after the leaving date"


def digest_text(digest: Digest, *, link: str | None, rules: AfterDateRules) -> str:
    """Count the leavers by how they stand, with their tickets' numbers, the new ones marked.

    Args:
        digest: see there.
        link: where to look, or None.
        rules: name the days after which the service gives up.
    """
    lines = [
        f"{len(tickets)} {_SAID[status].format(days=rules.until_days)}: {_numbers(tickets, digest)}"
        for status in WORST_FIRST
        if status in _SAID and (tickets := digest.standing.get(status, ()))
    ]
    if digest.came_back:
        numbers = _numbers(digest.came_back, digest)
        lines.append(f"{len(digest.came_back)} in the access lists again: {numbers}")
    if link:
        lines.append(link)
    return "\n".join(lines)


def _numbers(tickets: Sequence[int], digest: Digest) -> str:
    shown = [f"{one} (new)" if one in digest.new else str(one) for one in tickets[:MOST_NUMBERS]]
    more = len(tickets) - MOST_NUMBERS
    return ", ".join([*shown, *([f"and {more} more"] if more > 0 else [])])
