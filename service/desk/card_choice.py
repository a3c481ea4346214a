"""Which card is the leaver's? The question about cards that people made, and its answers."""

from typing import Any

from service.domain.cards import NEW_CARD, key_of
from service.records.leaver import Leaver

# What the answer form's buttons send begins so.
CHOICE = "card:"


def offered_cards(leaver: Leaver) -> list[dict[str, Any]]:
    """Return the cards that are asked about: the choice, and title, list and link of each."""
    return [
        {**card, "choice": f"{CHOICE}{key_of(card['url'])}"}
        for card in leaver.found.get("cards", [])
    ]


def chosen_card(choice: str, leaver: Leaver) -> str | None:
    """Return the card that a button stands for, or None for one that was not offered."""
    offered = {card["choice"] for card in offered_cards(leaver)}
    if offered and choice in {*offered, f"{CHOICE}{NEW_CARD}"}:
        return choice.removeprefix(CHOICE)
    return None


def card_words(card: str) -> str:
    """Say which card an operator chose."""
    return "a new one, since none of the others is this leaver's" if card == NEW_CARD else card
