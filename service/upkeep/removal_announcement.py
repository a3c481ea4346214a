"""What goes with a new pull request: the reviews asked for, its label, and the link on the card."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

from integrations.github.pull_requests import PullRequests, RefusedByGithub
from integrations.trello.client import Trello
from service.domain.errors import PermanentError
from service.domain.removal.pull_request import PullRequest
from service.records.removal_lease import RemovalLease
from service.records.removals import RemovalRecords
from service.records.removing import Removing

log = logging.getLogger(__name__)

_TEAM = "team:"
_REFUSED = {
    "reviewers": (
        "GitHub takes all of these or none, and asked nobody: at least one is not a collaborator "
        "of the repository. Give each of them access to it, or correct PULL_REQUEST_REVIEWERS."
    ),
    "label": (
        "GitHub did not take this label. Make it in the repository, or correct PULL_REQUEST_LABEL."
    ),
}
ATTACHMENT_NAME = "Pull request that removes the entry"


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """See the module.

    Attributes:
        pulls: GitHub, with the second token.
        trello: for the attachment on the card.
        records: keep what was done.
        reviewers: user names, and teams as ``team:slug``.
        label: that a pull request gets, or None.
    """

    pulls: PullRequests
    trello: Trello
    records: RemovalRecords
    reviewers: tuple[str, ...]
    label: str | None

    def ensure(
        self, lease: RemovalLease, one: Removing, pull: PullRequest, *, is_touched: bool
    ) -> None:
        """Do what is missing; of a pull request that a person touched, only the card is changed."""
        if not is_touched:
            self._ask_for_reviews(lease, pull)
        if one.card_id:
            self._attach(lease, one.card_id, pull.url)
        self.records.store(lease, is_announced=True)

    def _attach(self, lease: RemovalLease, card_id: str, url: str) -> None:
        try:
            if not self.trello.has_link(card_id, url):
                self.trello.attach_link(
                    card_id, url, name=ATTACHMENT_NAME, lease=lease.while_wanted
                )
        except PermanentError as error:
            # Somebody deleted the card, which the pull request does not need.
            if error.status != HTTPStatus.NOT_FOUND:
                raise

    def _ask_for_reviews(self, lease: RemovalLease, pull: PullRequest) -> None:
        pulls, label = self.pulls.leased(lease.while_wanted), self.label
        teams = [name.removeprefix(_TEAM) for name in self.reviewers if name.startswith(_TEAM)]
        users = [name for name in self.reviewers if not name.startswith(_TEAM)]
        if users or teams:
            self._try(
                lease,
                "reviewers",
                self.reviewers,
                lambda: pulls.request_reviewers(pull.number, users=users, teams=teams),
            )
        if label:
            self._try(lease, "label", (label,), lambda: pulls.add_label(pull.number, label))

    @staticmethod
    def _try(
        lease: RemovalLease, what: str, names: tuple[str, ...], act: Callable[[], None]
    ) -> None:
        """Do something optional for the pull request; names are those of the setting."""
        try:
            act()
        except PermanentError as error:
            is_refused = isinstance(error, RefusedByGithub)
            problem = _REFUSED[what] if is_refused else error.problem
            extra = {"ticket_id": lease.ticket_id, "lacks": what, "refused": names}
            log.warning("pull request incomplete", extra=extra | {"problem": problem})
