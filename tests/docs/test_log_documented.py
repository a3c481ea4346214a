"""Every event that the service logs is in docs/log.md with its level and fields, and no other."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

LEVELS = {"info", "warning", "error"}
# Written with the name of what failed.
BY_NAME = {"%s failed": "database failed", "%s recovered": "database recovered"}
ROW = re.compile(r"^\| (`.+?`) \| ([\w ]+) \| (.*?) \|", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged:
    """One call of a logger: what it says, and the fields that it writes in so many words."""

    event: str
    level: str
    fields: frozenset[str]


def logged(root: Path) -> Iterator[Logged]:
    """Every call of a logger in the service."""
    for file in (root / "service").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            match node:
                case ast.Call(
                    func=ast.Attribute(value=ast.Name(id="log"), attr=attr),
                    args=[ast.Constant(value=str(event)), *_],
                    keywords=keywords,
                ) if attr in LEVELS:
                    fields = {
                        key.value
                        for keyword in keywords
                        for part in ast.walk(keyword.value)
                        if keyword.arg == "extra" and isinstance(part, ast.Dict)
                        for key in part.keys
                        if isinstance(key, ast.Constant)
                    }
                    event = BY_NAME.get(event, event)
                    yield Logged(event=event, level=attr, fields=frozenset(map(str, fields)))


def documented(root: Path) -> dict[str, tuple[str, set[str]]]:
    """The levels and the fields of each event of the table."""
    return {
        event: (levels, set(re.findall(r"`([^`]+)`", fields)))
        for events, levels, fields in ROW.findall((root / "docs/log.md").read_text("utf-8"))
        for event in re.findall(r"`([^`]+)`", events)
    }


def test_the_table_of_events_has_every_event_and_no_other(root: Path) -> None:
    assert set(documented(root)) == {one.event for one in logged(root)}


def test_the_table_of_events_has_each_level_and_every_field(root: Path) -> None:
    table = documented(root)

    wrong = [
        one
        for one in logged(root)
        if one.level not in table[one.event][0].split() or not one.fields <= table[one.event][1]
    ]

    assert wrong == []


def test_no_event_writes_over_what_every_line_has(root: Path) -> None:
    every_line = {"at", "level", "logger", "message"}

    assert [one for one in logged(root) if one.fields & every_line] == []
