"""A small git repository in memory: blobs, trees and commits, with git's own hashes for blobs."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

FILE, EXECUTABLE, SYMLINK, SUBMODULE, TREE = "100644", "100755", "120000", "160000", "040000"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What lies at one path: a file, a symbolic link's target, or a submodule's commit."""

    mode: str
    sha: str
    content: bytes = b""

    @property
    def kind(self) -> str:
        """As trees name it."""
        return "commit" if self.mode == SUBMODULE else "blob"


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """One state of all files."""

    sha: str
    tree: str
    message: str
    at: datetime
    parent: str | None
    items: Mapping[str, Item]


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeEntry:
    """One line of a tree; `path` is below the tree that was asked for."""

    path: str
    mode: str
    kind: str
    sha: str
    size: int | None = None


@dataclass(slots=True, kw_only=True)
class Repository:
    """All commits ever made, and where the branches stand."""

    branches: dict[str, str] = field(default_factory=dict)
    commits: dict[str, Commit] = field(default_factory=dict)
    blobs: dict[str, bytes] = field(default_factory=dict)
    trees: dict[str, tuple[str, str]] = field(default_factory=dict)

    def commit(
        self, branch: str, changes: Mapping[str, Item | None], *, at: datetime, message: str
    ) -> Commit:
        """A new commit on a branch; None deletes a path."""
        parent = self.branches.get(branch)
        items = dict(self.commits[parent].items) if parent else {}
        for path, item in changes.items():
            if item is None:
                del items[path]
            else:
                items[path] = item
                self.blobs[item.sha] = item.content
        tree = _tree_hash(items, "")
        sha = _hash("commit", f"{tree} {parent} {at.isoformat()} {message}".encode())
        made = Commit(sha=sha, tree=tree, message=message, at=at, parent=parent, items=items)
        self.commits[sha] = made
        self.branches[branch] = sha
        for folder in {"", *_folders(items)}:
            self.trees[_tree_hash(items, folder)] = (sha, folder)
        return made

    def resolve(self, ref: str) -> Commit | None:
        """A commit by branch, by sha or by the beginning of one."""
        name = ref.removeprefix("refs/").removeprefix("heads/")
        if name in self.branches:
            return self.commits[self.branches[name]]
        if len(ref) >= 7:
            return next((one for sha, one in self.commits.items() if sha.startswith(ref)), None)
        return None

    def tree(self, ref: str, *, recursive: bool) -> tuple[str, list[TreeEntry]] | None:
        """A tree by its sha, a commit's or a branch; gives its sha and its lines."""
        commit = self.resolve(ref)
        if commit:
            return commit.tree, _entries(commit.items, "", recursive=recursive)
        if ref in self.trees:
            sha, folder = self.trees[ref]
            return ref, _entries(self.commits[sha].items, folder, recursive=recursive)
        return None


def file_item(content: bytes, mode: str = FILE) -> Item:
    """A file, or a symbolic link with its target as content."""
    return Item(mode=mode, sha=blob_hash(content), content=content)


def blob_hash(content: bytes) -> str:
    """The sha that git gives a file's content."""
    return _hash("blob", content)


def folder_items(items: Mapping[str, Item], folder: str) -> list[TreeEntry]:
    """What lies in a folder, folders included."""
    return _entries(items, folder, recursive=False)


def _hash(kind: str, content: bytes) -> str:
    header = f"{kind} {len(content)}\0".encode()
    return hashlib.sha1(header + content, usedforsecurity=False).hexdigest()


def _folders(items: Mapping[str, Item]) -> set[str]:
    found = set()
    for path in items:
        parts = path.split("/")[:-1]
        found |= {"/".join(parts[: end + 1]) for end in range(len(parts))}
    return found


def _entries(items: Mapping[str, Item], folder: str, *, recursive: bool) -> list[TreeEntry]:
    prefix = f"{folder}/" if folder else ""
    below = {
        path.removeprefix(prefix): item for path, item in items.items() if path.startswith(prefix)
    }
    found = [
        TreeEntry(
            path=path,
            mode=item.mode,
            kind=item.kind,
            sha=item.sha,
            size=None if item.mode == SUBMODULE else len(item.content),
        )
        for path, item in below.items()
        if recursive or "/" not in path
    ]
    found += [
        TreeEntry(path=name, mode=TREE, kind="tree", sha=_tree_hash(below, name))
        for name in _folders(below)
        if recursive or "/" not in name
    ]
    return sorted(found, key=lambda entry: entry.path)


def _tree_hash(items: Mapping[str, Item], folder: str) -> str:
    prefix = f"{folder}/" if folder else ""
    lines = sorted(
        f"{item.mode} {path.removeprefix(prefix)} {item.sha}"
        for path, item in items.items()
        if path.startswith(prefix)
    )
    return _hash("tree", "\n".join(lines).encode())
