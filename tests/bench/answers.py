"""Many webhooks over kept connections at once: what the slowest answers take, in several rounds."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain

from integrations.sandbox import Sandbox
from tests.bench.measuring import (
    BURST_WEBHOOKS,
    CONNECTIONS,
    WITHOUT_LIMITS,
    Webhooks,
    make_tickets,
    wait_until_done,
)
from tests.bench.processes import Fleet
from tests.bench.webhooks import send_over_connections

ROUNDS = 5
# What a process does once, at its start, is over after so many seconds.
SETTLE = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """Bursts at one process; with a worker, how many leavers a second it finishes meanwhile."""

    webhooks: Webhooks
    per_second: float | None = None

    def __str__(self) -> str:
        rate = f", {self.per_second:.1f} leavers a second" if self.per_second else ""
        return f"{self.webhooks}{rate}"


def measure_answers(fleet: Fleet, beside: Fleet | None) -> dict[str, Answers]:
    """Measure in turn, since the machine may have other work: each has as much of it.

    Args:
        fleet: starts the service of this revision.
        beside: starts that of another one; None if there is none to measure.
    """
    ways: dict[str, Callable[[], Answers]] = {
        "with a worker": lambda: _burst(fleet),
        "without a worker": lambda: _burst(fleet, "--no-worker"),
    }
    if beside:
        ways["with a worker, the other revision"] = lambda: _burst(beside)
    rounds = [{name: measure() for name, measure in ways.items()} for _ in range(ROUNDS)]
    return {name: _together([one[name] for one in rounds]) for name in ways}


def _burst(fleet: Fleet, *arguments: str) -> Answers:
    """A process that stands ready, an empty database, and all webhooks at once."""
    with Sandbox(postgres=True) as sandbox:
        settings = sandbox.settings() | WITHOUT_LIMITS
        made = make_tickets(sandbox, BURST_WEBHOOKS)
        with fleet.started(settings, *arguments) as service:
            time.sleep(SETTLE)
            begun = time.monotonic()
            seconds = send_over_connections(
                made, service.url, settings["ZENDESK_WEBHOOK_SECRET"], connections=CONNECTIONS
            )
            if arguments:
                return Answers(webhooks=Webhooks(seconds=seconds))
            wait_until_done(sandbox, len(made))
            rate = len(made) / (time.monotonic() - begun)
    return Answers(webhooks=Webhooks(seconds=seconds), per_second=rate)


def _together(rounds: list[Answers]) -> Answers:
    seconds = chain.from_iterable(one.webhooks.seconds for one in rounds)
    rates = [one.per_second for one in rounds if one.per_second]
    return Answers(
        webhooks=Webhooks(seconds=tuple(seconds)),
        per_second=sum(rates) / len(rates) if rates else None,
    )
