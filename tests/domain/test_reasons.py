"""Reasons: a code that stays beside a sentence that may be worded in another way."""

from dataclasses import replace

import pytest

from service.domain.drafts import Ask, SetAside
from service.domain.finished_plan import Plan
from service.domain.history import HistoryEvent, correction
from service.domain.history_words import detail_of
from service.domain.reasons import Failure, Reason, ReasonCode, failure_code, keys_of, text_of
from service.domain.ticket_updates import asking, change_of
from tests.support.values import a_ticket

MISSING = Reason(ReasonCode.LEAVING_DATE_MISSING, "The ticket gives no leaving date.")
PROTECTED = Reason(ReasonCode.PROTECTED, "A person is always asked.")


def reworded(reason: Reason) -> Reason:
    return replace(reason, text="The same in other words.")


@pytest.mark.parametrize("vendor", ["Zendesk", "Trello", "GitHub"])
def test_whatever_happens_with_a_vendor_has_a_code(vendor: str) -> None:
    codes = [failure_code(vendor, failure) for failure in Failure]

    assert all(code.startswith(vendor.lower()) for code in codes)


@pytest.mark.parametrize("kind", [SetAside, Ask])
def test_a_plan_in_other_words_is_the_plan_that_was_confirmed(kind: type[SetAside | Ask]) -> None:
    plan, same = (
        Plan(draft=kind(reasons=(reason, PROTECTED))) for reason in (MISSING, reworded(MISSING))
    )

    assert plan.digest == same.digest


def test_a_question_in_other_words_is_not_put_to_the_ticket_again() -> None:
    first, second = (
        change_of(a_ticket(), asking(reasons=(reason,))) for reason in (MISSING, reworded(MISSING))
    )

    assert first
    assert second
    assert first.mark == second.mark


def test_what_a_reason_is_about_distinguishes_it_from_others_of_its_code() -> None:
    one, other = (
        Reason(ReasonCode.CARD_STAYS, "A card stays.", facts=(link,)) for link in ("a", "b")
    )

    assert keys_of((one,)) != keys_of((other,))
    assert keys_of((one, one)) == keys_of((one,))


def test_each_sentence_is_said_once() -> None:
    assert text_of((MISSING, PROTECTED, MISSING)) == f"{MISSING.text} {PROTECTED.text}"


@pytest.mark.parametrize(
    ("given", "said", "left"),
    [
        (("name", "Jane Doe"), "name: Jane Doe", "name"),
        (("name", None), "name: taken back", "name: taken back"),
        (("no_access", True), "no_access: True", "no_access: True"),
        (("set_aside", "by_hand"), "set_aside: by_hand", "set_aside: by_hand"),
    ],
)
def test_a_correction_loses_what_is_personal_when_it_is_erased(
    given: tuple[str, object], said: str, left: str
) -> None:
    line = correction(*given)

    assert detail_of(line.event, line.facts, line.personal) == said
    assert detail_of(line.event, line.facts, {}) == left
    assert line.event is HistoryEvent.CORRECTED
