"""Forms: small, sent by the page that we made, by an operator who may; dates and drafts in them.

A page that is the response to a form can't be shown again by the Back button. So a form that was
sent is kept in a cookie, and the browser is sent on to a page of its own that reads it there.
"""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import parse_qsl

from itsdangerous import BadSignature, URLSafeTimedSerializer
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from service.config.operator_tokens import Operator
from service.desk.signing_in.current_operator import ForeignForm, ReadsOnly, signed_in
from service.desk.signing_in.sessions import LONGEST_PAUSE, Sessions
from service.domain.dates import EARLIEST_DAY, LATEST_DAY

LARGEST_FORM = 64 * 1024
MOST_FIELDS = 50


class Forms:
    """Reads the pages' forms."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    async def read(self, request: Request) -> dict[str, str]:
        """Return a form's fields.

        Raises:
            ForeignForm: the form was not made for this session.
            HTTPException: it is too large.
        """
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > LARGEST_FORM:
                raise HTTPException(413, "The form is too large.")
        try:
            fields = dict(
                parse_qsl(
                    body.decode("utf-8", "replace"),
                    keep_blank_values=True,
                    max_num_fields=MOST_FIELDS,
                )
            )
        except ValueError:
            raise HTTPException(413, "The form has too many fields.") from None
        if not self._sessions.is_own_form(request.state.session, fields.get("form_token", "")):
            raise ForeignForm
        # A null character can't be stored, and nobody types one.
        return {key: value.replace("\0", "") for key, value in fields.items()}

    async def read_answer(self, request: Request) -> tuple[Operator, dict[str, str]]:
        """Return who answers, and the fields.

        Raises:
            NotSignedIn: nobody is signed in.
            ReadsOnly: the operator may only look.
            ForeignForm: see `read`.
            HTTPException: see `read`.
        """
        operator = await signed_in(request)
        fields = await self.read(request)
        if operator.is_read_only:
            raise ReadsOnly
        return operator, fields


DATE_PARTS = ("day", "month", "year")
_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
_SHORTEST_NAME = 3


class WrongDate(ValueError):
    """What was typed is not a date.

    Args:
        part: the field that is wrong: ``day``, ``month`` or ``year``.
        message: what to do about it.
    """

    def __init__(self, part: str, message: str) -> None:
        super().__init__(message)
        self.part = part
        self.message = message


def read_typed_date(given: Mapping[str, str], *, name: str = "The leaving date") -> date | None:
    """Return the date that was typed; None if all three fields are empty.

    Args:
        given: the three fields.
        name: of the date, for the messages.

    The messages are the design system's:
    https://design-system.service.gov.uk/components/date-input/#error-messages

    Raises:
        WrongDate: see there.
    """
    missing = [part for part in DATE_PARTS if not given[part]]
    if len(missing) == len(DATE_PARTS):
        return None
    if missing:
        raise WrongDate(missing[0], f"{name} must include a {' and a '.join(missing)}")
    if not re.fullmatch(r"[0-9]{4}", given["year"]):
        raise WrongDate("year", "Year must include 4 numbers")
    try:
        day = date(int(given["year"]), _month(given["month"]), _number(given["day"]))
    except ValueError:
        message = f"{name} must be a real date, such as 18 12 2026"
        raise WrongDate("day", message) from None
    if not EARLIEST_DAY <= day <= LATEST_DAY:
        years = f"between {EARLIEST_DAY.year} and {LATEST_DAY.year}"
        raise WrongDate("year", f"{name} must be {years}")
    return day


def _month(text: str) -> int:
    name = text.casefold().removesuffix(".")
    if len(name) < _SHORTEST_NAME:
        return _number(text)
    fits = [number for number, month in enumerate(_MONTHS, 1) if month.startswith(name)]
    return fits[0] if fits else 0


def _number(text: str) -> int:
    return int(text) if re.fullmatch(r"[0-9]{1,2}", text) else 0


COOKIE = "leavers_draft"
FIELDS = (
    *("choice", "name", "email", "leaving_date-day", "leaving_date-month", "leaving_date-year"),
    *("confirm_date", "confirm_nobody", "clear_tag", "version"),
    *("reason", "remind-day", "remind-month", "remind-year"),
)
# A cookie has room for some 4,000 bytes; longer values are too long for the form in any case.
_MOST_CHARACTERS = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An answer as it was sent.

    Attributes:
        key: stands in the addresses of the pages that show it.
        fields: the form's.
    """

    key: str
    fields: dict[str, str]


class Drafts:
    """Keeps one answer for each leaver and kind of page in the operator's browser, for one session.

    Args:
        secret: signs the cookie.
    """

    def __init__(self, secret: str) -> None:
        self._cookies = URLSafeTimedSerializer(secret, salt="leavers draft")

    def keep(
        self,
        request: Request,
        response: Response,
        page: str,
        *,
        key: str,
        sent: Mapping[str, str],
    ) -> None:
        """Keep what was sent; an earlier answer is forgotten.

        Args:
            request: that brought it.
            response: that leads on.
            page: the address of the leaver's page, to which it is kept.
            key: see `new_key`.
            sent: the form's fields.
        """
        fields = {name: sent[name][:_MOST_CHARACTERS] for name in FIELDS if name in sent}
        response.set_cookie(
            COOKIE,
            self._cookies.dumps([request.state.session.nonce, key, fields]),
            max_age=LONGEST_PAUSE,
            path=page,
            secure=request.url.scheme == "https",
            httponly=True,
            samesite="lax",
        )

    def read(self, request: Request) -> Draft | None:
        """Return the answer that the page's address names; None if it is no longer kept."""
        try:
            nonce, key, fields = self._cookies.loads(
                request.cookies.get(COOKIE, ""), max_age=LONGEST_PAUSE
            )
        except (BadSignature, ValueError, TypeError):
            return None
        is_this_one = request.query_params.get("draft") == key
        is_own = nonce == request.state.session.nonce
        return Draft(key=key, fields=fields) if is_this_one and is_own else None

    @staticmethod
    def new_key() -> str:
        """Return a key for an answer that was just sent."""
        return secrets.token_hex(4)

    @staticmethod
    def forget(response: Response, page: str) -> None:
        """Delete the answer: it was confirmed."""
        response.delete_cookie(COOKIE, path=page)
