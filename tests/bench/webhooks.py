"""Webhooks as Zendesk sends many at once: over connections that are kept."""

import asyncio
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from urllib.parse import urlsplit

from integrations.sandbox.zendesk_tickets import SandboxTicket
from integrations.sandbox.zendesk_webhook import PATH, signed_headers, trigger_body


def send_over_connections(
    tickets: Iterable[SandboxTicket], url: str, secret: str, *, connections: int
) -> tuple[float, ...]:
    """Send a webhook for each ticket, each connection one after the other; return the seconds.

    All requests are written beforehand, and one thread sends them: the sender shares the processors
    with what it measures.
    """
    host = urlsplit(url).netloc
    requests = [_request(host, trigger_body(ticket.id), secret) for ticket in tickets]
    return tuple(asyncio.run(_send_all(host, requests[::-1], connections)))


def _request(host: str, body: bytes, secret: str) -> bytes:
    headers = {"Host": host, "Content-Length": str(len(body))}
    headers |= signed_headers(secret, body, datetime.now(UTC))
    lines = [f"POST {PATH} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode() + body


async def _send_all(host: str, requests: list[bytes], connections: int) -> list[float]:
    taken: list[float] = []
    await asyncio.gather(*(_send_over_one(host, requests, taken) for _ in range(connections)))
    return taken


async def _send_over_one(host: str, requests: list[bytes], taken: list[float]) -> None:
    name, _, port = host.partition(":")
    reader, writer = await asyncio.open_connection(name, int(port))
    while requests:
        request = requests.pop()
        begun = time.monotonic()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(
            int(line.partition(b":")[2])
            for line in head.splitlines()
            if line.lower().startswith(b"content-length:")
        )
        await reader.readexactly(length)
        taken.append(time.monotonic() - begun)
        if not head.startswith(b"HTTP/1.1 202 "):
            raise RuntimeError(f"a webhook was answered with {head[9:12].decode()}")
    writer.close()
