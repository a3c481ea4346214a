"""Every event that the service logs is in docs/log.md, and no other."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

LEVELS = {"info", "warning", "error"}
# Written with the name of what failed.
BY_NAME = {"%s failed": "database failed", "%s recovered": "database recovered"}


def logged(root: Path) -> Iterator[str]:
    """The first argument of each call of a logger in the service."""
    for file in (root / "service").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            match node:
                case ast.Call(
                    func=ast.Attribute(value=ast.Name(id="log"), attr=attr),
                    args=[ast.Constant(value=str(event)), *_],
                ) if attr in LEVELS:
                    yield BY_NAME.get(event, event)


def test_the_table_of_events_has_every_event_and_no_other(root: Path) -> None:
    rows = re.findall(r"^\| (`.+?`) \|", (root / "docs/log.md").read_text("utf-8"), re.MULTILINE)
    documented = {event for row in rows for event in re.findall(r"`([^`]+)`", row)}

    assert documented == set(logged(root))
