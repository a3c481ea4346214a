"""Who asked for a leaver's last run, and what they said: told to whoever comes second."""

from dataclasses import dataclass
from datetime import datetime

from service.desk.words import correction_words
from service.records.leaver import Leaver

_REQUESTS = {"received", "received again", "run asked for"}


@dataclass(frozen=True, slots=True, kw_only=True)
class LastRequest:
    """The newest request for a run.

    Attributes:
        by: an operator's name, or Zendesk.
        at: when.
        is_answer: an operator asked, and not a webhook or the sweep.
        said: the corrections, in words.
    """

    by: str
    at: datetime
    is_answer: bool
    said: tuple[str, ...]


def last_request(leaver: Leaver) -> LastRequest:
    """Find the newest request in a leaver's history."""
    asked = [number for number, one in enumerate(leaver.history) if one.event in _REQUESTS]
    last = leaver.history[asked[-1]]
    after = leaver.history[asked[-1] + 1 :]
    said = tuple(correction_words(one.detail, leaver) for one in after if one.event == "corrected")
    return LastRequest(by=last.by, at=last.at, is_answer=last.event == "run asked for", said=said)
