"""Two people whose names are nearly one: what distinguishes them, and what does not."""

import pytest

from tests.domain.matching.people_in_lists import ask, found, listed, match

ONE_NAME = [
    ("first names run together", "Jo Anne Marsh", "Joanne Marsh"),
    ("a particle run together", "Ina Van Den Broek", "Ina Vanden Broek"),
    ("case in another alphabet", "СЕРГЕЙ БЕЛЯЕВ", "Сергей Беляев"),
    ("accents in another alphabet", "Σοφια Παππα", "Σοφία Παππά"),
    ("an apostrophe that counts as a letter", "Declan O\u02bcrourke", "Declan O'Rourke"),
    ("another apostrophe that counts as a letter", "Declan O\u02bbrourke", "Declan O'Rourke"),
    ("a surname that is an honour as well", "Sita KC", "Sita Kc"),
    ("an honour after a comma", "Jane Doe, KC", "Jane Doe"),
    ("a short surname in capitals", "Wai NG", "Wai Ng"),
    ("the same words in brackets", "Jane Doe (HMRC)", "Jane Doe [hmrc]"),
    ("words in brackets on one side", "Jane Doe (HMRC)", "Jane Doe"),
    ("more words in brackets on one side", "Jane Doe (HMRC)", "Jane Doe (HMRC Leeds)"),
    ("the same number in brackets", "Jane Doe (2)", "Jane Doe (2)"),
    ("a whole name in quotes", '"Jane Doe"', "Jane Doe"),
    ("a whole name in curly quotes", "\u201cJane Doe\u201d (contractor)", "Jane Doe"),
    ("a whole name in brackets in the list", "Jane Doe", "[Jane Doe]"),
]


@pytest.mark.parametrize(
    ("given", "name"), [case[1:] for case in ONE_NAME], ids=[case[0] for case in ONE_NAME]
)
def test_what_is_one_name_is_matched(given: str, name: str) -> None:
    assert found(given, listed(name, "Ann Unrelated")) == match(name)


TWO_NAMES = [
    ("letters split into other words", "Ann Easton", "Anne Aston"),
    ("an initial taken into the word before", "Mina Leeson", "Min A Leeson"),
    ("a name of one word", "Christ Opher", "Christopher"),
    ("Han characters of one sound", "王小薇", "王小伟"),
    ("Greek letters of one sound", "Φωτηνή Παππά", "Φωτινή Παππά"),
    ("a title that is a first name", "Martin Sallow", "Dean Martin Sallow"),
    ("a title that is a first name, in the ticket", "Dean Martin Sallow", "Martin Sallow"),
    ("an honour that is a surname", "Aung Myint", "Aung Myint Pe"),
    ("an honour that is a surname, in the ticket", "Ram Bahadur Kc", "Ram Bahadur"),
    ("a nickname in quotes", "Bill Roe", 'Wilma "Bill" Roe'),
    ("a word in brackets after the name", "Jordan Doe", "Jane Doe (Jordan)"),
    ("other words in brackets", "Jane Doe (HMRC)", "Jane Doe (Defra)"),
    ("some other words in brackets", "Jane Doe (HMRC York)", "Jane Doe (HMRC Leeds)"),
    ("a number in brackets", "Jane Doe", "Jane Doe (2)"),
    ("a number in brackets, in the ticket", "Jane Doe (2)", "Jane Doe"),
]


@pytest.mark.parametrize(
    ("given", "name"), [case[1:] for case in TWO_NAMES], ids=[case[0] for case in TWO_NAMES]
)
def test_what_may_be_two_names_is_asked(given: str, name: str) -> None:
    assert found(given, listed(name, "Ann Unrelated")) == ask(name)


def test_an_honour_is_never_all_that_makes_a_name_another() -> None:
    people = listed("Sita Gurung", "Sita KC")

    assert found("Sita KC", people) == match("Sita KC")


def test_an_address_at_a_sister_domain_is_not_enough_for_letters_parted_otherwise() -> None:
    people = listed("Anne Aston | ann.easton")

    assert found("Ann Easton | ann.easton@dsit.gov.uk", people) == ask("Anne Aston")


def test_a_name_divided_in_another_way_is_no_rival_if_the_address_decides() -> None:
    people = listed("Eva Nash | eva.nash", "Evan Ash | evan.ash")

    assert found("Eva Nash | eva.nash", people) == match("Eva Nash")


def test_an_address_decides_whatever_stands_in_brackets() -> None:
    people = listed("Jane Doe (Defra) | jane.doe")

    assert found("Jane Doe (HMRC) | jane.doe", people) == match("Jane Doe (Defra)")


@pytest.mark.parametrize("given", ["JR Dunmore", "jr dunmore"])
def test_two_initials_run_together_need_no_capitals(given: str) -> None:
    people = listed("James Dunmore", "Ann Dunmore", "Uma Dunmore")

    assert found(given, people) == ask("James Dunmore")


@pytest.mark.parametrize("other", ["jane.doe7", "jane.roe", "jd@other.example"])
def test_beside_a_namesake_of_another_address_somebody_without_one_is_not_certain(
    other: str,
) -> None:
    people = listed("Jane Doe", f"Jane Doe | {other}")

    assert found("Jane Doe | jane.doe", people[:1]) == match("Jane Doe")
    assert found("Jane Doe | jane.doe", people) == ask("Jane Doe", "Jane Doe")


def test_beside_a_namesake_of_another_github_name_somebody_without_one_is_not_certain() -> None:
    people = listed("John Smyth", "John Smyth | | js")

    assert found("John Smyth | | jd", people[:1]) == match("John Smyth")
    assert found("John Smyth | | jd", people) == ask("John Smyth", "John Smyth")
    assert found("John Smyth | | js", people) == ask("John Smyth", "John Smyth")
