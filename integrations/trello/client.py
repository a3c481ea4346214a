"""The door to Trello: reads the board, copies template cards, and changes cards."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from integrations.http.json_values import text
from integrations.http.session import CallPolicy, Lease
from integrations.http.ttl_cache import TtlCache
from integrations.trello.board import BoardReader
from integrations.trello.errors import explain, known, path_id
from integrations.trello.requester import SYSTEM, HeaderLogin, TrelloRequester
from integrations.trello.values import (
    Template,
    card_from_trello,
    desc_for_trello,
    instant_for_trello,
    template_from_trello,
)
from service.domain.cards import Card
from service.domain.errors import OutsideError, PermanentError, TransientError
from service.domain.reasons import ReasonCode

__all__ = ["Card", "Template", "Trello"]

# A list that was archived still takes cards, and nobody sees them there.
_KEEP_LIST_SECONDS = 60.0
# All but comments and dates, which a template has of its own:
# https://developer.atlassian.com/cloud/trello/rest/api-group-cards/#api-cards-post
_KEPT = "attachments,checklists,customFields,labels,members,stickers"


@dataclass(frozen=True, slots=True, kw_only=True)
class Urgent:
    """What shows that a card is urgent; `label_id` is None if the board has no such label."""

    label_id: str | None = None


class Trello(BoardReader):
    """One board; safe to use from many threads."""

    def __init__(
        self,
        login: HeaderLogin,
        *,
        url: str,
        board: str,
        list_name: str,
        templates: Mapping[str, str],
        policy: CallPolicy,
        keep_seconds: float = 600.0,
    ) -> None:
        """Build it; nothing is asked yet.

        Args:
            login: the API key, and the token of the service's Trello account.
            url: where requests are really sent.
            board: id or short link.
            list_name: the open list that new cards lie in.
            templates: role to template card, by id or short link.
            policy: how every call is made.
            keep_seconds: how long the list's id (less long) and the templates are kept before they
                are looked at again.
        """
        api = TrelloRequester(login, url=url, policy=policy, explain=explain)
        super().__init__(api, board=board, keep_seconds=keep_seconds)
        self._list_name = list_name
        self._templates = dict(templates)
        self._list_id = TtlCache[str](min(keep_seconds, _KEEP_LIST_SECONDS))
        self._kept_templates = {role: TtlCache[Template](keep_seconds) for role in templates}

    def comment(self, card_id: str, words: str, *, lease: Lease) -> None:
        """Write a comment on a card: it is not idempotent."""
        self._api.ask(
            "comment on a card",
            f"/cards/{path_id(card_id)}/actions/comments",
            method="POST",
            # Its id is of no use: it is known again by its words.
            read=lambda raw: text(raw["id"]),
            body={"text": words},
            lease=lease,
        )

    def attach_link(self, card_id: str, url: str, *, name: str, lease: Lease) -> None:
        """Attach a link to a card: it is not idempotent."""
        self._api.ask(
            "attach a link to a card",
            f"/cards/{path_id(card_id)}/attachments",
            method="POST",
            read=lambda _raw: None,
            body={"url": url, "name": name},
            lease=lease,
        )

    def copy_template(
        self,
        role: str,
        *,
        name: str,
        due: datetime,
        head: str,
        lease: Lease,
        urgent: Urgent | None = None,
    ) -> Card:
        """Make a card from a role's template, at the end of the list.

        Args:
            role: a key of the templates.
            name: the card's name.
            due: an instant.
            head: put before the template's description.
            lease: see `Call`.
            urgent: if given, the card goes to the top of the list, with that label.
        """
        template = self.template(role)
        body = {
            "idList": self.list_id(),
            "name": name,
            "desc": desc_for_trello(head, template.desc),
            "due": instant_for_trello(due),
            "dueComplete": False,
            "idCardSource": template.id,
            "keepFromSource": _KEPT,
            **_place(template, urgent),
        }
        try:
            card = self._api.ask(
                "copy a template card",
                "/cards",
                method="POST",
                read=card_from_trello,
                body=body,
                lease=lease,
            )
        except PermanentError as failure:
            # The list or the template may have gone since they were looked at.
            self._list_id.forget()
            self._kept_templates[role].forget()
            if failure.status != 404:
                raise
        else:
            return self._made_ordinary(card, lease) if card.is_template else card
        raise self._what_is_gone(role)

    def update_card(  # noqa: PLR0913 - each is one field of the card
        self,
        card_id: str,
        *,
        lease: Lease,
        due: datetime | None = None,
        name: str | None = None,
        desc: str | None = None,
        is_closed: bool | None = None,
        is_template: bool | None = None,
        to_top: bool = False,
        label_ids: Iterable[str] | None = None,
    ) -> Card:
        """Change what is given, in one request; `label_ids` are all that it shall have."""
        body = {
            "due": instant_for_trello(due) if due else None,
            "name": name,
            "desc": desc,
            "closed": is_closed,
            "isTemplate": is_template,
            "pos": "top" if to_top else None,
            "idLabels": None if label_ids is None else ",".join(label_ids),
        }
        return self._api.ask(
            "update a card",
            f"/cards/{path_id(card_id)}",
            method="PUT",
            read=card_from_trello,
            body={key: value for key, value in body.items() if value is not None},
            lease=lease,
        )

    def list_id(self) -> str:
        """Return the id of the list for new cards; raise `PermanentError` if the board has none."""
        return self._list_id.get(self._look_up_list)

    def template(self, role: str) -> Template:
        """Return a role's template card; raise `PermanentError` if it is gone or archived."""
        return self._kept_templates[role].get(lambda: self._look_at_template(role))

    def _what_is_gone(self, role: str) -> OutsideError:
        """Look again at what a copy needs: if that fails, the error names the setting."""
        try:
            self.list_id()
            self.template(role)
        except OutsideError as failure:
            return failure
        return TransientError(
            SYSTEM,
            "The list or the template was not there for a moment.",
            code=ReasonCode.TRELLO_NOT_FOUND,
        )

    def _made_ordinary(self, copy: Card, lease: Lease) -> Card:
        """Whether a copy of a template is a template itself is not documented: it was looked at."""
        try:
            return self.update_card(copy.id, is_template=False, lease=lease)
        except OutsideError as failure:
            # Whatever happened to this request, the card exists.
            failure.maybe_done = True
            raise

    def _look_up_list(self) -> str:
        name = self._list_name.strip()
        found = [list_id for list_id, each in self.open_lists().items() if each == name]
        if not found:
            raise PermanentError(
                SYSTEM,
                "The board has no open list of the name that is set. Check TRELLO_LIST_NAME, or "
                "make the list.",
                code=ReasonCode.TRELLO_NOT_FOUND,
            )
        return found[0]

    def _look_at_template(self, role: str) -> Template:
        setting = f"TRELLO_{role.upper()}_TEMPLATE"
        path = f"/cards/{path_id(self._templates[role], setting)}"
        query = {"fields": "name,desc,closed,idLabels"}
        found = known(
            lambda: self._api.ask(
                "look at a template card", path, read=template_from_trello, query=query
            ),
            problem="There is no such template card",
            setting=setting,
        )
        if not found.is_open:
            raise PermanentError(
                SYSTEM,
                f"A template card is archived. Send it back to the board, or check {setting}.",
                code=ReasonCode.TRELLO_TEMPLATE_ARCHIVED,
            )
        return found


def _place(template: Template, urgent: Urgent | None) -> dict[str, str]:
    """Return where in its list a copy lies, and its labels if they are not the template's own."""
    if not urgent:
        return {"pos": "bottom"}
    if not urgent.label_id:
        return {"pos": "top"}
    # What is given outright beats what the source has: all labels, or ours alone.
    label_ids = dict.fromkeys((*template.label_ids, urgent.label_id))
    return {"pos": "top", "idLabels": ",".join(label_ids)}
