"""Why no pull request is made for an entry: a code, a sentence, and the place to look at."""

from dataclasses import dataclass
from enum import StrEnum


class RefusalCode(StrEnum):
    """What stands in the way of cutting an entry out by whole lines."""

    FLOW = "flow_collection"
    SHARES_LINE = "shares_line"
    ONLY_ITEM = "only_item"
    ANCHOR_USED = "anchor_used_elsewhere"
    ALIAS = "alias_or_merge_key"
    TABS = "tabs"
    UTF_16 = "utf_16"
    REPAIRED = "repaired_text"
    UNCLEAR_PLACE = "unclear_place"
    NOT_PROVED = "not_proved"


SENTENCES: dict[RefusalCode, str] = {
    RefusalCode.FLOW: "The entry stands in a list or mapping that is written in brackets.",
    RefusalCode.SHARES_LINE: "The entry shares a line with something else.",
    RefusalCode.ONLY_ITEM: "The entry is the only one of its list, and nothing would be left.",
    RefusalCode.ANCHOR_USED: "The entry defines an anchor that is used elsewhere.",
    RefusalCode.ALIAS: "The entry is an alias, or comes from a merge key.",
    RefusalCode.TABS: "The file is indented with tabs.",
    RefusalCode.UTF_16: "The file is not UTF-8 text.",
    RefusalCode.REPAIRED: "The file can only be read after a repair of its text.",
    RefusalCode.UNCLEAR_PLACE: "It is not certain which lines of the file are the entry's.",
    RefusalCode.NOT_PROVED: "It could not be proved that nothing but the entry would go.",
}


@dataclass(frozen=True, slots=True)
class Refused:
    """No pull request can be made.

    Attributes:
        code: why.
        file: path in the repository.
        line: where to look, counted from 1.
    """

    code: RefusalCode
    file: str
    line: int = 1

    @property
    def sentence(self) -> str:
        """Why and where, for a person; it quotes nothing of the file."""
        return f"{SENTENCES[self.code]} Remove it by hand: {self.file}, line {self.line}."
