"""Webhooks as Zendesk sends many at once: over connections that are kept."""

import http.client
import queue
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from urllib.parse import urlsplit

from integrations.sandbox.zendesk_tickets import SandboxTicket
from integrations.sandbox.zendesk_webhook import PATH, signed_headers, trigger_body

PATIENCE = 60.0


def send_over_connections(
    tickets: Iterable[SandboxTicket], url: str, secret: str, *, connections: int
) -> tuple[float, ...]:
    """Send a webhook for each ticket, each connection one after the other; return the seconds."""
    waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
    for ticket in tickets:
        waiting.put(ticket.id)
    with ThreadPoolExecutor(connections) as senders:
        taken = senders.map(lambda _: _send_all(waiting, url, secret), range(connections))
    return tuple(seconds for of_connection in taken for seconds in of_connection)


def _send_all(waiting: "queue.SimpleQueue[int]", url: str, secret: str) -> list[float]:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=PATIENCE)
    taken = []
    try:
        while True:
            body = trigger_body(waiting.get_nowait())
            begun = time.monotonic()
            connection.request("POST", PATH, body, signed_headers(secret, body, datetime.now(UTC)))
            response = connection.getresponse()
            response.read()
            taken.append(time.monotonic() - begun)
            if response.status != 202:
                raise RuntimeError(f"a webhook was answered with {response.status}")
    except queue.Empty:
        return taken
    finally:
        connection.close()
