"""Labels and their values, in whatever form they stand: lines, tables, or several in one line."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from service.domain.date_grammar import is_a_date_alone
from service.domain.reading.label_words import Detail
from service.domain.reading.labels import DATES, Label, meaning_of
from service.domain.reading.lines import Line
from service.domain.reading.mail import is_sign_off
from service.domain.reading.tables import column_rows, row_pairs
from service.domain.reading.values import is_a_subject_name, without_addresses

_SEPARATOR = re.compile(r"\s{0,3}[:=?](?!//)")
_DASH = re.compile(r"\s+[-\u2010-\u2015]+>?\s+|\s*(?:->|=>|\u2192|>>|\.{3,})\s*|\t+|\s{2,}|[,;]\s?")
_INTRODUCES = re.compile(
    r"(?:^|[.,;:!?]\s*|\b(?:have|is|was|got|process|remove|offboard|for|following)"
    r"(?: (?:a|an|the|this|our|one))?(?: new)?\s+)$",
    re.IGNORECASE,
)
_MOST_LABEL_WORDS = 7
_LONGEST_LABEL = 100
_FARTHEST_VALUE = 3
"""Lines between a label alone and its value, at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One step of a text: a label with its value, a label alone, or a line that is neither.

    Attributes:
        line: where it stands.
        label: None for other lines.
        value: what the label announces; empty for a label alone, which heads a section.
    """

    line: Line
    label: Label | None = None
    value: str = ""


def items_of(lines: Sequence[Line]) -> list[Item]:
    """Read lines into items, in their order."""
    items: list[Item] = []
    position = 0
    while position < len(lines):
        cells, end = column_rows(lines, position)
        rows = [Item(line=line, label=label, value=value) for line, label, value in cells]
        items += rows or _items_of_line(lines[position])
        position = end
    return list(_with_values_from_next_lines(items))


def pairs_in(text: str) -> list[tuple[Label, str]]:
    """Find the labels of one line, each with the text up to the next label."""
    return row_pairs(text) or _separated(text) or _dashed(text) or _undivided(text)


def _items_of_line(line: Line) -> list[Item]:
    alone = meaning_of(line.text)
    pairs = [(alone, "")] if alone else pairs_in(line.text)
    items = [Item(line=line, label=label, value=value) for label, value in pairs]
    return items or [Item(line=line)]


def _separated(text: str) -> list[tuple[Label, str]]:
    """Split at colons, equals signs and question marks that have a label before them."""
    found: list[tuple[Label | None, int, int]] = []
    start = 0
    for mark in _SEPARATOR.finditer(text):
        label, begins = _label_before(text[start : mark.start()], at_start=not found)
        if label is not None:
            found.append((label, start + begins, mark.end()))
            start = mark.end()
    return [
        (label, _clean(text[value_from:end]))
        for (label, _, value_from), (_, end, _) in pairwise([*found, (None, len(text), 0)])
        if label is not None
    ]


def _label_before(text: str, *, at_start: bool) -> tuple[Label | None, int]:
    """Find the longest label at the end of a text, and where it begins."""
    whole = meaning_of(text) if at_start else None
    if whole is not None:
        return whole, 0
    offset = max(0, len(text) - _LONGEST_LABEL)
    words = list(re.finditer(r"\S+", text[offset:]))[-_MOST_LABEL_WORDS:]
    for begins in (offset + word.start() for word in words):
        label = meaning_of(text[begins:])
        # "Laptop of the leaver:" is not a label of the leaver's name.
        if label is not None and (not at_start or _INTRODUCES.search(text[:begins])):
            return label, begins
    return (meaning_of(text, loosely=True) if at_start else None), 0


def _dashed(text: str) -> list[tuple[Label, str]]:
    """Split "Label - value" or "Label,value"; the value may hold more of these."""
    mark = _DASH.search(text)
    label = meaning_of(text[: mark.start()], loosely=True) if mark else None
    return [(label, _clean(text[mark.end() :]))] if mark and label else []


def _undivided(text: str) -> list[tuple[Label, str]]:
    """Split "Leaving date 18 December 2026": a date's label, and nothing but a date."""
    words = text.split()
    for count in range(min(5, len(words) - 1), 0, -1):
        label = meaning_of(" ".join(words[:count]))
        rest = " ".join(words[count:])
        if label is not None and label.detail in DATES and is_a_date_alone(rest):
            return [(label, rest)]
    return []


def _clean(value: str) -> str:
    return value.lstrip(" \t:=>").strip(" \t|;,\u00b7").removesuffix(" -").strip()


def _with_values_from_next_lines(items: Sequence[Item]) -> Iterator[Item]:
    """Give a label alone the next line that says something, unless that is a label itself."""
    position = 0
    while position < len(items):
        item = items[position]
        position += 1
        if item.label is not None and not item.value:
            following = range(position, len(items))
            after = next((i for i in following if items[i].label or items[i].line.text), None)
            if after is not None and _may_be_value(items[after], of=item):
                position = _end_of_list(items, after)
                value = "; ".join(i.line.text for i in items[after:position] if i.line.text)
                yield Item(line=items[after].line, label=item.label, value=value)
                continue
        yield item


def _may_be_value(item: Item, *, of: Item) -> bool:
    """Return whether a line answers the label above it: one may be quoted, and so stand apart."""
    near = item.line.number - of.line.number <= _FARTHEST_VALUE
    if not near or item.label is not None or abs(item.line.depth - of.line.depth) > 1:
        return False
    if is_sign_off(item.line.text):
        return False
    heads = of.label is not None and of.label.detail is Detail.SECTION
    return not heads or is_a_subject_name(without_addresses(item.line.text))


def _end_of_list(items: Sequence[Item], first: int) -> int:
    """Find the end of a list that begins at `first`: bullets, or full names on bare lines."""
    end = first + 1
    for position in range(first + 1, len(items)):
        if _continues(items[first], items[position]):
            end = position + 1
        elif items[position].line.text or not items[first].line.is_listed:
            break
    return end


def _continues(first: Item, item: Item) -> bool:
    if item.label is not None or first.line.is_listed:
        return item.label is None and item.line.is_listed
    rest = without_addresses(item.line.text)
    is_address = "@" in item.line.text and not rest
    return is_a_subject_name(first.line.text) and (is_address or is_a_subject_name(rest))
