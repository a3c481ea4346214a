"""The branch of a leaver's pull request: made, found again, or brought up to date."""

from collections.abc import Collection
from dataclasses import dataclass

from integrations.github.branches import Branches
from service.domain.removal.pull_request import GitCommit
from service.domain.removal.removal import Removal
from service.records.removal_lease import RemovalLease
from service.records.removals import RemovalRecords
from service.upkeep.pull_request_context import ListsNow


class BranchInTheWay(Exception):
    """Somebody else has a branch of that name, or one below it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovalBranch:
    """One branch, and what it is to hold.

    Attributes:
        name: without a slash.
        branches: GitHub's, with the right to write as long as the leaver still leaves.
        records: each commit is noted here before a branch shows it.
        lease: whose leaver.
        own_tips: every commit that the service gave the branch so far.
        removal: proved.
        lists: at the commit that the removal was cut at.
        message: of the commit.
    """

    name: str
    branches: Branches
    records: RemovalRecords
    lease: RemovalLease
    own_tips: Collection[str]
    removal: Removal
    lists: ListsNow
    message: str

    def look(self) -> GitCommit | None:
        """Return what the branch shows; None if it is not there.

        Raises:
            BranchInTheWay: see there.
        """
        found = self.branches.beginning_with(self.name)
        tip = found.get(self.name)
        if tip is None:
            # Git can't have a branch and others below it.
            if any(other.startswith(f"{self.name}/") for other in found):
                raise BranchInTheWay
            return None
        known = self.branches.commit(tip)
        if tip not in self.own_tips and not self._is_made_like_this(known):
            raise BranchInTheWay
        return known

    def ensure(self, known: GitCommit | None) -> None:
        """Make the branch, or use the one that is there, which shows this.

        Where the base has moved since, the branch goes on from both, so that the pull request
        shows nothing but the removal.
        """
        if known is None:
            self.branches.create(self.name, self._commit(self._tree(), self.lists.commit))
        elif known.sha in self.own_tips:
            tree = self._tree()
            if (known.tree, known.parents[-1:]) != (tree, (self.lists.commit,)):
                self.branches.move(self.name, self._commit(tree, known.sha, self.lists.commit))

    def _is_made_like_this(self, known: GitCommit) -> bool:
        """Whether an unknown tip is just what the service would make: the record may be lost.

        The evidence against it is looked at first, so that nothing is sent for nothing each time.
        """
        may_be = known.parents == (self.lists.commit,) and known.message == self.message.strip()
        if not may_be or known.tree != self._tree():
            return False
        self.records.store(self.lease, tip=known.sha)
        return True

    def commit_after(self, tip: str) -> str:
        """Make a commit that brings the branch up to date with the lists; no branch shows it."""
        return self._commit(self._tree(), tip, self.lists.commit)

    def move_to(self, commit: str) -> None:
        """Let the branch show such a commit: nothing is ever forced."""
        self.branches.move(self.name, commit)

    def _tree(self) -> str:
        """Keep the lists without the entries."""
        base = self.branches.commit(self.lists.commit)
        changed = {one.file: (self.lists.modes[one.file], one.after) for one in self.removal.files}
        return self.branches.create_tree(base.tree, changed)

    def _commit(self, tree: str, *parents: str) -> str:
        """Make a commit, and note it as the service's own before any branch shows it."""
        commit = self.branches.create_commit(message=self.message, tree=tree, parents=parents)
        self.records.store(self.lease, tip=commit)
        return commit
