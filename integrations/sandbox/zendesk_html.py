"""How Zendesk stores a comment's HTML: with harmless tags only, and as plain text beside it."""

from html import escape
from html.parser import HTMLParser

_KEPT_TAGS = (
    "a b blockquote br code div em h1 h2 h3 h4 h5 h6 hr i li ol p pre s span strong sub sup "
    "table tbody td th thead tr u ul"
)
_BLOCK_TAGS = "blockquote div h1 h2 h3 h4 h5 h6 li ol p pre table tr ul"
_KEPT = frozenset(_KEPT_TAGS.split())
_BLOCKS = frozenset(_BLOCK_TAGS.split())
_DROPPED_WHOLE = frozenset({"script", "style", "iframe", "object"})


def sanitise(html: str) -> str:
    """Return the HTML with harmless tags only."""
    return _parsed(html).html


def text_of(html: str) -> str:
    """Return the HTML as plain text; a link's address follows its text if it is another one."""
    return _parsed(html).text


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._html: list[str] = []
        self._text: list[str] = []
        self._silent = 0
        self._link: tuple[str, int] | None = None

    @property
    def html(self) -> str:
        return "".join(self._html)

    @property
    def text(self) -> str:
        lines = [line.strip() for line in "".join(self._text).split("\n")]
        return "\n".join(line for line in lines if line)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _DROPPED_WHOLE:
            self._silent += 1
        if self._silent or tag not in _KEPT:
            return
        href = dict(attrs).get("href") or ""
        if tag == "a" and href.startswith(("https://", "http://", "mailto:")):
            self._html.append(f'<a href="{escape(href)}" rel="noopener noreferrer">')
            self._link = (href, len(self._text))
        else:
            self._html.append(f"<{tag}>")
        if tag in _BLOCKS or tag == "br":
            self._text.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _DROPPED_WHOLE:
            self._silent = max(0, self._silent - 1)
            return
        if self._silent or tag not in _KEPT or tag == "br":
            return
        self._html.append(f"</{tag}>")
        if tag in _BLOCKS:
            self._text.append("\n")
        if tag == "a" and self._link:
            href, start = self._link
            if "".join(self._text[start:]).strip() != href:
                self._text.append(f" ({href})")
            self._link = None

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._html.append(escape(data, quote=False))
            self._text.append(data)


def _parsed(html: str) -> _Reader:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader
