"""Tables in tickets: rows of labels and values, and heads of labels with rows under them."""

import re
from collections.abc import Sequence

from service.domain.reading.labels import Label, meaning_of
from service.domain.reading.lines import Line

_RULE = re.compile(r"[\s|:+=-]*")
_BARS = re.compile(r"\s*\|\s*")
_GAPS = re.compile(r"\t+|\s{2,}")
_COMMAS = re.compile(r"\s*,\s*")
_MOST_CELLS = 40


Cells = list[tuple[Line, Label, str]]


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


def column_rows(lines: Sequence[Line], start: int) -> tuple[Cells, int]:
    """Read the table whose head stands at `start`: each cell under the label of its column.

    Returns:
        The cells, none if there is no table, and the index of the next line.
    """
    for separator in (_BARS, _GAPS, _COMMAS):
        head = _cells(lines[start].text, separator)
        labels = [meaning_of(cell) for cell in head]
        if sum(label is not None for label in labels) < 2 or re.search(r"[@\d]", " ".join(head)):
            continue
        found, end = _rows_under(lines, start, labels, separator)
        if found:
            return found, end
    return [], start + 1


def _rows_under(
    lines: Sequence[Line],
    start: int,
    labels: Sequence[Label | None],
    separator: re.Pattern[str],
) -> tuple[Cells, int]:
    found: Cells = []
    end = start + 1
    for index in range(end, len(lines)):
        line = lines[index]
        cells = _cells(line.text, separator)
        if not _RULE.fullmatch(line.text) or (not line.text and found):
            if len(cells) != len(labels) or any(map(meaning_of, cells)):
                break
            found += [
                (line, label, cell) for label, cell in zip(labels, cells, strict=True) if label
            ]
        end += 1
    return found, end


def _cells(text: str, separator: re.Pattern[str]) -> list[str]:
    """Split a line into cells; a line of one cell is none of a table."""
    cells = separator.split(text.strip("| "), maxsplit=_MOST_CELLS)
    return [cell.strip() for cell in cells] if len(cells) > 1 else []
