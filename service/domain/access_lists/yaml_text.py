"""YAML read as it is written: every scalar stays text, nothing is built, every file ends soon."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

LARGEST = 32 * 1024 * 1024
DEEPEST = 50
MOST_NODES = 2_000_000

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_NULL_TAG = "tag:yaml.org,2002:null"
# What SOPS, hiera-eyaml, Vault, Ansible, Sealed Secrets, ejson, Spring, PGP and age put in the
# place of a value or of a whole file, and Git LFS in the place of a file.
SEALED = (
    "ENC[", "vault:v1:", "$ANSIBLE_VAULT;", "EJ[1:", "{cipher}", "-----BEGIN PGP MESSAGE",
    "-----BEGIN AGE ENCRYPTED", "age-encryption.org/", "SealedSecret", "Salted__",
)  # fmt: skip
_SEALED_FILE = (
    *(b"\0GITCRYPT\0", b"age-encryption.org/", b"-----BEGIN AGE ENCRYPTED", b"Salted__"),
    *(b"-----BEGIN PGP MESSAGE", b"$ANSIBLE_VAULT;", b"version https://git-lfs.github.com/"),
)
_TAB_INDENT = re.compile(r"^[ \-]*\t[ \t\-]*", re.MULTILINE)


_IS_SEALED = "it is encrypted, or holds encrypted values or a pointer in the place of its content"


class UnreadableText(Exception):
    """The text is not YAML that can be read; the message is a sentence that quotes none of it."""


@dataclass(slots=True, eq=False)
class Pairs:
    """A mapping, pair by pair, so that a key written twice loses nothing."""

    pairs: list[tuple["Node", "Node"]] = field(default_factory=list)

    def pairs_by_text(self) -> list[tuple[str, "Node"]]:
        """Return the pairs whose key is text; other keys name nothing."""
        return [(key, value) for key, value in self.pairs if isinstance(key, str)]


@dataclass(slots=True, eq=False)
class Items:
    """A sequence."""

    items: list["Node"] = field(default_factory=list)


Node = str | None | Pairs | Items
"""Text, nothing (a YAML null), a mapping or a sequence. Aliases share one node."""


def is_empty(document: Node) -> bool:
    """Say whether a document is neither a mapping nor a sequence, or holds no value at all."""
    if isinstance(document, Pairs):
        return all(_holds_no_value(value) for _, value in document.pairs)
    return not isinstance(document, Items) or all(_holds_no_value(each) for each in document.items)


def _holds_no_value(node: Node) -> bool:
    return is_empty(node) if isinstance(node, Pairs | Items) else not node


def documents(content: str | bytes) -> list[Node]:
    """Read every document of a YAML text.

    Raises:
        UnreadableText: it is too large, too deep, not text, not YAML, or (in part) encrypted.
    """
    start = content[:100].encode(errors="replace") if isinstance(content, str) else content[:100]
    if start.lstrip().startswith(_SEALED_FILE):
        raise UnreadableText(_IS_SEALED)
    if len(content) > LARGEST:
        raise UnreadableText(f"it is larger than {LARGEST // 1024 // 1024} MiB")
    text = _decoded(content).replace("\ufeff", "")
    try:
        return _Reader(text).documents()
    except UnicodeEncodeError:
        raise UnreadableText("it is not Unicode text") from None
    except yaml.YAMLError as error:
        for width in (2, 4, 8) if _TAB_INDENT.search(text) else ():
            try:
                return _Reader(_without_tabs(text, width)).documents()
            except yaml.YAMLError:
                continue
        raise UnreadableText(_where(error)) from None


def _decoded(content: str | bytes) -> str:
    if isinstance(content, str):
        return content
    wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return content.decode("utf-16" if wide else "utf-8")
    except UnicodeDecodeError:
        raise UnreadableText("it is not UTF-8 text") from None


def _without_tabs(text: str, width: int) -> str:
    return _TAB_INDENT.sub(lambda indent: indent.group().expandtabs(width), text)


def _where(error: yaml.YAMLError) -> str:
    """Say where the parser stopped: its own message may quote the list."""
    mark = getattr(error, "problem_mark", None)
    return f"it is not valid YAML (line {mark.line + 1})" if mark else "it is not valid YAML"


class _Reader:
    """Builds nodes from parser events, with a stack of its own, so that depth costs nothing."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._documents: list[Node] = []
        self._stack: list[_Open] = []
        self._anchors: dict[str, Node] = {}

    def documents(self) -> list[Node]:
        for count, event in enumerate(self._events()):
            if count > MOST_NODES:
                raise UnreadableText(f"it holds more than {MOST_NODES:,} values")
            self._take(event)
        return self._documents

    def _events(self) -> Iterator[Any]:
        return yaml.parse(self._text, Loader=_LOADER)

    def _take(self, event: Any) -> None:
        if isinstance(event, yaml.ScalarEvent):
            self._add(_scalar(event), event.anchor)
        elif isinstance(event, yaml.MappingStartEvent):
            self._open(Pairs(), event.anchor)
        elif isinstance(event, yaml.SequenceStartEvent):
            self._open(Items(), event.anchor)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._stack.pop()
        elif isinstance(event, yaml.AliasEvent):
            if event.anchor not in self._anchors:
                raise UnreadableText("it refers to an anchor that it does not define")
            self._add(self._anchors[event.anchor], None)
        elif isinstance(event, yaml.DocumentStartEvent):
            self._anchors.clear()

    def _open(self, node: Pairs | Items, anchor: str | None) -> None:
        self._add(node, anchor)
        if len(self._stack) >= DEEPEST:
            raise UnreadableText(f"it is nested more than {DEEPEST} levels deep")
        self._stack.append(_Open(node))

    def _add(self, node: Node, anchor: str | None) -> None:
        if anchor is not None:
            self._anchors[anchor] = node
        if self._stack:
            self._stack[-1].add(node)
        else:
            self._documents.append(node)


class _Open:
    """A collection whose end has not come yet."""

    __slots__ = ("_has_key", "_key", "_node")

    def __init__(self, node: Pairs | Items) -> None:
        self._node = node
        self._key: Node = None
        self._has_key = False

    def add(self, node: Node) -> None:
        if isinstance(self._node, Items):
            self._node.items.append(node)
        elif self._has_key:
            self._node.pairs.append((self._key, node))
            self._has_key = False
        else:
            self._key, self._has_key = node, True


def _scalar(event: yaml.ScalarEvent) -> str | None:
    if event.tag == _NULL_TAG:
        return None
    if event.value.startswith(SEALED):
        raise UnreadableText(_IS_SEALED)
    is_plain = not event.style and event.implicit[0]
    # No name holds a NUL, and no database keeps one.
    return None if is_plain and event.value in _NULLS else event.value.replace("\0", "")
