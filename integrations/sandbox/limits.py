"""The vendors' rate limits: always counted and shown, but enforced only if a test asks for it."""

import threading
from collections import deque
from dataclasses import dataclass, field

from integrations.sandbox.clock import Clock
from integrations.sandbox.messages import Reply, json_reply


@dataclass(slots=True, kw_only=True)
class Window:
    """At most `limit` requests in any `seconds`; instants (`now`) are seconds since 1970."""

    limit: int
    seconds: float
    _taken: deque[float] = field(default_factory=deque, repr=False)

    def take(self, now: float) -> bool:
        """Count a request; return False, without counting it, if it is one too many."""
        self._forget(now)
        if len(self._taken) >= self.limit:
            return False
        self._taken.append(now)
        return True

    def left(self, now: float) -> int:
        """Return how many requests are left."""
        self._forget(now)
        return self.limit - len(self._taken)

    def resets_in(self, now: float) -> int:
        """Return the whole seconds until the oldest request counts no longer."""
        self._forget(now)
        if not self._taken:
            return int(self.seconds)
        return max(1, int(self._taken[0] + self.seconds - now) + 1)

    def _forget(self, now: float) -> None:
        while self._taken and self._taken[0] <= now - self.seconds:
            self._taken.popleft()


class ZendeskLimits:
    """Requests a minute for the account, updates a minute, updates of one ticket in ten minutes.

    https://developer.zendesk.com/api-reference/introduction/rate-limits/

    Attributes:
        enforced: whether a request beyond a limit is refused.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self.restore()

    def restore(self) -> None:
        """Go back to the vendor's own limits, not enforced."""
        self.enforced = False
        self.per_minute = 700
        self.updates_per_minute = 100
        self.updates_per_ticket = 30
        self.reset()

    def reset(self) -> None:
        """Forget what was counted, and take the numbers as they are now."""
        self._all = Window(limit=self.per_minute, seconds=60)
        self._updates = Window(limit=self.updates_per_minute, seconds=60)
        self._tickets: dict[str, Window] = {}

    def take(self, method: str, path: str) -> tuple[Reply | None, dict[str, str]]:
        """Count a request; return a 429 if a limit is passed, and the headers of any reply."""
        with self._lock:
            now = self._clock.now().timestamp()
            windows = [self._all]
            headers: dict[str, str] = {}
            if method == "PUT" and path.startswith("/api/v2/tickets/"):
                ticket = self._tickets.setdefault(
                    path, Window(limit=self.updates_per_ticket, seconds=600)
                )
                windows += [self._updates, ticket]
                headers["zendesk-ratelimit-per-ticket-updates"] = (
                    f"total={ticket.limit}; remaining={max(0, ticket.left(now) - 1)}; "
                    f"resets={ticket.resets_in(now)}"
                )
            passed = [window for window in windows if not window.take(now)]
            headers |= {
                "x-rate-limit": str(self._all.limit),
                "x-rate-limit-remaining": str(self._all.left(now)),
                "ratelimit-limit": str(self._all.limit),
                "ratelimit-remaining": str(self._all.left(now)),
                "ratelimit-reset": str(self._all.resets_in(now)),
            }
            if not (self.enforced and passed):
                return None, headers
            body = {
                "error": "APIRateLimitExceeded",
                "description": "Number of allowed API requests per minute exceeded",
            }
            wait = max(window.resets_in(now) for window in passed)
            return json_reply(body, status=429, headers={"Retry-After": str(wait)}), headers


class TrelloLimits:
    """100 requests in 10 seconds for a token, 300 for a key; more than 200 refusals lock the key.

    https://developer.atlassian.com/cloud/trello/guides/rest-api/rate-limits/

    Attributes:
        enforced: whether a request beyond a limit is refused.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self.restore()

    def restore(self) -> None:
        """Go back to the vendor's own limits, not enforced."""
        self.enforced = False
        self.per_token = 100
        self.per_key = 300
        self.refusals_before_lock = 200
        self.reset()

    def reset(self) -> None:
        """Forget what was counted, and take the numbers as they are now."""
        self._token = Window(limit=self.per_token, seconds=10)
        self._key = Window(limit=self.per_key, seconds=10)
        self._refusals = Window(limit=self.refusals_before_lock, seconds=10)
        self._locked_until = 0.0

    def take(self) -> tuple[Reply | None, dict[str, str]]:
        """Count a request; return a 429 if a limit is passed, and the headers of any reply.

        Trello's 429 has no `Retry-After`.
        """
        with self._lock:
            now = self._clock.now().timestamp()
            refused = self._refusal(now) if self.enforced else None
            if not self.enforced:
                self._token.take(now)
                self._key.take(now)
            headers = {
                "X-Rate-Limit-Api-Key-Interval-Ms": "10000",
                "X-Rate-Limit-Api-Key-Max": str(self._key.limit),
                "X-Rate-Limit-Api-Key-Remaining": str(self._key.left(now)),
                "X-Rate-Limit-Api-Token-Interval-Ms": "10000",
                "X-Rate-Limit-Api-Token-Max": str(self._token.limit),
                "X-Rate-Limit-Api-Token-Remaining": str(self._token.left(now)),
                "X-Server-Time": str(int(now * 1000)),
            }
            return refused, headers

    def _refusal(self, now: float) -> Reply | None:
        if now < self._locked_until:
            return _trello_429("API_KEY_LIMIT_EXCEEDED")
        if not self._token.take(now):
            error = "API_TOKEN_LIMIT_EXCEEDED"
        elif not self._key.take(now):
            error = "API_KEY_LIMIT_EXCEEDED"
        else:
            return None
        if not self._refusals.take(now):
            self._locked_until = now + self._refusals.seconds
        return _trello_429(error)


class GithubLimits:
    """5,000 requests an hour for a token, of which a 304 does not count.

    Besides, a secondary limit on requests that make something: 80 a minute and 500 an hour.
    https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api

    Attributes:
        enforced: whether a request beyond a limit is refused.
        refused_writes: how many writes were refused.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self.restore()

    def restore(self) -> None:
        """Go back to the vendor's own limits, not enforced."""
        self.enforced = False
        self.per_hour = 5000
        self.writes_per_minute = 80
        self.writes_per_hour = 500
        self.refused_writes = 0
        self.reset()

    def reset(self) -> None:
        """Forget what was counted, and take the numbers as they are now."""
        self._writes = (
            Window(limit=self.writes_per_minute, seconds=60),
            Window(limit=self.writes_per_hour, seconds=3600),
        )
        self._count_from_here()

    def _count_from_here(self) -> None:
        self._used = 0
        self._resets_at = int(self._clock.now().timestamp()) + 3600

    def take(self, *, is_write: bool = False) -> Reply | None:
        """Count a request; return a 403 if a limit is passed."""
        with self._lock:
            now = self._clock.now().timestamp()
            if now >= self._resets_at:
                self._count_from_here()
            passed = [one for one in self._writes if not one.take(now)] if is_write else []
            if self.enforced and passed:
                self.refused_writes += 1
                return _secondary_limit(max(one.resets_in(now) for one in passed))
            if self.enforced and self._used >= self.per_hour:
                body = {
                    "message": "API rate limit exceeded for user ID 583231.",
                    "documentation_url": "https://docs.github.com/rest/overview/"
                    "rate-limits-for-the-rest-api",
                    "status": "403",
                }
                return json_reply(body, status=403)
            self._used += 1
            return None

    def give_back(self) -> None:
        """Take back the count of a request that was answered with 304."""
        with self._lock:
            self._used = max(0, self._used - 1)

    def headers(self) -> dict[str, str]:
        """Return the headers of any reply."""
        return {
            "x-ratelimit-limit": str(self.per_hour),
            "x-ratelimit-remaining": str(max(0, self.per_hour - self._used)),
            "x-ratelimit-used": str(self._used),
            "x-ratelimit-reset": str(self._resets_at),
            "x-ratelimit-resource": "core",
        }


def _secondary_limit(wait: int) -> Reply:
    body = {
        "message": "You have exceeded a secondary rate limit and have been temporarily blocked "
        "from content creation. Please retry your request again later.",
        "documentation_url": "https://docs.github.com/rest/overview/"
        "rate-limits-for-the-rest-api#about-secondary-rate-limits",
        "status": "403",
    }
    return json_reply(body, status=403, headers={"Retry-After": str(wait)})


def _trello_429(error: str) -> Reply:
    return json_reply({"error": error, "message": "Rate limit exceeded"}, status=429)
