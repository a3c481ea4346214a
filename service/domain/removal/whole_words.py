"""Whether a line names a person: by name, address or user name, each as a whole word."""

import re
import unicodedata
from dataclasses import dataclass

from service.domain.access_lists.entries import Entry

# "jo" is not in "john", "jo.smith" or "jo-ann", but is in "(jo)", "@jo" and "ask jo.".
_BEFORE = r"(?<!\w)(?<!\w[-.@+'\u2019])"
_AFTER = r"(?!\w)(?![-.@+'\u2019]\w)"


@dataclass(frozen=True, slots=True)
class Names:
    """All that a comment may call a person; a user name counts as it is written alone.

    "Jo" in a comment is a first name, and may be anybody's: the user name is "jo".
    """

    names: frozenset[str]
    user_names: frozenset[str]

    @classmethod
    def of(cls, entry: Entry) -> "Names":
        """Return what the person of an entry is called."""
        names = (entry.name, *(entry.email or "").split(","))
        return cls(
            frozenset(_plain(text).casefold() for text in names if text.strip()),
            frozenset(_plain(text) for text in (entry.github, entry.ssh) if text),
        )

    def are_in(self, line: str) -> bool:
        """Say whether a line contains one of them as a whole word."""
        plain = _plain(line)
        return _has_one(plain, self.user_names) or _has_one(plain.casefold(), self.names)


def _has_one(line: str, words: frozenset[str]) -> bool:
    return any(re.search(f"{_BEFORE}{re.escape(word)}{_AFTER}", line) for word in words)


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())
