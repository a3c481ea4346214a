"""Where a text mentions people of the lists."""

import pytest

from service.domain.access_lists.entries import entries_from_yaml
from service.domain.matching.addresses import ADDRESS
from service.domain.matching.index import Directory
from service.domain.matching.mentions import By, mentions_in
from tests.domain.matching.people_in_lists import listed

PEOPLE = (
    *listed("Jane Doe | jane.doe | jdoe-gds", "Siobh\u00e1n O'Neill", "Ida van der Berg (Smith)"),
    *entries_from_yaml("users: [{name: zed9, gecos: Tom Quill}, xq7]", file="b.yml"),
)


def mentioned(text: str) -> list[tuple[str, By, str]]:
    found = mentions_in(text, Directory(PEOPLE))
    return [(text[one.start : one.end], one.by, label(one.entries[0].name)) for one in found]


def label(name: str) -> str:
    return name.partition(" ")[0]


NAMES = {
    "Please remove Jane Doe today": "Jane Doe",
    "DOE, Jane": "DOE, Jane",
    "jane m. doe": "jane m. doe",
    "> On Monday Jane\n> Doe wrote": "Jane\n> Doe",
    "for Siobhan O\u2019Neill.": "Siobhan O\u2019Neill",
    "Ida van der Berg": "Ida van der Berg",
    "Ida Berg": "Ida Berg",
    "tom quill left": "tom quill",
}


@pytest.mark.parametrize("text", NAMES)
def test_a_full_name_is_found_in_any_order_and_spelling(text: str) -> None:
    assert [where for where, by, _ in mentioned(text) if by is By.NAME] == ([NAMES[text]])


@pytest.mark.parametrize("text", ["Jane left. The doe ran.", "Jane", "Doe", "Janet Doe", ""])
def test_part_of_a_name_is_a_hint_at_most(text: str) -> None:
    assert {by for _, by, _ in mentioned(text)} <= {By.HINT}


@pytest.mark.parametrize("text", ["Jane", "J Doe", "Ms Doe", "so Jane's", "Jane Brown", "j doe"])
def test_a_first_name_alone_or_a_surname_with_a_title_is_a_hint(text: str) -> None:
    assert [by for _, by, _ in mentioned(text)] == [By.HINT]


@pytest.mark.parametrize(
    ("text", "where", "by"),
    [
        ("<mailto:jane.doe@dsit.gov.uk>", "jane.doe@dsit.gov.uk", By.ADDRESS),
        ("from Jane.Doe+x@other.example,", "Jane.Doe+x@other.example", By.ADDRESS),
        ("as @JDoe-GDS on GitHub", "@JDoe-GDS", By.LOGIN),
        ("user xq7", "xq7", By.LOGIN),
    ],
)
def test_addresses_and_logins_are_found(text: str, where: str, by: By) -> None:
    assert [(each, how) for each, how, _ in mentioned(text)] == [(where, by)]


def test_everybody_of_one_name_is_mentioned_at_once() -> None:
    people = listed("Jane Doe | jane.doe", "Jane Doe | jane.doe2", "Uma Roe")

    (found,) = mentions_in("It is about Jane Doe", Directory(people))

    assert found.entries == people[:2]


@pytest.mark.parametrize("text", ["a.b@c@@", "ab@c,de@f"])
def test_an_address_is_looked_for_only_where_a_word_begins(text: str) -> None:
    begins = {0, *(place + 1 for place, sign in enumerate(text) if sign == ",")}

    assert {at for at in range(len(text)) if ADDRESS.match(text, at)} <= begins
