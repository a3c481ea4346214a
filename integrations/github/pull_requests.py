"""The door to GitHub that writes: a branch of our own, and the pull request that is opened from it.

It has the second token, and no method that merges, approves, writes to the base or forces anything.
"""

import re
from collections.abc import Callable, Mapping
from functools import partial
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from integrations.github.branches import Branches
from integrations.github.pull_request_errors import NO_DRAFTS, NOT_TAKEN, Refusal, RefusedByGithub
from integrations.github.repository_setup import RepositorySetup
from integrations.github.repository_writer import RepositoryWriter
from integrations.github.requester import GithubResponse
from integrations.github.responses import plain_text, pull_from_github
from integrations.http.json_values import listed, text
from integrations.http.policy import Lease
from service.domain.errors import OutsideError, TransientError
from service.domain.removal.pull_request import PullRequest

__all__ = ["NOT_TAKEN", "NO_DRAFTS", "PullRequests", "Refusal", "RefusedByGithub"]

_APPROVED = (
    "query($id: ID!) { node(id: $id) { ... on PullRequest "
    "{ reviewDecision reviews(states: APPROVED) { totalCount } } } }"
)
# GitHub takes no more than 2,500 comments on a pull request.
_PAGE, _MOST_PAGES = 100, 25
_ADDRESS = re.compile(r"https?://[^/]+/([^/]+/[^/]+)/pull/\d+")
_MUTATION = "mutation($id: ID!) {{ {}(input: {{pullRequestId: $id}}) {{ pullRequest {{ id }} }} }}"


class PullRequests:
    """Pull requests of one repository; safe to use from many threads.

    Attributes:
        branches: that they are opened from.
        setup: what the repository is like.
    """

    def __init__(self, repository: RepositoryWriter) -> None:
        """Build it; nothing is asked yet.

        Args:
            repository: sends the requests.
        """
        self._repository = repository
        self.branches = Branches(repository)
        self.setup = RepositorySetup(repository)

    def leased(self, lease: Lease) -> "PullRequests":
        """Return the same with the right to write, which is looked at before each write."""
        return PullRequests(self._repository.leased(lease))

    def base(self) -> str:
        """Return the branch that a pull request is to be merged into."""
        return self._repository.base()

    def is_base(self, branch: str) -> bool:
        """Return whether a pull request is to be merged into this branch.

        The default branch is looked up again before that is denied: it may have been renamed.
        """
        return branch == self.base() or (
            self._repository.forget_base() and branch == self._repository.base()
        )

    def is_elsewhere(self, url: str | None) -> bool:
        """Return whether this is the address of a pull request of another repository."""
        found = _ADDRESS.fullmatch(url or "")
        return found is not None and found[1].lower() != self._repository.full_name.lower()

    def find(self, branch: str) -> tuple[PullRequest, ...]:
        """Return every pull request from one branch of this repository, newest first.

        Whatever its base is: a person may have changed that since it was opened.
        https://docs.github.com/en/rest/pulls/pulls#list-pull-requests
        """
        owner = self._repository.full_name.partition("/")[0]
        query = urlencode({"state": "all", "head": f"{owner}:{branch}", "per_page": 100})
        read_one = self._reader()

        def read(response: GithubResponse) -> tuple[PullRequest, ...]:
            found = [read_one(one) for one in listed(response.json()) if self._is_from(one, branch)]
            return tuple(sorted(found, key=lambda one: -one.number))

        return self._repository.ask("look for a pull request", f"/pulls?{query}", read=read)

    def pull_request(self, number: int) -> PullRequest:
        """Return one pull request, with whether it can be merged.

        https://docs.github.com/en/rest/pulls/pulls#get-a-pull-request
        """
        pull = self._show(number)
        if pull.has_other_base and self._repository.forget_base():
            # The default branch may have been renamed since it was looked up.
            pull = self._show(number)
        return pull

    def _show(self, number: int) -> PullRequest:
        read_one = self._reader()
        return self._repository.ask(
            "look at a pull request",
            f"/pulls/{number:d}",
            read=lambda response: read_one(response.json()),
        )

    def _reader(self) -> Callable[[Any], PullRequest]:
        """Return what reads a pull request, knowing whose it may be and where it should lead."""
        return partial(
            pull_from_github, own_user=self._repository.own_user(), base=self._repository.base()
        )

    def is_approved(self, pull: PullRequest) -> bool:
        """Return whether somebody approved it.

        GraphQL is asked first; the reviews themselves only if it can't say.
        https://docs.github.com/en/rest/pulls/reviews#list-reviews-for-a-pull-request

        Raises:
            OutsideError: that is not known now.
        """
        try:
            said = self._repository.ask_graphql(
                "look for approvals", _APPROVED, pull.node_id, is_write=False
            )
            node = said["node"]
            return node["reviewDecision"] == "APPROVED" or int(node["reviews"]["totalCount"]) > 0
        except OutsideError as error:
            graphql_cannot_say = not isinstance(error, TransientError) or (
                error.status == HTTPStatus.OK and not error.is_limit
            )
            if not graphql_cannot_say:
                raise
        except (KeyError, TypeError, ValueError):
            pass
        path = f"/pulls/{pull.number:d}/reviews"
        return self._any_in("look at reviews", path, lambda one: one["state"] == "APPROVED")

    def open(self, *, title: str, branch: str, body: str, is_draft: bool) -> PullRequest:
        """Open a pull request. https://docs.github.com/en/rest/pulls/pulls#create-a-pull-request.

        Raises:
            RefusedByGithub: there is one (`ALREADY_OPEN`), the branch is too new
                (`NOT_VISIBLE_YET`), or there are no drafts (`NO_DRAFTS`).
        """
        read_one = self._reader()
        sent = {
            "title": title,
            "head": branch,
            "base": self.base(),
            "body": body,
            "draft": is_draft,
        }
        return self._repository.ask(
            "open a pull request",
            "/pulls",
            method="POST",
            body=sent,
            read=lambda response: read_one(response.json()),
        )

    def request_reviewers(self, number: int, *, users: list[str], teams: list[str]) -> None:
        """Ask for reviews.

        Raises:
            RefusedByGithub: one of them is not a collaborator; nobody was asked.
        """
        self._repository.ask(
            "ask for reviews",
            f"/pulls/{number:d}/requested_reviewers",
            method="POST",
            body={"reviewers": users, "team_reviewers": teams},
            read=lambda _response: None,
        )

    def add_label(self, number: int, label: str) -> None:
        """Put a label on a pull request.

        Raises:
            RefusedByGithub: there is no such label.
        """
        self._repository.ask(
            "label a pull request",
            f"/issues/{number:d}/labels",
            method="POST",
            body={"labels": [label]},
            read=lambda response: listed(response.json()),
        )

    def has_own_comment(self, number: int, comment: str) -> bool:
        """Return whether the service has left this comment already."""
        user, wanted = self._repository.own_user(), plain_text(comment)

        def is_it(one: Any) -> bool:
            # A comment's author may be gone.
            return (one["user"] or {}).get("id") == user and plain_text(one.get("body")) == wanted

        path = f"/issues/{number:d}/comments"
        return self._any_in("read a pull request's comments", path, is_it)

    def comment(self, number: int, comment: str) -> None:
        """Comment on a pull request."""
        self._repository.ask(
            "comment on a pull request",
            f"/issues/{number:d}/comments",
            method="POST",
            body={"body": comment},
            read=lambda response: int(response.json()["id"]),
        )

    def mark_ready(self, pull: PullRequest) -> None:
        """Make a draft ready for review, and so for a merge."""
        mutation = _MUTATION.format("markPullRequestReadyForReview")
        self._repository.ask_graphql("make ready", mutation, pull.node_id)

    def make_draft(self, pull: PullRequest) -> None:
        """Make a pull request a draft, which nobody can merge."""
        mutation = _MUTATION.format("convertPullRequestToDraft")
        self._repository.ask_graphql("make a draft", mutation, pull.node_id)

    def describe(self, number: int, *, body: str) -> None:
        """Give a pull request another description."""
        self._update("describe a pull request", number, {"body": body})

    def close_pull_request(self, number: int) -> None:
        """Close a pull request without merging it."""
        self._update("close a pull request", number, {"state": "closed"})

    def close(self) -> None:
        """Close all kept connections."""
        self._repository.close()

    def _any_in(self, operation: str, path: str, is_it: Callable[[Any], bool]) -> bool:
        """Return whether one of a list is so; it comes in pages, the oldest first."""
        for page in range(1, _MOST_PAGES + 1):
            found = self._repository.ask(
                operation,
                f"{path}?per_page={_PAGE}&page={page}",
                read=lambda response: [is_it(one) for one in listed(response.json())],
            )
            if any(found) or len(found) < _PAGE:
                return any(found)
        return False

    def _update(self, operation: str, number: int, body: Mapping[str, str]) -> None:
        self._repository.ask(
            operation,
            f"/pulls/{number:d}",
            method="PATCH",
            body=body,
            read=lambda response: int(response.json()["number"]),
        )

    def _is_from(self, pull: Any, branch: str) -> bool:
        """Return whether a pull request is from this branch here: a filter may be ignored."""
        head = pull["head"]
        repository = (head["repo"] or {}).get("full_name", "")
        return bool(
            head["ref"] == branch and text(repository).lower() == self._repository.full_name.lower()
        )
