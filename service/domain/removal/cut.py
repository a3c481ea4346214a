"""Entries cut out of an access list: whole lines go, and nothing else is touched.

No YAML library writes the file: one that was tried lost the next person's comment and changed up to
686 lines of a list of 425 people. The positions come from PyYAML's marks, the lines from the bytes.
"""

import codecs
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from service.domain.access_lists.entries import Entry
from service.domain.removal.refusals import RefusalCode, RemovalRefused
from service.domain.removal.tree import (
    MERGE,
    NotComposed,
    Spot,
    TreeNode,
    compose,
    nodes_of,
    spots_at,
)
from service.domain.removal.whole_words import Names

_BOM = "\ufeff"
# YAML 1.1 ends a line at each of these, git only at a line feed: what follows one on the same line
# of the file may be anything, so that it is neither blank nor a comment.
_NO_BREAK = "[^\r\n\x85\u2028\u2029]"
_BLANK = re.compile(r" *\r?\n?")
_COMMENT = re.compile(rf"( *)#{_NO_BREAK}*\r?\n?")
_REST = re.compile(rf" *(?:#{_NO_BREAK}*)?\r?\n?")
_DASH = re.compile(r"( *)- *")
_DASH_ALONE = re.compile(rf"( *)- *(?:#{_NO_BREAK}*)?\r?\n?")
_TAB_INDENT = re.compile(r"^[ \-]*\t", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileCut:
    """One file with the entries taken out.

    Attributes:
        file: path in the repository.
        before: as it is.
        after: as it would be.
        removed: numbers of the lines that go, counted from 1.
        comments_left: numbers of the comment lines directly above the entries that stay.
    """

    file: str
    before: bytes
    after: bytes
    removed: tuple[int, ...]
    comments_left: tuple[int, ...]


class _RefusedCut(Exception):
    def __init__(self, code: RefusalCode, at: int = 0) -> None:
        super().__init__(code)
        self.code = code
        self.at = at


def cut(content: bytes, entries: Sequence[Entry], *, file: str) -> FileCut | RemovalRefused:
    """Cut entries out of one list.

    Args:
        content: the file as it is.
        entries: all of them in this file, as the reader of lists found them in `content`.
        file: path in the repository.
    """
    try:
        text = _text_of(content)
        documents = compose(text)
    except NotComposed:
        code = RefusalCode.TABS if b"\t" in content else RefusalCode.REPAIRED
        return RemovalRefused(code, file)
    except _RefusedCut as refused:
        return RemovalRefused(refused.code, file)
    lines = _Lines(text, documents)
    try:
        spots = _spots_of(documents, entries)
        _check_what_stays(documents, spots)
        spans = [(lines.span_of(spot), entry) for spot, entry in spots]
    except _RefusedCut as refused:
        return RemovalRefused(refused.code, file, lines.number_at(refused.at) + 1)
    return _without(content, lines, spans, file=file)


def _spots_of(documents: list[TreeNode], entries: Sequence[Entry]) -> list[tuple[Spot, Entry]]:
    """Find where each entry stands; raises if that is not certain, or nothing to cut."""
    found: dict[int, tuple[Spot, Entry]] = {}
    for position in dict.fromkeys(entry.position for entry in entries):
        here = [entry for entry in entries if entry.position == position]
        spots = spots_at(documents, position)
        if not spots:
            raise _RefusedCut(_why_nowhere(documents, position))
        if len(spots) != len(here):
            # A key that stands twice, and not both are this person's; or a key with a slash in it.
            raise _RefusedCut(RefusalCode.UNCLEAR_PLACE, spots[0].child.start)
        for spot, entry in zip(spots, here, strict=True):
            _check_shape(spot)
            found[id(spot.child)] = (spot, entry)
    return list(found.values())


def _text_of(content: bytes) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise _RefusedCut(RefusalCode.UTF_16)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        raise _RefusedCut(RefusalCode.UTF_16) from None
    if _BOM in text[1:]:
        raise _RefusedCut(RefusalCode.REPAIRED)
    text = text.removeprefix(_BOM)
    if _TAB_INDENT.search(text):
        raise _RefusedCut(RefusalCode.TABS)
    return text


def _why_nowhere(documents: list[TreeNode], position: str) -> RefusalCode:
    if position == "the whole file" or re.fullmatch(r"document \d+", position):
        return RefusalCode.ONLY_ITEM
    merges = (
        child.key
        for document in documents
        for node in nodes_of(document)
        for child in node.children
        if child.key and child.key.value == MERGE
    )
    return RefusalCode.ALIAS if any(merges) else RefusalCode.UNCLEAR_PLACE


def _check_shape(spot: Spot) -> None:
    value = spot.child.value
    keys = [child.key.value for child in value.children if child.key]
    if spot.through_alias or value.kind == "alias" or (keys and set(keys) == {MERGE}):
        raise _RefusedCut(RefusalCode.ALIAS, spot.child.start)
    if spot.child.key and spot.child.key.kind == "alias":
        raise _RefusedCut(RefusalCode.ALIAS, spot.child.start)
    if spot.parent.is_flow:
        raise _RefusedCut(RefusalCode.FLOW, spot.child.start)


def _check_what_stays(documents: list[TreeNode], spots: list[tuple[Spot, Entry]]) -> None:
    """No collection may end empty, and no alias may lose what it refers to."""
    gone = {id(spot.child) for spot, _ in spots}
    nodes_gone = {id(node) for spot, _ in spots for node in spot.child.nodes()}
    for spot, _ in spots:
        is_within = id(spot.parent) in nodes_gone
        if not is_within and all(id(child) in gone for child in spot.parent.children):
            raise _RefusedCut(RefusalCode.ONLY_ITEM, spot.child.start)
    for document in documents:
        for node in nodes_of(document):
            if node.target and id(node.target) in nodes_gone and id(node) not in nodes_gone:
                raise _RefusedCut(RefusalCode.ANCHOR_USED, node.target.start)


class _Lines:
    """The text by git's lines, and which of them are comments."""

    def __init__(self, text: str, documents: list[TreeNode]) -> None:
        self._text = text
        self.lines = re.findall(r"[^\n]*\n|[^\n]+", text)
        self._starts: list[int] = []
        at = 0
        for line in self.lines:
            self._starts.append(at)
            at += len(line)
        self._content = [
            (node.start, node.end)
            for document in documents
            for node in nodes_of(document)
            if node.kind == "scalar" or node.is_flow
        ]

    def number_at(self, index: int) -> int:
        """Return the number of the line that holds a character, counted from 0."""
        low, high = 0, len(self._starts)
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self._starts[middle] <= index else (low, middle)
        return low

    def is_blank(self, number: int) -> bool:
        """Say whether a line holds nothing."""
        return _BLANK.fullmatch(self.lines[number]) is not None

    def comment_indent(self, number: int) -> int | None:
        """Return how far a comment line is indented; None for a line that is not a comment."""
        found = _COMMENT.fullmatch(self.lines[number])
        if not found:
            return None
        indent = len(found[1])
        at = self._starts[number] + indent
        is_content = any(start <= at < end for start, end in self._content)
        return None if is_content else indent

    def span_of(self, spot: Spot) -> "_Span":
        """Return the lines of an entry, from its dash or key to its last line of content."""
        start, end = spot.child.start, spot.child.end
        first, last = self.number_at(start), self.number_at(max(start, end - 1))
        before = self._text[self._starts[first] : start]
        after = self._text[end : self._starts[last] + len(self.lines[last])]
        if not _REST.fullmatch(after):
            raise _RefusedCut(RefusalCode.SHARES_LINE, start)
        if spot.child.key:
            if before.strip(" "):
                raise _RefusedCut(RefusalCode.SHARES_LINE, start)
            indent = len(before)
        else:
            first, indent = self._dash(first, before, start)
        return _Span(first, self._with_comments_below(last, indent), indent)

    def _dash(self, first: int, before: str, start: int) -> tuple[int, int]:
        """Return the line of an item's dash, and how far it is indented."""
        if found := _DASH.fullmatch(before):
            return first, len(found[1])
        if before.strip(" "):
            raise _RefusedCut(RefusalCode.SHARES_LINE, start)
        for number in range(first - 1, -1, -1):
            if found := _DASH_ALONE.fullmatch(self.lines[number]):
                return number, len(found[1])
            if not (self.is_blank(number) or _COMMENT.fullmatch(self.lines[number])):
                break
        raise _RefusedCut(RefusalCode.SHARES_LINE, start)

    def _with_comments_below(self, last: int, indent: int) -> int:
        """Take in the comments after the last line of content that are indented deeper."""
        for number in range(last + 1, len(self.lines)):
            if self.is_blank(number):
                continue
            found = self.comment_indent(number)
            if found is None or found <= indent:
                break
            last = number
        return last


@dataclass(frozen=True, slots=True)
class _Span:
    """Lines from the first to the last, counted from 0, and the indent of the first."""

    first: int
    last: int
    indent: int


def _without(
    content: bytes, lines: _Lines, spans: Iterable[tuple[_Span, Entry]], *, file: str
) -> FileCut | RemovalRefused:
    gone: set[int] = set()
    left: set[int] = set()
    for span, entry in spans:
        gone |= set(range(span.first, span.last + 1))
        names, above = Names.of(entry), gone
        for number in range(span.first - 1, -1, -1):
            if lines.comment_indent(number) != span.indent:
                break
            if not names.are_in(lines.lines[number]):
                # From here on, what stands above is not directly above the entry.
                above = left
            above.add(number)
    for first, last in _runs(gone, lines):
        gone |= set(range(first, last + 1)) | _blank_lines_too_many(lines, first, last)
    if 0 in gone and content.startswith(codecs.BOM_UTF8):
        # The mark would have to move to the next line, and that line is not the entry's.
        return RemovalRefused(RefusalCode.SHARES_LINE, file)
    raw = re.findall(rb"[^\n]*\n|[^\n]+", content)
    return FileCut(
        file=file,
        before=content,
        after=b"".join(line for number, line in enumerate(raw) if number not in gone),
        removed=tuple(sorted(number + 1 for number in gone)),
        comments_left=tuple(sorted(number + 1 for number in left - gone)),
    )


def _runs(gone: set[int], lines: _Lines) -> list[tuple[int, int]]:
    """Return the runs of lines that go; those with only blank lines between them are one."""
    runs: list[tuple[int, int]] = []
    for number in sorted(gone):
        if runs and all(lines.is_blank(each) for each in range(runs[-1][1] + 1, number)):
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return runs


def _blank_lines_too_many(lines: _Lines, first: int, last: int) -> set[int]:
    """Return the blank lines around a run of which one is enough to part the neighbours."""
    above, below = first - 1, last + 1
    while above >= 0 and lines.is_blank(above):
        above -= 1
    while below < len(lines.lines) and lines.is_blank(below):
        below += 1
    blank_above, blank_below = set(range(above + 1, first)), set(range(last + 1, below))
    if below == len(lines.lines):
        # Nothing follows that would have to be separated from what stands above.
        return blank_above
    if not blank_above or not blank_below:
        return set()
    return blank_below | (blank_above - {above + 1})
