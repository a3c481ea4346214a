"""The pages without a browser: what is asked and answered over HTTP, form by form."""

import html
import re
from typing import Any

import requests

PATIENCE = 20
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
_FORM = re.compile(r'<form method="post" action="([^"]+)".*?</form>', re.DOTALL)


class Visit:
    """One browser's visit; redirects are not followed.

    Args:
        url: the service's.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.session = requests.Session()
        self.session.trust_env = False

    def close(self) -> None:
        """End it."""
        self.session.close()

    def get(self, path: str, **options: Any) -> requests.Response:
        """Ask for a page."""
        return self._send("GET", path, **options)

    def post(self, path: str, fields: dict[str, str], **options: Any) -> requests.Response:
        """Send fields, as a form would."""
        return self._send("POST", path, data=fields, **options)

    def submit(self, page: requests.Response, action: str, **fields: str) -> requests.Response:
        """Send the form on a page whose address ends so, with its hidden fields."""
        return self.post(f"/desk/{action}", self.hidden(page, action) | fields)

    def see(self, page: requests.Response, action: str, **fields: str) -> requests.Response:
        """Submit a form as `submit` does, and return the page that it leads to."""
        return self.led(self.submit(page, action, **fields))

    def led(self, sent: requests.Response) -> requests.Response:
        """Return the page that a sent form leads to: it is never answered with a page itself."""
        assert sent.status_code == 303, (sent.status_code, sent.text)
        return self.get(sent.headers["Location"])

    @staticmethod
    def hidden(page: requests.Response, action: str) -> dict[str, str]:
        """The hidden fields of a form."""
        for form in _FORM.finditer(page.text):
            if form.group(1) == f"/desk/{action}":
                return {name: html.unescape(value) for name, value in _HIDDEN.findall(form.group())}
        raise AssertionError(f"there is no form to {action}: {page.status_code} {page.text}")

    def sign_in(self, token: str) -> requests.Response:
        """Sign in with an operator's token; a refusal is returned as the page that shows it."""
        sent = self.submit(self.get("/desk/sign-in"), "sign-in", token=token)
        led = sent.headers.get("Location", "")
        return self.get(led) if led.startswith("/desk/sign-in") else sent

    def _send(self, method: str, path: str, **options: Any) -> requests.Response:
        return self.session.request(
            method, f"{self.url}{path}", timeout=PATIENCE, allow_redirects=False, **options
        )
