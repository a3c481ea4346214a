"""The list of dependencies is of what is installed, and none has a licence that nobody knows."""

from pathlib import Path

from tests.docs.licences import document


def test_whatever_is_installed_stands_in_the_list_with_its_licence(root: Path) -> None:
    """Not the whole text: an older Python needs a package or two that a newer one does without."""
    written = (root / "docs/dependencies.md").read_text("utf-8")

    missing = set(document().splitlines()) - set(written.splitlines())

    assert missing == set(), "run: make licences"


def test_whatever_stands_in_the_list_is_locked(root: Path) -> None:
    locked = {
        line.split("==")[0]
        for line in (root / "requirements-extras.txt").read_text("utf-8").splitlines()
        if "==" in line
    }
    listed = (root / "docs/dependencies.md").read_text("utf-8").split("## What comes from npm")[0]
    names = {
        line.split("|")[1].strip()
        for line in listed.splitlines()
        if line.startswith("| ") and not line.startswith(("| Package", "| ---"))
    }

    assert names - locked == set(), "run: make licences"


def test_every_licence_is_known(root: Path) -> None:
    assert "not said" not in (root / "docs/dependencies.md").read_text("utf-8")
