"""How Trello makes and changes cards: it checks each parameter, and writes all or nothing.

https://developer.atlassian.com/cloud/trello/rest/api-group-cards/
"""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from integrations.sandbox.clock import iso_milliseconds
from integrations.sandbox.messages import Reply, text_reply
from integrations.sandbox.trello import KEEPABLE, SandboxTrello
from integrations.sandbox.trello_cards import SandboxCard

ID = re.compile(r"[0-9a-f]{24}")
_LONGEST = 16384
_DEFAULT_KEEP = "all"


class TrelloRefusal(Exception):
    """Trello refuses a request, and has written nothing."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.status)
        self.reply = reply


def refused(status: int, text: str) -> TrelloRefusal:
    """Return a refusal in plain text, as most of Trello's are."""
    return TrelloRefusal(text_reply(text, status=status))


def not_found() -> TrelloRefusal:
    """Return the refusal for what does not exist, or may not be seen with this token."""
    return refused(404, "The requested resource was not found.")


def create_card(trello: SandboxTrello, sent: Mapping[str, Any]) -> SandboxCard:
    """Make a card, perhaps as a copy; parameters count before what the source has.

    Raises:
        TrelloRefusal: a parameter is not valid.
    """
    list_id = _checked_list(trello, sent.get("idList"))
    source = _source(trello, sent.get("idCardSource"))
    kept = _kept(sent.get("keepFromSource", _DEFAULT_KEEP))
    values = _checked(trello, sent)
    card = trello.add_card(list_id=list_id, name=source.name if source else "")
    if source:
        trello.copy_onto(card, source, kept)
    _set(trello, card, values)
    if url := sent.get("urlSource"):
        trello.add_attachment(card.id, url=str(url), name=str(url))
    return card


def change_card(trello: SandboxTrello, card: SandboxCard, sent: Mapping[str, Any]) -> None:
    """Change those fields of a card that are given.

    Raises:
        TrelloRefusal: one of them is not valid: nothing was changed.
    """
    values = _checked(trello, sent)
    if values.get("name") == "":
        raise refused(400, "invalid value for name")
    if "idList" in sent:
        list_id = _checked_list(trello, sent["idList"])
        if list_id != card.list_id:
            trello.move(card.id, list_id=list_id)
    elif "idBoard" in sent:
        board = sent["idBoard"]
        trello.move(card.id, list_id=trello.lists(board_id=board)[0].id)
    _set(trello, card, values)
    trello.touch(card)


def _checked(trello: SandboxTrello, sent: Mapping[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, target in (("name", "name"), ("desc", "desc")):
        if sent.get(name) is not None:
            values[target] = _text(name, sent[name])
    for name in ("due", "start"):
        if name in sent:
            values[name] = _instant(name, sent[name])
    for name, target in (
        ("dueComplete", "due_complete"),
        ("closed", "closed"),
        ("isTemplate", "is_template"),
        ("subscribed", "subscribed"),
    ):
        if sent.get(name) is not None:
            values[target] = _truth(name, sent[name])
    for name, target in (("idLabels", "label_ids"), ("idMembers", "member_ids")):
        if sent.get(name) is not None:
            values[target] = _ids(name, sent[name])
    known = {label["id"] for label in trello.board.labels}
    if unknown := set(values.get("label_ids", ())) - known:
        raise refused(400, f"invalid value for idLabels: {min(unknown)}")
    if "pos" in sent:
        values["pos"] = _place(sent["pos"])
    return values


def _set(trello: SandboxTrello, card: SandboxCard, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        if name == "pos" and value in ("top", "bottom"):
            others = [one.pos for one in trello.cards(list_id=card.list_id, templates=True)]
            card.pos = min(others) / 2 if value == "top" else trello.end_of(card.list_id)
        else:
            setattr(card, name, value)


def _checked_list(trello: SandboxTrello, value: Any) -> str:
    if not isinstance(value, str) or not ID.fullmatch(value):
        raise refused(400, "invalid value for idList")
    try:
        return trello.find_list(value).id
    except KeyError:
        raise refused(404, "could not find the board that the card belongs to") from None


def _source(trello: SandboxTrello, value: Any) -> SandboxCard | None:
    if value in (None, ""):
        return None
    # The reference names an id here, and does not say whether a short link is accepted.
    if not isinstance(value, str) or not ID.fullmatch(value):
        raise refused(400, "invalid value for idCardSource")
    try:
        return trello.card(value)
    except KeyError:
        raise not_found() from None


def _kept(value: Any) -> frozenset[str]:
    words = value if isinstance(value, list) else str(value).split(",")
    wanted = {str(word).strip() for word in words if str(word).strip()}
    if "all" in wanted:
        return KEEPABLE
    if wanted - KEEPABLE:
        raise refused(400, "invalid value for keepFromSource")
    return frozenset(wanted)


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str) or len(value) > _LONGEST:
        raise refused(400, f"invalid value for {name}")
    return value


def _instant(name: str, value: Any) -> str | None:
    if value in (None, "", "null"):
        return None
    try:
        return iso_milliseconds(_parsed(str(value)))
    except ValueError:
        raise refused(400, f"invalid value for {name}") from None


def _parsed(text: str) -> datetime:
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        day = date.fromisoformat(text)
        return datetime(day.year, day.month, day.day, tzinfo=UTC)
    at = datetime.fromisoformat(text.replace(" UTC", "+00:00"))
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def _truth(name: str, value: Any) -> bool:
    if str(value).lower() not in ("true", "false"):
        raise refused(400, f"invalid value for {name}")
    return str(value).lower() == "true"


def _ids(name: str, value: Any) -> list[str]:
    words = value if isinstance(value, list) else str(value).split(",")
    numbers = [str(word).strip() for word in words if str(word).strip()]
    if not all(ID.fullmatch(number) for number in numbers):
        raise refused(400, f"invalid value for {name}")
    return numbers


def _place(value: Any) -> str | float:
    if value in ("top", "bottom"):
        return str(value)
    try:
        return float(value)
    except (TypeError, ValueError):
        raise refused(400, "invalid value for pos") from None
