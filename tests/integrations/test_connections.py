"""Connections: kept, dead, shared by threads, held to one deadline and to one place."""

import socket
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from integrations.http.policy import Call, CallPolicy
from integrations.http.session import Vendor, VendorSession
from integrations.sandbox import Sandbox
from integrations.sandbox.faults import (
    Cut,
    Fault,
    acts_then_breaks,
    breaks,
    closes_after_reply,
    fails,
)
from integrations.sandbox.messages import Reply
from integrations.sandbox.zendesk_tickets import SandboxTicket
from service.domain.errors import PermanentError, TransientError
from service.domain.ticket import Mark
from service.domain.ticket_updates import TicketChange
from tests.integrations.conftest import DUE, Calls, Doors, OpenDoors, may_write, oauth_client
from tests.integrations.relay import Relay

THREADS = 16
TIMES = 12


def test_connections_are_kept_and_used_again(
    sandbox: Sandbox, open_doors: OpenDoors, relay: Callable[[str], Relay], leaver: SandboxTicket
) -> None:
    relays = [relay(vendor.url) for vendor in (sandbox.zendesk, sandbox.trello, sandbox.github)]
    doors = open_doors(
        zendesk_url=relays[0].url, trello_url=relays[1].url, github_url=relays[2].url
    )

    for _time in range(5):
        doors.zendesk.ticket(leaver.id)
        doors.trello.open_cards()
        doors.user_reviewer.read()

    # Zendesk's second one is for the access token, which is wanted every half hour only.
    assert [each.connections for each in relays] == [2, 1, 1]


@pytest.mark.parametrize("cut", [Cut.NO_REPLY, Cut.RESET])
def test_a_read_on_a_kept_connection_that_is_dead_is_sent_once_more(
    cut: Cut, sandbox: Sandbox, doors: Doors
) -> None:
    doors.trello.open_cards()
    sandbox.faults.add(fault=breaks(cut), vendor="trello")

    doors.trello.open_cards()

    assert doors.calls.outcomes == ["200", "disconnected", "200"]
    assert len(doors.calls.before) == 3


def test_a_read_is_sent_once_more_and_not_twice(sandbox: Sandbox, doors: Doors) -> None:
    doors.trello.open_cards()
    sandbox.faults.add(fault=breaks(), vendor="trello", times=None)

    with pytest.raises(TransientError):
        doors.trello.open_cards()

    assert doors.calls.outcomes == ["200", "disconnected", "disconnected"]


def test_half_a_response_on_a_kept_connection_is_not_asked_for_again(
    sandbox: Sandbox, doors: Doors
) -> None:
    doors.trello.open_cards()
    sandbox.faults.add(fault=acts_then_breaks(Cut.MIDWAY), vendor="trello")

    with pytest.raises(TransientError):
        doors.trello.open_cards()

    assert doors.calls.outcomes == ["200", "disconnected"]


def test_a_write_on_a_kept_connection_that_is_dead_is_never_sent_again(
    sandbox: Sandbox, doors: Doors
) -> None:
    card = sandbox.trello.add_card(name="A card")
    doors.trello.open_cards()
    sandbox.faults.add(fault=breaks(), vendor="trello", method="PUT")

    with pytest.raises(TransientError) as caught:
        doors.trello.update_card(card.id, due=DUE, lease=may_write)

    assert (caught.value.maybe_done, doors.calls.outcomes) == (True, ["200", "disconnected"])


def test_a_connection_that_the_vendor_closed_after_its_response_is_opened_again(
    sandbox: Sandbox, doors: Doors
) -> None:
    sandbox.faults.add(fault=closes_after_reply(), vendor="trello", times=None)

    for _time in range(5):
        doors.trello.open_cards()

    # Whether the end of a connection is seen before the next request is sent is a matter of luck.
    assert doors.calls.outcomes.count("200") == 5


@pytest.fixture
def often_switching() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(0.00001)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("often_switching")
def test_many_threads_never_mix_up_their_tickets(sandbox: Sandbox, doors: Doors) -> None:
    ids = [sandbox.zendesk.add_ticket(subject=f"Leaver {each}").id for each in range(THREADS)]

    def work(number: int) -> set[object]:
        found: set[object] = set()
        for time in range(TIMES):
            ticket = doors.zendesk.ticket(ids[number])
            assert ticket is not None
            mark = Mark(plan=f"{number}-{time}")
            doors.zendesk.change_ticket(
                ticket, TicketChange(note=f"Note {number}-{time}", mark=mark), lease=may_write
            )
            found.add((ticket.id, ticket.subject))
        return found

    with ThreadPoolExecutor(THREADS) as threads:
        found = list(threads.map(work, range(THREADS)))

    assert found == [{(ids[each], f"Leaver {each}")} for each in range(THREADS)]
    assert [
        [(note.body, note.custom) for note in sandbox.zendesk.ticket(ids[each]).notes]
        for each in range(THREADS)
    ] == [
        [(f"Note {each}-{time}", {"leavers_plan": f"{each}-{time}"}) for time in range(TIMES)]
        for each in range(THREADS)
    ]


@pytest.mark.usefixtures("often_switching")
def test_many_threads_never_mix_up_their_cards(doors: Doors) -> None:
    def work(number: int) -> list[tuple[str, str]]:
        made = [
            doors.trello.copy_template(
                "tech", name=f"{number}-{time}", due=DUE, head="-", lease=may_write
            )
            for time in range(TIMES)
        ]
        return [(card.name, seen.name) for card in made if (seen := doors.trello.card(card.id))]

    with ThreadPoolExecutor(THREADS) as threads:
        found = list(threads.map(work, range(THREADS)))

    assert found == [
        [(f"{number}-{time}", f"{number}-{time}") for time in range(TIMES)]
        for number in range(THREADS)
    ]


@pytest.mark.usefixtures("often_switching")
def test_many_threads_read_the_same_lists(sandbox: Sandbox, doors: Doors) -> None:
    def work(_number: int) -> set[str]:
        return {doors.user_reviewer.read().commit for _time in range(TIMES)}

    with ThreadPoolExecutor(THREADS) as threads:
        found = list(threads.map(work, range(THREADS)))

    blobs = [each.path for each in sandbox.requests("github") if "/git/blobs/" in each.path]
    assert found == [{sandbox.github.head}] * THREADS
    assert len(blobs) == len(set(blobs))


def test_a_handshake_that_never_comes_ends_at_the_deadline() -> None:
    calls = Calls()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"https://127.0.0.1:{silent.getsockname()[1]}"
        session = VendorSession(
            Vendor(system="Trello", origin="https://api.trello.com", url=url), calls.policy(0.2)
        )

        with session.calling("write", lease=may_write), pytest.raises(TransientError) as caught:
            session.put("https://api.trello.com/1/cards/x")

    assert (caught.value.maybe_done, calls.outcomes) == (False, ["timeout"])


def test_a_response_without_end_is_not_read_to_its_end(sandbox: Sandbox) -> None:
    calls = Calls()
    vendor = Vendor(system="Trello", origin="https://api.trello.com", url=sandbox.trello.url)
    session = VendorSession(vendor, calls.policy(largest_response=1_000_000))
    sandbox.faults.add(fault=fails(200, body=f'"{"x" * 2_000_000}"'), vendor="trello", times=None)

    with session.calling("read"), pytest.raises(TransientError):
        session.get("https://api.trello.com/1/boards/x")

    assert len(sandbox.requests("trello")) == 1


class Result(Exception):
    """The service is to end."""


@pytest.mark.parametrize("vendor", ["zendesk", "trello", "github"])
def test_what_the_hook_raises_reaches_the_caller_and_nothing_is_sent(
    vendor: str, sandbox: Sandbox, leaver: SandboxTicket, open_doors: OpenDoors
) -> None:
    def refuse(_call: Call) -> None:
        raise Result

    policy = CallPolicy(timeout=5, before_call=refuse, after_call=lambda *_: None)
    doors = open_doors(policy=policy)
    ask: dict[str, Callable[[], object]] = {
        "zendesk": lambda: doors.zendesk.ticket(leaver.id),
        "trello": doors.trello.open_cards,
        "github": doors.user_reviewer.read,
    }

    with pytest.raises(Result):
        ask[vendor]()

    assert sandbox.requests() == []


def test_a_link_to_another_host_is_never_followed(
    sandbox: Sandbox, doors: Doors, relay: Callable[[str], Relay]
) -> None:
    elsewhere = relay(sandbox.trello.url)

    def led_astray(reply: Reply) -> Reply:
        link = f'"next_page": "{elsewhere.url}/api/v2/search.json?page=2"'
        return Reply(
            status=200,
            headers=reply.headers,
            body=reply.body.replace(b'"next_page": null', link.encode()),
        )

    sandbox.zendesk.add_ticket()
    sandbox.faults.add(fault=Fault(change=led_astray), vendor="zendesk", path="/search")

    with pytest.raises(PermanentError, match="another host"):
        doors.zendesk.search_leavers("leaver")

    assert elsewhere.connections == 0


def test_proxies_and_netrc_of_the_environment_are_not_used(
    sandbox: Sandbox,
    open_doors: OpenDoors,
    leaver: SandboxTicket,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    netrc = tmp_path_factory.mktemp("home") / "netrc"
    netrc.write_text("default login somebody password else\n")
    for name, value in (("HTTP_PROXY", "http://127.0.0.1:9"), ("NETRC", str(netrc))):
        monkeypatch.setenv(name, value)
    doors = open_doors(login=oauth_client(sandbox))

    assert doors.zendesk.ticket(leaver.id) is not None
    assert doors.trello.open_cards()
    assert doors.user_reviewer.read().files


@pytest.mark.parametrize("stray", ["\n", "\x00", " \r\nHost: elsewhere", "€"])
def test_a_stray_character_in_a_credential_is_named_and_not_shown(
    stray: str,
    sandbox: Sandbox,
    open_doors: OpenDoors,
    spotless: Callable[[Exception], None],
) -> None:
    doors = open_doors(
        trello_token=sandbox.trello.token + stray, github_token=sandbox.github.token + stray
    )

    for ask in (doors.trello.open_cards, doors.user_reviewer.read):
        with pytest.raises(PermanentError, match="characters that do not belong there") as caught:
            ask()
        spotless(caught.value)

    assert sandbox.requests() == []
