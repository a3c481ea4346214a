"""What a load balancer, a monitor and a forged header meet."""

import asyncio
import http.client
import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
import requests
from starlette.types import Message, Receive, Scope, Send

from service.commands.serve import KEEP_ALIVE
from service.desk.signing_in.sign_in_limit import MOST_FAILURES
from service.web.front_door import FrontDoor
from tests.conftest import RunCommand, StartService
from tests.desk.visits import Visit
from tests.support.rig import Rig
from tests.support.running import Service

FORGED = "elsewhere.example"
PROXY = "127.0.0.1"
LONGEST_IDLE_OF_A_BALANCER = 600


@pytest.fixture
def behind_proxy(start_service: StartService) -> Service:
    """A service that believes what comes from this machine."""
    return start_service(works=False, FORWARDED_ALLOW_IPS=PROXY)


@pytest.fixture
def connection(answering: Rig) -> Iterator[http.client.HTTPConnection]:
    """One that is kept."""
    connection = http.client.HTTPConnection(urlsplit(answering.service.url).netloc, timeout=60)
    yield connection
    connection.close()


@pytest.mark.parametrize("host", [FORGED, f"{FORGED}/a/path", f"{FORGED}:80", "a@b", "", "[::"])
@pytest.mark.parametrize(
    ("path", "to"),
    [
        ("/", "/desk/"),
        ("/desk", "/desk/"),
        ("/leavers/", "/leavers"),
        ("/leavers/?limit=3", "/leavers?limit=3"),
        ("/desk/", "/desk/needs-a-person"),
        ("//desk", None),
        (f"//{FORGED}/", None),
        (f"/{FORGED}//", None),
    ],
)
def test_a_redirect_never_names_a_host(
    answering: Rig, host: str, path: str, to: str | None
) -> None:
    where = urlsplit(answering.service.url)
    with socket.create_connection((where.hostname or "", where.port or 0), timeout=60) as sock:
        sock.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        answer = b"".join(iter(lambda: sock.recv(65536), b"")).decode()
    head = answer.partition("\r\n\r\n")[0].splitlines()
    locations = [line.partition(": ")[2] for line in head if line.lower().startswith("location:")]

    if to is None:
        assert locations == []
    elif head[0].split()[1] != "400":
        assert locations == [to]


@pytest.mark.parametrize(
    ("location", "sent"),
    [
        ("http://here.example/desk/", "/desk/"),
        ("http://here.example//elsewhere.example", "/elsewhere.example"),
        ("http://127.0.0.1:8000/desk/", "/desk/"),
        ("/desk/", "/desk/"),
        # A provider of single sign-on, on this very machine or below this name.
        ("http://here.example:9000/authorize", None),
        ("http://here.example.login.example/authorize", None),
        ("http://127.0.0.1:9000/authorize", None),
        ("http://127.0.0.1.login.example/authorize", None),
        ("https://here.example/desk/", None),
    ],
)
def test_only_a_redirect_to_the_service_itself_is_shortened(
    location: str, sent: str | None
) -> None:
    async def nothing() -> Message:
        return {"type": "http.request"}

    async def app(_: Scope, __: Receive, send: Send) -> None:
        headers = [(b"location", location.encode())]
        await send({"type": "http.response.start", "status": 307, "headers": headers})
        await send({"type": "http.response.body"})

    messages: list[Message] = []

    async def collect(message: Message) -> None:
        messages.append(message)

    asked = {
        "type": "http",
        "method": "GET",
        "scheme": "http",
        "server": ("127.0.0.1", 8000),
        "headers": [(b"host", b"here.example")],
    }
    asyncio.run(FrontDoor(app)(asked, nothing, collect))

    expected = location if sent is None else sent
    assert dict(messages[0]["headers"])[b"location"] == expected.encode()


@pytest.mark.parametrize(
    "path",
    [
        "/healthcheck/live",
        "/healthcheck/ready",
        "/metrics",
        "/openapi.json",
        "/docs",
        "/",
        "/desk/sign-in",
        "/desk/static/desk.css",
        "/leavers",
        "/webhooks/zendesk",
        "/nothing",
    ],
)
def test_head_answers_as_get_without_a_body(
    answering: Rig, connection: http.client.HTTPConnection, path: str
) -> None:
    got = answering.service.get(path, token=None)
    connection.request("HEAD", path)
    answer = connection.getresponse()
    body = answer.read()
    # The connection is still in step: nothing came that was not read.
    connection.request("GET", "/healthcheck/live")
    after = connection.getresponse()

    assert (answer.status, body) == (got.status_code, b"")
    assert answer.headers["Content-Type"] == got.headers.get("Content-Type")
    assert (after.status, after.read()) == (200, b'{"status":"ok"}')


def test_by_default_nobody_is_believed_about_https_or_the_caller(answering: Rig) -> None:
    url = f"{answering.service.url}/desk/sign-in"
    answer = requests.get(url, headers={"X-Forwarded-Proto": "https"}, timeout=60)

    assert "Strict-Transport-Security" not in answer.headers
    assert "Secure" not in answer.headers["Set-Cookie"]


def test_over_https_browsers_stay_with_it(behind_proxy: Service) -> None:
    encrypted = {"X-Forwarded-Proto": "https"}
    plain = behind_proxy.get("/desk/sign-in").headers
    pages = [
        behind_proxy.get(path, headers=encrypted).headers["Strict-Transport-Security"]
        for path in ("/desk/sign-in", "/leavers", "/nothing", "/healthcheck/live")
    ]

    assert "Strict-Transport-Security" not in plain
    assert pages == ["max-age=31536000"] * 4


@pytest.mark.parametrize(
    ("trusted", "sent"),
    [
        ("192.0.2.0/24", "203.0.113.{number}"),
        (PROXY, "203.0.113.{number}, 198.51.100.7"),
    ],
    ids=["by a caller who is not the proxy", "before what the proxy adds"],
)
def test_a_forged_address_does_not_go_round_the_limit_on_wrong_tokens(
    start_service: StartService, trusted: str, sent: str
) -> None:
    service = start_service(works=False, FORWARDED_ALLOW_IPS=trusted)
    visit = Visit(service.url)
    answers = []
    for number in range(MOST_FAILURES + 1):
        visit.session.headers["X-Forwarded-For"] = sent.format(number=number)
        answers.append(visit.sign_in("not-a-token-of-anybody").status_code)
    visit.close()

    assert answers == [*[403] * MOST_FAILURES, 429]


@pytest.mark.parametrize("proxies", ["*", "0.0.0.0/0", "::/0", "10.1.2.3/8", "the-balancer"])
def test_a_proxy_that_is_everybody_or_nobody_is_named_at_start(
    run_leavers: RunCommand, proxies: str
) -> None:
    command = run_leavers("serve", FORWARDED_ALLOW_IPS=proxies)

    assert command.exit_code() == 2
    assert "FORWARDED_ALLOW_IPS contains something that is not the address" in command.stderr


def test_an_idle_connection_outlasts_every_usual_balancers() -> None:
    assert KEEP_ALIVE > LONGEST_IDLE_OF_A_BALANCER


def test_a_kept_connection_is_still_good_after_a_pause(
    connection: http.client.HTTPConnection,
) -> None:
    connection.request("GET", "/healthcheck/live")
    connection.getresponse().read()
    assert connection.sock
    connection.sock.settimeout(6)
    # Nobody closes it: the server's usual 5 seconds are over.
    with pytest.raises(TimeoutError):
        connection.sock.recv(1)
    connection.sock.settimeout(60)
    connection.request("GET", "/healthcheck/live")

    assert connection.getresponse().status == 200
