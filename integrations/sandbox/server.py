"""One vendor over real HTTP/1.1: reads requests, applies faults, sends replies."""

import contextlib
import socket
import struct
import sys
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from integrations.sandbox.clock import Clock
from integrations.sandbox.fault_rules import Faults
from integrations.sandbox.faults import Cut, Fault
from integrations.sandbox.messages import Reply, Request
from integrations.sandbox.requests_log import RecordedRequest, RequestLog

Vendor = Callable[[Request], Reply]
Console = Callable[[Request], Reply | None]
_UNHARMED = Fault()


class VendorServer(ThreadingHTTPServer):
    """A vendor's server.

    Args:
        name: zendesk, github or trello.
        vendor: does what a request asks for, and returns the true reply.
        console: returns the reply to a request for the sandbox's own page or control API, or None.
        clock: of the recorded requests, and of the header `Date`.
        faults: which requests go wrong, and how.
        log: where the vendor's requests are recorded.
        port: 0 for any free one.
        host: the address on which it listens.
    """

    daemon_threads = True
    request_queue_size = 128

    def __init__(
        self,
        name: str,
        *,
        vendor: Vendor,
        console: Console,
        clock: Clock,
        faults: Faults,
        log: RequestLog,
        port: int = 0,
        host: str = "127.0.0.1",
    ) -> None:
        super().__init__((host, port), _Exchange)
        self.name = name
        self.vendor = vendor
        self.console = console
        self.clock = clock
        self.faults = faults
        self.log = log
        self._over = threading.Event()
        self._connections: set[socket.socket] = set()
        self._connections_lock = threading.Lock()
        self._thread = threading.Thread(
            target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )

    @property
    def port(self) -> int:
        """The port on which it listens."""
        return int(self.server_address[1])

    def start(self) -> None:
        """Serve in a new thread."""
        self._thread.start()

    def stop(self) -> None:
        """Break off the exchanges that wait, and close every connection and the port."""
        self._over.set()
        self.shutdown()
        self._thread.join()
        with self._connections_lock:
            for connection in self._connections:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
        self.server_close()

    def abandon(self) -> None:
        """Break off the exchanges that wait to act or to reply, and go on serving."""
        self._over, over = threading.Event(), self._over
        over.set()

    @property
    def over(self) -> threading.Event:
        """Set once the exchanges that begin now have to be broken off."""
        return self._over

    def process_request(self, request: Any, client_address: Any) -> None:
        """Note the connection, so that `stop` can close it."""
        with self._connections_lock:
            self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Forget the connection and close it."""
        with self._connections_lock:
            self._connections.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Print no error about a connection that a client or a fault broke."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class _Exchange(BaseHTTPRequestHandler):
    """One connection, with one request after the other."""

    server: VendorServer  # type: ignore[mutable-override]
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    _is_dead = False
    server_version = "sandbox"

    def __getattr__(self, name: str) -> Any:
        if name.startswith("do_"):
            return self._exchange
        raise AttributeError(name)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
        """Print nothing: requests are recorded instead."""

    def date_time_string(self, timestamp: float | None = None) -> str:
        """Return the vendor's time, for the header `Date`."""
        now = self.server.clock.now().timestamp()
        return super().date_time_string(now if timestamp is None else timestamp)

    def _exchange(self) -> None:
        self._over = self.server.over
        request = self._read()
        if self._is_dead:
            self._cut()
            return
        own = self.server.console(request)
        if own is not None:
            self._send(own, request)
            return
        recorded = RecordedRequest(
            vendor=self.server.name, request=request, at=self.server.clock.now()
        )
        self.server.log.add(recorded)
        fault = self.server.faults.take(self.server.name, request) or _UNHARMED
        try:
            self._go_through(recorded, fault)
        except ConnectionError:
            self._cut()

    def _go_through(self, recorded: RecordedRequest, fault: Fault) -> None:
        request = recorded.request
        _run(fault.before)
        self._wait(fault.wait_before_acting)
        true = self.server.vendor(request) if fault.acts else None
        _run(fault.after_acting)
        self._wait(fault.wait_before_reply)
        if fault.cut in (Cut.NO_REPLY, Cut.RESET):
            self._cut(reset=fault.cut is Cut.RESET)
            return
        reply = fault.reply or true or Reply(status=500)
        if fault.change:
            reply = fault.change(reply)
        recorded.status = reply.status
        self._send(reply, request, fault)
        _run(fault.after_reply)
        # A connection that is closed at once is often noticed in time; this one never is.
        self._is_dead = fault.cut is Cut.AFTER_REPLY
        if fault.cut is Cut.MIDWAY:
            self._cut()

    def _read(self) -> Request:
        parts = urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        if len(body) < length:
            # The sender ended in the middle: half a request has no effect.
            raise ConnectionAbortedError
        return Request(
            method=self.command,
            path=unquote(parts.path),
            query=dict(parse_qsl(parts.query, keep_blank_values=True)),
            headers={name.lower(): value for name, value in self.headers.items()},
            body=body,
        )

    def _send(self, reply: Reply, request: Request, fault: Fault = _UNHARMED) -> None:
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        has_body = reply.status not in (204, 304)
        if has_body:
            self.send_header("Content-Length", str(len(reply.body)))
        body = reply.body if has_body and request.method != "HEAD" else b""
        if fault.cut is Cut.MIDWAY:
            body = body[: len(body) // 2]
        message = self._head() + body
        if not fault.seconds_per_byte:
            self.wfile.write(message)
            return
        for position in range(len(message)):
            self.wfile.write(message[position : position + 1])
            self._wait(fault.seconds_per_byte)

    def _head(self) -> bytes:
        """Return the status line and all headers, to be sent in one piece with a body."""
        gathered: list[bytes] = self.__dict__.pop("_headers_buffer")
        return b"".join([*gathered, b"\r\n"])

    def _wait(self, seconds: float) -> None:
        if seconds and self._over.wait(seconds):
            raise ConnectionAbortedError

    def _cut(self, *, reset: bool = False) -> None:
        self.close_connection = True
        if reset:
            # With a linger time of 0, closing sends RST instead of FIN:
            # https://man7.org/linux/man-pages/man7/socket.7.html
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.rfile.close()
            self.connection.close()
            return
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)


def _run(hook: Callable[[], object] | None) -> None:
    if hook:
        hook()
