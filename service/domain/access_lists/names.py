"""Whether a text may be somebody's full name, and whether an address or user name spells it."""

import re
import unicodedata

_NAME_WORD = "(?:[^\\W\\d_]+\\.?|[^\\W\\d_]+(?:['\u2019`-][^\\W\\d_]+)+)"
_FULL_NAME = re.compile(rf"{_NAME_WORD}(?:,? {_NAME_WORD}){{1,5}}(?: [(\[].*[)\]])?")
_ONE_NAME = re.compile("[^\\W\\d_]{2,}(?:['\u2019-][^\\W\\d_]+)?|[^\\W\\d_]['\u2019][^\\W\\d_]+")

# Words of teams, services and posts that are hardly anybody's name.
_NOBODY_WORDS = """
    team teams service services support bot robot api app apps application platform platforms
    publishing publisher frontend backend desk helpdesk inbox mailbox group department office
    developer developers engineer engineers manager administrator admin admins administrators
    user users access account accounts data content system systems deploy deployment deployments
    alerts notifications programme project projects portal website digital security operations
    read write only senior junior lead tech technical product delivery designer analyst architect
    contractor contractors staff members production staging integration"""
_NOBODY = frozenset(_NOBODY_WORDS.split())


def is_full_name(text: str) -> bool:
    """Say whether a text may be a person's first and last name, in any alphabet."""
    letters = text
    if not text.isascii():
        letters = "".join(c for c in text if unicodedata.category(c)[0] != "M")
    return bool(_FULL_NAME.fullmatch(letters))


def names_somebody(text: str) -> bool:
    """Say whether a full name looks like a person's, and not like a team's or a post."""
    is_written_as_name = not text.islower() and not text.isupper()
    return is_full_name(text) and is_written_as_name and _NOBODY.isdisjoint(text.casefold().split())


def is_one_name(text: str) -> bool:
    """Say whether one word may be all of somebody's name, as Sukarno's is."""
    is_written_as_name = not text[:1].islower() and not text.isupper()
    is_one = is_written_as_name and bool(_ONE_NAME.fullmatch(text))
    return is_one and text.casefold() not in _NOBODY


def spells(text: str, name: str, *, run_together: bool = False) -> bool:
    """Say whether an address or user name is made of a full name as people's are.

    ``jane.doe`` and ``jdoe`` are; ``content-store`` names a thing just as well.
    """
    if not names_somebody(name):
        return False
    local = _plain(text.partition("@")[0].partition("+")[0])
    words = [re.sub(r"[\W\d_]+", "", word) for word in _plain(name.partition("(")[0]).split()]
    words = [word for word in words if word]
    letters = re.sub(r"[\W\d_]+", "", local)
    if len(words) < 2 or not letters:
        return False
    first, last = words[0], words[-1]
    initials = {first[0] + last, last + first[0], first + last[0], last[0] + first}
    if letters in initials and min(len(first), len(last)) > 1:
        return True
    is_whole = "." in local or (run_together and not re.search(r"[_-]", local))
    return is_whole and letters in {first + last, last + first, "".join(words)}


def _plain(text: str) -> str:
    return "".join(
        c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c)
    )
