"""The HTTP face of the sandbox's GitHub: credentials, conditional requests and limits."""

import hashlib
import re

from integrations.sandbox.github import SandboxGithub
from integrations.sandbox.github_reads import SHA_TYPE, GithubReads, error_reply, github_routes
from integrations.sandbox.github_shapes import API, REPOSITORY_ID
from integrations.sandbox.limits import GithubLimits
from integrations.sandbox.messages import Reply, Request, json_reply, text_reply

_REPOSITORY_PATH = re.compile(r"/repos/([^/]+/[^/]+)(/.*)?|/repositories/(\d+)(/.*)?")


class GithubApi:
    """Answers the requests of one token, with its limits."""

    def __init__(self, github: SandboxGithub, limits: GithubLimits) -> None:
        self._github = github
        self._limits = limits
        self._routes = github_routes(GithubReads(github))

    def __call__(self, request: Request) -> Reply:
        """The true answer to a request."""
        if not request.headers.get("user-agent"):
            text = "Request forbidden by administrative rules. Please make sure your request has "
            return text_reply(f"{text}a User-Agent header.", status=403)
        limited = self._limits.take()
        with self._github.lock:
            reply = limited or self._answer(request)
        if reply.status == 200:
            reply = self._conditional(request, reply)
        headers = {
            "X-GitHub-Media-Type": "github.v3; format=json",
            "X-GitHub-Request-Id": "0684:7166:64319A:16C691D:62D6351C",
            "X-Accepted-GitHub-Permissions": self._github.rights_header,
        }
        return reply.with_headers(headers | self._limits.headers())

    def _conditional(self, request: Request, reply: Reply) -> Reply:
        """Mark the answer, and keep it back from those who have it."""
        body = reply.body
        is_sha = reply.headers.get("Content-Type", "").startswith(SHA_TYPE)
        # GitHub's marks depend on the token, too.
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
        is_known = kind.lower() in ("bearer", "token") and token == self._github.token
        if kind and not is_known:
            return error_reply(401, "Bad credentials")
        if request.path == "/rate_limit":
            return json_reply({"resources": {}, "rate": self._limits.headers()})
        if request.path == "/user" and is_known:
            return json_reply({"login": "leavers-service", "id": 583231, "type": "User"})
        match = _REPOSITORY_PATH.fullmatch(request.path)
        if not match or not is_known or not self._github.may_read:
            return error_reply(404, "Not Found")
        return self._answer_about_repository(request, match)

    def _answer_about_repository(self, request: Request, match: re.Match[str]) -> Reply:
        name, rest = match[1], match[2] or match[4] or ""
        if name and name == self._github.renamed_from:
            return _moved(request, f"{API}/repositories/{REPOSITORY_ID}{rest}")
        if match[3] not in (None, str(REPOSITORY_ID)) or (
            name and name.lower() != self._github.repository.lower()
        ):
            return error_reply(404, "Not Found")
        if request.method not in ("GET", "HEAD"):
            return error_reply(403, "Resource not accessible by personal access token")
        if rest and not self._github.may_read_contents:
            return error_reply(403, "Resource not accessible by personal access token")
        inner = Request(
            method="GET", path=rest or "/", query=request.query, headers=request.headers
        )
        return self._routes.answer(inner) or error_reply(404, "Not Found")


def _moved(request: Request, to: str) -> Reply:
    """The query is lost, as it is with GitHub."""
    body = {
        "message": "Moved Permanently",
        "url": to,
        "documentation_url": "https://docs.github.com/rest/guides/best-practices-for-using-the-"
        "rest-api#follow-redirects",
    }
    status = 301 if request.method in ("GET", "HEAD") else 307
    return json_reply(body, status=status, headers={"Location": to})
