"""The one HTTP policy: every request to a vendor, whichever library makes it, goes through here.

No hidden retry, no redirect followed, one allowed origin, one deadline for the whole call, and
typed errors that quote neither the vendor nor the request.
"""

import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urlsplit

import requests
from requests import PreparedRequest, Response
from requests.auth import AuthBase

from integrations.http.exchange import Sender, Verify
from integrations.http.failures import unreadable, usual_failure
from integrations.http.json_values import json_of
from integrations.http.policy import Call, CallPolicy, Lease, WriteWithoutLeaseError
from service.domain.errors import OutsideError, PermanentError
from service.domain.reasons import Failure, failure_code

__all__ = ["Call", "CallPolicy", "Lease", "Login", "Vendor", "VendorSession", "quieten_libraries"]

_HEADER_VALUE = re.compile(r"[\x20-\x7e\t]*")
_NOISY = ("urllib3", "requests", "requests_oauthlib", "oauthlib", "zenpy", "github", "trello")


class Login(AuthBase):
    """Puts the credentials into each request; this one puts none."""

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """Put the credentials into the request."""
        return request

    def renew(self, request: PreparedRequest) -> bool:  # noqa: ARG002 - for those that can
        """Put fresh credentials into a request that was answered with 401, if there are any."""
        return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Vendor:
    """Who is called, and where.

    Attributes:
        system: ``Zendesk``, ``Trello`` or ``GitHub``.
        origin: scheme and host that the vendor's library writes into its URLs.
        url: where requests are really sent.
        explain: says what is wrong with a response, or None if it is a success.
    """

    system: str
    origin: str
    url: str
    explain: Callable[[Response, Call], OutsideError | None] = usual_failure


@dataclass(frozen=True, slots=True, kw_only=True)
class _Intent:
    call: Call
    is_json: bool
    changes_nothing: bool

    def may_send(self, method: str | None) -> bool:
        """Return whether a request is what was announced: a write needs a lease."""
        return method == "GET" or self.call.is_write or self.changes_nothing


_intent: ContextVar[_Intent] = ContextVar("intent")


class VendorSession(requests.Session):
    """A session that speaks to one vendor under the policy; many threads may share it."""

    authorized = True  # zenpy leaves the credentials to a session that says so.

    def __init__(self, vendor: Vendor, policy: CallPolicy, login: Login | None = None) -> None:
        super().__init__()
        self.trust_env = False
        self.headers["User-Agent"] = "leavers"
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
        self.auth = self._login = login or Login()
        self._vendor = vendor
        self._policy = policy
        self._sender = Sender(vendor.url, policy)

    @contextmanager
    def calling(
        self,
        operation: str,
        *,
        lease: Lease | None = None,
        changes_nothing: bool = False,
        is_json: bool = True,
    ) -> Iterator[Call]:
        """Name what the requests within are for.

        Args:
            operation: see `Call`.
            lease: see `Call`; without one, only requests that read are sent.
            changes_nothing: whether it only reads although it is not a GET, such as a query in
                GraphQL, or fetching an access token.
            is_json: whether a success that is not JSON counts as a failure.
        """
        call = Call(system=self._vendor.system, operation=operation, lease=lease)
        token = _intent.set(_Intent(call=call, is_json=is_json, changes_nothing=changes_nothing))
        try:
            yield call
        finally:
            _intent.reset(token)

    def prepare_request(self, request: requests.Request) -> PreparedRequest:
        """Put a request together; raises `PermanentError` if that can't be done."""
        request.url = self._as_written(request.url or "")
        try:
            prepared = super().prepare_request(request)
            _check_headers(prepared)
        except (requests.RequestException, ValueError):
            pass  # Raised below, so that our error does not carry the library's, with its request.
        else:
            return prepared
        raise PermanentError(
            self._vendor.system,
            "A request could not be put together. Check the credentials and ids in the settings "
            "for characters that do not belong there.",
            code=failure_code(self._vendor.system, Failure.BAD_SETTING),
        )

    def send(self, request: PreparedRequest, *, verify: Verify = True, **_: Any) -> Response:
        """Send a prepared request under the policy."""
        intent = _intent.get()
        if not intent.may_send(request.method):
            raise WriteWithoutLeaseError
        self._refuse_elsewhere(request)
        response = self._exchange(request, intent.call, verify)
        if response.status_code == 401 and self._login.renew(request):
            response = self._exchange(request, intent.call, verify)
        failure = self._failure(response, intent)
        self._policy.after_response(intent.call, failure)
        if failure:
            raise failure
        return response

    def close(self) -> None:
        """Close all kept connections; the session can go on being used."""
        self._sender.close()
        super().close()

    def _failure(self, response: Response, intent: _Intent) -> OutsideError | None:
        if response.status_code == 304 and "If-None-Match" in response.request.headers:
            return None
        if failure := self._vendor.explain(response, intent.call):
            return failure
        if intent.is_json:
            try:
                json_of(response)
            except ValueError:
                return unreadable(intent.call, status=response.status_code)
        return None

    def _exchange(self, request: PreparedRequest, call: Call, verify: Verify) -> Response:
        timeout = self._policy.timeout
        done = self._sender.send(request, call, seconds=timeout, verify=verify)
        if done.was_dead and request.method == "GET":
            left = timeout - done.seconds
            done = self._sender.send(request, call, seconds=left, verify=verify)
        if done.response is None:
            raise done.failure()
        return done.response

    def _as_written(self, url: str) -> str:
        """A link in a vendor's response may name the place where requests are really sent."""
        real = self._vendor.url.rstrip("/") + "/"
        if url.startswith(real):
            return f"{self._vendor.origin}/{url.removeprefix(real)}"
        return url

    def _refuse_elsewhere(self, request: PreparedRequest) -> None:
        written = urlsplit(request.url or "")
        if f"{written.scheme}://{written.netloc}" != self._vendor.origin:
            raise PermanentError(
                self._vendor.system,
                "A response led to another host, where nothing is ever sent. Check "
                f"{self._vendor.system.upper()}_URL.",
                code=failure_code(self._vendor.system, Failure.REDIRECTED),
            )


def _check_headers(request: PreparedRequest) -> None:
    """Refuse what the library below refuses, too, but with the header in its error's text."""
    if not all(_HEADER_VALUE.fullmatch(str(value)) for value in request.headers.values()):
        raise ValueError("a header can't be sent")


def quieten_libraries() -> None:
    """Keep the libraries' own logs, which hold bodies and secrets, out of ours at any level."""
    for name in _NOISY:
        for logger in _family(name):
            logger.handlers.clear()
            # To set a level makes every logger that there is forget what it has cached.
            if logger.level != logging.ERROR:
                logger.setLevel(logging.ERROR)


def _family(name: str) -> list[logging.Logger]:
    known = [other for other in logging.root.manager.loggerDict if other.startswith(f"{name}.")]
    return [logging.getLogger(each) for each in (name, *known)]
