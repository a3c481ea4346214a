"""The marks in a card's description, and what else links a card to a ticket or to a person."""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from service.domain.text import to_ascii

# The line as the service writes it, and as Trello's editor keeps it once somebody saved it again:
# an address becomes a Markdown link with a title.
_LINE = re.compile(
    r'^Zendesk ticket: (?:\[.*\]\()?\S*/agent/tickets/(\d+)(?:(?:\s+"[^"]*")?\))?\s*$'
)
# Whatever people put before, after or around it.
_WORDS = re.compile(r"zendesk\W{1,5}tickets?\b(?P<rest>.*)", re.IGNORECASE)
_ADDRESS = re.compile(r"[^\s<>()\[\]*]*/agent/tickets/(\d+)(?![0-9A-Za-z])")
# How many lines that are not empty count as the first ones, in which a mark may be written freely.
_FIRST_LINES = 10
# A mark further below would be at risk when the end of a description is cut off.
_HEAD_LENGTH = 4_000

# https://developer.atlassian.com/cloud/trello/rest/api-group-cards/: 16384 characters.
LONGEST_DESC = 16_384
_CUT = "\n\n[The rest of the description is left out: it is too long.]"
_WORD = re.compile(r"[^\W_]+")


def marks_of(desc: str) -> frozenset[int]:
    """Return the numbers of the tickets that a card's description is marked with.

    In the first lines a mark may have anything before, after or around it, since people edit
    descriptions; further below only a line that is the mark and nothing else counts.
    """
    lines = desc.splitlines()
    first = [line for line in lines if line.strip()][:_FIRST_LINES]
    strict = (int(found.group(1)) for line in lines if (found := _LINE.match(line)))
    return frozenset(strict) | {mark for line in first for mark in _marks_in(line)}


def with_mark(desc: str, mark: str) -> str:
    """Return a description with another mark: after the last one at its head, or at the top.

    The end of a description that would grow too long is left out.
    """
    lines = desc.splitlines()
    marked = [n for n, line in enumerate(lines, 1) if marks_of(line)]
    at = max((n for n in marked if len("\n".join(lines[:n])) < _HEAD_LENGTH), default=0)
    head = [*lines[:at], mark, *([] if at or not desc.strip() else [""])]
    return within_limit("\n".join(head), "\n".join(lines[at:]))


def without_mark(desc: str, ticket_id: int) -> str:
    """Return a description without one ticket's mark; what people wrote around it stays."""
    lines = []
    for line in desc.splitlines():
        if _LINE.match(line) and marks_of(line) == {ticket_id}:
            continue
        is_marked = ticket_id in marks_of(line)
        lines.append(_without_address(line, ticket_id) if is_marked else line)
    return "\n".join(lines)


def within_limit(head: str, rest: str) -> str:
    """Return head and rest, one line after the other, with as much of the rest as Trello takes.

    Trello does not say how it counts characters, so the whole keeps to the limit in code points, in
    UTF-16 units (as JavaScript counts) and in bytes of UTF-8: no reading counts more than bytes. If
    the rest, which Trello has taken, is over the limit in units or bytes already, Trello does not
    count them, and it is enough that they do not grow.
    """
    whole = _joined(head, rest)
    if _fits(whole, rest):
        return whole
    kept = rest.removesuffix(_CUT)
    short, long = 0, len(kept)
    while short < long:
        middle = (short + long + 1) // 2
        if _fits(_joined(head, kept[:middle]) + _CUT, rest):
            short = middle
        else:
            long = middle - 1
    return _joined(head, kept[:short].rstrip()) + _CUT


def links_to(texts: Iterable[str], link: str) -> bool:
    """Return whether any text holds a link to a ticket, however it is written.

    Args:
        texts: such as a description, and the addresses of attachments.
        link: the ticket's address for agents.
    """
    parts = urlsplit(link)
    number = re.escape(link.rpartition("/")[2])
    address = re.compile(
        rf"\b{re.escape(parts.netloc)}/(?:agent/|hc/(?:[\w-]+/)?)?(?:tickets|requests)/{number}"
        r"(?![0-9A-Za-z])",
        re.IGNORECASE,
    )
    return any(address.search(text) for text in texts)


def is_titled_as_leaver(title: str, names: Iterable[str]) -> bool:
    """Return whether a card's title says "leaver" and the whole of one of the names.

    Case, accents, spacing, apostrophes and hyphens make no difference; a name of one word alone
    says too little.
    """
    words = _words(title)
    if not any(word.startswith("leaver") for word in words):
        return False
    return any(_holds(words, _words(name)) for name in names)


def _holds(words: list[str], name: list[str]) -> bool:
    if len(name) < 2:
        return False
    wanted = {"".join(name), "".join([name[-1], *name[:-1]])}
    places = range(len(words) + 1)
    return any("".join(words[start:end]) in wanted for start in places for end in places)


def _words(text: str) -> list[str]:
    return _WORD.findall(to_ascii(text))


def _marks_in(line: str) -> set[int]:
    words = _WORDS.search(line)
    return {int(number) for number in _ADDRESS.findall(words["rest"])} if words else set()


def _without_address(line: str, ticket_id: int) -> str:
    return _ADDRESS.sub(lambda m: "" if int(m.group(1)) == ticket_id else m.group(), line)


def _joined(head: str, rest: str) -> str:
    return f"{head}\n{rest}" if rest else head


def _fits(text: str, taken: str) -> bool:
    """Return whether a text is within the limit by each count by which the other one is."""
    (characters, *units), (_, *before) = _lengths(text), _lengths(taken)
    limits = [max(LONGEST_DESC, length) for length in before]
    return characters <= LONGEST_DESC and all(
        length <= limit for length, limit in zip(units, limits, strict=True)
    )


def _lengths(text: str) -> tuple[int, int, int]:
    utf_16 = len(text.encode("utf-16-le", "surrogatepass")) // 2
    return len(text), utf_16, len(text.encode("utf-8", "surrogatepass"))
