"""The details of managers, requesters, approvers and signatures are never the leaver's."""

import pytest

from service.domain.reading.people import ANOTHER_LEAVER, NOBODY, NOT_SURE, TWO_NAMES
from service.domain.ticket import value_of
from tests.domain.reading.reading_tickets import DATE_FIELD, DAY, JANE, SAM, Read, read, read_ticket

JANE_DOE = Read(name="Jane Doe", email=JANE, leaving_date=DAY)
NAME_ONLY = Read(name="Jane Doe", leaving_date=DAY)
LEAVER = f"Leaver name: Jane Doe\nLeaver email: {JANE}\nLeaving date: 18/12/2026"

OTHERS = [
    "Line manager", "Line manager's name", "Manager", "Name of manager", "Leaver's line manager",
    "Leaver's manager's name", "Requester", "Requestor name", "Requested by", "Submitted by",
    "Name of submitter", "Approver", "Approved by", "Approving manager", "HR contact",
    "HR business partner", "Contact name", "Point of contact", "Form completed by", "Raised by",
    "Your name", "Reporting manager", "Reports to", "Team lead", "Head of department",
    "Authorised by", "Sponsor", "Replacement", "Handover to", "Delegate", "Next of kin",
    "Emergency contact", "Preferred name", "Previous name", "Known as", "From", "Cc",
    "Reported by", "Name of person completing this form",
]  # fmt: skip


@pytest.mark.parametrize("label", OTHERS)
def test_somebody_elses_name_is_not_the_leavers(label: str) -> None:
    read_from = read(f"{label}: Sam Hill\nLeaving date: 18/12/2026")
    assert read_from == Read(leaving_date=DAY, asks=(NOBODY,))


@pytest.mark.parametrize("label", OTHERS)
def test_somebody_elses_name_does_not_stand_in_the_leavers_way(label: str) -> None:
    assert read(f"{label}: Sam Hill\n{LEAVER}") == JANE_DOE
    assert read(f"{LEAVER}\n{label}: Sam Hill <{SAM}>") == JANE_DOE
    assert read(f"{LEAVER}\n{label}\nSam Hill") == JANE_DOE


@pytest.mark.parametrize(
    "label",
    [
        "Manager email", "Line manager's e-mail", "Manager's email address", "Requester email",
        "Your email", "Contact email", "HR email", "Approver's email", "Email of line manager",
        "Personal email", "Private email", "Home email", "Forwarding email", "Reply to",
        "Email address of the requester",
    ],
)  # fmt: skip
def test_an_address_of_somebody_else_is_not_the_leavers(label: str) -> None:
    assert read(f"Leaver: Jane Doe\n{label}: {SAM}\nLeaving date: 18/12/2026") == NAME_ONLY
    assert read(f"Leaver: Jane Doe\n{label}\n{SAM}\nLeaving date: 18/12/2026") == NAME_ONLY


@pytest.mark.parametrize(
    "heading",
    [
        "Manager details", "**Line manager**", "## Requester", "Requester details:",
        "Your details", "Approver", "HR contact:", "Submitted by", "Line manager information",
        "3. Manager details", "Details of the line manager", "About you", "Budget holder",
        "Details of person completing form",
    ],
)  # fmt: skip
def test_a_section_about_somebody_else_is_not_the_leavers(heading: str) -> None:
    theirs = f"{heading}\nName: Sam Hill\nEmail: {SAM}\nPhone: 020 7946 0000"
    ours = f"Leaver details\nName: Jane Doe\nEmail: {JANE}\nLeaving date: 18/12/2026"
    assert read(f"{theirs}\n\n{ours}") == JANE_DOE
    assert read(f"{ours}\n\n{theirs}") == JANE_DOE
    alone = Read(leaving_date=DAY, asks=(NOBODY,))
    assert read(f"Leaving date: 18/12/2026\n\n{theirs}") == alone


@pytest.mark.parametrize("heading", ["Friend:", "Cost code holder", "Site"])
def test_a_section_that_may_be_about_anybody_is_asked(heading: str) -> None:
    form = f"Leaving date: 18/12/2026\n\n{heading}\nName: Sam Hill\nEmail: {SAM}"
    assert read(form) == Read(name="Sam Hill", email=SAM, leaving_date=DAY, asks=(NOT_SURE,))


@pytest.mark.parametrize(
    "heading",
    [
        "Leaver details", "Leaver", "The leaver:", "Details of the leaver", "**Employee details**",
        "About the person leaving", "Section 2: Leaver information", "# Leaver",
        "Staff member leaving",
    ],
)  # fmt: skip
def test_a_section_about_the_leaver_is_the_leavers(heading: str) -> None:
    ours = f"{heading}\n\nName: Jane Doe\n\nEmail: {JANE}\n\nLeaving date: 18/12/2026"
    assert read(f"Manager details\n\nName: Sam Hill\n\nEmail: {SAM}\n\n{ours}") == JANE_DOE


def test_an_address_after_the_managers_name_is_taken_only_if_it_spells_the_leavers() -> None:
    form = "Leaver: Jane Doe\nLine manager: Sam Hill\nEmail: {}\nLeaving date: 18/12/2026"
    assert read(form.format(SAM)) == NAME_ONLY
    assert read(form.format(JANE)) == JANE_DOE


def test_an_address_in_the_leavers_section_may_still_be_the_managers() -> None:
    form = f"Leaver details\nName: Jane Doe\nLine manager: Sam Hill\nEmail: {SAM}\n"
    assert read(f"{form}Leaving date: 18/12/2026") == NAME_ONLY


def test_a_bare_address_that_spells_the_requesters_name_is_the_requesters() -> None:
    form = "Name: Sam Hill\nTeam: Data\nLeaver: Jane Doe\nEmail: {}\nLeaving date: 18/12/2026"
    assert read(form.format(SAM)) == NAME_ONLY
    assert read(form.format(JANE)) == JANE_DOE


@pytest.mark.parametrize("head", ["", "Role", "Team"])
def test_a_row_that_begins_with_whose_it_is_gives_the_leavers_name(head: str) -> None:
    ours, theirs = f"| Leaver | Jane Doe | {JANE} |", f"| Manager | Sam Hill | {SAM} |"
    for rows in (f"{ours}\n{theirs}", f"{theirs}\n{ours}"):
        table = f"| {head} | Name | Email |\n|---|---|---|\n{rows}\n\nLeaving date: 18/12/2026"
        assert read(table) == NAME_ONLY


def test_an_address_after_a_long_label_about_a_manager_is_the_managers() -> None:
    form = f"Agreed with finance manager: Sam Hill\nEmail: {SAM}\nName: Jane Doe\n"
    assert read(f"{form}Leaving date: 18/12/2026") == NAME_ONLY


def test_a_label_after_a_sentence_about_a_manager_is_the_leavers() -> None:
    assert read("Manager agreed. Leaver: Jane Doe\nLeaving date: 18/12/2026") == NAME_ONLY


def test_a_name_after_the_requesters_details_begins_the_leavers() -> None:
    form = f"Requested by: Sam Hill\nEmail: {SAM}\n\nName: Jane Doe\nEmail: {JANE}\n"
    assert read(form + "Leaving date: 18/12/2026") == JANE_DOE


def test_a_bare_name_beside_a_leavers_name_is_who_filled_the_form_in() -> None:
    assert read(f"Name: Sam Hill\nEmail: {SAM}\nTeam: Data\n\n{LEAVER}") == JANE_DOE
    assert read(f"First name: Sam\nLast name: Hill\nEmail: {SAM}\n\n{LEAVER}") == JANE_DOE
    assert read(f"{LEAVER}\n\nName: Sam Hill\nEmail: {SAM}") == JANE_DOE


@pytest.mark.parametrize(
    "blank",
    [
        "Leaver name:",
        "Leaver name: N/A",
        "Who is leaving:",
        "Leaver details:",
        "Leaver: see attached",
    ],
)
def test_a_bare_name_is_not_sure_if_the_leavers_own_is_blank(blank: str) -> None:
    form = f"Name: Sam Hill\nEmail: {SAM}\n{blank}\nLeaving date: 18/12/2026"
    assert read(form) == Read(name="Sam Hill", email=SAM, leaving_date=DAY, asks=(NOT_SURE,))


def test_an_address_before_the_leavers_name_is_the_requesters_unless_it_spells_the_name() -> None:
    form = "Email: {}\nLeaver name: Jane Doe\nLeaving date: 18/12/2026"
    assert read(form.format(SAM)) == NAME_ONLY
    assert read(form.format(JANE)) == JANE_DOE


@pytest.mark.parametrize(
    "message",
    [
        "Message: Jane Doe is leaving us",
        "Details: please remove Jane Doe",
        "Hi, please remove access for Jane Doe.",
        "Jane Doe's last day is soon.",
        "Jane Doe leaving GDS",
    ],
)
def test_running_text_that_names_another_leaver_than_a_bare_name_is_asked(message: str) -> None:
    form = f"Name: Sam Hill\nEmail: {SAM}\n{message}\n\nLeaving date: 18/12/2026"
    expected = Read(name="Sam Hill", email=SAM, leaving_date=DAY, asks=(ANOTHER_LEAVER,))
    assert read(form) == expected


def test_a_name_under_a_heading_about_the_leaver_is_the_leavers() -> None:
    form = f"Contact details\nName: Sam Hill\nEmail: {SAM}\n\nLeaver\nJane Doe\n{JANE}\n\n"
    theirs = read(form.removeprefix("Contact details\n") + "Leaving date: 18/12/2026")
    assert read(f"{form}Leaving date: 18/12/2026").asks == ()
    assert (theirs.name, theirs.email, theirs.asks) == ("Jane Doe", JANE, ())


def test_the_managers_address_beside_the_leavers_name_is_left_out() -> None:
    form = f"Leaver: Jane Doe, line manager Sam Hill {SAM}\nLeaving date: 18/12/2026"
    assert read(form) == NAME_ONLY


@pytest.mark.parametrize(
    "line", ["Job title of leaver: Delivery Lead", "Laptop of the leaver: Mac Pro"]
)
def test_what_belongs_to_the_leaver_is_not_the_leavers_name(line: str) -> None:
    assert read(f"{line}\nLeaving date: 18/12/2026").asks == (NOBODY,)


def test_a_quoted_ticket_about_somebody_else_is_asked() -> None:
    read_from = read(f"{LEAVER}\n\n> Leaver name: John Smith\n> Leaving date: 18/12/2026")
    assert read_from == Read(name="Jane Doe", email=JANE, leaving_date=DAY, asks=(TWO_NAMES,))


SIGNATURES = [
    f"Kind regards,\n\nSam Hill\nDelivery Manager\nEmail: {SAM}\nTel: 020 7946 0000",
    f"Many thanks\nSam\n\nName: Sam Hill\nEmail: {SAM}",
    f"Thanks, Sam Hill\nE-mail: {SAM}",
    f"Best wishes\nSam Hill | Head of Data | {SAM} | 07700 900123",
    f"-- \nSam Hill\nName: Sam Hill\nEmail: {SAM}",
    f"Cheers,\nSam\nE: {SAM}\nM: 07700 900123",
    f"Regards\nSam Hill <{SAM}>\nPronouns: she/her\nLine manager: Alex Price",
    f"Yours sincerely,\n\n**Sam Hill**\n[{SAM}](mailto:{SAM})\nWork email: {SAM}",
    f"Sent from my iPhone\nEmail: {SAM}",
    f"Sam Hill\nGovernment Digital Service\nEmail: {SAM}",
]


@pytest.mark.parametrize("signature", SIGNATURES)
def test_a_signature_is_not_the_leavers(signature: str) -> None:
    assert read(f"Hi team,\n\n{LEAVER}\n\n{signature}") == JANE_DOE
    assert read(f"Leaver: Jane Doe\nLeaving date: 18/12/2026\n\n{signature}") == NAME_ONLY


@pytest.mark.parametrize("signature", SIGNATURES)
def test_a_signature_in_a_comment_is_not_the_leavers(signature: str) -> None:
    assert read(LEAVER, comments=[f"Any news?\n\n{signature}"]) == JANE_DOE


@pytest.mark.parametrize("signature", SIGNATURES)
def test_a_signature_alone_decides_nothing(signature: str) -> None:
    read_from = read(f"Please remove their access.\nLeaving date: 18/12/2026\n\n{signature}")
    assert set(read_from.asks) & {NOBODY, NOT_SURE}


def test_a_form_after_thanks_is_read_all_the_same() -> None:
    form = f"Name: Jane Doe\nEmail: {JANE}\nLeaving date: 18/12/2026"
    assert read(f"Please remove access.\n\nThanks\n\n{form}\n\n{SIGNATURES[0]}") == JANE_DOE


@pytest.mark.parametrize(
    "head",
    [
        (
            f"-----Original Message-----\nFrom: Sam Hill <{SAM}>\nSent: 23 November 2026 09:12\n"
            "To: Support\nSubject: Leaver"
        ),
        (
            f"---------- Forwarded message ---------\nFrom: Sam Hill <{SAM}>\n"
            "Date: Mon, 23 Nov 2026 at 09:12\nSubject: Leaver\nTo: Support <support@dsit.gov.uk>"
        ),
        (
            f"Begin forwarded message:\n\nFrom: {SAM}\nDate: 23 November 2026 at 09:12:00 GMT\n"
            "To: support@dsit.gov.uk\nCc: Alex Price <alex.price@dsit.gov.uk>"
        ),
        f"On Mon, 23 Nov 2026 at 09:12, Sam Hill <{SAM}> wrote:",
        f"________________________________\nFrom: Sam Hill <{SAM}>\nSent: Monday",
    ],
)
def test_a_forwarded_mail_is_read_below_its_head(head: str) -> None:
    mail = f"FYI\n\nKind regards,\nAlex Price\nEmail: alex.price@dsit.gov.uk\n\n{head}\n\nHi,\n\n"
    form = f"Name: Jane Doe\nEmail: {JANE}\nLeaving date: 18/12/2026\n\nThanks,\nSam\nEmail: {SAM}"
    quoted = "\n".join(f"> {line}" for line in form.splitlines())
    assert read(mail + form) == JANE_DOE
    assert read(mail + quoted) == JANE_DOE


@pytest.mark.parametrize(
    ("head", "mark"),
    [
        ("On Mon, 23 Nov 2026 at 09:12, somebody wrote:", ""),
        (f"From: Sam Hill <{SAM}>\n", ""),
        ("-----Original Message-----", ""),
        ("", "> "),
    ],
)
def test_a_signature_ends_where_another_mail_begins(head: str, mark: str) -> None:
    form = f"{mark}Name: Jane Doe\n{mark}Email: {JANE}"
    mail = f"Kind regards,\nAlex Price\n\n{head}\n{form}"
    assert read(mail, fields={DATE_FIELD: "2026-12-18"}) == JANE_DOE


def test_the_head_of_a_mail_ends_with_a_blank_line() -> None:
    mail = f"From: Sam Hill <{SAM}>\nTo: desk@dsit.gov.uk\n\nName: Jane Doe\nEmail: {JANE}\n"
    assert read(f"{mail}Leaving date: 18/12/2026") == JANE_DOE


def test_a_mere_address_that_no_name_stands_beside_may_be_anybodys() -> None:
    alone = f"Email: {JANE}\nLeaving date: 18/12/2026"
    assert read(alone) == Read(email=JANE, leaving_date=DAY, asks=(NOT_SURE,))
    assert read(f"Leaver {alone}") == Read(email=JANE, leaving_date=DAY)
    assert read(f"Leaver: Jane Doe\n\nPlease see below.\n\n{alone}") == JANE_DOE


def test_the_subject_of_a_forwarded_mail_counts_as_a_subject() -> None:
    head = f"From: Sam Hill <{SAM}>\nTo: Support\nSubject: Leaver: Jane Doe - 18/12/2026"
    assert read(f"{head}\n\nPlease see above.") == NAME_ONLY


def test_the_heads_of_mails_date_nothing() -> None:
    mail = f"From: Sam Hill <{SAM}>\nDate: 23/11/2026\nSent: 23/11/2026\n\nLeaver: Jane Doe\n"
    assert read(mail + "Leaving date: 18/12/2026") == NAME_ONLY


@pytest.mark.parametrize(
    "opening",
    [
        "Please can you remove access for the following leaver:",
        "Could you please remove access for our leaver:",
        "Can we remove access for the following user:",
    ],
)
def test_someone_who_is_asked_kindly_is_not_whose_details_follow(opening: str) -> None:
    found = read_ticket(f"{opening}\n\nName: Jane Doe\nLeaving date: 18/12/2026")

    assert (value_of(found.name), found.questions) == ("Jane Doe", ())
