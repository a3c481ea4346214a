"""Which labelled values of a text are said of the leaver, and which of somebody else."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from service.domain.form import Item, items_of
from service.domain.labels import Detail, Label, Whose, meaning_of
from service.domain.lines import folded, plain_lines
from service.domain.sources import Source
from service.domain.values import is_absent, looks_like_a_name, may_be_one

_SIGN_OFF = re.compile(
    r"(?:(?:many|kind|best|warm(?:est)?|with|kindest) )*"
    r"(?:regards|thanks|thank you|thx|wishes|cheers|(?:yours )?(?:sincerely|faithfully)"
    r"|rgds|br|kr|ta|sent from my .{1,30})(?: (?:again|in advance|all|very much))?"
    r"[\s,.!\u2013-]*(?:[^\W\d_][\w'\u2019.-]*\s?){0,4}|-{2,3}|_{2,3}"
)
_NEW_MAIL = re.compile(
    r"-{2,}\s?(?:original|forwarded) message\s?-*|begin forwarded message:?|on .{5,120} wrote:?"
    r"|_{5,}"
)
_OF_THE_LEAVER = re.compile(r"\b(?:leavers?|leaving|leaves|left|departing|off-?boarding)\b")
_NEUTRAL = re.compile(
    r"\b(?:hi|hello|hey|dear|morning|afternoon|evening|team|all|thanks|details|below|following|forms?"
    r"|information|info|requests?|tickets?|please|general|overview|summary|fyi|see|everyone)\b"
)
_PERSONAL = frozenset({Detail.NAME, Detail.FIRST_NAME, Detail.LAST_NAME, Detail.EMAIL})
_NAMING = _PERSONAL - {Detail.EMAIL}


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A labelled value that is, or may be, the leaver's.

    Attributes:
        detail: what it is.
        value: as written.
        where: for an operator to look it up.
        rank: 0 for custom fields, 1 for the description, 2 for the subject, then the comments.
        is_sure: False where it may be somebody else's, so that it can only suggest.
        is_hedged: the label says that the value is not settled.
    """

    detail: Detail
    value: str
    where: str
    rank: int
    is_sure: bool = True
    is_hedged: bool = False


def is_sign_off(text: str) -> bool:
    """Whether a line ends a mail, so that a signature follows ("Kind regards, Sam")."""
    return bool(_SIGN_OFF.fullmatch(folded(text)))


def statements_in(source: Source) -> list[Statement]:
    """Read the labelled values of a text."""
    items = items_of(plain_lines(source.text))
    walk = _Walk(forms=_forms_of_leavers(items), own_names=_own_names(items))
    found: list[Statement] = []
    for position, item in enumerate(items):
        sure = walk.step(items, position)
        if sure is None or item.label is None or not item.value:
            continue
        found.append(
            Statement(
                detail=item.label.detail,
                value=item.value,
                where=f"line {item.line.number} of {source.name}",
                rank=source.rank,
                is_sure=sure,
                is_hedged=item.label.is_hedged,
            )
        )
    return found


@dataclass(slots=True)
class _Walk:
    """Goes down a text and knows, at each line, whose details a bare label announces.

    Attributes:
        own_names: the names that stand beside a label of the leaver's own.
        forms: for each position, what its run of labels holds: a label of the leaver's own, a bare
            name, or both.
        section: whose section this is; None outside sections.
        after_somebody_else: the last person named was somebody else.
        in_header: the header lines of a mail.
        in_signature: after a sign-off.
    """

    forms: dict[int, frozenset[Whose]]
    own_names: tuple[str, ...]
    section: Whose | None = None
    after_somebody_else: bool = False
    in_header: bool = False
    in_signature: bool = False
    depth: int = field(default=0)

    def step(self, items: Sequence[Item], position: int) -> bool | None:
        """Move to an item: True, its value is the leaver's; False, it may be; None, it is not."""
        item = items[position]
        if item.line.depth != self.depth and item.line.text:
            self._start_afresh()
            self.depth = item.line.depth
        if item.label is None:
            self._pass(items, position)
            return None
        if item.label.whose is Whose.LEAVER:
            return self._leavers(item.label, item.value)
        if item.label.whose is Whose.ANYONE:
            return self._anyones(item, item.label.detail, position)
        self._somebody_elses(item.label, item.value)
        return True if item.label.detail is Detail.SUBJECT else None

    def _start_afresh(self) -> None:
        self.section = None
        self.after_somebody_else = self.in_header = self.in_signature = False

    def _pass(self, items: Sequence[Item], position: int) -> None:
        text = folded(items[position].line.text)
        if not text:
            if self.in_header:
                self.after_somebody_else = self.in_header = False
        elif _NEW_MAIL.fullmatch(text):
            self._start_afresh()
        elif is_sign_off(text):
            self._start_afresh()
            self.in_signature = True
        elif _is_heading(items, position):
            self.section = _whose_section(text)
            self.after_somebody_else = False

    def _leavers(self, label: Label, value: str) -> bool:
        if label.detail is Detail.SECTION or (label.detail is Detail.NAME and not value):
            self._start_afresh()
            self.section = Whose.LEAVER
        elif label.detail in _NAMING:
            self.after_somebody_else = False
        return True

    def _anyones(self, item: Item, detail: Detail, position: int) -> bool | None:
        form = self.forms.get(position, frozenset())
        if detail is Detail.OTHER or not item.value:
            return None
        if self.section is Whose.SOMEBODY_ELSE or (self.in_signature and Whose.LEAVER not in form):
            return None
        if self.section is Whose.UNKNOWN:
            return False
        if detail in _NAMING:
            # Beside "Leaver name: Jane Doe", a mere "Name: Sam Hill" is who filled the form in.
            self.after_somebody_else = not self._may_be_own(item.value)
            return None if self.after_somebody_else else True
        return not self.after_somebody_else and (bool(form) or self.section is Whose.LEAVER)

    def _may_be_own(self, name: str) -> bool:
        in_own_section = self.section is Whose.LEAVER
        return (
            in_own_section
            or not self.own_names
            or any(may_be_one(name, own) for own in self.own_names)
        )

    def _somebody_elses(self, label: Label, value: str) -> None:
        if label.whose is Whose.MAIL_HEADER:
            if label.detail is Detail.SENDER:
                self._start_afresh()
            self.in_header = self.after_somebody_else = True
        elif not value:
            self._start_afresh()
            self.section = Whose.SOMEBODY_ELSE
        elif not is_absent(value):
            self.after_somebody_else = True


def _own_names(items: Iterable[Item]) -> tuple[str, ...]:
    return tuple(
        item.value
        for item in items
        if item.label is not None
        and item.label.whose is Whose.LEAVER
        and item.label.detail in _NAMING
        and looks_like_a_name(item.value)
    )


def _forms_of_leavers(items: Iterable[Item]) -> dict[int, frozenset[Whose]]:
    """Find the runs of labels that hold a label of the leaver's own, or a bare name."""
    forms: dict[int, frozenset[Whose]] = {}
    run: list[int] = []
    holds: set[Whose] = set()
    for position, item in enumerate([*items, None]):
        if item is not None and (item.label is not None or not item.line.text):
            run.append(position)
            if item.label is not None and _tells_whose(item.label):
                holds.add(item.label.whose)
            continue
        forms.update(dict.fromkeys(run, frozenset(holds)))
        run, holds = [], set()
    return forms


def _tells_whose(label: Label) -> bool:
    return label.whose is Whose.LEAVER or (label.whose is Whose.ANYONE and label.detail in _NAMING)


def _is_heading(items: Sequence[Item], position: int) -> bool:
    """Whether a line without a label of ours heads the labels that follow it."""
    text = items[position].line.text
    following = next((item for item in items[position + 1 :] if item.line.text), None)
    if following is None or following.label is None or re.search(r"[@\d,]", text):
        return False
    before = items[position - 1] if position else None
    if before is not None and before.label is None and before.line.text:
        return False
    return text.endswith(":") or (len(text.split()) <= 5 and not re.search(r"[.,!?;]$", text))


def _whose_section(text: str) -> Whose | None:
    if meaning_of(text, loosely=True) is not None:
        return Whose.UNKNOWN if _OF_THE_LEAVER.search(text) else Whose.SOMEBODY_ELSE
    if _OF_THE_LEAVER.search(text):
        return Whose.LEAVER
    if _NEUTRAL.search(text) or len(text.split()) > 8:
        return None
    return Whose.UNKNOWN
