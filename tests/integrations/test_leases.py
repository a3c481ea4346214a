"""A write is sent only with a lease that holds at the moment of sending."""

import pytest

from integrations.http.policy import Call, WriteWithoutLeaseError
from integrations.http.session import Vendor, VendorSession
from integrations.sandbox import Sandbox
from tests.integrations.conftest import DUE, Calls, Doors


class LeaseLostError(Exception):
    """Another worker goes on."""


def lost() -> None:
    raise LeaseLostError


def session(sandbox: Sandbox) -> VendorSession:
    vendor = Vendor(system="Trello", origin="https://api.trello.com", url=sandbox.trello.url)
    return VendorSession(vendor, Calls().policy())


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_what_is_announced_as_reading_cannot_write(sandbox: Sandbox, method: str) -> None:
    with session(sandbox) as trello, trello.calling("read a card"):  # noqa: SIM117
        with pytest.raises(WriteWithoutLeaseError):
            trello.request(method, "https://api.trello.com/1/cards")

    assert sandbox.requests("trello") == []


def test_the_policy_is_shown_the_lease_of_the_very_call(sandbox: Sandbox, doors: Doors) -> None:
    card = sandbox.trello.add_card(name="A card")

    doors.trello.open_cards()
    doors.trello.update_card(card.id, due=DUE, lease=lost)

    assert [call.lease for call in doors.calls.before] == [None, lost]
    assert [call.is_write for call in doors.calls.before] == [False, True]


def test_a_read_is_not_a_write() -> None:
    assert not Call(system="Trello", operation="read a card").is_write
