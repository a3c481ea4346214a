"""The list of dependencies is of what is installed, and none has a licence that nobody knows."""

from pathlib import Path

from tests.docs.licences import document


def test_the_list_of_dependencies_is_as_make_licences_writes_it(root: Path) -> None:
    written = (root / "docs/dependencies.md").read_text("utf-8")

    assert written == document(), "run: make licences"


def test_every_licence_is_known(root: Path) -> None:
    assert "not said" not in (root / "docs/dependencies.md").read_text("utf-8")
