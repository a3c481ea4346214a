"""Boards, lists, cards and checklists of the sandbox's Trello, and their JSON."""

import re
from dataclasses import dataclass, field
from datetime import datetime

from integrations.sandbox.clock import iso_milliseconds
from integrations.sandbox.messages import Json

_NOT_IN_URL = re.compile(r"[^a-z0-9]+")


@dataclass(slots=True, kw_only=True)
class SandboxList:
    """A list of a board; `closed` means archived, `pos` is its place from left to right."""

    id: str
    board_id: str
    name: str
    pos: float
    closed: bool = False

    def as_json(self) -> Json:
        """Return the list as Trello shows it."""
        return {
            "id": self.id,
            "name": self.name,
            "closed": self.closed,
            "color": None,
            "idBoard": self.board_id,
            "pos": _number(self.pos),
            "subscribed": False,
            "softLimit": None,
            "type": None,
            "datasource": {"filter": False},
        }


@dataclass(slots=True, kw_only=True)
class CheckItem:
    """One line of a checklist."""

    id: str
    name: str
    complete: bool = False


@dataclass(slots=True, kw_only=True)
class Checklist:
    """A checklist of a card."""

    id: str
    name: str
    items: list[CheckItem] = field(default_factory=list)

    def as_json(self, card: "SandboxCard") -> Json:
        """Return the checklist as Trello shows it; `card` is the one that it is on."""
        return {
            "id": self.id,
            "name": self.name,
            "idBoard": card.board_id,
            "idCard": card.id,
            "pos": 16384,
            "checkItems": [
                {
                    "id": item.id,
                    "name": item.name,
                    "nameData": {"emoji": {}},
                    "pos": 16384 * (place + 1),
                    "due": None,
                    "dueReminder": None,
                    "idMember": None,
                    "idChecklist": self.id,
                    "state": "complete" if item.complete else "incomplete",
                }
                for place, item in enumerate(self.items)
            ],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentAction:
    """A comment on a card, which Trello calls an action."""

    id: str
    text: str
    at: datetime
    member_id: str


@dataclass(slots=True, kw_only=True)
class SandboxCard:
    """One card, as it is now.

    Attributes:
        number: counts up on the board; Trello's `idShort`.
        pos: its place in the list, from top to bottom.
        active_at: when it was changed last.
        due: as Trello writes instants, or None.
        start: likewise.
        closed: whether it is archived.
        is_copy: whether it was made from another card.
        cover: id of the attachment that is shown on it, or None.
        attachments: as Trello shows them.
        custom_fields: the item's value by the field's id, such as ``{"text": "…"}``.
        stickers: as Trello shows them.
    """

    id: str
    short_link: str
    number: int
    board_id: str
    list_id: str
    name: str
    pos: float
    active_at: datetime
    desc: str = ""
    due: str | None = None
    start: str | None = None
    due_complete: bool = False
    closed: bool = False
    is_template: bool = False
    is_copy: bool = False
    subscribed: bool = False
    cover: str | None = None
    label_ids: list[str] = field(default_factory=list)
    member_ids: list[str] = field(default_factory=list)
    checklists: list[Checklist] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    custom_fields: dict[str, Json] = field(default_factory=dict)
    stickers: list[Json] = field(default_factory=list)
    comments: list[CommentAction] = field(default_factory=list)

    @property
    def url(self) -> str:
        """The short link that people share."""
        return f"https://trello.com/c/{self.short_link}"

    def as_json(self, labels: list[Json]) -> Json:
        """Return the card as Trello shows it, with every field; `labels` are those on it."""
        slug = _NOT_IN_URL.sub("-", self.name.lower()).strip("-")
        return {
            "id": self.id,
            "badges": self._badges(),
            "checkItemStates": [
                {"idCheckItem": item.id, "state": "complete"}
                for checklist in self.checklists
                for item in checklist.items
                if item.complete
            ],
            "closed": self.closed,
            "dueComplete": self.due_complete,
            "dateLastActivity": iso_milliseconds(self.active_at),
            "desc": self.desc,
            "descData": {"emoji": {}},
            "due": self.due,
            "dueReminder": None,
            "email": None,
            "idBoard": self.board_id,
            "idChecklists": [one.id for one in self.checklists],
            "idList": self.list_id,
            "idMembers": list(self.member_ids),
            "idMembersVoted": [],
            "idShort": self.number,
            "idAttachmentCover": self.cover,
            "labels": labels,
            "idLabels": list(self.label_ids),
            "manualCoverAttachment": self.cover is not None,
            "name": self.name,
            "pos": _number(self.pos),
            "shortLink": self.short_link,
            "shortUrl": self.url,
            "start": self.start,
            "subscribed": self.subscribed,
            "url": f"{self.url}/{self.number}-{slug}",
            "cover": {
                "idAttachment": self.cover,
                "color": None,
                "idUploadedBackground": None,
                "size": "normal",
                "brightness": "dark",
                "idPlugin": None,
            },
            "isTemplate": self.is_template,
            "cardRole": None,
        }

    def items_json(self) -> list[Json]:
        """Return the values of its custom fields as Trello shows them."""
        return [
            {
                # An item has an id of its own: here one made of its card's and its field's.
                "id": f"{int(self.id, 16) ^ int(field_id, 16):024x}"[-24:],
                "idCustomField": field_id,
                "idModel": self.id,
                "modelType": "card",
                "idValue": None,
                "value": value,
            }
            for field_id, value in self.custom_fields.items()
        ]

    def _badges(self) -> Json:
        items = [item for checklist in self.checklists for item in checklist.items]
        return {
            "attachmentsByType": {"trello": {"board": 0, "card": 0}},
            "location": False,
            "votes": 0,
            "viewingMemberVoted": False,
            "subscribed": self.subscribed,
            "fogbugz": "",
            "checkItems": len(items),
            "checkItemsChecked": sum(item.complete for item in items),
            "checkItemsEarliestDue": None,
            "comments": len(self.comments),
            "attachments": len(self.attachments),
            "description": bool(self.desc),
            "due": self.due,
            "dueComplete": self.due_complete,
            "start": self.start,
        }


@dataclass(slots=True, kw_only=True)
class SandboxBoard:
    """A board; its lists and cards have its id."""

    id: str
    short_link: str
    name: str
    closed: bool = False
    labels: list[Json] = field(default_factory=list)
    custom_fields: list[Json] = field(default_factory=list)
    member_ids: list[str] = field(default_factory=list)

    def as_json(self) -> Json:
        """Return the board as Trello shows it."""
        url = f"https://trello.com/b/{self.short_link}"
        return {
            "id": self.id,
            "name": self.name,
            "desc": "",
            "descData": None,
            "closed": self.closed,
            "idOrganization": "63d123a6472de44f1ea2801c",
            "idEnterprise": None,
            "pinned": False,
            "url": f"{url}/{_NOT_IN_URL.sub('-', self.name.lower()).strip('-')}",
            "shortUrl": url,
            "shortLink": self.short_link,
            "prefs": {"permissionLevel": "org", "isTemplate": False},
            "labelNames": {one["color"]: one["name"] for one in self.labels},
        }


def _number(value: float) -> float:
    """Return a number as Trello writes it: a whole one without a decimal point."""
    return int(value) if value == int(value) else value
