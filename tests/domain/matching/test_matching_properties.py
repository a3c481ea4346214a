"""What holds for every list and every leaver."""

import random
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from service.domain.access_lists.entries import Entry
from service.domain.matching.index import Directory
from service.domain.matching.match_person import (
    Candidates,
    Match,
    MatchingPolicy,
    NoMatch,
    PersonQuery,
    match_person,
)
from tests.domain.matching.people_in_lists import ORGANISATION, listed

POLICY = MatchingPolicy()
FIRST = ("Jane", "Jan", "John", "Jon", "Kate", "Katherine", "Zoë", "Siân", "Oluwaseun", "Xiaoming")
LAST = ("Doe", "Smith", "Smyth", "O'Neill", "Fenn-Barlow", "García", "de la Cruz", "Nguyễn")
UNRELATED = Entry(
    id="unrelated", file="z.yml", position="entry 1", name="Quigley Wexworthy", email="qw@z.uk"
)


@st.composite
def people(draw: st.DrawFn) -> str:
    name = f"{draw(st.sampled_from(FIRST))} {draw(st.sampled_from(LAST))}"
    local = draw(st.sampled_from(["", "jane.doe", "john.smith", "john.smith2", "kate", "tbc"]))
    github = draw(st.sampled_from(["", "jd", "js", "none"]))
    return f"{name} | {local} | {github}"


@st.composite
def lists(draw: st.DrawFn) -> tuple[Entry, ...]:
    tech = draw(st.lists(people(), max_size=6))
    other = draw(st.lists(people(), max_size=4))
    return (*listed(*tech, file="tech.yml"), *listed(*other, file="other.yml"))


@st.composite
def searches(draw: st.DrawFn) -> PersonQuery:
    name = f"{draw(st.sampled_from(FIRST))} {draw(st.sampled_from(LAST))}"
    local = draw(st.sampled_from(["jane.doe", "john.smith", "john.smith2", "kate"]))
    domain = draw(st.sampled_from([ORGANISATION, "@dsit.gov.uk", "@x.uk"]))
    return PersonQuery(
        name=draw(st.sampled_from([name, name, None])),
        email=draw(st.sampled_from([local + domain, None])),
        github=draw(st.sampled_from(["jd", None, None])),
    )


def result(sought: PersonQuery, entries: tuple[Entry, ...]) -> Match | Candidates | NoMatch:
    return match_person(sought, Directory(entries), policy=POLICY)


def chosen(sought: PersonQuery, entries: tuple[Entry, ...]) -> tuple[str, ...]:
    outcome = result(sought, entries)
    if isinstance(outcome, Match):
        return ("match", *(entry.position for entry in outcome.entries))
    if isinstance(outcome, Candidates):
        return ("ask", *(candidate.entry.position for candidate in outcome.candidates))
    return ("nobody",)


@given(lists(), searches(), st.randoms(use_true_random=False))
def test_the_order_of_entries_makes_no_difference(
    entries: tuple[Entry, ...], sought: PersonQuery, chance: random.Random
) -> None:
    shuffled = chance.sample(entries, len(entries))

    assert result(sought, tuple(shuffled)) == result(sought, entries)


def respaced(name: str) -> str:
    return f"\u00a0 {name.replace(' ', '  ')}\t"


def without_accents(name: str) -> str:
    apart = unicodedata.normalize("NFD", name)
    return "".join(c for c in apart if not unicodedata.combining(c))


REWRITINGS = (
    str.upper,
    str.lower,
    respaced,
    without_accents,
    lambda name: unicodedata.normalize("NFD", name),
    lambda name: name.replace("'", "\u2019"),
    lambda name: name.replace("-", " \u2013 "),
    lambda name: f"Dr {name}",
    lambda name: f"{name} (contractor)",
    lambda name: "\u200e" + name,
)


@given(lists(), searches(), st.sampled_from(REWRITINGS))
def test_a_result_survives_rewriting_of_the_name(
    entries: tuple[Entry, ...], sought: PersonQuery, rewritten: type[str]
) -> None:
    name = sought.name and rewritten(sought.name)
    again = PersonQuery(name=name, email=sought.email, github=sought.github)

    assert chosen(again, entries) == chosen(sought, entries)


# Names in which capitals might be taken for more than they are.
CAPITALS = (
    "Sita KC", "Aung Myint Pe", "JR Dunmore", "James Dunmore", "James Robert Dunmore", "Wai NG",
    "Jane Doe MBE", "Jane Doe, QC", "Jane Doe (HMRC)", 'Jane "JD" Doe', "Jane Doe - BBC",
    "Dean Martin Sallow", "Martin Sallow II", "Юлия Петрова", "I\u015e\u0131l Demir", "Weiß, Änne",
)  # fmt: skip
CASES = (str.upper, str.lower, str.title, str.swapcase)


@given(
    st.lists(st.tuples(st.sampled_from(CAPITALS), st.sampled_from(CASES)), max_size=3),
    st.sampled_from(CAPITALS),
    st.sampled_from(CASES),
)
def test_case_makes_no_difference_to_any_name(
    people: list[tuple[str, type[str]]], name: str, recased: type[str]
) -> None:
    again = listed(*(recase(person) for person, recase in people))

    found = chosen(PersonQuery(name=name), listed(*(person for person, _ in people)))
    assert sorted(chosen(PersonQuery(name=recased(name)), again)) == sorted(found)


@given(lists(), searches())
def test_a_result_survives_rewriting_of_the_address(
    entries: tuple[Entry, ...], sought: PersonQuery
) -> None:
    email = sought.email and f" <{sought.email.upper()}> "
    again = PersonQuery(name=sought.name, email=email, github=sought.github and f"@{sought.github}")

    assert result(again, entries) == result(sought, entries)


@given(lists(), searches())
def test_an_unrelated_entry_changes_nothing(
    entries: tuple[Entry, ...], sought: PersonQuery
) -> None:
    assert result(sought, (*entries, UNRELATED)) == result(sought, entries)


@given(lists(), searches())
def test_without_the_entries_of_the_match_nobody_else_is_matched(
    entries: tuple[Entry, ...], sought: PersonQuery
) -> None:
    outcome = result(sought, entries)
    if isinstance(outcome, Match):
        left = tuple(entry for entry in entries if entry not in outcome.entries)
        assert not isinstance(result(sought, left), Match)


@given(lists(), searches())
def test_a_namesake_turns_a_match_by_name_alone_into_a_question(
    entries: tuple[Entry, ...], sought: PersonQuery
) -> None:
    outcome = result(sought, entries)
    if isinstance(outcome, Match) and outcome.by_name_alone:
        namesake = Entry(
            id="namesake",
            file="third.yml",
            position="entry 1",
            name=outcome.entries[0].name,
            email="somebody@else.uk",
        )
        assert isinstance(result(sought, (*entries, namesake)), Candidates)


@given(lists(), searches())
def test_someone_who_is_matched_would_be_the_first_to_be_shown(
    entries: tuple[Entry, ...], sought: PersonQuery
) -> None:
    outcome = result(sought, entries)
    if isinstance(outcome, Match):
        strict = MatchingPolicy(act_on_name_alone=False)
        asked = match_person(sought, Directory(entries), policy=strict)
        assert outcome == asked or (
            isinstance(asked, Candidates) and asked.candidates[0].entry in outcome.entries
        )


texts = st.one_of(
    st.none(), st.text(max_size=60), st.text("JaneDoe .@,-'()\u200b\u0430", max_size=40)
)


@given(st.lists(st.tuples(texts, texts, texts, texts), max_size=5), texts, texts, texts)
def test_nothing_raises_whatever_is_written(
    rows: list[tuple[str | None, str | None, str | None, str | None]],
    name: str | None,
    email: str | None,
    github: str | None,
) -> None:
    entries = tuple(
        Entry(id=str(n), file="a.yml", position="", name=a or "", email=b, github=c, ssh=d)
        for n, (a, b, c, d) in enumerate(rows)
    )

    assert result(PersonQuery(name=name, email=email, github=github), entries) is not None
