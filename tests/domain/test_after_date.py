"""After the leaving date, decided with values: a clock that is passed in, and no service."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from service.domain.access_lists.entries import Entry, entries_from_yaml
from service.domain.after_date import (
    Access,
    AccessSeen,
    AfterDate,
    AfterDateRules,
    CardSeen,
    CardStatus,
    LeaverIdentity,
    access_of,
    after_date_of,
    at_the_end,
    card_seen,
    days_late,
    present_due,
    reminder_due,
)
from service.domain.after_date_wording import Standing, late_reminder, reminder
from service.domain.cards import Card
from service.domain.digest import Digest, digest_text, digest_title
from service.domain.working_time import begins_week

RULES = AfterDateRules(
    steps=(1, 3, 5), until_days=60, due_time=time(17, 0), timezone="Europe/London"
)
# A Friday, in winter: local time is UTC.
DUE = datetime(2026, 12, 18, 17, 0, tzinfo=UTC)
DONE_LISTS = frozenset({"done-list"})


def at(text: str) -> datetime:
    """A local instant in London, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/London")).astimezone(UTC)


def a_card(**changes: object) -> Card:
    card = Card(
        id="5e93c827fb102a6f40c5fa2b",
        url="https://trello.com/c/iK30ThVk",
        name="Leaver",
        desc="",
        due=DUE,
        list_id="to-do",
        items=3,
    )
    return replace(card, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("access", "card", "status"),
    [
        (Access.GONE, CardStatus.DONE, AfterDate.OVER),
        (Access.GONE, CardStatus.ABSENT, AfterDate.OVER),
        (Access.GONE, CardStatus.OPEN, AfterDate.CARD_OPEN),
        (Access.LISTED, CardStatus.OPEN, AfterDate.STILL_LISTED),
        (Access.LISTED, CardStatus.ABSENT, AfterDate.STILL_LISTED),
        (Access.EXPIRED, CardStatus.OPEN, AfterDate.STILL_LISTED),
        (Access.EXPIRED, CardStatus.ABSENT, AfterDate.STILL_LISTED),
        (Access.LISTED, CardStatus.DONE, AfterDate.DONE_BUT_LISTED),
        (Access.EXPIRED, CardStatus.DONE, AfterDate.DONE_BUT_LISTED),
        *((Access.UNKNOWN, card, None) for card in CardStatus),
        *((access, CardStatus.UNKNOWN, None) for access in Access),
    ],
)
def test_access_and_card_say_how_a_leaver_stands(
    access: Access, card: CardStatus, status: AfterDate | None
) -> None:
    assert after_date_of(access, card) is status


LIST = """
- name: Ada Archer
  email: ada.archer@digital.cabinet-office.gov.uk
  github: ada-archer
- name: Ben Brown
  email: ben.brown@digital.cabinet-office.gov.uk
  expires_at: 2026-12-18
"""
ADA, BEN = entries_from_yaml(LIST, file="config/govuk_tech.yml")


def known(entry: Entry, **changes: object) -> LeaverIdentity:
    signs = {sign for sign in (entry.email, entry.github, entry.ssh) if sign}
    whole = LeaverIdentity(entry_ids=frozenset({entry.id}), signs=frozenset(signs))
    return replace(whole, **changes)  # type: ignore[arg-type]


def test_somebody_is_listed_by_the_entrys_id_or_by_one_shared_address_or_user_name() -> None:
    by_id = known(ADA, signs=frozenset())
    by_sign = known(ADA, entry_ids=frozenset({"another"}), signs=frozenset({"ada-archer"}))

    for identity in (by_id, by_sign):
        assert access_of(identity, (ADA, BEN), now=DUE) == AccessSeen(
            access=Access.LISTED, files=("config/govuk_tech.yml",)
        )
    assert access_of(known(ADA), (BEN,), now=DUE) == AccessSeen(access=Access.GONE)


def test_every_file_that_somebody_is_in_is_named() -> None:
    elsewhere = replace(ADA, id="other", file="config/fastly.yml", email=None)

    seen = access_of(known(ADA), (ADA, elsewhere), now=DUE)

    assert seen.files == ("config/fastly.yml", "config/govuk_tech.yml")


def test_a_name_is_nobodys_identity() -> None:
    namesake = Entry(id="other", file="config/fastly.yml", position="", name="Ada Archer")

    assert access_of(known(ADA), (namesake,), now=DUE).access is Access.GONE


@pytest.mark.parametrize(
    ("now", "access"),
    [
        (at("2026-12-18T23:00"), Access.LISTED),
        (at("2026-12-19T00:00"), Access.EXPIRED),
    ],
)
def test_an_entry_with_an_end_counts_to_the_end_of_that_day(now: datetime, access: Access) -> None:
    assert access_of(known(BEN), (ADA, BEN), now=now).access is access


def test_somebody_with_one_entry_that_has_no_end_is_listed() -> None:
    elsewhere = replace(BEN, id="other", expires_at=None)

    assert access_of(known(BEN), (BEN, elsewhere), now=DUE + timedelta(days=9)).access is (
        Access.LISTED
    )


def test_an_end_that_is_not_a_date_is_none() -> None:
    (entry,) = entries_from_yaml(
        "- name: Ada Archer\n  email: ada@example.gov.uk\n  expires_at: soon\n", file="config/a.yml"
    )

    assert entry.expires_at is None


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({}, CardStatus.OPEN),
        ({"items": 0}, CardStatus.OPEN),
        ({"checked": 2}, CardStatus.OPEN),
        ({"checked": 3}, CardStatus.DONE),
        ({"is_complete": True}, CardStatus.DONE),
        ({"list_id": "done-list"}, CardStatus.DONE),
        ({"is_open": False, "last_activity": DUE}, CardStatus.DONE),
        ({"is_open": False, "last_activity": DUE - timedelta(seconds=1)}, CardStatus.ABSENT),
        ({"is_open": False, "last_activity": None}, CardStatus.ABSENT),
        ({"is_open": False, "last_activity": None, "checked": 3}, CardStatus.DONE),
    ],
)
def test_a_card_is_done_by_its_mark_its_list_its_items_or_its_archiving(
    changes: dict[str, object], status: CardStatus
) -> None:
    assert card_seen(a_card(**changes), due=DUE, done_lists=DONE_LISTS).status is status


def test_a_card_that_is_gone_is_absent() -> None:
    assert card_seen(None, due=DUE, done_lists=DONE_LISTS) == CardSeen(status=CardStatus.ABSENT)


@pytest.mark.parametrize(
    ("card", "due"),
    [
        (a_card(due=DUE + timedelta(days=7)), DUE + timedelta(days=7)),
        (a_card(due=None), DUE),
    ],
)
def test_the_due_time_is_the_cards_present_one_and_else_the_leaving_dates(
    card: Card, due: datetime
) -> None:
    set_due = DUE + timedelta(days=1)

    assert present_due(card, set_due=set_due, leaving_date=date(2026, 12, 18), rules=RULES) == due


@pytest.mark.parametrize(
    ("leaving_date", "seen_due", "due"),
    [
        (date(2026, 12, 18), None, DUE),
        (date(2026, 12, 18), DUE + timedelta(days=7), DUE + timedelta(days=7)),
        (date(2026, 12, 18), DUE - timedelta(days=7), DUE - timedelta(days=7)),
        (date(2027, 1, 15), None, DUE + timedelta(days=28)),
        (date(2027, 1, 15), DUE, DUE + timedelta(days=28)),
        (date(2026, 12, 11), DUE, DUE - timedelta(days=7)),
        (None, None, DUE),
    ],
)
def test_of_a_card_that_is_not_open_the_date_counts_that_somebody_gave_after_it_was_set(
    leaving_date: date | None, seen_due: datetime | None, due: datetime
) -> None:
    found = present_due(
        None, set_due=DUE, leaving_date=leaving_date, rules=RULES, seen_due=seen_due
    )

    assert found == due


def test_without_any_date_there_is_no_due_time() -> None:
    assert present_due(None, set_due=None, leaving_date=None, rules=RULES) is None


@pytest.mark.parametrize(
    ("leaving_date", "due"),
    [
        (date(2026, 10, 24), "2026-10-24T16:00"),  # the day before the clocks go back
        (date(2026, 10, 25), "2026-10-25T17:00"),
        (date(2026, 10, 26), "2026-10-26T17:00"),
        (date(2027, 3, 27), "2027-03-27T17:00"),  # the day before they go forward
        (date(2027, 3, 28), "2027-03-28T16:00"),
        (date(2027, 3, 29), "2027-03-29T16:00"),
    ],
)
def test_a_due_time_without_a_card_is_local(leaving_date: date, due: str) -> None:
    found = present_due(None, set_due=None, leaving_date=leaving_date, rules=RULES)

    assert found == datetime.fromisoformat(due).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "number"),
    [
        ("2026-12-18T16:59", None),
        ("2026-12-18T17:01", None),  # the due day itself
        ("2026-12-19T12:00", None),  # Saturday
        ("2026-12-21T00:01", 1),  # Monday
        ("2026-12-22T12:00", None),
        ("2026-12-23T12:00", 2),
        ("2026-12-24T12:00", None),
        ("2026-12-25T12:00", None),  # Christmas Day
        ("2026-12-28T12:00", None),  # a bank holiday in lieu of Boxing Day
        ("2026-12-29T12:00", 3),
        ("2026-12-30T12:00", None),
    ],
)
def test_steps_are_working_days_and_one_whose_day_has_passed_is_skipped(
    now: str, number: int | None
) -> None:
    found = reminder_due(
        AfterDate.STILL_LISTED, due=DUE, now=at(now), has_been_reminded=False, rules=RULES
    )

    assert found == number


@pytest.mark.parametrize(
    ("due", "now"),
    [
        ("2026-10-23T17:00", "2026-10-26T00:30"),  # over the end of summer time
        ("2027-03-25T17:00", "2027-03-30T00:30"),  # over its beginning, and Easter
        ("2026-12-19T17:00", "2026-12-21T08:00"),  # due on a Saturday
    ],
)
def test_a_step_comes_on_its_local_day_over_a_clock_change_and_a_holiday(
    due: str, now: str
) -> None:
    def number(instant: datetime) -> int | None:
        return reminder_due(
            AfterDate.STILL_LISTED, due=at(due), now=instant, has_been_reminded=False, rules=RULES
        )

    assert (number(at(now)), number(at(now) - timedelta(hours=10))) == (1, None)


@pytest.mark.parametrize("now", ["2026-12-18T17:00", "2026-12-19T12:00", "2026-12-22T12:00"])
def test_done_but_listed_is_said_at_once_on_a_weekend_too(now: str) -> None:
    def number(*, has_been_reminded: bool) -> int | None:
        return reminder_due(
            AfterDate.DONE_BUT_LISTED,
            due=DUE,
            now=at(now),
            has_been_reminded=has_been_reminded,
            rules=RULES,
        )

    assert (number(has_been_reminded=False), number(has_been_reminded=True)) == (1, None)


@pytest.mark.parametrize(
    ("status", "rules"),
    [
        (AfterDate.OVER, RULES),
        (AfterDate.UNFINISHED, RULES),
        (AfterDate.DONE_BUT_LISTED, replace(RULES, steps=())),
    ],
)
def test_nothing_is_said_about_what_is_over_or_without_steps(
    status: AfterDate, rules: AfterDateRules
) -> None:
    now = at("2026-12-21T12:00")

    assert reminder_due(status, due=DUE, now=now, has_been_reminded=False, rules=rules) is None


@pytest.mark.parametrize(
    ("status", "days", "found"),
    [
        (AfterDate.STILL_LISTED, 60, AfterDate.STILL_LISTED),
        (AfterDate.STILL_LISTED, 61, AfterDate.UNFINISHED),
        (AfterDate.CARD_OPEN, 400, AfterDate.UNFINISHED),
        (AfterDate.OVER, 61, AfterDate.OVER),
    ],
)
def test_the_service_gives_up_after_so_many_calendar_days(
    status: AfterDate, days: int, found: AfterDate
) -> None:
    now = DUE + timedelta(days=days)

    assert at_the_end(status, due=DUE, now=now, rules=RULES) is found


def test_days_late_are_working_days() -> None:
    assert [
        days_late(DUE, now=DUE + timedelta(days=days), rules=RULES) for days in (0, 2, 3, 11)
    ] == [
        0,
        0,
        1,
        5,
    ]


def test_a_reminder_says_what_there_is_to_do_and_names_nobody() -> None:
    standing = Standing(
        due=DUE,
        access=AccessSeen(access=Access.LISTED, files=("config/govuk_tech.yml",)),
        card=CardSeen(status=CardStatus.OPEN, checked=4, items=9),
        links=("Pull request: https://github.com/alphagov/govuk-user-reviewer/pull/7",),
    )

    found = reminder(2, standing, RULES)

    assert found.text == (
        "Leavers service, reminder 2 of 3: the leaving date was 18 December 2026. Still in the "
        "access lists: config/govuk_tech.yml. Checklist: 4 of 9 done. Pull request: "
        "https://github.com/alphagov/govuk-user-reviewer/pull/7"
    )
    assert found.text.startswith(found.mark)


def test_a_reminder_about_an_open_card_is_mild_and_names_no_checklist() -> None:
    standing = Standing(
        due=DUE, access=AccessSeen(access=Access.GONE), card=CardSeen(status=CardStatus.OPEN)
    )

    found = reminder(1, standing, RULES)

    assert found.text == (
        "Leavers service, reminder 1 of 3: the leaving date was 18 December 2026. Not in the "
        "access lists any more; this card is still open."
    )


def test_a_reminder_that_an_operator_asked_for_names_the_day() -> None:
    standing = Standing(
        due=DUE,
        access=AccessSeen(access=Access.EXPIRED, files=("config/govuk_tech.yml",)),
        card=CardSeen(status=CardStatus.OPEN),
    )

    assert late_reminder(date(2027, 1, 15), standing, RULES).text == (
        "Leavers service, reminder asked for on 15 January 2027: the leaving date was 18 December "
        "2026. Still in the access lists, with an end date that has passed: config/govuk_tech.yml."
    )


STANDING = {
    AfterDate.CARD_OPEN: [12, 15],
    AfterDate.DONE_BUT_LISTED: [9],
    AfterDate.UNFINISHED: [3],
}


def test_the_digest_counts_by_state_the_worst_first_and_marks_what_is_new() -> None:
    digest = Digest(standing=STANDING, new=frozenset({15, 3}), came_back=[7])

    assert digest_title(digest) == "Leavers: 3 open after the leaving date"
    assert digest_text(digest, link="https://example.gov.uk/runbook", rules=RULES).split("\n") == [
        "1 card done, but still in the access lists: 9",
        "2 out of the access lists, card still open: 12, 15 (new)",
        "1 given up after 60 days: 3 (new)",
        "1 in the access lists again: 7",
        "https://example.gov.uk/runbook",
    ]


def test_a_long_digest_is_cut() -> None:
    digest = Digest(standing={AfterDate.STILL_LISTED: range(1, 24)})

    assert digest_text(digest, link=None, rules=RULES).endswith("19, 20, and 3 more")


@pytest.mark.parametrize(
    ("digest", "begins_week", "is_sent"),
    [
        (Digest(standing=STANDING), False, False),
        (Digest(standing=STANDING), True, True),
        (Digest(standing=STANDING, new=frozenset({3})), False, True),
        (Digest(standing={}, came_back=[7]), False, True),
        (Digest(standing={AfterDate.UNFINISHED: [3]}), True, False),
        (Digest(standing={}), True, False),
    ],
)
def test_a_digest_is_sent_if_something_is_new_and_once_a_week_if_anything_is_open(
    digest: Digest, *, begins_week: bool, is_sent: bool
) -> None:
    assert digest.is_worth_sending(begins_week=begins_week) is is_sent


def test_a_week_begins_on_monday_or_after_its_bank_holiday() -> None:
    days = [date(2026, 5, 1) + timedelta(days=number) for number in range(15)]

    # The 4 May 2026 is a bank holiday, and the 11 May an ordinary Monday.
    assert [day for day in days if begins_week(day)] == [date(2026, 5, 5), date(2026, 5, 11)]
