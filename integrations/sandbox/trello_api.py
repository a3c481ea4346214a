"""The sandbox's Trello over HTTP: paths, credentials, fields, and errors in plain text."""

import re

from integrations.sandbox.clock import iso_milliseconds
from integrations.sandbox.limits import TrelloLimits
from integrations.sandbox.messages import Json, NotJsonError, Reply, Request, json_reply, text_reply
from integrations.sandbox.routes import Routes
from integrations.sandbox.trello import SandboxTrello
from integrations.sandbox.trello_cards import SandboxBoard, SandboxCard
from integrations.sandbox.trello_views import TrelloViews, with_fields
from integrations.sandbox.trello_writes import (
    ID,
    TrelloRefusal,
    change_card,
    create_card,
    not_found,
    refused,
)

_OAUTH = re.compile(r'(oauth_consumer_key|oauth_token)="([^"]*)"')
_MOST_ACTIONS = 1000
_SHORT_LINK = re.compile(r"[A-Za-z0-9]{8}")
_SINGLE_FIELDS = frozenset(
    {"name", "desc", "closed", "idMembers", "idList", "idLabels", "idBoard", "pos", "due"}
    | {"start", "dueComplete", "subscribed"}
)


class TrelloApi:
    """Answers requests with one key and one token."""

    def __init__(self, trello: SandboxTrello, limits: TrelloLimits) -> None:
        self._trello = trello
        self._views = TrelloViews(trello)
        self._limits = limits
        self._routes = _routes(self)

    def __call__(self, request: Request) -> Reply:
        """Return the reply to a request, if no fault strikes it."""
        if request.method == "GET" and request.body:
            # Not documented: Trello's proxy has been seen to refuse these since 2024.
            page = "<html><head><title>403 Forbidden</title></head></html>"
            return text_reply(page, status=403, kind="text/html")
        limited, headers = self._limits.take()
        with self._trello.lock:
            reply = limited or self._answer(request)
        return reply.with_headers(headers)

    def _answer(self, request: Request) -> Reply:
        try:
            self._check_credentials(request)
            found = self._routes.answer(request)
        except TrelloRefusal as refusal:
            return refusal.reply
        except NotJsonError:
            return text_reply("Error parsing body: invalid JSON", status=400)
        return found or text_reply(f"Cannot {request.method} {request.path}", status=404)

    def show_board(self, request: Request, board: str) -> Reply:
        """Show a board."""
        found = self._board(board)
        body = with_fields(found.as_json(), request)
        if request.query.get("lists") not in (None, "none"):
            body["lists"] = self._lists(found, request.query["lists"])
        return json_reply(body)

    def board_lists(self, request: Request, board: str, filter: str = "") -> Reply:  # noqa: A002
        """List a board's lists: the open ones, unless a filter is given."""
        wanted = filter or request.query.get("filter", "open")
        lists = self._lists(self._board(board), wanted)
        return json_reply([with_fields(one, request) for one in lists])

    def board_cards(self, request: Request, board: str, filter: str = "") -> Reply:  # noqa: A002
        """List a board's cards: the newest, at most a thousand."""
        cards = self._trello.cards(board_id=self._board(board).id, templates=True)
        return self._views.page(request, cards, filter or request.query.get("filter", "visible"))

    def list_cards(self, request: Request, list: str) -> Reply:  # noqa: A002 - the path's word
        """List a list's cards."""
        cards = self._trello.cards(list_id=self._list_id(list), templates=True)
        return self._views.page(request, cards, request.query.get("filter", "open"))

    def show_list(self, request: Request, list: str) -> Reply:  # noqa: A002 - the path's word
        """Show a list."""
        return json_reply(
            with_fields(self._trello.find_list(self._list_id(list)).as_json(), request)
        )

    def change_list(self, request: Request, list: str) -> Reply:  # noqa: A002 - the path's word
        """Rename or archive a list."""
        found = self._trello.find_list(self._list_id(list))
        sent = request.parameters()
        found.name = str(sent.get("name", found.name))
        found.closed = str(sent.get("closed", found.closed)).lower() == "true"
        return json_reply(found.as_json())

    def create_list(self, request: Request) -> Reply:
        """Make a list."""
        sent = request.parameters()
        board = self._board(str(sent.get("idBoard", "")))
        return json_reply(
            self._trello.add_list(str(sent.get("name", "")), board_id=board.id).as_json()
        )

    def board_part(self, _request: Request, board: str, part: str) -> Reply:
        """List a board's labels, custom fields or members."""
        found = self._board(board)
        match part:
            case "labels":
                return json_reply(found.labels)
            case "customFields":
                return json_reply(found.custom_fields)
            case "members":
                return json_reply([self._views.member()])
            case _:
                raise not_found()

    def create_card(self, request: Request) -> Reply:
        """Make a card, perhaps as a copy. Success is 200."""
        card = create_card(self._trello, request.parameters())
        parts = {"attachments": card.attachments, "stickers": card.stickers, "limits": {}}
        return json_reply(self._trello.card_json(card) | parts)

    def show_card(self, request: Request, card: str) -> Reply:
        """Show a card, with the fields and parts that are asked for."""
        return json_reply(self._views.card(self._card(card), request))

    def change_card(self, request: Request, card: str) -> Reply:
        """Change those fields of a card that are given."""
        found = self._card(card)
        change_card(self._trello, found, request.parameters())
        return json_reply(self._trello.card_json(found))

    def change_card_field(self, request: Request, card: str, field: str) -> Reply:
        """Change one field of a card to the parameter `value`."""
        if field not in _SINGLE_FIELDS:
            raise not_found()
        found = self._card(card)
        change_card(self._trello, found, {field: request.parameters().get("value")})
        return json_reply(self._trello.card_json(found))

    def delete_card(self, _request: Request, card: str) -> Reply:
        """Delete a card for good."""
        self._trello.delete(self._card(card).id)
        return json_reply({"limits": {}})

    def card_part(self, _request: Request, card: str, part: str) -> Reply:
        """Show one part or one field of a card, named by the path."""
        found = self._card(card)
        match part:
            case "list":
                return json_reply(self._trello.find_list(found.list_id).as_json())
            case "board":
                return json_reply(self._board(found.board_id).as_json())
            case _ if part in (parts := self._views.parts(found)):
                return json_reply(parts[part])
            case _ if part in (fields := self._trello.card_json(found)):
                return json_reply({"_value": fields[part]})
            case _:
                raise not_found()

    def add_comment(self, request: Request, card: str) -> Reply:
        """Comment on a card; shows the comment, which Trello calls an action."""
        found = self._card(card)
        text = request.parameters().get("text")
        if not text:
            raise refused(400, "invalid value for text")
        return json_reply(self._views.action(found, self._trello.comment(found.id, str(text))))

    def card_actions(self, request: Request, card: str) -> Reply:
        """List a card's actions of the kinds in `filter`, the newest first, page by page."""
        found = self._card(card)
        wanted = {one.strip() for one in request.query.get("filter", "commentCard").split(",")}
        limit, number = request.query.get("limit", "50"), request.query.get("page", "0")
        if not (limit.isdigit() and number.isdigit()) or not 0 <= int(limit) <= _MOST_ACTIONS:
            raise refused(400, "invalid value for limit")
        actions = self._views.actions(found) if wanted & {"commentCard", "all"} else []
        first = int(limit) * int(number)
        return json_reply([with_fields(one, request) for one in actions[first:][: int(limit)]])

    def add_label(self, request: Request, card: str) -> Reply:
        """Put a label of the board on a card; shows the ids of the card's labels."""
        found = self._card(card)
        label = str(request.parameters().get("value", ""))
        if label not in {one["id"] for one in self._board(found.board_id).labels}:
            raise refused(400, "invalid value for value")
        if label in found.label_ids:
            raise refused(400, "that label is already on the card")
        found.label_ids.append(label)
        self._trello.touch(found)
        return json_reply(found.label_ids)

    def add_attachment(self, request: Request, card: str) -> Reply:
        """Attach a link to a card."""
        sent = request.parameters()
        if not sent.get("url"):
            raise refused(400, "invalid value for url")
        url = str(sent["url"])
        found = self._card(card)
        return json_reply(
            self._trello.add_attachment(found.id, url=url, name=str(sent.get("name", url)))
        )

    def set_custom_field(self, request: Request, card: str, field: str) -> Reply:
        """Set the value of a card's custom field; an empty one removes it."""
        found = self._card(card)
        if field not in {one["id"] for one in self._board(found.board_id).custom_fields}:
            raise not_found()
        value = request.parameters().get("value")
        if value in (None, ""):
            found.custom_fields.pop(field, None)
            return json_reply({})
        found.custom_fields[field] = value
        return json_reply(next(one for one in found.items_json() if one["idCustomField"] == field))

    def show_me(self, _request: Request) -> Reply:
        """Show the member that the token belongs to."""
        return json_reply(self._views.member())

    def show_token(self, _request: Request, token: str) -> Reply:
        """Show what the token may do, and when it expires."""
        if token != self._trello.token:
            raise refused(404, "token not found")
        return json_reply(self._token())

    def show_tokens(self, _request: Request) -> Reply:
        """List what the account's tokens may do; the tokens themselves are not shown."""
        if not self._trello.shows_tokens:
            raise refused(401, "unauthorized permission requested")
        return json_reply([self._token()])

    def _token(self) -> Json:
        ends_at = self._trello.token_ends_at
        right = {"idModel": "*", "read": True, "write": self._trello.may_write}
        return {
            "id": "5e679b808e6e8828784b30ff",
            "identifier": "leavers",
            "idMember": self._trello.member_id,
            "dateCreated": "2026-01-05T09:00:00.000Z",
            "dateExpires": iso_milliseconds(ends_at) if ends_at else None,
            "permissions": [{**right, "modelType": kind} for kind in ("board", "organization")],
        }

    def _check_credentials(self, request: Request) -> None:
        sent = dict(_OAUTH.findall(request.headers.get("authorization", "")))
        key = sent.get("oauth_consumer_key") or request.query.get("key")
        token = sent.get("oauth_token") or request.query.get("token")
        if not key and not token:
            if request.method == "GET":
                raise refused(401, "unauthorized permission requested")
            raise TrelloRefusal(json_reply({"message": "missing scopes"}, status=401))
        if key != self._trello.key:
            raise refused(401, "invalid key")
        if token != self._trello.token:
            raise refused(401, "invalid token")
        if request.method != "GET" and not self._trello.may_write:
            raise refused(401, "unauthorized card permission requested")

    def _board(self, number: str) -> SandboxBoard:
        _check_id(number)
        try:
            return self._trello.find_board(number)
        except KeyError:
            raise not_found() from None

    def _card(self, number: str) -> SandboxCard:
        _check_id(number)
        try:
            return self._trello.card(number)
        except KeyError:
            raise not_found() from None

    def _list_id(self, number: str) -> str:
        _check_id(number, short=False)
        try:
            return self._trello.find_list(number).id
        except KeyError:
            raise not_found() from None

    def _lists(self, board: SandboxBoard, wanted: str) -> list[Json]:
        if wanted not in ("all", "open", "closed", "none"):
            raise refused(400, "invalid value for filter")
        lists = self._trello.lists(board_id=board.id)
        return [
            one.as_json()
            for one in lists
            if wanted == "all" or (wanted != "none" and one.closed == (wanted == "closed"))
        ]


def _routes(api: TrelloApi) -> Routes:
    routes = Routes()
    for method, path, handler in (
        ("GET", "/boards/{board}", api.show_board),
        ("GET", "/boards/{board}/lists", api.board_lists),
        ("GET", "/boards/{board}/lists/{filter}", api.board_lists),
        ("GET", "/boards/{board}/cards", api.board_cards),
        ("GET", "/boards/{board}/cards/{filter}", api.board_cards),
        ("GET", "/boards/{board}/{part}", api.board_part),
        ("POST", "/lists", api.create_list),
        ("GET", "/lists/{list}", api.show_list),
        ("PUT", "/lists/{list}", api.change_list),
        ("GET", "/lists/{list}/cards", api.list_cards),
        ("POST", "/cards", api.create_card),
        ("GET", "/cards/{card}", api.show_card),
        ("PUT", "/cards/{card}", api.change_card),
        ("DELETE", "/cards/{card}", api.delete_card),
        ("POST", "/cards/{card}/actions/comments", api.add_comment),
        ("GET", "/cards/{card}/actions", api.card_actions),
        ("POST", "/cards/{card}/idLabels", api.add_label),
        ("POST", "/cards/{card}/attachments", api.add_attachment),
        ("PUT", "/cards/{card}/customField/{field}/item", api.set_custom_field),
        ("GET", "/cards/{card}/{part}", api.card_part),
        ("PUT", "/cards/{card}/{field}", api.change_card_field),
        ("GET", "/members/me", api.show_me),
        ("GET", "/members/me/tokens", api.show_tokens),
        ("GET", "/tokens/{token}", api.show_token),
    ):
        routes.add(method, f"/1{path}", handler)
        routes.add(method, f"/1{path}/", handler)
    return routes


def _check_id(number: str, *, short: bool = True) -> None:
    if not (ID.fullmatch(number) or (short and _SHORT_LINK.fullmatch(number))):
        raise refused(400, "invalid id")
