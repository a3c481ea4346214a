"""A refusal leads to where it can be settled: the vendor's own code or header decides."""

from typing import Any

import pytest

from integrations.sandbox import Sandbox, faults
from integrations.sandbox.zendesk_update import TicketField
from service.domain.errors import OutsideError, PermanentError, TransientError
from service.domain.reasons import ReasonCode
from service.domain.ticket_updates import TicketChange
from tests.integrations.conftest import OpenDoors, may_write
from tests.support.tickets import ADA, add_ticket


def failure_of(call: Any) -> OutsideError:
    with pytest.raises(OutsideError) as caught:
        call()
    return caught.value


@pytest.mark.parametrize(
    ("why", "says", "code"),
    [
        ("single sign-on", "Authorise GITHUB_TOKEN", "github_no_single_sign_on"),
        ("suspension", "suspended", "github_suspended"),
        ("size", "too large", "github_file_too_large"),
        ("block", "blocked access", "github_repository_blocked"),
        ("address", "IP allow list", "github_right_missing"),
        ("kind of token", "tokens of this kind", "github_right_missing"),
        ("something new", "(status 403, new_rule)", "github_request_refused"),
    ],
)
def test_what_github_forbids_is_distinguished(
    sandbox: Sandbox, open_doors: OpenDoors, why: str, says: str, code: str
) -> None:
    sandbox.faults.add(fault=faults.github_forbids(why), vendor="github")

    failure = failure_of(open_doors().user_reviewer.read)

    assert isinstance(failure, PermanentError)
    assert says in failure.problem
    assert failure.code == code
    assert "repository's contents" not in failure.problem
    assert "sentence" not in failure.problem


def test_too_many_wrong_tokens_pass(sandbox: Sandbox, open_doors: OpenDoors) -> None:
    body = '{"message": "Maximum number of login attempts exceeded. Please try again later."}'
    sandbox.faults.add(fault=faults.fails(403, body=body), vendor="github")

    failure = failure_of(open_doors().user_reviewer.read)

    assert isinstance(failure, TransientError)
    assert failure.code == ReasonCode.GITHUB_CREDENTIALS_REFUSED


def test_a_board_that_is_full_is_distinguished_from_a_right_that_is_missing(
    sandbox: Sandbox, open_doors: OpenDoors
) -> None:
    trello = open_doors().trello
    sandbox.faults.add(fault=faults.trello_limit(), vendor="trello")
    full = failure_of(trello.open_cards)
    sandbox.faults.add(fault=faults.html_page(403), vendor="trello")
    other = failure_of(trello.open_cards)
    sandbox.faults.add(
        fault=faults.fails(403, body="unauthorized card permission requested"), vendor="trello"
    )
    right = failure_of(trello.open_cards)

    assert (full.code, "Archive cards" in full.problem) == (ReasonCode.TRELLO_BOARD_FULL, True)
    assert (other.code, "(status 403)" in other.problem) == (
        ReasonCode.TRELLO_REQUEST_REFUSED,
        True,
    )
    assert (right.code, "Invite" in right.problem) == (ReasonCode.TRELLO_RIGHT_MISSING, True)


@pytest.mark.parametrize(
    ("body", "seen"),
    [
        ('{"error": "InvalidValue", "description": "Ada"}', "(status 400, InvalidValue)"),
        ('{"error": {"title": "Invalid"}}', "(status 400, Invalid)"),
        ('{"errors": [{"code": "bad_request", "title": "x"}]}', "(status 400, bad_request)"),
        ('{"error": "token ghp_0123456789"}', "(status 400)"),
        ('{"error": ["Ada"]}', "(status 400)"),
        ("<html>Ada</html>", "(status 400)"),
    ],
)
def test_an_unknown_refusal_quotes_its_kind_and_status_and_no_more(
    sandbox: Sandbox, open_doors: OpenDoors, body: str, seen: str
) -> None:
    ticket = add_ticket(sandbox, ADA)
    sandbox.faults.add(fault=faults.fails(400, body=body), vendor="zendesk", path="/tickets/")

    failure = failure_of(lambda: open_doors().zendesk.ticket(ticket.id))

    assert failure.code == ReasonCode.ZENDESK_REQUEST_REFUSED
    assert f"The request to read a ticket was refused {seen}, and would be again." in str(failure)
    assert "Ada" not in str(failure)


def test_every_field_that_zendesk_requires_is_named_by_its_title(
    sandbox: Sandbox, open_doors: OpenDoors
) -> None:
    titles = ["Cost centre", "Site: which building", "Équipe"]
    sandbox.zendesk.account.fields += [
        TicketField(id=70 + number, title=title, required_to_solve=True)
        for number, title in enumerate(titles)
    ]
    made = add_ticket(sandbox, ADA)
    zendesk = open_doors().zendesk
    ticket = zendesk.ticket(made.id)
    assert ticket

    failure = failure_of(
        lambda: zendesk.change_ticket(ticket, TicketChange(solve=True), lease=may_write)
    )

    assert failure.code == ReasonCode.ZENDESK_FIELD_REQUIRED
    assert "before the ticket can be solved: “Cost centre”, “Site: which building”, “Équipe”." in (
        failure.problem
    )
