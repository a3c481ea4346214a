"""Everything is built here, once, from the settings."""

import posixpath
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from urllib.parse import quote
from zoneinfo import ZoneInfo

from integrations.github.pull_requests import PullRequests
from integrations.github.user_reviewer import UserReviewer
from integrations.http.policy import Call
from integrations.http.policy import Policy as CallPolicy
from integrations.trello.account import TrelloAccount
from integrations.trello.api import HeaderLogin
from integrations.trello.client import Trello
from integrations.zendesk.account import AccessToken, ZendeskAccount
from integrations.zendesk.admin import ZendeskAdmin
from integrations.zendesk.client import Zendesk
from integrations.zendesk.login import OAuthClient
from service.config.settings import Settings, SetupSettings, ZendeskSettings
from service.domain.after_date import AfterDateRules
from service.domain.drafts import Role
from service.domain.facts import Policy
from service.domain.identity import in_every_domain
from service.domain.matching.match_person import MatchingPolicy
from service.domain.ticket import FieldIds
from service.guard.call_guard import CallGuard
from service.guard.circuit_breaker import CircuitBreaker
from service.guard.daily_limit import DailyLimit
from service.guard.foreground import Foreground
from service.guard.rate_limit import GITHUB_WRITES, UPDATES, Limit, RateLimiter
from service.guard.shutdown import Shutdown
from service.guard.vendor_health import VendorHealth
from service.observability.tracing import Tracing, make_tracing
from service.records.after_date import AfterDateRecords
from service.records.cards import CardRecords, late_write
from service.records.database import AsyncPool, Database, ensure_schema, make_async_pool
from service.records.figures import FigureRecords
from service.records.intake import Intake
from service.records.later import LaterRecords
from service.records.lists import ListRecords
from service.records.periodic_tasks import PeriodicTaskRecords
from service.records.queries import Records
from service.records.removals import LineLink, RemovalRecords
from service.records.removed import RemovedRecords
from service.records.retention import Retention
from service.records.runs import Runs
from service.records.sweep_queries import SweepRecords
from service.upkeep.after_date import AfterDateLook
from service.upkeep.pull_request_steps import PullRequestRules, PullRequestSteps
from service.upkeep.removal import RemovalLook, RemovalRules
from service.upkeep.scheduler import Scheduler
from service.upkeep.sweep import Sweep
from service.upkeep.tasks import message_tasks, periodic_tasks
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

# GitHub's secondary limits: 80 writes a minute and 500 an hour. These are never more than 60 at
# once and one each eight seconds after that.
GITHUB_WRITES_LIMIT = Limit(requests=500, seconds=3600, most_at_once=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Vendors:
    """The ways to the three vendors, and how they are called.

    Attributes:
        zendesk: tickets.
        zendesk_account: what the account is like, for `leavers check`.
        trello: the board's cards.
        trello_account: what the account and its token may do.
        reviewer: the access lists.
        pulls: pull requests, with the second token; None where none are opened.
        policy: how every call is made.
    """

    zendesk: Zendesk
    zendesk_account: ZendeskAccount
    trello: Trello
    trello_account: TrelloAccount
    reviewer: UserReviewer
    pulls: PullRequests | None
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
    limiter = RateLimiter(database, vendor_limits(settings), breaker=breaker, wait=stop.wait)
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
        rules=rules(settings),
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
    removal = None
    if vendors.pulls and not settings.dry_run:
        removal = build_removal(
            settings,
            vendors,
            vendors.pulls,
            lists=lists,
            records=removals,
            daily_limit=daily_limit,
            stop=stop,
        )
    sweep = Sweep(
        zendesk=vendors.zendesk,
        trello=vendors.trello,
        intake=intake,
        records=SweepRecords(database, is_dry_run=settings.dry_run),
        limit=daily_limit,
        after_date=after_date_look(settings, vendors, lists, database),
        tag=settings.zendesk_leaver_tag,
        retry_for=settings.retry_for_seconds,
        removal=removal,
    )
    erasing = Retention(
        database,
        removed,
        keep_days=settings.keep_days,
        until_days=settings.after_date_until_days if settings.after_date else None,
    )
    removal_shown = removal_previews(settings, lists, vendors.reviewer)
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
                erasing=erasing,
                trello=vendors.trello_account,
                removed=lambda: people.catch_up(lists.current_lists()),
                figures=FigureRecords(database, dead_after=DEAD_AFTER),
                policy=vendors.policy,
            ),
        ),
        messages=Scheduler(
            PeriodicTaskRecords(pool),
            message_tasks(
                settings,
                database,
                ticket_link=rules(settings).policy.ticket_link,
                rules=after_date_rules(settings),
            ),
        ),
        tracing=tracing,
        foreground=foreground,
    )


def build_removal(
    settings: Settings,
    vendors: Vendors,
    pulls: PullRequests,
    *,
    lists: AccessLists,
    records: RemovalRecords,
    daily_limit: DailyLimit,
    stop: Shutdown,
) -> RemovalLook:
    """Build what opens removal pull requests and keeps them in step."""
    of_leavers = rules(settings)
    steps = PullRequestSteps(
        pulls=pulls,
        trello=vendors.trello,
        records=records,
        limit=daily_limit,
        rules=PullRequestRules(
            ticket_link=of_leavers.policy.ticket_link,
            timezone=settings.timezone,
            reviewers=settings.pull_request_reviewers,
            label=settings.pull_request_label,
        ),
        wait=stop.wait,
    )
    return RemovalLook(
        pulls=pulls,
        reviewer=vendors.reviewer,
        lists=lists,
        trello=vendors.trello,
        records=records,
        steps=steps,
        rules=RemovalRules(
            days_before=settings.pull_request_days_before,
            dates=AfterDateRules(
                steps=(),
                until_days=settings.after_date_until_days,
                due_time=settings.due_time,
                timezone=settings.timezone,
            ),
            matching=of_leavers.matching,
        ),
    )


def removal_previews(
    settings: Settings, lists: AccessLists, reviewer: UserReviewer
) -> RemovalPreviews | None:
    """Return what shows the pull requests of the leaving date, where they are wanted."""
    if not settings.removal_pull_requests:
        return None
    return RemovalPreviews(
        lists,
        reviewer,
        matching=rules(settings).matching,
        ticket_link=rules(settings).policy.ticket_link,
        timezone=settings.timezone,
    )


def pull_requests(settings: Settings, policy: CallPolicy) -> PullRequests | None:
    """Build the way to GitHub that writes; None if no pull requests are wanted."""
    token = settings.github_pull_request_token
    if not settings.removal_pull_requests or token is None:
        return None
    return PullRequests(
        token=token.get_secret_value(),
        url=settings.github_url,
        repository=settings.user_reviewer_repository,
        branch=settings.user_reviewer_branch,
        policy=policy,
    )


def read_only_vendors(settings: Settings) -> Vendors:
    """Build the ways to the vendors for a command that only looks: no write is let pass."""
    return build_vendors(
        settings, CallGuard(Shutdown(), limiter=None, breaker=None, is_dry_run=True), Tracing()
    )


def build_vendors(settings: Settings, guard: CallGuard, tracing: Tracing) -> Vendors:
    """Build the ways to the vendors."""

    def after_call(call: Call, seconds: float, outcome: str) -> None:
        guard.after_call(call, seconds, outcome)
        tracing.call(call, seconds, outcome)

    policy = CallPolicy(
        timeout=settings.request_timeout_seconds,
        before_call=guard.before_call,
        after_call=after_call,
        after_answer=guard.after_answer,
    )
    trello_login = HeaderLogin(
        settings.trello_api_key.get_secret_value(), settings.trello_token.get_secret_value()
    )
    return Vendors(
        policy=policy,
        zendesk=Zendesk(
            zendesk_client(settings),
            subdomain=settings.zendesk_subdomain,
            url=settings.zendesk_url,
            policy=policy,
        ),
        zendesk_account=zendesk_account(settings, policy),
        trello=Trello(
            trello_login,
            url=settings.trello_url,
            board=settings.trello_board_id,
            list_name=settings.trello_list_name,
            templates=templates(settings),
            policy=policy,
        ),
        trello_account=TrelloAccount(
            trello_login, url=settings.trello_url, board=settings.trello_board_id, policy=policy
        ),
        reviewer=UserReviewer(
            token=settings.github_token.get_secret_value(),
            url=settings.github_url,
            repository=settings.user_reviewer_repository,
            branch=settings.user_reviewer_branch,
            directory=settings.user_reviewer_directory,
            policy=policy,
        ),
        pulls=pull_requests(settings, policy),
    )


def setup_vendors(settings: SetupSettings) -> tuple[ZendeskAccount, ZendeskAdmin]:
    """Build the ways to Zendesk for its set-up: as the service, and as an administrator."""
    # These few calls of a person at the shell are not paced, and belong to no run.
    policy = CallPolicy(
        timeout=settings.request_timeout_seconds,
        before_call=lambda _: None,
        after_call=lambda *_: None,
    )
    admin = ZendeskAdmin(
        _admin_login(settings),
        subdomain=settings.zendesk_subdomain,
        url=settings.zendesk_url,
        policy=policy,
    )
    return zendesk_account(settings, policy), admin


def zendesk_account(settings: ZendeskSettings, policy: CallPolicy) -> ZendeskAccount:
    """Build the way to what the Zendesk account is like."""
    return ZendeskAccount(
        zendesk_client(settings),
        subdomain=settings.zendesk_subdomain,
        url=settings.zendesk_url,
        policy=policy,
    )


def _admin_login(settings: SetupSettings) -> OAuthClient | AccessToken:
    if settings.zendesk_admin_client_id and settings.zendesk_admin_client_secret:
        return OAuthClient(
            client_id=settings.zendesk_admin_client_id,
            client_secret=settings.zendesk_admin_client_secret.get_secret_value(),
            scope=settings.zendesk_admin_scope,
            setting="ZENDESK_ADMIN",
        )
    if settings.zendesk_admin_access_token:
        return AccessToken(token=settings.zendesk_admin_access_token.get_secret_value())
    return zendesk_client(settings)


def after_date_rules(settings: Settings) -> AfterDateRules:
    """Return the settings that decide about leavers after their leaving date."""
    return AfterDateRules(
        steps=settings.after_date_steps,
        until_days=settings.after_date_until_days,
        due_time=settings.due_time,
        timezone=settings.timezone,
    )


def after_date_look(
    settings: Settings, vendors: Vendors, lists: AccessLists, database: Database
) -> AfterDateLook | None:
    """Return what looks at leavers after their leaving date, where that is wanted."""
    if not settings.after_date:
        return None
    return AfterDateLook(
        lists=lists,
        trello=vendors.trello,
        records=AfterDateRecords(database, late_write=late_write(settings.request_timeout_seconds)),
        rules=after_date_rules(settings),
        matching=rules(settings).matching,
        done_lists=settings.trello_done_lists,
        links=partial(RemovalRecords(database).words_for_card, line_link=line_link(settings)),
        is_dry_run=settings.dry_run,
    )


def vendor_limits(settings: Settings) -> dict[str, Limit]:
    """Return what all workers together may send to each vendor; GitHub's own answers limit it."""
    return {
        "Zendesk": Limit(requests=settings.zendesk_requests_per_minute, seconds=60),
        UPDATES: Limit(requests=settings.zendesk_updates_per_minute, seconds=60),
        "Trello": Limit(requests=settings.trello_requests_per_10_seconds, seconds=10),
        GITHUB_WRITES: GITHUB_WRITES_LIMIT,
    }


def line_link(settings: Settings) -> LineLink:
    """Return what links to one line of an access list, by path, commit and number of the line."""
    files = f"https://github.com/{settings.user_reviewer_repository}/blob"
    return lambda path, commit, number: f"{files}/{commit}/{quote(path)}#L{number}"


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
            commit_link=f"https://github.com/{settings.user_reviewer_repository}/commit/{{}}",
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


def zendesk_client(settings: ZendeskSettings) -> OAuthClient:
    """Return the OAuth client that the service itself gets into Zendesk with."""
    return OAuthClient(
        client_id=settings.zendesk_client_id,
        client_secret=settings.zendesk_client_secret.get_secret_value(),
        scope=settings.zendesk_scope,
    )
