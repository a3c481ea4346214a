"""The documents, and the tables in them."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

Table = list[list[str]]


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def readme() -> str:
    return (ROOT / "README.md").read_text("utf-8")


@pytest.fixture(scope="session")
def documents() -> dict[str, str]:
    """Every document of the project, by its path."""
    pages = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
    return {str(page.relative_to(ROOT)): page.read_text("utf-8") for page in pages}


@pytest.fixture(scope="session")
def table_in() -> Callable[[str, str], Table]:
    """Gives the rows of the one table in a text whose first heading cell is as named."""
    return _table_in


def _table_in(text: str, heading: str) -> Table:
    lines = [line.strip() for line in text.splitlines()]
    start = next(i for i, line in enumerate(lines) if line.startswith(f"| {heading} |"))
    rows: Table = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]])
    return rows
