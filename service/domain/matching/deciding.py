"""When a leaver is found beyond doubt: what decides, who is one person, and who is a rival."""

from service.domain.matching.addresses import IdentityMatch
from service.domain.matching.index import ParsedEntry
from service.domain.matching.name_likeness import Fit, compare_names
from service.domain.matching.names import WrittenName
from service.domain.matching.scoring import ParsedQuery, ScoredEntry
from service.domain.text import LOOK_ALIKE


def decided_by_identity(query: ParsedQuery, scored: list[ScoredEntry]) -> list[ScoredEntry]:
    """Return the entries of the one person whose address or GitHub name decides, if any."""
    return _one_person([one for one in scored if _is_safe(query, one)], scored)


def _is_safe(query: ParsedQuery, one: ScoredEntry) -> bool:
    if IdentityMatch.OTHER in {one.address, one.github}:
        return False
    is_exact = one.name.fit is Fit.EXACT
    if not query.names:
        return _is_safe_by_address_alone(one)
    if one.identity is not IdentityMatch.SAME:
        return one.address is IdentityMatch.SIBLING and is_exact
    if query.contradicts_itself and one.name.fit < Fit.REORDERED:
        return False
    return _name_fits(one) and not one.name.is_contradicted


def _is_safe_by_address_alone(one: ScoredEntry) -> bool:
    if one.address is IdentityMatch.SIBLING:
        return one.hint.fit is Fit.EXACT
    return one.address is IdentityMatch.SAME and one.hint.fit >= Fit.REORDERED


def _name_fits(one: ScoredEntry) -> bool:
    """Take the name that the entry's address spells if the entry has none of its own."""
    is_nameless = not one.parsed.name.readings
    return one.name.fit >= Fit.PLAUSIBLE or (is_nameless and one.hint.fit >= Fit.PLAUSIBLE)


def decided_by_name(query: ParsedQuery, scored: list[ScoredEntry]) -> list[ScoredEntry]:
    """Return the entries of the one person of this full name, if nothing contradicts it."""
    if LOOK_ALIKE in query.oddities or query.name.is_placeholder:
        return []
    safe = [one for one in scored if _is_safe_by_name(query, one)]
    others = (one.parsed for one in scored if one not in safe and one.name.fit is Fit.EXACT)
    if any((query.addresses and one.addresses) or (query.github and one.github) for one in others):
        # What a namesake has may be the leaver's other one.
        return []
    return _one_person(safe, scored)


def _is_safe_by_name(query: ParsedQuery, one: ScoredEntry) -> bool:
    numbered = (*one.parsed.addresses, *query.addresses)
    return (
        _have_one_full_name(query.name, one.parsed.name)
        and {one.address, one.github} == {IdentityMatch.UNKNOWN}
        and not one.parsed.oddities
        and not any(address.has_number for address in numbered)
        and (not query.addresses or _is_spelt(query, one))
    )


def _have_one_full_name(ours: WrittenName, theirs: WrittenName) -> bool:
    """Compare names as they stand: without what may be a title, it may be another's name."""
    names = (*ours.readings[:1], *theirs.readings[:1])
    is_full = len(names) == 2 and all(len(name.words) > 1 for name in names)
    return is_full and compare_names(*names).fit is Fit.EXACT and not _are_distinct(ours, theirs)


def _are_distinct(ours: WrittenName, theirs: WrittenName) -> bool:
    """Return whether brackets distinguish namesakes: by other words, or a number on one side."""
    numbers = [{word for word in name.beside if not word.isalpha()} for name in (ours, theirs)]
    is_one_in_other = ours.beside <= theirs.beside or theirs.beside <= ours.beside
    return numbers[0] != numbers[1] or not is_one_in_other


def _is_spelt(query: ParsedQuery, one: ScoredEntry) -> bool:
    """Return whether the ticket's address only spells the name, and the entry has none."""
    return not one.parsed.addresses and one.hint.fit is Fit.EXACT and bool(query.spelt)


def _one_person(safe: list[ScoredEntry], scored: list[ScoredEntry]) -> list[ScoredEntry]:
    """Return all entries of the person who is safe, unless there are several, or rivals."""
    if not safe:
        return []
    person = safe[:1]
    for _ in scored:
        more = [one for one in scored if one not in person and _belongs(one, person)]
        if not more:
            break
        person += more
    others = [one for one in scored if one not in person]
    best = min(safe, key=lambda one: one.rank)
    if any(one in others for one in safe) or any(_is_rival(one, best) for one in others):
        return []
    return sorted(person, key=lambda one: one.rank)


def _belongs(one: ScoredEntry, person: list[ScoredEntry]) -> bool:
    """Say whether an entry is one more of the same person: same name, and something else shared."""
    return _name_fits(one) and any(_are_same_person(one.parsed, other.parsed) for other in person)


def _are_same_person(one: ParsedEntry, other: ParsedEntry) -> bool:
    if one.oddities or other.oddities:
        return False
    has_one_user = one.user_name != "" and one.user_name == other.user_name
    says_the_same = one.entry.id == other.entry.id and one.entry.file != other.entry.file
    return (
        not set(one.addresses).isdisjoint(other.addresses)
        or (one.github != "" and one.github == other.github)
        or (has_one_user and not (one.addresses and other.addresses))
        or says_the_same
    )


def _is_rival(one: ScoredEntry, safe: ScoredEntry) -> bool:
    """Say whether somebody else may be meant, or this may be one more entry of the same person."""
    if one.is_spelt_in_part or (one.is_by_login and one.best_fit < Fit.PLAUSIBLE):
        return not _fits_in_full(safe)
    if one.best_fit < Fit.PLAUSIBLE or one.address is IdentityMatch.ACCOUNT:
        return one.identity >= IdentityMatch.ACCOUNT
    is_somebody_else = IdentityMatch.OTHER in {one.address, one.github} or (
        one.address is IdentityMatch.NUMBER
    )
    if _fits_in_full(safe) and one.parsed.addresses and one.identity < IdentityMatch.SIBLING:
        return one.name.fit is Fit.EXACT and not is_somebody_else
    return not is_somebody_else or one.name.order > safe.name.order


def _fits_in_full(one: ScoredEntry) -> bool:
    """Say whether name and address are both exactly the leaver's: a near twin fits less well."""
    return one.address is IdentityMatch.SAME and one.name.fit is Fit.EXACT
