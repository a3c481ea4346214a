"""The conditions of the sandbox's triggers: only those that the service's triggers need.

https://developer.zendesk.com/documentation/ticketing/reference-guides/conditions-reference/
"""

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from integrations.sandbox.zendesk_people import PEOPLE
from integrations.sandbox.zendesk_tickets import SandboxTicket
from integrations.sandbox.zendesk_update import STATUSES

_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "is": operator.eq,
    "is_not": operator.ne,
    "less_than": operator.lt,
    "greater_than": operator.gt,
}
_OPERATORS = {
    "status": frozenset(_COMPARE),
    "current_tags": frozenset({"includes", "not_includes"}),
    "role": frozenset({"is", "is_not"}),
    "update_type": frozenset({"is"}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """A ticket that was just made or updated; `by` is the id of the user who did it."""

    ticket: SandboxTicket
    by: int
    is_creation: bool


def problem_with(condition: Any) -> str | None:
    """Return what is wrong with a condition, in Zendesk's words; None if it is valid."""
    if not isinstance(condition, Mapping):
        return "Condition is not an object"
    field, sign = condition.get("field"), condition.get("operator")
    if field not in _OPERATORS:
        return f"Condition {field} is not recognized"
    if sign not in _OPERATORS[field]:
        return f"Operator {sign} is not allowed for {field}"
    if field == "status" and condition.get("value") not in STATUSES:
        return "Status is invalid"
    return None


def fits(conditions: Mapping[str, Any], update: Update) -> bool:
    """Return whether all conditions of `all` hold, and one of `any` unless that is empty."""
    some = conditions.get("any") or []
    return all(_holds(one, update) for one in conditions.get("all") or []) and (
        not some or any(_holds(one, update) for one in some)
    )


def _holds(condition: Mapping[str, Any], update: Update) -> bool:
    sign: str = condition["operator"]
    value = str(condition["value"])
    match condition["field"]:
        case "status":
            now = STATUSES.index(update.ticket.status)
            return _COMPARE[sign](now, STATUSES.index(value))
        case "current_tags":
            has_one = bool(set(value.split()) & set(update.ticket.tags))
            return has_one == (sign == "includes")
        case "role":
            return (value in _roles(update.by)) == (sign == "is")
        case _:
            return (value == "Create") == update.is_creation


def _roles(user: int) -> set[str]:
    """Return the values by which a condition on the current user may name a person."""
    is_end_user = any(one.id == user and one.role == "end-user" for one in PEOPLE)
    return {str(user), "end_user" if is_end_user else "agent"}
