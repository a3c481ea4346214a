"""An urgent card under faults: its label and its place go with the card, and one message goes out.

Label and place need no calls of their own: the request that makes or moves the card has them. What
is struck at is that request, and the look-up of the label before it.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from integrations.sandbox import faults
from integrations.sandbox.faults import Fault
from tests.conftest import OpenRig
from tests.support.crowd import crowd, list_crowd
from tests.support.database import Database
from tests.support.receiver import Receiver
from tests.support.rig import Request
from tests.support.running import WITHOUT_DAILY_LIMIT, wait_until
from tests.support.tickets import add_ticket, cards_of

LABELS = Request(vendor="trello", method="GET", path=r"/labels$")
COPY = Request(vendor="trello", method="POST", path=r"^/1/cards$")
MOVE = Request(vendor="trello", method="PUT", path=r"^/1/cards/")
WAYS: dict[str, Callable[[], Fault]] = {
    "fails before": lambda: faults.fails(500),
    "fails after": lambda: faults.acts_then_fails(500),
    "a page instead of acting": lambda: faults.html_page(200),
    "reply lost": faults.acts_then_breaks,
}
TODAY = datetime.now(UTC).date()


@pytest.mark.waits
@pytest.mark.timeout(300)
def test_whatever_fails_an_urgent_card_is_labelled_on_top_and_notified_of_once(
    open_rig: OpenRig, receiver: Receiver
) -> None:
    people = crowd(2 * len(WAYS) + 1)
    to = f"json://127.0.0.1:{receiver.port}"
    with open_rig(
        **WITHOUT_DAILY_LIMIT, NOTIFY_URLS=to, URGENT_LABEL="Urgent", AFTER_DATE="false"
    ) as rig:
        label = rig.sandbox.trello.add_label("Urgent", "red")
        list_crowd(rig.sandbox, people)
        database = Database(rig.service.environment["DATABASE_URL"])
        far = (TODAY + timedelta(days=40)).isoformat()
        moved = [add_ticket(rig.sandbox, who, leaving=far) for who in people[: len(WAYS) + 1]]
        for ticket in moved:
            rig.deliver(ticket)
        wait_until(lambda: not database.unfinished(), seconds=120)
        (plain,) = cards_of(rig.sandbox, moved.pop())

        rules = [rig.strike(faults.fails(500), LABELS)]
        rules += [rig.strike(way(), call) for call in (COPY, MOVE) for way in WAYS.values()]
        today = TODAY.isoformat()
        made = [add_ticket(rig.sandbox, who, leaving=today) for who in people[len(WAYS) + 1 :]]
        for ticket in moved:
            rig.service.post(f"/leavers/{ticket.id}/rerun", {"leaving_date": today})
        for ticket in made:
            rig.deliver(ticket)
        wait_until(lambda: not database.hurry(), seconds=200)

        def messages() -> list[str]:
            said = [text["message"] for text in receiver.texts if "Urgent" in text["title"]]
            return "\n".join(said).splitlines()

        tickets = [*moved, *made]
        wait_until(lambda: len(messages()) >= len(tickets))
        assert [rule.struck for rule in rules if not rule.struck] == []
        assert sorted(line.partition(":")[0] for line in messages()) == sorted(
            str(ticket.id) for ticket in tickets
        )
        order = [
            card.id for card in rig.sandbox.trello.cards(list_id=plain.list_id, templates=True)
        ]
        for ticket in tickets:
            ended = rig.ended(ticket)
            (card,) = [card for card in cards_of(rig.sandbox, ticket) if not card.closed]
            assert (ended.state, ended.status, ended.open_cards) == ("done", "solved", 1)
            assert card.label_ids.count(label) == 1
            assert order.index(card.id) < order.index(plain.id)
        assert label not in plain.label_ids
