"""A mere "Name: …" may be the sender's: if the text speaks of another person, it is asked."""

import pytest

from service.domain.reading.people import ANOTHER_LEAVER, NOBODY, NOT_SURE, SEVERAL, TWO_NAMES
from tests.domain.reading.reading_tickets import DAY, JANE, SAM, Read, read

SAM_HILL = Read(name="Sam Hill", email=SAM, leaving_date=DAY)
A_BARE_FORM = f"Name: Sam Hill\nEmail: {SAM}\nLeaving date: 18/12/2026"
ASKED = Read(name="Sam Hill", email=SAM, leaving_date=DAY, asks=(ANOTHER_LEAVER,))
LEAVER = f"Leaver name: Jane Doe\nLeaver email: {JANE}\nLeaving date: 18/12/2026"
JANE_DOE = Read(name="Jane Doe", email=JANE, leaving_date=DAY)

OTHERS = [
    "Please remove Jane Doe from GitHub", "PLEASE REMOVE JANE DOE FROM GITHUB",
    "Please revoke access for DOE, Jane", "Please can you offboard Jane Doe",
    "I need access revoked for Jane Doe.", "Access to GitHub to be removed for: Jane Doe",
    "Please revoke the access to GitHub and Trade Tariff of Jane Doe",
    "Jane Doe's access needs to be removed", "Please delete the account of Jane Doe",
    "Jane Doe no longer works here", "Jane Doe is moving on", "Jane Doe has resigned.",
    "Our colleague Jane Doe finishes on 18/12/2026", "Our leaver, Jane Doe, will finish soon.",
    "The leaver is Jane Doe", "jane doe is leaving", "Jane is leaving us", "Jane has left.",
    "What do you need? Remove Jane Doe", "Notes: Jane Doe has left the team",
    "Account(s) to be removed: Jane Doe", "Remove: jane doe",
    "Affected user: Jane Doe", "On behalf of: Jane Doe", "Subject of request: Jane Doe",
    "Please remove:\n\nJane Doe\nJohn Smith", "Please remove access for\nJane Doe",
    f"Please disable {JANE}", f"I need access revoked for {JANE}", f"Our user is {JANE}.",
    f"my developer {JANE} has left", f"Accounts to remove: {JANE}",
]  # fmt: skip


@pytest.mark.parametrize("text", OTHERS)
def test_text_about_another_than_a_bare_name_is_asked(text: str) -> None:
    assert read(f"{A_BARE_FORM}\n\n{text}") == ASKED
    assert read(f"{text}\n\n{A_BARE_FORM}").asks in [(ANOTHER_LEAVER,), (NOT_SURE,)]
    assert read(A_BARE_FORM, comments=[f"Hi,\n\n{text}\n\nThanks,\nSam"]) == ASKED


@pytest.mark.parametrize(
    "text", [f"Please remove Jane Doe\n{A_BARE_FORM}", f"{A_BARE_FORM}\nPlease remove Jane Doe"]
)
def test_text_right_beside_the_form_counts(text: str) -> None:
    assert read(text) == ASKED


def test_text_in_a_forwarded_mail_counts() -> None:
    mail = "Thanks,\nAlex\n\nFrom: Alex Price\nSubject: FW\n\nJane Doe has left us."
    assert read(f"{A_BARE_FORM}\n\n{mail}") == ASKED
    assert read(f"{A_BARE_FORM}\n\nThanks,\nAlex\n\n> Jane Doe has left us.") == ASKED


@pytest.mark.parametrize(
    "subject",
    [
        "Revoke Jane Doe's access", "Remove access for Jane Doe", "Jane Doe is leaving",
        "Access removal - Jane Doe", "Removal Of Jane Doe", "RE: please offboard Jane Doe",
    ],
)  # fmt: skip
def test_a_subject_about_another_than_a_bare_name_is_asked(subject: str) -> None:
    read_from = read(A_BARE_FORM, subject=subject)
    assert (read_from.name, read_from.asks) in [
        ("Sam Hill", (ANOTHER_LEAVER,)),
        ("Sam Hill", (TWO_NAMES,)),
    ]
    assert read(f"{A_BARE_FORM}\n\nTitle: {subject}").asks == read_from.asks


ORDINARY = [
    "Please remove all access for the leaver below.", "Please remove Sam Hill from GitHub.",
    "Please remove all of Sam's access.", "Sam is leaving us.", "sam hill is leaving the team.",
    "Hi Jane Doe,\n\nplease remove the access below.", "Hi Jane, our colleague is leaving.",
    "Please Remove All Access To GOV.UK Signon.", "Please remove access to Trade Tariff.",
    "Please remove their access to GitHub, Trade Tariff, Content Data and Lorem Ipsum.",
    "Please delete them from Lorem Ipsum and the Dolor Amet team.",
    "He is leaving us to join Lorem Ipsum.", "Reason for leaving: New job at Lorem Ipsum",
    "Her line manager, Jane Doe, has agreed the leaving date.", "She is leaving on Friday.",
    "Jane Doe (line manager) asked us to remove this.", "Removal approved by Jane Doe.",
    "Please disable the account; it was agreed with Jane Doe.", "Jane Doe approved the removal.",
    "Before leaving she reports to Jane Doe.", "Handover to Jane Doe before leaving.",
    "Jane Doe is taking over when he leaves.", f"Questions about this to Jane Doe, {JANE}",
    f"Any questions, please contact {JANE}.", f"Her manager is Jane Doe, {JANE}.",
    f"Please reply to {JANE} when done.", f"Line manager: Jane Doe\n{JANE}",
    f"Manager details\nJane Doe\n{JANE}", f"Requested by: Jane Doe <{JANE}>",
    f"Kind regards,\n\nJane Doe\nLeavers Team | {JANE}", f"Signon email: {SAM}",
    "If you are not the intended recipient of this, please delete it.",
    "She goes to the Ministry of Justice. Her last working day is Friday.",
    "I'll leave this with you.", "Systems to remove: Google Analytics, Pivotal Tracker",
    "Please transfer ownership of the files to Jane Doe before leaving.",
    "Removed. Passing to Jane Doe to remove it from AWS.",
    f"With questions please write to the Leavers Team at {JANE}.",
    "Last day in the office is Friday.", "Our contractor is leaving, please remove the account.",
]  # fmt: skip


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_text_beside_a_bare_name_is_not_asked(text: str) -> None:
    assert read(f"{A_BARE_FORM}\n\n{text}") == SAM_HILL
    assert read(A_BARE_FORM, comments=[text]) == SAM_HILL
    assert read(f"{text}\n\nLeaver details\n{A_BARE_FORM}") == SAM_HILL


@pytest.mark.parametrize(
    "text",
    [
        "Sorry, wrong name: it's John Smith", "Wrong person - should be John Smith",
        "Please can you also do John Smith, john.smith@dsit.gov.uk",
        "Please also remove John Smith, who left last week", "And the same for John Smith please",
        "Can you do John Smith as well?", "Please remove john.smith@dsit.gov.uk, too.",
        "Leaver's email is jane.doe2@dsit.gov.uk", "Her correct e-mail: jane.smith@dsit.gov.uk",
    ],
)  # fmt: skip
def test_somebody_else_instead_or_as_well_is_asked(text: str) -> None:
    expected = Read(name="Jane Doe", email=JANE, leaving_date=DAY, asks=(ANOTHER_LEAVER,))
    assert read(LEAVER, comments=[text]) == expected
    assert read(f"{text}\n\n{LEAVER}") == expected


@pytest.mark.parametrize(
    "text",
    [
        "Please also remove Jane Doe from GitHub.", "Please also let Sam Hill know.",
        "Please also remove her from Trade Tariff.", f"Her address is also {JANE}.",
        f"Her manager's email is {SAM}.", "Her personal email is jane@example.com.",
        "Sam Hill, her manager, is on leave, too.", "Access removed from Lorem Ipsum by Sam Hill.",
        "@Sam Hill can you also check AWS?", "I have asked Sam Hill to remove her.",
        "Her email is J.Doe@dsit.gov.uk.",
    ],
)  # fmt: skip
def test_ordinary_text_beside_a_leavers_own_name_is_not_asked(text: str) -> None:
    assert read(LEAVER, comments=[text]) == JANE_DOE
    assert read(f"{text}\n\n{LEAVER}") == JANE_DOE


@pytest.mark.parametrize(
    "name", ["Jane Doe + 2 others", "Jane Doe and two others", "Jane Doe plus 3 more"]
)
def test_a_leaver_and_others_are_several(name: str) -> None:
    read_from = read(f"Leaver name: {name}\nLeaving date: 18/12/2026")
    assert (read_from.leaving_date, read_from.asks) == (DAY, (SEVERAL,))


@pytest.mark.parametrize(
    "remark", ["(line manager)", "(her manager)", "- manager", "[approver]", "(HR contact)"]
)
def test_an_address_with_a_remark_about_somebody_else_is_not_the_leavers(remark: str) -> None:
    form = f"Leaver: Jane Doe\nEmail: {{}} {remark}\nLeaving date: 18/12/2026"
    assert read(form.format(SAM)) == Read(name="Jane Doe", leaving_date=DAY)
    assert read(form.format("anna.doe@dsit.gov.uk")) == Read(name="Jane Doe", leaving_date=DAY)
    assert read(form.format(JANE)) == JANE_DOE
    alone = form.replace("Leaver: Jane Doe\n", "").format(SAM)
    assert read(alone) == Read(leaving_date=DAY, asks=(NOBODY,))
