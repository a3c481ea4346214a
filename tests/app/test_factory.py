"""The application under any ASGI server: ``uvicorn --factory service.app:create_app``."""

import subprocess
import sys
from pathlib import Path

import pytest

COMMAND = [sys.executable, "-m", "uvicorn", "--factory", "service.app:create_app", "--port", "0"]


@pytest.mark.parametrize("name", ["GITHUB_TOKEN", "ZENDESK_SUBDOMAIN"])
def test_a_missing_setting_is_named_without_a_traceback(
    environment: dict[str, str], tmp_path: Path, name: str
) -> None:
    ended = subprocess.run(  # noqa: S603 - this very program
        COMMAND,
        env=environment | {name: ""},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert (ended.returncode, ended.stderr) == (2, f"{name} is missing\n")
