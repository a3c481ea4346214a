"""Values of a leaver's details: names, addresses and GitHub user names, or nothing."""

import re

from service.domain.matching.user_names import login_words
from service.domain.reading.labels import meaning_of
from service.domain.reading.lines import folded

_ADDRESS = re.compile(
    r"(?<![\w.+'-])[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}"
)
_ABSENT = re.compile(
    r"[\W_]*(?:n/?a|n\.a\.?|none|nil|null|no|yes|unknown|tb[cda]|to follow|blank|empty|x+|test"
    r"|not (?:known|applicable|available|sure|given|provided)|don'?t know"
    r"|to be (?:confirmed|advised)|(?:see|as) (?:above|below|attached|subject|title)"
    r"|as (?:discussed|agreed|requested|advised)"
    r"|same as above|as per (?:subject|title))?[\W_]*"
)
_ASIDE = re.compile(r"[(\[<{][^()\[\]<>{}]*[)\]>}]|[(\[<{]\s*$|[()\[\]<>{}]")
_REMARK = re.compile(r"(?<=\w)\s+[|\u2010-\u2015-]+\s+")
# "(she/her)", "(line manager Sam Hill)": no part of a name, as "(contractor)" may be.
_LONG_ASIDE = re.compile(
    r"[(\[<{](?!(?:known as|n[e\u00e9]e|formerly|aka)\b)"
    r"(?:[^()\[\]<>{}/]*/[^()\[\]<>{}]*|[^\s)\]>}]+(?:\s[^\s)\]>}]+){2,})[)\]>}]",
    re.IGNORECASE,
)
_AROUND = " \t,;:-\u2013.\"'"
_URL = re.compile(r"https?://\S{1,300}")
_GITHUB = re.compile(
    r"(?:https?://)?(?:www\.)?(?:github\.com/)?@?([a-z\d](?:[a-z\d]|-(?=[a-z\d])){0,38})/?",
    re.IGNORECASE,
)
_DATED = re.compile(
    r"(?:^|[\s,;:|(/\u2010-\u2015-]+)"
    r"(?P<label>(?:who )?(?:is |will be )?(?:leaving|leaves)(?: date)?"
    r"|(?:last|final) (?:working )?day)?"
    r"(?: on| is)?[\s:,-]*(?P<date>(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s)?\d.*)$",
    re.IGNORECASE,
)
_LONGEST_NAME = 100
_LONGEST_DATED = 300
_MOST_WORDS = 8
_PROSE = re.compile(
    r"\b(?:the|is|was|has|have|been|please|leaving|leaves|leavers?|their|they|this|that|from|with"
    r"|who|should|would|can|not|behalf|replacement|team|access|accounts?|request|form|details?|below|above|attached)\b"
)
# Of forms, jobs and departments. The lists of people find the rest.
_NO_SUBJECT_NAME = re.compile(
    r"\b(?:process|ticket|offboarding|employee|staff|removal?|remove|deactivate|checklist|finance"
    r"|data|policy|delivery|digital|product|design|service|content|office|cabinet|email|date|last"
    r"|working|job|role|phone|name|on|do|leave|manager|line|developer|engineer|analyst|designer"
    r"|officer|director|head|lead|senior|junior|architect|advis[eo]r|consultant|researcher|deputy"
    r"|fixed|term|permanent|temporary|contract|agency|worker|person|unknown|someone|various|self"
    r"|herself|himself|internal|immediate|see|type|whole|next|week|user|me|for|of|to|in|at|by|re|fwd?)\b"
)
_AND = re.compile(r"\s(?:and|&|\+)\s|[;/&+]|\s(?:plus|or)\s", re.IGNORECASE)


def is_absent(value: str) -> bool:
    """Return whether a value says that there is none ("N/A", "-", "see above")."""
    return bool(_ABSENT.fullmatch(folded(value)))


def addresses_in(text: str) -> list[str]:
    """Find the e-mail addresses of a text, each once whatever its case, spelt as first found."""
    found: dict[str, str] = {}
    for match in _ADDRESS.finditer(text):
        address = match.group().strip(".'`*_")
        found.setdefault(address.casefold(), address)
    return list(found.values())


def without_addresses(text: str) -> str:
    """Leave out addresses, links and what stood around them."""
    text = _URL.sub(" ", _ADDRESS.sub(" ", text))
    return re.sub(r"[(\[<]\s*[)\]>]", " ", text).strip(" \t,;:|-\u2013<>")


def github_in(value: str) -> str | None:
    """Read a GitHub user name, also from its link; None if there is none."""
    if is_absent(value):
        return None
    found = _GITHUB.fullmatch(value.strip(" \t.,;<>"))
    return found.group(1) if found else None


def split_dated(value: str) -> tuple[str, str, str]:
    """Split "Jane Doe, leaving on 18/12/2026" into the name, the words that announce, the date."""
    dated = _DATED.search(without_addresses(value)[:_LONGEST_DATED])
    if dated is None:
        return value, "", ""
    name = dated.string[: dated.start()]
    if "(" in name:  # the date is part of a remark that we do not know
        return name.partition("(")[0], "", ""
    return name, dated["label"] or "", dated["date"].strip(" )].;")


def names_in(value: str) -> list[str]:
    """Read the names that a labelled value gives: none, one, or several people's."""
    text = _LONG_ASIDE.sub(" ", without_addresses(split_dated(value)[0]))
    text = _REMARK.split(text)[0]
    if is_absent(text):
        return []
    parts = [part.strip(_AROUND) for part in _AND.split(_ASIDE.sub(" ", text))]
    if len(parts) > 1:
        return [part for part in parts if looks_like_a_name(part)]
    names = _comma_names(" ".join(text.split()).strip(_AROUND))
    return [name for name in names if looks_like_a_name(_ASIDE.sub(" ", name))]


def looks_like_a_name(text: str) -> bool:
    """Return whether a text may be a name: letters, few words, none of a form's own words."""
    words = text.split()
    return (
        0 < len(text) <= _LONGEST_NAME
        and len(words) <= _MOST_WORDS
        and sum(c.isalpha() for c in text) >= 2
        and not any(c.isdigit() for c in text)
        and not re.search(r"[@:=?!|/\\]", text)
        and not _PROSE.search(folded(text))
        and meaning_of(text) is None
    )


def is_a_subject_name(text: str) -> bool:
    """Return whether a part of a subject is a full name: stricter, as a subject has any words."""
    return (
        looks_like_a_name(text)
        and len(text.split()) >= 2
        and not _NO_SUBJECT_NAME.search(folded(text))
    )


def is_written_as_a_name(text: str) -> bool:
    """Return whether a value is written as full names are: "Fixed term" and "See list" are not."""
    words = _ASIDE.sub(" ", text).split()
    is_mixed = bool(words) and words[0][:1].isupper() and words[-1][:1].islower()
    return (
        len(words) > 1 and not is_mixed and not any(is_no_word_of_names(folded(w)) for w in words)
    )


def is_no_word_of_names(word: str) -> bool:
    """Return whether a folded word is one of forms, jobs or departments, and in no full name."""
    return bool(_PROSE.fullmatch(word) or _NO_SUBJECT_NAME.fullmatch(word))


def _comma_names(text: str) -> list[str]:
    """Separate one name ("Doe, Jane", "Jane Doe, Developer") from two ("Jane Doe, John Smith")."""
    first, *others = [part.strip() for part in text.split(",") if part.strip()] or [""]
    if len(first.split()) == 1:
        return [", ".join([first, *others[:1]])]
    if len(others) == 1 and len(others[0].split()) == 1 and not others[0].isupper():
        return [text]  # "van der Berg, Jan"
    return [first, *(other for other in others if is_a_subject_name(other))]


def may_be_one(one: str, other: str) -> bool:
    """Return whether two spellings may be one person's: same or fewer words, in any order."""
    first, second = set(words_of(one)), set(words_of(other))
    return first <= second or second <= first


def words_of(name: str) -> list[str]:
    """Split a name into comparable words, without accents, apostrophes or bracketed remarks."""
    return list(login_words(re.sub(r"\([^()]*\)", "", name)))


def mailbox(address: str) -> str:
    """Return the part before the "@": one organisation has several domains for the same mailbox."""
    return address.partition("@")[0].partition("+")[0].casefold()


def spells_whole(address: str, name: str) -> bool:
    """Return whether an address holds all words of a name, or a first letter in place of one."""
    local = "".join(login_words(mailbox(address)))
    words = words_of(name)
    whole = [word for word in words if len(word) > 1 and word in local]
    return bool(whole) and all(w in local or local.startswith(w[0]) for w in words)
