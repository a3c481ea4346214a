"""Everything is built here, once, from the settings."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from integrations.github.user_reviewer import UserReviewer
from service.config.rules import (
    field_ids,
    matching_policy,
    policy,
    tech_file,
    templates,
    ticket_link,
)
from service.config.settings import Settings
from service.guard.call_guard import CallGuard
from service.guard.circuit_breaker import CircuitBreaker
from service.guard.daily_limit import DailyLimit
from service.guard.foreground import Foreground
from service.guard.rate_limit import RateLimiter, limits
from service.guard.shutdown import Shutdown
from service.guard.vendor_health import VendorHealth
from service.guard.vendors import Vendors, build_vendors
from service.observability.tracing import Tracing, make_tracing
from service.records.cards import CardRecords, late_write
from service.records.database import AsyncPool, Database, ensure_schema, make_async_pool
from service.records.figures import FigureRecords
from service.records.intake import Intake
from service.records.later import LaterRecords
from service.records.lists import ListRecords
from service.records.periodic_tasks import PeriodicTaskRecords
from service.records.queries import Records
from service.records.removals import RemovalRecords
from service.records.removed import RemovedRecords
from service.records.retention import Retention
from service.records.runs import Runs
from service.upkeep.removal import RemovalLook
from service.upkeep.scheduler import Scheduler
from service.upkeep.sweep import Sweep
from service.upkeep.tasks import message_tasks, periodic_tasks
from service.upkeep.wiring import build_removal, build_sweep
from service.work.access_lists import AccessLists
from service.work.attempt import AttemptRunner
from service.work.ensure_card import CardKeeper
from service.work.preview import Previews
from service.work.process import Processing, Rules
from service.work.queue import CONCURRENCY, DEAD_AFTER, JobQueue
from service.work.removal_preview import RemovalPreviews
from service.work.removed_people import RemovedPeople

# One for each job that runs at once, and some for the operators' requests.
BLOCKING_CONNECTIONS = CONCURRENCY + 2
ASYNC_CONNECTIONS = 6


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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Base:
    """What all other parts stand on: the database, and the guarded ways to the vendors."""

    settings: Settings
    database: Database
    pool: AsyncPool
    stop: Shutdown
    breaker: CircuitBreaker
    health: VendorHealth
    foreground: Foreground
    tracing: Tracing
    vendors: Vendors
    daily_limit: DailyLimit


@dataclass(frozen=True, slots=True, kw_only=True)
class _People:
    """Who is in the access lists, and who has left them."""

    lists: AccessLists
    removed_records: RemovedRecords
    removed: RemovedPeople


@dataclass(frozen=True, slots=True, kw_only=True)
class _Work:
    """One ticket, from its job to its result."""

    runs: Runs
    processing: Processing
    engine: JobQueue
    intake: Intake


def build_service(settings: Settings) -> Service:
    """Build all parts; nothing is connected to yet."""
    base = _base(settings)
    people = _people(base)
    work = _work(base, people)
    records = Records(base.database)
    removals = RemovalRecords(base.database)
    removal = build_removal(
        settings,
        base.vendors,
        lists=people.lists,
        database=base.database,
        daily_limit=base.daily_limit,
        stop=base.stop,
    )
    sweep = build_sweep(
        settings,
        base.vendors,
        database=base.database,
        lists=people.lists,
        intake=work.intake,
        daily_limit=base.daily_limit,
        removal=removal,
    )
    removal_shown = _removal_previews(settings, people.lists, base.vendors.reviewer)
    return Service(
        settings=settings,
        database=base.database,
        pool=base.pool,
        stop=base.stop,
        vendors=base.vendors,
        health=base.health,
        lists=people.lists,
        records=records,
        removals=removals,
        removal=removal,
        removal_shown=removal_shown,
        intake=work.intake,
        previews=Previews(
            processing=work.processing,
            runs=work.runs,
            records=records,
            templates=templates(settings),
            removals=removal_shown,
        ),
        engine=work.engine,
        sweep=sweep,
        scheduler=_scheduler(base, people, sweep),
        messages=Scheduler(PeriodicTaskRecords(base.pool), message_tasks(settings, base.database)),
        tracing=base.tracing,
        foreground=base.foreground,
    )


def _base(settings: Settings) -> _Base:
    url = settings.database_url.get_secret_value()
    database = Database(url, most_connections=BLOCKING_CONNECTIONS)
    stop = Shutdown()
    breaker = CircuitBreaker(database)
    health = VendorHealth(database)
    foreground = Foreground()
    guard = CallGuard(
        stop,
        RateLimiter(database, limits(settings), breaker=breaker, wait=stop.wait),
        breaker,
        is_dry_run=settings.dry_run,
        health=health,
        foreground=foreground,
    )
    tracing = make_tracing(settings.traces_url)
    return _Base(
        settings=settings,
        database=database,
        pool=make_async_pool(url, most_connections=ASYNC_CONNECTIONS),
        stop=stop,
        breaker=breaker,
        health=health,
        foreground=foreground,
        tracing=tracing,
        vendors=build_vendors(settings, guard, tracing),
        daily_limit=DailyLimit(database, limit=settings.daily_limit, timezone=settings.timezone),
    )


def _people(base: _Base) -> _People:
    look_back = timedelta(days=base.settings.removed_look_back_days)
    records = RemovedRecords(base.database, look_back=look_back)
    reviewer = base.vendors.reviewer
    return _People(
        lists=AccessLists(
            reviewer, ListRecords(base.database), records, tech_file=tech_file(base.settings)
        ),
        removed_records=records,
        removed=RemovedPeople(reviewer, records, look_back=look_back),
    )


def _work(base: _Base, people: _People) -> _Work:
    settings = base.settings
    runs = Runs(base.database)
    later = LaterRecords(base.database)
    processing = Processing(
        zendesk=base.vendors.zendesk,
        cards=_card_keeper(base, runs),
        lists=people.lists,
        removed=people.removed,
        runs=runs,
        daily_limit=base.daily_limit,
        later=later,
        rules=_rules(settings),
    )
    attempts = AttemptRunner(
        processing,
        runs,
        base.breaker,
        base.health,
        later,
        base.foreground,
        retry_for=settings.retry_for_seconds,
    )
    engine = JobQueue(
        base.pool,
        base.tracing.traced("process a ticket", attempts.run),
        prepare=lambda: ensure_schema(settings.database_url.get_secret_value()),
        longest_call=settings.request_timeout_seconds,
    )
    intake = Intake(base.pool, engine.store_jobs, is_dry_run=settings.dry_run)
    return _Work(runs=runs, processing=processing, engine=engine, intake=intake)


def _card_keeper(base: _Base, runs: Runs) -> CardKeeper:
    settings = base.settings
    records = CardRecords(base.database, late_write=late_write(settings.request_timeout_seconds))
    return CardKeeper(
        base.vendors.trello,
        runs,
        records,
        base.daily_limit,
        urgent_within=timedelta(hours=settings.urgent_hours),
        urgent_label=settings.urgent_label,
    )


def _scheduler(base: _Base, people: _People, sweep: Sweep) -> Scheduler:
    """Return what runs the periodic tasks, all but the sending of messages."""
    settings = base.settings
    retention = Retention(
        base.database,
        people.removed_records,
        keep_days=settings.keep_days,
        until_days=settings.after_date_until_days if settings.after_date else None,
    )
    tasks = periodic_tasks(
        settings,
        sweep=sweep,
        retention=retention,
        vendors=base.vendors,
        removed=lambda: people.removed.catch_up(people.lists.current_lists()),
        figures=FigureRecords(base.database, dead_after=DEAD_AFTER),
    )
    return Scheduler(PeriodicTaskRecords(base.pool), tasks)


def _removal_previews(
    settings: Settings, lists: AccessLists, reviewer: UserReviewer
) -> RemovalPreviews | None:
    """Return what shows the pull requests of the leaving date, if they are wanted."""
    if not settings.removal_pull_requests:
        return None
    return RemovalPreviews(
        lists,
        reviewer,
        matching=matching_policy(settings),
        ticket_link=ticket_link(settings),
        timezone=settings.timezone,
    )


def _rules(settings: Settings) -> Rules:
    """Return the settings that a leaver is processed by."""
    zone = ZoneInfo(settings.timezone)
    return Rules(
        policy=policy(settings),
        matching=matching_policy(settings),
        fields=field_ids(settings),
        is_dry_run=settings.dry_run,
        daily_limit=settings.daily_limit,
        today=lambda: datetime.now(zone).date(),
    )
