"""Every check of `leavers check` is in docs/setup.md, and what it documents is a check."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

CALLS = {"Check", "token_finding", "Finding"}
# Named after what they look at, or in a table of rows such as “a file's path”.
OF_SETTINGS = {"dry run", "access lists"}


def check_names(root: Path) -> Iterator[str]:
    """The name of each check; of one that is put together, what it begins with."""
    for file in (root / "service" / "checks").glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
                continue
            named = [one.value for one in node.keywords if one.arg == "name"]
            for name in named if node.func.id in CALLS else ():
                parts = name.values if isinstance(name, ast.JoinedStr) else [name]
                beginning = getattr(parts[0], "value", None)
                if isinstance(beginning, str):
                    yield f"{beginning}{'…' if len(parts) > 1 else ''}"


def test_every_check_is_documented_and_no_other(root: Path) -> None:
    text = (root / "docs" / "setup.md").read_text("utf-8")
    _, _, section = text.partition("## Check everything")
    section, _, _ = section.partition("## What")
    table = [line for line in section.splitlines() if line.startswith("| ")]
    documented = {name for line in table for name in re.findall(r"`([^`]+)`", line.split("|")[1])}

    names = set(check_names(root))

    assert {name for name in names if f"`{name}`" not in section} == set()
    assert documented - names - OF_SETTINGS - {"GitHub token"} == set()
