"""Which pull request a leaver's removal follows, where there were several of them."""

from dataclasses import dataclass

from integrations.github.pull_requests import PullRequests, Refusal, RefusedByGithub
from service.domain.removal.pull_request import PullRequest
from service.domain.removal.seen import RemovalState
from service.records.removal_attempts import RemovalAttempts
from service.records.removal_lease import RemovalLease
from service.records.removals import RemovalRecords
from service.records.removing import Earlier, Removing
from service.upkeep.pull_request_opening import Opening


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What is followed.

    Attributes:
        one: the leaver, with the pull request that is followed.
        reopened: an earlier one that people opened again beside it, or None.
        is_doubled: another one is open about the person, and stays.
    """

    one: Removing
    reopened: Earlier | None = None
    is_doubled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempts:
    """See the module.

    Attributes:
        pulls: GitHub, with the second token.
        opening: finds one whose reply was lost.
        records: see there.
        attempts: which of them is recorded.
    """

    pulls: PullRequests
    opening: Opening
    records: RemovalRecords
    attempts: RemovalAttempts

    def choose(self, lease: RemovalLease, one: Removing) -> Chosen:
        """Decide which one is followed, and whether it is one too many.

        What a person opened again stays, and no second one is made beside it; one that the service
        has made since is one too many.
        """
        if reopened := self._reopened(one):
            if self._is_open(lease, one):
                return Chosen(one=one, reopened=reopened, is_doubled=True)
            self.go_back(lease, reopened)
            return Chosen(one=self._again(one))
        is_again = one.wanted_by or one.state is RemovalState.WITHDRAWN
        if one.is_wanted and one.state.is_over and is_again:
            if self._is_open(lease, one):
                self.records.store(lease, wanted_by=None)
            else:
                self.attempts.begin_again(lease)
                one = self._again(one)
        is_doubled = one.number is not None and self.attempts.has_older_elsewhere(one)
        return Chosen(one=one, is_doubled=is_doubled)

    def go_back(self, lease: RemovalLease, to: Earlier) -> None:
        """Follow one that people opened again."""
        self.attempts.go_back(lease, to)

    def find(self, lease: RemovalLease, one: Removing) -> PullRequest | None:
        """Return the leaver's pull request: the recorded one, or one whose reply was lost.

        A number of another repository, where the lists were before, is not followed.
        """
        number = None if self.pulls.is_elsewhere(one.url) else one.number
        if number is None and one.branch:
            found = self.opening.find(lease, one, one.branch)
            number = found.number if found else None
        # A list does not say who merged one, nor whether it can be merged.
        return self.pulls.pull_request(number) if number else None

    def _is_open(self, lease: RemovalLease, one: Removing) -> bool:
        pull = self.find(lease, one)
        return pull is not None and pull.is_open

    def _reopened(self, one: Removing) -> Earlier | None:
        """Return one of those before the last one that a person has opened again."""
        for earlier in reversed(one.earlier):
            try:
                is_elsewhere = self.pulls.is_elsewhere(earlier.url)
                if not is_elsewhere and self.pulls.pull_request(earlier.number).is_open:
                    return earlier
            except RefusedByGithub as refused:
                if refused.refusal is not Refusal.NOT_FOUND:
                    raise
        return None

    def _again(self, one: Removing) -> Removing:
        found = self.records.one(one.ticket_id)
        assert found  # noqa: S101 - the lease holds
        return found
