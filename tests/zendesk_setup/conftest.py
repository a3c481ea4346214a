"""`leavers setup zendesk` as a process, with an administrator's credentials."""

from collections.abc import Callable

import pytest

from integrations.sandbox import Sandbox
from tests.conftest import RunCommand
from tests.support.processes import Process

URL = "https://leavers.example.gov.uk"
SetUp = Callable[..., Process]


@pytest.fixture
def set_up(sandbox: Sandbox, run_leavers: RunCommand) -> SetUp:
    """Run it; the arguments are those after ``--url``."""

    def run(*arguments: str, url: str = URL, **settings: str | None) -> Process:
        given = sandbox.admin_settings() | {"ZENDESK_WEBHOOK_SECRET": None} | settings
        return run_leavers("setup", "zendesk", "--url", url, *arguments, **given)

    return run
