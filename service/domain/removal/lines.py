"""The lines of an access list as git counts them, and which of them are an entry's."""

import re
from dataclasses import dataclass

from service.domain.removal.refusals import RefusalCode
from service.domain.removal.tree import Spot, TreeNode, nodes_of

# YAML 1.1 ends a line at each of these, git only at a line feed: what follows one on the same line
# of the file may be anything, so that it is neither blank nor a comment.
_NO_BREAK = "[^\r\n\x85\u2028\u2029]"
_BLANK = re.compile(r" *\r?\n?")
_COMMENT = re.compile(rf"( *)#{_NO_BREAK}*\r?\n?")
_REST = re.compile(rf" *(?:#{_NO_BREAK}*)?\r?\n?")
_DASH = re.compile(r"( *)- *")
_DASH_ALONE = re.compile(rf"( *)- *(?:#{_NO_BREAK}*)?\r?\n?")


class CutRefused(Exception):
    """An entry can't be cut out; `at` is the index of the character to look at."""

    def __init__(self, code: RefusalCode, at: int = 0) -> None:
        super().__init__(code)
        self.code = code
        self.at = at


@dataclass(frozen=True, slots=True)
class Span:
    """Lines from the first to the last, counted from 0, and the indent of the first."""

    first: int
    last: int
    indent: int


class Lines:
    """The text by git's lines, and which of them are comments."""

    def __init__(self, text: str, documents: list[TreeNode]) -> None:
        self._text = text
        self.lines = re.findall(r"[^\n]*\n|[^\n]+", text)
        self._starts: list[int] = []
        at = 0
        for line in self.lines:
            self._starts.append(at)
            at += len(line)
        self._content = [
            (node.start, node.end)
            for document in documents
            for node in nodes_of(document)
            if node.kind == "scalar" or node.is_flow
        ]

    def number_at(self, index: int) -> int:
        """Return the number of the line that holds a character, counted from 0."""
        low, high = 0, len(self._starts)
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self._starts[middle] <= index else (low, middle)
        return low

    def is_blank(self, number: int) -> bool:
        """Say whether a line holds nothing."""
        return _BLANK.fullmatch(self.lines[number]) is not None

    def comment_indent(self, number: int) -> int | None:
        """Return how far a comment line is indented; None for a line that is not a comment."""
        found = _COMMENT.fullmatch(self.lines[number])
        if not found:
            return None
        indent = len(found[1])
        at = self._starts[number] + indent
        is_content = any(start <= at < end for start, end in self._content)
        return None if is_content else indent

    def span_of(self, spot: Spot) -> Span:
        """Return the lines of an entry, from its dash or key to its last line of content."""
        start, end = spot.child.start, spot.child.end
        first, last = self.number_at(start), self.number_at(max(start, end - 1))
        before = self._text[self._starts[first] : start]
        after = self._text[end : self._starts[last] + len(self.lines[last])]
        if not _REST.fullmatch(after):
            raise CutRefused(RefusalCode.SHARES_LINE, start)
        if spot.child.key:
            if before.strip(" "):
                raise CutRefused(RefusalCode.SHARES_LINE, start)
            indent = len(before)
        else:
            first, indent = self._dash(first, before, start)
        return Span(first, self._with_comments_below(last, indent), indent)

    def _dash(self, first: int, before: str, start: int) -> tuple[int, int]:
        """Return the line of an item's dash, and how far it is indented."""
        if found := _DASH.fullmatch(before):
            return first, len(found[1])
        if before.strip(" "):
            raise CutRefused(RefusalCode.SHARES_LINE, start)
        for number in range(first - 1, -1, -1):
            if found := _DASH_ALONE.fullmatch(self.lines[number]):
                return number, len(found[1])
            if not (self.is_blank(number) or _COMMENT.fullmatch(self.lines[number])):
                break
        raise CutRefused(RefusalCode.SHARES_LINE, start)

    def _with_comments_below(self, last: int, indent: int) -> int:
        """Take in the comments after the last line of content that are indented deeper."""
        for number in range(last + 1, len(self.lines)):
            if self.is_blank(number):
                continue
            found = self.comment_indent(number)
            if found is None or found <= indent:
                break
            last = number
        return last

    def with_blank_lines(self, gone: set[int]) -> set[int]:
        """Return lines that go, with the blank lines between them, and around them all but one."""
        return gone.union(
            *(
                set(range(first, last + 1)) | self._blank_lines_too_many(first, last)
                for first, last in self._runs(gone)
            )
        )

    def _runs(self, gone: set[int]) -> list[tuple[int, int]]:
        """Return the runs of lines that go; those with only blank lines between them are one."""
        runs: list[tuple[int, int]] = []
        for number in sorted(gone):
            if runs and all(self.is_blank(each) for each in range(runs[-1][1] + 1, number)):
                runs[-1] = (runs[-1][0], number)
            else:
                runs.append((number, number))
        return runs

    def _blank_lines_too_many(self, first: int, last: int) -> set[int]:
        """Return the blank lines around a run of which one is enough to part the neighbours."""
        above, below = first - 1, last + 1
        while above >= 0 and self.is_blank(above):
            above -= 1
        while below < len(self.lines) and self.is_blank(below):
            below += 1
        blank_above, blank_below = set(range(above + 1, first)), set(range(last + 1, below))
        if below == len(self.lines):
            # Nothing follows that would have to be separated from what stands above.
            return blank_above
        if not blank_above or not blank_below:
            return set()
        return blank_below | (blank_above - {above + 1})
