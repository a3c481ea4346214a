"""The way of one ticket from its job to its result, built from the settings."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from service.config.rules import (
    field_ids,
    matching_policy,
    policy,
    tech_file,
    templates,
    ticket_link,
)
from service.config.settings import Settings
from service.guard.wiring import Base
from service.records.cards import CardRecords, late_write
from service.records.database import ensure_schema
from service.records.intake import Intake
from service.records.later import LaterRecords
from service.records.lists import ListRecords
from service.records.queries import Records
from service.records.removed import RemovedRecords
from service.records.runs import Runs
from service.work.access_lists import AccessLists
from service.work.attempt import AttemptRunner
from service.work.decide import Decider, Rules
from service.work.ensure_card import CardKeeper
from service.work.preview import Previews
from service.work.process import Processing
from service.work.queue import JobQueue
from service.work.removal_preview import RemovalPreviews
from service.work.removed_people import RemovedPeople


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Who is in the access lists, and who has left them."""

    lists: AccessLists
    removed_records: RemovedRecords
    removed: RemovedPeople


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One ticket, from its job to its result; and what would come of it.

    Attributes:
        engine: stores jobs, and runs them.
        intake: receives tickets.
        previews: what a run would do.
        removal_previews: what the pull requests would contain; None if none are wanted.
    """

    engine: JobQueue
    intake: Intake
    previews: Previews
    removal_previews: RemovalPreviews | None


def build_people(base: Base) -> People:
    """Build what knows the access lists."""
    look_back = timedelta(days=base.settings.removed_look_back_days)
    records = RemovedRecords(base.database, look_back=look_back)
    reviewer = base.vendors.reviewer
    return People(
        lists=AccessLists(
            reviewer, ListRecords(base.database), records, tech_file=tech_file(base.settings)
        ),
        removed_records=records,
        removed=RemovedPeople(reviewer, records, look_back=look_back),
    )


def build_work(base: Base, people: People, records: Records) -> Work:
    """Build what processes tickets."""
    settings = base.settings
    runs = Runs(base.database)
    later = LaterRecords(base.database)
    cards, rules = _card_keeper(base, runs), _rules(settings)
    decider = Decider(
        zendesk=base.vendors.zendesk,
        cards=cards,
        lists=people.lists,
        removed=people.removed,
        runs=runs,
        later=later,
        rules=rules,
    )
    processing = Processing(
        decider=decider,
        zendesk=base.vendors.zendesk,
        cards=cards,
        runs=runs,
        daily_limit=base.daily_limit,
        later=later,
        rules=rules,
    )
    attempts = AttemptRunner(
        processing,
        runs,
        base.breaker,
        base.health,
        later,
        retry_for=settings.retry_for_seconds,
    )
    engine = JobQueue(
        base.pool,
        base.tracing.traced("process a ticket", attempts.run),
        prepare=lambda: ensure_schema(settings.database_url.get_secret_value()),
        longest_call=settings.request_timeout_seconds,
        foreground=base.foreground,
    )
    removal_previews = _removal_previews(base, people.lists)
    return Work(
        engine=engine,
        intake=Intake(base.pool, engine.store_jobs, is_dry_run=settings.dry_run),
        previews=Previews(
            decider=decider,
            runs=runs,
            records=records,
            templates=templates(settings),
            removals=removal_previews,
        ),
        removal_previews=removal_previews,
    )


def _card_keeper(base: Base, runs: Runs) -> CardKeeper:
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


def _removal_previews(base: Base, lists: AccessLists) -> RemovalPreviews | None:
    settings = base.settings
    if not settings.removal_pull_requests:
        return None
    return RemovalPreviews(
        lists,
        base.vendors.reviewer,
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
