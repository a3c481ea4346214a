"""Merges two commits as git does: whether they are in conflict, and which files come of it."""

from collections.abc import Mapping
from difflib import SequenceMatcher

from integrations.sandbox.github_repository import GitItem, Repository, file_item


def merged_items(git: Repository, base: str, head: str) -> dict[str, GitItem] | None:
    """Return the files of a merge of two commits, by path; None if they are in conflict."""
    common = git.merge_base(base, head)
    before: Mapping[str, GitItem] = git.commits[common].items if common else {}
    ours, theirs = git.commits[base].items, git.commits[head].items
    merged: dict[str, GitItem] = {}
    for path in sorted({*before, *ours, *theirs}):
        old, one, other = before.get(path), ours.get(path), theirs.get(path)
        if other in (one, old):
            item = one
        elif one == old:
            item = other
        else:
            item = _merged_item(old, one, other)
            if item is None:
                return None
        if item is not None:
            merged[path] = item
    return merged


def _merged_item(old: GitItem | None, one: GitItem | None, other: GitItem | None) -> GitItem | None:
    if old is None or one is None or other is None:
        return None
    lines = _merged_lines(*(item.content.splitlines(keepends=True) for item in (old, one, other)))
    return None if lines is None else file_item(b"".join(lines), one.mode)


def _merged_lines(old: list[bytes], one: list[bytes], other: list[bytes]) -> list[bytes] | None:
    """Return the lines with both changes; None if the changes touch, a conflict to git."""
    changes = sorted({*_changes(old, one), *_changes(old, other)})
    merged: list[bytes] = []
    at = 0
    for number, (start, end, lines) in enumerate(changes):
        if number and start <= changes[number - 1][1]:
            return None
        merged += [*old[at:start], *lines]
        at = end
    return [*merged, *old[at:]]


def _changes(old: list[bytes], new: list[bytes]) -> list[tuple[int, int, tuple[bytes, ...]]]:
    matcher = SequenceMatcher(a=old, b=new, autojunk=False)
    return [
        (i1, i2, tuple(new[j1:j2]))
        for tag, i1, i2, j1, j2 in matcher.get_opcodes()
        if tag != "equal"
    ]
