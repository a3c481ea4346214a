"""The door to GitHub: the access lists of the user reviewer's repository, at one commit."""

import json
import posixpath
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar, cast
from urllib.parse import quote

from github import Auth, Github

from integrations.github.connection import Connection
from integrations.github.errors import NoSuchBranch, explain
from integrations.github.tree import blob_text, lists_in_tree, sha
from integrations.http.answers import ODD_SHAPE, unreadable
from integrations.http.kept import TtlCache
from integrations.http.one_at_a_time import SingleFlight
from integrations.http.session import Policy, Vendor, VendorSession, quieten_libraries

__all__ = ["ListFile", "Lists", "UserReviewer"]

T = TypeVar("T")

_SYSTEM = "GitHub"
_ORIGIN = "https://api.github.com"
_API_VERSION = "2022-11-28"
_KEEP_DEFAULT_BRANCH = 600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ListFile:
    """One file as it is in the repository."""

    path: str
    text: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Lists:
    """Every YAML file below the directory, at one commit, in the order of their paths."""

    commit: str
    files: tuple[ListFile, ...]


class UserReviewer:
    """One branch of one repository; safe to use from many threads."""

    def __init__(
        self,
        *,
        token: str,
        url: str,
        repository: str,
        branch: str | None,
        directory: str,
        policy: Policy,
    ) -> None:
        """Build it; nothing is asked yet.

        Args:
            token: may read the repository's contents.
            url: where requests are really sent.
            repository: ``owner/name``.
            branch: None for the repository's default branch.
            directory: path in the repository; its subfolders count too.
            policy: how every call is made.
        """
        quieten_libraries()
        vendor = Vendor(system=_SYSTEM, origin=_ORIGIN, url=url, explain=explain)
        self._session = VendorSession(vendor, policy)
        self._token = token
        self._repository = f"/repos/{quote(repository)}"
        self._branch = branch
        self._directory = posixpath.normpath(f"/{directory}").strip("/")
        self._of_thread = threading.local()
        self._reading = SingleFlight[Lists]()
        self._default_branch = TtlCache[str](_KEEP_DEFAULT_BRANCH)
        self._etag = ""
        self._blobs: dict[str, bytes] = {}
        self._lists: Lists | None = None

    def read(self) -> Lists:
        """The lists as they are now; the same object again while the branch has not moved.

        Raises:
            PermanentError: repository, branch, directory or right is missing, or there is no
                list at all.
        """
        return self._reading.run(self._read)

    def _read(self) -> Lists:
        head = self._head()
        if self._lists is None or head.commit not in {None, self._lists.commit}:
            self._lists = self._lists_at(sha(head.commit))
        self._etag = head.etag
        return self._lists

    def _head(self) -> "_Head":
        if self._branch:
            return self._head_of(self._branch)
        try:
            return self._head_of(self._default_branch.get(self._look_up_default_branch))
        except NoSuchBranch:
            # The default branch may have been renamed since it was looked up.
            self._default_branch.forget()
        return self._head_of(self._default_branch.get(self._look_up_default_branch))

    def _head_of(self, branch: str) -> "_Head":
        """The branch's commit, asked conditionally: "not modified" costs nothing at GitHub.

        https://docs.github.com/en/rest/commits/commits#get-a-commit
        """
        headers = {"Accept": "application/vnd.github.sha"}
        if self._lists is not None:
            headers["If-None-Match"] = self._etag or f'"{self._lists.commit}"'
        return self._ask(
            "look at the branch",
            f"/commits/{quote(branch)}",
            read=_head_from_github,
            headers=headers,
            is_json=False,
        )

    def _look_up_default_branch(self) -> str:
        return self._ask(
            "look up the default branch",
            "",
            read=lambda answer: cast(str, answer.json()["default_branch"]) + "",
        )

    def _lists_at(self, commit: str) -> Lists:
        blobs = self._tree(commit)
        for blob in set(blobs.values()) - set(self._blobs):
            self._blobs[blob] = self._ask(
                "read a list", f"/git/blobs/{blob}", read=lambda answer: blob_text(answer.json())
            )
        self._blobs = {blob: self._blobs[blob] for blob in blobs.values()}
        files = (ListFile(path=path, text=self._blobs[blobs[path]]) for path in sorted(blobs))
        return Lists(commit=commit, files=tuple(files))

    def _tree(self, commit: str) -> dict[str, str]:
        return self._ask(
            "look for the lists",
            f"/git/trees/{commit}?recursive=1",
            read=lambda answer: lists_in_tree(answer.json(), self._directory),
        )

    def _ask(
        self,
        operation: str,
        path: str,
        *,
        read: Callable[["_Answer"], T],
        headers: Mapping[str, str] | None = None,
        is_json: bool = True,
    ) -> T:
        """Call PyGithub and read the answer; an odd one becomes one typed error."""
        with self._session.calling(operation, is_json=is_json) as call:
            try:
                status, replied, text = self._github().requester.requestJson(
                    "GET",
                    f"{self._repository}{path}",
                    headers=dict(headers or {}),
                    cnx=cast(Any, Connection(self._session, _ORIGIN)),
                )
                return read(_Answer(status=status, headers=replied, text=text))
            except ODD_SHAPE:
                pass  # Raised below, so that no error that holds the answer hangs on ours.
            raise unreadable(call)

    def _github(self) -> Github:
        """This thread's own PyGithub: a shared one is not safe."""
        if not hasattr(self._of_thread, "github"):
            self._of_thread.github = Github(
                auth=Auth.Token(self._token),
                base_url=_ORIGIN,
                api_version=_API_VERSION,
                retry=None,
                seconds_between_requests=None,
                seconds_between_writes=None,
                lazy=True,
            )
        return cast(Github, self._of_thread.github)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    status: int
    headers: Mapping[str, str]
    text: str

    def json(self) -> Any:
        return json.loads(self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Head:
    """A branch's head; `commit` is None where it has not moved."""

    commit: str | None
    etag: str


def _head_from_github(answer: _Answer) -> _Head:
    commit = None if answer.status == 304 else sha(_commit_in(answer))
    return _Head(commit=commit, etag=answer.headers.get("etag", ""))


def _commit_in(answer: _Answer) -> str:
    """The bare id that was asked for, or the commit that holds it where that was not heeded."""
    text = answer.text.strip()
    return cast(str, answer.json()["sha"]) if text.startswith("{") else text
