"""What Zendesk's failures mean, and what to fix.

https://developer.zendesk.com/api-reference/introduction/requests/#response-format
"""

from collections.abc import Iterator
from typing import Any

from requests import Response

from integrations.http.failures import error_of, permanent, retry_after_of, usual_failure
from integrations.http.session import Call
from service.domain.errors import OutsideError, PermanentError, TransientError
from service.domain.reasons import ReasonCode

SYSTEM = "Zendesk"
REFUSED_CREDENTIALS = (
    "The credentials are refused. Check ZENDESK_CLIENT_ID and ZENDESK_CLIENT_SECRET, and that the "
    "OAuth client is still active."
)
NO_RIGHT = (
    "The service may not do this. Check ZENDESK_SCOPE, and that the service's agent may see and "
    "edit the ticket."
)
NO_ACCOUNT = "There is no such Zendesk account. Check ZENDESK_SUBDOMAIN and ZENDESK_URL."
# Titles of fields are short; whatever else a vendor may write there is not quoted whole.
_LONGEST_TITLE = 80


class TicketMoved(TransientError):
    """The ticket changed since it was read: read it again, and look for our own mark."""


class TicketClosed(PermanentError):
    """A closed ticket can't be changed any more."""


class NoSuchRecord(PermanentError):
    """Zendesk knows no such ticket."""


def explain(response: Response, call: Call) -> OutsideError | None:
    """Say what is wrong with a response, or None if it is a success."""
    match response.status_code:
        case 401:
            return permanent(REFUSED_CREDENTIALS, response, call)
        case 403:
            return permanent(NO_RIGHT, response, call)
        case 404:
            return _not_found(response, call)
        case 409:
            problem = "The ticket was changed by somebody else meanwhile."
            wait = retry_after_of(response.headers)
            return TicketMoved(
                call.system,
                problem,
                code=ReasonCode.ZENDESK_TICKET_CHANGED,
                status=409,
                retry_after=wait,
            )
        case 422 if call.is_write:
            return _refused_update(response, call)
        case _:
            return usual_failure(response, call)


def wrong_credentials() -> PermanentError:
    """Return the error for credentials that Zendesk takes for an anonymous user's."""
    return PermanentError(
        SYSTEM, REFUSED_CREDENTIALS, code=ReasonCode.ZENDESK_CREDENTIALS_REFUSED, status=401
    )


def closed(system: str, *, status: int | None = None) -> TicketClosed:
    """Return the error for a closed ticket."""
    return TicketClosed(
        system,
        "The ticket is closed and can't be changed.",
        code=ReasonCode.ZENDESK_TICKET_CLOSED,
        status=status,
    )


def _not_found(response: Response, call: Call) -> PermanentError:
    if error_of(response).get("error") == "RecordNotFound":
        return NoSuchRecord(
            call.system,
            "There is no such ticket (any more).",
            code=ReasonCode.ZENDESK_NO_TICKET,
            status=404,
        )
    return permanent(NO_ACCOUNT, response, call)


def _refused_update(response: Response, call: Call) -> PermanentError:
    texts, kinds = _problems(error_of(response))
    if "ClosedTicket" in kinds or "closed prevents ticket update" in texts:
        return closed(call.system, status=422)
    if titles := _required(error_of(response)):
        named = ", ".join(f"“{title}”" for title in titles)
        return permanent(
            f"A required field must be filled before the ticket can be solved: {named}. Fill it in "
            "Zendesk, and run this again.",
            response,
            call,
            code=ReasonCode.ZENDESK_FIELD_REQUIRED,
        )
    if "assignee" in texts.lower():
        return permanent(
            "The service's agent can't be given the ticket. Make it a member of the ticket's "
            "group, or assign the ticket to somebody, and run this again.",
            response,
            call,
            code=ReasonCode.ZENDESK_ASSIGNEE_REFUSED,
        )
    return permanent(
        "The update was refused by a rule of the account. Look at the ticket in Zendesk, and "
        "finish it by hand or fix the rule.",
        response,
        call,
        code=ReasonCode.ZENDESK_UPDATE_REFUSED,
    )


def _problems(error: dict[str, Any]) -> tuple[str, set[str]]:
    """Return all descriptions in one text, to look for known ones, and all kinds of problems."""
    items = list(_items(error.get("details")))
    texts = " ".join(str(item.get("description", "")) for item in items)
    kinds = {str(item.get(key)) for item in items for key in ("error", "ticket_field_type")}
    return texts, kinds


def _required(error: dict[str, Any]) -> list[str]:
    """Return the titles of the fields that must be filled, as Zendesk gives them: in any language.

    ``Cost centre: is required when solving a ticket``; what stands behind a title is a sentence.
    """
    titles = []
    for item in _items(error.get("details")):
        said = str(item.get("description", ""))
        title, sign, rest = said.rpartition(": ")
        kind = str(item.get("ticket_field_type") or "")
        is_field = kind.startswith("Field") and kind != "FieldAssignee"
        if is_field or "is required when solving" in rest:
            shown = "".join(one for one in (title if sign else said) if one.isprintable())
            titles.append(shown[:_LONGEST_TITLE].strip() or "a field without a title")
    return list(dict.fromkeys(titles))


def _items(details: object) -> Iterator[dict[str, Any]]:
    if not isinstance(details, dict):
        return
    for problems in details.values():
        if isinstance(problems, list):
            yield from (problem for problem in problems if isinstance(problem, dict))
