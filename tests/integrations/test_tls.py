"""The policy over TLS, as the real vendors are reached."""

import ipaddress
import ssl
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from integrations.http.session import Vendor, VendorSession
from service.domain.errors import TransientError
from tests.integrations.conftest import Calls, may_write

ORIGIN = "https://api.trello.com"


class Answers(BaseHTTPRequestHandler):
    """Answers at once, or a byte at a time if the path says so."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer."""
        whole = b'HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n{"ok": true}'
        pieces = [whole] if self.path == "/fast" else [whole[i : i + 1] for i in range(len(whole))]
        for piece in pieces:
            try:
                self.wfile.write(piece)
            except OSError:
                return
            if len(pieces) > 1:
                time.sleep(0.05)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 that signs itself, and its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "server.pem"
    file.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return file


@pytest.fixture
def url(certificate: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    server.daemon_threads = True
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"https://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


def session(url: str, calls: Calls, *, timeout: float = 5.0) -> VendorSession:
    vendor = Vendor(system="Trello", origin=ORIGIN, url=url)
    return VendorSession(vendor, calls.policy(timeout))


def test_responses_are_read_over_tls(url: str, certificate: Path) -> None:
    calls = Calls()
    with session(url, calls) as vendor:
        vendor.verify = str(certificate)
        with vendor.calling("read"):
            answers = [vendor.get(f"{ORIGIN}/fast").json() for _time in range(3)]

    assert answers == [{"ok": True}] * 3


def test_a_response_that_drips_over_tls_ends_at_the_deadline(url: str, certificate: Path) -> None:
    calls = Calls()
    with session(url, calls, timeout=0.5) as vendor:
        vendor.verify = str(certificate)
        with vendor.calling("read"), pytest.raises(TransientError):
            vendor.get(f"{ORIGIN}/slow")

    assert calls.outcomes == ["timeout"]


def test_a_certificate_that_nobody_vouches_for_is_not_trusted(url: str) -> None:
    calls = Calls()
    with (
        session(url, calls) as vendor,
        vendor.calling("write", lease=may_write),
        pytest.raises(TransientError) as caught,
    ):
        vendor.put(f"{ORIGIN}/fast")

    assert (calls.outcomes, caught.value.maybe_done) == (["unreachable"], False)
