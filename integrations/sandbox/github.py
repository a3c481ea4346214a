"""The sandbox's GitHub: one private repository, as people push to it."""

import threading

from integrations.sandbox.clock import Clock
from integrations.sandbox.github_pulls import Pulls
from integrations.sandbox.github_repository import (
    SUBMODULE,
    SYMLINK,
    Commit,
    GitItem,
    Repository,
    file_item,
)


class SandboxGithub:
    """A repository; everything here is what its owners could do.

    Attributes:
        repository: owner and name.
        renamed_from: an older owner/name that answers with a redirect, or None.
        may_read: whether the token may see the repository at all.
        may_read_contents: whether the token has the right to its contents.
        truncates_trees: whether every tree says that it is not whole.
        is_private: whether the repository is.
        pull_request_token: the second token, by whose rights pull requests are opened.
        pull_request_rights: what that token may do, by kind: ``read`` or ``write``.
        pulls: the pull requests, and what people do with them.
        lock: held while anything is read or changed.
    """

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.lock = threading.RLock()
        self.token = "github_pat_sandbox0000000000000000000000"  # noqa: S105 - made up
        self.pull_request_token = "github_pat_sandboxpulls00000000000000000"  # noqa: S105
        self.repository = "alphagov/govuk-user-reviewer"
        self.default_branch = "main"
        self.url = ""
        self.reset()

    def reset(self) -> None:
        """An empty repository, and the settings of the beginning."""
        with self.lock:
            self.git = Repository()
            self.renamed_from: str | None = None
            self.may_read = True
            self.may_read_contents = True
            self.truncates_trees = False
            self.rights_header = "contents=read"
            self.is_private = True
            self.pull_request_rights = {"contents": "write", "pull_requests": "write"}
            self.pulls = Pulls(self.git, self.clock, self.default_branch)

    @property
    def head(self) -> str:
        """The sha at the tip of the default branch; empty in an empty repository."""
        return self.git.branches.get(self.default_branch, "")

    def put_file(
        self, path: str, text: str | bytes, *, branch: str | None = None, message: str = ""
    ) -> Commit:
        """Push a file."""
        content = text if isinstance(text, bytes) else text.encode()
        return self._push({path: file_item(content)}, branch, message or f"Update {path}")

    def put_files(self, files: dict[str, str]) -> Commit:
        """Push several files as one commit."""
        items: dict[str, GitItem | None] = {
            path: file_item(text.encode()) for path, text in files.items()
        }
        return self._push(items, None, "Update the lists")

    def put_symlink(self, path: str, target: str) -> Commit:
        """Push a symbolic link."""
        return self._push({path: file_item(target.encode(), SYMLINK)}, None, f"Link {path}")

    def put_submodule(self, path: str, sha: str = "a" * 40) -> Commit:
        """Push a submodule."""
        return self._push({path: GitItem(mode=SUBMODULE, sha=sha)}, None, f"Add {path}")

    def delete_file(self, path: str, *, branch: str | None = None) -> Commit:
        """Push the removal of a file; KeyError if there is none."""
        return self._push({path: None}, branch, f"Remove {path}")

    def files(self) -> dict[str, str]:
        """Path to text, at the tip of the default branch."""
        with self.lock:
            if not self.head:
                return {}
            items = self.git.commits[self.head].items
            return {path: item.content.decode() for path, item in items.items()}

    def _push(self, changes: dict[str, GitItem | None], branch: str | None, message: str) -> Commit:
        with self.lock:
            return self.git.commit(
                branch or self.default_branch, changes, at=self.clock.now(), message=message
            )
