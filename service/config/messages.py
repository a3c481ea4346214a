"""What is wrong with a setting, in a line: its name, what it must be, and an example."""

from datetime import time
from typing import Any

from pydantic import ValidationError
from pydantic_core import PydanticCustomError

# What pydantic calls a problem, and what the value must be.
_LIMITS = {
    "greater_than_equal": "at least",
    "greater_than": "more than",
    "less_than_equal": "at most",
    "less_than": "less than",
}
_KINDS = (
    ("bool_", "is neither true nor false"),
    ("int_", "is not a whole number such as {}"),
    ("float_", "is not a number such as {}"),
    ("time_", "is not a time of day such as {}"),
)
# What to show if the default is none that one could write.
_EXAMPLES = {
    "ZENDESK_NAME_FIELD_ID": "360001234567",
    "ZENDESK_EMAIL_FIELD_ID": "360001234567",
    "ZENDESK_LEAVING_DATE_FIELD_ID": "360001234567",
}


def wrong(message: str) -> PydanticCustomError:
    """Say what is wrong with a setting, without pydantic's own words around it."""
    return PydanticCustomError("setting", message)


def problem_lines(error: ValidationError, defaults: dict[str, Any]) -> set[str]:
    """Return a line for each problem; no value is quoted, since it may be a secret.

    Args:
        error: pydantic's.
        defaults: of each setting, by its name in upper case: the examples.
    """
    problems = error.errors(include_input=False)
    return {line for problem in problems for line in _line(problem, defaults).splitlines()}


def _line(problem: Any, defaults: dict[str, Any]) -> str:
    name = str(problem["loc"][0]).upper() if problem["loc"] else ""
    kind = problem["type"]
    if kind == "missing":
        return f"{name} is missing"
    if kind == "setting":
        return f"{name} {problem['msg']}".strip()
    example = _EXAMPLES.get(name) or defaults.get(name)
    return f"{name} {_must_be(kind, problem.get('ctx', {}), example)}"


def _must_be(kind: str, limits: dict[str, Any], example: Any) -> str:
    if kind == "enum":
        choices = limits["expected"].replace("'", "").replace(" or ", ", ")
        return f"is not one of {choices}"
    if kind in _LIMITS:
        return f"must be {_LIMITS[kind]} {next(iter(limits.values())):.15g}, such as {example}"
    if isinstance(example, time):
        example = f"{example:%H:%M}"
    for beginning, what in _KINDS:
        if kind.startswith(beginning):
            return what.format(example)
    if isinstance(example, tuple | frozenset):
        example = ",".join(map(str, example))
    return f"is wrong; an example is {example}"
