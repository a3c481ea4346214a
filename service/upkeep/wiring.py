"""The sweep and the periodic tasks, built from the settings."""

from functools import partial

from service.config.rules import after_date_rules, line_link, matching_policy, ticket_link
from service.guard.wiring import Base
from service.records.after_date import AfterDateRecords
from service.records.cards import late_write
from service.records.figures import FigureRecords
from service.records.intake import Intake
from service.records.periodic_tasks import PeriodicTaskRecords
from service.records.reminders import ReminderRecords
from service.records.removal_attempts import RemovalAttempts
from service.records.removal_problems import RemovalProblems
from service.records.removals import RemovalRecords
from service.records.retention import Retention
from service.records.sweep_queries import SweepRecords
from service.records.watched import WatchedRecords
from service.upkeep.after_date import AfterDateLook
from service.upkeep.pull_request_attempts import Attempts
from service.upkeep.pull_request_closing import Closing
from service.upkeep.pull_request_context import PullRequestRules
from service.upkeep.pull_request_opening import Opening
from service.upkeep.pull_request_steps import PullRequestSteps
from service.upkeep.reminders import Reminders
from service.upkeep.removal import RemovalLook, RemovalRules
from service.upkeep.removal_announcement import Announcement
from service.upkeep.removal_notes import RemovalNotes
from service.upkeep.removal_of_leaver import LeaverRemoval
from service.upkeep.scheduler import Scheduler
from service.upkeep.sweep import Sweep
from service.upkeep.tasks import periodic_tasks
from service.work.access_lists import AccessLists
from service.work.queue import DEAD_AFTER
from service.work.wiring import People


def build_scheduler(base: Base, people: People, sweep: Sweep) -> Scheduler:
    """Build what runs the periodic tasks, all but the sending of messages."""
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


def build_sweep(
    base: Base, lists: AccessLists, *, intake: Intake, removal: RemovalLook | None
) -> Sweep:
    """Build what looks through the tickets, and at leavers after their leaving date."""
    settings, vendors = base.settings, base.vendors
    return Sweep(
        zendesk=vendors.zendesk,
        trello=vendors.trello,
        intake=intake,
        records=SweepRecords(base.database, is_dry_run=settings.dry_run),
        limit=base.daily_limit,
        after_date=_after_date_look(base, lists),
        tag=settings.zendesk_leaver_tag,
        retry_for=settings.retry_for_seconds,
        removal=removal,
    )


def _after_date_look(base: Base, lists: AccessLists) -> AfterDateLook | None:
    """Return what looks at leavers after their leaving date, if that is wanted."""
    settings, database, trello = base.settings, base.database, base.vendors.trello
    if not settings.after_date:
        return None
    rules = after_date_rules(settings)
    reminders = Reminders(
        trello,
        ReminderRecords(database, late_write=late_write(settings.request_timeout_seconds)),
        rules,
        partial(RemovalRecords(database).words_for_card, line_link=line_link(settings)),
    )
    return AfterDateLook(
        lists=lists,
        trello=trello,
        leavers=WatchedRecords(database),
        records=AfterDateRecords(database),
        rules=rules,
        matching=matching_policy(settings),
        done_lists=settings.trello_done_lists,
        reminders=None if settings.dry_run else reminders,
    )


def build_removal(base: Base, lists: AccessLists) -> RemovalLook | None:
    """Build what opens removal pull requests and keeps them in step; None if that is not wanted."""
    settings, vendors, database = base.settings, base.vendors, base.database
    pulls = vendors.pulls
    if pulls is None or settings.dry_run:
        return None
    records, attempts = RemovalRecords(database), RemovalAttempts(database)
    wording = PullRequestRules(ticket_link=ticket_link(settings), timezone=settings.timezone)
    announcement = Announcement(
        pulls=pulls,
        trello=vendors.trello,
        records=records,
        reviewers=settings.pull_request_reviewers,
        label=settings.pull_request_label,
    )
    opening = Opening(
        pulls=pulls,
        announcement=announcement,
        records=records,
        attempts=attempts,
        limit=base.daily_limit,
        rules=wording,
        wait=base.stop.wait,
    )
    closing = Closing(pulls=pulls, records=records)
    steps = PullRequestSteps(
        pulls=pulls, opening=opening, closing=closing, records=records, rules=wording
    )
    leaver_removal = LeaverRemoval(
        pulls=pulls,
        attempts=Attempts(pulls=pulls, opening=opening, records=records, attempts=attempts),
        records=records,
        notes=RemovalNotes(records=records, closing=closing),
        steps=steps,
        announcement=announcement,
        matching=matching_policy(settings),
    )
    return RemovalLook(
        leaver_removal=leaver_removal,
        reviewer=vendors.reviewer,
        lists=lists,
        trello=vendors.trello,
        records=records,
        problems=RemovalProblems(database),
        rules=RemovalRules(
            days_before=settings.pull_request_days_before,
            dates=after_date_rules(settings),
        ),
    )
