"""Each promise stands beside tests that exist."""

import ast
import re
from pathlib import Path

NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


def names_of_tests_in(file: Path) -> set[str]:
    """Return the names of a file's tests, methods of classes among them."""
    tree = ast.parse(file.read_text("utf-8"))
    return {
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.name.startswith("test_")
    }


def test_every_test_that_a_promise_names_exists(root: Path) -> None:
    named = NAMED.findall((root / "docs/promises.md").read_text("utf-8"))

    absent = [
        f"{path}::{name}"
        for path, name in named
        if not (root / path).is_file() or name not in names_of_tests_in(root / path)
    ]

    assert named
    assert absent == []


def test_every_promise_names_a_test(root: Path) -> None:
    lines = (root / "docs/promises.md").read_text("utf-8").splitlines()
    promises = [line for line in lines if line.startswith("| ") and "---" not in line]

    without = [line for line in promises if not NAMED.search(line) and "| Test" not in line]

    assert without == []
