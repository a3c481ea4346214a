"""People in lists whose keys, headings and addresses are less usual, and things that look alike."""

import pytest

from service.domain.access_lists.entries import entries_from_yaml

Row = tuple[str, str | None, str | None, str | None]
JANE: Row = ("Jane Doe", "jane@x.uk", None, None)
SPELT: Row = ("Jane Doe", "jane.doe@x.uk", None, None)
GITHUB: Row = ("Jane Doe", None, "jd", None)
NAMED: Row = ("Jane Doe", None, None, None)


def rows(text: str) -> list[Row]:
    entries = entries_from_yaml(text, file="config/people.yml")
    return [(entry.name, entry.email, entry.github, entry.ssh) for entry in entries]


PEOPLE: dict[str, tuple[str, list[Row]]] = {
    "an address for a name": (
        "users:\n  jd: {name: jane@x.uk, groups: [dev]}",
        [("", "jane@x.uk", None, "jd")],
    ),
    "an address beside a name": ("- name: Jane Doe <jane@x.uk>", [JANE]),
    "an address under a key of no usual name, of one user": (
        "users:\n- {google: jane@x.uk, role: admin}\n- {contact: jd@x.uk, role: admin}",
        [("", "jane@x.uk", None, None), ("", "jd@x.uk", None, None)],
    ),
    "whose address it is by the key, beside somebody else's": (
        "users:\n- {sso: jane@x.uk, manager: boss@x.uk}",
        [("", "jane@x.uk", None, None)],
    ),
    "addresses by user name": (
        "users: {jane: jane@x.uk}",
        [("", "jane@x.uk", None, "jane")],
    ),
    "an account by its key": (
        "users:\n- {uid: jd, role: admin}\n- {uid: 1002, username: jroe}",
        [("", None, None, "jd"), ("", None, None, "jroe")],
    ),
    "the full name of a login": (
        "users:\n- {name: jd, gecos: 'Jane Doe,,,'}\n- {name: jd, full_name: Jane Doe}",
        [("jd", None, None, None), ("jd", None, None, None)],
    ),
    "a user of a list without a heading, by the comment": (
        "- {user: jd, gecos: Jane Doe}\n- {uid: jroe, comment: Jo Roe}\n- {user: sk, role: admin}",
        [("Jane Doe", None, None, "jd"), ("Jo Roe", None, None, None), ("", None, None, "sk")],
    ),
    "a comment that names the bearer of a login": (
        "users:\n  jd: {comment: Jane Doe, uid: 3}",
        [("Jane Doe", None, None, "jd")],
    ),
    **{
        f"a GitHub name as {key}": (f"- {{name: Jane Doe, {key}: {value}}}", [GITHUB])
        for key, value in (
            *(("gh", "jd"), ("gh_user", "jd"), ("githubAccount", "jd"), ("github_id", "jd")),
            *(("GitHub profile", "https://github.com/jd"), ("github_usernames", "[jd]")),
            *(("links", "{github: 'https://github.com/jd/'}"), ("links", "[github.com/jd]")),
        )
    },
    "links one level down": (
        "jane-doe:\n  name: Jane Doe\n  links: {web: 'https://x.uk', email: jane@x.uk}",
        [JANE],
    ),
    "names of one word at the top of a file": (
        "- name: Sukarno\n- {full_name: O'Brien, role: dev}\n- name: \u738b\u4f1f\n",
        [(name, None, None, None) for name in ("Sukarno", "O'Brien", "\u738b\u4f1f")],
    ),
    "a name of one word among full names": (
        "- Jane Doe\n- Sukarno\n",
        [NAMED, ("Sukarno", None, None, None)],
    ),
    "people by their full names at the top of a file": ("Jane Doe: {role: admin}", [NAMED]),
    "a team's own settings are not a person": (
        (
            "teams:\n  c-admins:\n    members: [jd]\n    privacy: closed\n    slug: c\n"
            "    review_delegation: {algorithm: ROUND_ROBIN, count: 1}\n    repos: {c: admin}\n"
        ),
        [("", None, None, "jd")],
    ),
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


OTHER_NAMES = {
    "- {name: jd, full_name: Jane Doe, email: jane@x.uk}": ("Jane Doe",),
    "- {name: jd, first_name: Jane, last_name: Doe, email: jane@x.uk}": ("Jane Doe",),
    "- {name: jd, comment: Jane Doe, email: jane@x.uk}": ("Jane Doe",),
    "- {name: jd, comment: has left, email: jane@x.uk}": (),
    "- {name: Jane Doe, comment: Approved By Uma Roe, email: jane@x.uk}": (),
    "- {name: Jane Doe, known_as: Janey, former_name: Jane Roe}": ("Janey", "Jane Roe"),
}


@pytest.mark.parametrize("text", OTHER_NAMES)
def test_the_other_names_of_a_person_are_kept(text: str) -> None:
    (entry,) = entries_from_yaml(text, file="config/people.yml")

    assert entry.other_names == OTHER_NAMES[text]
