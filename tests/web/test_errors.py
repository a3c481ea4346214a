"""What is wrong with a request is said in the service's own words, and never quoted."""

from datetime import date
from typing import Annotated, Any, Literal

import pytest
from pydantic import Field, TypeAdapter, ValidationError

from service.records.leaver import State
from service.web.errors import describe_problem
from service.web.schemas import TicketId


@pytest.mark.parametrize(
    ("kind", "given", "said"),
    [
        (TicketId, "abc", "it must be a whole number"),
        (TicketId, "1.5", "it must be a whole number"),
        (TicketId, "0", "it must be at least 1"),
        (TicketId, "9" * 19, f"it must be at most {2**63 - 1}"),
        (State, "lost", "it must be 'queued', 'running', 'needs_person', 'failed' or 'done'"),
        (Literal["csv", "json"], "xml", "it must be 'csv' or 'json'"),
        (date, "tomorrow", "it must be a day, such as 2026-12-18"),
        (date, "2026-02-30", "it must be a day, such as 2026-12-18"),
        (bool, "perhaps", "it must be true or false"),
        (str, 7, "it must be a text"),
        (Annotated[str, Field(max_length=3)], "long", "it must have 3 characters or fewer"),
    ],
)
def test_what_is_wrong_is_said_in_plain_words(kind: Any, given: Any, said: str) -> None:
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(kind).validate_python(given)
    (problem,) = refused.value.errors()

    assert describe_problem({**problem, "loc": ("query", "field")}) == ("field", said)
