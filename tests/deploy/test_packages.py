"""What an installation that is not a checkout contains: an image's, say."""

import tomllib
from pathlib import Path


def test_every_folder_of_the_service_is_installed(root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
    folders = {
        ".".join(file.parent.relative_to(root).parts)
        for top in ("service", "integrations")
        for pattern in ("*.py", "*.sql")
        for file in (root / top).rglob(pattern)
    }

    assert set(project["tool"]["setuptools"]["packages"]) == folders
