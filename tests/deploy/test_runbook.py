"""The runbook: it answers every state and every reason, and a backup can be restored as it says."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from integrations.sandbox import Sandbox
from integrations.sandbox.postgres import Postgres
from integrations.sandbox.postgres_binaries import reachable_binaries
from service.records.leaver import State
from tests.conftest import StartService
from tests.support.running import wait_until
from tests.support.tickets import ADA, ELENA, add_ticket, cards_of

# What makes a lasting failure, and which of its arguments says what it is.
MAKERS = {
    "PermanentError": 1,
    "permanent": 0,
    "NoSuchBranch": 1,
    "TicketClosed": 1,
    "NoSuchRecord": 1,
}
# The first changes nothing for a leaver, and the record says so in other words; the second is met
# by `leavers check` alone.
# The third is a guard inside the service: no caller names the base branch.
ELSEWHERE = {
    "The ticket is closed and can't be changed",
    "The API key is refused",
    "The base branch is never written to",
}


@pytest.fixture(scope="module")
def runbook(root: Path) -> str:
    return (root / "docs/runbook.md").read_text("utf-8")


def text_of(node: ast.AST, constants: dict[str, str]) -> str | None:
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.Name(id=name):
            return constants.get(name)
        case ast.JoinedStr(values=parts):
            return "".join(
                str(part.value) if isinstance(part, ast.Constant) else "…" for part in parts
            )
        case _:
            return None


def constants_of(tree: ast.Module) -> dict[str, str]:
    return {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def lasting_reasons(root: Path) -> Iterator[str]:
    """The first sentence of every lasting failure that the service can make."""
    for file in [
        *(file for file in root.glob("integrations/*/*.py") if file.parent.name != "sandbox"),
        root / "service/work/access_lists.py",
    ]:
        tree = ast.parse(file.read_text("utf-8"))
        constants = constants_of(tree)
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                place = MAKERS.get(node.func.id)
                if place is not None and len(node.args) > place:
                    text = text_of(node.args[place], constants)
                    if text:
                        yield re.split(r"[.:;] ", text)[0].removesuffix(".")


def test_every_lasting_failure_of_a_run_is_in_the_runbook(runbook: str, root: Path) -> None:
    text = " ".join(runbook.split()).replace("(status …)", "")

    reasons = {reason for reason in lasting_reasons(root) if reason not in ELSEWHERE}

    assert len(reasons) > 15
    absent = [
        reason
        for reason in sorted(reasons)
        if not any(piece.strip() in text for piece in reason.split("…") if len(piece) > 8)
    ]
    assert absent == []


def test_every_state_is_in_the_runbook(runbook: str) -> None:
    assert all(f"| `{state}` |" in runbook for state in State)


def test_a_restored_backup_doubles_nothing_and_loses_no_ticket(
    start_service: StartService,
    sandbox: Sandbox,
    postgres: Postgres,
    database_url: str,
    tmp_path: Path,
) -> None:
    service = start_service()
    done, later = add_ticket(sandbox, ADA), add_ticket(sandbox, ELENA, leaving=None)
    service.process_ticket(done.id)
    backup, restored = tmp_path / "leavers.dump", postgres.create_database()
    binaries = reachable_binaries(tmp_path)
    run(binaries / "pg_dump", "--format=custom", "--no-owner", f"--file={backup}", database_url)
    service.process_ticket(later.id)
    service.terminate()

    run(
        binaries / "pg_restore",
        "--exit-on-error",
        "--no-owner",
        f"--dbname={restored}",
        str(backup),
    )
    again = start_service(DATABASE_URL=restored, SWEEP_EVERY_SECONDS="3600")
    wait_until(lambda: again.get(f"/leavers/{later.id}").status_code == 200)

    assert again.wait_for(later.id)["state"] == "needs_person"
    assert again.rerun(done.id)["state"] == "done"
    assert (len(cards_of(sandbox, done)), len(done.notes), len(later.notes)) == (1, 1, 1)


def run(program: Path, *arguments: str) -> None:
    subprocess.run(  # noqa: S603 - our own throwaway server's programs
        [program, *arguments], check=True, capture_output=True
    )
