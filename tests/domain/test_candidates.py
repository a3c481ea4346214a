"""What each possible match says, and what distinguishes it from the others."""

from service.domain.candidates import differences, said_by
from tests.support.values import OTHER_FILE, an_entry

JANE = an_entry(name="Jane Doe", email="jane.doe@example.gov.uk", github="janed")


def test_what_no_other_candidate_says_is_what_distinguishes_it() -> None:
    other = an_entry(name="jane doe", email="j.doe2@example.gov.uk", github=None, file=OTHER_FILE)

    one, two = differences([JANE, other])

    assert one == (
        ("E-mail address", "jane.doe@example.gov.uk"),
        ("GitHub user", "janed"),
        ("List", JANE.file),
    )
    assert two == (
        ("E-mail address", "j.doe2@example.gov.uk"),
        ("GitHub user", ""),
        ("List", OTHER_FILE),
    )


def test_what_two_of_three_say_distinguishes_the_third_alone() -> None:
    third = an_entry(name="Jane Doe", email="jane.doe@example.gov.uk", github="other")

    assert differences([JANE, JANE, third]) == [(), (), (("GitHub user", "other"),)]


def test_a_single_candidate_is_distinguished_from_nobody() -> None:
    assert differences([JANE]) == [()]


def test_what_an_entry_leaves_out_is_not_said() -> None:
    assert said_by(an_entry(name="Jane Doe", email=None)) == (("Name", "Jane Doe"),)
