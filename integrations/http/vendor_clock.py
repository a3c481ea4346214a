"""What time a vendor has: every response says so, whatever else it says."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from requests import Response

from integrations.http.session import Call, CallPolicy, Vendor, VendorSession
from service.domain.errors import OutsideError

# Asked without credentials: the response may be a refusal.
PATHS = {"Zendesk": "/api/v2/users/me.json", "GitHub": "/rate_limit", "Trello": "/1/members/me"}


def time_at(system: str, url: str, policy: CallPolicy) -> datetime | None:
    """Return a vendor's time now, to the second, or None if the response holds none.

    Raises:
        TransientError: it can't be reached.
    """
    origin = f"https://{system.lower()}.invalid"
    session = VendorSession(Vendor(system=system, origin=origin, url=url, explain=_accept), policy)
    with session.calling("look at the clock", is_json=False):
        response = session.get(f"{origin}{PATHS[system]}")
    session.close()
    return _time_of(response)


def _accept(_response: Response, _call: Call) -> OutsideError | None:
    return None


def _time_of(response: Response) -> datetime | None:
    """https://www.rfc-editor.org/rfc/rfc9110#field.date."""
    try:
        found = parsedate_to_datetime(response.headers.get("Date", ""))
    except (TypeError, ValueError):
        return None
    return found.replace(tzinfo=found.tzinfo or UTC).astimezone(UTC)
