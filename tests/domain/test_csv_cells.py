"""Cells of a CSV file that a spreadsheet could take for a formula."""

import pytest

from service.domain.csv_cells import harmless_cell


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])  # noqa: RUF001 - wide ones
def test_a_text_that_begins_like_a_formula_is_marked_as_text(sign: str) -> None:
    assert harmless_cell(f"{sign}cmd|'/c calc'!A0") == f"'{sign}cmd|'/c calc'!A0"


@pytest.mark.parametrize("text", ["", "Anna-Lena O'Neil", "2026-12-01", "a=b"])
def test_any_other_text_stays_as_it_is(text: str) -> None:
    assert harmless_cell(text) == text
