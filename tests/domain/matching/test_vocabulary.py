"""Words of the lists that may stand for a word of a ticket, without a look at all of them."""

from hypothesis import given
from hypothesis import strategies as st

from service.domain.matching.vocabulary import Vocabulary

LETTERS = "abcdefghijklmnopqrstuvwxyz"
words = st.text(LETTERS, min_size=2, max_size=12)


def a_slip_apart(word: str) -> set[str]:
    """Every word in which one letter is wrong, missing, added or swapped with the next."""
    parts = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    missing = {start + end[1:] for start, end in parts if end}
    wrong = {start + other + end[1:] for start, end in parts if end for other in LETTERS}
    added = {start + other + end for start, end in parts for other in LETTERS}
    swapped = {start + end[1] + end[0] + end[2:] for start, end in parts if len(end) > 1}
    return missing | wrong | added | swapped


@given(words)
def test_every_word_that_is_a_slip_apart_is_found(word: str) -> None:
    slips = a_slip_apart(word)

    assert Vocabulary(slips).like(word) == slips


@given(words, words)
def test_two_slips_after_the_first_letter_are_found_in_a_long_word(start: str, end: str) -> None:
    word = f"jo{start}o{end}"

    assert Vocabulary({f"je{start}u{end}"}).like(word) == {f"je{start}u{end}"}


def test_a_word_unlike_it_is_not_found() -> None:
    assert Vocabulary({"quigley", "wexworthy"}).like("okonkwo") == set()
