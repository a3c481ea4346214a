"""Turns a vendor's response into a typed error: what failed, whether to retry, and how soon."""

import math
import re
from collections.abc import Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime
from time import time
from typing import Any

from requests import Response

from integrations.http.json_values import json_of
from integrations.http.policy import Call
from service.domain.errors import OutsideError, PermanentError, TransientError
from service.domain.reasons import Failure, ReasonCode, failure_code

_LONGEST_WAIT = 86_400.0
# One word without digits: no secret, and nobody's name in full.
_KIND = re.compile(r"[A-Za-z][A-Za-z_]{1,59}")
_PASSING = {408, 409, 425, 429}


def usual_failure(response: Response, call: Call) -> OutsideError | None:
    """Say what is wrong with a response by its status alone, or None if it is a success."""
    status = response.status_code
    if 200 <= status < 300:
        return None
    if status < 400 or status >= 500 or status in _PASSING:
        return transient(_passing_problem(status, call), response, call)
    if status in _FAILURES:
        return permanent(_lasting_problem(status), response, call)
    return refused(response, call)


def refused(response: Response, call: Call) -> PermanentError:
    """Return a refusal whose reason is not known: only its kind and status are quoted."""
    kind = kind_of(response)
    seen = f"status {response.status_code}, {kind}" if kind else f"status {response.status_code}"
    return permanent(
        f"The request to {call.operation} was refused ({seen}), and would be again. Look up what "
        f"{call.system} means by that, and whether something is special about this leaver.",
        response,
        call,
        code=failure_code(call.system, Failure.REQUEST_REFUSED),
    )


def kind_of(response: Response) -> str | None:
    """Return the vendor's own code for a failure, if any; its sentences are never quoted."""
    error = error_of(response)
    details = error.get("errors")
    first = details[0] if isinstance(details, list) and details else None
    nested = [one for one in (error.get("error"), first) if isinstance(one, dict)]
    words = [error.get("code"), error.get("error")]
    words += [one.get(key) for one in nested for key in ("code", "title", "error", "type")]
    return next((word for word in words if isinstance(word, str) and _KIND.fullmatch(word)), None)


def transient(
    problem: str,
    response: Response,
    call: Call,
    *,
    code: ReasonCode | None = None,
    retry_after: float | None = None,
    is_limit: bool = False,
) -> TransientError:
    """Return a failure that passes; it waits as long as the response and `retry_after` ask.

    Its code is that of the response's status, unless another one is given.
    """
    is_limit = is_limit or response.status_code == 429
    usual = Failure.RATE_LIMITED if is_limit else _failure(response.status_code)
    asked = retry_after_of(response.headers)
    waits = [wait for wait in (asked, retry_after) if wait is not None]
    return TransientError(
        call.system,
        problem,
        code=code or failure_code(call.system, usual),
        status=response.status_code,
        maybe_done=call.is_write and not is_refusal(response.status_code),
        retry_after=max(waits, default=None),
        is_limit=is_limit,
    )


def permanent(
    problem: str, response: Response, call: Call, *, code: ReasonCode | None = None
) -> PermanentError:
    """Return a failure that stays until somebody fixes something.

    Its code is that of the response's status, unless another one is given.
    """
    return PermanentError(
        call.system,
        problem,
        code=code or failure_code(call.system, _failure(response.status_code)),
        status=response.status_code,
    )


def unreadable(call: Call, *, status: int | None = None) -> TransientError:
    """Return the failure of a response that is an HTML page, cut off, or of another shape."""
    return TransientError(
        call.system,
        "The response was not as expected.",
        code=failure_code(call.system, Failure.UNREADABLE),
        status=status,
        maybe_done=call.is_write,
    )


def is_refusal(status: int) -> bool:
    """Return whether a status says clearly that nothing was done: only 4xx does."""
    return 400 <= status < 500


def retry_after_of(headers: Mapping[str, str]) -> float | None:
    """Return seconds that `Retry-After` asks for, as a number or a date; None for anything else.

    https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
    """
    asked = headers.get("Retry-After", "").strip()
    if re.fullmatch(r"\d{1,12}(\.\d+)?", asked, re.ASCII):
        return capped(float(asked))
    try:
        date = parsedate_to_datetime(asked)
        until = date.replace(tzinfo=date.tzinfo or UTC).timestamp()
    except (ValueError, TypeError, OverflowError):
        return None
    return capped(until - time())


def capped(seconds: float) -> float | None:
    """Return a wait of at most a day; None if there is nothing to wait for."""
    if math.isnan(seconds) or seconds <= 0:
        return None
    return min(seconds, _LONGEST_WAIT)


def error_of(response: Response) -> dict[str, Any]:
    """Return the JSON object that explains a failure; empty if there is none."""
    try:
        found = json_of(response)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


_FAILURES = {
    401: Failure.CREDENTIALS_REFUSED,
    403: Failure.RIGHT_MISSING,
    404: Failure.NOT_FOUND,
    410: Failure.NOT_FOUND,
    429: Failure.RATE_LIMITED,
}


def _failure(status: int) -> Failure:
    if status in _FAILURES:
        return _FAILURES[status]
    if status < 400:
        return Failure.UNREADABLE if status < 300 else Failure.REDIRECTED
    is_passing = status >= 500 or status in _PASSING
    return Failure.FAILING if is_passing else Failure.REQUEST_REFUSED


def _passing_problem(status: int, call: Call) -> str:
    if status < 400:
        return (
            "The response was a redirect, which is never followed. If it goes on, "
            f"check {call.system.upper()}_URL."
        )
    if status == 429:
        return "Too many requests were sent for now."
    if status >= 500:
        return f"It returned a server error (status {status})."
    return f"It could not process the request (status {status})."


def _lasting_problem(status: int) -> str:
    match status:
        case 401:
            return "The credentials are refused. Check them in the settings."
        case 403:
            return "The credentials lack a right that this needs. Give them that right."
        case _:
            return "What was asked for does not exist, or the credentials may not see it."
