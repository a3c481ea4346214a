"""The libraries' own logs: silent, whatever the root logger's level."""

import logging

import pytest

from integrations.http.session import quieten_libraries
from integrations.sandbox.zendesk_tickets import SandboxTicket
from service.domain.ticket_updates import TicketChange
from tests.integrations.conftest import DUE, Doors, may_write


def test_a_whole_run_at_debug_logs_nothing_of_the_libraries(
    doors: Doors, leaver: SandboxTicket, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    ticket = doors.zendesk.ticket(leaver.id)
    assert ticket is not None
    doors.trello.copy_template("tech", name="Leaver", due=DUE, head="-", lease=may_write)
    doors.user_reviewer.read()
    doors.zendesk.change_ticket(ticket, TicketChange(note="Hello", solve=True), lease=may_write)

    assert caplog.records == []


def test_loggers_that_were_turned_up_one_by_one_are_turned_down_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    names = ("urllib3.connectionpool", "zenpy.lib.api", "github.Requester", "oauthlib.oauth1")
    for name in names:
        logging.getLogger(name).setLevel(logging.DEBUG)
        logging.getLogger(name).addHandler(logging.StreamHandler())

    quieten_libraries()
    for name in names:
        logging.getLogger(name).warning("a body")

    assert caplog.records == []
    assert [logging.getLogger(name).handlers for name in names] == [[], [], [], []]
