"""Between Zendesk's JSON and our own values: tickets and comments in, notes out.

What is read raises `ValueError`, `KeyError`, `TypeError` or `AttributeError` if it is not what
Zendesk documents; the caller turns any of these into one typed error.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from integrations.http.json_values import listed, text
from service.domain.ticket import Comment, Mark, Ticket, read_ticket_id
from service.domain.ticket_updates import TicketChange

_PLAN, _CARD, _FIELDS = "leavers_plan", "leavers_card", "leavers_fields"
_LINK = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)\]']")
_STATUSES = {"new", "open", "pending", "hold", "solved", "closed", "deleted"}

# Of these a comment has at least one.
_OF_A_COMMENT = ("author_id", "body", "created_at", "plain_body", "public")

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundTicket:
    """A ticket that a search found; `updated_at` is Zendesk's own text."""

    id: int
    updated_at: str


def ticket_from_zendesk(raw: Json, comments: Iterable[Json]) -> Ticket:
    """Return a ticket with its comments, oldest first."""
    if raw["status"] not in _STATUSES or not isinstance(raw["updated_at"], str):
        raise ValueError("not a ticket")
    return Ticket(
        id=id_from_zendesk(raw["id"]),
        subject=_storable(raw.get("subject") or ""),
        description=_storable(raw.get("description") or ""),
        status=raw["status"],
        tags=tuple(str(tag) for tag in listed(raw["tags"])),
        custom_fields=_custom_fields(listed(raw.get("custom_fields") or [])),
        requester_id=_optional_id(raw.get("requester_id")),
        assignee_id=_optional_id(raw.get("assignee_id")),
        group_id=_optional_id(raw.get("group_id")),
        updated_at=raw["updated_at"],
        is_follow_up=_is_follow_up(raw),
        source_id=_source_id(raw),
        comments=tuple(_comment(comment) for comment in comments),
    )


def found_from_zendesk(raw: Json) -> FoundTicket:
    """Return a ticket as a search shows it."""
    return FoundTicket(id=id_from_zendesk(raw["id"]), updated_at=text(raw.get("updated_at") or ""))


def _is_follow_up(raw: Json) -> bool:
    """Return whether a ticket follows a closed one.

    https://developer.zendesk.com/documentation/ticketing/reference-guides/via-types/
    """
    return _via_source(raw).get("rel") == "follow_up" or _source_id(raw) is not None


def _source_id(raw: Json) -> int | None:
    """Return the closed ticket that a ticket follows: named by one of two keys, or by neither."""
    number = read_ticket_id(raw.get("via_followup_source_id"))
    source = _via_source(raw)
    if number is None and source.get("rel") == "follow_up":
        # zenpy calls it `from_`, since `from` is a word of Python.
        origin = source.get("from_") or source.get("from")
        number = read_ticket_id(origin.get("ticket_id")) if isinstance(origin, Mapping) else None
    return number


def _via_source(raw: Json) -> Json:
    via = raw.get("via")
    source = via.get("source") if isinstance(via, Mapping) else None
    return source if isinstance(source, Mapping) else {}


def id_from_zendesk(value: object) -> int:
    """Return a 64-bit id; raise `ValueError` for anything else."""
    if not isinstance(value, int) or isinstance(value, bool) or value <= 0:
        raise ValueError("not an id")
    return value


def update_for_zendesk(ticket: Ticket, change: TicketChange) -> dict[str, Any]:
    """Return the update that carries out a change; the comment is left to `note_html`.

    https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/#protecting-against-ticket-update-collisions
    """
    update: dict[str, Any] = {
        "safe_update": True,
        "updated_stamp": ticket.updated_at,
        # The list replaces the ticket's own; only bulk updates can add or remove single tags.
        "tags": _tags_after(ticket, change),
    }
    if change.solve:
        update["status"] = "solved"
    if change.mark:
        said = change.mark
        mark = {_PLAN: said.plan, _CARD: said.card, _FIELDS: said.fields}
        update["metadata"] = {key: value for key, value in mark.items() if value is not None}
    return update


def note_html(note: str) -> str:
    """Return a plain text as HTML: everything escaped, links made to be clicked."""
    paragraphs = [part for part in re.split(r"\n{2,}", note.strip()) if part]
    return "".join(f"<p>{_linked(part).replace(chr(10), '<br>')}</p>" for part in paragraphs)


def _linked(text: str) -> str:
    html, end = "", 0
    for link in _LINK.finditer(text):
        address = escape(link[0])
        html += f'{escape(text[end : link.start()])}<a href="{address}">{address}</a>'
        end = link.end()
    return html + escape(text[end:])


def _tags_after(ticket: Ticket, change: TicketChange) -> list[str]:
    kept = [tag for tag in ticket.tags if tag not in change.remove_tags]
    return [*kept, *(tag for tag in change.add_tags if tag not in kept)]


def _comment(raw: Json) -> Comment:
    """Return a comment; what is not needed may be odd, so that it fails no ticket."""
    if all(raw.get(name) is None for name in _OF_A_COMMENT):
        raise ValueError("not a comment")
    body = raw.get("plain_body") or raw["body"]
    return Comment(
        id=id_from_zendesk(raw["id"]),
        author_id=_author_id(raw.get("author_id")),
        body="" if body is None else _storable(text(body)),
        # Only a note of the service's own must be private beyond doubt.
        is_public=raw.get("public") not in (False, "false"),
        mark=_mark(raw.get("metadata")),
    )


def _mark(metadata: Any) -> Mark | None:
    custom = metadata.get("custom") if isinstance(metadata, Mapping) else None
    if not isinstance(custom, Mapping) or not isinstance(custom.get(_PLAN), str):
        return None
    card, fields = custom.get(_CARD), custom.get(_FIELDS)
    return Mark(
        plan=custom[_PLAN],
        card=card if isinstance(card, str) else None,
        fields=fields if isinstance(fields, str) else None,
    )


def _custom_fields(raw: Iterable[Json]) -> dict[int, str]:
    texts = {id_from_zendesk(field["id"]): _field_text(field.get("value")) for field in raw}
    return {number: _storable(text) for number, text in texts.items() if text}


def _storable(value: str) -> str:
    """Return the text without what no database stores: NUL, and halves of surrogate pairs."""
    return value.replace("\0", "").encode("utf-8", "ignore").decode()


def _field_text(value: object) -> str:
    """Text, dates and options come as text, several options as a list, numbers as either."""
    if isinstance(value, list):
        return ", ".join(str(item) for item in value)
    return "" if value is None or value is False else str(value).strip()


def _optional_id(value: object) -> int | None:
    return None if value is None else id_from_zendesk(value)


def _author_id(value: object) -> int | None:
    """Return a person's id; None for anything else, such as -1 for an automatic comment."""
    try:
        return id_from_zendesk(value)
    except ValueError:
        return None
