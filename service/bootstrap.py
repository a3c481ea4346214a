"""Everything is built here, once, from the settings."""

from dataclasses import dataclass

from service.config.settings import Settings
from service.guard.foreground import Foreground
from service.guard.shutdown import Shutdown
from service.guard.vendor_health import VendorHealth
from service.guard.vendors import Vendors
from service.guard.wiring import build_base
from service.observability.tracing import Tracing
from service.records.database import AsyncPool, Database
from service.records.intake import Intake
from service.records.periodic_tasks import PeriodicTaskRecords
from service.records.queries import Records
from service.records.removals import RemovalRecords
from service.upkeep.removal import RemovalLook
from service.upkeep.scheduler import Scheduler
from service.upkeep.sweep import Sweep
from service.upkeep.tasks import message_tasks
from service.upkeep.wiring import build_removal, build_scheduler, build_sweep
from service.work.access_lists import AccessLists
from service.work.preview import Previews
from service.work.queue import CONCURRENCY, JobQueue
from service.work.removal_preview import RemovalPreviews
from service.work.wiring import build_people, build_work

# One for each job that runs at once, and some for the operators' requests.
BLOCKING_CONNECTIONS = CONCURRENCY + 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """All parts of one process of the service."""

    settings: Settings
    database: Database
    pool: AsyncPool
    stop: Shutdown
    vendors: Vendors
    health: VendorHealth
    lists: AccessLists
    records: Records
    removals: RemovalRecords
    removal: RemovalLook | None
    removal_shown: RemovalPreviews | None
    intake: Intake
    previews: Previews
    engine: JobQueue
    sweep: Sweep
    scheduler: Scheduler
    # Apart from the others: neither waits for the other.
    messages: Scheduler
    tracing: Tracing
    foreground: Foreground


def build_service(settings: Settings) -> Service:
    """Build all parts; nothing is connected to yet."""
    base = build_base(settings, blocking_connections=BLOCKING_CONNECTIONS)
    people = build_people(base)
    records = Records(base.database)
    work = build_work(base, people, records)
    removal = build_removal(base, people.lists)
    sweep = build_sweep(base, people.lists, intake=work.intake, removal=removal)
    return Service(
        settings=settings,
        database=base.database,
        pool=base.pool,
        stop=base.stop,
        vendors=base.vendors,
        health=base.health,
        lists=people.lists,
        records=records,
        removals=RemovalRecords(base.database),
        removal=removal,
        removal_shown=work.removal_previews,
        intake=work.intake,
        previews=work.previews,
        engine=work.engine,
        sweep=sweep,
        scheduler=build_scheduler(base, people, sweep),
        messages=Scheduler(PeriodicTaskRecords(base.pool), message_tasks(settings, base.database)),
        tracing=base.tracing,
        foreground=base.foreground,
    )
