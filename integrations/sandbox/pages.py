"""The sandbox's page: tickets, board, pull requests and access lists, as people would see them."""

import re
from collections.abc import Callable, Iterable
from datetime import datetime
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

from integrations.sandbox.github import SandboxGithub
from integrations.sandbox.pull_pages import pulls_section
from integrations.sandbox.trello import SandboxTrello
from integrations.sandbox.trello_cards import Checklist, SandboxCard, SandboxList
from integrations.sandbox.zendesk import SandboxZendesk
from integrations.sandbox.zendesk_people import GROUPS, PEOPLE
from integrations.sandbox.zendesk_tickets import SandboxComment, SandboxTicket

_LONDON = ZoneInfo("Europe/London")
_ADDRESS = re.compile(r"https?://[^\s<>()]+[^\s<>().,;:!?*]")
_NAMES = {one.id: one.name for one in PEOPLE}
_HERE = (
    (re.compile(r"https://github\.com/[^/]+/[^/]+/pull/(\d+)"), r"#pull-\1"),
    (re.compile(r"https://trello\.com/c/(\w+).*"), r"#card-\1"),
    (re.compile(r"https://[\w-]+\.zendesk\.com/agent/tickets/(\d+)"), r"#ticket-\1"),
)


def page(zendesk: SandboxZendesk, trello: SandboxTrello, github: SandboxGithub) -> str:
    """Return the whole page as HTML; it loads nothing but its style sheet."""
    with zendesk.lock, trello.lock, github.lock:
        tickets = "".join(_ticket(one) for one in reversed(zendesk.tickets()))
        lists = [one for one in trello.lists() if not one.closed]
        board = "".join(_list(one, trello) for one in lists)
        archived = trello.cards(closed=True, templates=True)
        files = "".join(
            f'<details id="file-{escape(path)}"><summary>{escape(path)}</summary>'
            f'<pre class="text quiet">{escape(text)}</pre></details>'
            for path, text in sorted(github.files().items())
        )
        pulls = pulls_section(github.pulls, _linked)
        name, head = escape(trello.board.name), github.head[:7]
        repository = escape(github.repository)
    none = '<p class="quiet">No tickets yet.</p>'
    return f"""<!DOCTYPE html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>The sandbox: tickets and board</title>
<link rel="stylesheet" href="/_sandbox/page.css">
</head>
<body>
<header class="top">
<h1>The sandbox</h1>
<p class="quiet">Made-up tickets, cards and people. <a href="#tickets">Tickets</a> ·
<a href="#board">Board</a> · <a href="#pulls">Pull requests</a> ·
<a href="#lists">Access lists</a></p>
</header>
<main>
<h2 id="tickets">Zendesk: tickets</h2>
<div class="tickets">{tickets or none}</div>
<h2 id="board">Trello: {name}</h2>
<div class="board">{board}{_archive(archived, trello)}</div>
<h2 id="pulls">GitHub: pull requests of {repository}</h2>
<div class="tickets">{pulls}</div>
<h2 id="lists">GitHub: {repository} at {head}</h2>
{files}
</main>
</body>
</html>
"""


def _ticket(ticket: SandboxTicket) -> str:
    tags = " ".join(f'<span class="tag">{escape(tag)}</span>' for tag in ticket.tags)
    group = escape(GROUPS.get(ticket.group_id or 0, "no group"))
    comments = "".join(_comment(one) for one in ticket.comments)
    return f"""<article class="ticket" id="ticket-{ticket.id}">
<header><h3>#{ticket.id} {escape(ticket.subject)}</h3>
<span class="status status-{escape(ticket.status)}">{escape(ticket.status)}</span></header>
<p class="quiet">Assignee: {_person(ticket.assignee_id)} ({group})</p>
<p>{tags}</p>
{comments}
</article>
"""


def _comment(comment: SandboxComment) -> str:
    kind, words = ("", "Public reply") if comment.public else (" note", "Internal note")
    return f"""<div class="comment{kind}">
<p class="quiet">{words} · {_person(comment.author_id)} · {_moment(comment.created_at)}</p>
<div class="text">{_linked(comment.body)}</div></div>
"""


def _person(number: int | None) -> str:
    return escape(_NAMES.get(number, f"user {number}")) if number else "nobody"


def _list(one: SandboxList, trello: SandboxTrello) -> str:
    cards = trello.cards(closed=False, list_id=one.id, templates=True)
    shown = "".join(_card(card, trello) for card in cards)
    return f'<section class="list"><h3>{escape(one.name)} ({len(cards)})</h3>{shown}</section>'


def _archive(cards: list[SandboxCard], trello: SandboxTrello) -> str:
    if not cards:
        return ""
    shown = "".join(_card(card, trello) for card in cards)
    return f'<section class="list"><h3>Archived ({len(cards)})</h3>{shown}</section>'


def _card(card: SandboxCard, trello: SandboxTrello) -> str:
    shown = trello.card_json(card)
    labels = " ".join(
        f'<span class="label">{escape(label["name"] or label["color"])}</span>'
        for label in shown["labels"]
    )
    template = '<span class="label">Template</span>' if card.is_template else ""
    due = f'<p class="due">Due {_moment(datetime.fromisoformat(card.due))}</p>' if card.due else ""
    parts = [
        f'<div class="text">{_linked(card.desc)}</div>' if card.desc else "",
        *(_checklist(one) for one in card.checklists),
        _lines(card.attachments, lambda one: f"Attachment: {_linked(one['url'])}"),
        _lines(card.custom_fields.values(), lambda one: f"Field: {escape(str(one))}"),
        _lines(card.stickers, lambda one: f"Sticker: {escape(str(one['image']))}"),
        _lines(card.comments, lambda one: f"Comment: {_linked(one.text)}"),
    ]
    archived = " archived" if card.closed else ""
    return f"""<article class="card{archived}" id="card-{escape(card.short_link)}">
<h3>{escape(card.name)}</h3>
<p>{labels} {template}</p>
{due}<p class="quiet"><a href="#card-{escape(card.short_link)}">{escape(card.url)}</a></p>
{_folded("".join(parts), is_open=not card.is_template)}
</article>
"""


def _folded(parts: str, *, is_open: bool) -> str:
    if not parts:
        return ""
    state = " open" if is_open else ""
    return f'<details{state}><summary class="quiet">Details</summary>{parts}</details>'


def _lines(items: Iterable[Any], line: Callable[[Any], str]) -> str:
    return "".join(f'<p class="quiet">{line(item)}</p>' for item in items)


def _checklist(checklist: Checklist) -> str:
    done = sum(item.complete for item in checklist.items)
    lines = "".join(
        f"<li>{'☑' if item.complete else '☐'} {escape(item.name)}</li>" for item in checklist.items
    )
    return (
        f"<p><strong>{escape(checklist.name)}</strong> {done}/{len(checklist.items)}</p>"
        f'<ul class="checks">{lines}</ul>'
    )


def _linked(text: str) -> str:
    """Return a text as HTML; addresses of tickets, cards and pull requests lead to this page."""
    parts: list[str] = []
    start = 0
    for match in _ADDRESS.finditer(text):
        target = match[0]
        for pattern, place in _HERE:
            if found := pattern.fullmatch(target):
                target = found.expand(place)
        parts += [
            escape(text[start : match.start()]),
            f'<a href="{escape(target)}" rel="noreferrer">{escape(match[0])}</a>',
        ]
        start = match.end()
    return "".join([*parts, escape(text[start:])])


def _moment(at: datetime) -> str:
    local = at.astimezone(_LONDON)
    return f"{local:%a} {local.day} {local:%B %Y, %H:%M}"
