"""What the answer page offers for a question."""

from dataclasses import replace

import pytest

from service.desk.offered_answers import chosen_card, offered_cards
from service.domain.reasons import ReasonCode
from service.records.leaver import State
from tests.desk.test_answer_form import LEAVER

CARD = {"url": "https://trello.com/c/iK30ThVk", "title": "Leaver: Sam", "list_name": "To do"}


@pytest.mark.parametrize(
    ("choice", "card"),
    [("card:iK30ThVk", "iK30ThVk"), ("card:new", "new"), ("card:other", None), ("again", None)],
)
def test_only_a_card_that_was_offered_or_a_new_one_can_be_chosen(
    choice: str, card: str | None
) -> None:
    leaver = replace(LEAVER, found={"cards": [CARD]})

    assert [one["choice"] for one in offered_cards(leaver)] == ["card:iK30ThVk"]
    assert chosen_card(choice, leaver) == card


@pytest.mark.parametrize(
    ("code", "state", "card"),
    [
        (ReasonCode.CHOSEN_CARD_IS_GONE, State.NEEDS_PERSON, "new"),
        (ReasonCode.CHOSEN_CARD_IS_GONE, State.DONE, None),
        (ReasonCode.SEVERAL_CANDIDATES, State.NEEDS_PERSON, None),
    ],
)
def test_if_the_chosen_card_is_gone_a_new_one_can_be_made(
    code: ReasonCode, state: State, card: str | None
) -> None:
    assert chosen_card("card:new", replace(LEAVER, reason_code=code, state=state)) == card
