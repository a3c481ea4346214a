"""Scores every entry that may be the leaver: what of it fits, and what speaks against it."""

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass

from service.domain.matching.addresses import Address, IdentityMatch, compare_addresses
from service.domain.matching.handles import handle_of
from service.domain.matching.index import Directory, ParsedEntry
from service.domain.matching.name_likeness import (
    NO_FIT,
    SPELT,
    SPELT_IN_PART,
    Fit,
    NameFit,
    compare_handle,
    compare_names,
)
from service.domain.matching.names import Name, WrittenName, name_of_words
from service.domain.matching.user_names import login_words, user_name

RARE = 2
"""A surname that so many entries have, at most, is evidence on its own."""

_ADDRESS_WORDS = {
    IdentityMatch.SAME: "same e-mail address",
    IdentityMatch.SIBLING: "same e-mail address but for the domain, of the same organisation",
    IdentityMatch.LOCAL: "same e-mail name at another organisation",
    IdentityMatch.ACCOUNT: "same e-mail address but for a word such as admin",
    IdentityMatch.NEAR: "nearly the same e-mail address",
    IdentityMatch.NUMBER: "e-mail address differs by a number",
    IdentityMatch.OTHER: "another e-mail address",
}
_GITHUB_WORDS = {IdentityMatch.SAME: "same GitHub name", IdentityMatch.OTHER: "another GitHub name"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedQuery:
    """What is sought, taken apart.

    Attributes:
        name: read; a placeholder is not a name to act on.
        addresses: all that were given.
        github: lower case, or nothing.
        oddities: what a reader of the ticket would not notice.
    """

    name: WrittenName
    addresses: tuple[Address, ...]
    github: str
    oddities: tuple[str, ...]

    @property
    def names(self) -> tuple[Name, ...]:
        """The readings of the name; a placeholder counts if there is nothing else."""
        is_known_otherwise = bool(self.addresses or self.github)
        return () if self.name.is_placeholder and is_known_otherwise else self.name.readings

    @property
    def contradicts_itself(self) -> bool:
        """Whether a full name is given, and every address spells another full name."""
        names = [name for name in self.names if len(name.words) > 1]
        full = [name for name in self.spelt if all(len(word) > 1 for word in name.words)]
        fits = [compare_names(one, other).fit for one in names for other in full]
        return bool(fits) and max(fits) < Fit.PLAUSIBLE

    @property
    def logins(self) -> frozenset[str]:
        """The GitHub name, a name of one word, and what stands before the at sign of addresses."""
        said = [self.github, *(address.local for address in self.addresses)]
        said += [name.words[0] for name in self.names[:1] if len(name.words) == 1]
        return frozenset(map(user_name, said)) - {""}

    @property
    def handles(self) -> tuple[str, ...]:
        """The letters of those that are one word."""
        return tuple(filter(None, (handle_of(login_words(login)) for login in self.logins)))

    @property
    def spelt(self) -> tuple[Name, ...]:
        """The names that the addresses spell with dots or hyphens."""
        words = (login_words(address.local) for address in self.addresses)
        return tuple(name_of_words(one) for one in words if len(one) > 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredEntry:
    """An entry with what speaks for and against it.

    Attributes:
        parsed: the entry.
        name: how well its name fits the name that is sought.
        hint: how well a name fits that an address or a user name spells, on either side.
        address: how its addresses stand to those that are sought.
        github: the same for GitHub names.
        has_login: whether what is sought is a user name there, or the local part of an address.
    """

    parsed: ParsedEntry
    name: NameFit
    hint: NameFit
    address: IdentityMatch
    github: IdentityMatch
    has_login: bool

    @property
    def identity(self) -> IdentityMatch:
        """The best of address, GitHub name and user name; a user name alone is a hint."""
        login = IdentityMatch.LOCAL if self.has_login else IdentityMatch.OTHER
        return max(self.address, self.github, login)

    @property
    def is_by_login(self) -> bool:
        """Whether a user name agrees, and neither an address nor a GitHub name says as much."""
        return self.has_login and max(self.address, self.github) < IdentityMatch.LOCAL

    @property
    def is_spelt_in_part(self) -> bool:
        """Whether no name fits, and a login is no more than made as one of this name may be."""
        is_made = self.hint.evidence == (SPELT_IN_PART,)
        return is_made and self.name.fit < Fit.PLAUSIBLE

    @property
    def best_fit(self) -> Fit:
        """The better of name and hint."""
        return max(self.name.fit, self.hint.fit)

    @property
    def rank(self) -> tuple[object, ...]:
        """Sorts the best first; what the entry says breaks ties, never where it stands."""
        entry = self.parsed.entry
        strength = (self.identity >= IdentityMatch.SIBLING, *self.name.order, self.identity)
        places = (entry.id, entry.file, entry.position)
        return (*(-part for part in (*strength, *self.hint.order)), *places)

    @property
    def evidence(self) -> tuple[str, ...]:
        """Short phrases that an operator can check."""
        name = self.name.evidence
        if self.name.fit < Fit.PLAUSIBLE and self.hint.fit >= Fit.PLAUSIBLE:
            name = (SPELT_IN_PART,) if self.is_spelt_in_part else (SPELT,)
        parts = (
            _ADDRESS_WORDS.get(self.address, ""),
            _GITHUB_WORDS.get(self.github, ""),
            "same user name" if self.is_by_login else "",
            *(name or ("the name does not fit",)),
            *(f"in the list, {oddity}" for oddity in self.parsed.oddities),
        )
        return tuple(dict.fromkeys(filter(None, parts)))


def score_entries(
    query: ParsedQuery, directory: Directory, *, organisation: Set[str]
) -> list[ScoredEntry]:
    """Score the entries that may be the leaver; best first, and nobody who is not plausible."""
    reached = {one.place: one for one in _within_reach(query, directory)}
    scored = [_score(query, one, organisation) for one in reached.values()]
    plausible = [one for one in scored if is_plausible(query, one)]
    by_surname = (one for one in scored if _is_plausible_by_surname(query, one, directory))
    return sorted(plausible or by_surname, key=lambda one: one.rank)


def is_plausible(query: ParsedQuery, one: ScoredEntry) -> bool:
    """Say whether an entry may be the leaver by more than a surname."""
    if one.identity >= IdentityMatch.ACCOUNT or one.name.fit >= Fit.PLAUSIBLE:
        return True
    if one.address is IdentityMatch.NEAR and (not query.names or one.best_fit > Fit.NOTHING):
        return True
    has_names = bool(query.names) and one.parsed.has_full_name
    return one.hint.fit >= (Fit.REORDERED if has_names else Fit.PLAUSIBLE)


def _is_plausible_by_surname(query: ParsedQuery, one: ScoredEntry, directory: Directory) -> bool:
    return (
        one.name.fit is Fit.SURNAME
        and one.address is IdentityMatch.UNKNOWN
        and any(directory.bearers(name.words[-1]) <= RARE for name in query.names)
    )


def _within_reach(query: ParsedQuery, directory: Directory) -> Iterator[ParsedEntry]:
    for name in (*query.names, *query.spelt):
        yield from directory.similar(name)
    for address in query.addresses:
        yield from directory.at_address(address)
    for login in query.logins:
        yield from directory.with_login(login)
    if not query.names:
        for handle in query.handles:
            yield from directory.spelt_by(handle)


def _score(query: ParsedQuery, parsed: ParsedEntry, organisation: Set[str]) -> ScoredEntry:
    hints = (
        _best(query.names, parsed.hints),
        _best(query.spelt, parsed.name.readings),
        _best_handle(query.names, parsed.handles, is_nameless=not parsed.has_full_name),
        _best_handle(parsed.name.readings, query.handles, is_nameless=not query.names),
    )
    return ScoredEntry(
        parsed=parsed,
        name=_best(query.names, parsed.name.readings),
        hint=max(hints, key=lambda fit: fit.order),
        address=_address(query, parsed, organisation),
        github=_github(query, parsed),
        has_login=not query.logins.isdisjoint(parsed.logins),
    )


def _best_handle(names: Iterable[Name], handles: tuple[str, ...], *, is_nameless: bool) -> NameFit:
    """Compare names with logins; one made of part of a name says nothing beside a full name."""
    fits = (compare_handle(name, handle) for name in names for handle in handles)
    found = max(fits, key=lambda fit: fit.order, default=NO_FIT)
    return found if is_nameless or found.fit > Fit.PLAUSIBLE else NO_FIT


def _best(ours: Iterable[Name], theirs: Iterable[Name]) -> NameFit:
    fits = (compare_names(one, other) for one in ours for other in theirs)
    return max(fits, key=lambda fit: fit.order, default=NO_FIT)


def _address(query: ParsedQuery, parsed: ParsedEntry, organisation: Set[str]) -> IdentityMatch:
    """Take the best of all pairs; if none agrees, a difference in one organisation counts."""
    compared = {
        compare_addresses(one, other, organisation=organisation)
        for one in query.addresses
        for other in parsed.addresses
    }
    best = max(compared, default=IdentityMatch.UNKNOWN)
    return best if best > IdentityMatch.UNKNOWN else min(compared, default=best)


def _github(query: ParsedQuery, parsed: ParsedEntry) -> IdentityMatch:
    if not query.github or not parsed.github:
        return IdentityMatch.UNKNOWN
    return IdentityMatch.SAME if query.github == parsed.github else IdentityMatch.OTHER
