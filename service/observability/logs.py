"""Logs as JSON, one line an event: ids and facts, never names, addresses, bodies or secrets."""

import logging
import logging.config
from datetime import UTC, datetime

from pythonjsonlogger.core import RESERVED_ATTRS
from pythonjsonlogger.json import JsonFormatter

from integrations.http.session import quieten_libraries

# Where uvicorn's access log has the path: client, method, path, version of HTTP, status.
_PATH = 2


class WithoutQuery(logging.Filter):
    """Leaves what follows the question mark out of the access log: a search names somebody."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record pass, with a shorter path."""
        if isinstance(record.args, tuple) and len(record.args) > _PATH:
            args = list(record.args)
            args[_PATH] = str(args[_PATH]).partition("?")[0]
            record.args = tuple(args)
        return True


class InUtc(JsonFormatter):
    """Writes the time of a line in UTC with its offset, whatever the machine's time zone."""

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: ARG002, N802 - the library's
        """Return an instant as ISO 8601."""
        return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")


def configure_logs(level: str = "INFO") -> None:
    """Send all logs to standard output as JSON."""
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "json": {
                    "()": InUtc,
                    "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
                    # The web server says the same once more, in colours.
                    "reserved_attrs": [*RESERVED_ATTRS, "color_message"],
                    "rename_fields": {"asctime": "at", "levelname": "level", "name": "logger"},
                }
            },
            "filters": {"without query": {"()": WithoutQuery}},
            "handlers": {
                "stdout": {
                    "class": "logging.StreamHandler",
                    "stream": "ext://sys.stdout",
                    "formatter": "json",
                    # The root's level alone would not hold a library back that sets its own.
                    "level": level,
                }
            },
            "root": {"handlers": ["stdout"], "level": level},
            "loggers": {
                # They log each job at length, and with its traceback: our own log says enough.
                "procrastinate": {"level": "ERROR"},
                # A lost connection is logged by the code that needed it.
                "psycopg.pool": {"level": "ERROR"},
                "uvicorn": {"handlers": [], "propagate": True},
                "uvicorn.access": {
                    "handlers": [],
                    "filters": ["without query"],
                    "propagate": True,
                },
            },
        }
    )
    quieten_libraries()
