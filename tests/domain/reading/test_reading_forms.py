"""Labels and values in the forms that people and forms produce."""

import pytest

from tests.domain.reading.reading_tickets import DAY, JANE, Read, read

JANE_DOE = Read(name="Jane Doe", email=JANE, leaving_date=DAY)


@pytest.mark.parametrize(
    "description",
    [
        pytest.param(f"Name: Jane Doe\nEmail: {JANE}\nLeaving date: 18/12/2026", id="plain"),
        pytest.param(f"Name:Jane Doe\nEmail:{JANE}\nLeaving date:18/12/2026", id="no space"),
        pytest.param(f"NAME : Jane Doe\nE-MAIL : {JANE}\nLEAVING DATE : 18/12/2026", id="shouted"),
        pytest.param(
            f"Name\uff1a Jane Doe\nEmail\uff1a{JANE}\nLeaving date\uff1a18/12/2026", id="wide"
        ),
        pytest.param(
            f"Name - Jane Doe\nEmail \u2013 {JANE}\nLeaving date \u2014 18/12/2026", id="dash"
        ),
        pytest.param(f"Name = Jane Doe\nEmail={JANE}\nLeaving date => 18/12/2026", id="equals"),
        pytest.param(
            f"Name >> Jane Doe\nEmail>>{JANE}\nLeaving date >> 18/12/2026", id="double angles"
        ),
        pytest.param(
            f"Name....... Jane Doe\nEmail.......{JANE}\nLeaving date...18/12/2026", id="leaders"
        ),
        pytest.param(f"Name\tJane Doe\nEmail\t{JANE}\nLeaving date\t18/12/2026", id="tabs"),
        pytest.param(f"Name:\tJane Doe\nEmail:\t{JANE}\nLeaving date:\t18/12/2026", id="colon tab"),
        pytest.param(
            f"Name      Jane Doe\nEmail     {JANE}\nLeaving date   18/12/2026", id="columns"
        ),
        pytest.param(f"Name,Jane Doe\nEmail,{JANE}\nLeaving date,18/12/2026", id="commas"),
        pytest.param(
            f"Leaver Name: Jane Doe\nEmail: {JANE}\nLeaving date 18/12/2026", id="no mark"
        ),
        pytest.param(
            f"Name: Jane Doe\r\nEmail: {JANE}\r\nLeaving date: 18/12/2026\r\n", id="Windows"
        ),
        pytest.param(
            f"Name:\u00a0Jane\u00a0Doe\nEmail:\u00a0{JANE}\nLeaving\u00a0date: 18/12/2026",
            id="nbsp",
        ),
        pytest.param(
            f"Na\u200bme: Jane Doe\nEmail: {JANE}\u200b\nLeaving date: 18/12/2026", id="zero width"
        ),
        pytest.param(f"\ufeffName: Jane Doe\nEmail: {JANE}\nLeaving date: 18/12/2026", id="BOM"),
        pytest.param(
            f"- Name: Jane Doe\n- Email: {JANE}\n- Leaving date: 18/12/2026", id="bullets"
        ),
        pytest.param(f"* Name: Jane Doe\n* Email: {JANE}\n* Leaving date: 18/12/2026", id="stars"),
        pytest.param(
            f"\u2022 Name: Jane Doe\n\u2022 Email: {JANE}\n\u2022\tLeaving date: 18/12/2026",
            id="dots",
        ),
        pytest.param(
            f"1. Name: Jane Doe\n2) Email: {JANE}\n3. Leaving date: 18/12/2026", id="numbers"
        ),
        pytest.param(
            f"**Name:** Jane Doe\n**Email**: {JANE}\n*Leaving date:* 18/12/2026", id="bold"
        ),
        pytest.param(
            f"__Name:__ Jane Doe\n_Email_: {JANE}\n`Leaving date`: 18/12/2026", id="emphasis"
        ),
        pytest.param(
            f"Name*: Jane Doe\nEmail (required): {JANE}\nLeaving date (DD/MM/YYYY): 18/12/2026",
            id="hints",
        ),
        pytest.param(f"> Name: Jane Doe\n> Email: {JANE}\n>Leaving date: 18/12/2026", id="quoted"),
        pytest.param(
            f">> Name: Jane Doe\n> > Email: {JANE}\n>> Leaving date: 18/12/2026", id="quoted twice"
        ),
        pytest.param(f"Name\nJane Doe\nEmail\n{JANE}\nLeaving date\n18/12/2026", id="below"),
        pytest.param(
            f"Name:\n\nJane Doe\n\nEmail:\n\n{JANE}\n\nLeaving date:\n\n18/12/2026",
            id="below, spaced",
        ),
        pytest.param(
            f"## Name\nJane Doe\n\n## Email\n{JANE}\n\n## Leaving date\n18/12/2026", id="headings"
        ),
        pytest.param(
            f"Name: Jane Doe, Email: {JANE}, Leaving date: 18/12/2026", id="one line, commas"
        ),
        pytest.param(
            f"Name: Jane Doe; Email: {JANE}; Leaving date: 18/12/2026", id="one line, semicolons"
        ),
        pytest.param(
            f"Name: Jane Doe Email: {JANE} Leaving date: 18/12/2026", id="one line, nothing"
        ),
        pytest.param(
            f"Name: Jane Doe | Email: {JANE} | Leaving date: 18/12/2026", id="one line, bars"
        ),
        pytest.param(
            f"| Name | Jane Doe |\n| Email | {JANE} |\n| Leaving date | 18/12/2026 |",
            id="table, rows",
        ),
        pytest.param(
            "| Field | Value |\n|---|---|\n| Name | Jane Doe |\n"
            f"| Email | {JANE} |\n| Leaving date | 18/12/2026 |",
            id="table, headed rows",
        ),
        pytest.param(
            f"Name | Jane Doe | Email | {JANE} | Leaving date | 18/12/2026", id="table, one row"
        ),
        pytest.param(
            f"| Name | Email | Leaving date |\n|---|:-:|---|\n| Jane Doe | {JANE} | 18/12/2026 |",
            id="table, columns",
        ),
        pytest.param(
            "| Team | Name | Email | Grade | Leaving date |\n"
            f"| Data | Jane Doe | {JANE} | G7 | 18/12/2026 |",
            id="table, other columns",
        ),
        pytest.param(
            f"Name\tEmail\tLeaving date\nJane Doe\t{JANE}\t18/12/2026", id="columns, tabs"
        ),
        pytest.param(
            f"Name        Email                 Leaving date\nJane Doe    {JANE}  18/12/2026",
            id="columns, spaces",
        ),
        pytest.param(f"Name,Email,Leaving date\nJane Doe,{JANE},18/12/2026", id="columns, commas"),
        pytest.param(
            f'Name,Email,Leaving date\n"Jane Doe","{JANE}","18/12/2026"', id="columns, CSV"
        ),
        pytest.param(
            f"<p><b>Name:</b> Jane Doe</p><p>Email: {JANE}</p><p>Leaving&nbsp;date: 18/12/2026</p>",
            id="HTML",
        ),
        pytest.param(
            f"Name: Jane Doe<br>Email: {JANE}<br/>Leaving date: 18/12/2026", id="HTML, breaks"
        ),
        pytest.param(
            f"<table>\n <tr>\n <th>Name</th>\n <td>Jane\n Doe</td>\n </tr>\n <tr><th>Email</th>"
            f"<td><a href='mailto:{JANE}'>{JANE}</a></td></tr>\n"
            "<tr><td>Leaving date</td><td>18/12/2026</td></tr></table>",
            id="HTML, table",
        ),
        pytest.param(
            "<style>p {name: x}</style><ul><li>Name: Jane Doe</li>"
            f"<li>Email: {JANE}</li><li>Leaving date: 18/12/2026</li></ul>",
            id="HTML, list",
        ),
        pytest.param(
            "<dl><dt>Name</dt><dd>Jane Doe</dd>"
            f"<dt>Email</dt><dd>{JANE}</dd><dt>Leaving date</dt><dd>18/12/2026</dd></dl>",
            id="HTML, definitions",
        ),
        pytest.param(
            f"Name: Jane Doe\nEmail: {JANE}&nbsp;\nLeaving date: 18&#47;12&#47;2026", id="entities"
        ),
        pytest.param(f"Name: Jane Doe <{JANE}>\nLeaving date: 18/12/2026", id="angle brackets"),
        pytest.param(f"Name: Jane Doe ({JANE})\nLeaving date: 18/12/2026", id="round brackets"),
        pytest.param(f"Name: Jane Doe, {JANE}\nLeaving date: 18/12/2026", id="name, address"),
        pytest.param(f"Leaver: Jane Doe - {JANE} - 18/12/2026", id="all in one"),
        pytest.param(
            f"Leaver: Jane Doe ({JANE}), leaving on Friday 18 December 2026", id="all in words"
        ),
        pytest.param(
            f"Name: [Jane Doe](mailto:{JANE})\nLeaving date: 18/12/2026", id="Markdown link"
        ),
        pytest.param(
            f"Name: Jane Doe\nEmail: [{JANE}](mailto:{JANE})\nLeaving date: 18/12/2026",
            id="Markdown address",
        ),
        pytest.param(
            f"Name: Jane Doe\nEmail: {JANE}<mailto:{JANE}>\nLeaving date: 18/12/2026",
            id="Outlook link",
        ),
        pytest.param(
            f"Name: Jane Doe\nEmail: <{JANE}>\nLeaving date: 18/12/2026", id="bare angle brackets"
        ),
        pytest.param(
            f"Name: Jane Doe\nEmail: Jane Doe <{JANE}>\nLeaving date: 18/12/2026",
            id="name in address",
        ),
        pytest.param(
            f"First name: Jane\nLast name: Doe\nEmail: {JANE}\nLeaving date: 18/12/2026",
            id="names apart",
        ),
        pytest.param(
            f"Surname: Doe\nForename: Jane\nEmail: {JANE}\nLeaving date: 18/12/2026",
            id="surname first",
        ),
        pytest.param(
            "Who is leaving? Jane Doe\n"
            f"What is their email? {JANE}\nWhen are they leaving? 18/12/2026",
            id="questions",
        ),
        pytest.param(
            "Who is leaving?\nJane Doe\n"
            f"What is their work email?\n{JANE}\nWhat is the leaving date?\n18/12/2026",
            id="questions, below",
        ),
        pytest.param(
            f"[Requester]\nSam Hill\n\n[User name]\nJane Doe\n\n[User email]\n{JANE}\n\n"
            "[Leaving date]\n18-12-2026",
            id="square brackets",
        ),
        pytest.param(
            f"Name | Jane Doe | Email | {JANE}\nFloor | 3 | Desk | 4\nLeaving date | 18/12/2026",
            id="rows of two pairs",
        ),
        pytest.param(
            f"Name: Jane Doe <mailto:{JANE}>\nLeaving date: 18/12/2026", id="mailto in brackets"
        ),
        pytest.param(f"Leaver details: Jane Doe, {JANE}, 18/12/2026", id="details in one line"),
        pytest.param(f"Leaver:\nJane Doe\n{JANE}\nLeaving date: 18/12/2026", id="address below"),
        pytest.param(
            f"Name (first): Jane\nName (last): Doe\nEmail: {JANE}\nLeaving date: 18/12/2026",
            id="names apart, brackets",
        ),
        pytest.param(
            f"Leaver name: Jane\nLeaver surname: Doe\nEmail: {JANE}\nLeaving date: 18/12/2026",
            id="name and surname",
        ),
        pytest.param(f"Leaver:\n- Jane Doe\n- {JANE}\n- 18/12/2026", id="bullets below"),
        pytest.param(
            f"Hi, we have a leaver: Jane Doe, email: {JANE}, leaving date: 18/12/2026. Thanks",
            id="in a sentence",
        ),
    ],
)
def test_a_form_is_read(description: str) -> None:
    assert read(description) == JANE_DOE


@pytest.mark.parametrize(
    "label",
    [
        "Name", "Full name", "Leaver", "Leaver name", "Leaver's name", "Leaver\u2019s full name",
        "Leavers name", "Name of leaver", "Name of the leaver", "Name(s) of leaver(s)", "Employee",
        "Employee name", "Employee's name", "Name of employee", "Staff member", "Staff name",
        "Member of staff", "Name of staff member leaving", "Person leaving",
        "Name of the person leaving", "Name of person who is leaving", "Who is leaving",
        "Who's leaving?", "Colleague", "Colleague leaving", "Departing employee", "Individual",
        "User", "Contractor name", "What is the name of the leaver?", "What is the leaver's name",
        "Leaver (full name)", "Name of user", "Offboarding", "First name and surname", "Offboarder",
        "Account holder", "Name of account holder",
    ],
)  # fmt: skip
def test_a_label_of_the_name_is_known(label: str) -> None:
    assert read(f"{label}: Jane Doe\nLeaving date: 18/12/2026").name == "Jane Doe"


@pytest.mark.parametrize(
    "label",
    [
        "Email", "E-mail", "e mail", "Email address", "Work email", "Work e-mail address",
        "Leaver's e-mail", "Leaver email", "Email of leaver", "Leaver's work email address",
        "Employee email", "Staff member's email", "GOV.UK email", "Signon email",
        "Cabinet Office email", "User's email", "Email (work)", "What is their email address?",
        "Official email ID", "Mail", "Digital email address", "GitHub/Signon email",
    ],
)  # fmt: skip
def test_a_label_of_the_address_is_known(label: str) -> None:
    assert read(f"{label}: {JANE}\nLeaving date: 18/12/2026").email == JANE


@pytest.mark.parametrize(
    "label",
    [
        "Leaving date", "Leaver's leaving date", "Date of leaving", "Date leaving", "Leaving on",
        "Leaving", "Leaves on", "End date", "Contract end", "Contract end date", "Contract ends",
        "Contract ends on", "End of contract", "Employment end date", "Date employment ends",
        "Last day of employment", "Last day of service", "Last date of employment",
        "Termination date", "Exit date", "Departure date", "Date of departure", "Finish date",
        "Official leaving date", "Expected leaving date", "When are they leaving?",
        "When is the leaver leaving?", "What date are they leaving?", "Date leaver leaves",
        "Employee leaving date",
        "Leaving date of employee", "Offboarding date", "Effective date", "Date of leaving GDS",
        "Leaving GDS on", "Leaves the department on",
    ],
)  # fmt: skip
def test_a_label_of_the_leaving_date_is_known(label: str) -> None:
    assert read(f"Leaver: Jane Doe\n{label}: 18/12/2026") == Read(name="Jane Doe", leaving_date=DAY)


@pytest.mark.parametrize(
    "label",
    [
        "Last working day", "Last day", "Final day", "Last day in the office", "Last day of work",
        "Last day at work", "Last day working", "Final working day", "Last actual working day",
        "Date of last working day", "Employee's last working day",
        "What is their last working day?", "Last working date", "Last day at GDS", "LWD",
        "Date of last day",
    ],
)  # fmt: skip
def test_a_label_of_the_last_working_day_is_known(label: str) -> None:
    read_from = read(f"Leaver: Jane Doe\n{label}: 18/12/2026")
    assert read_from == Read(name="Jane Doe", leaving_date=DAY, last_working_day=DAY)


@pytest.mark.parametrize(
    "line",
    [
        "GitHub username: janedoe", "GitHub: @janedoe", "Github user name: janedoe",
        "GitHub handle - janedoe", "Leaver's GitHub account: https://github.com/janedoe",
        "GitHub profile: github.com/janedoe/",
    ],
)  # fmt: skip
def test_a_github_user_name_is_read(line: str) -> None:
    assert read(f"Leaver: Jane Doe\n{line}").github == "janedoe"


@pytest.mark.parametrize(
    "value", ["n/a", "none", "yes", "No", "unknown", "-", "", "jane doe", "TBC"]
)
def test_what_is_not_a_github_user_name_is_left_out(value: str) -> None:
    assert read(f"Leaver: Jane Doe\nGitHub username: {value}").github is None


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Doe, Jane", "Doe, Jane"),
        ("DOE, Jane", "DOE, Jane"),
        ("van der Berg, Jan", "van der Berg, Jan"),
        ("Se\u00e1n O\u2019Brien-Smith", "Se\u00e1n O\u2019Brien-Smith"),
        ("Dr Jane Doe OBE", "Dr Jane Doe OBE"),
        ("Jane Doe (contractor)", "Jane Doe (contractor)"),
        ("Jane Doe (line manager Sam Hill)", "Jane Doe"),
        ("Jane Doe (started 1/2/2026)", "Jane Doe"),
        ("Jane Doe (she/her)", "Jane Doe"),
        ("Jane Doe - Senior Developer", "Jane Doe"),
        ("Jane Doe, Senior Developer, GDS", "Jane Doe"),
        ("Will Young", "Will Young"),
        ("April May", "April May"),
        ("Sarah Day", "Sarah Day"),
        ("Pel\u00e9", "Pel\u00e9"),
        ("\u674e\u5c0f\u9f99", "\u674e\u5c0f\u9f99"),
        ("\u041e\u043b\u044c\u0433\u0430 \u041f\u0435\u0442\u0440\u043e\u0432\u0430",) * 2,
    ],
)
def test_a_name_is_kept_as_it_is_written(written: str, name: str) -> None:
    expected = Read(name=name, leaving_date=DAY)
    assert read(f"Leaver: {written}\nLeaving date: 18/12/2026") == expected


@pytest.mark.parametrize(
    "value",
    [
        "",
        "N/A",
        "n/a",
        "unknown",
        "tbc",
        "TBC.",
        "-",
        "\u2014",
        "?",
        "none",
        "See above",
        "See attached",
    ],
)
def test_a_value_that_says_nothing_is_not_a_value(value: str) -> None:
    description = f"Leaver name: {value}\nLeaver email: {JANE}\nLeaving date: 18/12/2026"
    assert read(description) == Read(email=JANE, leaving_date=DAY)
