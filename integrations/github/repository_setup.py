"""What the repository of the access lists is like: may removal pull requests be opened there?"""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from integrations.github.pull_request_errors import Refusal, RefusedByGithub
from integrations.github.repository_writer import RepositoryWriter
from integrations.github.requester import GithubResponse
from integrations.github.responses import no_content
from integrations.http.json_values import text, truth


class RepositorySetup:
    """Reads how a repository is set up, with the token that may write to it.

    Args:
        repository: sends the requests.
    """

    def __init__(self, repository: RepositoryWriter) -> None:
        self._repository = repository

    def base(self) -> str:
        """Return the branch that a pull request is to be merged into."""
        return self._repository.base()

    def is_private(self) -> bool:
        """Return whether the repository is hidden from the public."""
        return self._repository.ask(
            "look at the repository", "", read=lambda response: truth(response.json()["private"])
        )

    def is_protected(self, branch: str) -> bool:
        """Return whether a branch is protected.

        https://docs.github.com/en/rest/branches/branches#get-a-branch
        """
        return self._repository.ask(
            "look at the base branch",
            f"/branches/{quote(branch)}",
            read=lambda response: truth(response.json()["protected"]),
        )

    def is_collaborator(self, user: str) -> bool:
        """Return whether somebody may be asked for a review."""
        return self._is_there(
            "look for a reviewer", f"/collaborators/{quote(user)}", read=_is_empty, is_json=False
        )

    def has_label(self, label: str) -> bool:
        """Return whether the repository has a label."""
        path = f"/labels/{quote(label, safe='')}"
        return self._is_there(
            "look for a label", path, read=lambda response: bool(text(response.json()["name"]))
        )

    def _is_there(
        self, operation: str, path: str, *, read: Callable[[GithubResponse], bool], **options: Any
    ) -> bool:
        """Ask whether something is so; what GitHub does not know is not."""
        try:
            return self._repository.ask(operation, path, read=read, **options)
        except RefusedByGithub as refused:
            if refused.refusal is not Refusal.NOT_FOUND:
                raise
            return False


def _is_empty(response: GithubResponse) -> bool:
    no_content(response)
    return True
