"""`leavers check` as a process, and what it found."""

import json
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from tests.conftest import RunCommand
from tests.support.secrecy import secrets_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What a run of the command found: by the check's name, what it says."""

    code: int
    right: dict[str, str]
    wrong: dict[str, str]


Check = Callable[..., Checked]


@pytest.fixture
def check(run_leavers: RunCommand, environment: dict[str, str]) -> Check:
    """Run it with some settings changed; no secret may ever be shown."""

    def run(*arguments: str, **settings: str | None) -> Checked:
        ended = run_leavers("check", "--json", *arguments, **settings)
        said = ended.stdout + ended.stderr
        given = environment | {name: value for name, value in settings.items() if value}
        assert [secret for secret in secrets_of(given) if secret in said.casefold()] == []
        found = json.loads(ended.stdout)
        return Checked(
            code=ended.wait(),
            right={one["check"]: one["detail"] for one in found if one["ok"]},
            wrong={one["check"]: one["detail"] for one in found if not one["ok"]},
        )

    return run


def without_followers(wrong: dict[str, str]) -> dict[str, str]:
    """What is wrong on its own, and not only because something before it is."""
    return {name: said for name, said in wrong.items() if not said.startswith("skipped")}
