"""The demo: the real service on a real PostgreSQL, with the three vendors stood in for."""

import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import requests

from integrations.sandbox import faults
from integrations.sandbox.sandbox import OPERATORS, Sandbox
from integrations.sandbox.zendesk import DATE_FIELD, EMAIL_FIELD, NAME_FIELD
from integrations.sandbox.zendesk_tickets import SandboxTicket
from service.commands.demo_progress import ProgressBar
from service.commands.demo_removal import removal_settings, show_removal
from service.commands.demo_report import Shown, print_report
from service.commands.demo_stories import tell_stories
from service.commands.demo_tickets import DEMO_TICKETS, DemoTicket
from service.commands.ending import ended_by_signals

OPERATOR = "alice"
START_WITHIN, END_WITHIN = 60, 120
FIELDS = {"name": NAME_FIELD, "email": EMAIL_FIELD, "date": DATE_FIELD}


class DemoError(Exception):
    """The demo could not be completed; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningService:
    """The service as an operator reaches it, and where its log is."""

    url: str
    log: Path

    def leaver(self, ticket_id: int) -> dict[str, Any]:
        """Return a leaver as the API shows it."""
        return self._ask("GET", f"/leavers/{ticket_id}")

    def rerun(self, ticket_id: int, body: dict[str, Any]) -> None:
        """Run a ticket again, as an operator."""
        self._ask("POST", f"/leavers/{ticket_id}/rerun", body)

    def wait_for_end(self, ticket_id: int) -> dict[str, Any]:
        """Wait until a ticket needs nothing more from the service."""
        end = time.monotonic() + END_WITHIN
        while time.monotonic() < end:
            leaver = self.leaver(ticket_id)
            if leaver["state"] not in {"queued", "running"}:
                return leaver
            time.sleep(0.1)
        raise DemoError(f"ticket {ticket_id} was not finished within {END_WITHIN} s")

    def _ask(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        token = {"Authorization": f"Bearer {OPERATORS[OPERATOR]}"}
        answer = requests.request(method, self.url + path, json=body, headers=token, timeout=30)
        if not answer.ok:
            raise DemoError(
                f"{method} {path} was answered with {answer.status_code}: {answer.text}"
            )
        found: dict[str, Any] = answer.json()
        return found


def demo(*, keep: bool) -> int:
    """Show the main job, print how each ticket ended, and return the exit code.

    Raises:
        KeyboardInterrupt: it was stopped before it was shown whole.
    """
    progress = ProgressBar(len(DEMO_TICKETS))
    try:
        progress.say("Starting stand-ins for Zendesk, GitHub and Trello, and a PostgreSQL …")
        with (
            ended_by_signals(),
            Sandbox(postgres=True) as sandbox,
            _service(sandbox, progress) as service,
        ):
            shown = [_show(sandbox, service, ticket, progress) for ticket in DEMO_TICKETS]
            progress.close()
            is_as_expected = print_report(shown)
            is_as_expected = tell_stories(sandbox, service) and is_as_expected
            is_as_expected = show_removal(sandbox, shown[0]) and is_as_expected
            if keep:
                _keep(sandbox, service)
    except (
        DemoError,
        RuntimeError,
        requests.RequestException,
        subprocess.SubprocessError,
    ) as error:
        sys.stderr.write(f"The demo failed: {error}\n")
        return 1
    return 0 if is_as_expected else 1


@contextmanager
def _service(sandbox: Sandbox, progress: ProgressBar) -> Iterator[RunningService]:
    """Start the service as a process of its own, as anybody would."""
    port = _free_port()
    with tempfile.TemporaryDirectory(prefix="leavers-demo-") as folder:
        log = Path(folder) / "service.log"
        progress.say(f"Starting the service … Its log, until the demo ends: {log}")
        with log.open("wb") as output:
            process = subprocess.Popen(  # noqa: S603 - this very program
                [
                    sys.executable,
                    *("-m", "service.commands.demo_service", str(port), sandbox.zendesk.url),
                ],
                env=sandbox.settings() | removal_settings(sandbox),
                cwd=folder,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        try:
            service = RunningService(url=f"http://127.0.0.1:{port}", log=log)
            _wait_until_ready(service, process)
            progress.say(f"The service is ready at {service.url}. Now Zendesk sends it tickets.")
            yield service
        finally:
            process.terminate()
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
    return port


def _wait_until_ready(service: RunningService, process: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + START_WITHIN
    while time.monotonic() < end and process.poll() is None:
        try:
            if requests.get(f"{service.url}/healthcheck/ready", timeout=5).ok:
                return
        except requests.ConnectionError:
            pass
        time.sleep(0.1)
    raise DemoError(f"the service did not start:\n{service.log.read_text('utf-8')[-2000:]}")


def _show(
    sandbox: Sandbox, service: RunningService, ticket: DemoTicket, progress: ProgressBar
) -> Shown:
    made = _make(sandbox, ticket)
    sandbox.zendesk.deliver(made.id, to=service.url)
    leaver = service.wait_for_end(made.id)
    if ticket.answer:
        in_tech = [one["id"] for one in leaver["candidates"] if one["file"].endswith("_tech.yml")]
        choice = {"the one in tech": in_tech[0] if in_tech else ""}
        service.rerun(made.id, {key: choice.get(said, said) for key, said in ticket.answer.items()})
        leaver = service.wait_for_end(made.id)
    card = next(
        (card for card in sandbox.trello.cards(closed=False) if card.url == leaver["card_url"]),
        None,
    )
    progress.ticket_done(f"Ticket {made.id}: {ticket.about} → {_end_of(leaver)}")
    return Shown(
        expected=ticket,
        leaver=leaver,
        ticket=sandbox.zendesk.ticket(made.id),
        card=card,
        list_name=sandbox.trello.find_list(card.list_id).name if card else "",
    )


def _make(sandbox: Sandbox, ticket: DemoTicket) -> SandboxTicket:
    """Put a ticket into the sandbox's Zendesk, and prepare what is special about it."""
    leaving_date = date.today() + timedelta(days=24)  # noqa: DTZ011 - any day soon will do
    made = sandbox.zendesk.add_ticket(
        subject="Leaver request",
        description=ticket.text(leaving_date),
        tags=ticket.tags,
        custom_fields={
            FIELDS[name]: value.format(date=leaving_date.isoformat())
            for name, value in ticket.fields.items()
        },
    )
    if ticket.is_closed:
        sandbox.zendesk.close(made.id)
    if ticket.fault:
        sandbox.faults.add(
            vendor="zendesk", method="PUT", path=str(made.id), fault=faults.acts_then_breaks()
        )
    return made


def _end_of(leaver: dict[str, Any]) -> str:
    state, outcome = leaver["state"], leaver["outcome"]
    return f"{state}, {outcome}" if outcome else str(state)


def _keep(sandbox: Sandbox, service: RunningService) -> None:
    sys.stdout.write(
        "\nAll of it goes on running. Look at\n"
        f"  the tickets and the board  {sandbox.zendesk.url}/\n"
        f"  the operators' pages       {service.url}/desk/\n"
        f"  the operators' API         {service.url}/docs\n"
        f"  an operator's token        {OPERATORS[OPERATOR]}\n"
        f"  the service's log          {service.log}\n"
        "Press Ctrl-C to stop.\n"
    )
    sys.stdout.flush()
    with suppress(KeyboardInterrupt):
        while True:
            time.sleep(3600)
