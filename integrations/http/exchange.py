"""One request and its outcome: sent once, within its deadline, and read to its end."""

import io
from dataclasses import dataclass
from time import monotonic
from urllib.parse import urlsplit, urlunsplit

import requests
import urllib3
from requests import PreparedRequest, Response

from integrations.http.connections import Attempt, DeadlineAdapter, attempt_under_way
from integrations.http.policy import Call, CallPolicy
from service.domain.errors import TransientError
from service.domain.reasons import Failure, failure_code

# As `requests` has it: whether, or by which file, certificates are checked.
Verify = bool | str | None

_CHUNK = 65_536


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """The outcome of a request.

    Attributes:
        call: what it was for.
        response: None if there is none, or not the whole of it.
        outcome: see `CallPolicy.after_call`.
        seconds: that it took.
        was_sent: whether it may have reached the vendor.
        was_dead: whether it met a kept connection that was dead.
    """

    call: Call
    response: Response | None
    outcome: str
    seconds: float
    was_sent: bool
    was_dead: bool

    def failure(self) -> TransientError:
        """Return the error for a request without a response."""
        system = self.call.system
        problems = {
            Failure.TIMEOUT: "No response came in time.",
            Failure.DISCONNECTED: "The connection broke before the whole response came.",
            Failure.UNREACHABLE: "No connection could be made. If it goes on, check "
            f"{system.upper()}_URL and the network.",
        }
        failure = Failure(self.outcome)
        return TransientError(
            system,
            problems[failure],
            code=failure_code(system, failure),
            maybe_done=self.call.is_write and self.was_sent,
        )


class Sender:
    """Sends requests to where they really go.

    Args:
        url: scheme, host and port that stand in for those of a request, and a path before its own.
        policy: how every call is made.
    """

    def __init__(self, url: str, policy: CallPolicy) -> None:
        self._url = urlsplit(url)
        self._policy = policy
        self._adapter = DeadlineAdapter()

    def send(
        self, request: PreparedRequest, call: Call, *, seconds: float, verify: Verify
    ) -> Exchange:
        """Send a request once.

        Args:
            request: as the vendor's library wrote it, and as the response will show it.
            call: passed to the policy's hooks.
            seconds: that the request may take.
            verify: see `Verify`.
        """
        self._policy.before_call(call)
        started = monotonic()
        attempt = Attempt(deadline=started + seconds)
        token = attempt_under_way.set(attempt)
        response = None
        try:
            response = self._response(request, attempt, verify)
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError):
            pass  # The outcome reports it: these errors hold the request.
        finally:
            attempt_under_way.reset(token)
        outcome = str(response.status_code) if response is not None else _outcome(attempt)
        taken = monotonic() - started
        self._policy.after_call(call, taken, outcome)
        return Exchange(
            call=call,
            response=response,
            outcome=outcome,
            seconds=taken,
            was_sent=attempt.is_connected,
            was_dead=outcome == Failure.DISCONNECTED
            and not (attempt.is_new or attempt.has_response),
        )

    def close(self) -> None:
        """Close all kept connections."""
        self._adapter.close()

    def _response(self, request: PreparedRequest, attempt: Attempt, verify: Verify) -> Response:
        on_the_wire = request.copy()
        on_the_wire.url = self._real(request.url or "")
        verify = True if verify is None else verify
        response = self._adapter.send(
            on_the_wire, stream=True, timeout=attempt.left(), verify=verify
        )
        attempt.has_response = True
        try:
            body = _body(response, self._policy.largest_response)
        except BaseException:
            response.close()
            raise
        response.raw = io.BytesIO(body)
        # zenpy looks at the URL to find out whether a response is Zendesk's.
        response.request, response.url = request, request.url or ""
        return response

    def _real(self, url: str) -> str:
        written = urlsplit(url)
        path = self._url.path.rstrip("/") + written.path
        return urlunsplit((self._url.scheme, self._url.netloc, path, written.query, ""))


def _body(response: Response, limit: int) -> bytes:
    body = bytearray()
    for chunk in response.raw.stream(_CHUNK, decode_content=True):
        body += chunk
        if len(body) > limit:
            raise OSError("the response is too large")
    return bytes(body)


def _outcome(attempt: Attempt) -> str:
    if attempt.is_over:
        return Failure.TIMEOUT
    return Failure.DISCONNECTED if attempt.is_connected else Failure.UNREACHABLE
