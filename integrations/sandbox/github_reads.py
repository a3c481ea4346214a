"""What can be read of the sandbox's GitHub repository: commits, trees, blobs and contents.

https://docs.github.com/en/rest/repos/contents and https://docs.github.com/en/rest/git
"""

import base64
from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

from integrations.sandbox.clock import iso_seconds
from integrations.sandbox.github import SandboxGithub
from integrations.sandbox.github_pull_shapes import ref_json
from integrations.sandbox.github_repository import (
    SUBMODULE,
    SYMLINK,
    Commit,
    GitItem,
    TreeEntry,
    folder_items,
)
from integrations.sandbox.github_shapes import API, repository_json
from integrations.sandbox.messages import Json, Reply, Request, json_reply
from integrations.sandbox.routes import Routes

T = TypeVar("T")

SHA_TYPE = "application/vnd.github.sha"
_RAW_TYPES = ("application/vnd.github.raw", "application/vnd.github.v3.raw")
# In bytes: https://docs.github.com/en/rest/repos/contents#get-repository-content
_LARGEST_INLINE = 1024 * 1024


class GithubReads:
    """Answers requests that read the repository."""

    def __init__(self, github: SandboxGithub) -> None:
        self._github = github

    def show_repository(self, _request: Request) -> Reply:
        """Show the repository."""
        return json_reply(
            repository_json(self._github.repository, self._github.default_branch)
            | {"private": self._github.is_private}
        )

    def show_branch(self, _request: Request, branch: str) -> Reply:
        """Show a branch with its tip."""
        sha = self._github.git.branches.get(branch)
        if sha is None:
            return error_reply(404, "Branch not found")
        commit = self._commit_json(self._github.git.commits[sha])
        return json_reply(
            {
                "name": branch,
                "commit": commit,
                "_links": {"self": self._url(f"/branches/{branch}"), "html": ""},
                "protected": branch in self._github.pulls.protected,
                "protection": {},
                "protection_url": self._url(f"/branches/{branch}/protection"),
            }
        )

    def list_branches(self, _request: Request) -> Reply:
        """List all branches."""
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
        """Show a branch as a ref."""
        branch = ref__path.removeprefix("heads/")
        sha = self._github.git.branches.get(branch)
        if sha is None:
            return error_reply(404, "Not Found")
        return json_reply(ref_json(self._github, branch, sha))

    def list_commits(self, request: Request) -> Reply:
        """List a commit and its ancestors, newest first; with `path`, those that changed it."""
        git, asked = self._github.git, request.query
        if not self._github.head:
            return error_reply(409, "Git Repository is empty.")
        ref = asked.get("sha", self._github.default_branch)
        first = git.resolve(ref)
        if first is None:
            return error_reply(404, "Not Found")
        since = asked.get("since")
        found = [
            one
            for one in map(git.commits.__getitem__, git.ancestors(first.sha))
            if (not since or one.at >= datetime.fromisoformat(since))
            and ("path" not in asked or self._touches(one, asked["path"]))
        ]
        found.sort(key=lambda one: one.at, reverse=True)
        return json_reply([self._commit_json(one) for one in page_of(found, request)])

    def _touches(self, commit: Commit, path: str) -> bool:
        parent = self._github.git.commits[commit.parents[0]] if commit.parents else None
        before = parent.items if parent else {}
        changed = {
            each for each in {*before, *commit.items} if before.get(each) != commit.items.get(each)
        }
        return any(each == path or each.startswith(f"{path}/") for each in changed)

    def show_commit(self, request: Request, ref__path: str) -> Reply:
        """Show a commit, or its sha as text if the request accepts that."""
        if not self._github.head:
            return error_reply(409, "Git Repository is empty.")
        commit = self._github.git.resolve(ref__path)
        if commit is None:
            return error_reply(422, f"No commit found for SHA: {ref__path}")
        if SHA_TYPE in request.headers.get("accept", ""):
            return Reply(
                headers={"Content-Type": f"{SHA_TYPE}; charset=utf-8"}, body=commit.sha.encode()
            )
        return json_reply(self._commit_json(commit) | {"files": []})

    def show_tree(self, request: Request, ref__path: str) -> Reply:
        """Show a tree; with any value of `recursive`, all its levels.

        https://docs.github.com/en/rest/git/trees#get-a-tree
        """
        if not self._github.head:
            return error_reply(409, "Git Repository is empty.")
        found = self._github.git.tree(ref__path, recursive="recursive" in request.query)
        if found is None:
            return error_reply(404, "Not Found")
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
        """Show a file's content, by its sha."""
        content = self._github.git.blobs.get(sha)
        if content is None:
            return error_reply(404, "Not Found")
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
        """Show a file with its content, or list a folder."""
        if not self._github.head:
            return error_reply(404, "This repository is empty.")
        ref = request.query.get("ref", self._github.default_branch)
        commit = self._github.git.resolve(ref)
        if commit is None:
            return error_reply(404, f"No commit found for the ref {ref}")
        if path__path.endswith("/"):
            return error_reply(404, "Not Found")
        item = commit.items.get(path__path)
        if item:
            return self._file(request, path__path, item, ref)
        entries = folder_items(commit.items, path__path)
        if not entries:
            return error_reply(404, "Not Found")
        return json_reply(self._folder(path__path, entries, ref))

    def _file(self, request: Request, path: str, item: GitItem, ref: str) -> Reply:
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
            "parents": [{"sha": sha, "url": ""} for sha in commit.parents],
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


def github_routes(api: GithubReads) -> Routes:
    """Return the routes that read; their paths begin behind the repository's."""
    routes = Routes()
    for path, handler in (
        ("/", api.show_repository),
        ("/branches", api.list_branches),
        ("/branches/{branch}", api.show_branch),
        ("/git/ref/{ref__path}", api.show_ref),
        ("/commits", api.list_commits),
        ("/commits/{ref__path}", api.show_commit),
        ("/git/trees/{ref__path}", api.show_tree),
        ("/git/blobs/{sha}", api.show_blob),
        ("/contents", api.show_contents),
        ("/contents/{path__path}", api.show_contents),
    ):
        routes.add("GET", path, handler)
    return routes


def page_of(found: Sequence[T], request: Request) -> Sequence[T]:
    """Return the page of a list that a request asks for; the first thirty unless it says more.

    https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api
    """
    size = min(int(request.query.get("per_page", 30)), 100)
    start = (int(request.query.get("page", 1)) - 1) * size
    return found[start : start + size]


def error_reply(status: int, message: str) -> Reply:
    """Return an error in the form of GitHub's."""
    body = {
        "message": message,
        "documentation_url": "https://docs.github.com/rest",
        "status": str(status),
    }
    return json_reply(body, status=status)


def _wants_raw(request: Request) -> bool:
    accept = request.headers.get("accept", "")
    return any(accept.startswith(kind) for kind in _RAW_TYPES)


def _raw(content: bytes) -> Reply:
    return Reply(
        headers={"Content-Type": "application/vnd.github.raw+json; charset=utf-8"}, body=content
    )


def _in_lines(content: bytes) -> str:
    """Return Base64 as GitHub writes it: a line break after each sixty characters."""
    text = base64.b64encode(content).decode()
    return "".join(f"{text[start : start + 60]}\n" for start in range(0, len(text), 60))
