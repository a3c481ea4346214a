"""Telling where a mistake of our own arose, without what it was about."""

import traceback


def where(error: BaseException) -> str:
    """Say what an error is and where it arose, without its message: that may hold personal data."""
    frames = traceback.extract_tb(error.__traceback__)
    places = " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames[-6:]))
    return f"{type(error).__name__} in {places}"
