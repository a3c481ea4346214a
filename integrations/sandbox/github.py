"""The sandbox's GitHub: one private repository, and what people do with it."""

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
    """A repository; each method does what its owners could do by hand.

    Attributes:
        token: the first token, which reads the access lists.
        pull_request_token: the second token, which opens pull requests.
        repository: as ``owner/name``.
        renamed_from: an older ``owner/name`` that redirects to this one, or None.
        may_read: whether the tokens may see the repository at all.
        may_read_contents: whether the first token may read its contents.
        truncates_trees: whether every tree is incomplete, and says so.
        rights_header: what `X-Accepted-GitHub-Permissions` says on each reply.
        is_private: whether the repository is private.
        pull_request_rights: what the second token may do, by kind: ``read`` or ``write``.
        git: the repository's objects and branches.
        pulls: the pull requests, and what people do with them.
        url: where the sandbox listens; empty until it is started.
        lock: held while anything is read or changed.
    """

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.lock = threading.RLock()
        self.token = "github_pat_sandbox0000000000000000000000"  # noqa: S105 - made up
        self.pull_request_token = "github_pat_sandboxpulls00000000000000000"  # noqa: S105
        self.repository = "alphagov/govuk-user-reviewer"
        self.url = ""
        self.reset()

    def reset(self) -> None:
        """Go back to an empty repository, and to the settings that it began with."""
        with self.lock:
            self.git = Repository()
            self.default_branch = "main"
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
        """The sha at the tip of the default branch; empty if there is no commit."""
        return self.git.branches.get(self.default_branch, "")

    def put_file(
        self, path: str, text: str | bytes, *, branch: str | None = None, message: str = ""
    ) -> Commit:
        """Push a file, to the default branch unless another is named."""
        content = text if isinstance(text, bytes) else text.encode()
        return self._push({path: file_item(content)}, branch, message or f"Update {path}")

    def put_files(self, files: dict[str, str]) -> Commit:
        """Push several files, text by path, as one commit."""
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
        """Return the text of each file by its path, at the tip of the default branch."""
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
