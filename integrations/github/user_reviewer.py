"""The door to GitHub: the access lists of the user reviewer's repository, at one commit."""

import posixpath
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import takewhile
from typing import TypeVar, cast
from urllib.parse import quote

from integrations.github.commits import PAGE, PastCommit, commits_in, own_past
from integrations.github.errors import NoSuchBranch, explain
from integrations.github.list_files import find_lists
from integrations.github.requester import ORIGIN, GithubRequester, GithubResponse
from integrations.github.tree import blob_text, items_in_tree, sha
from integrations.http.session import CallPolicy, Vendor, VendorSession, quieten_libraries
from integrations.http.single_flight import SingleFlight
from integrations.http.ttl_cache import TtlCache

__all__ = ["ListFile", "Lists", "UserReviewer"]

T = TypeVar("T")

_SYSTEM = "GitHub"
_KEEP_DEFAULT_BRANCH = 600.0
MOST_PAGES = 10
"""Of the history, each of 100 commits; what is older counts as long ago."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListFile:
    """One file as it is in the repository.

    Attributes:
        path: where it lies, or where the link to it lies.
        text: what it holds.
        mode: git's; ``120000`` for a link that was followed.
    """

    path: str
    text: bytes
    mode: str = "100644"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lists:
    """Every YAML file below the directory, at one commit, in the order of their paths.

    Attributes:
        commit: which one.
        files: see above.
        branch: whose head the commit was when they were read; empty for a commit of the past.
    """

    commit: str
    files: tuple[ListFile, ...]
    branch: str = ""


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
        policy: CallPolicy,
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
        vendor = Vendor(system=_SYSTEM, origin=ORIGIN, url=url, explain=explain)
        self._requester = GithubRequester(VendorSession(vendor, policy), token, lease=None)
        self._repository = f"/repos/{quote(repository)}"
        self._branch = branch
        self._directory = posixpath.normpath(f"/{directory}").strip("/")
        self._reading = SingleFlight[Lists]()
        self._default_branch = TtlCache[str](_KEEP_DEFAULT_BRANCH)
        self._etag = ""
        self._blobs: dict[str, bytes] = {}
        self._used: set[str] = set()
        self._lock = threading.Lock()
        self._lists: Lists | None = None

    def read(self) -> Lists:
        """Return the lists as they are now; the same object again while the branch has not moved.

        Raises:
            PermanentError: repository, branch, directory or right is missing, or there is no
                list at all.
        """
        return self._reading.run(self._read)

    def past(self, commit: str, *, since: datetime, until: str | None = None) -> list[PastCommit]:
        """Return a commit and those from which the branch came to it, newest first.

        Args:
            commit: the first of them.
            since: older ones are left out, and so are those beyond `MOST_PAGES` pages.
            until: the listing may end with this commit, which is left out.
        """
        found: list[PastCommit] = []
        for page in range(1, MOST_PAGES + 1):
            commits = self._ask(
                "read the lists' history",
                f"/commits?sha={commit}&since={since:%Y-%m-%dT%H:%M:%SZ}"
                f"&per_page={PAGE}&page={page}",
                read=lambda response: commits_in(response.json()),
            )
            found += commits
            if len(commits) < PAGE or any(one.sha == until for one in commits):
                break
        return list(takewhile(lambda one: one.sha != until, own_past(found, commit)))

    def read_at(self, commit: str) -> Lists:
        """Return the lists as they were at a commit; what was fetched before is used again.

        Raises:
            PermanentError: they could not be read at that commit either.
        """
        return self._lists_at(sha(commit))

    def _read(self) -> Lists:
        head, lists = self._head(), self._lists
        if lists is None or head.commit not in {None, lists.commit}:
            lists = self._lists_at(sha(head.commit))
        if lists.branch != head.branch:
            lists = replace(lists, branch=head.branch)
        self._lists, self._etag = lists, head.etag
        return lists

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
        """Return the branch's commit, asked conditionally: "not modified" costs nothing at GitHub.

        https://docs.github.com/en/rest/commits/commits#get-a-commit
        """
        headers = {"Accept": "application/vnd.github.sha"}
        if self._lists is not None:
            headers["If-None-Match"] = self._etag or f'"{self._lists.commit}"'
        return self._ask(
            "look at the branch",
            f"/commits/{quote(branch)}",
            read=lambda response: _head_from_github(response, branch),
            headers=headers,
            is_json=False,
        )

    def _look_up_default_branch(self) -> str:
        return self._ask(
            "look up the default branch",
            "",
            read=lambda response: cast(str, response.json()["default_branch"]) + "",
        )

    def _lists_at(self, commit: str) -> Lists:
        items = self._ask(
            "look for the lists",
            f"/git/trees/{commit}?recursive=1",
            read=lambda response: items_in_tree(response.json()),
        )
        used: set[str] = set()

        def blob(name: str) -> bytes:
            used.add(name)
            return self._blob(name)

        found = find_lists(items, self._directory, read_link=blob)
        files = tuple(
            ListFile(path=path, text=blob(item.sha), mode=item.mode) for path, item in found.items()
        )
        with self._lock:
            # Those of the commit before are kept as well, for who reads the past beside the head.
            kept = used | self._used
            self._used = used
            self._blobs = {name: self._blobs[name] for name in kept if name in self._blobs}
        return Lists(commit=commit, files=files)

    def _blob(self, name: str) -> bytes:
        known = self._blobs.get(name)
        if known is None:
            known = self._blobs[name] = self._ask(
                "read a list",
                f"/git/blobs/{name}",
                read=lambda response: blob_text(response.json()),
            )
        return known

    def _ask(
        self,
        operation: str,
        path: str,
        *,
        read: Callable[[GithubResponse], T],
        headers: Mapping[str, str] | None = None,
        is_json: bool = True,
    ) -> T:
        return self._requester.ask(
            operation,
            f"{self._repository}{path}",
            read=read,
            headers=headers,
            is_json=is_json,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Head:
    """A branch's head; `commit` is None if it has not moved."""

    branch: str
    commit: str | None
    etag: str


def _head_from_github(response: GithubResponse, branch: str) -> _Head:
    commit = None if response.status == 304 else sha(_commit_in(response))
    return _Head(branch=branch, commit=commit, etag=response.headers.get("etag", ""))


def _commit_in(response: GithubResponse) -> str:
    """Return the bare id that was asked for, or that of a whole commit if GitHub sent one."""
    text = response.text.strip()
    return cast(str, response.json()["sha"]) if text.startswith("{") else text
