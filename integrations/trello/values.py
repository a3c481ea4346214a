"""Between Trello's JSON and our own values.

What is read raises `ValueError`, `KeyError` or `TypeError` if it is not what Trello documents;
the caller turns any of these into one typed error.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from integrations.http.json_values import instant, listed, text, truth
from service.domain.card_marks import within_limit
from service.domain.cards import Card

CARD_FIELDS = (
    "name,desc,due,closed,isTemplate,shortUrl,dateLastActivity,idList,idLabels,dueComplete,badges"
)

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A template card, as it was when it was last looked at."""

    id: str
    name: str
    desc: str
    is_open: bool
    label_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CardComment:
    """A comment on a card, and whose it is."""

    text: str
    member_id: str


def card_from_trello(raw: Json) -> Card:
    """Return a card; what the service relies on must be there, the rest may be missing."""
    badges = raw.get("badges") or {}
    return Card(
        id=id_from_trello(raw["id"]),
        url=text(raw["shortUrl"]),
        name=text(raw["name"]),
        desc=text(raw["desc"]),
        due=instant(raw["due"]),
        is_open=not truth(raw["closed"]),
        is_template=truth(raw.get("isTemplate") or False),
        last_activity=instant(raw.get("dateLastActivity")),
        list_id=text(raw.get("idList") or ""),
        links=tuple(text(each.get("url") or "") for each in raw.get("attachments") or ()),
        label_ids=_ids(raw.get("idLabels") or []),
        is_complete=truth(raw.get("dueComplete") or False),
        items=_number(badges.get("checkItems")),
        checked=_number(badges.get("checkItemsChecked")),
    )


def template_from_trello(raw: Json) -> Template:
    """Return a template card."""
    return Template(
        id=id_from_trello(raw["id"]),
        name=text(raw["name"]),
        desc=text(raw["desc"]),
        is_open=not truth(raw["closed"]),
        label_ids=_ids(raw.get("idLabels") or []),
    )


def comment_from_trello(raw: Json) -> CardComment:
    """Return a comment, which is an action to Trello."""
    return CardComment(text=text(raw["data"]["text"]), member_id=text(raw["idMemberCreator"]))


def _ids(raw: object) -> tuple[str, ...]:
    return tuple(id_from_trello(one) for one in listed(raw))


def _number(value: object) -> int:
    """Return a count; none is 0."""
    if value is None:
        return 0
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError("not a number")
    return value


def id_from_trello(value: object) -> str:
    """Letters and digits; raises `ValueError` for anything else."""
    if not isinstance(value, str) or not (value.isascii() and value.isalnum()):
        raise ValueError("not an id")
    return value


def instant_for_trello(at: datetime) -> str:
    """Return an instant as Trello itself writes it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def desc_for_trello(head: str, template: str) -> str:
    """Return the description of a copy: our lines, then the template's, as much as Trello takes."""
    return within_limit(f"{head}\n", template).rstrip()
