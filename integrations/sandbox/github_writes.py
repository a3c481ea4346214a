"""What a token may write to the sandbox's GitHub: blobs, trees, commits and branches.

https://docs.github.com/en/rest/git
"""

import base64
import binascii
import re
from dataclasses import replace
from datetime import UTC, datetime

from integrations.sandbox.github import SandboxGithub
from integrations.sandbox.github_pull_shapes import git_commit_json, ref_json
from integrations.sandbox.github_reads import GithubReads, error_reply
from integrations.sandbox.github_repository import (
    EXECUTABLE,
    FILE,
    SYMLINK,
    GitItem,
)
from integrations.sandbox.github_shapes import API
from integrations.sandbox.messages import Json, Reply, Request, json_reply

# The service's own branches: a write to any other is noted as forbidden.
_OWN_BRANCH = re.compile(r"leaver-ticket-\d+(-\d+)?")
_MODES = {FILE, EXECUTABLE, SYMLINK}


class GithubWrites:
    """Answers requests that make objects, and that make, move or delete branches."""

    def __init__(self, github: SandboxGithub) -> None:
        self._github = github

    def matching_refs(self, _request: Request, ref__path: str) -> Reply:
        """List all branches whose names begin with a text.

        https://docs.github.com/en/rest/git/refs#list-matching-references
        """
        prefix = ref__path.removeprefix("heads/")
        found = sorted(self._github.git.branches.items())
        return json_reply(
            [ref_json(self._github, name, sha) for name, sha in found if name.startswith(prefix)]
        )

    def show_commit(self, _request: Request, sha: str) -> Reply:
        """Show a commit of the git database."""
        if not self._github.head:
            return error_reply(409, "Git Repository is empty.")
        commit = self._github.git.commits.get(sha)
        if commit is None:
            return error_reply(404, "Not Found")
        return json_reply(git_commit_json(self._github, commit))

    def create_blob(self, request: Request) -> Reply:
        """Store a file's content."""
        sent = request.json()
        content = str(sent.get("content", ""))
        try:
            raw = (
                base64.b64decode(content, validate=True)
                if sent.get("encoding") == "base64"
                else content.encode()
            )
        except binascii.Error:
            return error_reply(422, "Invalid base64")
        sha = self._github.git.put_blob(raw)
        return json_reply({"sha": sha, "url": self._url(f"/git/blobs/{sha}")}, status=201)

    def create_tree(self, request: Request) -> Reply:
        """Store a tree: `base_tree` with some paths changed, or these paths alone.

        https://docs.github.com/en/rest/git/trees#create-a-tree
        """
        sent, git = request.json(), self._github.git
        base = sent.get("base_tree")
        if base is not None and base not in git.trees and base not in git.commits:
            return error_reply(422, "base_tree is not a valid tree oid")
        items: dict[str, GitItem] = {}
        if base is not None:
            items = dict(git.commits[base].items if base in git.commits else git.trees[base])
        for line in sent.get("tree", []):
            problem = self._put(items, line)
            if problem:
                return error_reply(422, problem)
        if not items:
            return error_reply(422, "Invalid tree info")
        sha = git.put_tree(items)
        shown = GithubReads(self._github).show_tree(Request(method="GET", path=""), sha)
        return replace(shown, status=201)

    def _put(self, items: dict[str, GitItem], line: Json) -> str:
        path, mode = str(line["path"]), line.get("mode")
        if line.get("sha", "") is None:
            if items.pop(path, None) is None:
                return "GitRPC::BadObjectState"
            return ""
        if mode not in _MODES:
            return "Must supply a valid tree.mode"
        sha = line.get("sha") or self._github.git.put_blob(str(line.get("content", "")).encode())
        if sha not in self._github.git.blobs:
            return f"tree.sha {sha} is not a valid blob"
        items[path] = GitItem(mode=str(mode), sha=sha, content=self._github.git.blobs[sha])
        return ""

    def create_commit(self, request: Request) -> Reply:
        """Store a commit that is on no branch yet."""
        sent, git = request.json(), self._github.git
        if sent.get("tree") not in git.trees:
            return error_reply(422, "Tree SHA does not exist")
        parents = tuple(sent.get("parents", []))
        if any(sha not in git.commits for sha in parents):
            return error_reply(422, "Parent SHA does not exist or is not a commit object")
        author = sent.get("author") or {}
        name = author.get("name", "leavers-service")
        address = author.get("email", "leavers-service@users.noreply.github.com")
        at = self._github.clock.now()
        if "date" in author:
            at = datetime.fromisoformat(author["date"]).astimezone(UTC)
        made = git.put_commit(
            sent["tree"],
            parents,
            at=at,
            message=str(sent.get("message", "")),
            author=f"{name} <{address}>",
        )
        return json_reply(git_commit_json(self._github, made), status=201)

    def create_ref(self, request: Request) -> Reply:
        """Make a branch."""
        sent, git = request.json(), self._github.git
        ref, sha = str(sent.get("ref", "")), sent.get("sha")
        if not ref.startswith("refs/heads/") or ref.endswith("/"):
            return error_reply(422, "Reference name must start with 'refs/'")
        branch = ref.removeprefix("refs/heads/")
        self._note_foreign(branch)
        if branch in git.branches:
            return error_reply(422, "Reference already exists")
        # Git keeps branches as files: one can't be the folder of another.
        if any(
            name.startswith(f"{branch}/") or branch.startswith(f"{name}/") for name in git.branches
        ):
            return error_reply(422, "Reference update failed")
        if sha not in git.commits:
            return error_reply(422, "Object does not exist")
        git.branches[branch] = str(sha)
        self._github.pulls.made_at[branch] = self._github.clock.now()
        return json_reply(ref_json(self._github, branch, str(sha)), status=201)

    def update_ref(self, request: Request, branch__path: str) -> Reply:
        """Move a branch; without `force`, only to a commit that contains the present one."""
        sent, git = request.json(), self._github.git
        if refusal := self._refusal_of_protected(branch__path):
            return refusal
        if sent.get("force"):
            self._github.pulls.forbidden_acts.append(f"force {branch__path}")
        if branch__path not in git.branches:
            return error_reply(422, "Reference does not exist")
        if sent.get("sha") not in git.commits:
            return error_reply(422, "Object does not exist")
        old, new = git.branches[branch__path], str(sent["sha"])
        if not sent.get("force") and not git.is_fast_forward(old, new):
            return error_reply(422, "Update is not a fast forward")
        git.branches[branch__path] = new
        self._github.pulls.moved(branch__path)
        return json_reply(ref_json(self._github, branch__path, new))

    def delete_ref(self, _request: Request, branch__path: str) -> Reply:
        """Delete a branch, which closes the pull request from it."""
        if refusal := self._refusal_of_protected(branch__path):
            return refusal
        if branch__path not in self._github.git.branches:
            return error_reply(422, "Reference does not exist")
        self._github.pulls.gone(branch__path)
        del self._github.git.branches[branch__path]
        return Reply(status=204)

    def _refusal_of_protected(self, branch: str) -> Reply | None:
        pulls = self._github.pulls
        self._note_foreign(branch)
        if branch not in pulls.protected:
            return None
        pulls.refused_base_writes += 1
        return error_reply(422, f"Protected branch update failed for refs/heads/{branch}.")

    def _note_foreign(self, branch: str) -> None:
        if not _OWN_BRANCH.fullmatch(branch):
            self._github.pulls.forbidden_acts.append(f"write to {branch}")

    def _url(self, rest: str) -> str:
        return f"{API}/repos/{self._github.repository}{rest}"
