"""The service's own notes are known again by their mark, or else by their words."""

from dataclasses import replace

import pytest

from service.domain import wording
from service.domain.reading.details import read_details
from service.domain.ticket import Comment, FieldIds, Mark
from service.domain.ticket_updates import has_own_note, is_own_note
from tests.support.values import DUE, a_ticket

MARK = Mark(plan="0123456789abcdef")
URL = "https://trello.com/c/iK30ThVk"
CARD = wording.card_note(URL, DUE, "Europe/London")
QUESTION = wording.question_note("The ticket gives no leaving date & no name.")
IN_HTML = (
    f'<div class="zd-comment"><p>Leaver card: <a href="{URL}">{URL}</a><br>'
    "It is due on 18 December 2026 at 17:00.<br>The ticket was&nbsp;processed automatically.</p>"
    "</div>"
)


def comment(body: str, *, mark: Mark | None = None, is_public: bool = False) -> Comment:
    return Comment(id=1, author_id=1, body=body, is_public=is_public, mark=mark)


@pytest.mark.parametrize(
    ("comments", "note", "is_written"),
    [
        ([], CARD, False),
        ([comment(CARD, mark=MARK)], CARD, True),
        # The mark counts, whatever the words; and the same words are never written again.
        ([comment("Other words.", mark=MARK)], CARD, True),
        ([comment(CARD, mark=Mark(plan="of another plan"))], CARD, True),
        ([comment("Other words.", mark=Mark(plan="of another plan"))], CARD, False),
        ([comment(CARD)], CARD, True),
        ([comment(IN_HTML)], CARD, True),
        ([comment(CARD.replace("\n", "\r\n\r\n"))], CARD, True),
        ([comment(QUESTION.replace("&", "&amp;"))], QUESTION, True),
        ([comment(CARD), comment("Thank you.")], CARD, True),
        # Only the newest of our own notes counts.
        ([comment(CARD), comment(QUESTION)], CARD, False),
        ([comment(CARD.replace("18", "19"))], CARD, False),
        ([comment(CARD, is_public=True)], CARD, False),
        ([comment("Thank you.")], CARD, False),
    ],
)
def test_a_note_is_written_once(comments: list[Comment], note: str, *, is_written: bool) -> None:
    assert has_own_note(a_ticket(comments=tuple(comments)), MARK, note) == is_written


@pytest.mark.parametrize(
    ("text", "own"),
    [
        (CARD, True),
        (QUESTION, True),
        (wording.question_note("Somebody wrote.", is_later=True), True),
        (wording.no_access_note(), True),
        ("Jane left.", False),
    ],
)
def test_an_own_note_is_distinguished_from_peoples(text: str, *, own: bool) -> None:
    private, public = comment(text), comment(text, is_public=True)

    assert is_own_note(private, a_ticket(comments=(private,))) == own
    assert not is_own_note(public, a_ticket(comments=(public,)))


def test_a_note_that_a_person_quotes_is_a_persons_word_if_marks_are_shown() -> None:
    marked = replace(comment(CARD, mark=MARK), author_id=9)
    quoted, unmarked = comment(f"She stays.\n{CARD}"), replace(comment(CARD), author_id=9)
    ticket = a_ticket(comments=(marked, quoted, unmarked))

    assert [is_own_note(one, ticket) for one in ticket.comments] == [True, False, True]


def test_own_notes_are_not_read_as_the_tickets_words() -> None:
    ticket = a_ticket(
        description="Leaver: Jane Doe\nLeaving date: 18/12/2026",
        comments=(comment(wording.question_note("Leaving date: 1/1/2027")),),
    )

    details = read_details(ticket, fields=FieldIds(), today=DUE.date())

    assert details.questions == ()
