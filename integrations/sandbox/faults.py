"""Faults on demand: what goes wrong, and at which request.

A fault describes one exchange from start to end: what happens before the vendor acts, whether it
acts, what is sent instead of its true reply, and how.
"""

import json
import os
import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from enum import StrEnum
from typing import Any

from integrations.sandbox.messages import Reply, json_reply, text_reply

Hook = Callable[[], object]
_PAGE = "<!DOCTYPE html><html><body><h1>We'll be right back</h1></body></html>"
_EXPIRED = {
    "zendesk": json_reply(
        {
            "error": "invalid_token",
            "error_description": "The access token provided is expired, revoked, malformed or "
            "invalid for other reasons.",
        },
        status=401,
    ),
    "github": json_reply(
        {
            "message": "Bad credentials",
            "documentation_url": "https://docs.github.com/rest",
            "status": "401",
        },
        status=401,
    ),
    "trello": text_reply("invalid token", status=401),
}


class Cut(StrEnum):
    """How a connection ends: in place of a reply, in the middle of its body, or after it."""

    NO_REPLY = "no_reply"
    RESET = "reset"
    MIDWAY = "midway"
    AFTER_REPLY = "after_reply"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One way for an exchange to go wrong.

    Attributes:
        before: run before the vendor acts; the exchange waits for its end.
        wait_before_acting: in seconds.
        acts: whether the vendor does what was asked.
        after_acting: run once the vendor has acted, before anything is sent.
        wait_before_reply: in seconds.
        reply: sent in place of the true reply.
        change: returns what is sent, given the true reply.
        cut: how the connection is broken; None if it is not.
        seconds_per_byte: how slowly the reply is sent; 0 for as fast as possible.
        after_reply: run once the whole reply was sent.
    """

    before: Hook | None = None
    wait_before_acting: float = 0.0
    acts: bool = True
    after_acting: Hook | None = None
    wait_before_reply: float = 0.0
    reply: Reply | None = None
    change: Callable[[Reply], Reply] | None = field(default=None, repr=False)
    cut: Cut | None = None
    seconds_per_byte: float = 0.0
    after_reply: Hook | None = None


def fails(
    status: int = 500,
    *,
    body: str = "",
    headers: Mapping[str, str] | None = None,
    acts: bool = False,
) -> Fault:
    """A failure; the vendor does nothing, unless `acts`."""
    reply = text_reply(body).with_headers(headers or {})
    return Fault(acts=acts, reply=Reply(status=status, headers=reply.headers, body=reply.body))


def acts_then_fails(status: int = 500) -> Fault:
    """The vendor does what was asked, and then says that it failed."""
    return fails(status, body="Internal Server Error", acts=True)


def breaks(cut: Cut = Cut.NO_REPLY) -> Fault:
    """The connection breaks before the vendor acts."""
    reply = text_reply("Half of this") if cut is Cut.MIDWAY else None
    return Fault(acts=False, cut=cut, reply=reply)


def acts_then_breaks(cut: Cut = Cut.NO_REPLY) -> Fault:
    """The vendor acts, and the connection breaks."""
    return Fault(cut=cut)


def closes_after_reply() -> Fault:
    """The exchange goes well, but the kept connection is dead when it is used again.

    The next request on it is neither answered nor recorded, and nothing is done for it.
    """
    return Fault(cut=Cut.AFTER_REPLY)


def replies_late(seconds: float) -> Fault:
    """The vendor acts at once, and replies some seconds later."""
    return Fault(wait_before_reply=seconds)


def acts_late(seconds: float, *, replies: bool = True) -> Fault:
    """The vendor acts late: a write takes effect long after its sender has given up.

    Args:
        seconds: until it acts.
        replies: whether a reply follows, for a client that still listens.
    """
    return Fault(wait_before_acting=seconds, cut=None if replies else Cut.NO_REPLY)


def too_many_requests(
    retry_after: int | str | None = None, *, as_date: bool = False, body: str = ""
) -> Fault:
    """A 429, with or without `Retry-After`.

    Args:
        retry_after: seconds from now, or any text; None for no header.
        as_date: whether the seconds are sent as the date that they lead to.
        body: in plain text.
    """
    return fails(429, body=body, headers=_retry_after(retry_after, as_date=as_date))


def unavailable(retry_after: int | str | None = None, *, as_date: bool = False) -> Fault:
    """A 503, with or without `Retry-After`; see `too_many_requests`."""
    return fails(503, headers=_retry_after(retry_after, as_date=as_date))


def github_rate_limit(
    *, secondary: bool = False, resets_in: int = 60, retry_after: int | None = None
) -> Fault:
    """GitHub's 403 for too many requests: the hourly limit, or the secondary one.

    https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api

    Args:
        secondary: whether it is the secondary limit.
        resets_in: seconds until the hourly limit begins again.
        retry_after: seconds; None for no such header.
    """
    text = (
        "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
        if secondary
        else "API rate limit exceeded for user ID 583231."
    )
    resets_at = int(datetime.now(UTC).timestamp()) + resets_in
    headers = {
        "x-ratelimit-limit": "5000",
        "x-ratelimit-remaining": "4000" if secondary else "0",
        "x-ratelimit-reset": str(resets_at),
    }
    body = {"message": text, "documentation_url": "https://docs.github.com/rest", "status": "403"}
    reply = json_reply(body, status=403, headers=headers | _retry_after(retry_after, as_date=False))
    return Fault(acts=False, reply=reply)


# Why GitHub answers 403, besides a limit and a missing right: the body and the headers of each.
# https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api
_FORBIDDEN_BY_GITHUB: dict[str, tuple[dict[str, Any], dict[str, str]]] = {
    "single sign-on": (
        {
            "message": "Resource protected by organization SAML enforcement. You must grant your "
            "Personal Access token access to this organization.",
        },
        {
            "X-GitHub-SSO": "required; url=https://github.com/orgs/example/sso?authorization_request=A"
        },
    ),
    "suspension": ({"message": "Sorry. Your account was suspended."}, {}),
    "size": (
        {
            "message": "This API returns blobs up to 100 MB in size. The requested blob is too "
            "large to fetch via the API.",
            "errors": [{"resource": "Blob", "field": "data", "code": "too_large"}],
        },
        {},
    ),
    "block": (
        {
            "message": "Repository access blocked",
            "block": {"reason": "tos", "created_at": "2026-11-02T09:30:00Z", "html_url": None},
        },
        {},
    ),
    "address": (
        {
            "message": "Although you appear to have the correct authorization credentials, the "
            "`example` organization has an IP allow list enabled, and your IP address is not "
            "permitted to access this resource.",
        },
        {},
    ),
    "kind of token": (
        {
            "message": "`example` forbids access via a personal access token (classic). Please use "
            "a GitHub App, OAuth App, or a personal access token with fine-grained permissions.",
        },
        {},
    ),
    "archive": ({"message": "Repository was archived so is read-only."}, {}),
    "something new": (
        {"message": "A sentence about somebody", "errors": [{"code": "new_rule"}]},
        {},
    ),
}


def github_forbids(why: str) -> Fault:
    """GitHub's 403 for a reason of `_FORBIDDEN_BY_GITHUB`, by its key."""
    body, headers = _FORBIDDEN_BY_GITHUB[why]
    return Fault(
        acts=False, reply=json_reply({**body, "status": "403"}, status=403, headers=headers)
    )


def trello_limit() -> Fault:
    """Trello's 403 if a board has as many open cards as it may.

    https://developer.atlassian.com/cloud/trello/guides/rest-api/limits/
    """
    body = {"message": "Limit exceeded", "error": "BOARD_OPEN_CARDS_LIMIT_EXCEEDED"}
    return Fault(acts=False, reply=json_reply(body, status=403))


def html_page(status: int = 200, *, acts: bool = False) -> Fault:
    """An HTML page in place of JSON."""
    reply = text_reply(_PAGE, status=status, kind="text/html")
    return Fault(acts=acts, reply=reply)


def truncated_json(*, acts: bool = True) -> Fault:
    """The first half of the true reply, with a `Content-Length` that fits the half."""
    if not acts:
        return Fault(acts=False, reply=_json_text('{"id": 1, "name": "hal'))

    def half(reply: Reply) -> Reply:
        return Reply(
            status=reply.status, headers=reply.headers, body=reply.body[: len(reply.body) // 2]
        )

    return Fault(change=half)


def empty_body(*, acts: bool = True) -> Fault:
    """A 200 without a body."""
    return Fault(acts=acts, reply=_json_text(""))


def json_instead(value: Any, *, acts: bool = True) -> Fault:
    """A JSON value of the wrong shape: a list, null, a text."""
    return Fault(acts=acts, reply=_json_text(json.dumps(value)))


def expired_token(vendor: str) -> Fault:
    """The 401 of a vendor (zendesk, github or trello) for an expired token."""
    return Fault(acts=False, reply=_EXPIRED[vendor])


def redirects(to: str, *, status: int = 302, acts: bool = False) -> Fault:
    """A redirect to another address."""
    reply = Reply(status=status, headers={"Location": to, "Content-Type": "text/html"})
    return Fault(acts=acts, reply=reply)


def trickles(seconds_per_byte: float = 0.5) -> Fault:
    """The vendor acts, and sends its reply byte by byte."""
    return Fault(seconds_per_byte=seconds_per_byte)


class Moment(StrEnum):
    """When in an exchange something happens."""

    BEFORE = "before"
    AFTER_ACTING = "after_acting"
    AFTER_REPLY = "after_reply"


def runs(hook: Hook, moment: Moment = Moment.BEFORE) -> Fault:
    """A function of the test is run at a moment of the exchange, which waits for its end."""
    match moment:
        case Moment.BEFORE:
            return Fault(before=hook)
        case Moment.AFTER_ACTING:
            return Fault(after_acting=hook)
        case Moment.AFTER_REPLY:
            return Fault(after_reply=hook)


def kills(pid: int, moment: Moment = Moment.BEFORE, *, sign: int = signal.SIGKILL) -> Fault:
    """A process gets a signal; at `Moment.BEFORE` the vendor does not act.

    Args:
        pid: of the process; one that has ended already is ignored.
        moment: when in the exchange.
        sign: the signal's number.
    """

    def kill() -> None:
        try:
            os.kill(pid, sign)
        except ProcessLookupError:
            return

    if moment is Moment.BEFORE:
        return Fault(before=kill, acts=False, cut=Cut.NO_REPLY)
    return runs(kill, moment)


def _retry_after(value: int | str | None, *, as_date: bool) -> dict[str, str]:
    if value is None:
        return {}
    if as_date:
        at = datetime.now(UTC) + timedelta(seconds=int(value))
        return {"Retry-After": format_datetime(at, usegmt=True)}
    return {"Retry-After": str(value)}


def _json_text(text: str) -> Reply:
    return Reply(headers={"Content-Type": "application/json"}, body=text.encode())
