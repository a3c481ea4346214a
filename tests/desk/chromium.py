"""The Chromium that the pages are tested in: Debian's, installed if it may be."""

import os
import shutil
import subprocess

NAMES = ("chromium", "chromium-browser", "google-chrome")
MISSING = (
    "THE PAGES ARE NOT TESTED: there is no Chromium, and it can't be installed here. "
    "Install it with: apt-get install chromium"
)


def find_chromium() -> str | None:
    """Return where Chromium is; install it first if that is possible."""
    return _found() or _installed()


def _found() -> str | None:
    return next(filter(None, map(shutil.which, NAMES)), None)


def _installed() -> str | None:
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        return None
    for command in (["update"], ["install", "--yes", "--no-install-recommends", "chromium"]):
        subprocess.run(["apt-get", "--quiet", *command], check=False, timeout=280)  # noqa: S603, S607
    return _found()
