"""A pull request as GitHub shows it, in the service's own words."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PullRequest:
    """One pull request.

    Attributes:
        number: in its repository.
        url: of its page.
        node_id: by which GraphQL knows it.
        is_open: neither merged nor closed.
        is_draft: it can't be merged as it is.
        is_merged: a person merged it.
        merged_by: the user name of the person who did; None if GitHub does not say.
        merge_commit: the commit on the base, or None.
        head_sha: the tip of its branch.
        title: as it is now.
        body: as it is now, with line feeds alone.
        is_mergeable: None while GitHub works it out, or if that was not asked for.
        is_own: the service's own user opened it.
        has_other_base: it is to be merged, or was, into a branch that is not that of the lists.
    """

    number: int
    url: str
    node_id: str
    is_open: bool
    is_draft: bool
    is_merged: bool
    head_sha: str
    title: str
    body: str
    is_own: bool
    merged_by: str | None = None
    merge_commit: str | None = None
    is_mergeable: bool | None = None
    has_other_base: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class GitCommit:
    """A commit of the git database; `message` is without the line end at its end."""

    sha: str
    tree: str
    parents: tuple[str, ...]
    message: str
