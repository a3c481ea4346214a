"""Reports of unhandled errors, to Sentry if that is set: their place, never their data.

What a report may hold is chosen here, and all else is left out: an error's message, a variable or a
request could name somebody.
"""

import sys
import traceback
from importlib.metadata import version
from typing import Any

# Of an event, of an error in it, and of a line of its traceback: what is kept.
_EVENT = ("event_id", "timestamp", "level", "platform", "release", "environment", "tags", "sdk")
_ERROR = ("type", "module", "mechanism")
_LINE = ("module", "function", "lineno", "in_app")
# What has not been sent when the process ends has this long, in seconds.
FLUSH_WITHIN = 3


def report_errors(dsn: str) -> None:
    """Let `report` send to a project of Sentry's from now on."""
    import sentry_sdk  # noqa: PLC0415 - only if it is installed and wanted

    sentry_sdk.init(
        dsn,
        release=f"leavers@{version('leavers')}",
        before_send=scrubbed,  # type: ignore[arg-type]  # an event is a dictionary
        # Nothing is gathered but what `report` gives.
        default_integrations=False,
        auto_enabling_integrations=False,
        send_default_pii=False,
        include_local_variables=False,
        include_source_context=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        auto_session_tracking=False,
        send_client_reports=False,
        server_name="",
    )


def report(error: BaseException, *, ticket_id: int | None = None) -> None:
    """Send an error, if that is set; never raises, never waits."""
    sentry = sys.modules.get("sentry_sdk")
    if sentry is None:
        return
    with sentry.new_scope() as scope:
        if ticket_id is not None:
            scope.set_tag("ticket_id", str(ticket_id))
        scope.capture_exception(error)


def flush() -> None:
    """Send what has not been sent, but wait no longer than a moment."""
    if sentry := sys.modules.get("sentry_sdk"):
        sentry.flush(FLUSH_WITHIN)


def scrubbed(event: dict[str, Any], _: Any = None) -> dict[str, Any]:
    """Return what is kept of an event: kinds of errors, and where they arose."""
    errors = event.get("exception", {}).get("values", [])
    return _kept(event, _EVENT) | {"exception": {"values": [_error(error) for error in errors]}}


def _error(error: dict[str, Any]) -> dict[str, Any]:
    lines = (error.get("stacktrace") or {}).get("frames", [])
    kept = _kept(error, _ERROR)
    kept["mechanism"] = {"type": "generic", "handled": True}
    return kept | {"stacktrace": {"frames": [_kept(line, _LINE) for line in lines]}}


def _kept(whole: dict[str, Any], keys: tuple[str, ...]) -> dict[str, Any]:
    return {key: whole[key] for key in keys if key in whole}


def error_location(error: BaseException) -> str:
    """Say what an error is and where it arose, without its message: that may hold personal data."""
    frames = traceback.extract_tb(error.__traceback__)
    places = " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames[-6:]))
    return f"{type(error).__name__} in {places}"
