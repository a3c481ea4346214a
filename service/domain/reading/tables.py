"""Tables in tickets: rows of labels and values, and heads of labels with rows under them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from service.domain.reading.labels import Label, meaning_of
from service.domain.reading.lines import Line

_RULE = re.compile(r"[\s|:+=-]*")
_BARS = re.compile(r"\s*\|\s*")
_GAPS = re.compile(r"\t+|\s{2,}")
_COMMAS = re.compile(r"\s*,\s*")
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
    cells = [cell for cell in (_cells(text, _BARS) or _cells(text, _GAPS)) if cell]
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
    for separator in (_BARS, _GAPS, _COMMAS):
        head = _cells(lines[start].text, separator)
        labels = [meaning_of(cell) for cell in head]
        if sum(label is not None for label in labels) < 2 or re.search(r"[@\d]", " ".join(head)):
            continue
        pairs, end = _rows_under(lines, start, labels, separator)
        if pairs:
            return Rows(pairs=tuple(pairs), end=end)
    return Rows()


def _rows_under(
    lines: Sequence[Line],
    start: int,
    labels: Sequence[Label | None],
    separator: re.Pattern[str],
) -> tuple[list[tuple[Line, Label, str]], int]:
    pairs: list[tuple[Line, Label, str]] = []
    end = start + 1
    for index in range(start + 1, len(lines)):
        line = lines[index]
        cells = _cells(line.text, separator)
        if not _RULE.fullmatch(line.text) or (not line.text and pairs):
            if len(cells) != len(labels) or any(map(meaning_of, cells)):
                break
            pairs += [
                (line, label, cell) for label, cell in zip(labels, cells, strict=True) if label
            ]
        end += 1
    return pairs, end


def _cells(text: str, separator: re.Pattern[str]) -> list[str]:
    """Split a line into cells; a line of one cell is none of a table."""
    cells = separator.split(text.strip("| "), maxsplit=_MOST_CELLS)
    return [cell.strip() for cell in cells] if len(cells) > 1 else []
