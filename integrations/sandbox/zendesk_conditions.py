"""Conditions of the sandbox's triggers: those that a trigger for leaver tickets needs.

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
    """What has just happened to a ticket: who did it, and whether it was made by that."""

    ticket: SandboxTicket
    by: int
    is_creation: bool


def problem_with(condition: Any) -> str | None:
    """Say what is wrong with a condition, or None if it is one."""
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
    """Whether all of the one kind hold, and any of the other if there are some."""
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
    """A person, as the condition "current user" may name them."""
    is_end_user = any(one.id == user and one.role == "end-user" for one in PEOPLE)
    return {str(user), "end_user" if is_end_user else "agent"}
