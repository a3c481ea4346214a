"""Every request that a vendor of the sandbox received, for tests that count calls."""

import threading
from dataclasses import dataclass, field
from datetime import datetime

from integrations.sandbox.messages import Request


@dataclass(slots=True, kw_only=True)
class RecordedRequest:
    """One request.

    Attributes:
        vendor: zendesk, github or trello.
        request: as it was received.
        at: when it was received.
        status: of the reply; None if none was sent (yet).
    """

    vendor: str
    request: Request = field(repr=False)
    at: datetime
    status: int | None = None

    @property
    def method(self) -> str:
        """The method, in capitals."""
        return self.request.method

    @property
    def path(self) -> str:
        """The path, decoded, without the query."""
        return self.request.path

    @property
    def query(self) -> dict[str, str]:
        """The last value of each key of the query."""
        return dict(self.request.query)

    def __str__(self) -> str:
        return f"{self.vendor} {self.method} {self.path} -> {self.status}"


class RequestLog:
    """All recorded requests, oldest first; safe to use from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: list[RecordedRequest] = []

    def add(self, recorded: RecordedRequest) -> None:
        """Add a request."""
        with self._lock:
            self._requests.append(recorded)

    def all(self, vendor: str | None = None) -> list[RecordedRequest]:
        """Return the requests to one vendor, or to all."""
        with self._lock:
            return [one for one in self._requests if vendor in (None, one.vendor)]

    def clear(self) -> None:
        """Forget them all."""
        with self._lock:
            self._requests.clear()
