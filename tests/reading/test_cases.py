"""Labelled tickets, scored by their own scorer: how often the service errs, or asks needlessly.

They live outside the project: the environment variable TICKET_CASES_DIR names their folder.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

VARIABLE = "TICKET_CASES_DIR"
PROJECT = Path(__file__).parents[2]
SUMMARY = re.compile(r"wrong (\d+), needless (\d+), not read (\d+), right \d+ of \d+, .* (\d+)$")


def test_labelled_tickets_are_read_as_people_meant_them() -> None:
    folder = os.environ.get(VARIABLE)  # noqa: TID251 - where the cases are is the tests' own affair
    if not folder:
        pytest.skip(f"{VARIABLE} is not set: the labelled tickets live outside the project")
    adapter = [sys.executable, "-m", "tests.reading.adapter"]

    scored = subprocess.run(  # noqa: S603 - the scorer that belongs to the cases
        [sys.executable, str(Path(folder).absolute() / "score.py"), "--", *adapter],
        cwd=PROJECT,
        check=False,
        capture_output=True,
        text=True,
    )

    summary = SUMMARY.search(scored.stdout.strip())
    assert summary, scored.stderr
    wrong, needless, not_read, exit_code = map(int, summary.groups())
    assert exit_code == 0
    assert (wrong <= 10, needless <= 40, not_read <= 15) == (True, True, True), scored.stdout
