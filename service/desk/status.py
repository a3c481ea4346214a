"""The status page: whether each vendor answers, and how the queue stands."""

import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from service.desk.parts import Parts
from service.domain.errors import OutsideError
from service.records.database import Database
from service.work.queue import DEAD_AFTER, LIVE_WORKERS

KEPT_SECONDS = 60.0

# Asks a vendor something that writes nothing, and says in words what it answered.
Probe = Callable[[], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """What came of asking a vendor."""

    name: str
    is_well: bool
    detail: str
    looked_at: datetime


class Connections:
    """Asks all vendors at once, and remembers for a minute what they said."""

    def __init__(self, probes: Mapping[str, Probe]) -> None:
        self._probes = probes
        self._known: list[Connection] = []
        self._looked_at = float("-inf")
        self._lock = threading.Lock()

    def look(self) -> list[Connection]:
        """Return how each vendor stands; the text never quotes a vendor or a secret."""
        with self._lock:
            if time.monotonic() - self._looked_at > KEPT_SECONDS:
                with ThreadPoolExecutor(len(self._probes)) as threads:
                    self._known = list(threads.map(_ask, self._probes, self._probes.values()))
                self._looked_at = time.monotonic()
            return self._known


def _ask(name: str, probe: Probe) -> Connection:
    try:
        detail, is_well = probe(), True
    except OutsideError as error:
        detail, is_well = error.problem, False
    return Connection(name=name, is_well=is_well, detail=detail, looked_at=datetime.now(UTC))


class Figures:
    """What the database knows of the queue."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def read(self) -> dict[str, Any]:
        """Return the workers, the jobs that wait and run, the last webhook and the last sweep."""
        with self._database.transaction() as connection:
            row = connection.execute(
                "SELECT (SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo') AS waiting,"
                " (SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing') AS running,"
                " (SELECT min(received_at) FROM leavers WHERE state = 'queued') AS oldest,"
                " (SELECT max(at) FROM history WHERE by = 'Zendesk') AS last_webhook,"
                " (SELECT ended_at FROM chores WHERE name = 'sweep') AS last_sweep"
            ).fetchone()
            workers = connection.execute(LIVE_WORKERS, (DEAD_AFTER,)).fetchone()
        return {**(row or {}), **(workers or {})}


def status_router(parts: Parts, connections: Connections, figures: Figures) -> APIRouter:
    """Build the routes of the status page and of the accessibility statement."""
    router = APIRouter()

    @router.get("/status")
    def status(request: Request) -> Response:
        parts.visitors.of_request(request)
        return parts.renderer.page(
            request,
            "status.html",
            connections=connections.look(),
            figures=figures.read(),
            counts=parts.search.counts(),
        )

    @router.get("/accessibility")
    def accessibility(request: Request) -> Response:
        return parts.renderer.page(request, "accessibility.html")

    return router
