"""The HTTP face of the sandbox's GitHub: reading one repository, with conditional requests."""

import base64
import hashlib
import re
from collections.abc import Sequence

from integrations.sandbox.clock import iso_seconds
from integrations.sandbox.github import SandboxGithub
from integrations.sandbox.github_repository import (
    SUBMODULE,
    SYMLINK,
    Commit,
    Item,
    TreeEntry,
    folder_items,
)
from integrations.sandbox.github_shapes import API, repository_json
from integrations.sandbox.limits import GithubLimits
from integrations.sandbox.messages import Json, Reply, Request, json_reply, text_reply
from integrations.sandbox.routes import Routes

REPOSITORY_ID = 1296269
_SHA_TYPE = "application/vnd.github.sha"
_RAW_TYPES = ("application/vnd.github.raw", "application/vnd.github.v3.raw")
_LARGEST_INLINE = 1024 * 1024
_REPOSITORY_PATH = re.compile(r"/repos/([^/]+/[^/]+)(/.*)?|/repositories/(\d+)(/.*)?")


class GithubApi:
    """Answers the requests of one token, with its limits."""

    def __init__(self, github: SandboxGithub, limits: GithubLimits) -> None:
        self._github = github
        self._limits = limits
        self._routes = _routes(self)

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
        is_sha = reply.headers.get("Content-Type", "").startswith(_SHA_TYPE)
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
            return _error(401, "Bad credentials")
        if request.path == "/rate_limit":
            return json_reply({"resources": {}, "rate": self._limits.headers()})
        if request.path == "/user" and is_known:
            return json_reply({"login": "leavers-service", "id": 583231, "type": "User"})
        match = _REPOSITORY_PATH.fullmatch(request.path)
        if not match or not is_known or not self._github.may_read:
            return _error(404, "Not Found")
        return self._answer_about_repository(request, match)

    def _answer_about_repository(self, request: Request, match: re.Match[str]) -> Reply:
        name, rest = match[1], match[2] or match[4] or ""
        if name and name == self._github.renamed_from:
            return _moved(request, f"{API}/repositories/{REPOSITORY_ID}{rest}")
        if match[3] not in (None, str(REPOSITORY_ID)) or (
            name and name.lower() != self._github.repository.lower()
        ):
            return _error(404, "Not Found")
        if request.method not in ("GET", "HEAD"):
            return _error(403, "Resource not accessible by personal access token")
        if rest and not self._github.may_read_contents:
            return _error(403, "Resource not accessible by personal access token")
        inner = Request(
            method="GET", path=rest or "/", query=request.query, headers=request.headers
        )
        return self._routes.answer(inner) or _error(404, "Not Found")

    def show_repository(self, _request: Request) -> Reply:
        """The repository itself."""
        return json_reply(
            repository_json(self._github.repository, self._github.default_branch, REPOSITORY_ID)
        )

    def show_branch(self, _request: Request, branch: str) -> Reply:
        """One branch with its tip."""
        sha = self._github.git.branches.get(branch)
        if sha is None:
            return _error(404, "Branch not found")
        commit = self._commit_json(self._github.git.commits[sha])
        return json_reply(
            {
                "name": branch,
                "commit": commit,
                "_links": {"self": self._url(f"/branches/{branch}"), "html": ""},
                "protected": False,
                "protection": {},
                "protection_url": self._url(f"/branches/{branch}/protection"),
            }
        )

    def list_branches(self, _request: Request) -> Reply:
        """All branches."""
        branches = self._github.git.branches.items()
        return json_reply(
            [
                {
                    "name": name,
                    "commit": {"sha": sha, "url": self._url(f"/commits/{sha}")},
                    "protected": False,
                }
                for name, sha in branches
            ]
        )

    def show_ref(self, _request: Request, ref__path: str) -> Reply:
        """Where a branch stands."""
        sha = self._github.git.branches.get(ref__path.removeprefix("heads/"))
        if sha is None:
            return _error(404, "Not Found")
        return json_reply(
            {
                "ref": f"refs/{ref__path}",
                "node_id": "REF_kwDOABPHjatyZWZzL2hlYWRzL21haW4",
                "url": self._url(f"/git/refs/{ref__path}"),
                "object": {
                    "sha": sha,
                    "type": "commit",
                    "url": self._url(f"/git/commits/{sha}"),
                },
            }
        )

    def show_commit(self, request: Request, ref__path: str) -> Reply:
        """A commit, or nothing but its sha where that is asked for."""
        if not self._github.head:
            return _error(409, "Git Repository is empty.")
        commit = self._github.git.resolve(ref__path)
        if commit is None:
            return _error(422, f"No commit found for SHA: {ref__path}")
        if _SHA_TYPE in request.headers.get("accept", ""):
            return Reply(
                headers={"Content-Type": f"{_SHA_TYPE}; charset=utf-8"}, body=commit.sha.encode()
            )
        return json_reply(self._commit_json(commit) | {"files": []})

    def show_tree(self, request: Request, ref__path: str) -> Reply:
        """A tree; any value of `recursive` asks for all levels."""
        if not self._github.head:
            return _error(409, "Git Repository is empty.")
        found = self._github.git.tree(ref__path, recursive="recursive" in request.query)
        if found is None:
            return _error(404, "Not Found")
        sha, entries = found
        if self._github.truncates_trees:
            entries = entries[: len(entries) // 2]
        return json_reply(
            {
                "sha": sha,
                "url": self._url(f"/git/trees/{sha}"),
                "tree": [self._tree_line(entry) for entry in entries],
                "truncated": self._github.truncates_trees,
            }
        )

    def show_blob(self, request: Request, sha: str) -> Reply:
        """A file's content by its sha."""
        content = self._github.git.blobs.get(sha)
        if content is None:
            return _error(404, "Not Found")
        if _wants_raw(request):
            return _raw(content)
        return json_reply(
            {
                "sha": sha,
                "node_id": "MDQ6QmxvYjEyOTYyNjk6",
                "size": len(content),
                "url": self._url(f"/git/blobs/{sha}"),
                "content": _in_lines(content),
                "encoding": "base64",
            }
        )

    def show_contents(self, request: Request, path__path: str = "") -> Reply:
        """A file with its content, or what lies in a folder."""
        if not self._github.head:
            return _error(404, "This repository is empty.")
        ref = request.query.get("ref", self._github.default_branch)
        commit = self._github.git.resolve(ref)
        if commit is None:
            return _error(404, f"No commit found for the ref {ref}")
        if path__path.endswith("/"):
            return _error(404, "Not Found")
        item = commit.items.get(path__path)
        if item:
            return self._file(request, path__path, item, ref)
        entries = folder_items(commit.items, path__path)
        if not entries:
            return _error(404, "Not Found")
        return json_reply(self._folder(path__path, entries, ref))

    def _file(self, request: Request, path: str, item: Item, ref: str) -> Reply:
        if _wants_raw(request):
            return _raw(item.content)
        kind = {SYMLINK: "symlink", SUBMODULE: "submodule"}.get(item.mode, "file")
        shown = self._content(path, kind=kind, sha=item.sha, size=len(item.content), ref=ref)
        if kind == "symlink":
            return json_reply(shown | {"target": item.content.decode()})
        if kind == "submodule":
            return json_reply(shown | {"submodule_git_url": "https://example.com/sub.git"})
        if len(item.content) > _LARGEST_INLINE:
            return json_reply(shown | {"content": "", "encoding": "none"})
        return json_reply(shown | {"content": _in_lines(item.content), "encoding": "base64"})

    def _folder(self, path: str, entries: Sequence[TreeEntry], ref: str) -> list[Json]:
        prefix = f"{path}/" if path else ""
        kinds = {"tree": "dir", "commit": "file", "blob": "file"}
        return [
            self._content(
                prefix + entry.path,
                kind="symlink" if entry.mode == SYMLINK else kinds[entry.kind],
                sha=entry.sha,
                size=entry.size or 0,
                ref=ref,
            )
            for entry in entries
        ]

    def _content(self, path: str, *, kind: str, sha: str, size: int, ref: str) -> Json:
        address = self._url(f"/contents/{path}?ref={ref}")
        page = f"https://github.com/{self._github.repository}/blob/{ref}/{path}"
        git = self._url(f"/git/{'trees' if kind == 'dir' else 'blobs'}/{sha}")
        raw = f"https://raw.githubusercontent.com/{self._github.repository}/{ref}/{path}"
        return {
            "name": path.rpartition("/")[2],
            "path": path,
            "sha": sha,
            "size": size,
            "url": address,
            "html_url": page,
            "git_url": git,
            "download_url": f"{raw}?token=SANDBOX" if kind == "file" else None,
            "type": kind,
            "_links": {"self": address, "git": git, "html": page},
        }

    def _commit_json(self, commit: Commit) -> Json:
        person = {
            "name": "Olu Owner",
            "email": "olu.owner@example.gov.uk",
            "date": iso_seconds(commit.at),
        }
        url = self._url(f"/commits/{commit.sha}")
        return {
            "sha": commit.sha,
            "node_id": "MDY6Q29tbWl0",
            "commit": {
                "author": person,
                "committer": person,
                "message": commit.message,
                "tree": {"sha": commit.tree, "url": self._url(f"/git/trees/{commit.tree}")},
                "url": self._url(f"/git/commits/{commit.sha}"),
                "comment_count": 0,
            },
            "url": url,
            "html_url": f"https://github.com/{self._github.repository}/commit/{commit.sha}",
            "comments_url": f"{url}/comments",
            "author": None,
            "committer": None,
            "parents": [{"sha": commit.parent, "url": ""}] if commit.parent else [],
        }

    def _tree_line(self, entry: TreeEntry) -> Json:
        line: Json = {
            "path": entry.path,
            "mode": entry.mode,
            "type": entry.kind,
            "sha": entry.sha,
        }
        if entry.kind == "commit":
            return line
        if entry.size is not None:
            line["size"] = entry.size
        return line | {"url": self._url(f"/git/{entry.kind}s/{entry.sha}")}

    def _url(self, rest: str) -> str:
        return f"{API}/repos/{self._github.repository}{rest}"


def _routes(api: GithubApi) -> Routes:
    routes = Routes()
    for path, answer in (
        ("/", api.show_repository),
        ("/branches", api.list_branches),
        ("/branches/{branch}", api.show_branch),
        ("/git/ref/{ref__path}", api.show_ref),
        ("/commits/{ref__path}", api.show_commit),
        ("/git/trees/{ref__path}", api.show_tree),
        ("/git/blobs/{sha}", api.show_blob),
        ("/contents", api.show_contents),
        ("/contents/{path__path}", api.show_contents),
    ):
        routes.add("GET", path, answer)
    return routes


def _error(status: int, message: str) -> Reply:
    body = {
        "message": message,
        "documentation_url": "https://docs.github.com/rest",
        "status": str(status),
    }
    return json_reply(body, status=status)


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


def _wants_raw(request: Request) -> bool:
    accept = request.headers.get("accept", "")
    return any(accept.startswith(kind) for kind in _RAW_TYPES)


def _raw(content: bytes) -> Reply:
    return Reply(
        headers={"Content-Type": "application/vnd.github.raw+json; charset=utf-8"}, body=content
    )


def _in_lines(content: bytes) -> str:
    """Base64 as GitHub writes it, a line break after each sixty characters."""
    text = base64.b64encode(content).decode()
    return "".join(f"{text[start : start + 60]}\n" for start in range(0, len(text), 60))
