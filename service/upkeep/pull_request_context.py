"""What a step of a removal pull request works with: the lists, the cut, and how all is worded."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from service.domain.matching.index import Directory
from service.domain.removal.pull_request import PullRequest
from service.domain.removal.refusals import RemovalRefused
from service.domain.removal.removal import Removal
from service.domain.removal.texts import PullRequestText, commit_message, pull_request_text
from service.records.removing import Removing


@dataclass(frozen=True, slots=True, kw_only=True)
class ListsNow:
    """The lists at the head of a branch, as people and as bytes; `modes` are git's, by path."""

    branch: str
    commit: str
    directory: Directory
    files: Mapping[str, bytes]
    modes: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a step works with.

    Attributes:
        due: when the removal may be merged.
        pull: the pull request, if there is one.
        removal: what is to be removed, proved; or why that can't be.
        lists: at the commit that it was cut at.
        entry_keys: digests of the entries that are to be removed.
    """

    due: datetime | None
    pull: PullRequest | None
    removal: Removal | RemovalRefused | None
    lists: ListsNow | None
    entry_keys: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PullRequestRules:
    """How a pull request looks.

    Attributes:
        ticket_link: the link to a ticket, with ``{}`` for its number.
        timezone: for its text.
    """

    ticket_link: str
    timezone: str

    def message_of(self, ticket_id: int) -> str:
        """Write the message of a commit."""
        return commit_message(ticket_id, self.ticket_link.format(ticket_id))

    def text_of(self, one: Removing, removal: Removal, due: datetime) -> PullRequestText:
        """Write title and body of a pull request."""
        return pull_request_text(
            one.ticket_id,
            ticket_link=self.ticket_link.format(one.ticket_id),
            card_url=one.card_url or "",
            due=due,
            timezone=self.timezone,
            removal=removal,
        )
