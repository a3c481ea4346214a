"""From a vendor's answer to a typed error: what failed, whether it passes, and how long to wait."""

import json
import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import time
from typing import Any

from requests import Response

from integrations.http.policy import Call
from service.domain.errors import OutsideError, PermanentError, TransientError
from service.domain.reasons import Failure, ReasonCode, failure_code

# What reading an answer raises if it does not look as documented.
ODD_SHAPE = (AttributeError, LookupError, TypeError, ValueError, RecursionError)

_LONGEST_WAIT = 86_400.0
# One word without digits: no secret, and nobody's name in full.
_KIND = re.compile(r"[A-Za-z][A-Za-z_]{1,59}")
_PASSING = {408, 409, 425, 429}


def usual_failure(answer: Response, call: Call) -> OutsideError | None:
    """Say what is wrong with an answer by its status alone, or None if it is a success."""
    status = answer.status_code
    if 200 <= status < 300:
        return None
    if status < 400 or status >= 500 or status in _PASSING:
        return passing(_passing_problem(status, call), answer, call)
    if status in _FAILURES:
        return lasting(_lasting_problem(status), answer, call)
    return refused(answer, call)


def refused(answer: Response, call: Call) -> PermanentError:
    """A refusal for a reason that is not known: its kind and status are quoted, and no more."""
    kind = kind_of(answer)
    seen = f"status {answer.status_code}, {kind}" if kind else f"status {answer.status_code}"
    return lasting(
        f"The request to {call.operation} was refused ({seen}), and would be again. Look up what "
        f"{call.system} means by that, and whether something is special about this leaver.",
        answer,
        call,
        code=failure_code(call.system, Failure.REQUEST_REFUSED),
    )


def kind_of(answer: Response) -> str | None:
    """The vendor's own word for a failure, if it gives one; its sentences are never quoted."""
    error = error_of(answer)
    details = error.get("errors")
    first = details[0] if isinstance(details, list) and details else None
    nested = [one for one in (error.get("error"), first) if isinstance(one, dict)]
    words = [error.get("code"), error.get("error")]
    words += [one.get(key) for one in nested for key in ("code", "title", "error", "type")]
    return next((word for word in words if isinstance(word, str) and _KIND.fullmatch(word)), None)


def passing(
    problem: str,
    answer: Response,
    call: Call,
    *,
    code: ReasonCode | None = None,
    retry_after: float | None = None,
    is_limit: bool = False,
) -> TransientError:
    """A failure that passes; it waits for as long as the answer asks, and for `retry_after`.

    Its code is that of the answer's status, unless another one is given.
    """
    is_limit = is_limit or answer.status_code == 429
    usual = Failure.RATE_LIMITED if is_limit else _failure(answer.status_code)
    asked = retry_after_of(answer.headers)
    waits = [wait for wait in (asked, retry_after) if wait is not None]
    return TransientError(
        call.system,
        problem,
        code=code or failure_code(call.system, usual),
        status=answer.status_code,
        maybe_done=call.is_write and not is_refusal(answer.status_code),
        retry_after=max(waits, default=None),
        is_limit=is_limit,
    )


def lasting(
    problem: str, answer: Response, call: Call, *, code: ReasonCode | None = None
) -> PermanentError:
    """A failure that stays until somebody fixes something.

    Its code is that of the answer's status, unless another one is given.
    """
    return PermanentError(
        call.system,
        problem,
        code=code or failure_code(call.system, _failure(answer.status_code)),
        status=answer.status_code,
    )


def unreadable(call: Call, *, status: int | None = None) -> TransientError:
    """The answer is not what it should be: a page for people, half an answer, another shape."""
    return TransientError(
        call.system,
        "The answer was not as expected.",
        code=failure_code(call.system, Failure.UNREADABLE),
        status=status,
        maybe_done=call.is_write,
    )


def is_refusal(status: int) -> bool:
    """Whether a status says clearly that nothing was done: only 4xx does."""
    return 400 <= status < 500


def retry_after_of(headers: Mapping[str, str]) -> float | None:
    """Seconds that `Retry-After` asks for, as a number or a date; None for anything else.

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
    """A wait of at most a day; None if there is nothing to wait for."""
    if math.isnan(seconds) or seconds <= 0:
        return None
    return min(seconds, _LONGEST_WAIT)


def instant(value: object) -> datetime | None:
    """A vendor's instant in UTC; None for null. Raises an `ODD_SHAPE` for anything else."""
    if value is None:
        return None
    found = datetime.fromisoformat(text(value))
    return found.replace(tzinfo=found.tzinfo or UTC).astimezone(UTC)


def listed(value: object) -> list[Any]:
    """A JSON list; raises `TypeError` for anything else, an empty object above all.

    What is empty because it was not understood must never pass for "there is none".
    """
    if not isinstance(value, list):
        raise TypeError("not a list")
    return value


def truth(value: object) -> bool:
    """A JSON truth value; raises `TypeError` for anything else."""
    if not isinstance(value, bool):
        raise TypeError("not a truth value")
    return value


def text(value: object) -> str:
    """A JSON text; raises `TypeError` for anything else."""
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value


def json_of(answer: Response) -> Any:
    """The answer's JSON; raises `ValueError` if it is none."""
    try:
        return json.loads(answer.content)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def error_of(answer: Response) -> dict[str, Any]:
    """The JSON object that explains a failure; empty if there is none."""
    try:
        found = json_of(answer)
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
            "The answer was a redirect, which is never followed. If it goes on, "
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
