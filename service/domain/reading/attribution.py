"""Whose details a label announces: the leaver's, the manager's, or those of the signatory."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from service.domain.reading.form import Item
from service.domain.reading.label_words import Detail
from service.domain.reading.labels import Label, Whose, meaning_of, points_at_somebody_else
from service.domain.reading.lines import folded
from service.domain.reading.mail import begins_another_mail, is_sign_off
from service.domain.reading.values import is_absent

NAMING = frozenset({Detail.NAME, Detail.USER_NAME, Detail.FIRST_NAME, Detail.LAST_NAME})

_OF_THE_LEAVER = re.compile(r"\b(?:leavers?|leaving|leaves|left|departing|off-?boarding)\b")


@dataclass(slots=True, kw_only=True)
class Attribution:
    """Goes down a text and knows, at each line, whose details a bare label announces.

    Attributes:
        has_own_name: such a label, or a section about the leaver, stands somewhere in the text.
        has_other_name: a mere name came that is not the leaver's.
        section: whose section this is; None outside sections.
        has_named: the leaver was named in this run of labels.
        after_somebody_else: the last person named was somebody else.
        in_header: the header lines of a mail.
        in_signature: after a sign-off.
        is_above_the_form: no label came yet in this mail.
        depth: how deep the text is quoted.
    """

    has_own_name: bool
    has_other_name: bool = False
    section: Whose | None = None
    has_named: bool = False
    after_somebody_else: bool = False
    in_header: bool = False
    in_signature: bool = False
    is_above_the_form: bool = True
    depth: int = 0

    @classmethod
    def of(cls, items: Sequence[Item]) -> Self:
        """Look ahead over a whole text for the labels of the leaver's own."""
        naming = {*NAMING, Detail.SECTION}
        own = (i.label for i in items if i.label and i.label.whose is Whose.LEAVER)
        return cls(has_own_name=any(label.detail in naming for label in own))

    def step(self, items: Sequence[Item], position: int) -> bool | None:
        """Move to an item: True, its value is the leaver's; False, it may be; None, it is not."""
        item = items[position]
        if item.line.depth != self.depth and item.line.text:
            self._start_afresh()
            self.is_above_the_form = True
            self.depth = item.line.depth
        if item.label is None:
            self._pass(items, position)
            return None
        self.is_above_the_form = False
        if item.label.whose is Whose.LEAVER:
            return self._leavers(items, position, item.label)
        if item.label.whose is Whose.ANYONE:
            return self._anyones(item, item.label)
        self._somebody_elses(item.label, item.value)
        return True if item.label.detail is Detail.SUBJECT else None

    def _start_afresh(self) -> None:
        self.section = None
        self.after_somebody_else = self.in_header = self.in_signature = False

    def _pass(self, items: Sequence[Item], position: int) -> None:
        text = folded(items[position].line.text)
        self.has_named &= not text
        if not text:
            if self.in_header:
                self.after_somebody_else = self.in_header = False
        elif begins_another_mail(text):
            self._start_afresh()
            self.is_above_the_form = True
        elif is_sign_off(text):
            self._start_afresh()
            following = _next_with_text(items, position)
            self.in_signature = following is None or following.label is None
        elif _is_heading(items, position):
            self.section = _whose_section(text, is_first=self.is_above_the_form)
            self.after_somebody_else = False

    def _leavers(self, items: Sequence[Item], position: int, label: Label) -> bool:
        if _heads_a_section(items, position):
            self._start_afresh()
            self.section = Whose.LEAVER
        elif label.detail in NAMING and items[position].value:
            self.after_somebody_else = False
        self.has_named |= label.detail in NAMING
        return True

    def _anyones(self, item: Item, label: Label) -> bool | None:
        if label.detail is Detail.OTHER or not item.value:
            return None
        if self.section is Whose.SOMEBODY_ELSE or self.in_signature:
            return None
        if self.section is Whose.LEAVER:
            return not (self.after_somebody_else and label.detail is Detail.EMAIL)
        if self.section is Whose.UNKNOWN:
            return False
        if label.detail in NAMING:
            return self._bare_name()
        return self._bare_address()

    def _bare_name(self) -> bool:
        """Judge a mere "Name: …": beside "Leaver name: …", it is who filled the form in."""
        self.after_somebody_else = self.has_own_name
        self.has_other_name |= self.has_own_name
        self.has_named |= not self.has_own_name
        return not self.has_own_name

    def _bare_address(self) -> bool:
        return self.has_named and not (self.after_somebody_else or self.has_other_name)

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


def _heads_a_section(items: Sequence[Item], position: int) -> bool:
    """Return whether a label of the leaver's heads labels that do not say whose they are."""
    item = items[position]
    if item.label is None or item.value:
        return False
    if item.label.detail is Detail.SECTION:
        return True
    after = _next_with_text(items, position)
    following = after.label if after else None
    is_bare = following is not None and following.whose is Whose.ANYONE
    return item.label.detail is Detail.NAME and "name" not in folded(item.line.text) and is_bare


def _is_heading(items: Sequence[Item], position: int) -> bool:
    """Return whether a line without a label of ours heads the labels that follow it."""
    text = items[position].line.text
    following = _next_with_text(items, position)
    if following is None or following.label is None or re.search(r"[@\d,]", text):
        return False
    before = items[position - 1] if position else None
    if before is not None and before.label is None and before.line.text:
        return False
    return text.endswith(":") or (len(text.split()) <= 5 and not re.search(r"[.,!?;]$", text))


def _next_with_text(items: Sequence[Item], position: int) -> Item | None:
    # No slice: it would copy the rest of the text for each of its lines.
    after = (items[index] for index in range(position + 1, len(items)))
    return next((item for item in after if item.line.text), None)


def _whose_section(text: str, *, is_first: bool) -> Whose | None:
    """Return whose section a heading begins; a line above the whole form does not count.

    Greetings, protective markings and "As requested" stand there.
    """
    if meaning_of(text, loosely=not is_first) is not None and points_at_somebody_else(text):
        return Whose.UNKNOWN if _OF_THE_LEAVER.search(text) else Whose.SOMEBODY_ELSE
    if _OF_THE_LEAVER.search(text):
        return Whose.LEAVER
    return None if is_first or len(text.split()) > 8 else Whose.UNKNOWN
