"""The sandbox's clock: the real time, which a test may move forward."""

from datetime import UTC, datetime, timedelta


class Clock:
    """The time of all three vendors of a sandbox."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def now(self) -> datetime:
        """Return the present instant, in UTC."""
        return datetime.now(UTC) + self._ahead

    def reset(self) -> None:
        """Go back to the real time."""
        self._ahead = timedelta()

    def advance(self, *, seconds: float) -> None:
        """Move forward, so that tokens expire and the search index catches up."""
        self._ahead += timedelta(seconds=seconds)


def iso_seconds(at: datetime) -> str:
    """Return an instant as Zendesk and GitHub write it: whole seconds and a Z."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def iso_milliseconds(at: datetime) -> str:
    """Return an instant as Trello writes it: milliseconds and a Z."""
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z"
