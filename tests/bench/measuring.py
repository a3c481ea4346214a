"""What is measured: starting, webhooks, a burst under the vendors' limits, and recovering."""

import statistics
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import psycopg

from integrations.sandbox import Sandbox
from integrations.sandbox.zendesk_tickets import SandboxTicket
from tests.bench.memory import Memory, MemoryWatch
from tests.bench.processes import Fleet, seconds_of
from tests.bench.webhooks import send_over_connections
from tests.support.crowd import crowd, list_crowd
from tests.support.running import QUIET, WITHOUT_DAILY_LIMIT
from tests.support.tickets import add_ticket

LOOK_EVERY = 0.2
SENDERS = 8
IDLE_WEBHOOKS = 300
BURST_WEBHOOKS, CONNECTIONS = 200, 20
STARTS = 5
WITHOUT_LIMITS = QUIET | WITHOUT_DAILY_LIMIT
VENDORS = ("zendesk", "github", "trello")


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhooks:
    """How long webhooks took to be answered, in seconds, and the process's memory in MiB."""

    seconds: tuple[float, ...]
    memory: float = 0.0

    def __str__(self) -> str:
        cuts = statistics.quantiles(self.seconds, n=100)
        return (
            f"p50 {cuts[49] * 1000:.1f} ms, p99 {cuts[98] * 1000:.1f} ms ({len(self.seconds)} sent)"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """Seconds until a process is ready, on an empty database and on one with tables.

    Attributes:
        imports: what the two largest libraries alone take to load.
        help: what `leavers --help` takes.
        first: with tables to make.
        again: without.
    """

    imports: float
    help: float
    first: float
    again: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Burst:
    """Many tickets at once, with the vendors' limits held."""

    tickets: int
    workers: int
    seconds: float
    calls_per_leaver: dict[str, float]
    bound: float
    tightest: str
    refused: int
    webhooks: Webhooks
    memory: float

    @property
    def per_minute(self) -> float:
        """Leavers that were finished."""
        return self.tickets / self.seconds * 60

    @property
    def share(self) -> float:
        """Of what the tightest limit allows."""
        return self.per_minute / self.bound


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery:
    """Leavers that were accepted and not finished when the service starts; in seconds."""

    leavers: int
    first: float
    all: float


def measure_start(sandbox: Sandbox, fleet: Fleet) -> Start:
    """Each several times in turn, and the median: the machine may have other work."""
    with fleet.started(sandbox.settings()) as service:
        first = service.seconds_to_start
    rounds = []
    for _ in range(STARTS):
        imports = seconds_of(sys.executable, "-c", "import fastapi, procrastinate")
        helped = seconds_of(sys.executable, "-m", "service.cli", "--help")
        with fleet.started(sandbox.settings()) as service:
            rounds.append((imports, helped, service.seconds_to_start))
    imports, helped, again = map(statistics.median, zip(*rounds, strict=True))
    return Start(imports=imports, help=helped, first=first, again=again)


def measure_webhooks(sandbox: Sandbox, fleet: Fleet) -> Webhooks:
    """Webhooks one after the other, each stored with its job, while nothing else is done."""
    tickets = make_tickets(sandbox, IDLE_WEBHOOKS)
    with fleet.started(sandbox.settings(), "--no-worker") as service:
        memory = service.memory("VmRSS")
        seconds = tuple(_deliver(sandbox, ticket, service.url) for ticket in tickets)
    return Webhooks(seconds=seconds, memory=memory)


def measure_memory(sandbox: Sandbox, fleet: Fleet) -> tuple[Memory, Memory]:
    """The same webhooks at a process that does the work, too: before them, and the most."""
    if sandbox.postgres is None:
        raise RuntimeError("the sandbox has no PostgreSQL")
    settings = sandbox.settings() | WITHOUT_LIMITS
    made = make_tickets(sandbox, BURST_WEBHOOKS)
    with fleet.started(settings) as service:
        watch = MemoryWatch(service=service.process.pid, database=sandbox.postgres.pid)
        before = watch.look()
        with watch.watching():
            send_over_connections(
                made, service.url, settings["ZENDESK_WEBHOOK_SECRET"], connections=CONNECTIONS
            )
            wait_until_done(sandbox, len(made))
    return before, watch.most


def measure_burst(sandbox: Sandbox, fleet: Fleet, *, tickets: int, workers: int) -> Burst:
    """All tickets at once; each vendor refuses what passes its limit."""
    limits = sandbox.limits
    settings = sandbox.settings() | WITHOUT_LIMITS
    settings |= {
        "ZENDESK_REQUESTS_PER_MINUTE": str(limits.zendesk.per_minute),
        "ZENDESK_UPDATES_PER_MINUTE": str(limits.zendesk.updates_per_minute),
        "TRELLO_REQUESTS_PER_10_SECONDS": str(limits.trello.per_token),
    }
    made = make_tickets(sandbox, tickets)
    with fleet.several(settings, workers) as services, ThreadPoolExecutor(SENDERS) as senders:
        limits.enforce()
        sandbox.clear_requests()
        begun = time.monotonic()
        taken = senders.map(
            lambda numbered: _deliver(sandbox, numbered[1], services[numbered[0] % workers].url),
            enumerate(made),
        )
        webhooks = Webhooks(seconds=tuple(taken))
        wait_until_done(sandbox, tickets)
        seconds = time.monotonic() - begun
        memory = max(service.memory("VmHWM") for service in services)
    calls = {vendor: len(sandbox.requests(vendor)) / tickets for vendor in VENDORS}
    bounds = {
        "Zendesk's updates": limits.zendesk.updates_per_minute / _updates(sandbox, tickets),
        "Zendesk's requests": limits.zendesk.per_minute / calls["zendesk"],
        "Trello's requests": limits.trello.per_token * 6 / calls["trello"],
    }
    tightest = min(bounds, key=lambda name: bounds[name])
    return Burst(
        tickets=tickets,
        workers=workers,
        seconds=seconds,
        calls_per_leaver=calls,
        bound=bounds[tightest],
        tightest=tightest,
        refused=sum(one.status == 429 for one in sandbox.requests()),
        webhooks=webhooks,
        memory=memory,
    )


def measure_recovery(sandbox: Sandbox, fleet: Fleet, *, leavers: int, workers: int) -> Recovery:
    """Leavers that were accepted while no worker ran; limits would hide what the service takes."""
    settings = sandbox.settings() | WITHOUT_LIMITS
    made = make_tickets(sandbox, leavers)
    with (
        fleet.started(settings, "--no-worker") as service,
        ThreadPoolExecutor(SENDERS) as senders,
    ):
        list(senders.map(lambda ticket: _deliver(sandbox, ticket, service.url), made))
    begun = time.monotonic()
    with fleet.several(settings, workers):
        wait_until_done(sandbox, 1)
        first = time.monotonic() - begun
        wait_until_done(sandbox, leavers)
        return Recovery(leavers=leavers, first=first, all=time.monotonic() - begun)


def make_tickets(sandbox: Sandbox, count: int) -> list[SandboxTicket]:
    """Tickets about people of the lists; about 500 people two tickets each."""
    people = crowd(count)
    list_crowd(sandbox, people)
    return [add_ticket(sandbox, people[number % len(people)]) for number in range(count)]


def _deliver(sandbox: Sandbox, ticket: SandboxTicket, url: str) -> float:
    begun = time.monotonic()
    delivery = sandbox.zendesk.deliver(ticket.id, to=url)
    if delivery.status != 202:
        raise RuntimeError(f"a webhook was answered with {delivery.status}")
    return time.monotonic() - begun


def wait_until_done(sandbox: Sandbox, count: int) -> None:
    """Wait until so many leavers are done; raise if one did not end well."""
    if sandbox.postgres is None:
        raise RuntimeError("the sandbox has no PostgreSQL")
    query = (
        "SELECT count(*) FILTER (WHERE state = 'done'),"
        " count(*) FILTER (WHERE state IN ('failed', 'needs_person')) FROM leavers"
    )
    with psycopg.connect(sandbox.postgres.dsn("leavers"), autocommit=True) as connection:
        while True:
            done, stuck = connection.execute(query).fetchone() or (0, 0)
            if stuck:
                raise RuntimeError(f"{stuck} leavers did not end well")
            if done >= count:
                return
            time.sleep(LOOK_EVERY)


def _updates(sandbox: Sandbox, tickets: int) -> float:
    return sum(one.method == "PUT" for one in sandbox.requests("zendesk")) / tickets
