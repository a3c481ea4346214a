"""What is missing, unclear or contradictory is asked, with all that was understood filled in."""

from dataclasses import replace
from datetime import date

import pytest

from service.domain.dates import MISSING, NO_DAY, NOT_SETTLED, WRONG_WEEKDAY
from service.domain.reading.details import TOO_LONG, read_details
from service.domain.reading.leaving import ONLY_IN_TEXT, TWO_DATES, TWO_LAST_DAYS, WRONG_WAY_ROUND
from service.domain.reading.moved_dates import DATE_MAY_CHANGE
from service.domain.reading.people import (
    BROKEN_ADDRESS,
    NOBODY,
    SEVERAL,
    TWO_ADDRESSES,
    TWO_NAMES,
)
from service.domain.reading.staying import CANCELLED
from service.domain.reasons import Reason
from service.domain.ticket import About, Found, LeaverDetails, Mark, Ticket
from tests.domain.reading.reading_tickets import (
    DATE_FIELD,
    DAY,
    EMAIL_FIELD,
    FIELDS,
    JANE,
    NAME_FIELD,
    TODAY,
    Read,
    a_comment,
    read,
    read_ticket,
    values_of,
)

LATER = date(2027, 1, 8)
EARLIER = date(2026, 12, 11)
LEAVER = f"Leaver name: Jane Doe\nLeaver email: {JANE}\nLeaving date: 18/12/2026"
JANE_DOE = Read(name="Jane Doe", email=JANE, leaving_date=DAY)


def asking(*questions: Reason) -> Read:
    return Read(name="Jane Doe", email=JANE, leaving_date=DAY, asks=questions)


def test_each_value_comes_with_the_place_where_it_stood() -> None:
    details = read_ticket(
        "Hello,\n\nEmail: jane.doe@dsit.gov.uk\nGitHub: janedoe\nName: x\n",
        fields={NAME_FIELD: "Jane Doe"},
        comments=["Hi\nLast working day: 11/12/2026\nLeaving date: 18/12/2026"],
    )
    assert replace(details, passages=()) == LeaverDetails(
        name=Found(value="Jane Doe", where="the custom field for the name"),
        email=Found(value=JANE, where="line 3 of the description"),
        github=Found(value="janedoe", where="line 4 of the description"),
        leaving_date=Found(value=DAY, where="line 3 of a comment"),
        last_working_day=Found(value=EARLIER, where="line 2 of a comment"),
    )


def test_custom_fields_are_enough() -> None:
    fields = {NAME_FIELD: "Jane Doe", EMAIL_FIELD: JANE, DATE_FIELD: "2026-12-18"}
    assert read("Please remove access.", fields=fields) == JANE_DOE


def test_custom_fields_come_before_the_description_and_that_before_comments() -> None:
    fields = {NAME_FIELD: "Jane Ann Doe"}
    comments = ["Leaver name: J Jane Doe\nGitHub: late", "Leaver email: Jane.Doe@dsit.gov.uk"]
    read_from = read(f"{LEAVER}\nGitHub: early", fields=fields, comments=comments)
    assert (read_from.name, read_from.email, read_from.github) == ("Jane Ann Doe", JANE, "early")


def test_a_comment_fills_in_what_is_missing() -> None:
    comments = ["Sorry, forgot:\nName: Jane Doe", f"Email: {JANE}\nLeaving date: 18/12/2026"]
    assert read("Please remove access.", comments=comments) == JANE_DOE


def test_a_full_name_is_kept_rather_than_a_first_name() -> None:
    fields = {NAME_FIELD: "Jane"}
    assert read(LEAVER, fields=fields) == JANE_DOE


@pytest.mark.parametrize(
    ("description", "expected"),
    [
        ("", Read(asks=(NOBODY, MISSING))),
        ("Leaver: Jane Doe", Read(name="Jane Doe", asks=(MISSING,))),
        (f"Leaver email: {JANE}\nLeaving date: 18/12/2026", Read(email=JANE, leaving_date=DAY)),
        ("Leaving date: 18/12/2026", Read(leaving_date=DAY, asks=(NOBODY,))),
        (
            "Leaver: Jane Doe\nLeaving date:\n\nKind regards\nSam",
            Read(name="Jane Doe", asks=(MISSING,)),
        ),
        ("Name, email and so on below.", Read(asks=(NOBODY, MISSING))),
        ("Leaver: n/a\nEmail: tbc\nLeaving date: -", Read(asks=(NOBODY, MISSING))),
    ],
)
def test_what_is_missing_is_asked(description: str, expected: Read) -> None:
    assert read(description) == expected


def test_an_address_that_is_not_one_is_asked() -> None:
    description = "Leaver: Jane Doe\nEmail: jane.doe@digital\nLeaving date: 18/12/2026"
    expected = Read(name="Jane Doe", leaving_date=DAY, asks=(BROKEN_ADDRESS,))
    assert read(description) == expected


@pytest.mark.parametrize(
    ("description", "questions"),
    [
        (f"{LEAVER}\nLeaver name: John Smith", (TWO_NAMES,)),
        (f"{LEAVER}\nLeaver email: john.smith@dsit.gov.uk", (TWO_ADDRESSES,)),
        (f"{LEAVER}\n\nLeaver: John Smith\nLeaver email: john.smith@dsit.gov.uk", (SEVERAL,)),
        (f"{LEAVER}\nLeaver name: JANE DOE\nName: Doe, Jane\nEmail: JANE.DOE@dsit.gov.uk", ()),
        (f"{LEAVER}\nSignon email: jane.doe@cabinet-office.gov.uk", ()),
        (f"{LEAVER}\nLeaver email: jane.doe+gov@dsit.gov.uk", ()),
        (f"{LEAVER}\nPlease remove access for Trade Tariff.", ()),
    ],
)
def test_contradictions_about_the_person_are_asked(
    description: str, questions: tuple[Reason, ...]
) -> None:
    assert read(description) == asking(*questions)


@pytest.mark.parametrize(
    "description",
    [
        "Leaver: Jane Doe and John Smith",
        "Leaver: Jane Doe & John Smith",
        "Leaver: Jane Doe / John Smith",
        "Leaver: Jane Doe; John Smith",
        "Leaver: Jane Doe, John Smith",
        "Leavers:\n- Jane Doe\n- John Smith",
        "Leavers:\n1. Jane Doe\n2. John Smith",
        "Leavers:\nJane Doe\nJohn Smith",
        "<p>Leavers:</p><ul><li>Jane Doe</li><li>John Smith</li></ul>",
        "Name: Jane Doe\nEmail: a.b@dsit.gov.uk, c.d@dsit.gov.uk",
        "Name,Email\nJane Doe,jane@dsit.gov.uk\nJohn Smith,john@dsit.gov.uk",
        "This is for two leavers.\nLeaver: Jane Doe",
        "Leaver: Jane Doe\n\nJohn Smith is also leaving.",
    ],
)
def test_several_leavers_in_one_ticket_are_asked(description: str) -> None:
    read_from = read(f"{description}\n\nLeaving date: 18/12/2026")
    assert (read_from.name, read_from.asks) == ("Jane Doe", (SEVERAL,))


@pytest.mark.parametrize("label", ["Leaver 1", "Leaver no. 1", "Leaver (1)", "Name 1"])
def test_numbered_leavers_are_asked(label: str) -> None:
    second = label.replace("1", "2")
    read_from = read(f"{label}: Jane Doe\n{second}: John Smith\nLeaving date: 18/12/2026")
    assert read_from == Read(name="Jane Doe", leaving_date=DAY, asks=(TWO_NAMES,))


STAYS = [
    "Jane is not leaving after all.", "Please cancel this request.", "Please cancel.",
    "please cancel", "She is no longer leaving.", "Leaver withdrawn",
    "The leaver has been withdrawn.", "She isn't leaving now.", "He is staying after all",
    "They have decided to stay.", "Jane has changed her mind.",
    "She has withdrawn her resignation.", "Her resignation was withdrawn.", "Leaver cancelled",
    "Please ignore this ticket.", "Please disregard, raised in error",
    "This request is no longer needed.", "Can you cancel the offboarding please?",
    "Jane will be staying.", "Jane won't be leaving", "Jane will no longer be leaving.",
    "She will not leave us after all.", "He has decided not to leave.", "She never was leaving.",
    "Jane isn\u2019t going any more.", "She is no longer going.", "This is not going ahead.",
    "Jane has agreed to stay.", "Jane will be remaining with us.", "She'll stay in her role.",
    "She remains in post: he is remaining in the team.", "She moves teams and keeps her access.",
    "CANCELLED", "Cancel", "Withdrawn", "cancel this please", "Cancel leaver request: Jane Doe",
    "CANCELLED - Leaver request", "Status: cancelled", "Edit: please cancel.", "Please stop this.",
    "Scrap this, please", "Hold off on this please", "Please put on hold", "Please put it on hold.",
    "Postponed", "Please pause this until I know more.", "Please do not process this request.",
    "Please do not action this yet", "Don't remove her access.", "No longer needed, thanks",
    "Do not action this until I confirm.", "Can you close this please, no longer required",
    "Not required any more", "This is a duplicate, please close", "It's no longer needed.",
]  # fmt: skip


@pytest.mark.parametrize("text", STAYS)
def test_a_leaver_who_stays_after_all_is_asked(text: str) -> None:
    assert read(LEAVER, comments=[f"Hi,\n\n{text}\n\nSam"]) == asking(CANCELLED)
    assert read(f"{text}\n\n{LEAVER}") == asking(CANCELLED)
    assert read(LEAVER, subject=text) == asking(CANCELLED)


@pytest.mark.parametrize(
    "text",
    [
        "Please cancel her accounts and passes.", "Please cancel all access on the day.",
        "If the leaver is no longer leaving, please cancel this request.",
        "Please cancel his licence.",
        "Please do not forget the laptop.", "Stop all access at 5pm.", "Cancel her Slack account.",
        "Please do not leave her access open.", "Not going on gardening leave.",
        "Please hold this ticket until 18 December 2026.",
        "We are not leaving this open until Friday.",
        "Nobody knows whether she is not leaving.", "She is not going to return the laptop.",
        "She has not taken her annual leave.", "She isn't on annual leave.", "Not leaving drinks!",
        "Access no longer required from 18/12/2026.", "GitHub: no longer needed",
        "Please do not remove access before the leaving date.", "No access should remain.",
        "Please do not process before 18/12/2026.", "Do not delete the distribution list.",
        "Please remove her remaining accounts.",
        "Please close this ticket once done.", "Hold the door.", "Stop by at noon.",
        "Her phone contract was cancelled.", "I have cancelled her pass.",
        "If this is no longer needed, please cancel.", "Equipment\nNot required",
    ],
)  # fmt: skip
def test_cancelling_an_account_does_not_cancel_the_leaver(text: str) -> None:
    assert read(LEAVER, comments=[text]) == JANE_DOE
    assert read(f"{text}\n\n{LEAVER}") == JANE_DOE


@pytest.mark.parametrize(
    ("lines", "leaving", "last"),
    [
        ("Leaving date: 18/12/2026\nLast working day: 11/12/2026", DAY, EARLIER),
        ("Last working day: 11/12/2026\nLeaving date: 18/12/2026", DAY, EARLIER),
        ("Leaving date: 18/12/2026\nLast day: 11/12/2026", DAY, EARLIER),
        ("Leaving date: 18/12/2026\nLast working day: TBC", DAY, None),
        (
            "Leaving date: 18/12/2026\nLast day: 11/12/2026\nLast working day: 10/12/2026",
            DAY,
            EARLIER,
        ),
        ("Leaving date: 18/12/2026 (last working day 11/12/2026)", DAY, EARLIER),
        ("Leaving date: 18/12/2026, last working day: 11/12/2026", DAY, EARLIER),
        ("Last working day: 11/12/2026 (leaving date 18/12/2026)", DAY, EARLIER),
        ("Last day: 11 December 2026, official end date is 18/12/2026", DAY, EARLIER),
        ("Last working day: 11/12/2026", EARLIER, EARLIER),
        ("Leaving date:\nLast working day: 11/12/2026", EARLIER, EARLIER),
        ("Leaving date: N/A\nLast working day: 11/12/2026", EARLIER, EARLIER),
    ],
)
def test_a_leaving_date_beats_a_last_working_day(
    lines: str, leaving: date, last: date | None
) -> None:
    expected = Read(name="Jane Doe", leaving_date=leaving, last_working_day=last)
    assert read(f"Leaver: Jane Doe\n{lines}") == expected


def test_a_last_working_day_that_serves_as_leaving_date_says_so() -> None:
    details = read_ticket("Leaver: Jane Doe\nLast working day: 18/12/2026")
    where = "line 2 of the description, which gives only the last working day"
    assert details.leaving_date == Found(value=DAY, where=where)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (
            "Leaving date: 18/12/2026\nContract end date: 08/01/2027",
            Read(leaving_date=DAY, asks=(TWO_DATES,)),
        ),
        ("Leaving date: 18/12/2026\nEnd date: 18 Dec 2026", Read(leaving_date=DAY)),
        ("Leaving date: December", Read(asks=(NO_DAY,))),
        ("Leaving date: TBC", Read(asks=(NOT_SETTLED,))),
        ("Proposed leaving date: 18/12/2026", Read(leaving_date=DAY, asks=(NOT_SETTLED,))),
        ("Leaving date: Thursday 18/12/2026", Read(leaving_date=DAY, asks=(WRONG_WEEKDAY,))),
        (
            "Leaving date: TBC\nLast working day: 11/12/2026",
            Read(last_working_day=EARLIER, asks=(NOT_SETTLED,)),
        ),
        (
            "Leaving date: 11/12/2026\nLast working day: 18/12/2026",
            Read(leaving_date=EARLIER, last_working_day=DAY, asks=(WRONG_WAY_ROUND,)),
        ),
        (
            "Last working day: 11/12/2026\nLast day: 18/12/2026",
            Read(leaving_date=EARLIER, last_working_day=EARLIER, asks=(TWO_LAST_DAYS,)),
        ),
        ("Last working day: TBC", Read(asks=(NOT_SETTLED,))),
    ],
)
def test_unclear_and_different_dates_are_asked(lines: str, expected: Read) -> None:
    read_from = read(f"Leaver email: {JANE}\n{lines}")
    assert read_from == Read(
        email=JANE,
        leaving_date=expected.leaving_date,
        last_working_day=expected.last_working_day,
        asks=expected.asks,
    )


def test_another_leaving_date_in_a_comment_or_field_is_asked() -> None:
    assert read(LEAVER, comments=["Leaving date: 08/01/2027"]) == asking(TWO_DATES)
    read_from = read(LEAVER, fields={DATE_FIELD: "2027-01-08"})
    assert read_from == Read(name="Jane Doe", email=JANE, leaving_date=LATER, asks=(TWO_DATES,))


def test_the_same_leaving_date_in_a_comment_is_not_a_contradiction() -> None:
    assert read(LEAVER, comments=["Confirmed.\nLeaving date: Friday 18 December 2026"]) == JANE_DOE


@pytest.mark.parametrize("unclear", ["December", "TBC", "18", "next Friday", "31/11/2026"])
def test_a_comment_settles_a_description_that_is_unclear(unclear: str) -> None:
    description = f"Leaver name: Jane Doe\nLeaver email: {JANE}\nLeaving date: {unclear}"
    assert read(description, comments=["Leaving date: 18/12/2026"]) == JANE_DOE


def test_a_comment_that_unsettles_the_date_is_asked() -> None:
    assert read(LEAVER, comments=["Leaving date: TBC"]) == asking(NOT_SETTLED)


@pytest.mark.parametrize(
    "text",
    [
        "Her leaving date has moved to 8 January 2027.", "She is now leaving on 8 January 2027.",
        "Her contract has been extended.", "The leaving date has been postponed.",
        "Last day is now Friday 8 January.", "Her notice was extended by a month.",
        "The departure was brought forward to 11 December 2026.",
    ],
)  # fmt: skip
def test_a_comment_that_may_move_the_date_is_asked(text: str) -> None:
    assert read(LEAVER, comments=[text]).asks == (DATE_MAY_CHANGE,)


@pytest.mark.parametrize(
    "text",
    [
        "Note: contract extended to 31/03/2027", "Her contract has been renewed to 31 March 2027",
        "Her contract was renewed.", "We've managed to extend Jane until 31/03/2027",
        "Her last day has been put back to 8 January 2027", "She will now finish on 08/01/2027.",
        "Her access should stay until 31/03/2027", "Extension agreed to 31/03/2027",
        "Reason: extension", "Leaver extension", "Correction: 08/01/2027",
        "Correction: 11/12/2026", "The date is wrong, should be 8 January 2027",
        "It should read Friday 11 December 2026.", "Actually it's the 19th",
        "The end date is not confirmed yet", "Date to be confirmed", "Check: the date may change.",
        "Her leaving date is unconfirmed.", "Apologies, the leaving date was wrong.",
    ],
)  # fmt: skip
def test_text_that_corrects_or_prolongs_the_date_is_asked(text: str) -> None:
    assert read(LEAVER, comments=[text]) == asking(DATE_MAY_CHANGE)
    assert read(f"{LEAVER}\n{text}") == asking(DATE_MAY_CHANGE)


@pytest.mark.parametrize(
    "text",
    ["Please note her last day is 31/03/2027", "Change of date: final day 8 January 2027"],
)
def test_text_with_a_last_day_after_the_leaving_date_is_asked(text: str) -> None:
    assert read(LEAVER, comments=[text]) == asking(DATE_MAY_CHANGE)
    assert read(f"{LEAVER}\n{text}") == asking(DATE_MAY_CHANGE)


@pytest.mark.parametrize(
    "text",
    [
        "Thanks!", "She is on annual leave from 14/12/2026.",
        "Leaving on 18 December 2026, as agreed.", "Chased HR on 23/11/2026.",
        "Her last working day is 11 December 2026.",
        "The last working day that she told us is Friday 11 December 2026, before leaving.",
        "The laptop comes back on 08/01/2027.", "Leaving drinks on 17/12/2026!",
        "She keeps the laptop until 08/01/2027.",
        "Please keep her mailbox until 31/01/2027.", "The contract was extended to 18/12/2026.",
        "Access should be removed on 21/12/2026.", "All should be closed by 17/12/2026.",
        "Actually on the 18th.", "The date is confirmed.", "Her start date is not known.",
        "She is on leave until 11/12/2026.",
    ],
)  # fmt: skip
def test_other_comments_change_nothing_about_the_date(text: str) -> None:
    read_from = read(LEAVER, comments=[text])
    assert (read_from.leaving_date, read_from.asks) == (DAY, ())


@pytest.mark.parametrize(
    "description",
    [
        f"Jane Doe ({JANE}) is leaving on 18 December 2026.",
        f"Hi,\n\nJane Doe leaves us on Friday 18 December 2026, please remove access.\n{JANE}",
        f"Remove access for Jane Doe, {JANE}. The last day is 18/12/2026.\n\nThanks,\nSam\ns@x.uk",
    ],
)
def test_running_text_suggests_a_date_and_names_nobody(description: str) -> None:
    assert read(description) == Read(leaving_date=DAY, asks=(NOBODY, ONLY_IN_TEXT))


@pytest.mark.parametrize(
    ("text", "questions"),
    [
        ("She leaves us on 17 December 2026.", (DATE_MAY_CHANGE,)),
        ("Jane is leaving GOV.UK on Thursday 17/12/2026.", (DATE_MAY_CHANGE,)),
        ("I am told that her contract ends on 31/03/2027.", (DATE_MAY_CHANGE,)),
        ("Could you do it now please?", ()),
        ("She leaves us on Friday 18 December 2026.", ()),
        ("She gave notice on 1 November 2026 and is leaving for a new post.", ()),
        ("Reason for leaving: new post from 01/02/2027", ()),
        ("Access end date: 20/12/2026", ()),
    ],
)
def test_running_text_with_another_leaving_date_is_asked(
    text: str, questions: tuple[Reason, ...]
) -> None:
    assert read(f"{text}\n\n{LEAVER}") == asking(*questions)


def test_the_services_own_notes_are_passed_over() -> None:
    note = a_comment(
        "Leaver: John Smith\nLeaving date: 01/02/2027\nPlease cancel", mark=Mark(plan="p")
    )
    ticket = Ticket(
        id=1,
        subject="Leaver",
        description=LEAVER,
        status="open",
        comments=(a_comment(LEAVER), note),
    )
    assert values_of(read_details(ticket, fields=FIELDS, today=TODAY)) == JANE_DOE


def test_a_ticket_that_is_too_long_to_be_read_is_asked() -> None:
    assert read(LEAVER + "\n" + "x " * 40_000) == asking(TOO_LONG)
    assert read(LEAVER, comments=["ok"] * 400) == asking(TOO_LONG)


def test_questions_say_what_they_are_about() -> None:
    questions = read_ticket("", comments=["Please cancel"]).questions
    assert [(q.about, q.reason) for q in questions] == [
        (About.PERSON, NOBODY),
        (About.DATE, MISSING),
        (About.LEAVING, CANCELLED),
    ]
