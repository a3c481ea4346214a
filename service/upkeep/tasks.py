"""The service's periodic tasks, built from the settings."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial

from service.config.extras import separate_urls
from service.config.rules import after_date_rules, ticket_link
from service.config.settings import Settings
from service.domain.urgent import USUAL_TIME, UrgentRules
from service.guard.vendors import Vendors, github_token_ends_at, second_token_ends_at
from service.records.database import Database
from service.records.digests import Digests
from service.records.figures import FigureRecords
from service.records.notices import NoticeRecords
from service.records.pull_request_notices import PullRequestNotices
from service.records.retention import Retention
from service.records.urgent import UrgentCards
from service.upkeep.credential_expiry import (
    Credentials,
    trello_token_ends_at,
)
from service.upkeep.digest import DailyDigest
from service.upkeep.metrics import LOOKING_AT_CREDENTIALS, SWEEPING
from service.upkeep.notifications import MessageLinks, Notifier, Target, apprise_targets
from service.upkeep.scheduler import PeriodicTask
from service.upkeep.sweep import Sweep

ERASE_EVERY = 3600.0
NOTIFY_EVERY = 5.0
DIGEST_EVERY = 60.0
SUM_UP_EVERY = 600.0
LOOK_AT_CREDENTIALS_EVERY = 6 * 3600.0
# A new installation has other things to do first.
FIRST_LOOK_AFTER = 600.0


def periodic_tasks(
    settings: Settings,
    *,
    sweep: Sweep,
    retention: Retention,
    vendors: Vendors,
    removed: Callable[[], None],
    figures: FigureRecords,
) -> list[PeriodicTask]:
    """Return erasing, sweeping and looking at credentials; the last two only if it sweeps.

    Args:
        settings: whether and how often it sweeps, and the credentials.
        sweep: sweeps.
        retention: erases.
        vendors: know when their tokens end.
        removed: remembers who left the access lists.
        figures: keeps the totals.
    """
    sweep_every = settings.sweep_every_seconds

    async def do_sweep() -> dict[str, int]:
        return (await sweep.sweep()).as_dict()

    tasks = [
        PeriodicTask(
            name="erase", every=ERASE_EVERY, do=_in_thread(lambda: {"erased": retention.erase()})
        ),
        PeriodicTask(name="totals", every=SUM_UP_EVERY, do=_in_thread(figures.sum_up)),
    ]
    if sweep_every:
        tasks += [
            PeriodicTask(name=SWEEPING, every=sweep_every, do=do_sweep),
            PeriodicTask(name="removed entries", every=sweep_every, do=_in_thread(removed)),
            PeriodicTask(
                name=LOOKING_AT_CREDENTIALS,
                every=LOOK_AT_CREDENTIALS_EVERY,
                do=_in_thread(_credentials(settings, vendors).look),
                first_after=FIRST_LOOK_AFTER,
            ),
        ]
    return tasks


def _in_thread(do: Callable[[], dict[str, int] | None]) -> Callable[[], Awaitable[dict[str, int]]]:
    """Let a task that blocks run in a thread, so that the event loop does not wait for it."""

    async def in_thread() -> dict[str, int]:
        return await asyncio.to_thread(do) or {}

    return in_thread


def message_tasks(settings: Settings, database: Database) -> list[PeriodicTask]:
    """Return the sending of messages, if they are wanted."""
    if not settings.notify_urls:
        return []
    targets = apprise_targets(separate_urls(settings.notify_urls))
    links = MessageLinks(
        ticket=ticket_link(settings), desk=settings.desk_url, runbook=settings.runbook_url
    )
    urgent = UrgentRules(
        within=timedelta(hours=settings.urgent_hours),
        due_time=settings.due_time,
        repeat_at=settings.digest_at or USUAL_TIME,
        timezone=settings.timezone,
    )
    notices = Notifier(
        NoticeRecords(database),
        UrgentCards(database),
        PullRequestNotices(database),
        targets,
        links=links,
        urgent=urgent,
    )

    return [
        PeriodicTask(name="notify", every=NOTIFY_EVERY, do=_in_thread(notices.send)),
        *_digest_tasks(settings, database, targets),
    ]


def _digest_tasks(
    settings: Settings, database: Database, targets: Sequence[Target]
) -> Iterator[PeriodicTask]:
    if not settings.after_date or not settings.digest_at:
        return
    desk = settings.desk_url
    digest = DailyDigest(
        Digests(database),
        targets,
        at=settings.digest_at,
        rules=after_date_rules(settings),
        link=f"{desk}/after-the-date" if desk else settings.runbook_url,
    )

    yield PeriodicTask(name="digest", every=DIGEST_EVERY, do=_in_thread(digest.send))


def _credentials(settings: Settings, vendors: Vendors) -> Credentials:
    ends: dict[str, Callable[[], datetime | None]] = {
        "GITHUB_TOKEN": partial(github_token_ends_at, settings, vendors),
        "TRELLO_TOKEN": partial(trello_token_ends_at, vendors.trello_account),
    }
    if vendors.pulls:
        ends["GITHUB_PULL_REQUEST_TOKEN"] = partial(second_token_ends_at, settings, vendors)
    return Credentials(ends)
