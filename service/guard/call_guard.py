"""Before and after each call to a vendor: may it be made now, and what came of it."""

from integrations.http.policy import Call
from service.domain.errors import OutsideError, TransientError
from service.guard.circuit_breaker import CircuitBreaker
from service.guard.foreground import Foreground
from service.guard.rate_limit import RateLimiter
from service.guard.shutdown import Shutdown
from service.guard.vendor_health import VendorHealth
from service.observability.vendor_calls import note_call

CONFLICT = 409
REFUSED = "401"
_NO_RESPONSE = {
    "timeout": "No response came in time.",
    "disconnected": "The connection broke before the whole response came.",
    "unreachable": "It could not be reached.",
}


class WriteInDryRunError(RuntimeError):
    """A vendor was to be written to in a dry run: an internal error."""


class CallGuard:
    """Stands before each call: none once the process shuts down, and no write without a lease."""

    def __init__(
        self,
        stop: Shutdown,
        limiter: RateLimiter | None,
        breaker: CircuitBreaker | None,
        *,
        is_dry_run: bool,
        health: VendorHealth | None = None,
        foreground: Foreground | None = None,
    ) -> None:
        """Build it.

        Args:
            stop: see `Shutdown`.
            limiter: None if calls are so few that they need none.
            breaker: is shown which vendors answer; None likewise.
            is_dry_run: let no write pass, whatever asks for it.
            health: is shown how calls end; None if nothing records it.
            foreground: what workers give way to; None if the process answers no requests.
        """
        self._stop = stop
        self._limiter = limiter
        self._breaker = breaker
        self._is_dry_run = is_dry_run
        self._health = health
        self._foreground = foreground

    def for_second_token(self) -> "CallGuard":
        """Return a guard for a second token: whether that is refused says nothing of the first.

        Without the first one every leaver fails, and without the second one only pull requests.
        """
        return CallGuard(
            self._stop,
            self._limiter,
            self._breaker,
            is_dry_run=self._is_dry_run,
            foreground=self._foreground,
        )

    def before_call(self, call: Call) -> None:
        """Let a call pass, or raise.

        Raises:
            ShuttingDown: the process is shutting down.
            CircuitOpen: the vendor is down.
            RateLimited: its turn would come too late.
            LeaseLost: the call's lease is no longer valid: another worker continues the ticket.
            WriteInDryRunError: see there.
        """
        if self._is_dry_run and call.is_write:
            raise WriteInDryRunError
        self._stop.check()
        if self._foreground:
            self._foreground.give_way()
        if self._limiter:
            self._limiter.before_call(call)
        if call.lease:
            # After the wait for its turn, in which another worker may have taken the ticket over.
            call.lease()

    def after_call(self, call: Call, seconds: float, outcome: str) -> None:
        """Count a call, and record it if it failed before there was a response to look at."""
        note_call(call.system, call.operation, outcome, seconds)
        if self._health and outcome == REFUSED:
            self._health.refused(call.system, ticket_id=None)
        elif self._health and (failure := _failure_of(outcome)):
            self._health.failed(call.system, failure)

    def after_response(self, call: Call, failure: OutsideError | None) -> None:
        """Record that a vendor is up: a refusal, or a conflict, is a response, too."""
        is_well = not isinstance(failure, TransientError) or failure.status == CONFLICT
        if self._breaker and is_well:
            self._breaker.record_success(call.system)
        if self._health and failure and not is_well:
            self._health.failed(call.system, failure.problem)
        elif self._health and not (failure and str(failure.status) == REFUSED):
            self._health.answered(call.system)


def _failure_of(outcome: str) -> str | None:
    """Say what an outcome means if the vendor is at fault; see `CallPolicy.after_call`."""
    if outcome.isdigit():
        return f"It returned a server error ({outcome})." if int(outcome) >= 500 else None
    return _NO_RESPONSE.get(outcome, "There was no response.")
