"""Pull requests of the sandbox's GitHub, and what people do with them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from integrations.sandbox.clock import Clock
from integrations.sandbox.github_merging import merged_items
from integrations.sandbox.github_repository import Commit, Repository, file_item

SERVICE_USER = ("leavers-service", 583231)
REVIEWER = ("olu-owner", 1024)


@dataclass(slots=True, kw_only=True)
class PullComment:
    """One comment of a pull request; `user` is login and id."""

    id: int
    body: str
    user: tuple[str, int]
    at: datetime


@dataclass(slots=True, kw_only=True)
class Pull:
    """One pull request.

    Attributes:
        head: the branch that it is opened from.
        base: the branch that it is to be merged into.
        user: login and id of the one who opened it.
        head_sha: the tip of its branch, as last seen.
        state: ``open`` or ``closed``.
        merged_by: login and id of the one who merged it, or None.
        seen_for: the tips of head and base for which GitHub has worked out whether it can be
            merged; None if for none.
        approvals: logins of those who approved its present tip.
        reviewers: logins of those who were asked for a review.
        teams: slugs of the teams that were asked.
    """

    number: int
    title: str
    body: str
    head: str
    base: str
    draft: bool
    user: tuple[str, int]
    created_at: datetime
    head_sha: str
    state: str = "open"
    merged_by: tuple[str, int] | None = None
    merge_commit: str | None = None
    closed_at: datetime | None = None
    seen_for: tuple[str, str] | None = None
    approvals: list[str] = field(default_factory=list)
    reviewers: list[str] = field(default_factory=list)
    teams: list[str] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    comments: list[PullComment] = field(default_factory=list)

    @property
    def is_merged(self) -> bool:
        """Whether it was merged."""
        return self.merged_by is not None

    @property
    def node_id(self) -> str:
        """Its id in GraphQL."""
        return f"PR_kwDOSandbox{self.number:04d}"


class Pulls:
    """All pull requests of one repository; each method does what a person or the API does.

    Attributes:
        all: by number.
        collaborators: logins and team slugs that may be asked for a review.
        labels: names of the labels that exist.
        drafts_are_supported: whether the account's plan has drafts.
        lag_seconds: for how long after a branch was made none can be opened from it.
        lag_says: what GitHub calls wrong then: ``head``, or that there are no ``commits``.
        protected: branches that no token may write to.
        refused_base_writes: how many writes to a protected branch were tried.
        forbidden_acts: what a token tried that the service must never do, in words.
        made_at: when each branch was made with a token.
    """

    def __init__(self, git: Repository, clock: Clock, default_branch: str) -> None:
        self.git = git
        self.clock = clock
        self.all: dict[int, Pull] = {}
        self.collaborators = {"olu-owner", "govuk-platform"}
        self.labels = {"leaver"}
        self.drafts_are_supported = True
        self.lag_seconds = 0.0
        self.lag_says = "head"
        self.protected = {default_branch}
        self.refused_base_writes = 0
        self.forbidden_acts: list[str] = []
        self.made_at: dict[str, datetime] = {}

    def get(self, number: int) -> Pull:
        """Return a pull request by its number; KeyError if there is none."""
        return self.all[number]

    def open_for(self, head: str, base: str | None = None) -> Pull | None:
        """Return the open pull request from a branch, into any base unless one is named."""
        return next(
            (
                one
                for one in self.all.values()
                if one.state == "open" and one.head == head and base in (None, one.base)
            ),
            None,
        )

    def open(
        self,
        *,
        title: str,
        head: str,
        base: str,
        body: str = "",
        draft: bool = False,
        user: tuple[str, int] = REVIEWER,
    ) -> Pull:
        """Open a pull request, without any check."""
        one = Pull(
            number=len(self.all) + 1,
            title=title,
            body=body,
            head=head,
            base=base,
            draft=draft,
            user=user,
            created_at=self.clock.now(),
            head_sha=self.git.branches[head],
        )
        self.all[one.number] = one
        return one

    def mergeable(self, one: Pull) -> bool | None:
        """Return whether it can be merged; None at first, as GitHub works that out later.

        https://docs.github.com/en/rest/pulls/pulls#get-a-pull-request
        """
        if one.state != "open":
            return None
        tips = (self.git.branches[one.head], self.git.branches[one.base])
        if one.seen_for != tips:
            one.seen_for = tips
            return None
        return merged_items(self.git, tips[1], tips[0]) is not None

    def merge(self, number: int, *, by: str = REVIEWER[0]) -> Commit:
        """Merge it as a person does, by a merge commit on the base.

        Raises:
            ValueError: it is not open, a draft, or in conflict.
        """
        one = self.get(number)
        head, base = self.git.branches[one.head], self.git.branches[one.base]
        items = merged_items(self.git, base, head)
        if one.state != "open" or one.draft or items is None:
            raise ValueError("this pull request can't be merged")
        for item in items.values():
            self.git.blobs[item.sha] = item.content
        made = self.git.put_commit(
            self.git.put_tree(items), (base, head), at=self.clock.now(), message=f"Merge #{number}"
        )
        self.git.branches[one.base] = made.sha
        one.merged_by, one.merge_commit = (by, REVIEWER[1]), made.sha
        self.close(number)
        return made

    def close(self, number: int) -> None:
        """Close it."""
        one = self.get(number)
        one.state, one.closed_at = "closed", self.clock.now()

    def push(self, number: int, changes: Mapping[str, str]) -> Commit:
        """Push files to its branch as a person does; its approvals are dismissed."""
        one = self.get(number)
        items = {path: file_item(text.encode()) for path, text in changes.items()}
        made = self.git.commit(one.head, items, at=self.clock.now(), message="Change by hand")
        self.moved(one.head)
        return made

    def approve(self, number: int, *, by: str = REVIEWER[0]) -> None:
        """Approve it as a person does."""
        self.get(number).approvals.append(by)

    def edit(self, number: int, *, title: str | None = None, body: str | None = None) -> None:
        """Change its title or body; None leaves it as it is."""
        one = self.get(number)
        one.title = one.title if title is None else title
        one.body = one.body if body is None else body

    def moved(self, branch: str) -> None:
        """Note that a branch has another tip: approvals of the tip before count no longer."""
        if one := self.open_for(branch):
            one.approvals.clear()
            one.head_sha = self.git.branches[branch]

    def gone(self, branch: str) -> None:
        """Note that a branch was deleted, which closes the pull request from it."""
        if one := self.open_for(branch):
            self.close(one.number)

    def lags(self, branch: str) -> bool:
        """Return whether a branch is so new that no pull request can be opened from it."""
        made = self.made_at.get(branch)
        return made is not None and (self.clock.now() - made).total_seconds() < self.lag_seconds
