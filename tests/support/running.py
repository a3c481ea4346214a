"""The service as a process, and what Zendesk, operators and probes say to it over HTTP."""

import contextlib
import json
import os
import re
import signal
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import requests

from integrations.sandbox import Sandbox
from integrations.sandbox.sandbox import OPERATORS
from integrations.sandbox.zendesk_webhook import Delivery
from tests.support.processes import PATIENCE, Launcher, Process

Json = dict[str, Any]
# Between two looks, in seconds: many services may be waited for at once.
SHORTEST_PAUSE, LONGEST_PAUSE = 0.05, 0.5

# A process that is killed leaves no figures: while lines are counted, each may end on its own.
IS_MEASURED = "COVERAGE_PROCESS_CONFIG" in os.environ  # noqa: TID251 - coverage.py's own
GRACE = 10.0

# Without the pace that real vendors ask for.
WITHOUT_PACE = {
    "ZENDESK_REQUESTS_PER_MINUTE": "100000",
    "ZENDESK_UPDATES_PER_MINUTE": "100000",
    "TRELLO_REQUESTS_PER_10_SECONDS": "100000",
}

# Periodic tasks would disturb a test that counts requests.
QUIET = WITHOUT_PACE | {"SWEEP_EVERY_SECONDS": "0"}

# For crowds on one day.
WITHOUT_DAILY_LIMIT = {"DAILY_LIMIT": "100000"}


class Service:
    """One service on a port of its own; it may be killed and started again.

    Args:
        launcher: starts the processes.
        sandbox: whose Zendesk delivers the webhooks.
        environment: all settings.
        directory: for the logs; there must be no ``.env`` in it.
        works: whether it processes tickets, too.
    """

    def __init__(
        self,
        launcher: Launcher,
        sandbox: Sandbox,
        *,
        environment: Mapping[str, str],
        directory: Path,
        works: bool = True,
    ) -> None:
        self._launcher = launcher
        self._sandbox = sandbox
        self._directory = directory
        self._session = requests.Session()
        self._session.trust_env = False
        self.environment = dict(environment)
        self._arguments = ["serve", "--port", "0", *([] if works else ["--no-worker"])]
        self._starts = 0
        self.url = ""
        self.process: Process

    def start(self, *, until_ready: bool = True) -> "Service":
        """Start a process, and wait until it is ready."""
        self._starts += 1
        self.process = Process(
            self._launcher,
            self._arguments,
            environment=self.environment,
            directory=self._directory,
        )
        if until_ready:
            self.wait_until_started()
        return self

    def wait_until_started(self) -> None:
        """Wait until the process that was started last is ready."""
        self.url = f"http://127.0.0.1:{self._wait_for_port()}"
        self.wait_until_ready()

    def restart(self) -> "Service":
        """Start again after an end of whatever kind."""
        self.process.wait()
        return self.start()

    def kill(self) -> None:
        """End it at once, as a crash does."""
        self.process.end()

    def terminate(self) -> int:
        """Ask it to end, wait until it has, and return the exit code."""
        self.process.send(signal.SIGTERM)
        return self.process.wait()

    def close(self) -> None:
        """End it in any case, and the connections to it."""
        if IS_MEASURED:
            self.process.send(signal.SIGTERM)
            with contextlib.suppress(AssertionError):
                self.process.wait(GRACE)
        self.process.end()
        self._session.close()

    def wait_until_ready(self) -> None:
        """Wait until the service says that it is ready."""
        _until(lambda: self.get("/healthcheck/ready").status_code == 200, self._said)

    def get(self, path: str, **options: Any) -> requests.Response:
        """Ask, as an operator unless `token` is another one or None."""
        return self.call("GET", path, **options)

    def post(self, path: str, body: Any = None, **options: Any) -> requests.Response:
        """Send JSON, as an operator unless `token` is another one or None."""
        return self.call("POST", path, **({} if body is None else {"json": body}), **options)

    def call(
        self, method: str, path: str, *, token: str | None = OPERATORS["alice"], **options: Any
    ) -> requests.Response:
        """Send a request."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return self._session.request(
            method,
            f"{self.url}{path}",
            headers=headers | options.pop("headers", {}),
            timeout=PATIENCE,
            allow_redirects=False,
            **options,
        )

    def deliver(self, ticket_id: int, *, body: bytes | None = None) -> Delivery:
        """Let Zendesk send its webhook about a ticket."""
        return self._sandbox.zendesk.deliver(ticket_id, to=self.url, body=body)

    def leaver(self, ticket_id: int) -> Json:
        """The leaver as operators see it."""
        answer = self.get(f"/leavers/{ticket_id}")
        assert answer.status_code == 200, answer.text
        return _object(answer)

    def rerun(self, ticket_id: int, **corrections: Any) -> Json:
        """Let an operator run a ticket, and wait for the end."""
        answer = self.post(f"/leavers/{ticket_id}/rerun", corrections or None)
        assert answer.status_code == 202, answer.text
        return self.wait_for(ticket_id)

    def preview(self, ticket_id: int, **corrections: Any) -> Json:
        """What would become of a ticket."""
        answer = self.post(f"/leavers/{ticket_id}/preview", corrections or None)
        assert answer.status_code == 200, answer.text
        return _object(answer)

    def process_ticket(self, ticket_id: int) -> Json:
        """Deliver the webhook, and wait for the end."""
        delivery = self.deliver(ticket_id)
        assert delivery.status == 202, delivery
        return self.wait_for(ticket_id)

    def wait_for(
        self, ticket_id: int, *states: str, event: str = "", seconds: float = PATIENCE
    ) -> Json:
        """Wait until a leaver is in one of some states (any end by default); return it.

        Args:
            ticket_id: whose leaver.
            states: any of these.
            event: wait until its history has this, too.
            seconds: how long at the most.
        """
        wanted = states or ("done", "failed", "needs_person")
        found: Json = {}

        def is_there() -> bool:
            found.clear()
            found.update(self.leaver(ticket_id))
            has_event = not event or event in events_of(found)
            return found["state"] in wanted and has_event

        _until(is_there, lambda: f"{found}\n{self._said()}", seconds=seconds)
        return found

    @property
    def log(self) -> str:
        """All that this and the earlier processes wrote."""
        return self.process.stdout + self.process.stderr

    @property
    def log_lines(self) -> list[Json]:
        """The log, parsed."""
        return [json.loads(line) for line in self.log.splitlines()]

    def _wait_for_port(self) -> int:
        ports: list[str] = []

        def has_begun() -> bool:
            ports[:] = re.findall(r"running on http://127\.0\.0\.1:(\d+)", self.process.stdout)
            ended = self.process.exit_code() is not None
            assert not ended, f"it ended instead: {self._said()}"
            return len(ports) == self._starts

        _until(has_begun, self._said)
        return int(ports[-1])

    def _said(self) -> str:
        return self.log[-3000:]


def events_of(leaver: Json) -> list[str]:
    """The events of a leaver's history, in order."""
    return [line["event"] for line in leaver["history"]]


def wait_until(condition: Callable[[], bool], *, seconds: float = PATIENCE) -> None:
    """Wait until something holds."""
    _until(condition, lambda: "it never came to hold", seconds=seconds)


def _until(
    condition: Callable[[], bool], explain: Callable[[], str], *, seconds: float = PATIENCE
) -> None:
    ends_at = time.monotonic() + seconds
    pause = SHORTEST_PAUSE
    while True:
        with contextlib.suppress(requests.ConnectionError):
            if condition():
                return
        assert time.monotonic() < ends_at, explain()
        time.sleep(pause)
        pause = min(pause * 1.5, LONGEST_PAUSE)


def _object(answer: requests.Response) -> Json:
    found = answer.json()
    assert isinstance(found, dict)
    return found
