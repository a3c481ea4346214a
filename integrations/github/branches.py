"""Branches of our own, and the commits that they show; nothing is ever forced."""

import base64
import hashlib
from collections.abc import Mapping
from urllib.parse import quote

from integrations.github.pull_request_errors import NOT_TAKEN, Refusal, RefusedByGithub
from integrations.github.repository_writer import RepositoryWriter
from integrations.github.requester import GithubResponse
from integrations.github.responses import commit_from_github, no_content
from integrations.github.tree import sha
from integrations.http.json_values import listed, text
from service.domain.errors import PermanentError, TransientError
from service.domain.reasons import ReasonCode
from service.domain.removal.pull_request import GitCommit


class Branches:
    """Reads and writes git's objects and branches; the base is never written to.

    Args:
        repository: sends the requests.
    """

    def __init__(self, repository: RepositoryWriter) -> None:
        self._repository = repository

    def beginning_with(self, name: str) -> dict[str, str]:
        """Return the branches whose names begin so, and the commits at their tips.

        https://docs.github.com/en/rest/git/refs#list-matching-references
        """

        def read(response: GithubResponse) -> dict[str, str]:
            found = listed(response.json())
            tips = {text(one["ref"]): sha(one["object"]["sha"]) for one in found}
            return {ref.removeprefix("refs/heads/"): tip for ref, tip in tips.items()}

        return self._repository.ask(
            "look for a branch", f"/git/matching-refs/heads/{quote(name)}", read=read
        )

    def tip(self, branch: str) -> str | None:
        """Return the commit at the tip of a branch, or None if there is no such branch."""
        return self.beginning_with(branch).get(branch)

    def commit(self, commit: str) -> GitCommit:
        """Return a commit by its sha.

        https://docs.github.com/en/rest/git/commits#get-a-commit-object
        """
        return self._repository.ask(
            "look at a commit", f"/git/commits/{sha(commit)}", read=commit_from_github
        )

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
        return self._repository.ask(
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
        made = self._repository.ask(
            "create a commit",
            "/git/commits",
            method="POST",
            body={"message": message, "tree": tree, "parents": list(parents)},
            read=commit_from_github,
        )
        if (made.tree, made.parents) != (tree, parents):
            raise PermanentError("GitHub", NOT_TAKEN, code=ReasonCode.GITHUB_UNREADABLE)
        return made.sha

    def create(self, branch: str, commit: str) -> None:
        """Make a branch, which shows the commit to everybody.

        Raises:
            RefusedByGithub: there is one of that name already (`Refusal.BRANCH_EXISTS`).
        """
        self._repository.ask(
            "create a branch",
            "/git/refs",
            method="POST",
            body={"ref": f"refs/heads/{branch}", "sha": sha(commit)},
            read=lambda response: sha(response.json()["object"]["sha"]),
        )

    def move(self, branch: str, commit: str) -> None:
        """Move a branch forwards; a tip that is not what was thought is never lost.

        Raises:
            RefusedByGithub: somebody else moved it (`Refusal.NOT_A_FAST_FORWARD`), or it is gone.
        """
        self._refuse_base(branch)
        self._repository.ask(
            "move a branch",
            f"/git/refs/heads/{quote(branch)}",
            method="PATCH",
            body={"sha": sha(commit), "force": False},
            read=lambda response: sha(response.json()["object"]["sha"]),
        )

    def delete(self, branch: str) -> None:
        """Delete a branch of our own; one that is gone already is as good."""
        self._refuse_base(branch)
        try:
            self._repository.ask(
                "delete a branch",
                f"/git/refs/heads/{quote(branch)}",
                method="DELETE",
                read=no_content,
                is_json=False,
            )
        except RefusedByGithub as refused:
            if refused.refusal not in {Refusal.NO_SUCH_BRANCH, Refusal.NOT_FOUND}:
                raise

    def _create_blob(self, content: bytes) -> str:
        """Keep a file's content; git's own id says whether it came whole."""
        header = f"blob {len(content)}\0".encode()
        wanted = hashlib.sha1(header + content, usedforsecurity=False).hexdigest()
        made = self._repository.ask(
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

    def _refuse_base(self, branch: str) -> None:
        """The last line of defence: no caller may name the base."""
        if branch == self._repository.base():
            raise PermanentError(
                "GitHub",
                "The base branch is never written to.",
                code=ReasonCode.INTERNAL_ERROR,
            )
