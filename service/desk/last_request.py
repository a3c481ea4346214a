"""Who asked for a leaver's last run, and what they said: shown to the person who comes second."""

from dataclasses import dataclass
from datetime import datetime

from service.desk.words import event_words
from service.domain.history import HistoryEvent
from service.records.leaver import Leaver

_REQUESTS = {
    HistoryEvent.RECEIVED,
    HistoryEvent.RECEIVED_AGAIN,
    HistoryEvent.RUN_REQUESTED,
}


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
    said = tuple(
        event_words(one, leaver)[1] for one in after if one.event is HistoryEvent.CORRECTED
    )
    is_answer = last.event is HistoryEvent.RUN_REQUESTED
    return LastRequest(by=last.by, at=last.at, is_answer=is_answer, said=said)
