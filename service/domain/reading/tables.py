"""Tables in tickets: rows of labels and values, and heads of labels with rows under them."""

import csv
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from service.domain.reading.labels import Label, meaning_of
from service.domain.reading.lines import Line

_RULE = re.compile(r"[\s|:+=-]*")
_GAP = re.compile(r"\t+|\s{2,}")
_MOST_CELLS = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """What stands under a head of labels.

    Attributes:
        pairs: each cell under the label of its column.
        end: index of the first line after the table.
    """

    pairs: tuple[tuple[Line, Label, str], ...] = ()
    end: int = 0


def row_pairs(text: str) -> list[tuple[Label, str]]:
    """Read a row such as "Name | Jane Doe | Email | …"; empty if the line is not such a row."""
    if "|" not in text and "\t" not in text:
        return []
    cells = [cell for cell in (_bars(text) or _gaps(text)) if cell]
    pairs: list[tuple[Label, str]] = []
    position = 0
    while position < len(cells) - 1:
        label, after = meaning_of(cells[position]), cells[position + 1]
        if label is not None and meaning_of(after) is None:
            pairs.append((label, after))
            position += 1
        position += 1
    return pairs


def column_rows(lines: Sequence[Line], start: int) -> Rows:
    """Read the table whose head stands at `start`; no pairs where there is none."""
    for split in (_bars, _gaps, _commas):
        head = split(lines[start].text)
        labels = [meaning_of(cell) for cell in head]
        if sum(label is not None for label in labels) < 2 or re.search(r"[@\d]", " ".join(head)):
            continue
        pairs, end = _rows_under(lines, start, labels, split)
        if pairs:
            return Rows(pairs=tuple(pairs), end=end)
    return Rows()


def _rows_under(
    lines: Sequence[Line],
    start: int,
    labels: Sequence[Label | None],
    split: Callable[[str], list[str]],
) -> tuple[list[tuple[Line, Label, str]], int]:
    pairs: list[tuple[Line, Label, str]] = []
    end = start + 1
    for index in range(start + 1, len(lines)):
        line = lines[index]
        cells = split(line.text)
        if not _RULE.fullmatch(line.text) or (not line.text and pairs):
            if len(cells) != len(labels) or any(map(meaning_of, cells)):
                break
            pairs += [
                (line, label, cell) for label, cell in zip(labels, cells, strict=True) if label
            ]
        end += 1
    return pairs, end


def _bars(text: str) -> list[str]:
    return _cells(text.strip().strip("|").split("|")) if "|" in text else []


def _gaps(text: str) -> list[str]:
    return _cells(_GAP.split(text.strip()))


def _commas(text: str) -> list[str]:
    try:
        return _cells(next(csv.reader([text], skipinitialspace=True), []))
    except csv.Error:
        return []


def _cells(cells: list[str]) -> list[str]:
    return [cell.strip() for cell in cells[:_MOST_CELLS]] if len(cells) > 1 else []
