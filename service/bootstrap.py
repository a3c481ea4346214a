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
BLOCKING_CONNECTIONS = CONCURRENCY + 8
ASYNC_CONNECTIONS = 10


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
    url = settings.database_url.get_secret_value()
    database = Database(url, most_connections=BLOCKING_CONNECTIONS)
    pool = make_async_pool(url, most_connections=ASYNC_CONNECTIONS)
    stop = Shutdown()
    runs = Runs(database)
    records = Records(database)
    breaker = CircuitBreaker(database)
    limiter = RateLimiter(database, limits(settings), breaker=breaker, wait=stop.wait)
    tracing = make_tracing(settings.traces_url)
    health = VendorHealth(database)
    foreground = Foreground()
    guard = CallGuard(
        stop,
        limiter,
        breaker,
        is_dry_run=settings.dry_run,
        health=health,
        foreground=foreground,
    )
    vendors = build_vendors(settings, guard, tracing)
    look_back = timedelta(days=settings.removed_look_back_days)
    removed = RemovedRecords(database, look_back=look_back)
    lists = AccessLists(
        vendors.reviewer, ListRecords(database), removed, tech_file=tech_file(settings)
    )
    people = RemovedPeople(vendors.reviewer, removed, look_back=look_back)
    daily_limit = DailyLimit(database, limit=settings.daily_limit, timezone=settings.timezone)
    cards = CardKeeper(
        vendors.trello,
        runs,
        CardRecords(database, late_write=late_write(settings.request_timeout_seconds)),
        daily_limit,
        urgent_within=timedelta(hours=settings.urgent_hours),
        urgent_label=settings.urgent_label,
    )
    later = LaterRecords(database)
    processing = Processing(
        zendesk=vendors.zendesk,
        cards=cards,
        lists=lists,
        removed=people,
        runs=runs,
        daily_limit=daily_limit,
        later=later,
        rules=_rules(settings),
    )
    attempts = AttemptRunner(
        processing, runs, breaker, health, later, retry_for=settings.retry_for_seconds
    )
    attempt = tracing.traced("process a ticket", attempts.run)
    engine = JobQueue(
        pool,
        attempt,
        prepare=lambda: ensure_schema(url),
        longest_call=settings.request_timeout_seconds,
    )
    intake = Intake(pool, engine.store_job, is_dry_run=settings.dry_run)
    removals = RemovalRecords(database)
    removal = build_removal(
        settings, vendors, lists=lists, records=removals, daily_limit=daily_limit, stop=stop
    )
    sweep = build_sweep(
        settings,
        vendors,
        database=database,
        lists=lists,
        intake=intake,
        daily_limit=daily_limit,
        removal=removal,
    )
    retention = Retention(
        database,
        removed,
        keep_days=settings.keep_days,
        until_days=settings.after_date_until_days if settings.after_date else None,
    )
    removal_shown = _removal_previews(settings, lists, vendors.reviewer)
    return Service(
        settings=settings,
        database=database,
        pool=pool,
        stop=stop,
        vendors=vendors,
        health=health,
        lists=lists,
        records=records,
        removals=removals,
        removal=removal,
        removal_shown=removal_shown,
        intake=intake,
        previews=Previews(
            processing=processing,
            runs=runs,
            records=records,
            templates=templates(settings),
            removals=removal_shown,
        ),
        engine=engine,
        sweep=sweep,
        scheduler=Scheduler(
            PeriodicTaskRecords(pool),
            periodic_tasks(
                settings,
                sweep=sweep,
                retention=retention,
                vendors=vendors,
                removed=lambda: people.catch_up(lists.current_lists()),
                figures=FigureRecords(database, dead_after=DEAD_AFTER),
            ),
        ),
        messages=Scheduler(PeriodicTaskRecords(pool), message_tasks(settings, database)),
        tracing=tracing,
        foreground=foreground,
    )


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
