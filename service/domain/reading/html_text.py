"""HTML turned to text: enough of it to read labelled lines, in time that its length explains."""

import re

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,15})\b([^<>]{0,2000})>")
_IS_HTML = re.compile(
    r"</?(?:p|div|br|table|tr|t[dh]|li|[uo]l|span|b|strong|html|body|d[ltd]|h[1-6])\b"
    r"[^<>@]{0,500}>",
    re.IGNORECASE,
)
_HAS_BLOCKS = re.compile(r"<(?:p|div|br|table|li|dt|h[1-6])\b[^<>@]{0,500}>", re.IGNORECASE)
_MAILTO = re.compile(r"href\s{0,3}=\s{0,3}[\"']?mailto:([^\"'?>\s]{1,300})", re.IGNORECASE)
_LINES = frozenset(
    {"p", "div", "br", "table", "tr", "li", "ul", "ol", "dl", "dt", "dd", "hr", "body", "html"}
    | {"h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "section"}
)
_CELLS = frozenset({"td", "th"})
_UNSEEN = frozenset({"style", "script", "head", "title"})


def text_from_html(text: str) -> str:
    """Turn HTML into text, one line a block, table cells separated by bars; keep other text."""
    if not _IS_HTML.search(text):
        return text
    if _HAS_BLOCKS.search(text):
        text = re.sub(r"\s+", " ", text)
    parts: list[str] = []
    position = 0
    unseen = ""
    for tag in _TAG.finditer(text):
        name = tag.group(2).lower()
        if not unseen:
            parts += (text[position : tag.start()], _shown(tag, name))
        position = tag.end()
        if name in _UNSEEN and not tag.group(1):
            unseen = unseen or name
        elif name == unseen:
            unseen = ""
    if not unseen:
        parts.append(text[position:])
    return "".join(parts)


def _shown(tag: re.Match[str], name: str) -> str:
    """Return what a tag leaves in the text."""
    closing, rest = tag.group(1), tag.group(3)
    if name in _CELLS:
        return "" if closing else " | "
    if name in _LINES:
        return "\n- " if name == "li" and not closing else "\n"
    address = _MAILTO.search(rest)
    if address:
        return f"<{address.group(1)}> "
    # An address in angle brackets is text, not a tag.
    return tag.group() if "@" in rest and "=" not in rest else ""
