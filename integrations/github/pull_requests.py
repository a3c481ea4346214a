"""The door to GitHub that writes: a branch of our own, and the pull request that is opened from it.

It has the second token, and no method that merges, approves, writes to the base or forces anything.
"""

import base64
import copy
import hashlib
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, TypeVar, cast
from urllib.parse import quote, urlencode

from integrations.github.pull_request_errors import (
    NO_DRAFTS,
    NOT_TAKEN,
    Refusal,
    Refused,
    explain,
    graphql_failure,
)
from integrations.github.requester import ORIGIN, GithubRequester, GithubResponse
from integrations.github.tree import sha
from integrations.http.answers import listed, text, truth
from integrations.http.kept import TtlCache
from integrations.http.policy import Call, Lease, Policy
from integrations.http.session import Vendor, VendorSession, quieten_libraries
from service.domain.errors import OutsideError, PermanentError, TransientError
from service.domain.reasons import ReasonCode
from service.domain.removal.pull_request import GitCommit, PullRequest

__all__ = ["NOT_TAKEN", "NO_DRAFTS", "PullRequests", "Refusal", "Refused"]

T = TypeVar("T")

_KEEP = 600.0
_APPROVED = (
    "query($id: ID!) { node(id: $id) { ... on PullRequest "
    "{ reviewDecision reviews(states: APPROVED) { totalCount } } } }"
)
_MUTATION = "mutation($id: ID!) {{ {}(input: {{pullRequestId: $id}}) {{ pullRequest {{ id }} }} }}"


class PullRequests:
    """Pull requests of one repository; safe to use from many threads."""

    def __init__(
        self,
        *,
        token: str,
        url: str,
        repository: str,
        branch: str | None,
        policy: Policy,
        lease: Lease | None = None,
    ) -> None:
        """Build it; nothing is asked yet.

        Args:
            token: may write the repository's contents and pull requests.
            url: where requests are really sent.
            repository: ``owner/name``.
            branch: the base; None for the repository's default branch.
            policy: how every call is made.
            lease: see `integrations.http.policy.Call`; None to read alone, see `leased`.
        """
        quieten_libraries()
        vendor = Vendor(system="GitHub", origin=ORIGIN, url=url, explain=explain)
        self._session = VendorSession(vendor, policy)
        self._token = token
        self._requester = GithubRequester(self._session, token, lease=lease)
        self._lease = lease
        self._full_name = repository
        self._owner = repository.partition("/")[0]
        self._path = f"/repos/{quote(repository)}"
        self._branch = branch
        self._default_branch = TtlCache[str](_KEEP)
        self._own_user = TtlCache[int](_KEEP)

    def leased(self, lease: Lease) -> "PullRequests":
        """The same with the right to write, which is looked at before each write."""
        one = copy.copy(self)
        one._lease = lease  # noqa: SLF001 - its own copy
        one._requester = GithubRequester(self._session, self._token, lease=lease)  # noqa: SLF001
        return one

    def base(self) -> str:
        """The branch that a pull request is to be merged into."""
        return self._branch or self._default_branch.get(self._look_up_default_branch)

    def is_private(self) -> bool:
        """Whether the repository is hidden from the public."""
        return self._ask(
            "look at the repository", "", read=lambda response: truth(response.json()["private"])
        )

    def is_protected(self, branch: str) -> bool:
        """Whether a branch is protected. https://docs.github.com/en/rest/branches/branches."""
        return self._ask(
            "look at the base branch",
            f"/branches/{quote(branch)}",
            read=lambda response: truth(response.json()["protected"]),
        )

    def is_collaborator(self, user: str) -> bool:
        """Whether somebody may be asked for a review."""
        return self._is_there(
            "look for a reviewer", f"/collaborators/{quote(user)}", read=_no_content, is_json=False
        )

    def has_label(self, label: str) -> bool:
        """Whether the repository has a label."""
        path = f"/labels/{quote(label, safe='')}"
        return self._is_there(
            "look for a label", path, read=lambda response: text(response.json()["name"])
        )

    def _is_there(
        self, operation: str, path: str, *, read: Callable[[GithubResponse], object], **options: Any
    ) -> bool:
        try:
            self._ask(operation, path, read=read, **options)
        except Refused as refused:
            if refused.refusal is not Refusal.NOT_FOUND:
                raise
            return False
        return True

    def find(self, branch: str) -> tuple[PullRequest, ...]:
        """Every pull request from one branch of this repository to the base, newest first.

        https://docs.github.com/en/rest/pulls/pulls#list-pull-requests
        """
        query = urlencode(
            {
                "state": "all",
                "head": f"{self._owner}:{branch}",
                "base": self.base(),
                "per_page": 100,
            }
        )
        user = self._user()

        def read(response: GithubResponse) -> tuple[PullRequest, ...]:
            found = [
                pull_from_github(one, own_user=user)
                for one in listed(response.json())
                if self._is_from(one, branch)
            ]
            return tuple(sorted(found, key=lambda one: -one.number))

        return self._ask("look for a pull request", f"/pulls?{query}", read=read)

    def pull_request(self, number: int) -> PullRequest:
        """One pull request, with whether it can be merged.

        https://docs.github.com/en/rest/pulls/pulls#get-a-pull-request
        """
        user = self._user()
        return self._ask(
            "look at a pull request",
            f"/pulls/{number:d}",
            read=lambda response: pull_from_github(response.json(), own_user=user),
        )

    def is_approved(self, pull: PullRequest) -> bool | None:
        """Whether somebody approved it; None if GitHub does not say."""
        try:
            node = self._graphql("look for approvals", _APPROVED, pull, is_write=False)["node"]
            count = node["reviews"]["totalCount"]
            return node["reviewDecision"] == "APPROVED" or int(count) > 0
        except (Refused, KeyError, TypeError, ValueError):
            return None

    def branch_tip(self, branch: str) -> str | None:
        """The commit at the tip of a branch, or None if there is no such branch.

        https://docs.github.com/en/rest/git/refs#list-matching-references
        """
        name = f"refs/heads/{branch}"

        def read(response: GithubResponse) -> str | None:
            # Longer names match, too.
            tips = [one["object"]["sha"] for one in listed(response.json()) if one["ref"] == name]
            return sha(tips[0]) if tips else None

        return self._ask(
            "look for a branch", f"/git/matching-refs/heads/{quote(branch)}", read=read
        )

    def commit(self, commit: str) -> GitCommit:
        """A commit by its sha. https://docs.github.com/en/rest/git/commits#get-a-commit-object."""
        return self._ask("look at a commit", f"/git/commits/{sha(commit)}", read=_commit)

    def create_tree(self, base_tree: str, files: Mapping[str, tuple[str, bytes]]) -> str:
        """Keep some files, and a tree that differs from another one by them alone.

        Nothing is visible yet. https://docs.github.com/en/rest/git/trees#create-a-tree

        Args:
            base_tree: without it every other file would be deleted.
            files: path to git's mode and content.
        """
        lines = [
            {"path": path, "mode": mode, "type": "blob", "sha": self._create_blob(content)}
            for path, (mode, content) in files.items()
        ]
        return self._ask(
            "create a tree",
            "/git/trees",
            method="POST",
            body={"base_tree": sha(base_tree), "tree": lines},
            read=lambda response: sha(response.json()["sha"]),
        )

    def create_commit(self, *, message: str, tree: str, parents: tuple[str, ...]) -> str:
        """Keep a commit that no branch shows yet.

        https://docs.github.com/en/rest/git/commits#create-a-commit
        """
        made = self._ask(
            "create a commit",
            "/git/commits",
            method="POST",
            body={"message": message, "tree": tree, "parents": list(parents)},
            read=_commit,
        )
        if (made.tree, made.parents) != (tree, parents):
            raise PermanentError("GitHub", NOT_TAKEN, code=ReasonCode.GITHUB_UNREADABLE)
        return made.sha

    def create_branch(self, branch: str, commit: str) -> None:
        """Make a branch, which shows the commit to everybody.

        Raises:
            Refused: there is one of that name already (`Refusal.BRANCH_EXISTS`).
        """
        self._ask(
            "create a branch",
            "/git/refs",
            method="POST",
            body={"ref": f"refs/heads/{branch}", "sha": sha(commit)},
            read=lambda response: sha(response.json()["object"]["sha"]),
        )

    def move_branch(self, branch: str, commit: str) -> None:
        """Move a branch forwards; a tip that is not what was thought is never lost.

        Raises:
            Refused: somebody else moved it (`Refusal.NOT_A_FAST_FORWARD`), or it is gone.
        """
        self._refuse_base(branch)
        self._ask(
            "move a branch",
            f"/git/refs/heads/{quote(branch)}",
            method="PATCH",
            body={"sha": sha(commit), "force": False},
            read=lambda response: sha(response.json()["object"]["sha"]),
        )

    def delete_branch(self, branch: str) -> None:
        """Delete a branch of our own; one that is gone already is as good."""
        self._refuse_base(branch)
        try:
            self._ask(
                "delete a branch",
                f"/git/refs/heads/{quote(branch)}",
                method="DELETE",
                read=_no_content,
                is_json=False,
            )
        except Refused as refused:
            if refused.refusal not in {Refusal.NO_SUCH_BRANCH, Refusal.NOT_FOUND}:
                raise

    def open(self, *, title: str, branch: str, body: str, is_draft: bool) -> PullRequest:
        """Open a pull request. https://docs.github.com/en/rest/pulls/pulls#create-a-pull-request.

        Raises:
            Refused: there is one (`ALREADY_OPEN`), the branch is too new (`NOT_VISIBLE_YET`), or
                there are no drafts (`NO_DRAFTS`).
        """
        user = self._user()
        sent = {
            "title": title,
            "head": branch,
            "base": self.base(),
            "body": body,
            "draft": is_draft,
        }
        return self._ask(
            "open a pull request",
            "/pulls",
            method="POST",
            body=sent,
            read=lambda response: pull_from_github(response.json(), own_user=user),
        )

    def request_reviewers(self, number: int, *, users: list[str], teams: list[str]) -> None:
        """Ask for reviews.

        Raises:
            Refused: one of them is not a collaborator; nobody was asked.
        """
        self._ask(
            "ask for reviews",
            f"/pulls/{number:d}/requested_reviewers",
            method="POST",
            body={"reviewers": users, "team_reviewers": teams},
            read=lambda _response: None,
        )

    def add_label(self, number: int, label: str) -> None:
        """Put a label on a pull request.

        Raises:
            Refused: there is no such label.
        """
        self._ask(
            "label a pull request",
            f"/issues/{number:d}/labels",
            method="POST",
            body={"labels": [label]},
            read=lambda response: listed(response.json()),
        )

    def has_own_comment(self, number: int, comment: str) -> bool:
        """Whether the service has left this comment already."""
        user = self._user()

        def read(response: GithubResponse) -> bool:
            return any(
                one["user"]["id"] == user and _plain(one["body"]) == _plain(comment)
                for one in listed(response.json())
            )

        return self._ask(
            "read a pull request's comments", f"/issues/{number:d}/comments?per_page=100", read=read
        )

    def comment(self, number: int, comment: str) -> None:
        """Comment on a pull request."""
        self._ask(
            "comment on a pull request",
            f"/issues/{number:d}/comments",
            method="POST",
            body={"body": comment},
            read=lambda response: int(response.json()["id"]),
        )

    def mark_ready(self, pull: PullRequest) -> None:
        """Make a draft ready for review, and so for a merge."""
        self._graphql("make ready", _MUTATION.format("markPullRequestReadyForReview"), pull)

    def make_draft(self, pull: PullRequest) -> None:
        """Make a pull request a draft, which nobody can merge."""
        self._graphql("make a draft", _MUTATION.format("convertPullRequestToDraft"), pull)

    def describe(self, number: int, *, body: str) -> None:
        """Give a pull request another description."""
        self._update("describe a pull request", number, {"body": body})

    def close_pull_request(self, number: int) -> None:
        """Close a pull request without merging it."""
        self._update("close a pull request", number, {"state": "closed"})

    def close(self) -> None:
        """Close all kept connections."""
        self._session.close()

    def _update(self, operation: str, number: int, body: Mapping[str, str]) -> None:
        self._ask(
            operation,
            f"/pulls/{number:d}",
            method="PATCH",
            body=body,
            read=lambda response: int(response.json()["number"]),
        )

    def _create_blob(self, content: bytes) -> str:
        """Keep a file's content; git's own id says whether it came whole."""
        header = f"blob {len(content)}\0".encode()
        wanted = hashlib.sha1(header + content, usedforsecurity=False).hexdigest()
        made = self._ask(
            "create a blob",
            "/git/blobs",
            method="POST",
            body={"content": base64.b64encode(content).decode(), "encoding": "base64"},
            read=lambda response: sha(response.json()["sha"]),
        )
        if len(made) == len(wanted) and made != wanted:
            raise TransientError(
                "GitHub",
                "A file did not arrive as it was sent.",
                code=ReasonCode.GITHUB_UNREADABLE,
            )
        return made

    def _graphql(
        self, operation: str, query: str, pull: PullRequest, *, is_write: bool = True
    ) -> Any:
        """Ask GraphQL, whose errors come with status 200."""
        failures: list[OutsideError] = []
        call = Call(system="GitHub", operation=operation, lease=self._lease if is_write else None)

        def read(response: GithubResponse) -> Any:
            said = response.json()
            if said.get("errors"):
                failures.append(graphql_failure(said["errors"], call))
                return None
            return said["data"]

        data = self._requester.ask(
            operation,
            "/graphql",
            method="POST",
            body={"query": query, "variables": {"id": pull.node_id}},
            read=read,
            is_write=is_write,
        )
        if failures:
            raise failures[0]
        return data

    def _user(self) -> int:
        """Our own user's number."""
        return self._own_user.get(
            lambda: self._requester.ask(
                "look at the own user", "/user", read=lambda response: int(response.json()["id"])
            )
        )

    def _look_up_default_branch(self) -> str:
        return self._ask(
            "look up the default branch",
            "",
            read=lambda response: text(response.json()["default_branch"]),
        )

    def _is_from(self, pull: Any, branch: str) -> bool:
        """Whether a pull request is from this branch of this repository: a filter may be lost."""
        head = pull["head"]
        repository = (head["repo"] or {}).get("full_name", "")
        return bool(head["ref"] == branch and text(repository).lower() == self._full_name.lower())

    def _refuse_base(self, branch: str) -> None:
        """The last line of defence: no caller may name the base."""
        if branch == self.base():
            raise PermanentError(
                "GitHub",
                "The base branch is never written to.",
                code=ReasonCode.INTERNAL_ERROR,
            )

    def _ask(
        self, operation: str, path: str, *, read: Callable[[GithubResponse], T], **options: Any
    ) -> T:
        return self._requester.ask(operation, f"{self._path}{path}", read=read, **options)


def pull_from_github(pull: Any, *, own_user: int) -> PullRequest:
    """Read a pull request; raises an `ODD_SHAPE` if it is not as documented."""
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
        body=_plain(pull["body"]),
        is_own=(pull["user"] or {}).get("id") == own_user,
        merged_by=text(merged_by["login"]) if merged_by else None,
        merge_commit=cast(str | None, pull.get("merge_commit_sha")),
        is_mergeable=cast(bool | None, pull.get("mergeable")),
    )


def _commit(response: GithubResponse) -> GitCommit:
    said = response.json()
    return GitCommit(
        sha=sha(said["sha"]),
        tree=sha(said["tree"]["sha"]),
        parents=tuple(sha(one["sha"]) for one in listed(said["parents"])),
    )


def _no_content(response: GithubResponse) -> None:
    """Read a success that has no body: a page for people is not one."""
    if response.status != HTTPStatus.NO_CONTENT:
        raise ValueError(response.status)


def _plain(body: object) -> str:
    """A text as it was sent: GitHub may give its lines other ends, and nothing for an empty one."""
    return "" if body is None else text(body).replace("\r\n", "\n").strip()
