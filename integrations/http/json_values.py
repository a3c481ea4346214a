"""Reads values out of a vendor's JSON, and raises an `ODD_SHAPE` if it is not as documented."""

import json
from datetime import UTC, datetime
from typing import Any

from requests import Response

# What reading a response raises if it does not look as documented.
ODD_SHAPE = (AttributeError, LookupError, TypeError, ValueError, RecursionError)


def json_of(response: Response) -> Any:
    """Return the response's JSON; raise `ValueError` if it is none."""
    try:
        return json.loads(response.content)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def listed(value: object) -> list[Any]:
    """Return a JSON list; raise `TypeError` for anything else, an empty object above all.

    What is empty because it was not understood must never pass for "there is none".
    """
    if not isinstance(value, list):
        raise TypeError("not a list")
    return value


def truth(value: object) -> bool:
    """Return a JSON truth value; raise `TypeError` for anything else."""
    if not isinstance(value, bool):
        raise TypeError("not a truth value")
    return value


def text(value: object) -> str:
    """Return a JSON text; raise `TypeError` for anything else."""
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value


def instant(value: object) -> datetime | None:
    """Return a vendor's instant in UTC; None for null. Raises an `ODD_SHAPE` for anything else."""
    if value is None:
        return None
    found = datetime.fromisoformat(text(value))
    return found.replace(tzinfo=found.tzinfo or UTC).astimezone(UTC)
