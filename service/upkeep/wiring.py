"""What the sweep does, built from the settings: tickets, leavers after the date, pull requests."""

from functools import partial

from service.config.rules import after_date_rules, line_link, matching_policy, ticket_link
from service.config.settings import Settings
from service.domain.after_date import AfterDateRules
from service.guard.daily_limit import DailyLimit
from service.guard.shutdown import Shutdown
from service.guard.vendors import Vendors
from service.records.after_date import AfterDateRecords
from service.records.cards import late_write
from service.records.database import Database
from service.records.intake import Intake
from service.records.reminders import ReminderRecords
from service.records.removal_attempts import RemovalAttempts
from service.records.removal_problems import RemovalProblems
from service.records.removals import RemovalRecords
from service.records.sweep_queries import SweepRecords
from service.records.watched import WatchedRecords
from service.upkeep.after_date import AfterDateLook
from service.upkeep.pull_request_attempts import Attempts
from service.upkeep.pull_request_context import PullRequestRules
from service.upkeep.pull_request_opening import Opening
from service.upkeep.pull_request_steps import PullRequestSteps
from service.upkeep.reminders import Reminders
from service.upkeep.removal import RemovalLook, RemovalRules
from service.upkeep.removal_announcement import Announcement
from service.upkeep.removal_notes import RemovalNotes
from service.upkeep.removal_of_leaver import LeaverRemoval
from service.upkeep.sweep import Sweep
from service.work.access_lists import AccessLists


def build_sweep(
    settings: Settings,
    vendors: Vendors,
    *,
    database: Database,
    lists: AccessLists,
    intake: Intake,
    daily_limit: DailyLimit,
    removal: RemovalLook | None,
) -> Sweep:
    """Build what looks through the tickets, and at leavers after their leaving date."""
    return Sweep(
        zendesk=vendors.zendesk,
        trello=vendors.trello,
        intake=intake,
        records=SweepRecords(database, is_dry_run=settings.dry_run),
        limit=daily_limit,
        after_date=_after_date_look(settings, vendors, lists, database),
        tag=settings.zendesk_leaver_tag,
        retry_for=settings.retry_for_seconds,
        removal=removal,
    )


def _after_date_look(
    settings: Settings, vendors: Vendors, lists: AccessLists, database: Database
) -> AfterDateLook | None:
    """Return what looks at leavers after their leaving date, if that is wanted."""
    if not settings.after_date:
        return None
    rules = after_date_rules(settings)
    reminders = Reminders(
        vendors.trello,
        ReminderRecords(database, late_write=late_write(settings.request_timeout_seconds)),
        rules,
        partial(RemovalRecords(database).words_for_card, line_link=line_link(settings)),
    )
    return AfterDateLook(
        lists=lists,
        trello=vendors.trello,
        leavers=WatchedRecords(database),
        records=AfterDateRecords(database),
        rules=rules,
        matching=matching_policy(settings),
        done_lists=settings.trello_done_lists,
        reminders=None if settings.dry_run else reminders,
    )


def build_removal(
    settings: Settings,
    vendors: Vendors,
    *,
    lists: AccessLists,
    database: Database,
    daily_limit: DailyLimit,
    stop: Shutdown,
) -> RemovalLook | None:
    """Build what opens removal pull requests and keeps them in step; None if that is not wanted."""
    pulls = vendors.pulls
    if pulls is None or settings.dry_run:
        return None
    records, attempts = RemovalRecords(database), RemovalAttempts(database)
    wording = PullRequestRules(ticket_link=ticket_link(settings), timezone=settings.timezone)
    opening = Opening(
        pulls=pulls,
        announcement=Announcement(
            pulls=pulls,
            trello=vendors.trello,
            records=records,
            reviewers=settings.pull_request_reviewers,
            label=settings.pull_request_label,
        ),
        records=records,
        attempts=attempts,
        limit=daily_limit,
        rules=wording,
        wait=stop.wait,
    )
    steps = PullRequestSteps(pulls=pulls, opening=opening, records=records, rules=wording)
    leaver_removal = LeaverRemoval(
        pulls=pulls,
        attempts=Attempts(pulls=pulls, opening=opening, records=records, attempts=attempts),
        records=records,
        notes=RemovalNotes(records=records, steps=steps),
        steps=steps,
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
            dates=AfterDateRules(
                steps=(),
                until_days=settings.after_date_until_days,
                due_time=settings.due_time,
                timezone=settings.timezone,
            ),
        ),
    )
