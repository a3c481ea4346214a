"""What GitHub's responses about pull requests and commits say, as values of the service's own."""

from http import HTTPStatus
from typing import Any, cast

from integrations.github.requester import GithubResponse
from integrations.github.tree import sha
from integrations.http.json_values import listed, text, truth
from service.domain.removal.pull_request import GitCommit, PullRequest


def pull_from_github(pull: Any, *, own_user: int, base: str) -> PullRequest:
    """Read a pull request; raises an `ODD_SHAPE` if it is not as documented.

    Args:
        pull: as GitHub gives it.
        own_user: the number of the service's own user.
        base: the branch of the lists.
    """
    merged_by = pull.get("merged_by")
    return PullRequest(
        number=int(pull["number"]),
        url=text(pull["html_url"]),
        node_id=text(pull["node_id"]),
        is_open=text(pull["state"]) == "open",
        is_draft=truth(pull.get("draft", False)),
        is_merged=pull.get("merged") is True or pull.get("merged_at") is not None,
        head_sha=sha(pull["head"]["sha"]),
        title=text(pull["title"]),
        body=plain_text(pull["body"]),
        is_own=(pull["user"] or {}).get("id") == own_user,
        merged_by=text(merged_by["login"]) if merged_by else None,
        merge_commit=cast(str | None, pull.get("merge_commit_sha")),
        is_mergeable=cast(bool | None, pull.get("mergeable")),
        has_other_base=text(pull["base"]["ref"]) != base,
    )


def commit_from_github(response: GithubResponse) -> GitCommit:
    """Read a commit of the git database."""
    said = response.json()
    return GitCommit(
        sha=sha(said["sha"]),
        tree=sha(said["tree"]["sha"]),
        parents=tuple(sha(one["sha"]) for one in listed(said["parents"])),
        message=plain_text(said.get("message")),
    )


def no_content(response: GithubResponse) -> None:
    """Read a success that has no body: a page for people is not one."""
    if response.status != HTTPStatus.NO_CONTENT:
        raise ValueError(response.status)


def plain_text(body: object) -> str:
    """Return a text as it was sent.

    GitHub may end its lines in another way, and has null for an empty one.
    """
    return "" if body is None else text(body).replace("\r\n", "\n").strip()
