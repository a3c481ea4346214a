"""What a person does to a pull request, and what the service does then."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from service.domain.removal.deciding import (
    Situation,
    Step,
    Undone,
    left_undone,
    next_step,
    opens_at,
)
from service.domain.removal.pull_request import PullRequest
from service.domain.removal.seen import (
    Own,
    RemovalState,
    Touch,
    lasting_touch,
    leavers_pull,
    state_of,
    touch_of,
)
from service.domain.removal.texts import digest_of_text

DUE = datetime(2026, 12, 18, 17, tzinfo=UTC)
BEFORE, AFTER = DUE - timedelta(seconds=1), DUE
PULL = PullRequest(
    number=3,
    url="https://github.com/a/b/pull/3",
    node_id="PR_3",
    is_open=True,
    is_draft=False,
    is_merged=False,
    head_sha="a" * 40,
    title="Remove",
    body="Why",
    is_own=True,
    is_mergeable=True,
)
OWN = Own(tips=("a" * 40,), texts=(digest_of_text("Remove", "Why"),))


def situation(**changes: Any) -> Situation:
    at = Situation(
        now=AFTER, due=DUE, opens_at=DUE, is_wanted=True, is_listed=True, own=OWN, is_approved=False
    )
    return replace(at, **changes)


@pytest.mark.parametrize(
    ("changes", "step"),
    [
        ({}, Step.OPEN_READY),
        ({"now": BEFORE}, Step.NOTHING),
        ({"now": BEFORE, "opens_at": DUE - timedelta(days=1)}, Step.OPEN_DRAFT),
        ({"now": BEFORE, "opens_at": BEFORE, "has_no_drafts": True}, Step.NOTHING),
        ({"has_no_drafts": True}, Step.OPEN_READY),
        ({"is_wanted": False}, Step.GIVE_UP),
        ({"is_listed": False}, Step.NOTE_GONE),
        ({"is_listed": False, "now": BEFORE}, Step.NOTHING),
        ({"due": None, "opens_at": None}, Step.NOTHING),
    ],
)
def test_it_is_opened_on_the_day_or_before_it_as_a_draft(
    changes: dict[str, Any], step: Step
) -> None:
    assert next_step(situation(**changes)) is step


DRAFT = replace(PULL, is_draft=True)
CONFLICT = replace(PULL, is_mergeable=False)
ELSEWHERE = replace(PULL, has_other_base=True)


@pytest.mark.parametrize(
    ("changes", "step"),
    [
        ({"pull": PULL}, Step.NOTHING),
        ({"pull": DRAFT}, Step.MAKE_READY),
        ({"pull": DRAFT, "now": BEFORE}, Step.NOTHING),
        ({"pull": PULL, "now": BEFORE}, Step.MAKE_DRAFT),
        ({"pull": PULL, "due": None}, Step.MAKE_DRAFT),
        ({"pull": DRAFT, "now": BEFORE, "is_text_present": False}, Step.DESCRIBE),
        ({"pull": PULL, "now": BEFORE, "is_text_present": False}, Step.MAKE_DRAFT),
        ({"pull": PULL, "is_wanted": False}, Step.CLOSE_WITHDRAWN),
        ({"pull": DRAFT, "is_wanted": False}, Step.CLOSE_WITHDRAWN),
        ({"pull": PULL, "is_listed": False}, Step.CLOSE_GONE),
        ({"pull": PULL, "is_doubled": True}, Step.CLOSE_DOUBLED),
        ({"pull": PULL, "is_doubled": True, "is_listed": False}, Step.CLOSE_DOUBLED),
        ({"pull": PULL, "is_doubled": True, "is_wanted": False}, Step.CLOSE_WITHDRAWN),
        ({"pull": CONFLICT}, Step.REFRESH),
        ({"pull": CONFLICT, "is_approved": True}, Step.NOTHING),
        ({"pull": CONFLICT, "is_approved": None}, Step.NOTHING),
        ({"pull": PULL, "is_approved": None, "is_wanted": False}, Step.NOTHING),
        ({"pull": PULL, "is_same_person": False}, Step.CLOSE_WITHDRAWN),
        ({"pull": replace(PULL, is_mergeable=None)}, Step.NOTHING),
    ],
)
def test_an_open_one_follows_the_date_the_lists_and_the_leaver(
    changes: dict[str, Any], step: Step
) -> None:
    assert next_step(situation(**changes)) is step


@pytest.mark.parametrize("touch", list(Touch))
@pytest.mark.parametrize(
    "changes",
    [
        {"pull": PULL, "now": BEFORE},
        {"pull": DRAFT},
        {"pull": PULL, "is_wanted": False},
        {"pull": PULL, "is_listed": False},
        {"pull": CONFLICT},
        {"pull": DRAFT, "is_text_present": False},
    ],
)
def test_nothing_is_written_to_one_that_a_person_touched(
    changes: dict[str, Any], touch: Touch
) -> None:
    assert next_step(situation(touch=touch, **changes)) is Step.NOTHING


@pytest.mark.parametrize(
    ("changes", "undone"),
    [
        ({"is_wanted": False}, Undone.CLOSE_WITHDRAWN),
        ({"is_listed": False}, Undone.CLOSE_GONE),
        ({"due": DUE + timedelta(days=1)}, Undone.MAKE_DRAFT),
        ({"is_doubled": True}, Undone.CLOSE_DOUBLED),
        ({"pull": ELSEWHERE}, Undone.POINT_BACK),
        ({"pull": ELSEWHERE, "is_listed": False}, Undone.CLOSE_GONE),
        ({"pull": replace(ELSEWHERE, is_open=False)}, None),
        ({"is_text_present": False}, None),
        ({"pull": replace(PULL, is_mergeable=False), "is_approved": False}, None),
        ({"pull": replace(PULL, is_open=False), "is_wanted": False}, None),
        ({}, None),
    ],
)
def test_what_people_have_to_settle_of_one_that_they_touched(
    changes: dict[str, Any], undone: Undone | None
) -> None:
    at = situation(**{"pull": PULL} | changes)

    assert left_undone(replace(at, touch=Touch.PUSHED)) is undone
    assert left_undone(at) is None


@pytest.mark.parametrize("is_merged", [True, False])
def test_nothing_is_done_about_one_that_is_merged_or_closed(*, is_merged: bool) -> None:
    closed = replace(PULL, is_open=False, is_merged=is_merged)

    assert next_step(situation(pull=closed)) is Step.NOTHING
    assert next_step(situation(pull=closed, is_wanted=False)) is Step.NOTHING


def test_it_is_brought_up_to_date_at_most_once_a_day() -> None:
    late, early = AFTER - timedelta(hours=23), AFTER - timedelta(days=1)

    assert next_step(situation(pull=CONFLICT, own=replace(OWN, refreshed_at=late))) is Step.NOTHING
    assert next_step(situation(pull=CONFLICT, own=replace(OWN, refreshed_at=early))) is Step.REFRESH


@pytest.mark.parametrize(
    ("pull", "is_approved", "touch"),
    [
        (PULL, False, None),
        (PULL, None, None),
        (replace(PULL, body="Why  \r\n"), False, None),
        (replace(PULL, head_sha="b" * 40), False, Touch.PUSHED),
        (replace(PULL, title="Mine"), False, Touch.EDITED),
        (replace(PULL, body="Why not"), False, Touch.EDITED),
        (PULL, True, Touch.APPROVED),
        (replace(PULL, is_own=False, body="Mine"), False, Touch.OPENED),
        # By the user of an earlier token.
        (replace(PULL, is_own=False), False, None),
        (ELSEWHERE, False, Touch.RETARGETED),
        (ELSEWHERE, True, Touch.APPROVED),
    ],
)
def test_what_a_person_did_is_known_by_what_the_service_made(
    pull: PullRequest,
    is_approved: bool | None,  # noqa: FBT001 - a parameter of the test
    touch: Touch | None,
) -> None:
    assert touch_of(pull, OWN, is_approved=is_approved) is touch


CLOSED = replace(PULL, is_open=False)
A_PERSONS = replace(PULL, number=4, is_own=False, title="Mine")


@pytest.mark.parametrize(
    ("found", "one"),
    [
        ((CLOSED, PULL), PULL),
        ((CLOSED,), CLOSED),
        ((A_PERSONS,), A_PERSONS),
        ((replace(A_PERSONS, head_sha="b" * 40),), None),
        ((ELSEWHERE,), ELSEWHERE),
        ((replace(ELSEWHERE, is_own=False),), replace(ELSEWHERE, is_own=False)),
        ((replace(A_PERSONS, has_other_base=True), PULL), PULL),
        ((replace(A_PERSONS, has_other_base=True),), None),
    ],
    ids=[
        "an open one first",
        "a closed one",
        "a person's from our commit",
        "a person's from theirs",
        "ours that leads elsewhere",
        "by an earlier user of ours",
        "a person's elsewhere beside ours",
        "a person's elsewhere alone",
    ],
)
def test_the_leavers_pull_request_is_known_by_who_made_it_and_of_what(
    found: tuple[PullRequest, ...], one: PullRequest | None
) -> None:
    assert leavers_pull(found, OWN) == one


def test_one_that_the_service_closed_and_a_person_opened_again_is_theirs() -> None:
    closed = replace(PULL, is_open=False)

    assert touch_of(PULL, OWN, is_approved=False, was_closed=True) is Touch.REOPENED
    assert touch_of(closed, OWN, is_approved=None, was_closed=True) is None


@pytest.mark.parametrize(
    ("seen", "before", "touch"),
    [
        (None, Touch.HELD, Touch.HELD),
        (Touch.RETARGETED, Touch.HELD, Touch.HELD),
        (None, Touch.RETARGETED, None),
        (Touch.RETARGETED, None, Touch.RETARGETED),
        (Touch.APPROVED, Touch.PUSHED, Touch.APPROVED),
    ],
)
def test_what_a_person_did_lasts_but_for_another_base(
    seen: Touch | None, before: Touch | None, touch: Touch | None
) -> None:
    assert lasting_touch(seen, before=before) is touch


@pytest.mark.parametrize(
    ("pull", "own", "state"),
    [
        (PULL, OWN, RemovalState.OPEN),
        (DRAFT, OWN, RemovalState.DRAFT),
        (replace(PULL, is_open=False, is_merged=True), OWN, RemovalState.MERGED),
        (replace(ELSEWHERE, is_open=False, is_merged=True), OWN, RemovalState.ASKED),
        (replace(PULL, is_open=False), OWN, RemovalState.CLOSED_BY_PERSON),
        (
            replace(PULL, is_open=False),
            replace(OWN, closing_as=RemovalState.ALREADY_GONE),
            RemovalState.ALREADY_GONE,
        ),
        # Merged in the moment in which the service was about to close it.
        (
            replace(PULL, is_open=False, is_merged=True),
            replace(OWN, closing_as=RemovalState.WITHDRAWN),
            RemovalState.MERGED,
        ),
    ],
)
def test_a_pull_request_shows_how_far_the_removal_is(
    pull: PullRequest, own: Own, state: RemovalState
) -> None:
    assert state_of(pull, own, is_wanted=False) is state


@pytest.mark.parametrize(
    ("closing_as", "state"),
    [
        (RemovalState.WITHDRAWN, RemovalState.CLOSED_BY_PERSON),
        (RemovalState.ALREADY_GONE, RemovalState.ALREADY_GONE),
    ],
)
def test_one_that_is_closed_although_the_leaver_leaves_again_counts_as_a_persons(
    closing_as: RemovalState, state: RemovalState
) -> None:
    own = replace(OWN, closing_as=closing_as)
    assert state_of(replace(PULL, is_open=False), own, is_wanted=True) is state


def test_days_before_are_local_days_also_over_a_change_of_the_clocks() -> None:
    # The clocks go back on 25 October 2026 and forward on 28 March 2027.
    autumn = datetime(2026, 10, 26, 17, tzinfo=UTC)
    spring = datetime(2027, 3, 29, 16, tzinfo=UTC)

    assert opens_at(autumn, days_before=2, timezone="Europe/London") == datetime(
        2026, 10, 24, 16, tzinfo=UTC
    )
    assert opens_at(spring, days_before=2, timezone="Europe/London") == datetime(
        2027, 3, 27, 17, tzinfo=UTC
    )
    assert opens_at(spring, days_before=0, timezone="Europe/London") == spring
