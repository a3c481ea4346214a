"""Ticket numbers, wherever they come from."""

from typing import Annotated, Any

from fastapi import Path

# What a bigint holds.
LARGEST_TICKET_ID = 2**63 - 1

TicketId = Annotated[
    int, Path(ge=1, le=LARGEST_TICKET_ID, description="The ticket's number", examples=[12345])
]


def read_ticket_id(value: Any) -> int | None:
    """Return a ticket's number from a number or its digits as text, or None."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 19:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 1 <= value <= LARGEST_TICKET_ID else None
