"""How Trello shows cards: the fields and parts that a request asks for, page by page."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from integrations.sandbox.clock import iso_milliseconds
from integrations.sandbox.messages import Json, Reply, Request, json_reply
from integrations.sandbox.trello import SandboxTrello
from integrations.sandbox.trello_cards import CommentAction, SandboxCard
from integrations.sandbox.trello_writes import ID, refused

# https://developer.atlassian.com/cloud/trello/guides/rest-api/limits/
_MAX_CARDS = 1000
_CARD_FILTERS: dict[str, Callable[[SandboxCard], bool]] = {
    "all": lambda _card: True,
    "open": lambda card: not card.closed,
    "visible": lambda card: not card.closed,
    "closed": lambda card: card.closed,
    "none": lambda _card: False,
    "complete": lambda card: not card.closed and card.due_complete,
    "incomplete": lambda card: not card.closed and card.due is not None and not card.due_complete,
}


class TrelloViews:
    """Returns cards, comments and members as the API shows them."""

    def __init__(self, trello: SandboxTrello) -> None:
        self._trello = trello

    def page(self, request: Request, cards: list[SandboxCard], wanted: str) -> Reply:
        """Return the newest of some cards that fit a filter, at most a thousand, in their order.

        Raises:
            TrelloRefusal: the filter, the limit or a date is not valid.
        """
        if wanted not in _CARD_FILTERS:
            raise refused(400, "invalid value for filter")
        limit = request.query.get("limit", str(_MAX_CARDS))
        if not limit.isdigit() or not 1 <= int(limit) <= _MAX_CARDS:
            raise refused(400, "invalid value for limit")
        fits = _CARD_FILTERS[wanted]
        lists = {card.list_id for card in cards}
        archived = {one for one in lists if self._trello.find_list(one).closed}
        found = [
            card
            for card in cards
            if fits(card)
            and not (wanted == "visible" and card.list_id in archived)
            and self._is_between(card, request)
        ]
        if len(found) > int(limit):
            # The next page is asked for by `before`, with the oldest card of this one.
            newest = {one.id for one in sorted(found, key=lambda one: one.id)[-int(limit) :]}
            found = [card for card in found if card.id in newest]
        return json_reply([self.card(card, request) for card in found])

    def _is_between(self, card: SandboxCard, request: Request) -> bool:
        before, since = request.query.get("before"), request.query.get("since")
        return (before is None or card.id < _as_id(before)) and (
            since is None or card.id > _as_id(since)
        )

    def card(self, card: SandboxCard, request: Request) -> Json:
        """Return a card with the fields and parts that a request asks for."""
        shown = with_fields(self._trello.card_json(card), request)
        for name, part in self.parts(card, request.query).items():
            shown[name] = part
        if request.query.get("list") == "true":
            shown["list"] = self._trello.find_list(card.list_id).as_json()
        if request.query.get("board") == "true":
            shown["board"] = self._trello.find_board(card.board_id).as_json()
        return shown

    def parts(self, card: SandboxCard, asked: Mapping[str, str] | None = None) -> Json:
        """Return what a card has beside its fields, by name: all, or what a query asks for."""
        parts: dict[str, Callable[[], list[Json]]] = {
            "actions": lambda: self.actions(card),
            "attachments": lambda: card.attachments,
            "checklists": lambda: [one.as_json(card) for one in card.checklists],
            "customFieldItems": card.items_json,
            "members": lambda: [self.member() for _one in card.member_ids],
            "pluginData": list,
            "stickers": lambda: card.stickers,
        }
        return {
            name: part()
            for name, part in parts.items()
            if asked is None or asked.get(name, "false") not in ("false", "none")
        }

    def actions(self, card: SandboxCard) -> list[Json]:
        """Return a card's comments, the newest first; other actions are not recorded."""
        return [self.action(card, one) for one in reversed(card.comments)]

    def member(self, member_id: str | None = None) -> Json:
        """Return the service's own account, or a colleague's."""
        is_own = member_id in (None, self._trello.member_id)
        return {
            "id": member_id or self._trello.member_id,
            "username": "leaversservice" if is_own else "colleague",
            "fullName": "Leavers service" if is_own else "A colleague",
            "initials": "LS" if is_own else "AC",
            "avatarUrl": "https://trello-members.s3.amazonaws.com/sandbox/avatar",
            "memberType": "normal",
            "confirmed": True,
            "activityBlocked": False,
            "avatarHash": None,
            "idMemberReferrer": None,
            "nonPublic": {},
            "nonPublicAvailable": True,
        }

    def action(self, card: SandboxCard, comment: CommentAction) -> Json:
        """Return a comment, which Trello calls an action."""
        board = self._trello.find_board(card.board_id)
        where = self._trello.find_list(card.list_id)
        return {
            "id": comment.id,
            "idMemberCreator": comment.member_id,
            "data": {
                "text": comment.text,
                "textData": {"emoji": {}},
                "card": {
                    "id": card.id,
                    "name": card.name,
                    "idShort": card.number,
                    "shortLink": card.short_link,
                },
                "board": {"id": board.id, "name": board.name, "shortLink": board.short_link},
                "list": {"id": where.id, "name": where.name},
            },
            "type": "commentCard",
            "date": iso_milliseconds(comment.at),
            "limits": {},
            "memberCreator": self.member(comment.member_id),
        }


def with_fields(shown: Json, request: Request) -> Json:
    """Return the fields that a request asks for; the id is always among them."""
    wanted = request.query.get("fields", "all").split(",")
    if "all" in wanted:
        return shown
    return {name: value for name, value in shown.items() if name == "id" or name in wanted}


def _as_id(text: str) -> str:
    """Return an id as it is, and for a date the first id that could have been made then."""
    if ID.fullmatch(text):
        return text
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise refused(400, "invalid date") from None
    seconds = int((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp())
    return f"{seconds:08x}{0:016x}"
