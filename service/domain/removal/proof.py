"""The proof that a cut takes the leaver's entries out and nothing else, before anything is sent.

It does not trust the cut: it reads both states of the lists itself, and compares.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from service.domain.access_lists.entries import Entry, UnreadableList, entries_from_yaml
from service.domain.removal.cut import FileCut
from service.domain.removal.tree import Child, NotComposed, Spot, TreeNode, compose, spots_at
from service.domain.removal.whole_words import Names

_LINES = re.compile(rb"[^\n]*\n|[^\n]+")
_EMPTY = re.compile(rb" *\r?\n?")
_COMMENT = re.compile(rb"( *)#[^\r\n]*\r?\n?")


def is_proved(
    files: Mapping[str, bytes], cuts: Sequence[FileCut], entries: Sequence[Entry]
) -> bool:
    """Say whether the cuts take the entries out of the lists, and nothing else.

    Four points: each result is the original with whole lines of the entries left out; the node
    trees are equal but for the entries' own nodes; the reader finds the same people but for them,
    in the same order, over all files; no list ends empty.

    Args:
        files: path to content of every list.
        cuts: of each file that changes.
        entries: that are removed, as the reader found them in `files`.
    """
    by_file = {entry.file: [one for one in entries if one.file == entry.file] for entry in entries}
    if {cut.file for cut in cuts} != set(by_file) or len(cuts) != len(by_file):
        return False
    if any(files.get(cut.file) != cut.before for cut in cuts):
        return False
    after = {**files, **{cut.file: cut.after for cut in cuts}}
    return all(
        has_only_own_lines_removed(cut, by_file[cut.file])
        and has_only_nodes_removed(cut.before, cut.after, by_file[cut.file])
        for cut in cuts
    ) and has_only_people_removed(files, after, entries)


def has_only_own_lines_removed(cut: FileCut, entries: Sequence[Entry]) -> bool:
    """Say whether whole lines of the entries went, with their comments and blank lines beside."""
    lines = _LINES.findall(cut.before)
    gone = set(cut.removed)
    kept = b"".join(line for number, line in enumerate(lines, 1) if number not in gone)
    own = _own_lines(cut.before, entries)
    if own is None or not set(own) <= gone or gone != set(cut.removed) or kept != cut.after:
        return False
    names = [Names.of(entry) for entry in entries]
    return all(_is_theirs(run, own, lines, names) for run in _runs(gone))


def _is_theirs(
    run: list[int], own: Mapping[int, int], lines: Sequence[bytes], names: Sequence[Names]
) -> bool:
    """Say whether a run of lines is entries, and what of comments and blank lines is theirs.

    Args:
        run: numbers of lines that stood one after another.
        own: the entries' lines, each with how far the entry is indented.
        lines: of the file.
        names: of the entries' people.
    """
    # A comment above is theirs if it names them, one below if it is indented deeper than they are.
    indent: int | None = None
    for number in run:
        line = lines[number - 1]
        if number in own:
            indent = own[number]
        elif comment := _COMMENT.fullmatch(line):
            is_inside = indent is not None and len(comment[1]) > indent
            if not is_inside and not any(each.are_in(line.decode("utf-8")) for each in names):
                return False
        elif not _EMPTY.fullmatch(line):
            return False
    return indent is not None


def _own_lines(content: bytes, entries: Sequence[Entry]) -> dict[int, int] | None:
    """Return the numbers of the entries' lines by their marks, each with the entry's indent."""
    try:
        text = _text(content)
        spots = _spots(compose(text), entries)
    except (NotComposed, UnicodeDecodeError):
        return None
    if spots is None:
        return None
    own: dict[int, int] = {}
    for spot in spots:
        start = spot.child.start
        if spot.child.key is None:
            start = _dash_before(text, start)
        first = text.count("\n", 0, start) + 1
        last = text.count("\n", 0, max(start, spot.child.end - 1)) + 1
        indent = start - (text.rfind("\n", 0, start) + 1)
        own |= dict.fromkeys(range(first, last + 1), indent)
    return own


def _dash_before(text: str, start: int) -> int:
    """Return where the dash of an item stands: before it, or on a line of its own above."""
    before = text[:start].rstrip(" ")
    if before.endswith("-"):
        return len(before) - 1
    at = start
    while at > 0:
        begin = text.rfind("\n", 0, at - 1) + 1
        line = text[begin : at - 1].partition("#")[0]
        if line.strip() == "-":
            return begin + line.index("-")
        at = begin
    return start


def _runs(numbers: set[int]) -> list[list[int]]:
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return runs


def _spots(documents: list[TreeNode], entries: Sequence[Entry]) -> list[Spot] | None:
    """Return the entries' places, or None if there are more places than entries, or fewer."""
    found: list[Spot] = []
    for position in {entry.position for entry in entries}:
        spots = spots_at(documents, position)
        if len(spots) != sum(entry.position == position for entry in entries):
            return None
        found += spots
    return found


def has_only_nodes_removed(before: bytes, after: bytes, entries: Sequence[Entry]) -> bool:
    """Say whether the node trees are equal but for the nodes of the entries; none ends empty."""
    try:
        old, new = compose(_text(before)), compose(_text(after))
    except (NotComposed, UnicodeDecodeError):
        return False
    spots = _spots(old, entries)
    if spots is None:
        return False
    gone = {id(spot.child) for spot in spots}
    if _ends_empty(old, gone):
        return False
    return _shape(old, gone) == _shape(new, set())


def has_only_people_removed(
    before: Mapping[str, bytes], after: Mapping[str, bytes], entries: Sequence[Entry]
) -> bool:
    """Say whether the reader finds the same people but for these, in the same order."""
    try:
        old = {file: entries_from_yaml(before[file], file=file) for file in sorted(before)}
        new = {file: entries_from_yaml(after[file], file=file) for file in sorted(after)}
    except UnreadableList:
        return False
    removed = set(entries)
    if not removed <= {entry for found in old.values() for entry in found}:
        return False
    if any(old[file] and not new[file] for file in old):
        return False
    left = [_said(entry) for file in old for entry in old[file] if entry not in removed]
    return left == [_said(entry) for file in new for entry in new[file]]


def _said(entry: Entry) -> tuple[str | None, ...]:
    """All of an entry but where it stands, which moves when one above it goes."""
    return (entry.id, entry.file, entry.name, entry.email, entry.github, entry.ssh)


def _text(content: bytes) -> str:
    return content.decode("utf-8").removeprefix("\ufeff")


def _ends_empty(documents: Iterable[TreeNode], gone: set[int]) -> bool:
    return any(
        node.children and all(id(child) in gone for child in node.children)
        for document in documents
        for node in _staying(document, gone)
    )


def _staying(node: TreeNode, gone: set[int]) -> Iterable[TreeNode]:
    yield node
    for child in node.children:
        if id(child) not in gone:
            yield from _staying(child.key, gone) if child.key else ()
            yield from _staying(child.value, gone)


def _shape(documents: Iterable[TreeNode], gone: set[int]) -> list[Any]:
    """All that a tree says, without its positions; an alias by which node it refers to."""
    documents = list(documents)
    numbers = {
        id(node): number
        for number, node in enumerate(
            node for document in documents for node in _staying(document, gone)
        )
    }

    def of(node: TreeNode) -> tuple[Any, ...]:
        children = tuple(of_child(child) for child in node.children if id(child) not in gone)
        target = numbers.get(id(node.target), -1) if node.target else None
        said = (node.kind, node.tag, node.value, node.style, node.anchor, node.is_flow)
        return (*said, target, children)

    def of_child(child: Child) -> tuple[Any, ...]:
        return (of(child.key) if child.key else None, of(child.value))

    return [of(document) for document in documents]
