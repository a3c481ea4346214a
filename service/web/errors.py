"""Every error has one shape, in words that say what to do."""

import logging
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.observability.error_reports import error_location, report
from service.observability.outages import DATABASE
from service.records.database import DatabaseError

log = logging.getLogger(__name__)

# FastAPI's response, as 400, if a body is not text; if it is not JSON, that is 422.
_UNPARSED = "There was an error parsing the body"

# In place of the framework's words, which quote a pattern or name its own types.
# https://docs.pydantic.dev/latest/errors/validation_errors/
_IN_WORDS = {
    "missing": "it is missing",
    "extra_forbidden": "there is no such field",
    "model_attributes_type": "it must be a JSON object, sent as Content-Type: application/json",
    "greater_than_equal": "it must be at least {ge}",
    "less_than_equal": "it must be at most {le}",
    "string_type": "it must be a text",
    "string_too_long": "it must have {max_length} characters or fewer",
    "enum": "it must be {expected}",
    "literal_error": "it must be {expected}",
}
_KINDS = {
    "int_": "it must be a whole number",
    "bool_": "it must be true or false",
    "date_": "it must be a day, such as 2026-12-18",
}
_FORMS = {
    "email": "it must be an e-mail address, such as jane.doe@example.gov.uk",
    "entry": "it must be the id of one of the leaver's candidates",
}
_ONE_LINE = "it must be one line, without control characters"


def answer_errors_in_words(app: FastAPI) -> None:
    """Give every error that the application answers the shape that the contract names."""
    app.add_exception_handler(RequestValidationError, _unreadable)  # type: ignore[arg-type]
    app.add_exception_handler(HTTPException, _refused)  # type: ignore[arg-type]
    app.add_exception_handler(DatabaseError, _no_database)
    app.add_middleware(UnhandledErrorMiddleware)


async def _unreadable(_: Request, error: RequestValidationError) -> JSONResponse:
    problems: dict[str, list[str]] = {}
    for one in error.errors():
        where_it_is, what = describe_problem(one)
        problems.setdefault(where_it_is, []).append(what)
    # A value that may be of one type or another has a problem with each.
    said = "; ".join(f"{where}: {', or: '.join(what)}" for where, what in problems.items())
    return JSONResponse({"detail": f"Correct the request: {said}."}, 422)


def describe_problem(problem: dict[str, Any]) -> tuple[str, str]:
    """Return where something is wrong, and what, for one of the framework's own errors."""
    kind = problem["type"]
    if kind == "json_invalid":
        return "the body", "it is not valid JSON"
    # The framework names a type among several in brackets.
    parts = [str(part) for part in problem["loc"][1:] if "[" not in str(part)]
    where_it_is = ".".join(parts) or "the body"
    if kind == "string_pattern_mismatch":
        return where_it_is, _FORMS.get(where_it_is, _ONE_LINE)
    of_kind = (words for beginning, words in _KINDS.items() if kind.startswith(beginning))
    words = _IN_WORDS.get(kind) or next(of_kind, None)
    return where_it_is, words.format(**problem.get("ctx", {})) if words else problem["msg"]


async def _refused(_: Request, error: HTTPException) -> JSONResponse:
    if error.detail == _UNPARSED:
        return JSONResponse(
            {"detail": "Correct the request: its body is not valid JSON in UTF-8."}, 422
        )
    detail = {
        "Not Found": "There is nothing at this address: /docs shows those that there are.",
        "Method Not Allowed": f"Send this address a {(error.headers or {}).get('Allow')} request.",
    }.get(error.detail, error.detail)
    return JSONResponse({"detail": detail}, error.status_code, headers=error.headers)


async def _no_database(_: Request, error: Exception) -> JSONResponse:
    DATABASE.failed(error)
    return JSONResponse(
        {"detail": "The database does not answer: try again in a minute."},
        503,
        headers={"Retry-After": "30"},
    )


class UnhandledErrorMiddleware:
    """Turns an unhandled exception into a 500 response; logs where it arose, but not its message.

    The framework's own handler would log the whole error: its message may hold personal data.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request."""
        is_answered = False

        async def sending(message: Message) -> None:
            nonlocal is_answered
            is_answered = True
            await send(message)

        try:
            await self._app(scope, receive, sending)
        except Exception as error:  # noqa: BLE001 - see above
            log.error("unexpected error", extra={"error": error_location(error)})  # noqa: TRY400
            report(error)
            if scope["type"] == "http" and not is_answered:
                response = JSONResponse(
                    {"detail": "There was an internal error; the log says where."}, 500
                )
                await response(scope, receive, send)
