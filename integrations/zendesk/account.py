"""What a Zendesk account is like: looked at when the connection is checked, never changed."""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, TypeVar
from urllib.parse import urlsplit

import zenpy
from requests import PreparedRequest, Response
from zenpy.lib.exception import APIException, ZenpyException

from integrations.http.failures import unreadable
from integrations.http.json_values import ODD_SHAPE, text, truth
from integrations.http.session import (
    Call,
    CallPolicy,
    Lease,
    Login,
    Vendor,
    VendorSession,
    quieten_libraries,
)
from integrations.zendesk.errors import NO_ACCOUNT, SYSTEM, NoSuchRecord, explain, wrong_credentials
from integrations.zendesk.login import OAuthClient, OAuthLogin
from integrations.zendesk.values import id_from_zendesk
from service.domain.errors import OutsideError, PermanentError
from service.domain.reasons import ReasonCode

T = TypeVar("T")
Explain = Callable[[Response, Call], OutsideError | None]

_RECENT = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessToken:
    """An access token that somebody fetched themselves; it lasts as long as it lasts."""

    token: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnUser:
    """The user of the credentials; `subdomain` is the account that they are let into."""

    id: int
    subdomain: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A ticket field; `kind` is Zendesk's word for its type: text, date, tagger and so on."""

    title: str
    kind: str
    is_active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketHolder:
    """Which group a ticket is in, and whether somebody is assigned."""

    group_id: int | None
    is_assigned: bool
    is_solved: bool


class ZendeskAccount:
    """One account, as somebody with these credentials sees it."""

    def __init__(
        self,
        login: OAuthClient | AccessToken,
        *,
        subdomain: str,
        url: str | None,
        policy: CallPolicy,
        explained: Explain = explain,
    ) -> None:
        """Build it; nothing is asked yet.

        Args:
            login: whose credentials.
            subdomain: ``govuk`` for govuk.zendesk.com.
            url: where requests are really sent; None for the account itself.
            policy: how every call is made.
            explained: says what is wrong with a response.
        """
        quieten_libraries()
        subdomain = subdomain.lower()
        origin = f"https://{subdomain}.zendesk.com"
        vendor = Vendor(system=SYSTEM, origin=origin, url=url or origin, explain=explained)
        if isinstance(login, AccessToken):
            credentials: Login = _AccessTokenLogin(login)
        else:
            credentials = OAuthLogin(login, origin=origin, url=vendor.url, policy=policy)
        self._session = VendorSession(vendor, policy, credentials)
        self._api = zenpy.Zenpy(subdomain=subdomain, session=self._session, disable_cache=True)

    def me(self) -> OwnUser:
        """Return the user that the credentials belong to."""
        try:
            return self._ask("look up the user", lambda: _user(self._api.users.me().to_dict()))
        except PermanentError as failure:
            if failure.status != 404:
                raise
        # Zendesk answers for a subdomain that nobody has, and so does its token endpoint.
        raise PermanentError(SYSTEM, NO_ACCOUNT, code=ReasonCode.ZENDESK_NOT_FOUND, status=404)

    def field(self, field_id: int) -> Field | None:
        """Return one ticket field, or None if there is none."""
        try:
            return self._ask(
                "look at a ticket field",
                lambda: _field(self._api.ticket_fields(id=field_id).to_dict()),
            )
        except NoSuchRecord:
            return None

    def groups_of(self, user_id: int) -> frozenset[int]:
        """Return the groups that an agent is in."""
        return self._ask(
            "look up group memberships",
            lambda: frozenset(
                id_from_zendesk(one.to_dict()["group_id"])
                for one in self._api.users.group_memberships(user=user_id)
            ),
        )

    def recent_leavers(self, tag: str) -> tuple[TicketHolder, ...]:
        """Return the newest tickets with a tag, solved or not; the index lags minutes."""
        query = f"type:ticket tags:{tag}"
        return self._ask(
            "search for leaver tickets",
            lambda: tuple(
                _holder(one.to_dict())
                for one in islice(
                    self._api.search(query, sort_by="created_at", sort_order="desc"), _RECENT
                )
            ),
        )

    def _ask(
        self,
        operation: str,
        ask: Callable[[], T],
        *,
        lease: Lease | None = None,
        is_json: bool = True,
    ) -> T:
        """Call zenpy; whatever it makes of an odd response becomes one typed error."""
        with self._session.calling(operation, lease=lease, is_json=is_json) as call:
            try:
                return ask()
            except (ZenpyException, APIException, *ODD_SHAPE):
                pass  # Raised below, so that our error does not carry zenpy's, with the response.
            raise unreadable(call)


class _AccessTokenLogin(Login):
    def __init__(self, access_token: AccessToken) -> None:
        self._header = f"Bearer {access_token.token}"

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        request.headers["Authorization"] = self._header
        return request


def _user(raw: dict[str, Any]) -> OwnUser:
    if raw["id"] is None:
        raise wrong_credentials()
    host = urlsplit(raw.get("url") or "").hostname or ""
    account, _, rest = host.partition(".")
    return OwnUser(
        id=id_from_zendesk(raw["id"]), subdomain=account if rest == "zendesk.com" else None
    )


def _field(raw: dict[str, Any]) -> Field:
    return Field(title=text(raw["title"]), kind=text(raw["type"]), is_active=truth(raw["active"]))


def _holder(raw: dict[str, Any]) -> TicketHolder:
    group = raw.get("group_id")
    return TicketHolder(
        group_id=None if group is None else id_from_zendesk(group),
        is_assigned=raw.get("assignee_id") is not None,
        is_solved=raw["status"] in {"solved", "closed"},
    )
