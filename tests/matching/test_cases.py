"""The labelled cases, scored by their own scorer: how often the matcher is right, and how it errs.

They live outside the project: the environment variable MATCHING_CASES_DIR names their folder.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

VARIABLE = "MATCHING_CASES_DIR"
PROJECT = Path(__file__).parents[2]
ERRORS = ("wrong_match", "wrong_none", "left_behind", "lost", "hasty_match", "incomplete")


@pytest.fixture(scope="session")
def cases() -> Path:
    folder = os.environ.get(VARIABLE)  # noqa: TID251 - where the cases are is the tests' own affair
    if not folder:
        pytest.skip(f"{VARIABLE} is not set: the labelled cases live outside the project")
    return Path(folder).absolute()


def score(
    cases: Path, report: Path, *options: str, adapter: tuple[str, ...] = ()
) -> dict[str, Any]:
    """Run the scorer on the development cases and return its summary."""
    command = [sys.executable, "-m", "tests.matching.adapter", *adapter]
    scorer = [sys.executable, str(cases / "score.py"), "--bench", str(cases / "dev"), *options]
    subprocess.run(  # noqa: S603 - the scorer that belongs to the cases
        [*scorer, "--json", str(report), "--", *command],
        cwd=PROJECT,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    summary: dict[str, Any] = json.loads(report.read_text("utf-8"))["summary"]
    return summary


def errors(summary: dict[str, Any]) -> dict[str, int]:
    return {name: summary[name] for name in ERRORS}


def no_errors(**allowed: int) -> dict[str, int]:
    return dict.fromkeys(ERRORS, 0) | allowed


def test_hardly_anybody_is_missed_and_nobody_is_mistaken(cases: Path, tmp_path: Path) -> None:
    summary = score(cases, tmp_path / "score.json", "--refs")

    assert errors(summary) == no_errors(wrong_none=4)
    assert summary["human_rate"] <= 0.35


def test_a_person_is_asked_if_a_name_alone_may_not_decide(cases: Path, tmp_path: Path) -> None:
    option = "--ask-on-name-alone"
    summary = score(cases, tmp_path / "score.json", "--refs", option, adapter=(option,))

    assert errors(summary) == no_errors(wrong_none=4)


# The stricter policy matches less than the other, never more.
@pytest.mark.parametrize(
    "adapter", [(), pytest.param(("--ask-on-name-alone",), marks=pytest.mark.slow)]
)
def test_without_the_leavers_own_entry_nobody_is_matched(
    cases: Path, tmp_path: Path, adapter: tuple[str, ...]
) -> None:
    summary = score(cases, tmp_path / "score.json", "--drop-truth", adapter=adapter)

    assert errors(summary) == no_errors()
