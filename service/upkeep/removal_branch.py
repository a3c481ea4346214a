"""The branch of a leaver's pull request: made, found again, or brought up to date."""

from collections.abc import Collection
from dataclasses import dataclass

from integrations.github.branches import Branches
from service.domain.removal.removal import Removal
from service.records.removal_lease import RemovalLease
from service.records.removals import RemovalRecords
from service.upkeep.pull_request_context import ListsNow


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

    def ensure(self) -> bool:
        """Make the branch, or use the one that is there; False if that is somebody else's.

        A branch is the service's own if it made the tip, or if the tip is just what it would make:
        the planned tree on the base. Where the base has moved since, the branch goes on from both,
        so that the pull request shows nothing but the removal.
        """
        tip = self.branches.tip(self.name)
        if tip is None:
            self.branches.create(self.name, self._commit(self._tree(), self.lists.commit))
            return True
        known, tree = self.branches.commit(tip), self._tree()
        is_present = known.tree == tree and known.parents[-1:] == (self.lists.commit,)
        if tip not in self.own_tips:
            is_ours = is_present and len(known.parents) == 1
            if is_ours:
                self.records.store(self.lease, tip=tip)
            return is_ours
        if not is_present:
            self.branches.move(self.name, self._commit(tree, tip, self.lists.commit))
        return True

    def refresh(self, tip: str) -> None:
        """Bring the branch up to date with the lists, from its tip: nothing is ever forced."""
        self.branches.move(self.name, self._commit(self._tree(), tip, self.lists.commit))

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
