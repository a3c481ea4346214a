"""Measure the service against the sandbox with the vendors' limits held, and print a report.

Everything is real but the vendors: processes, HTTP, the client libraries and a PostgreSQL.
"""

import argparse
import platform
import sys
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from integrations.sandbox import Sandbox
from tests.bench.answers import measure_answers
from tests.bench.growth import growth
from tests.bench.measuring import (
    BURST_WEBHOOKS,
    CONNECTIONS,
    Burst,
    Recovery,
    Start,
    Webhooks,
    measure_burst,
    measure_memory,
    measure_recovery,
    measure_start,
    measure_webhooks,
)
from tests.bench.memory import Memory
from tests.bench.pages import LEAVERS, pages
from tests.bench.processes import Fleet, packages_of

# The service before answers, start and growth were looked at: 29 November 2026.
BESIDE = "80ea36c"


def main() -> int:
    """Measure, print, and say with the exit code whether the burst went as promised."""
    options = _options()
    parts = {
        "answers": lambda fleet: _print_answers(fleet, options.beside),
        "growth": _print_growth,
        "pages": _print_pages,
    }
    with TemporaryDirectory(prefix="leavers-bench-") as folder:
        fleet = Fleet(Path(folder))
        _print(_machine())
        if options.only:
            parts[options.only](fleet)
            return 0
        is_well = _print_main_part(fleet, options)
        for print_part in parts.values():
            print_part(fleet)
    return 0 if is_well else 1


def _print_main_part(fleet: Fleet, options: argparse.Namespace) -> bool:
    """Measure and print what is no part of its own; return whether the burst went as promised."""
    with Sandbox(postgres=True) as sandbox:
        start = measure_start(sandbox, fleet)
        idle = measure_webhooks(sandbox, fleet)
    with Sandbox(postgres=True) as sandbox:
        memory = measure_memory(sandbox, fleet)
    with Sandbox(postgres=True) as sandbox:
        burst = measure_burst(sandbox, fleet, tickets=options.tickets, workers=options.workers)
    with Sandbox(postgres=True) as sandbox:
        recovery = measure_recovery(
            sandbox, fleet, leavers=options.unfinished, workers=options.workers
        )
    _print_table(start, idle, memory, burst, recovery)
    return burst.share >= 0.9 and not burst.refused


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--tickets", type=int, default=500, help="in the burst")
    parser.add_argument("--workers", type=int, default=3, help="processes of the service")
    parser.add_argument("--unfinished", type=int, default=1000, help="leavers to recover")
    parser.add_argument("--beside", default=BESIDE, metavar="REVISION", help="for the answers")
    parser.add_argument("--only", choices=["answers", "growth", "pages"], help="one part alone")
    return parser.parse_args()


def _print_answers(fleet: Fleet, revision: str) -> None:
    """Print the answers of this revision beside those of another one, if the clone has that."""
    with TemporaryDirectory(prefix="leavers-bench-") as folder:
        source = packages_of(revision, Path(folder))
        beside = replace(fleet, source=source) if source else None
        answers = measure_answers(fleet, beside)
    _print(f"\n| {BURST_WEBHOOKS} webhooks at once, {CONNECTIONS} connections | Result |")
    _print("| --- | --- |")
    for name, value in answers.items():
        _print(f"| {name} | {value} |")


def _print_growth(fleet: Fleet) -> None:
    _print("\n| How cost grows | Result |\n| --- | --- |")
    for name, value in growth(fleet):
        _print(f"| {name} | {value} |")


def _print_pages(fleet: Fleet) -> None:
    _print(f"\n| A page, with {LEAVERS:,} leavers | Result |\n| --- | --- |")
    for name, value in pages(fleet):
        _print(f"| {name} | {value} |")


def _print_table(
    start: Start,
    idle: Webhooks,
    memory: tuple[Memory, Memory],
    burst: Burst,
    recovery: Recovery,
) -> None:
    rows = {
        "Tickets in the burst, workers": f"{burst.tickets}, {burst.workers}",
        "Leavers per minute": f"{burst.per_minute:.1f}",
        f"Bound by {burst.tightest}": f"{burst.bound:.1f} per minute",
        "Share of the bound": f"{burst.share:.1%}",
        "Answers 429": str(burst.refused),
        **{
            f"Calls per leaver, {vendor}": f"{calls:.2f}"
            for vendor, calls in burst.calls_per_leaver.items()
        },
        "Webhook, idle": str(idle),
        "Webhook, in the burst": str(burst.webhooks),
        "Memory of a process, idle": f"{idle.memory:.0f} MiB",
        "Memory of a process, most in the burst": f"{burst.memory:.0f} MiB",
        "Memory of service and database, idle": str(memory[0]),
        "Memory of service and database, most in 200 webhooks": str(memory[1]),
        "`import fastapi, procrastinate`": f"{start.imports:.2f} s",
        "`leavers --help`": f"{start.help:.2f} s",
        "Start until ready, empty database": f"{start.first:.2f} s",
        "Start until ready, again": f"{start.again:.2f} s",
        f"{recovery.leavers} unfinished leavers, no limits: first done": f"{recovery.first:.1f} s",
        f"{recovery.leavers} unfinished leavers, no limits: all done": f"{recovery.all:.1f} s",
    }
    _print("\n| Measured | Result |\n| --- | --- |")
    for name, value in rows.items():
        _print(f"| {name} | {value} |")


def _machine() -> str:
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    cores = Path("/proc/cpuinfo").read_text().count("processor\t")
    load = Path("/proc/loadavg").read_text().split()[0]
    return (
        f"{cores} cores ({model}), {platform.system()} {platform.release()}, Python "
        f"{platform.python_version()}; load before the report {load}. Service, sandbox and "
        "PostgreSQL share them."
    )


def _print(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
