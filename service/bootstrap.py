"""Everything is built here, once, from the settings."""

import posixpath
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from integrations.github.user_reviewer import UserReviewer
from integrations.http.policy import Call
from integrations.http.policy import Policy as CallPolicy
from integrations.trello.client import Trello
from integrations.zendesk.client import Zendesk
from integrations.zendesk.login import ApiToken, OAuthClient, ZendeskLogin
from service.config.settings import Settings, ZendeskSettings
from service.domain.identity import in_every_domain
from service.domain.matching.match_person import MatchingPolicy
from service.domain.plan import Policy, Role
from service.domain.ticket import FieldIds
from service.guard.call_guard import CallGuard
from service.guard.daily_limit import DailyLimit
from service.guard.foreground import Foreground
from service.guard.pacing import UPDATES, Limit, Pacing
from service.guard.shutdown import Shutdown
from service.guard.vendor_health import VendorHealth
from service.observability.tracing import Tracing, make_tracing
from service.records.database import AsyncPool, Database, ensure_schema, make_async_pool
from service.records.intake import Intake
from service.records.queries import Records
from service.records.retention import Retention
from service.records.runs import Runs, late_write
from service.records.sweep_queries import SweepRecords
from service.upkeep.scheduler import Scheduler
from service.upkeep.sweep import Sweep
from service.upkeep.tasks import message_tasks, periodic_tasks
from service.work.access_lists import AccessLists
from service.work.attempt import AttemptRunner
from service.work.ensure_card import CardKeeper
from service.work.preview import Previews
from service.work.process import Processing, Rules
from service.work.queue import CONCURRENCY, JobQueue

# One for each job that runs at once, and some for the operators' requests.
BLOCKING_CONNECTIONS = CONCURRENCY + 8
ASYNC_CONNECTIONS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Vendors:
    """The three doors."""

    zendesk: Zendesk
    trello: Trello
    reviewer: UserReviewer
    policy: CallPolicy


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
    intake: Intake
    previews: Previews
    engine: JobQueue
    sweep: Sweep
    chores: Scheduler
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
    runs = Runs(database, late_write=late_write(settings.request_timeout_seconds))
    records = Records(database)
    pacing = Pacing(database, vendor_limits(settings), wait=stop.wait)
    tracing = make_tracing(settings.traces_url)
    health = VendorHealth(database)
    foreground = Foreground()
    guard = CallGuard(
        runs,
        stop,
        pacing,
        is_dry_run=settings.dry_run,
        health=health,
        foreground=foreground,
    )
    vendors = build_vendors(settings, guard, tracing)
    lists = AccessLists(vendors.reviewer, database, tech_file=tech_file(settings))
    caps = DailyLimit(database, limit=settings.daily_limit, timezone=settings.timezone)
    cards = CardKeeper(vendors.trello, runs, caps)
    processing = Processing(
        zendesk=vendors.zendesk,
        cards=cards,
        lists=lists,
        runs=runs,
        caps=caps,
        rules=rules(settings),
    )
    attempts = AttemptRunner(processing, runs, pacing, retry_for=settings.retry_for_seconds)
    attempt = tracing.traced("process a ticket", attempts.attempt)
    engine = JobQueue(
        pool,
        attempt,
        prepare=lambda: ensure_schema(url),
        longest_call=settings.request_timeout_seconds,
    )
    intake = Intake(pool, engine.store_job, is_dry_run=settings.dry_run)
    sweep = Sweep(
        zendesk=vendors.zendesk,
        trello=vendors.trello,
        intake=intake,
        records=SweepRecords(database, is_dry_run=settings.dry_run),
        tag=settings.zendesk_leaver_tag,
    )
    erasing = Retention(database, keep_days=settings.keep_days)
    return Service(
        settings=settings,
        database=database,
        pool=pool,
        stop=stop,
        vendors=vendors,
        health=health,
        lists=lists,
        records=records,
        intake=intake,
        previews=Previews(
            processing=processing,
            runs=runs,
            records=records,
            templates=templates(settings),
        ),
        engine=engine,
        sweep=sweep,
        chores=Scheduler(
            pool,
            periodic_tasks(settings, sweep=sweep, erasing=erasing, policy=vendors.policy),
        ),
        messages=Scheduler(
            pool,
            message_tasks(settings, database, ticket_link=rules(settings).policy.ticket_link),
        ),
        tracing=tracing,
        foreground=foreground,
    )


def build_vendors(settings: Settings, guard: CallGuard, tracing: Tracing | None = None) -> Vendors:
    """Build the three doors."""
    trace = tracing.call if tracing else Tracing().call

    def after_call(call: Call, seconds: float, outcome: str) -> None:
        guard.after_call(call, seconds, outcome)
        trace(call, seconds, outcome)

    policy = CallPolicy(
        timeout=settings.request_timeout_seconds,
        before_call=guard.before_call,
        after_call=after_call,
        after_answer=guard.after_answer,
    )
    return Vendors(
        policy=policy,
        zendesk=Zendesk(
            zendesk_login(settings),
            subdomain=settings.zendesk_subdomain,
            url=settings.zendesk_url,
            policy=policy,
        ),
        trello=Trello(
            key=settings.trello_api_key.get_secret_value(),
            token=settings.trello_token.get_secret_value(),
            url=settings.trello_url,
            board=settings.trello_board_id,
            list_name=settings.trello_list_name,
            templates=templates(settings),
            policy=policy,
        ),
        reviewer=UserReviewer(
            token=settings.github_token.get_secret_value(),
            url=settings.github_url,
            repository=settings.user_reviewer_repository,
            branch=settings.user_reviewer_branch,
            directory=settings.user_reviewer_directory,
            policy=policy,
        ),
    )


def vendor_limits(settings: Settings) -> dict[str, Limit]:
    """Return what all workers together may send to each vendor; GitHub's own answers limit it."""
    return {
        "Zendesk": Limit(requests=settings.zendesk_requests_per_minute, seconds=60),
        UPDATES: Limit(requests=settings.zendesk_updates_per_minute, seconds=60),
        "Trello": Limit(requests=settings.trello_requests_per_10_seconds, seconds=10),
    }


def rules(settings: Settings) -> Rules:
    """Return the settings that a leaver is processed by."""
    zone = ZoneInfo(settings.timezone)
    return Rules(
        policy=Policy(
            leaver_tag=settings.zendesk_leaver_tag,
            ticket_link=f"https://{settings.zendesk_subdomain}.zendesk.com/agent/tickets/{{}}",
            tech_file=tech_file(settings),
            no_access_action=settings.no_access_action,
            due_time=settings.due_time,
            timezone=settings.timezone,
            protected=in_every_domain(settings.protected, settings.organisation_domains),
        ),
        matching=MatchingPolicy(
            organisation_domains=settings.organisation_domains,
            act_on_name_alone=settings.act_on_name_alone,
        ),
        fields=FieldIds(
            name=settings.zendesk_name_field_id,
            email=settings.zendesk_email_field_id,
            leaving_date=settings.zendesk_leaving_date_field_id,
        ),
        is_dry_run=settings.dry_run,
        daily_limit=settings.daily_limit,
        today=lambda: datetime.now(zone).date(),
    )


def tech_file(settings: Settings) -> str:
    """Return the path in the repository of the list of tech people."""
    return posixpath.join(settings.user_reviewer_directory, settings.user_reviewer_tech_file)


def templates(settings: Settings) -> dict[str, str]:
    """Return each role's template card, by id or short link."""
    return {
        Role.TECH: settings.trello_tech_template,
        Role.NON_TECH: settings.trello_non_tech_template,
    }


def zendesk_login(settings: ZendeskSettings) -> ZendeskLogin:
    """Return the credentials that the service itself gets into Zendesk with."""
    if settings.zendesk_client_id and settings.zendesk_client_secret:
        return OAuthClient(
            client_id=settings.zendesk_client_id,
            client_secret=settings.zendesk_client_secret.get_secret_value(),
            scope=settings.zendesk_scope,
        )
    assert settings.zendesk_email and settings.zendesk_api_token  # noqa: S101, PT018 - the settings saw to it
    return ApiToken(
        email=settings.zendesk_email, token=settings.zendesk_api_token.get_secret_value()
    )
