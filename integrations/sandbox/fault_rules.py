"""Which requests a fault strikes: by vendor, method, path and body, and from which one on."""

import re
import threading
from dataclasses import dataclass, field

from integrations.sandbox.faults import Fault
from integrations.sandbox.messages import Request


@dataclass(slots=True, kw_only=True)
class Rule:
    """A fault and the requests that it strikes.

    Attributes:
        fault: what goes wrong.
        vendor: zendesk, github or trello; None for any.
        method: in capitals; None for any.
        path: a regular expression that is searched for in the path.
        body: a regular expression that is searched for in the body.
        times: how many requests are struck; None for all.
        skip: how many of the requests that fit go well before the first is struck.
        struck: how many were struck so far.
    """

    fault: Fault
    vendor: str | None = None
    method: str | None = None
    path: str = ""
    body: str = ""
    times: int | None = 1
    skip: int = 0
    struck: int = 0
    _happened: threading.Event = field(default_factory=threading.Event, repr=False)

    def wait(self, timeout: float = 120.0) -> bool:
        """Wait until it has struck for the first time; False if it does not in time."""
        return self._happened.wait(timeout)

    def take(self, vendor: str, request: Request) -> Fault | None:
        """Return the fault if it strikes this request, which is counted then."""
        if not self._fits(vendor, request) or self.struck == self.times:
            return None
        if self.skip:
            self.skip -= 1
            return None
        self.struck += 1
        self._happened.set()
        return self.fault

    def _fits(self, vendor: str, request: Request) -> bool:
        return (
            self.vendor in (None, vendor)
            and self.method in (None, request.method)
            and re.search(self.path, request.path) is not None
            and re.search(self.body.encode(), request.body) is not None
        )


class Faults:
    """All rules of a sandbox; the first that strikes a request decides."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rules: list[Rule] = []

    def add(
        self,
        *,
        fault: Fault,
        vendor: str | None = None,
        method: str | None = None,
        path: str = "",
        body: str = "",
        times: int | None = 1,
        skip: int = 0,
    ) -> Rule:
        """Let `fault` strike, and return its rule; see `Rule` for the arguments."""
        rule = Rule(
            fault=fault,
            vendor=vendor,
            method=method,
            path=path,
            body=body,
            times=times,
            skip=skip,
        )
        with self._lock:
            self._rules.append(rule)
        return rule

    def take(self, vendor: str, request: Request) -> Fault | None:
        """Return the fault that strikes this request, or None."""
        with self._lock:
            for rule in self._rules:
                if fault := rule.take(vendor, request):
                    return fault
        return None

    def all(self) -> list[Rule]:
        """Return the rules in their order."""
        with self._lock:
            return list(self._rules)

    def clear(self) -> None:
        """Remove all rules; a fault that has begun goes on."""
        with self._lock:
            self._rules.clear()
