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
    LINK = "symbolic_link"
    BY_NAME_ALONE = "by_name_alone"
    NOT_FOUND_AGAIN = "not_found_again"
    SIMILAR_ENTRY = "similar_entry"
    SHARED_IDENTITY = "shared_identity"
    REMOVED_BEFORE = "removed_before"
    DAILY_LIMIT = "daily_limit"
    NO_DRAFTS = "no_drafts"
    BRANCH_IN_THE_WAY = "branch_in_the_way"
    MERGED_ELSEWHERE = "merged_elsewhere"
    IN_CONFLICT = "in_conflict"


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
    RefusalCode.LINK: "The list is a symbolic link to another file.",
    RefusalCode.BY_NAME_ALONE: (
        "The person was found by name alone, so that no pull request is made: remove the entry by "
        "hand once it is certain."
    ),
    RefusalCode.NOT_FOUND_AGAIN: (
        "It is not certain any more which entry is the leaver's: look at the lists, and remove it "
        "by hand."
    ),
    RefusalCode.SIMILAR_ENTRY: (
        "The entry is no longer in the access lists, but a similar one is: if that is the "
        "leaver's, remove it by hand."
    ),
    RefusalCode.SHARED_IDENTITY: (
        "Entries with other people's names share the leaver's address or user name: look at the "
        "lists, and remove the leaver's entry by hand."
    ),
    RefusalCode.REMOVED_BEFORE: (
        "The entry had left the access lists before the card was made, so that no pull request is "
        "made. If an entry of the leaver is in the lists now, remove it by hand."
    ),
    RefusalCode.DAILY_LIMIT: (
        "The day's limit of pull requests is reached (DAILY_LIMIT): this one is opened tomorrow, "
        "or when an operator asks for it."
    ),
    RefusalCode.NO_DRAFTS: (
        "The account's plan does not support draft pull requests, so that this one is opened at "
        "the due time: set PULL_REQUEST_DAYS_BEFORE to 0."
    ),
    RefusalCode.BRANCH_IN_THE_WAY: (
        "Somebody else has a branch of the name that the pull request needs, or one that begins "
        "with that name and a slash: delete or rename it."
    ),
    RefusalCode.MERGED_ELSEWHERE: (
        "The pull request was merged into a branch that is not that of the access lists, and the "
        "entry is still there: remove it by hand, or ask for a new pull request."
    ),
    RefusalCode.IN_CONFLICT: (
        "The pull request is in conflict with the access lists, and the service can't bring it up "
        "to date: the entry can no longer be cut out by whole lines."
    ),
}


def sentence_of(code: str, file: str | None, line: int | None) -> str:
    """Say why there is no pull request, and where to look; it quotes nothing of a file."""
    sentence = SENTENCES[RefusalCode(code)]
    return f"{sentence} Remove it by hand: {file}, line {line}." if file and line else sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyNone:
    """Why a leaver has no pull request, as it is recorded.

    Attributes:
        code: see `RefusalCode`.
        file: path in the repository; None if the reason is no place in a file.
        line: where to look, counted from 1.
        commit: at which file and line are this place.
    """

    code: RefusalCode
    file: str | None = None
    line: int | None = None
    commit: str | None = None

    @property
    def sentence(self) -> str:
        """Why and where, for a person; it quotes nothing of the file."""
        return sentence_of(self.code, self.file, self.line)

    @property
    def place(self) -> tuple[RefusalCode, str | None, int | None]:
        """All but the commit: the same place at a later commit is nothing new."""
        return self.code, self.file, self.line


@dataclass(frozen=True, slots=True)
class RemovalRefused:
    """No pull request can be made.

    Attributes:
        code: why.
        file: path in the repository.
        line: where to look, counted from 1.
    """

    code: RefusalCode
    file: str
    line: int = 1

    def why(self, commit: str, *, code: RefusalCode | None = None) -> WhyNone:
        """Return what is recorded: the place at a commit, if there is one; with another code."""
        if not self.file:
            return WhyNone(code=code or self.code)
        return WhyNone(
            code=code or self.code, file=self.file, line=self.line or None, commit=commit
        )

    @property
    def sentence(self) -> str:
        """Why and where, for a person; it quotes nothing of the file."""
        return sentence_of(self.code, self.file, self.line)
