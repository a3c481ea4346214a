"""What a pull request says: a branch, a title, a commit and a body, none of which names anybody."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from service.domain.removal.removal import Removal

GONE_COMMENT = (
    "Closed by the leavers service: the entry that this removes is no longer in the access lists."
)
WITHDRAWN_COMMENT = (
    "Closed by the leavers service: somebody said about the ticket that this removal is not wanted "
    "any more. Nothing was merged."
)
MOVED_COMMENT = (
    "Closed by the leavers service: the leaving date was moved, and nobody may merge this before "
    "the new one. It can't be a draft until then, so a new one is opened on that day."
)
DOUBLED_COMMENT = (
    "Closed by the leavers service: an earlier pull request that removes the same entry was opened "
    "again, and one is enough."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PullRequestText:
    """All that is written into a pull request."""

    title: str
    body: str

    @property
    def digest(self) -> str:
        """Shows whether a person edited it."""
        return digest_of_text(self.title, self.body)


def branch_name(ticket_id: int, attempt: int) -> str:
    """Name the branch of a ticket; no slash, since git can't have a branch below another."""
    return f"leaver-ticket-{ticket_id}" + (f"-{attempt}" if attempt > 1 else "")


def commit_message(ticket_id: int, ticket_link: str) -> str:
    """Write the commit's message."""
    return f"{_title(ticket_id)}\n\nZendesk ticket: {ticket_link}\n"


def pull_request_text(
    ticket_id: int,
    *,
    ticket_link: str,
    card_url: str,
    due: datetime,
    timezone: str,
    removal: Removal,
) -> PullRequestText:
    """Write title and body.

    Args:
        ticket_id: whose.
        ticket_link: to the ticket: the mark, by which the pull request is known.
        card_url: of the leaver's card.
        due: when the removal may be merged.
        timezone: for the body's text.
        removal: what the pull request removes.
    """
    local = due.astimezone(ZoneInfo(timezone))
    day = f"{local.day} {local:%B %Y}"
    parts = [
        f"Zendesk ticket: {ticket_link}",
        f"Card: {card_url}\nLeaving date: {day}",
        (
            f"**Merging this takes effect at once. Do not merge before {day}, {local:%H:%M} "
            f"({timezone}).**"
        ),
        "Removed, and nothing else:\n" + _listed((one.file, one.removed) for one in removal.files),
    ]
    left = [(one.file, one.comments_left) for one in removal.files if one.comments_left]
    if left:
        parts.append(
            "Comments directly above that were left in place, since they do not name the leaver:\n"
            + _listed(left)
        )
    parts += [
        (
            "What the service has not done: it never merges or approves, and it has removed no "
            "other access or account. The card lists what else there is to do."
        ),
        "How to say no: close this pull request. It is not opened again.",
    ]
    return PullRequestText(title=_title(ticket_id), body="\n\n".join(parts))


def digest_of_text(title: str, body: str) -> str:
    """Return the digest of a title and a body, whatever their line ends and spaces before them."""
    lines = "\n".join(line.rstrip() for line in body.strip().splitlines())
    return hashlib.sha256(f"{title.strip()}\0{lines}".encode()).hexdigest()[:16]


def line_ranges(numbers: Iterable[int]) -> str:
    """Write line numbers in few words: ``lines 3 to 7 and 12``."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    words = [f"{run[0]} to {run[-1]}" if len(run) > 1 else f"{run[0]}" for run in runs]
    many = "lines" if len(runs) > 1 or len(runs[0]) > 1 else "line"
    *first, last = words
    return f"{many} {', '.join(first)} and {last}" if first else f"{many} {last}"


def _title(ticket_id: int) -> str:
    return f"Remove a leaver (Zendesk ticket {ticket_id})"


def _listed(files: Iterable[tuple[str, Sequence[int]]]) -> str:
    return "\n".join(f"- `{file}`: {line_ranges(numbers)}" for file, numbers in files)
