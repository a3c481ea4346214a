"""A leaver's removal from all lists, cut and proved; or the reason why there is none."""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.domain.access_lists.entries import Entry
from service.domain.removal.cut import FileCut, cut
from service.domain.removal.proof import is_proved
from service.domain.removal.refusals import RefusalCode, RemovalRefused

# Git's mode of a list that is a link: the entry stands in another file.
_LINK = "120000"


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """All entries of one person, taken out of the lists in one commit."""

    files: tuple[FileCut, ...]

    @property
    def diff(self) -> str:
        """A unified diff of all files, as a reviewer sees it; it holds personal data."""
        return "\n".join(line for one in self.files for line in _diff(one))


def remove(files: Mapping[str, bytes], entries: Sequence[Entry]) -> Removal | RemovalRefused:
    """Cut a person's entries out of the lists, and prove that nothing else goes.

    Args:
        files: path to content of every list, at one commit.
        entries: all of the person's, as the reader of lists found them in `files`; at least one.
    """
    done: list[FileCut] = []
    for file in dict.fromkeys(entry.file for entry in entries):
        one = cut(files[file], [entry for entry in entries if entry.file == file], file=file)
        if isinstance(one, RemovalRefused):
            return one
        done.append(one)
    if not is_proved(files, done, entries):
        return RemovalRefused(RefusalCode.NOT_PROVED, done[0].file, done[0].removed[0])
    return Removal(files=tuple(done))


def removal_of(
    found: Sequence[Entry] | RefusalCode, files: Mapping[str, bytes], modes: Mapping[str, str]
) -> Removal | RemovalRefused:
    """Cut a leaver's entries out, as far as it is certain which they are.

    Args:
        found: the entries, at least one; or why it is not certain which they are.
        files: path to content of every list, at one commit.
        modes: path to git's mode of every list.
    """
    if isinstance(found, RefusalCode):
        return RemovalRefused(found, "", 0)
    if linked := next((one for one in found if modes[one.file] == _LINK), None):
        return RemovalRefused(RefusalCode.LINK, linked.file)
    return remove(files, found)


def _diff(one: FileCut) -> list[str]:
    before, after = (text.decode("utf-8").split("\n") for text in (one.before, one.after))
    names = (f"a/{one.file}", f"b/{one.file}")
    found = difflib.unified_diff(before, after, *names, lineterm="")
    return [line.rstrip("\r") for line in found]
