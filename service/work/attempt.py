"""One attempt of one ticket: what comes of a failure, and when it is tried again."""

import logging
import random
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from service.domain.errors import Deferred, OutsideError, PermanentError, TransientError
from service.domain.history import HistoryEvent
from service.domain.reasons import Reason, ReasonCode
from service.guard.circuit_breaker import CircuitBreaker
from service.guard.shutdown import ShuttingDown
from service.guard.vendor_health import VendorHealth
from service.observability.error_reports import error_location, report
from service.observability.outages import DATABASE
from service.observability.vendor_calls import counting_calls
from service.records.database_errors import MAY_PASS
from service.records.later import LaterRecords
from service.records.leaver import State
from service.records.run import Result, Run
from service.records.runs import LeaseLost, Runs
from service.work.access_lists import ListsShrank
from service.work.process import Processing

log = logging.getLogger(__name__)

TRIED_AGAIN = "This is tried again."
GIVEN_UP = "It was tried again and again without success."
FIRST_PAUSE, LONGEST_PAUSE = 2.0, 300.0
PAUSE_OF_LOOK = timedelta(seconds=30)
PAUSE_OF_DATABASE = timedelta(seconds=2)


class TryAgain(Exception):
    """Run the job again, no sooner than at this instant."""

    def __init__(self, at: datetime) -> None:
        super().__init__(at)
        self.at = at


class DatabaseFailed(TransientError):
    """The service's own database failed in the middle of a run."""

    def __init__(self) -> None:
        super().__init__("The database", "It failed for a moment.", code=ReasonCode.DATABASE_FAILED)


class AttemptRunner:
    """Runs a ticket once, and turns whatever goes wrong into a record and a next step.

    Args:
        processing: the use case.
        runs: the records.
        breaker: is shown the vendors that fail.
        health: is shown for which tickets a vendor refuses the credentials.
        later: the records of processed tickets that are to be read again.
        retry_for: seconds for which a passing failure is retried.
    """

    def __init__(
        self,
        processing: Processing,
        runs: Runs,
        breaker: CircuitBreaker,
        health: VendorHealth,
        later: LaterRecords,
        *,
        retry_for: float,
    ) -> None:
        self._processing = processing
        self._later = later
        self._runs = runs
        self._breaker = breaker
        self._health = health
        self._retry_for = retry_for

    def run(self, ticket_id: int) -> None:
        """Process a ticket as far as it goes now.

        Raises:
            TryAgain: the engine must run it again.
        """
        run = None
        try:
            run = self._runs.begin(ticket_id)
            if run is None and self._look(ticket_id):
                run = self._runs.begin(ticket_id)
            if run:
                self._attempt(run)
        except LeaseLost:
            log.warning("lease lost", extra={"ticket_id": ticket_id})
        except MAY_PASS as error:
            DATABASE.failed(error, ticket_id=ticket_id)
            if run:
                self._postpone_after_database_error(run)
            raise TryAgain(datetime.now(UTC) + PAUSE_OF_DATABASE) from None

    def _look(self, ticket_id: int) -> bool:
        """Read a processed ticket again if that is wanted; return whether to make a run of it."""
        number = self._later.look_wanted(ticket_id)
        if number is None:
            return False
        try:
            return self._processing.look(ticket_id, number)
        except ShuttingDown:
            raise TryAgain(datetime.now(UTC)) from None
        except OutsideError as failure:
            log.warning(
                "look failed", extra={"ticket_id": ticket_id, "error": type(failure).__name__}
            )
            if self._later.look_failed(ticket_id):
                raise TryAgain(datetime.now(UTC) + PAUSE_OF_LOOK) from None
            return False

    def _postpone_after_database_error(self, run: Run) -> None:
        """Postpone a run that a database error ended: left alone, it would count as a crash."""
        try:
            with suppress(*MAY_PASS):
                self._postpone(run, DatabaseFailed())
        except LeaseLost:
            log.warning("lease lost", extra={"ticket_id": run.ticket_id})

    def _attempt(self, run: Run) -> None:
        started = time.monotonic()
        with counting_calls() as calls:
            result = self._process(run)
        log.info(
            "run finished",
            extra={
                "ticket_id": run.ticket_id,
                "state": result.state,
                "outcome": result.outcome,
                "reason_code": result.reason_code,
                "tries": run.tries + 1,
                "seconds": round(time.monotonic() - started, 3),
                "calls": dict(calls),
            },
        )

    def _process(self, run: Run) -> Result:
        try:
            return self._processing.process(run)
        except ShuttingDown:
            self._runs.release(run)
            raise TryAgain(datetime.now(UTC)) from None
        except TransientError as failure:
            return self._postpone(run, failure)
        except ListsShrank as failure:
            return self._fail(run, _reason(failure), reported_list_losses=failure.people)
        except PermanentError as failure:
            if failure.status == 401:
                self._health.refused(failure.system, ticket_id=run.ticket_id)
            return self._fail(run, _reason(failure))
        except (LeaseLost, *MAY_PASS):
            raise
        except Exception as error:  # noqa: BLE001 - an internal error must end visibly
            return self._fail_with_internal_error(run, error)

    def _postpone(self, run: Run, failure: TransientError) -> Result:
        """Postpone a run, or end it if it has been retried for long enough."""
        counts = not isinstance(failure, Deferred)
        if counts and not isinstance(failure, DatabaseFailed):
            self._breaker.failed(failure, run.ticket_id)
        now = datetime.now(UTC)
        left = self._retry_for - (now - (run.failing_since or now)).total_seconds()
        if counts and left <= 0:
            return self._fail(run, _reason(failure, GIVEN_UP), may_pass=True)
        pause = pause_before_try(run.tries + 1, failure, left=left)
        reason = _reason(failure, TRIED_AGAIN)
        at = self._runs.put_off(run, pause=pause, reason=reason, counts=counts)
        log.info(
            "run will be retried",
            extra={
                "ticket_id": run.ticket_id,
                "reason_code": failure.code,
                "tries": run.tries + counts,
                "next_try_at": at.isoformat(timespec="milliseconds"),
            },
        )
        raise TryAgain(at)

    def _fail_with_internal_error(self, run: Run, error: Exception) -> Result:
        log.error(
            "unexpected error", extra={"ticket_id": run.ticket_id, "error": error_location(error)}
        )
        report(error, ticket_id=run.ticket_id)
        return self._fail(
            run,
            Reason(
                ReasonCode.INTERNAL_ERROR,
                f"There was an internal error ({type(error).__name__}). The log says "
                "where; the ticket can be run again once that is fixed.",
            ),
        )

    def _fail(
        self,
        run: Run,
        reason: Reason,
        *,
        may_pass: bool = False,
        reported_list_losses: Mapping[str, int] | None = None,
    ) -> Result:
        ending = Result(
            state=State.FAILED,
            reasons=(reason,),
            keeps_details=True,
            may_pass=may_pass,
            reported_list_losses=reported_list_losses or {},
        )
        return self._runs.end(run, ending, event=HistoryEvent.FAILED)


def _reason(failure: OutsideError, *more: str) -> Reason:
    return Reason(failure.code, " ".join((str(failure), *more)))


def pause_before_try(
    number: int, failure: TransientError, *, left: float, draw: Callable[[], float] = random.random
) -> float:
    """Return how many seconds to wait before a try: growing, jittered, no sooner than asked.

    Args:
        number: of the try, from 1.
        failure: what went wrong.
        left: seconds for which it is still tried; the last try is made at their end.
        draw: gives a random number from 0 to 1.
    """
    asked = failure.retry_after or 0.0
    if isinstance(failure, Deferred):
        return asked + draw()
    growing: float = min(FIRST_PAUSE * 2 ** min(number - 1, 20), LONGEST_PAUSE)
    own = min(growing * (0.5 + draw() / 2), left)
    return max(own, asked + draw() if asked else 0.0)
