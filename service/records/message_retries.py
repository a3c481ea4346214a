"""When a message that a target refused is tried again: the same for every kind of message."""

from datetime import timedelta
from typing import Any

# After 30 seconds and two minutes; then it is given up.
MOST_TRIES, _FIRST_PAUSE, _GROWTH = 3, timedelta(seconds=30), 4

# When a message is tried again, by its `tries`; null once it is given up.
NEXT_TRY = """CASE WHEN tries < %(most)s
  THEN now() + %(pause)s * power(%(growth)s, tries - 1) END"""
RETRY_VALUES: dict[str, Any] = {"most": MOST_TRIES, "pause": _FIRST_PAUSE, "growth": _GROWTH}
