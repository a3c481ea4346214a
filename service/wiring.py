"""Everything is built here, once, from the settings."""

import posixpath
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from integrations.policy import Call
from integrations.policy import Policy as CallPolicy
from integrations.trello import Trello
from integrations.user_reviewer import UserReviewer
from integrations.zendesk import Zendesk
from integrations.zendesk_login import ApiToken, OAuthClient, ZendeskLogin
from service.acceptance import Acceptance
from service.access_lists import AccessLists
from service.attempts import Attempts
from service.calls import CallGuard
from service.caps import Caps
from service.cards import CardKeeper
from service.chores import Chores
from service.database import AsyncPool, Database, ensure_schema, make_async_pool
from service.domain.matching import MatchingPolicy
from service.domain.plan import Policy, Role
from service.domain.protected import in_every_domain
from service.domain.ticket import FieldIds
from service.engine import CONCURRENCY, Engine
from service.erasing import Erasing
from service.own_chores import message_chores, upkeep_chores
from service.pacing import UPDATES, Limit, Pacing
from service.previews import Previews
from service.process import Processing, Rules
from service.records import Records
from service.runs import Runs, late_write
from service.settings import Settings, ZendeskSettings
from service.stopping import StopSign
from service.sweep import Sweep
from service.sweep_records import SweepRecords
from service.telling.tracing import Tracing, make_tracing

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
    stop: StopSign
    vendors: Vendors
    lists: AccessLists
    records: Records
    acceptance: Acceptance
    previews: Previews
    engine: Engine
    sweep: Sweep
    chores: Chores
    # Apart from the others: neither waits for the other.
    messages: Chores
    tracing: Tracing


def build_service(settings: Settings) -> Service:
    """Build all parts; nothing is connected to yet."""
    url = settings.database_url.get_secret_value()
    database = Database(url, most_connections=BLOCKING_CONNECTIONS)
    pool = make_async_pool(url, most_connections=ASYNC_CONNECTIONS)
    stop = StopSign()
    runs = Runs(database, late_write=late_write(settings.request_timeout_seconds))
    records = Records(database)
    pacing = Pacing(database, vendor_limits(settings), wait=stop.wait)
    tracing = make_tracing(settings.traces_url)
    guard = CallGuard(runs, stop, pacing, is_dry_run=settings.dry_run)
    vendors = build_vendors(settings, guard, tracing)
    lists = AccessLists(vendors.reviewer, database, tech_file=tech_file(settings))
    caps = Caps(database, limit=settings.daily_limit, timezone=settings.timezone)
    cards = CardKeeper(vendors.trello, runs, caps)
    processing = Processing(
        zendesk=vendors.zendesk,
        cards=cards,
        lists=lists,
        runs=runs,
        caps=caps,
        rules=rules(settings),
    )
    attempts = Attempts(processing, runs, pacing, retry_for=settings.retry_for_seconds)
    attempt = tracing.traced("process a ticket", attempts.attempt)
    engine = Engine(
        pool,
        attempt,
        prepare=lambda: ensure_schema(url),
        longest_call=settings.request_timeout_seconds,
    )
    acceptance = Acceptance(pool, engine.store_job, is_dry_run=settings.dry_run)
    sweep = Sweep(
        zendesk=vendors.zendesk,
        trello=vendors.trello,
        acceptance=acceptance,
        records=SweepRecords(database, is_dry_run=settings.dry_run),
        tag=settings.zendesk_leaver_tag,
    )
    erasing = Erasing(database, keep_days=settings.keep_days)
    return Service(
        settings=settings,
        database=database,
        pool=pool,
        stop=stop,
        vendors=vendors,
        lists=lists,
        records=records,
        acceptance=acceptance,
        previews=Previews(
            processing=processing,
            cards=cards,
            runs=runs,
            records=records,
            templates=templates(settings),
        ),
        engine=engine,
        sweep=sweep,
        chores=Chores(
            pool,
            upkeep_chores(settings, sweep=sweep, erasing=erasing, policy=vendors.policy),
        ),
        messages=Chores(
            pool,
            message_chores(settings, database, ticket_link=rules(settings).policy.ticket_link),
        ),
        tracing=tracing,
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
