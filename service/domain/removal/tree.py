"""A YAML file as nodes that know where they stand, so that whole lines can be cut out of it.

PyYAML's own node marks give the positions. A block collection's end mark is the start of the next
token, comments and blank lines included, so the end of its content is that of its last child.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

MERGE = "<<"
_BLOCK_SCALARS = frozenset({"|", ">"})


class NotComposed(Exception):
    """The text can't be parsed: it is not YAML, or refers to what it does not define."""


@dataclass(slots=True, eq=False)
class TreeNode:
    """One node of a document.

    Attributes:
        kind: ``scalar``, ``sequence``, ``mapping`` or ``alias``.
        tag: as written, or None.
        value: of a scalar; the anchor's name for an alias.
        style: how a scalar is written: ``'``, ``"``, ``|``, ``>``, or "" if it is plain.
        anchor: that it defines, or None.
        start: index of its first character, that of an anchor or tag before it included.
        end: index after the last character of its content.
        is_flow: a collection in brackets.
        children: of a collection, in order.
        target: the node that an alias refers to.
    """

    kind: str
    start: int
    end: int
    tag: str | None = None
    value: str = ""
    style: str = ""
    anchor: str | None = None
    is_flow: bool = False
    children: list["Child"] = field(default_factory=list)
    target: "TreeNode | None" = None


@dataclass(slots=True, eq=False)
class Child:
    """An item of a sequence, or a pair of a mapping (which has a key)."""

    value: TreeNode
    key: TreeNode | None = None

    @property
    def start(self) -> int:
        """Index of its first character; a sequence's dash stands before it."""
        return self.key.start if self.key else self.value.start

    @property
    def end(self) -> int:
        """Index after the last character of its content."""
        return max(self.key.end, self.value.end) if self.key else self.value.end

    def nodes(self) -> Iterator[TreeNode]:
        """Yield every node of it, in the order of the text."""
        if self.key:
            yield from nodes_of(self.key)
        yield from nodes_of(self.value)


@dataclass(frozen=True, slots=True, eq=False)
class Spot:
    """Where an entry stands: a child of a collection."""

    parent: TreeNode
    child: Child
    through_alias: bool


def compose(text: str) -> list[TreeNode]:
    """Return the root of each document.

    Raises:
        NotComposed: see there.
    """
    try:
        return _Composer(text).documents()
    except (yaml.YAMLError, RecursionError) as error:
        raise NotComposed from error


def lines_of(text: str, positions: Iterable[str]) -> dict[str, int]:
    """Return the line, counted from 1, on which each position begins.

    One that may mean several places, or none, is left out; so is every one of a text that has no
    node tree.
    """
    try:
        documents = compose(text)
    except NotComposed:
        return {}
    spots = {position: spots_at(documents, position) for position in positions}
    return {
        position: text.count("\n", 0, found[0].child.start) + 1
        for position, found in spots.items()
        if len(found) == 1
    }


def nodes_of(node: TreeNode) -> Iterator[TreeNode]:
    """Yield a node and all below it, in the order of the text; aliases are not followed."""
    yield node
    for child in node.children:
        yield from child.nodes()


def spots_at(documents: list[TreeNode], position: str) -> list[Spot]:
    """Return every place that a position may mean; more than one if keys repeat.

    Args:
        documents: as composed.
        position: as the reader of lists gives it: ``entry 12``, ``users / jane.doe``, and before
            that ``document 2`` if there are several documents.
    """
    if len(documents) == 1:
        return list(_spots(documents[0], position, through_alias=False))
    found: list[Spot] = []
    for number, document in enumerate(documents, start=1):
        heading = f"document {number} / "
        if position.startswith(heading):
            found += _spots(document, position.removeprefix(heading), through_alias=False)
    return found


def _spots(node: TreeNode, rest: str, *, through_alias: bool) -> Iterator[Spot]:
    if node.kind == "alias" and node.target:
        node, through_alias = node.target, True
    for number, child in enumerate(node.children, start=1):
        label = _label(child, number)
        if label is None:
            continue
        if rest == label:
            yield Spot(node, child, through_alias)
        elif rest.startswith(f"{label} / "):
            below = rest.removeprefix(f"{label} / ")
            yield from _spots(child.value, below, through_alias=through_alias)


def _label(child: Child, number: int) -> str | None:
    """What the reader calls a child; None for a key that names nothing."""
    if child.key is None:
        return f"entry {number}"
    key = child.key.target if child.key.kind == "alias" and child.key.target else child.key
    return key.value.replace("\0", "") if key.kind == "scalar" else None


class _Composer:
    def __init__(self, text: str) -> None:
        self._text = text
        self._anchors: dict[str, TreeNode] = {}
        # Not the C parser: what it takes for a mark's place has changed between versions.
        self._events: Iterator[Any] = yaml.parse(text, Loader=yaml.SafeLoader)

    def documents(self) -> list[TreeNode]:
        roots = []
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                self._anchors.clear()
                roots.append(self._node(next(self._events)))
        return roots

    def _node(self, event: Any) -> TreeNode:
        start, end = event.start_mark.index, event.end_mark.index
        if isinstance(event, yaml.AliasEvent):
            name = event.anchor or ""
            if name not in self._anchors:
                raise NotComposed
            return TreeNode("alias", start, end, value=name, target=self._anchors[name])
        if isinstance(event, yaml.ScalarEvent):
            style = event.style or ""
            if style in _BLOCK_SCALARS:
                # Its end mark is behind the blank lines that follow it.
                end = start + len(self._text[start:end].rstrip())
            node = TreeNode("scalar", start, end, event.tag, event.value, style, event.anchor)
            self._remember(node)
            return node
        return self._collection(event, start)

    def _collection(self, event: Any, start: int) -> TreeNode:
        is_mapping = isinstance(event, yaml.MappingStartEvent)
        node = TreeNode(
            "mapping" if is_mapping else "sequence",
            start,
            start,
            tag=event.tag,
            anchor=event.anchor,
            is_flow=bool(event.flow_style),
        )
        self._remember(node)
        while not isinstance(event := next(self._events), yaml.CollectionEndEvent):
            first = self._node(event)
            child = Child(self._node(next(self._events)), first) if is_mapping else Child(first)
            node.children.append(child)
        if node.is_flow:
            node.end = event.end_mark.index if event.end_mark else start
        else:
            node.end = max((child.end for child in node.children), default=start)
        return node

    def _remember(self, node: TreeNode) -> None:
        if node.anchor is not None:
            self._anchors[node.anchor] = node
