"""The sandbox's Trello: boards, lists and cards, and what people do with them."""

import itertools
import secrets
import string
import threading
from collections.abc import Iterable
from copy import deepcopy
from datetime import datetime

from integrations.sandbox.clock import Clock, iso_milliseconds
from integrations.sandbox.messages import Json
from integrations.sandbox.trello_cards import (
    CheckItem,
    Checklist,
    CommentAction,
    SandboxBoard,
    SandboxCard,
    SandboxList,
)

KEEPABLE = frozenset(
    {"attachments", "checklists", "comments", "customFields", "due", "start"}
    | {"labels", "members", "stickers"}
)
# A person who works the board, beside the service's own account.
COLLEAGUE = "5e679b808e6e8828784b30e2"
_LINK_LETTERS = string.ascii_letters + string.digits


class SandboxTrello:
    """Boards and cards; each method does or shows what a person in Trello could do or see.

    Attributes:
        copies_are_templates: whether a copy of a template card is a template itself; Trello's
            documentation does not say.
        may_write: whether the token may write; one of an account that only reads may not.
        token_ends_at: when the token expires, or None.
        shows_tokens: whether the account may look at its own tokens.
        board: the board that the service works on.
        url: where the sandbox listens; empty until it is started.
        lock: held while anything is read or changed.
    """

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.lock = threading.RLock()
        self.key = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
        self.token = "ATTAsandboxtrellotoken00000000000000000000000000000000"  # noqa: S105
        self.member_id = "5e679b808e6e8828784b30e1"
        self.url = ""
        self.reset()

    def reset(self) -> None:
        """Go back to one empty board, and to the settings that it began with."""
        with self.lock:
            self.copies_are_templates = True
            self.may_write = True
            self.token_ends_at: datetime | None = None
            self.shows_tokens = True
            self._ids = itertools.count(secrets.randbelow(2**32))
            self._numbers = itertools.count(1)
            self._boards: dict[str, SandboxBoard] = {}
            self._lists: dict[str, SandboxList] = {}
            self._cards: dict[str, SandboxCard] = {}
            self.board = self.add_board("Technical 2nd Line", short_link="Tch2ndLn")

    def add_board(self, name: str, *, short_link: str | None = None) -> SandboxBoard:
        """Add a board without lists."""
        with self.lock:
            board = SandboxBoard(
                id=self.new_id(),
                short_link=short_link or _new_link(),
                name=name,
                member_ids=[self.member_id],
            )
            self._boards[board.id] = board
            return board

    def add_list(self, name: str, *, board_id: str | None = None) -> SandboxList:
        """Add a list to the right of the others, to the service's board unless one is named."""
        with self.lock:
            made = SandboxList(
                id=self.new_id(),
                board_id=board_id or self.board.id,
                name=name,
                pos=16384.0 * (len(self._lists) + 1),
            )
            self._lists[made.id] = made
            return made

    def add_card(  # noqa: PLR0913 - one keyword for each thing a card holds
        self,
        *,
        name: str = "",
        list_id: str | None = None,
        desc: str = "",
        due: str | None = None,
        short_link: str | None = None,
        is_template: bool = False,
        checklists: dict[str, Iterable[str]] | None = None,
        label_ids: Iterable[str] = (),
        member_ids: Iterable[str] = (),
        pos: float | None = None,
    ) -> SandboxCard:
        """Add a card at the end of a list; the board's first list if none is named.

        Args:
            name: its title.
            list_id: of the list.
            desc: its description.
            due: as Trello writes instants, or None.
            short_link: None for a new one.
            is_template: whether it is a template card.
            checklists: the lines of each checklist, by its title.
            label_ids: of the board's labels.
            member_ids: of its members.
            pos: its place in the list; None for the end.
        """
        with self.lock:
            where = self._lists[list_id] if list_id else self.lists()[0]
            card = SandboxCard(
                id=self.new_id(),
                short_link=short_link or _new_link(),
                number=next(self._numbers),
                board_id=where.board_id,
                list_id=where.id,
                name=name,
                desc=desc,
                due=due,
                pos=self.end_of(where.id) if pos is None else pos,
                active_at=self.clock.now(),
                is_template=is_template,
                label_ids=list(label_ids),
                member_ids=list(member_ids),
            )
            for title, lines in (checklists or {}).items():
                items = [CheckItem(id=self.new_id(), name=line) for line in lines]
                card.checklists.append(Checklist(id=self.new_id(), name=title, items=items))
            self._cards[card.id] = card
            return card

    def cards(
        self,
        closed: bool | None = None,  # noqa: FBT001 - reads well at the call: cards(closed=False)
        *,
        board_id: str | None = None,
        list_id: str | None = None,
        templates: bool = False,
    ) -> list[SandboxCard]:
        """Return cards in the order of their lists and places.

        A copy of a template is returned even while it is a template itself, so that tests notice
        one that was made twice.

        Args:
            closed: whether they are archived; None for both.
            board_id: of the board; None for any.
            list_id: of the list; None for any.
            templates: whether the template cards themselves are returned, too.
        """
        with self.lock:
            found = [
                card
                for card in self._cards.values()
                if closed in (None, card.closed)
                and board_id in (None, card.board_id)
                and list_id in (None, card.list_id)
                and (templates or card.is_copy or not card.is_template)
            ]
            return sorted(found, key=lambda card: (self._lists[card.list_id].pos, card.pos))

    @property
    def templates(self) -> list[SandboxCard]:
        """The template cards themselves, without copies."""
        everything = self.cards(templates=True)
        return [card for card in everything if card.is_template and not card.is_copy]

    def card(self, number: str) -> SandboxCard:
        """Return a card by id or short link; KeyError if there is none."""
        with self.lock:
            if number in self._cards:
                return self._cards[number]
            return {card.short_link: card for card in self._cards.values()}[number]

    def lists(self, *, board_id: str | None = None) -> list[SandboxList]:
        """Return the lists of a board from left to right, archived ones too."""
        with self.lock:
            wanted = board_id or self.board.id
            found = [one for one in self._lists.values() if one.board_id == wanted]
            return sorted(found, key=lambda one: one.pos)

    def find_list(self, number: str) -> SandboxList:
        """Return a list by id; KeyError if there is none."""
        with self.lock:
            return self._lists[number]

    def find_board(self, number: str) -> SandboxBoard:
        """Return a board by id or short link; KeyError if there is none."""
        with self.lock:
            if number in self._boards:
                return self._boards[number]
            return {board.short_link: board for board in self._boards.values()}[number]

    def archive(self, number: str) -> None:
        """Archive a card."""
        with self.lock:
            self.card(number).closed = True
            self.touch(self.card(number))

    def archive_list(self, list_id: str) -> None:
        """Archive a list: its cards stay open, but are not visible."""
        with self.lock:
            self._lists[list_id].closed = True

    def delete(self, number: str) -> None:
        """Delete a card for good."""
        with self.lock:
            del self._cards[self.card(number).id]

    def move(self, number: str, *, list_id: str) -> None:
        """Move a card to the end of another list, perhaps of another board."""
        with self.lock:
            card = self.card(number)
            card.list_id, card.board_id = list_id, self._lists[list_id].board_id
            card.pos = self.end_of(list_id)
            self.touch(card)

    def change(self, number: str, *, name: str | None = None, desc: str | None = None) -> None:
        """Change a card's name or description; None leaves it as it is."""
        with self.lock:
            card = self.card(number)
            card.name = card.name if name is None else name
            card.desc = card.desc if desc is None else desc
            self.touch(card)

    def complete(self, number: str) -> None:
        """Mark a card's due date as complete."""
        with self.lock:
            self.card(number).due_complete = True
            self.touch(self.card(number))

    def set_due(self, number: str, due: datetime | None) -> None:
        """Change a card's due date; None removes it."""
        with self.lock:
            self.card(number).due = iso_milliseconds(due) if due else None
            self.touch(self.card(number))

    def tick(self, number: str, *, items: int | None = None) -> None:
        """Tick the first items of a card's checklists; None for all of them."""
        with self.lock:
            card = self.card(number)
            for item in [item for one in card.checklists for item in one.items][:items]:
                item.complete = True
            self.touch(card)

    def comment(
        self, number: str, text: str, *, at: str | None = None, member_id: str | None = None
    ) -> CommentAction:
        """Comment on a card.

        Args:
            number: the card's id or short link.
            text: the comment.
            at: the comment's id; None for a new one.
            member_id: of the author; None for the service's own account.
        """
        with self.lock:
            card = self.card(number)
            made = CommentAction(
                id=at or self.new_id(),
                text=text,
                at=self.clock.now(),
                member_id=member_id or self.member_id,
            )
            card.comments.append(made)
            self.touch(card)
            return made

    def add_label(self, name: str, colour: str) -> str:
        """Add a label to the board, and return its id."""
        with self.lock:
            label = {
                "id": self.new_id(),
                "idBoard": self.board.id,
                "name": name,
                "color": colour,
                "uses": 0,
            }
            self.board.labels.append(label)
            return str(label["id"])

    def add_custom_field(self, name: str, kind: str = "text") -> str:
        """Add a custom field to the board, and return its id."""
        with self.lock:
            made: Json = {
                "id": self.new_id(),
                "idModel": self.board.id,
                "modelType": "board",
                "fieldGroup": secrets.token_hex(32),
                "display": {"cardFront": True},
                "name": name,
                "pos": 16384,
                "type": kind,
                "isSuggestedField": False,
            }
            self.board.custom_fields.append(made)
            return str(made["id"])

    def add_attachment(self, number: str, *, url: str, name: str) -> Json:
        """Attach a link to a card, and return the attachment as Trello shows it."""
        with self.lock:
            card = self.card(number)
            made: Json = {
                "id": self.new_id(),
                "bytes": None,
                "date": iso_milliseconds(self.clock.now()),
                "edgeColor": None,
                "idMember": self.member_id,
                "isUpload": False,
                "mimeType": "",
                "name": name,
                "previews": [],
                "url": url,
                "pos": 16384 * (len(card.attachments) + 1),
            }
            card.attachments.append(made)
            self.touch(card)
            return made

    def add_sticker(self, number: str, image: str = "thumbsup") -> None:
        """Put a sticker on a card."""
        with self.lock:
            sticker = {"id": self.new_id(), "image": image, "top": 0, "left": 20, "zIndex": 1}
            self.card(number).stickers.append({**sticker, "rotate": 0, "imageScaled": []})

    def copy_onto(self, card: SandboxCard, source: SandboxCard, keep: frozenset[str]) -> None:
        """Give a new card what its source has of `keep`; the copied checklists are not ticked."""
        with self.lock:
            card.desc = source.desc
            card.is_copy = True
            card.is_template = source.is_template and self.copies_are_templates
            if "due" in keep:
                card.due = source.due
            if "start" in keep:
                card.start = source.start
            if "labels" in keep:
                card.label_ids = list(source.label_ids)
            if "members" in keep:
                card.member_ids = list(source.member_ids)
            if "customFields" in keep:
                card.custom_fields = deepcopy(source.custom_fields)
            if "comments" in keep:
                card.comments = list(source.comments)
            if "attachments" in keep:
                card.attachments = [{**one, "id": self.new_id()} for one in source.attachments]
            if "stickers" in keep:
                card.stickers = [{**one, "id": self.new_id()} for one in source.stickers]
            if "checklists" in keep:
                card.checklists = [self._copied_checklist(one) for one in source.checklists]

    def card_json(self, card: SandboxCard) -> Json:
        """Return a card as the API shows it, with every field."""
        labels = [
            label for label in self._boards[card.board_id].labels if label["id"] in card.label_ids
        ]
        return card.as_json(labels)

    def touch(self, card: SandboxCard) -> None:
        """Note that a card has changed just now."""
        card.active_at = self.clock.now()

    def new_id(self) -> str:
        """Return a new id; its first eight digits are the time, as in Trello's."""
        seconds = int(self.clock.now().timestamp())
        return f"{seconds:08x}{next(self._ids):016x}"

    def end_of(self, list_id: str) -> float:
        """Return a place below all cards of a list."""
        places = (one.pos for one in self.cards(list_id=list_id, templates=True))
        return max(places, default=0.0) + 16384.0

    def _copied_checklist(self, source: Checklist) -> Checklist:
        items = [CheckItem(id=self.new_id(), name=item.name) for item in source.items]
        return Checklist(id=self.new_id(), name=source.name, items=items)


def _new_link() -> str:
    return "".join(secrets.choice(_LINK_LETTERS) for _ in range(8))
