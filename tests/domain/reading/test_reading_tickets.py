"""Whole made-up tickets, as service desks, colleagues and mail programs send them."""

from datetime import date

import pytest

from service.domain.dates import MISSING
from service.domain.reading.leaving import ONLY_IN_TEXT
from service.domain.reading.people import NOBODY, SEVERAL
from service.domain.reading.staying import CANCELLED
from tests.domain.reading.reading_tickets import DAY, JANE, SAM, Read, read

LAST_DAY = date(2026, 12, 11)

A_COLLEAGUES_MAIL = f"""Hi GOV.UK team,

We have a member of staff leaving the department and need their access to be removed.

Full name: Jane Doe
Email address: {JANE}
Department/team: Cabinet Office, Comms
Leaving date: Friday 18th December 2026

Could you also let me know when this is done?

Many thanks,

Sam Hill
Senior Business Manager | Cabinet Office
E: {SAM}
M: 07700 900 123

This email may hold official information. If you are not the intended recipient, please delete it.
"""

A_SERVICE_DESK_FORM = f"""Name
Sam Hill

Email address
{SAM}

Organisation
Government Digital Service

What do you want to do?
Remove a leaver

Name of person leaving
Jane Doe

Their email address
{JANE}

Leaving date
18 December 2026

Last working day
11 December 2026

Anything else?
They have a laptop and a phone
"""

A_MARKDOWN_FORM = f"""## Leaver details

| Field | Value |
|:------|:------|
| **First name(s)** | Jane |
| **Surname** | Doe |
| **Work email** | [{JANE}](mailto:{JANE}) |
| **Contract end date** | 18/12/26 |
| **GitHub username** | @jane-doe |

## Line manager

| Field | Value |
|:------|:------|
| **Name** | Sam Hill |
| **Email** | [{SAM}](mailto:{SAM}) |
"""

AN_HTML_FORM = f"""<html><head><title>Leaver</title><style>td {{ color: red }}</style></head><body>
<h2>Staff leaver notification</h2>
<table border="1">
  <tr><td><b>Employee</b></td><td>Doe,&nbsp;Jane</td></tr>
  <tr><td><b>Personal email</b></td><td>jane@example.com</td></tr>
  <tr><td><b>Work email</b></td><td><a href="mailto:{JANE}">{JANE}</a></td></tr>
  <tr><td><b>Leave date</b></td><td>18.12.2026</td></tr>
  <tr><td><b>Notified by</b></td><td>Sam Hill</td></tr>
  <tr><td><b>HR contact</b></td><td>hr@dsit.gov.uk</td></tr>
</table><p>Kind regards,<br>Sam Hill<br>Email: {SAM}</p></body></html>
"""

A_FORWARDED_MAIL = f"""Please see below.

Regards
Alex Price
Service Desk
Email: alex.price@dsit.gov.uk

From: Sam Hill <{SAM}>
Sent: 20 November 2026 16:05
To: Service Desk <desk@dsit.gov.uk>
Cc: HR <hr@dsit.gov.uk>
Subject: FW: Leaver - Jane Doe

> Hello,
>
> \u2022 Leaver\u2019s name: Jane Doe
> \u2022 Leaver\u2019s e-mail: {JANE}
> \u2022 Last day in the office: 11 Dec 2026
> \u2022 Date of leaving: 18 Dec 2026
> \u2022 Line manager: Sam Hill
>
> Thanks,
> Sam
"""

A_COLUMN_FORM = f"""Employee Name: Jane Doe        Employee ID: 123456
Department: Digital             Location: London
Leaving Date: 18/12/2026        Last Working Day: 11/12/2026
Line Manager: Sam Hill          Manager Email: {SAM}
Work email: {JANE}"""

A_NUMBERED_FORM = f"""Leaver form

1. Who is leaving?
   Jane Doe
2. What is their email address?
   {JANE}
3. When is their last day?
   18 December 2026
4. Who is their line manager?
   Sam Hill
5. What is the line manager's email address?
   {SAM}
"""

A_SPREADSHEET_ROW = f"""Team\tName\tEmail\tLine manager\tManager email\tLeaving date
Data\tJane Doe\t{JANE}\tSam Hill\t{SAM}\t18/12/2026"""


@pytest.mark.parametrize(
    ("ticket", "last_day", "name", "github"),
    [
        pytest.param(A_COLLEAGUES_MAIL, None, "Jane Doe", None, id="mail"),
        pytest.param(A_SERVICE_DESK_FORM, LAST_DAY, "Jane Doe", None, id="service desk"),
        pytest.param(A_MARKDOWN_FORM, None, "Jane Doe", "jane-doe", id="Markdown"),
        pytest.param(AN_HTML_FORM, None, "Doe, Jane", None, id="HTML"),
        pytest.param(A_FORWARDED_MAIL, LAST_DAY, "Jane Doe", None, id="forwarded"),
        pytest.param(A_COLUMN_FORM, LAST_DAY, "Jane Doe", None, id="two columns"),
        pytest.param(A_NUMBERED_FORM, DAY, "Jane Doe", None, id="numbered"),
        pytest.param(A_SPREADSHEET_ROW, None, "Jane Doe", None, id="spreadsheet"),
    ],
)
def test_a_whole_ticket_is_read(
    ticket: str, last_day: date | None, name: str, github: str | None
) -> None:
    expected = Read(
        name=name, email=JANE, github=github, leaving_date=DAY, last_working_day=last_day
    )
    assert read(ticket) == expected
    assert read(ticket.replace("\n", "\r\n")) == expected


def test_a_mail_in_running_text_is_asked_with_the_date_that_it_gives() -> None:
    read_from = read(
        f"Hi,\n\nJust to let you know that Jane Doe ({JANE}) will be leaving on Friday 18 December."
        f"\nPlease remove her access after that.\n\nBest wishes\nSam\n{SAM}"
    )
    assert read_from == Read(leaving_date=DAY, asks=(NOBODY, ONLY_IN_TEXT))


def test_a_ticket_with_a_table_of_leavers_is_asked() -> None:
    read_from = read(
        "Please remove these leavers:\n\n| Name | Email | Leaving date |\n|---|---|---|\n"
        f"| Jane Doe | {JANE} | 18/12/2026 |\n| John Smith | john@dsit.gov.uk | 18/12/2026 |"
    )
    assert read_from == Read(name="Jane Doe", email=JANE, leaving_date=DAY, asks=(SEVERAL,))


def test_a_conversation_that_ends_with_the_leaver_staying_is_asked() -> None:
    comments = [
        "Hi Sam, could you tell us when she leaves?\n\nAlex",
        f"Leaving date: 18/12/2026\n\nSam Hill\nEmail: {SAM}",
        f"Sorry, Jane is not leaving after all!\n\nSam\n\n> Leaver: Jane Doe\n> Email: {JANE}",
    ]
    read_from = read(f"Leaver: Jane Doe\nEmail: {JANE}", comments=comments)
    assert read_from == Read(name="Jane Doe", email=JANE, leaving_date=DAY, asks=(CANCELLED,))


def test_a_conversation_that_only_lacks_the_date_asks_for_no_more() -> None:
    comments = [f"Any update?\n\nKind regards\nSam Hill\nEmail: {SAM}\nTel: 020 7946 0000"]
    read_from = read(f"Leaver: Jane Doe\nEmail: {JANE}\nManager: Sam Hill", comments=comments)
    assert read_from == Read(name="Jane Doe", email=JANE, asks=(MISSING,))
