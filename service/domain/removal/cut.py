"""Entries cut out of an access list: whole lines go, and nothing else is touched.

No YAML library writes the file: one that was tried lost the next person's comment and changed up to
686 lines of a list of 425 people. The positions come from PyYAML's marks, the lines from the bytes.
"""

import codecs
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from service.domain.access_lists.entries import Entry
from service.domain.removal.lines import CutRefused, Lines, Span
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
    except CutRefused as refused:
        return RemovalRefused(refused.code, file)
    lines = Lines(text, documents)
    try:
        spots = _spots_of(documents, entries)
        _check_what_stays(documents, spots)
        spans = [(lines.span_of(spot), entry) for spot, entry in spots]
    except CutRefused as refused:
        return RemovalRefused(refused.code, file, lines.number_at(refused.at) + 1)
    return _without(content, lines, spans, file=file)


def _spots_of(documents: list[TreeNode], entries: Sequence[Entry]) -> list[tuple[Spot, Entry]]:
    """Find where each entry stands; raises if that is not certain, or nothing to cut."""
    found: dict[int, tuple[Spot, Entry]] = {}
    for position in dict.fromkeys(entry.position for entry in entries):
        here = [entry for entry in entries if entry.position == position]
        spots = spots_at(documents, position)
        if not spots:
            raise CutRefused(_why_nowhere(documents, position))
        if len(spots) != len(here):
            # A key that stands twice, and not both are this person's; or a key with a slash in it.
            raise CutRefused(RefusalCode.UNCLEAR_PLACE, spots[0].child.start)
        for spot, entry in zip(spots, here, strict=True):
            _check_shape(spot)
            found[id(spot.child)] = (spot, entry)
    return list(found.values())


def _text_of(content: bytes) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise CutRefused(RefusalCode.UTF_16)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        raise CutRefused(RefusalCode.UTF_16) from None
    if _BOM in text[1:]:
        raise CutRefused(RefusalCode.REPAIRED)
    text = text.removeprefix(_BOM)
    if _TAB_INDENT.search(text):
        raise CutRefused(RefusalCode.TABS)
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
        raise CutRefused(RefusalCode.ALIAS, spot.child.start)
    if spot.child.key and spot.child.key.kind == "alias":
        raise CutRefused(RefusalCode.ALIAS, spot.child.start)
    if spot.parent.is_flow:
        raise CutRefused(RefusalCode.FLOW, spot.child.start)


def _check_what_stays(documents: list[TreeNode], spots: list[tuple[Spot, Entry]]) -> None:
    """No collection may end empty, and no alias may lose what it refers to."""
    gone = {id(spot.child) for spot, _ in spots}
    nodes_gone = {id(node) for spot, _ in spots for node in spot.child.nodes()}
    for spot, _ in spots:
        is_within = id(spot.parent) in nodes_gone
        if not is_within and all(id(child) in gone for child in spot.parent.children):
            raise CutRefused(RefusalCode.ONLY_ITEM, spot.child.start)
    for document in documents:
        for node in nodes_of(document):
            if node.target and id(node.target) in nodes_gone and id(node) not in nodes_gone:
                raise CutRefused(RefusalCode.ANCHOR_USED, node.target.start)


def _without(
    content: bytes, lines: Lines, spans: Iterable[tuple[Span, Entry]], *, file: str
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
    gone = lines.with_blank_lines(gone)
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
