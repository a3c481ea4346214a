"""What to do about a ticket's card, on the board as it is.

A card is known by our own record first, and by its mark second: people edit descriptions, and a
mark survives the loss of our record.
"""

from collections.abc import Iterable
from datetime import datetime

from service.domain.card_marks import is_titled_as_leaver, links_to, marks_of, with_mark
from service.domain.cards import (
    NEW_CARD,
    Board,
    Card,
    CardQuestion,
    CardStep,
    ChosenCardGone,
    CopyTemplate,
    DueDateConflict,
    KnownCard,
    LeaveAsIs,
    PersonsCards,
    Sibling,
    UseExisting,
    WantedCard,
    short_link_key,
)


def decide_card(wanted: WantedCard, board: Board) -> CardStep | CardQuestion:
    """Decide what to do about a ticket's card."""
    known = board.known
    marked = [card for card in _sorted(board) if wanted.ticket_id in marks_of(card.desc)]
    recorded = [card for card in _sorted(board) if known and card.is_called(known.key)]
    own = list(dict.fromkeys((*recorded, *marked)))
    if board.choice and _is_news(board.choice, known):
        return _use_chosen(wanted, board, own)
    if known and _is_for_another(wanted, known):
        right = [card for card in marked if card.name == wanted.name]
        return _use_as_made(wanted, right[0], marked) if right else _begin(wanted, board, marked)
    if own:
        return _use_own(wanted, own, board)
    if known:
        return LeaveAsIs(known=known, card=board.known_elsewhere)
    return _begin(wanted, board, own)


def may_matter(wanted: WantedCard, board: Board) -> tuple[Card, ...]:
    """Return the cards that the decision may be about; what list they lie on is to be looked up."""
    keys = [board.known.key] if board.known else []
    keys += [sibling.card_key for sibling in board.siblings if sibling.card_key]
    keys += [board.choice] if board.choice else []
    tickets = {wanted.ticket_id, *(sibling.ticket_id for sibling in board.siblings)}
    return tuple(
        card
        for card in board.open_cards
        if marks_of(card.desc) & tickets
        or any(card.is_called(key) for key in keys)
        or _may_be_of(wanted, card)
    )


def use_oldest(wanted: WantedCard, on_board: Iterable[Card]) -> UseExisting | None:
    """Return what to do if a copy may have landed twice: both are ours, and the older stays."""
    own = [card for card in on_board if wanted.ticket_id in marks_of(card.desc)]
    return _use_as_made(wanted, min(own, key=lambda card: card.id), own) if own else None


def _sorted(board: Board) -> list[Card]:
    return sorted(board.open_cards, key=lambda card: card.id)


def _begin(wanted: WantedCard, board: Board, own: list[Card]) -> CardStep | CardQuestion:
    """The person has no card by this ticket; `own` are of somebody that it was about before."""
    for sibling in board.siblings:
        for card in _sorted(board):
            if card not in own and _is_of(card, sibling):
                return _join(wanted, card, sibling, own)
    theirs = [card for card in _sorted(board) if card not in own and _may_be_of(wanted, card)]
    if theirs and board.choice != NEW_CARD:
        return PersonsCards(cards=tuple(theirs))
    return CopyTemplate(replaces=own[0] if own else None)


def _is_of(card: Card, sibling: Sibling) -> bool:
    is_recorded = sibling.card_key is not None and card.is_called(sibling.card_key)
    return is_recorded or sibling.ticket_id in marks_of(card.desc)


def _may_be_of(wanted: WantedCard, card: Card) -> bool:
    """Return whether a person may have made a card for this leaver."""
    if card.is_template:
        return False
    if links_to((card.desc, *card.links), wanted.ticket_link):
        return True
    return not marks_of(card.desc) and is_titled_as_leaver(card.name, wanted.names)


def _is_news(choice: str, known: KnownCard | None) -> bool:
    """Return whether an operator chose another card than the one that is recorded already."""
    return choice != NEW_CARD and (
        known is None or choice not in {known.key, short_link_key(known.url)}
    )


def _use_chosen(wanted: WantedCard, board: Board, own: list[Card]) -> UseExisting | ChosenCardGone:
    """Use the card that an operator chose: its name, its list and its date are people's."""
    chosen = [card for card in board.open_cards if card.is_called(board.choice or "")]
    if not chosen or chosen[0].is_template:
        return ChosenCardGone()
    card = chosen[0]
    is_marked = wanted.ticket_id in marks_of(card.desc)
    return UseExisting(
        card=card,
        due=wanted.due if card.due is None else None,
        desc=None if is_marked else with_mark(card.desc, wanted.mark),
        spare=tuple(other for other in own if other is not card),
        is_chosen=True,
    )


def _use_own(wanted: WantedCard, own: list[Card], board: Board) -> UseExisting:
    card = own[0]
    return UseExisting(
        card=card,
        due=_due_to_set(wanted, card, board),
        name=_name_to_set(wanted, card, board.known),
        is_template=card.is_template,
        spare=tuple(own[1:]),
    )


def _is_for_another(wanted: WantedCard, known: KnownCard) -> bool:
    """Return whether the card was made for another person, or for another role."""
    if known.name is None or known.role is None:
        return False
    is_same_person = known.name == wanted.name or not wanted.person_keys.isdisjoint(
        known.person_keys
    )
    return not is_same_person or known.role != wanted.role


def _use_as_made(wanted: WantedCard, card: Card, own: list[Card]) -> UseExisting:
    """Use a card that an earlier try made, with the due date that the plan has now."""
    return UseExisting(
        card=card,
        due=wanted.due if card.due != wanted.due else None,
        is_template=card.is_template,
        spare=tuple(other for other in own if other is not card),
    )


def _due_to_set(wanted: WantedCard, card: Card, board: Board) -> datetime | None:
    """Set the due date if the plan's date is new; one that a person gave the card stays."""
    last_set = board.known.due if board.known else None
    if last_set is None and card.due is not None and not board.copy_was_sent:
        # The mark is all that is known of the card: its date is a person's.
        return None
    return None if wanted.due in (last_set, card.due) else wanted.due


def _name_to_set(wanted: WantedCard, card: Card, known: KnownCard | None) -> str | None:
    """Follow the list if it spells the name in another way; a name that a person gave stays."""
    if known and known.name and known.name != wanted.name and card.name == known.name:
        return wanted.name
    return None


def _join(
    wanted: WantedCard, card: Card, sibling: Sibling, own: list[Card]
) -> UseExisting | DueDateConflict:
    """Use the card of another ticket, if both tickets say the same leaving date."""
    if wanted.due not in (card.due, sibling.due):
        return DueDateConflict(card=card, ticket_id=sibling.ticket_id)
    return UseExisting(
        card=card,
        desc=with_mark(card.desc, wanted.mark),
        spare=tuple(own),
        shared_with=sibling.ticket_id,
    )
