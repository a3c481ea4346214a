"""A small git repository in memory: blobs, trees and commits, each under the sha git gives it."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

FILE, EXECUTABLE, SYMLINK, SUBMODULE, TREE = "100644", "100755", "120000", "160000", "040000"
OWNER = "Olu Owner <olu.owner@example.gov.uk>"


@dataclass(frozen=True, slots=True, kw_only=True)
class GitItem:
    """What lies at one path: a file, a symbolic link's target, or a submodule's commit."""

    mode: str
    sha: str
    content: bytes = b""

    @property
    def kind(self) -> str:
        """What a tree calls it: ``commit`` or ``blob``."""
        return "commit" if self.mode == SUBMODULE else "blob"


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """One commit.

    Attributes:
        tree: the sha of its root.
        items: all files of it, by path.
        author: as ``Name <address>``.
    """

    sha: str
    tree: str
    message: str
    at: datetime
    parents: tuple[str, ...]
    items: Mapping[str, GitItem] = field(repr=False)
    author: str = OWNER


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeEntry:
    """One line of a tree; `path` begins at the tree that was asked for, `size` is in bytes."""

    path: str
    mode: str
    kind: str
    sha: str
    size: int | None = None


@dataclass(slots=True, kw_only=True)
class Repository:
    """All objects that were ever made, and the branches.

    Attributes:
        branches: the sha of each branch's tip, by its name.
        commits: by sha.
        blobs: the contents of files, by sha.
        trees: all files below a tree by their paths, by the tree's sha.
    """

    branches: dict[str, str] = field(default_factory=dict)
    commits: dict[str, Commit] = field(default_factory=dict)
    blobs: dict[str, bytes] = field(default_factory=dict)
    trees: dict[str, Mapping[str, GitItem]] = field(default_factory=dict)

    def commit(
        self, branch: str, changes: Mapping[str, GitItem | None], *, at: datetime, message: str
    ) -> Commit:
        """Add a commit to a branch: an item by path, None to delete that path."""
        parent = self.branches.get(branch)
        items = dict(self.commits[parent].items) if parent else {}
        for path, item in changes.items():
            if item is None:
                del items[path]
            else:
                items[path] = item
                self.blobs[item.sha] = item.content
        tree = self.put_tree(items)
        made = self.put_commit(tree, (parent,) if parent else (), at=at, message=message)
        self.branches[branch] = made.sha
        return made

    def put_blob(self, content: bytes) -> str:
        """Store a file's content, and return its sha."""
        sha = blob_hash(content)
        self.blobs[sha] = content
        return sha

    def put_tree(self, items: Mapping[str, GitItem]) -> str:
        """Store a tree with all its levels, and return the sha of its root."""
        for folder in {"", *_folders(items)}:
            self.trees[_tree_hash(items, folder)] = _below(items, folder)
        return _tree_hash(items, "")

    def put_commit(
        self,
        tree: str,
        parents: tuple[str, ...],
        *,
        at: datetime,
        message: str,
        author: str = OWNER,
    ) -> Commit:
        """Store a commit that is on no branch yet; KeyError if there is no such tree."""
        items = self.trees[tree]
        when = f"{int(at.timestamp())} +0000"
        lines = [
            f"tree {tree}",
            *(f"parent {sha}" for sha in parents),
            f"author {author} {when}",
            f"committer {author} {when}",
            "",
            message,
        ]
        made = Commit(
            sha=_hash("commit", "\n".join(lines).encode()),
            tree=tree,
            message=message,
            at=at,
            parents=parents,
            items=items,
            author=author,
        )
        self.commits[made.sha] = made
        return made

    def ancestors(self, sha: str) -> Iterator[str]:
        """Yield a commit and its ancestors, nearest first."""
        queue, seen = [sha], set()
        while queue:
            one = queue.pop(0)
            if one not in seen:
                seen.add(one)
                yield one
                queue += self.commits[one].parents

    def is_fast_forward(self, old: str, new: str) -> bool:
        """Return whether a branch loses no commit if it moves from one to the other."""
        return old in self.ancestors(new)

    def merge_base(self, one: str, other: str) -> str | None:
        """Return the nearest common ancestor of two commits, or None."""
        known = set(self.ancestors(one))
        return next((sha for sha in self.ancestors(other) if sha in known), None)

    def resolve(self, ref: str) -> Commit | None:
        """Return a commit by a branch, a sha or the first seven or more digits of one."""
        name = ref.removeprefix("refs/").removeprefix("heads/")
        if name in self.branches:
            return self.commits[self.branches[name]]
        if len(ref) >= 7:
            return next((one for sha, one in self.commits.items() if sha.startswith(ref)), None)
        return None

    def tree(self, ref: str, *, recursive: bool) -> tuple[str, list[TreeEntry]] | None:
        """Return the sha and the lines of a tree; None if there is none.

        Args:
            ref: its own sha, a commit's, or a branch.
            recursive: whether the lines of all levels are wanted.
        """
        commit = self.resolve(ref)
        sha = commit.tree if commit else ref
        if sha not in self.trees:
            return None
        return sha, _entries(self.trees[sha], "", recursive=recursive)


def file_item(content: bytes, mode: str = FILE) -> GitItem:
    """Return an item for a file, or for a symbolic link, whose content is its target."""
    return GitItem(mode=mode, sha=blob_hash(content), content=content)


def blob_hash(content: bytes) -> str:
    """Return the sha that git gives a file's content."""
    return _hash("blob", content)


def folder_items(items: Mapping[str, GitItem], folder: str) -> list[TreeEntry]:
    """Return the files and the folders of a folder."""
    return _entries(items, folder, recursive=False)


def _hash(kind: str, content: bytes) -> str:
    header = f"{kind} {len(content)}\0".encode()
    return hashlib.sha1(header + content, usedforsecurity=False).hexdigest()


def _folders(items: Mapping[str, GitItem]) -> set[str]:
    found = set()
    for path in items:
        parts = path.split("/")[:-1]
        found |= {"/".join(parts[: end + 1]) for end in range(len(parts))}
    return found


def _below(items: Mapping[str, GitItem], folder: str) -> dict[str, GitItem]:
    prefix = f"{folder}/" if folder else ""
    return {
        path.removeprefix(prefix): item for path, item in items.items() if path.startswith(prefix)
    }


def _entries(items: Mapping[str, GitItem], folder: str, *, recursive: bool) -> list[TreeEntry]:
    below = _below(items, folder)
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


def _tree_hash(items: Mapping[str, GitItem], folder: str) -> str:
    """Return the sha that git gives a tree.

    https://git-scm.com/book/en/v2/Git-Internals-Git-Objects
    """
    entries = _entries(items, folder, recursive=False)
    # Git sorts a folder as if its name ended in a slash, and writes a mode without its leading 0.
    entries.sort(key=lambda entry: entry.path + ("/" if entry.kind == "tree" else ""))
    lines = (
        f"{entry.mode.lstrip('0')} {entry.path}\0".encode() + bytes.fromhex(entry.sha)
        for entry in entries
    )
    return _hash("tree", b"".join(lines))
