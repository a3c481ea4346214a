"""The map of the code names files, packages and tables that are there, and leaves none out."""

import re
from pathlib import Path

import pytest

PATH = re.compile(r"`?((?:[a-z_]+/)+(?:[a-z_0-9]+\.(?:py|sql))?)`?")


@pytest.fixture
def map_of_code(root: Path) -> str:
    return (root / "docs/code.md").read_text("utf-8")


def test_every_path_of_the_map_is_there(root: Path, map_of_code: str) -> None:
    named = set(PATH.findall(map_of_code))
    roots = [root, root / "service", root / "tests", root / "docs"]

    assert len(named) > 50
    assert [path for path in sorted(named) if not any((at / path).exists() for at in roots)] == []


def test_every_package_has_a_row(root: Path, map_of_code: str) -> None:
    packages = {f"service/{file.parent.name}" for file in root.glob("service/*/__init__.py")}

    assert [one for one in sorted(packages) if f"`{one}`" not in map_of_code] == []


def test_every_table_has_a_row(root: Path, map_of_code: str) -> None:
    schema = (root / "service/records/schema/0001_tables.sql").read_text("utf-8")
    tables = set(re.findall(r"^CREATE TABLE (\w+)", schema, re.MULTILINE))

    assert [one for one in sorted(tables) if f"`{one}`" not in map_of_code] == []
