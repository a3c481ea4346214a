"""People in lists whose keys, headings and addresses are less usual, and things that look alike."""

import pytest

from service.domain.access_lists.entries import entries_from_yaml

Row = tuple[str, str | None, str | None, str | None]
JANE: Row = ("Jane Doe", "jane@x.uk", None, None)
SPELT: Row = ("Jane Doe", "jane.doe@x.uk", None, None)
NAMED: Row = ("Jane Doe", None, None, None)


def rows(text: str) -> list[Row]:
    entries = entries_from_yaml(text, file="config/people.yml")
    return [(entry.name, entry.email, entry.github, entry.ssh) for entry in entries]


PEOPLE: dict[str, tuple[str, list[Row]]] = {
    "an address by a key in camel case": (
        "- emailAddress: jane@x.uk",
        [("", "jane@x.uk", None, None)],
    ),
    "every field in camel case": (
        "x:\n- {displayName: Jane Doe, eMail: jane@x.uk, GitHubUserName: jd, sshUsername: j}",
        [("Jane Doe", "jane@x.uk", "jd", "j")],
    ),
    "an address of a named kind": ("- {name: Jane Doe, gds_email: jane@x.uk}", [JANE]),
    "an address with a number": ("- {name: Jane Doe, email_2: jane@x.uk}", [JANE]),
    "an address alone, of a user": (
        "- user_email: jane@x.uk",
        [("", "jane@x.uk", None, None)],
    ),
    "an address by its kind makes a person under any heading": (
        "x:\n- {name: Jane Doe, google_mail: jane@x.uk}",
        [JANE],
    ),
    "a contact's address": ("- {name: Jane Doe, contact_email: jane@x.uk}", [JANE]),
    "an address one level down": ("- {name: Jane Doe, contact: {email: jane@x.uk}}", [JANE]),
    "accounts one level down": (
        "- {name: Jane Doe, accounts: {github: jd, ssh: jane}}",
        [("Jane Doe", None, "jd", "jane")],
    ),
    "addresses with their kinds": (
        "- {name: Jane Doe, emails: [{kind: work, address: jane@x.uk}]}",
        [JANE],
    ),
    "a field's key for a heading": (
        "github: {org: x, teams: {gds: [{name: Jane Doe, email: jane@x.uk}]}}",
        [JANE],
    ),
    "the people of one team": ("team:\n- {name: Jane Doe, email: jane@x.uk}", [JANE]),
    "an address that spells the name, under a heading of things": (
        "contacts: [{name: Jane Doe, email: jane.doe@x.uk}]",
        [SPELT],
    ),
    "an initial and a surname in the address": (
        "services: [{name: Jane Doe, email: jdoe@x.uk}]",
        [("Jane Doe", "jdoe@x.uk", None, None)],
    ),
    "a text whose address spells the name": ("services: [Jane Doe <jane.doe@x.uk>]", [SPELT]),
    "a role under an unknown heading": ("publishing: [{name: Jane Doe, role: admin}]", [NAMED]),
    "user names that spell the names": (
        "jdoe: Jane Doe\njohnroe: John Roe",
        [("Jane Doe", None, None, "jdoe"), ("John Roe", None, None, "johnroe")],
    ),
    "an address with its name": ("users: {jane@x.uk: Jane Doe}", [JANE]),
    "a post is not a name": ("users: {a@x.uk: Senior Developer}", [("", "a@x.uk", None, None)]),
    "a user by name": ("- {user: Jane Doe, email: jane@x.uk}", [JANE]),
    "a user by user name": ("users: [{user: jdoe}]", [("", None, None, "jdoe")]),
    "a user by address": ("- {user: jane@x.uk, name: Jane Doe}", [JANE]),
    "a member by name": ("- member: Jane Doe", [NAMED]),
    "a user name that is a name": ("- {username: Jane Doe, email: jane@x.uk}", [JANE]),
    "a real name": ("- {login: jd, real_name: Jane Doe}", [("Jane Doe", None, None, "jd")]),
    "what each may do": (
        "users: {jdoe: [admin, ssh], jroe: [read_write]}",
        [("", None, None, "jdoe"), ("", None, None, "jroe")],
    ),
    "what each may do, or who is there": (
        "users: {jdoe: [wiki]}",
        [("", None, None, "jdoe"), ("", None, None, "wiki")],
    ),
    "rights, and somebody who has them": (
        "users: {web: [admin, jdoe]}",
        [("", None, None, "web"), ("", None, None, "admin"), ("", None, None, "jdoe")],
    ),
    "who is in each place": (
        "users: {production: [jdoe], web: [Jane Doe]}",
        [("", None, None, "jdoe"), NAMED],
    ),
    "readers": ("reader: [Jane Doe]", [NAMED]),
}


@pytest.mark.parametrize(("text", "expected"), PEOPLE.values(), ids=PEOPLE)
def test_people_are_found_by_less_usual_words(text: str, expected: list[Row]) -> None:
    assert rows(text) == expected


NOBODY = {
    "addresses of a configuration": "from_email: a@x.uk\nadminEmail: b@x.uk\ngds_email: c@x.uk",
    "a service's contact address": "services: [{name: Content Store, contact_email: a@x.uk}]",
    "a service's contact": (
        "services: [{name: Content Store, contact: {name: Jane Doe, email: jane.doe@x.uk}}]"
    ),
    "a service's contacts": (
        "services: [{name: Content Store, contacts: [{name: Jane Doe, email: jane.doe@x.uk}]}]"
    ),
    "a service's mailbox by its name": "services: [{name: Red Fox, email: red-fox@x.uk}]",
    "a team's mailbox by its name": "teams: [{name: Publishing Team, email: publishing.team@x.uk}]",
    "one team": "team: {name: Red Fox, email: red.fox@x.uk}",
    "names of teams": "team: [Red Fox, publishing]",
    "bots": "bots: [{name: Deploy Bot, email: deploy.bot@x.uk}]",
    "a thing with an address that spells it": (
        "services: [{name: Red Fox, email: red.fox@x.uk, description: x}]"
    ),
    "a team with a role": "x: [{name: Publishing Team, role: admin}]",
    "servers with roles": "servers: [{name: Red Fox, role: primary}]",
    "services with a channel": "x: [{name: Red Fox, slack: red, team: blue}]",
    "countries": "gb: United Kingdom\nnz: New Zealand",
    "titles by slug": "red-fox: Red Fox\ncheck_out: Check Out",
    "words in other places": "topics: {jdoe: Jane Doe}",
    "a service's user": "user: www-data",
    "teams of an organisation": "github: {org: x, teams: [gds, web]}",
    "servers that are read from": "reader: [db1, db2]",
}


@pytest.mark.parametrize("text", NOBODY.values(), ids=NOBODY)
def test_things_that_look_alike_are_nobody(text: str) -> None:
    assert rows(text) == []


@pytest.mark.parametrize("key", ["manager_email", "lineManagerEmail", "owner_email", "team_email"])
def test_somebody_elses_address_is_not_the_persons(key: str) -> None:
    assert rows(f"- {{name: Jane Doe, email: jane@x.uk, {key}: other@x.uk}}") == [JANE]
