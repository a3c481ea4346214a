"""Whole tickets against lists: who they are about, who is asked about, and who is in no list.

The ways of writing are those of real departments; the people are made up.
"""

from collections.abc import Sequence
from typing import Any

import pytest

from tests.reading.adapter import answer

LISTS = {
    "config/govuk_tech.yml": """
- {name: Aoife Byrne, email: aoife.byrne@dsit.gov.uk, github: aoifeb42}
- {name: Kwame Mensah, email: kwame.mensah@dsit.gov.uk, ssh_username: kmensah}
- {name: Jonas Lindqvist, email: jonas.lindqvist@digital.cabinet-office.gov.uk}
- {name: Priya Raman, email: priya.raman@dsit.gov.uk}
"""
}
AOIFE = "Leaver: Aoife Byrne\nEmail: aoife.byrne@dsit.gov.uk\nLeaving date: 18/12/2026"
A_BARE_FORM = "Name: Priya Raman\nEmail: priya.raman@dsit.gov.uk\nLeaving date: 18/12/2026"
NOT_LISTED = "Leaver name: Olivia Varga\nLeaving date: 18/12/2026"
DUE = "2026-12-18T17:00:00Z"


def decided(
    description: str,
    *,
    subject: str = "Leaver request",
    comments: Sequence[str] = (),
    area: str = "whole",
) -> dict[str, Any]:
    ticket = {"subject": subject, "description": description, "comments": comments, "fields": {}}
    return answer({"area": area, "today": "2026-11-24", "files": LISTS, "ticket": ticket})


def plan(description: str, **more: Any) -> str:
    found: str = decided(description, **more)["plan"]
    return found


def asks(description: str, **more: Any) -> list[str]:
    found: list[str] = decided(description, area="reading", **more)["asks"]
    return found


CARD_FOR_AOIFE = {"plan": "card", "who": ["Aoife Byrne"], "due": DUE}
NOBODY: dict[str, Any] = {"plan": "no_access", "who": [], "due": None}


def test_someone_who_alone_is_named_gets_a_card_and_someone_who_is_not_listed_gets_none() -> None:
    assert decided(AOIFE) == CARD_FOR_AOIFE
    assert decided(NOT_LISTED) == NOBODY


@pytest.mark.parametrize(
    "subject",
    [
        "Leaver - Spring Cohort", "Offboarding: Quarterly Review", "Priority One: leaver",
        "Leaver: Eastern Region", "Cloud Hosting - leaver", "Leaver - Half Day",
        "Leaver (Graduate Scheme)", "Automatic forward: Leaver", "Leaver - Early Release",
        "Leaver: Annex Building",
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "text",
    [
        "Hi,\n\nPlease see the attachment.\n\nPriya",
        "Aoife is off soon, could you see to her accounts?",
    ],
)
def test_words_of_a_subject_that_are_nobodys_name_never_end_as_no_access(
    subject: str, text: str
) -> None:
    assert decided(text, subject=subject, area="reading")["read"]["name"] is None
    assert plan(text, subject=subject) == "ask"


@pytest.mark.parametrize(
    "value",
    [
        "Temporary worker", "See email", "Unknown person", "Agency staff", "Someone in finance",
        "Herself", "Type name here", "Internal", "Not a person", "Whole department", "Blue Sky",
        "Voluntary Exit", "Backfill Pending", "Head Of Delivery", "Jane",
    ],
)  # fmt: skip
def test_what_is_not_written_as_a_name_never_ends_as_no_access(value: str) -> None:
    assert plan(f"Leaver name: {value}\nLeaving date: 18/12/2026") == "ask"


@pytest.mark.parametrize(
    "aside",
    [
        "my manager", "of the approver", "line manager", "who submits this", "hiring manager",
        "your own", "for the HR team", "supplier contact", "of requestor", "sponsor",
        "who raised this",
    ],
)  # fmt: skip
def test_a_labels_brackets_say_whose_a_detail_is(aside: str) -> None:
    theirs = f"Name ({aside}): Priya Raman\nEmail ({aside}): priya.raman@dsit.gov.uk"
    assert plan(f"{theirs}\nLeaving date: 18/12/2026") == "ask"
    assert decided(f"{theirs}\n{AOIFE}") == CARD_FOR_AOIFE
    assert decided(f"{NOT_LISTED}\nEmail ({aside}): priya.raman@dsit.gov.uk") == NOBODY


@pytest.mark.parametrize(
    "text",
    [
        "Message: Aoife Byrne is off to pastures new", "Subject person: Aoife Byrne",
        "Notes: kmensah can lose his rights", "Message: aoifeb42 goes from GitHub",
        "Details: please shut down what K Mensah has", "Message: Kwame says goodbye then",
        "What is it about?: BYRNE, Aoife", "Message: kwame mensah won't need his pass",
        "aoife is off at Christmas, could you remove her",
        "Description: jonas.lindqvist@dsit.gov.uk no more", "Message: Ms Byrne hands over her work",
    ],
)  # fmt: skip
def test_a_mere_name_beside_anyone_else_who_is_mentioned_is_asked_with_both(text: str) -> None:
    found = decided(f"{A_BARE_FORM}\n{text}")
    assert found["plan"] == "ask"
    assert found["who"][0] == "Priya Raman"
    assert len(found["who"]) == 2


@pytest.mark.parametrize(
    "subject", ["Aoife Byrne", "Aoife Byrne, end of contract", "Re: aoife.byrne@dsit.gov.uk"]
)
def test_a_mere_name_beside_another_in_the_subject_is_asked(subject: str) -> None:
    assert plan(A_BARE_FORM, subject=subject) == "ask"


@pytest.mark.parametrize(
    ("label", "is_clear"),
    [
        ("Leaving date (to be agreed)", False), ("Leaving date (unconfirmed)", False),
        ("Last day (approx)", False), ("End date (MM-DD-YYYY)", False),
        ("Last day (may change)", False), ("Leaving date (required)", True),
        ("Leaving date (American format)", False), ("Leaving date [mm/dd/yy]", False),
        ("Leaving date (day/month/year)", True), ("Leaving date (dd-mm-yyyy)", True),
        ("Last working day (in the office)", True),
    ],
)  # fmt: skip
def test_a_labels_brackets_may_make_a_date_doubtful(label: str, is_clear: bool) -> None:  # noqa: FBT001 - a parameter of the test
    asked = asks(f"Leaver: Aoife Byrne\n{label}: 11/12/2026")
    assert asked == ([] if is_clear else ["date"])


@pytest.mark.parametrize(
    "comment",
    [
        "Oops, I meant Kwame Mensah", "Kwame Mensah as well, thanks", "priya.raman@dsit.gov.uk too",
        "Spelling: it's Byrnes", "Let's say the 11th", "Now 08/01/2027", "November rather",
        "Already gone since 20/11/2026", "Duplicate of an earlier ticket", "This was raised twice",
        "Her final day is actually the 11th", "HR have put her notice back a month",
        "Her last day is actually 11/12/2026",
    ],
)  # fmt: skip
def test_a_comment_that_brings_in_a_date_or_a_person_is_asked(comment: str) -> None:
    assert plan(AOIFE, comments=[comment]) == "ask"


@pytest.mark.parametrize(
    "comment",
    [
        "Many thanks", "Any news on this?", "Jonas Lindqvist has approved this",
        "We have asked Kwame Mensah to take her off the rota", "Signon done on 25/11/2026",
        "Pass returned on 24/11/2026", "Chased on 23/11/2026", "I am on leave until 04/12/2026",
        "Assigned to Priya Raman", "Her last day is 18/12/2026",
    ],
)  # fmt: skip
def test_a_comment_that_is_plainly_about_something_else_is_not_asked(comment: str) -> None:
    assert decided(AOIFE, comments=[comment]) == CARD_FOR_AOIFE


@pytest.mark.parametrize(
    "text",
    [
        "Maiden name: Aoife Byrne", "Previously known as: Aoife Byrne", "SSO: kmensah",
        "Laptop login: aoife.byrne@dsit.gov.uk", "Old email: aoife.byrne@dsit.gov.uk",
        "She was Aoife Byrne before she married.", "GH: aoifeb42", "Mailbox: Byrne, Aoife",
        "> aoife.byrne@dsit.gov.uk", "Aoife Byrne (aoife.byrne@dsit.gov.uk) until June",
    ],
)  # fmt: skip
def test_nobody_is_concluded_only_if_nobody_is_mentioned(text: str) -> None:
    assert plan(f"{NOT_LISTED}\n{text}") == "ask"


@pytest.mark.parametrize(
    "text",
    [
        "Known as: Kwame",
        "Preferred name: Kwame Mensah",
        "Nickname: Kwame",
        "Former name: Kwame Mensah",
        "Preferred first name: Kwame",
    ],
)
def test_a_known_as_name_is_looked_for_too(text: str) -> None:
    found = decided(f"Leaver name: Ebenezer Mensah\n{text}\nLeaving date: 18/12/2026")
    assert (found["plan"], found["who"]) in [("ask", ["Kwame Mensah"]), ("card", ["Kwame Mensah"])]


@pytest.mark.parametrize(
    "text",
    [
        "Reason: two years' unpaid leave", "She comes back in May.", "Reason: sabbatical",
        "She will be back on 1 June 2027.", "Type: Adoption leave", "Reason: internal transfer",
        "She still needs access to Whitehall.", "Joining another GDS team.",
        "Moving internally to Data.", "Access still required until July",
    ],
)  # fmt: skip
def test_somebody_who_comes_back_or_keeps_access_is_asked_about(text: str) -> None:
    assert {"leaving", "date"} & set(asks(f"{AOIFE}\n{text}"))


@pytest.mark.parametrize(
    "line",
    [
        "OFFICIAL-SENSITIVE: COMMERCIAL", "As agreed", "FAO the service desk", "[PROTECT]",
        "Marking: Official", "Low priority", "As approved by email", "Good morning both",
        "Private and confidential", "Personal data",
    ],
)  # fmt: skip
def test_a_line_above_the_form_changes_nothing(line: str) -> None:
    assert decided(f"{line}\n\n{AOIFE}") == CARD_FOR_AOIFE
    assert decided(f"{line}\n\n{AOIFE.replace('Leaver', 'Name')}") == CARD_FOR_AOIFE


@pytest.mark.parametrize(
    "text",
    [
        "Please disable the Adobe Creative licence", "Remove from Leadership Forum calendar",
        "Accounts to close: Power Platform, Azure Portal", "Leaving for: Natural England",
        "Leaver Checklist Completed", "Please collect Security Fob", "Exit Survey: sent",
        "Reason: Career Change", "Delete Shared Drive folder", "Remove Docusign Seat",
        "Equipment: Dell Latitude",
    ],
)  # fmt: skip
def test_capitalised_words_are_nobody(text: str) -> None:
    form = AOIFE.replace("Leaver", "Name")
    assert decided(f"{form}\n{text}") == CARD_FOR_AOIFE


@pytest.mark.parametrize(
    "value",
    [
        "18/12/2026 (redundancy)", "18/12/2026 as agreed", "18/12/2026 (Friday)", "18/12/26 (am)",
        "Fri18Dec2026",
        "18/12/2026 (end of term)", "18 December 2026, agreed with HR", "Today, 18/12/2026",
        "Immediate - 18/12/2026", "His last day is 18 December 2026", "18/12/2026 (resignation)",
    ],
)  # fmt: skip
def test_harmless_words_beside_a_sure_date_change_nothing(value: str) -> None:
    assert decided(f"Leaver: Aoife Byrne\nLeaving date: {value}") == CARD_FOR_AOIFE


@pytest.mark.parametrize(
    "value",
    [
        "18/12/2026 (at the earliest)", "18/12/2026 (may move)", "18/12/2026 (tbc)",
        "18/12/2026 (or sooner)", "18/12/2026 (original date)", "up to 18/12/2026",
    ],
)  # fmt: skip
def test_words_that_may_change_a_date_are_asked(value: str) -> None:
    assert asks(f"Leaver: Aoife Byrne\nLeaving date: {value}") == ["date"]


@pytest.mark.parametrize(
    "form",
    [
        "Trainee name: {}\nLeaving date: {}", "Person to be offboarded: {}\nEnd date: {}",
        "Contractor / consultant name: {}\nEnd of assignment: {}", "Leaver; {}\nLeaving date; {}",
        "Leaver name* {}\nDate of retirement* {}", "Leaver\n> {}\nLast day\n> {}",
        "> Name of leaver:\n{}\n> Leaving date:\n{}", "Colleague leaving: {}\nEmployment ends: {}",
        "Name of outgoing employee: {}\nFinal working day: {}", "Employee: {}\nExit date: {}",
    ],
)  # fmt: skip
def test_labels_and_layouts_that_departments_use_are_read(form: str) -> None:
    assert decided(form.format("Aoife Byrne", "18/12/2026")) == CARD_FOR_AOIFE


def test_a_second_name_below_the_leavers_is_asked_about() -> None:
    found = decided("Leaver name: Aoife Byrne\nKwame Mensah\nLeaving date: 18/12/2026")
    assert (found["plan"], found["who"]) == ("ask", ["Aoife Byrne", "Kwame Mensah"])


def test_a_name_is_one_by_its_first_name_by_the_lists_or_by_an_address() -> None:
    rest = "Leaving date: 18/12/2026"
    assert decided(f"Leaver name: Jane Ormerod\n{rest}") == NOBODY
    assert decided(f"Leaver name: Priyanka Byrne-Raman\n{rest}")["plan"] == "ask"
    assert decided(f"Leaver name: Thandeka Nkosi\nEmail: thandeka.nkosi@dsit.gov.uk\n{rest}") == (
        NOBODY
    )
    assert plan(f"Leaver name: Thandeka Nkosi\n{rest}") == "ask"


@pytest.mark.parametrize(
    "text",
    [
        "User to remove: Jane", "Person leaving is jane ormerod", "Account to close - Jane Ormerod",
        "Jane is going to HMRC, kindly remove her from GitHub.",
        "Wioletta Krzeminska has handed in her notice",
        "> On 20 Nov 2026, at 10:00, Wioletta Krzeminska wrote:\n> My final day is 18 December.",
    ],
)  # fmt: skip
def test_a_mere_name_beside_another_leaver_who_is_in_no_list_is_asked(text: str) -> None:
    assert plan(f"{A_BARE_FORM}\n\n{text}") == "ask"


@pytest.mark.parametrize(
    "comment",
    [
        "Wrong form - it's Kwame we need removed", "Also Kwame.", "She leaves a week earlier.",
        "Could this be held until the new year please", "HR say that her notice runs to 8 January.",
        "Aoife will be rejoining us in June.", "She'll carry on as a contractor",
        "Access to Signon must stay open for her", "Please keep her GitHub access live.",
        "Reason for leaving: Loan to DfE, returning April 2027",
    ],
)  # fmt: skip
def test_a_comment_in_other_words_is_asked(comment: str) -> None:
    assert plan(AOIFE, comments=[comment]) == "ask"


@pytest.mark.parametrize(
    "form",
    [
        "LEAVER DETAILS\n======\nName .... {name}\nE-mail .... {email}\nLeaving .... {day}",
        "FYI - from HR\n\nName: {name}\nEmail: {email}\nLeaving date: {day}",
        "Name of the individual leaving the organisation: {name}\nDate they leave: {day} at 17.30",
        "Name (person raising this): Priya Raman\nName (person leaving): {name}\nLeaving: {day}",
    ],
)  # fmt: skip
def test_more_layouts_are_read(form: str) -> None:
    day, email = "18.12.26", "aoife.byrne@dsit.gov.uk"
    assert decided(form.format(name="Aoife Byrne", email=email, day=day)) == CARD_FOR_AOIFE
