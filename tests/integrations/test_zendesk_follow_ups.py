"""Follow-up tickets: known by either of the two keys in which Zendesk may name their source."""

import pytest

from integrations.sandbox import Sandbox
from integrations.zendesk.values import ticket_from_zendesk
from tests.integrations.conftest import Doors

BARE = {"id": 7, "status": "new", "tags": [], "updated_at": "2026-11-24T09:00:00Z"}


def via(rel: object, **origin: object) -> dict[str, object]:
    return {"via": {"channel": "email", "source": {"from": origin, "to": {}, "rel": rel}}}


def test_a_reply_to_a_closed_ticket_names_its_source(sandbox: Sandbox, doors: Doors) -> None:
    source = sandbox.zendesk.add_ticket()
    sandbox.zendesk.close(source.id)
    made = sandbox.zendesk.reply(source.id, "She leaves later")

    ticket = doors.zendesk.ticket(made.id)

    assert ticket is not None
    assert (ticket.is_follow_up, ticket.source_id) == (True, source.id)


@pytest.mark.parametrize(
    ("raw", "is_follow_up", "source_id"),
    [
        ({}, False, None),
        ({"via": None}, False, None),
        (via(None, ticket_id=5), False, None),
        (via("follow_up", ticket_id=5), True, 5),
        (via("follow_up"), True, None),
        (via("follow_up", ticket_id="5"), True, 5),
        (via("follow_up", ticket_id=[5]), True, None),
        ({"via_followup_source_id": 5}, True, 5),
        (via("follow_up", ticket_id=4) | {"via_followup_source_id": 5}, True, 5),
        ({"via_followup_source_id": None}, False, None),
    ],
)
def test_a_follow_up_is_known_by_either_key(
    raw: dict[str, object], source_id: int | None, *, is_follow_up: bool
) -> None:
    ticket = ticket_from_zendesk(BARE | raw, [])

    assert (ticket.is_follow_up, ticket.source_id) == (is_follow_up, source_id)
