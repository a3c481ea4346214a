"""Writes docs/dependencies.md of what is installed: ``python -m tests.docs.licences FILE``."""

import re
import sys
import tomllib
from collections.abc import Iterable
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
EXTRAS = ("notify", "sentry", "telemetry")
ELSEWHERE = {"npm": [("govuk-frontend", "MIT", "the pages' style and script; served, not linked")]}
# Where a package's metadata do not say it, or not in one word.
_BY_CLASSIFIER = re.compile(r"^License :: (?:OSI Approved :: )?(.+)$")
_LONGEST = 60

HEAD = """# Dependencies and their licences

Made by `make licences` of what is installed; a test holds it true. Which versions:
`requirements.txt` and `requirements-extras.txt`, with hashes. A bill of materials with all of it:
`make sbom`.

Most licences ask for no more than to be named. These ask for more:

- **zenpy** is under GPL-3.0. To run the service within your organisation is not distribution, and
  asks for nothing. Anyone who passes on an image that contains zenpy passes the whole on
  under GPL-3.0.
- psycopg and PyGithub are under the LGPL, and certifi is under MPL-2.0. They are used as
  libraries, unchanged.
"""


def main() -> int:
    """Write the file."""
    Path(sys.argv[1]).write_text(document(), "utf-8")
    return 0


def document() -> str:
    """Return the whole document."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    plain = closure(project["dependencies"])
    extra = (
        closure(line for name in EXTRAS for line in project["optional-dependencies"][name]) - plain
    )
    return "\n".join(
        [
            HEAD,
            "## What `leavers serve` needs\n",
            *_table(plain, named={_name(line) for line in project["dependencies"]}),
            "\n## What the optional extras add\n",
            *_table(
                extra,
                named={
                    _name(line) for key in EXTRAS for line in project["optional-dependencies"][key]
                },
            ),
            "\n## What comes from npm\n",
            "| Package | Licence | For |",
            "| --- | --- | --- |",
            *(f"| {name} | {licence} | {use} |" for name, licence, use in ELSEWHERE["npm"]),
            "",
        ]
    )


def closure(lines: Iterable[str]) -> set[str]:
    """Return the names of all packages that these need, and that these need in turn."""
    found: set[str] = set()
    waiting = [Requirement(line) for line in lines]
    seen: set[tuple[str, frozenset[str]]] = set()
    while waiting:
        requirement = waiting.pop()
        name, extras = canonicalize_name(requirement.name), frozenset(requirement.extras)
        if (name, extras) in seen:
            continue
        seen.add((name, extras))
        try:
            needs = distribution(name).requires or []
        except PackageNotFoundError:
            # For another system or another Python.
            continue
        found.add(name)
        waiting += [one for one in map(Requirement, needs) if _is_wanted(one, extras)]
    return found


def _is_wanted(requirement: Requirement, extras: frozenset[str]) -> bool:
    marker = requirement.marker
    return marker is None or any(marker.evaluate({"extra": extra}) for extra in ("", *extras))


def _name(line: str) -> str:
    return canonicalize_name(Requirement(line).name)


def _table(names: set[str], *, named: set[str]) -> list[str]:
    rows = [
        f"| {name} | {licence_of(distribution(name))} | {'yes' if name in named else ''} |"
        for name in sorted(names)
    ]
    return ["| Package | Licence | Named by us |", "| --- | --- | --- |", *rows]


def licence_of(package: Distribution) -> str:
    """Return a package's licence as its metadata give it."""
    metadata = package.metadata
    if expression := metadata.get_all("License-Expression"):
        return str(expression[0])
    classifiers = [
        found[1]
        for line in metadata.get_all("Classifier") or []
        if (found := _BY_CLASSIFIER.match(line)) and found[1] != "OSI Approved"
    ]
    said = " ".join(metadata.get_all("License") or []).strip()
    short = said if said and "\n" not in said and len(said) <= _LONGEST else ""
    return short or ", ".join(classifiers) or "not said in its metadata"


if __name__ == "__main__":
    sys.exit(main())
