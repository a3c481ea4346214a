"""Messages to people: which leaver waits for them or failed, and why. They name nobody.

A change is recorded as reported before it is sent: a process that dies in between loses the
message, and none is sent twice.
"""

import hashlib
import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from service.domain.reason_titles import title_of
from service.domain.urgent import UrgentRules
from service.records.leaver import State
from service.records.notices import Change, NoticeRecords
from service.records.pull_request_notices import (
    PullRequestNews,
    PullRequestNotice,
    PullRequestNotices,
)
from service.records.urgent import UrgentCard, UrgentCards

log = logging.getLogger(__name__)

# An older change is not news: it was sent, or messages were not set up then.
NEWS_FOR = timedelta(hours=1)
MOST_LINES = 20
# How the title of an urgent message begins.
URGENT = "Urgent: "

# One cause is one message: a leaver that fails for a cause just reported waits this long.
SAME_CAUSE_AFTER = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageLinks:
    """Where a message leads.

    Attributes:
        ticket: the link to a ticket, with ``{}`` for its number.
        desk: where the pages are, or None.
        runbook: where it says what to do, or None.
    """

    ticket: str
    desk: str | None = None
    runbook: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where messages go.

    Attributes:
        key: distinguishes it from others, and does not show where it is.
        send: sends a title and a text; returns whether that succeeded.
    """

    key: str
    send: Callable[[str, str], bool]


# Title and text, the number of things it is about, and what is called if it is refused.
_Message = tuple[tuple[str, str], int, Callable[[], None]]
_PULL_REQUESTS = {
    PullRequestNews.OPENED: "a pull request that removes the entry waits for people.",
    PullRequestNews.CLOSE_WITHDRAWN: (
        "the removal is not wanted any more, but people have changed or approved its pull request, "
        "so that the service leaves it to them: close it."
    ),
    PullRequestNews.CLOSE_GONE: (
        "the entry is no longer in the access lists, but people have changed or approved its pull "
        "request, so that the service leaves it to them: close it."
    ),
    PullRequestNews.CLOSE_DOUBLED: (
        "an earlier pull request about the person is open again, and people have changed or "
        "approved this one, too, so that the service leaves both to them: close one."
    ),
    PullRequestNews.MAKE_DRAFT: (
        "the leaving date was moved, but people have changed or approved its pull request, so that "
        "the service leaves it to them: do not merge it before the new date."
    ),
    PullRequestNews.POINT_BACK: (
        "its pull request is to be merged into a branch that is not that of the access lists, "
        "which removes no access: change its base back, or close it."
    ),
}


class Notifier:
    """Sends what is new to each target.

    Args:
        records: which changes were reported.
        cards: which urgent cards were reported.
        pulls: which pull requests were reported.
        targets: see there.
        links: see there.
        urgent: see there.
        clock: gives the present instant, in UTC: it decides who is urgent.
    """

    def __init__(
        self,
        records: NoticeRecords,
        cards: UrgentCards,
        pulls: PullRequestNotices,
        targets: Sequence[Target],
        *,
        links: MessageLinks,
        urgent: UrgentRules,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._records = records
        self._cards = cards
        self._pulls = pulls
        self._targets = targets
        self._links = links
        self._urgent = urgent
        self._clock = clock

    def send(self) -> dict[str, int]:
        """Send what is new or due again; return how many changes were sent and how many not."""
        counts = {"sent": 0, "not_sent": 0}
        for number, target in enumerate(self._targets, 1):
            for message, many, put_off in self._messages(target):
                if target.send(*message):
                    counts["sent"] += many
                    continue
                counts["not_sent"] += many
                log.warning("message not sent", extra={"target": number, "changes": many})
                put_off()
        return counts

    def _messages(self, target: Target) -> Iterator[_Message]:
        """Give each message to a target; it is claimed just before it is to be sent."""
        for changes in by_cause(self._claim(target)):
            tickets = [change.ticket_id for change in changes]
            message = title_of_message(changes), message_text(changes, self._links)
            yield message, len(changes), partial(self._records.put_off, target.key, tickets)
        if cards := self._cards.claim(target.key, news_for=NEWS_FOR):
            message = message_about_cards(cards, self._links, self._urgent)
            yield message, len(cards), partial(self._cards.put_off, target.key, cards)
        if pulls := self._pulls.claim(target.key, news_for=NEWS_FOR):
            message = message_about_pull_requests(pulls, self._links)
            yield message, len(pulls), partial(self._pulls.put_off, target.key, pulls)

    def _claim(self, target: Target) -> list[Change]:
        return self._records.claim(
            target.key,
            news_for=NEWS_FOR,
            same_cause_after=SAME_CAUSE_AFTER,
            urgent=self._urgent,
            now=self._clock(),
        )


def by_cause(changes: Sequence[Change]) -> list[list[Change]]:
    """Return the changes of each cause, urgent ones apart, in the order in which they come."""
    causes: dict[tuple[bool, State, str], list[Change]] = {}
    for change in changes:
        cause = (change.is_urgent, change.state, change.reason_code or change.reason)
        causes.setdefault(cause, []).append(change)
    return list(causes.values())


def title_of_message(changes: Sequence[Change]) -> str:
    """Say in a line what happened, to how many, and why."""
    number, first = len(changes), changes[0]
    who = "1 leaver" if number == 1 else f"{number} leavers"
    what = "failed" if first.state is State.FAILED else "needs" if number == 1 else "need"
    what = what if first.state is State.FAILED else f"{what} a person"
    why = title_of(first.reason_code, first.reason)
    title = f"{who} {what}: {why}" if why else f"{who} {what}"
    return f"{URGENT}{title}" if first.is_urgent else title


def message_about_cards(
    cards: Sequence[UrgentCard], links: MessageLinks, rules: UrgentRules
) -> tuple[str, str]:
    """Return title and text about cards made or moved when their date was near or past."""
    number, zone = len(cards), ZoneInfo(rules.timezone)
    what = (
        "1 card is due soon or overdue"
        if number == 1
        else f"{number} cards are due soon or overdue"
    )
    lines = []
    for card in cards[:MOST_LINES]:
        due = card.due_at.astimezone(zone)
        page = f"{links.desk}/leavers/{card.ticket_id} " if links.desk else ""
        link = f"{page}{links.ticket.format(card.ticket_id)}"
        lines.append(f"{card.ticket_id}: the card is due {due.day} {due:%B %Y, %H:%M}. {link}")
    if number > MOST_LINES:
        lines.append(f"… and {number - MOST_LINES} more")
    return f"{URGENT}{what}", "\n".join(lines)


def message_about_pull_requests(
    pulls: Sequence[PullRequestNotice], links: MessageLinks
) -> tuple[str, str]:
    """Return title and text about pull requests that wait for a review or another step."""
    number = len(pulls)
    what = "1 pull request" if number == 1 else f"{number} pull requests"
    lines = []
    for one in pulls[:MOST_LINES]:
        link = links.ticket.format(one.ticket_id)
        lines.append(f"{one.ticket_id}: {_PULL_REQUESTS[one.what]} {one.url} {link}")
    if number > MOST_LINES:
        lines.append(f"… and {number - MOST_LINES} more")
    return f"{what} about leavers' entries", "\n".join(lines)


def message_text(changes: Sequence[Change], links: MessageLinks) -> str:
    """Say it for each leaver: its number, what happened, why, and where to look."""
    lines = [_line(change, links) for change in changes[:MOST_LINES]]
    if len(changes) > MOST_LINES:
        lines.append(f"… and {len(changes) - MOST_LINES} more")
    has_failed = changes[0].state is State.FAILED
    if links.desk and len(changes) > 1:
        lines.append(f"All of them: {links.desk}/{'failed' if has_failed else 'needs-a-person'}")
    if links.runbook and has_failed:
        lines.append(f"What to do: {links.runbook}#leaverfailed")
    return "\n".join(lines)


def _line(change: Change, links: MessageLinks) -> str:
    what = "failed" if change.state is State.FAILED else "needs a person"
    page = f"{links.desk}/leavers/{change.ticket_id} " if links.desk else ""
    return (
        f"{change.ticket_id} {what}. {change.reason} {page}{links.ticket.format(change.ticket_id)}"
    )


def apprise_targets(urls: Sequence[str]) -> list[Target]:
    """Return a target for each address that Apprise understands."""
    from apprise import Apprise, AppriseAsset, PersistentStoreMode  # noqa: PLC0415 - an extra

    # It logs addresses, which hold secrets.
    logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)
    asset = AppriseAsset(app_id="Leavers", storage_mode=PersistentStoreMode.MEMORY)

    def target(url: str) -> Target:
        apprise = Apprise(asset=asset)
        apprise.add(url)
        return Target(
            key=hashlib.sha256(url.encode()).hexdigest()[:16],
            send=lambda title, text: bool(apprise.notify(body=text, title=title)),
        )

    return [target(url) for url in urls]
