"""The texts that others read: no note says what access somebody has, or who they are."""

from datetime import UTC, datetime

import pytest

from service.domain import wording
from service.domain.corrections import SetAsideAs

WINTER, SUMMER = datetime(2026, 12, 18, 17, tzinfo=UTC), datetime(2026, 6, 30, 16, tzinfo=UTC)
URL = "https://trello.com/c/iK30ThVk"
NOTES = {
    "card": wording.card_note(URL, WINTER, "Europe/London"),
    "no access": wording.no_access_note(),
    "no access, and a card": wording.no_access_note(URL),
    "question": wording.question_note("The ticket gives no leaving date."),
    "question about later words": wording.question_note("Somebody wrote.", is_later=True),
    **{
        f"question: {reason.code}": wording.question_note(reason.text)
        for reason in (
            wording.NOBODY_FOUND,
            wording.CHOICE_IS_GONE,
            wording.OTHER_LEAVING_DATE,
        )
    },
}


@pytest.mark.parametrize(
    ("name", "role", "expected"),
    [
        ("Jane Doe", "tech", "Leaver: Jane Doe (tech role)"),
        ("Jane Doe", "non_tech", "Leaver: Jane Doe (non tech role)"),
        ("  Jane\n  Doe ", "tech", "Leaver: Jane Doe (tech role)"),
        ("Chloë O\u2019Brien-Smythe", "tech", "Leaver: Chloë O\u2019Brien-Smythe (tech role)"),
    ],
)
def test_a_card_is_named_in_one_line(name: str, role: str, expected: str) -> None:
    assert wording.card_name(name, role) == expected


@pytest.mark.parametrize(
    ("due", "when"),
    [(WINTER, "18 December 2026 at 17:00"), (SUMMER, "30 June 2026 at 17:00")],
)
def test_a_note_links_to_the_card_and_says_when_it_is_due_in_local_time(
    due: datetime, when: str
) -> None:
    assert wording.card_note(URL, due, "Europe/London") == (
        f"Leaver card: {URL}\nIt is due on {when}.\nThe ticket was processed automatically."
    )


def test_the_note_about_nobody_says_that_no_entry_was_found() -> None:
    assert "No entry was found in the access lists" in wording.no_access_note()


@pytest.mark.parametrize("note", NOTES.values(), ids=NOTES)
@pytest.mark.parametrize("word", ["tech role", "non tech", "admin", "production", "role"])
def test_no_note_says_what_role_somebody_has(note: str, word: str) -> None:
    assert word not in note.casefold().replace("technical 2nd line", "")


def test_a_question_quotes_its_reason() -> None:
    assert "It is unclear." in wording.question_note("It is unclear.")


def test_every_kind_of_setting_aside_has_its_own_reason() -> None:
    assert set(wording.SET_ASIDE) == set(SetAsideAs)
    assert len(set(wording.SET_ASIDE.values())) == len(SetAsideAs)


def test_the_same_plan_has_the_same_digest_and_another_plan_another() -> None:
    digests = [
        wording.digest("card", "a", "b"),
        wording.digest("card", "a", "b"),
        wording.digest("card", "ab", ""),
        wording.digest("card", "a", "c"),
    ]

    assert digests[0] == digests[1]
    assert len(set(digests)) == 3
    # It must not change from version to version: a ticket would get its note again.
    assert wording.digest("no access") == "e7a76c84d135f458"
