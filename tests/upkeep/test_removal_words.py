"""Whatever a pull request's history or a message may say has words."""

from datetime import UTC, datetime

import pytest

from service.domain.history import HistoryEvent
from service.domain.history_words import detail_of
from service.domain.removal.deciding import Undone
from service.domain.removal.seen import Touch
from service.records.pull_request_notices import PullRequestNews, PullRequestNotice
from service.upkeep.notifications import MessageLinks, message_about_pull_requests

LEFT = HistoryEvent.PULL_REQUEST_LEFT


@pytest.mark.parametrize("touch", Touch)
def test_what_a_person_did_has_words(touch: Touch) -> None:
    said = detail_of(LEFT, {"touch": touch.value}, {})
    assert said.endswith(". The service writes nothing to it any more.")


@pytest.mark.parametrize("undone", Undone)
def test_what_is_left_to_people_has_words_and_a_message(undone: Undone) -> None:
    said = detail_of(LEFT, {"touch": "approved", "undone": undone.value}, {})
    news = PullRequestNotice(
        ticket_id=7, what=PullRequestNews(undone), at=datetime.now(UTC), url="https://x/1"
    )
    _, text = message_about_pull_requests([news], links=MessageLinks(ticket="https://z/{}"))

    assert "writes nothing" not in said
    assert text.startswith("7: ")
    assert text.endswith(". https://x/1 https://z/7")
