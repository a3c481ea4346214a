"""Pull requests of the sandbox's GitHub over HTTP.

https://docs.github.com/en/rest/pulls and https://docs.github.com/en/graphql
"""

import re

from integrations.sandbox.github import SandboxGithub
from integrations.sandbox.github_pull_shapes import comment_json, pull_json, whole_pull_json
from integrations.sandbox.github_pulls import SERVICE_USER, Pull, PullComment
from integrations.sandbox.github_reads import error_reply, page_of
from integrations.sandbox.messages import Json, Reply, Request, json_reply

_NO_COLLABORATOR = (
    "Reviews may only be requested from collaborators. One or more of the users or teams you "
    "specified is not a collaborator of the {} repository."
)
_NO_DRAFTS = "Draft pull requests are not supported in this repository."
_MUTATION = re.compile(r"\b(\w+)\s*\(\s*input\s*:")


class GithubPullWrites:
    """Answers requests about pull requests."""

    def __init__(self, github: SandboxGithub) -> None:
        self._github = github

    def list(self, request: Request) -> Reply:
        """List pull requests by state, base and head; a head without its owner is ignored.

        https://docs.github.com/en/rest/pulls/pulls#list-pull-requests
        """
        state, base = request.query.get("state", "open"), request.query.get("base")
        owner, _, head = request.query.get("head", "").rpartition(":")
        if owner and owner != self._github.repository.partition("/")[0]:
            return json_reply([])
        found = [
            one
            for one in self._github.pulls.all.values()
            if state in ("all", one.state)
            and base in (None, one.base)
            and (not owner or one.head == head)
        ]
        shown = page_of(found[::-1], request)
        return json_reply([pull_json(self._github, one) for one in shown])

    def show(self, _request: Request, number: str) -> Reply:
        """Show a pull request."""
        one = self._github.pulls.all.get(int(number))
        if one is None:
            return error_reply(404, "Not Found")
        return json_reply(whole_pull_json(self._github, one))

    def create(self, request: Request) -> Reply:
        """Open a pull request.

        https://docs.github.com/en/rest/pulls/pulls#create-a-pull-request
        """
        sent, pulls = request.json(), self._github.pulls
        owner, _, head = str(sent.get("head", "")).rpartition(":")
        base = str(sent.get("base", ""))
        branches = self._github.git.branches
        if base not in branches:
            return _invalid({"field": "base", "code": "invalid"})
        if head not in branches or (pulls.lags(head) and pulls.lag_says == "head"):
            return _invalid({"field": "head", "code": "invalid"})
        full = f"{owner or self._github.repository.partition('/')[0]}:{head}"
        if pulls.open_for(head, base):
            return _invalid(_custom(f"A pull request already exists for {full}."))
        ancestors = self._github.git.ancestors(branches[base])
        if pulls.lags(head) or branches[head] in ancestors:
            return _invalid(_custom(f"No commits between {base} and {head}"))
        if sent.get("draft") and not pulls.drafts_are_supported:
            return error_reply(422, _NO_DRAFTS)
        one = pulls.open(
            title=str(sent.get("title", "")),
            head=head,
            base=base,
            body=str(sent.get("body") or ""),
            draft=bool(sent.get("draft")),
            user=SERVICE_USER,
        )
        shown = pull_json(self._github, one) | {"merged": False, "mergeable": None}
        return json_reply(shown, status=201)

    def update(self, request: Request, number: str) -> Reply:
        """Close a pull request, or change its title or body."""
        sent, one = request.json(), self._github.pulls.all.get(int(number))
        if one is None:
            return error_reply(404, "Not Found")
        self._github.pulls.edit(one.number, title=sent.get("title"), body=sent.get("body"))
        if sent.get("state") == "closed" and one.state == "open":
            self._github.pulls.close(one.number)
        if sent.get("state") == "open" and one.state == "closed":
            self._github.pulls.forbidden_acts.append(f"reopen #{number}")
            return error_reply(422, "Validation Failed")
        return json_reply(whole_pull_json(self._github, one))

    def request_reviewers(self, request: Request, number: str) -> Reply:
        """Ask for reviews; if one of those named can't be asked, nobody is."""
        sent, one = request.json(), self._github.pulls.all.get(int(number))
        if one is None:
            return error_reply(404, "Not Found")
        users, teams = sent.get("reviewers", []), sent.get("team_reviewers", [])
        if not set(users) | set(teams) <= self._github.pulls.collaborators:
            return error_reply(422, _NO_COLLABORATOR.format(self._github.repository))
        one.reviewers = sorted({*one.reviewers, *users})
        one.teams = sorted({*one.teams, *teams})
        return json_reply(pull_json(self._github, one), status=201)

    def add_labels(self, request: Request, number: str) -> Reply:
        """Put labels on a pull request."""
        one = self._github.pulls.all.get(int(number))
        labels = request.json().get("labels", [])
        if one is None or not set(labels) <= self._github.pulls.labels:
            return error_reply(404, "Not Found")
        one.labels = sorted({*one.labels, *labels})
        return json_reply(pull_json(self._github, one)["labels"])

    def show_label(self, _request: Request, name: str) -> Reply:
        """Show a label of the repository."""
        if name not in self._github.pulls.labels:
            return error_reply(404, "Not Found")
        return json_reply({"id": 1, "name": name, "color": "ededed"})

    def show_collaborator(self, _request: Request, login: str) -> Reply:
        """Say whether somebody is a collaborator, by the status alone."""
        if login not in self._github.pulls.collaborators:
            return error_reply(404, "Not Found")
        return Reply(status=204)

    def list_reviews(self, request: Request, number: str) -> Reply:
        """List the reviews of a pull request: approvals alone."""
        one = self._github.pulls.all.get(int(number))
        if one is None:
            return error_reply(404, "Not Found")
        return json_reply(
            [
                {"id": at, "user": {"login": by}, "body": "", "state": "APPROVED"}
                for at, by in page_of(list(enumerate(one.approvals, 1)), request)
            ]
        )

    def list_comments(self, request: Request, number: str) -> Reply:
        """List the comments of a pull request."""
        one = self._github.pulls.all.get(int(number))
        if one is None:
            return error_reply(404, "Not Found")
        shown = page_of(one.comments, request)
        return json_reply([comment_json(self._github, each, one.number) for each in shown])

    def add_comment(self, request: Request, number: str) -> Reply:
        """Comment on a pull request."""
        one = self._github.pulls.all.get(int(number))
        if one is None:
            return error_reply(404, "Not Found")
        made = PullComment(
            id=9000 + len(one.comments),
            body=str(request.json().get("body", "")),
            user=SERVICE_USER,
            at=self._github.clock.now(),
        )
        one.comments.append(made)
        return json_reply(comment_json(self._github, made, one.number), status=201)

    def graphql(self, request: Request) -> Reply:
        """Answer two mutations, and the query of who approved.

        Errors come with status 200: https://docs.github.com/en/graphql/guides/using-graphql-clients
        """
        sent = request.json()
        query, variables = str(sent.get("query", "")), sent.get("variables") or {}
        node = variables.get("id") or (variables.get("input") or {}).get("pullRequestId")
        one = next((one for one in self._github.pulls.all.values() if one.node_id == node), None)
        if one is None:
            return _graphql_error("NOT_FOUND", f"Could not resolve to a node with the id {node}")
        mutation = _MUTATION.search(query)
        if mutation is None:
            return json_reply({"data": {"node": _review_json(one)}})
        return self._mutate(mutation[1], one)

    def _mutate(self, name: str, one: Pull) -> Reply:
        if self._github.pull_request_rights.get("pull_requests") != "write":
            return _graphql_error("FORBIDDEN", "Resource not accessible by personal access token")
        if name not in {"markPullRequestReadyForReview", "convertPullRequestToDraft"}:
            self._github.pulls.forbidden_acts.append(f"graphql {name}")
            return _graphql_error("FORBIDDEN", "Resource not accessible by personal access token")
        is_draft = name == "convertPullRequestToDraft"
        if is_draft and not self._github.pulls.drafts_are_supported:
            return _graphql_error("UNPROCESSABLE", _NO_DRAFTS)
        if one.state != "open":
            return _graphql_error("UNPROCESSABLE", "Pull request is closed")
        one.draft = is_draft
        shown = {"id": one.node_id, "isDraft": one.draft}
        return json_reply({"data": {name: {"pullRequest": shown}}})


def _review_json(one: Pull) -> Json:
    return {
        "reviewDecision": "APPROVED" if one.approvals else "REVIEW_REQUIRED",
        "reviews": {"totalCount": len(one.approvals)},
    }


def _custom(message: str) -> Json:
    return {"code": "custom", "message": message}


def _invalid(error: Json) -> Reply:
    body = {
        "message": "Validation Failed",
        "errors": [{"resource": "PullRequest", **error}],
        "documentation_url": "https://docs.github.com/rest/pulls/pulls#create-a-pull-request",
        "status": "422",
    }
    return json_reply(body, status=422)


def _graphql_error(kind: str, message: str) -> Reply:
    return json_reply({"data": None, "errors": [{"type": kind, "message": message}]})
