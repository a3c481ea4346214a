"""The sandbox's GitHub over HTTP: credentials, conditional requests and limits."""

import hashlib
import re
from collections.abc import Mapping

from integrations.sandbox.github import SandboxGithub
from integrations.sandbox.github_pull_writes import GithubPullWrites
from integrations.sandbox.github_reads import SHA_TYPE, GithubReads, error_reply, github_routes
from integrations.sandbox.github_rights import forbidden_act, right_needed
from integrations.sandbox.github_shapes import API, REPOSITORY_ID
from integrations.sandbox.github_writes import GithubWrites
from integrations.sandbox.limits import GithubLimits
from integrations.sandbox.messages import (
    NotJsonError,
    Reply,
    Request,
    json_reply,
    text_reply,
)
from integrations.sandbox.routes import Routes

_REPOSITORY_PATH = re.compile(r"/repos/([^/]+/[^/]+)(/.*)?|/repositories/(\d+)(/.*)?")


class GithubApi:
    """Answers requests with one of two tokens, one that reads and one that writes."""

    def __init__(self, github: SandboxGithub, limits: GithubLimits) -> None:
        self._github = github
        self._limits = limits
        self._routes = github_routes(GithubReads(github))
        self._pulls = GithubPullWrites(github)
        _add_writes(self._routes, GithubWrites(github), self._pulls)

    def __call__(self, request: Request) -> Reply:
        """Return the reply to a request, if no fault strikes it."""
        # https://docs.github.com/en/rest/using-the-rest-api/getting-started-with-the-rest-api#user-agent
        if not request.headers.get("user-agent"):
            text = "Request forbidden by administrative rules. Please make sure your request has "
            return text_reply(f"{text}a User-Agent header.", status=403)
        limited = self._limits.take(is_write=request.method not in ("GET", "HEAD"))
        with self._github.lock:
            reply = limited or self._answer(request)
        if reply.status == 200:
            reply = self._conditional(request, reply)
        headers = {
            "X-GitHub-Media-Type": "github.v3; format=json",
            "X-GitHub-Request-Id": "0684:7166:64319A:16C691D:62D6351C",
            "X-Accepted-GitHub-Permissions": self._github.rights_header,
        }
        return reply.with_headers(headers | dict(reply.headers) | self._limits.headers())

    def _conditional(self, request: Request, reply: Reply) -> Reply:
        """Give the reply its `ETag`; return a 304 if the client has it already.

        https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api
        """
        body = reply.body
        is_sha = reply.headers.get("Content-Type", "").startswith(SHA_TYPE)
        # With another token the same body has another ETag.
        salt = request.headers.get("authorization", "").encode()
        digest = hashlib.sha256(salt + body).hexdigest()
        etag = f'"{body.decode()}"' if is_sha else f'W/"{digest}"'
        asked = request.headers.get("if-none-match", "")
        known = {one.strip().removeprefix("W/") for one in asked.split(",")}
        if etag.removeprefix("W/") in known:
            self._limits.give_back()
            return Reply(status=304, headers={"ETag": etag})
        return reply.with_headers({"ETag": etag, "Cache-Control": "private, max-age=60"})

    def _answer(self, request: Request) -> Reply:
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        rights = self._rights_of(token) if kind.lower() in ("bearer", "token") else None
        if kind and rights is None:
            return error_reply(401, "Bad credentials")
        if request.path == "/rate_limit":
            return json_reply({"resources": {}, "rate": self._limits.headers()})
        if rights is None:
            return error_reply(404, "Not Found")
        if request.path == "/user":
            return json_reply({"login": "leavers-service", "id": 583231, "type": "User"})
        try:
            return self._answer_with_rights(request, rights)
        except NotJsonError:
            return error_reply(400, "Problems parsing JSON")

    def _answer_with_rights(self, request: Request, rights: Mapping[str, str]) -> Reply:
        if request.path == "/graphql" and request.method == "POST":
            return self._pulls.graphql(request)
        match = _REPOSITORY_PATH.fullmatch(request.path)
        if not match or not self._github.may_read:
            return error_reply(404, "Not Found")
        return self._answer_about_repository(request, match, rights)

    def _rights_of(self, token: str) -> Mapping[str, str] | None:
        if token == self._github.token:
            return {"contents": "read"} if self._github.may_read_contents else {}
        return (
            self._github.pull_request_rights if token == self._github.pull_request_token else None
        )

    def _answer_about_repository(
        self, request: Request, match: re.Match[str], rights: Mapping[str, str]
    ) -> Reply:
        name, rest = match[1], match[2] or match[4] or ""
        if name and name == self._github.renamed_from:
            return _moved(request, f"{API}/repositories/{REPOSITORY_ID}{rest}")
        if match[3] not in (None, str(REPOSITORY_ID)) or (
            name and name.lower() != self._github.repository.lower()
        ):
            return error_reply(404, "Not Found")
        if act := forbidden_act(request.method, rest):
            self._github.pulls.forbidden_acts.append(act)
        kind, right = right_needed(request.method, rest)
        if kind and rights.get(kind) not in {right, "write"}:
            refused = error_reply(403, "Resource not accessible by personal access token")
            return refused.with_headers({"X-Accepted-GitHub-Permissions": f"{kind}={right}"})
        inner = Request(
            method="GET" if request.method == "HEAD" else request.method,
            path=rest or "/",
            query=request.query,
            headers=request.headers,
            body=request.body,
        )
        return self._routes.answer(inner) or error_reply(404, "Not Found")


def _add_writes(routes: Routes, git: GithubWrites, pulls: GithubPullWrites) -> None:
    for method, path, handler in (
        ("GET", "/git/matching-refs/{ref__path}", git.matching_refs),
        ("GET", "/git/commits/{sha}", git.show_commit),
        ("POST", "/git/blobs", git.create_blob),
        ("POST", "/git/trees", git.create_tree),
        ("POST", "/git/commits", git.create_commit),
        ("POST", "/git/refs", git.create_ref),
        ("PATCH", "/git/refs/heads/{branch__path}", git.update_ref),
        ("DELETE", "/git/refs/heads/{branch__path}", git.delete_ref),
        ("GET", "/pulls", pulls.list),
        ("POST", "/pulls", pulls.create),
        ("GET", "/pulls/{number}", pulls.show),
        ("PATCH", "/pulls/{number}", pulls.update),
        ("GET", "/pulls/{number}/reviews", pulls.list_reviews),
        ("POST", "/pulls/{number}/requested_reviewers", pulls.request_reviewers),
        ("POST", "/issues/{number}/labels", pulls.add_labels),
        ("GET", "/issues/{number}/comments", pulls.list_comments),
        ("POST", "/issues/{number}/comments", pulls.add_comment),
        ("GET", "/labels/{name}", pulls.show_label),
        ("GET", "/collaborators/{login}", pulls.show_collaborator),
    ):
        routes.add(method, path, handler)


def _moved(request: Request, to: str) -> Reply:
    """Return the redirect of a renamed repository, which loses the query as GitHub's does.

    https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#follow-redirects
    """
    body = {
        "message": "Moved Permanently",
        "url": to,
        "documentation_url": "https://docs.github.com/rest/guides/best-practices-for-using-the-"
        "rest-api#follow-redirects",
    }
    status = 301 if request.method in ("GET", "HEAD") else 307
    return json_reply(body, status=status, headers={"Location": to})
