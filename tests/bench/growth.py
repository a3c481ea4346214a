"""How cost grows: with the people in the access lists, with open cards, with leavers in all."""

import asyncio
import os
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from integrations.sandbox import Sandbox
from integrations.sandbox.zendesk_tickets import SandboxTicket
from service.records.database import AsyncConnection, Database, ensure_schema, make_async_pool
from service.records.figures import FigureRecords
from service.records.filters import Filters
from service.records.intake import Intake
from service.records.search import LeaverSearch
from service.records.sweep_queries import SweepRecords
from service.records.watched import WatchedRecords
from tests.bench.measuring import VENDORS, WITHOUT_LIMITS, wait_until_done
from tests.bench.processes import Fleet, Running
from tests.support.crowd import crowd
from tests.support.lists import TECH_LIST, person, put_lists
from tests.support.many_leavers import put_many_leavers
from tests.support.tickets import add_ticket

ENTRIES = (400, 10_000, 100_000)
OPEN_CARDS = (100, 1_000, 5_000)
LEAVERS = (1_000, 1_000_000)
ROUNDS = 5
WHICH = ("the first leaver", "the next leaver", "the next one after a list changed")
_TICKS = os.sysconf("SC_CLK_TCK")

Row = tuple[str, str]


def growth(fleet: Fleet, *, leavers: tuple[int, ...] = LEAVERS) -> Iterator[Row]:
    """Give a row for each thing that was measured, as soon as it was."""
    for entries in ENTRIES:
        with Sandbox(postgres=True) as sandbox:
            lines = "".join(
                person(f"Other{number} Person{number}", f"other{number}@example.org")
                for number in range(entries - 3)
            )
            yield from _leavers(sandbox, fleet, f"{entries:,} entries", more=lines)
    for cards in OPEN_CARDS:
        with Sandbox(postgres=True) as sandbox:
            some_list = sandbox.trello.cards()[0].list_id
            for number in range(cards):
                sandbox.trello.add_card(name=f"Order {number}", list_id=some_list)
            yield from _leavers(sandbox, fleet, f"{cards:,} open cards")
    for count in leavers:
        yield from _database(count)


def _leavers(sandbox: Sandbox, fleet: Fleet, where: str, *, more: str = "") -> Iterator[Row]:
    """One leaver that has everything read, one after it, and one after a list changed."""
    people = crowd(3)
    named = "".join(person(who.name or "", who.email or "") for who in people)
    put_lists(sandbox, tech=TECH_LIST + named + more)
    settings = sandbox.settings() | WITHOUT_LIMITS
    with fleet.started(settings) as service:
        for number, (which, who) in enumerate(zip(WHICH, people, strict=True), 1):
            if number == len(people):
                put_lists(
                    sandbox, tech=TECH_LIST + named + more + person("One More", "one@example.org")
                )
            sandbox.clear_requests()
            ticket = add_ticket(sandbox, who)
            yield f"{where}: {which}", _cost(sandbox, service, ticket, number)


def _cost(sandbox: Sandbox, service: Running, ticket: SandboxTicket, number: int) -> str:
    before = _cpu_seconds(service)
    sandbox.zendesk.deliver(ticket.id, to=service.url)
    wait_until_done(sandbox, number)
    calls = " + ".join(str(len(sandbox.requests(vendor))) for vendor in VENDORS)
    cpu = _cpu_seconds(service) - before
    return f"{calls} calls, {cpu:.2f} s of CPU, {service.memory('VmHWM'):.0f} MiB at most"


def _cpu_seconds(service: Running) -> float:
    stat = Path(f"/proc/{service.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(stat[11]) + int(stat[12])) / _TICKS


def _database(count: int) -> Iterator[Row]:
    with Sandbox(postgres=True) as sandbox:
        if sandbox.postgres is None:
            raise RuntimeError("the sandbox has no PostgreSQL")
        url = sandbox.postgres.create_database()
        ensure_schema(url)
        put_many_leavers(url, count)
        database = Database(url, most_connections=1)
        database.open()
        search, figures = LeaverSearch(database), FigureRecords(database, dead_after=12)
        sweep = SweepRecords(database, is_dry_run=False)

        def swept() -> None:
            sweep.missed(range(count, count + 100))
            sweep.perhaps_settled([], waiting_for=timedelta(hours=1))
            sweep.to_try_again(every=timedelta(hours=1), for_as_long_as=timedelta(days=7))
            sweep.over_daily_limit(at_most=50)
            sweep.finished(within=timedelta(days=30))
            sweep.changed_since(reopened={1: ""}, solved={2: ""})

        def looked_at() -> None:
            watched = WatchedRecords(database)
            watched.watched()
            watched.without_access()
            watched.ended_lately(since=datetime.now(UTC) - timedelta(days=30))

        asked: dict[str, Callable[[], object]] = {
            "a page of the list": lambda: search.search(Filters()),
            "a search": lambda: search.search(Filters(text=f"person{count - 1}")),
            "metrics": figures.read,
            "the sweep's questions": swept,
            "who is looked at after the date": looked_at,
        }
        yield f"{count:,} leavers: a webhook stored", _in_ms(asyncio.run(_webhooks(url, count)))
        for name, ask in asked.items():
            yield f"{count:,} leavers: {name}", _in_ms([_seconds(ask) for _ in range(ROUNDS)])
        database.close()


async def _webhooks(url: str, count: int) -> list[float]:
    async def no_job(_: AsyncConnection, __: Sequence[int]) -> None: ...

    pool = make_async_pool(url, most_connections=2)
    await pool.open()
    intake = Intake(pool, no_job, is_dry_run=False)
    taken = []
    for number in range(1, ROUNDS + 1):
        begun = time.perf_counter()
        await intake.from_webhook(count + number)
        taken.append(time.perf_counter() - begun)
    await pool.close()
    return taken


def _seconds(ask: Callable[[], object]) -> float:
    begun = time.perf_counter()
    ask()
    return time.perf_counter() - begun


def _in_ms(seconds: list[float]) -> str:
    return f"{statistics.median(seconds) * 1000:.1f} ms (median of {len(seconds)})"
