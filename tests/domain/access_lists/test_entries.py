"""Lists of any reasonable shape, and files that are not lists at all."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.access_lists.entries import (
    Entry,
    UnreadableList,
    entries_from_yaml,
    holds_nothing,
)
from service.domain.access_lists.yaml_text import SEALED as BEGINNINGS_OF_SEALED
from service.domain.matching.index import Directory

Row = tuple[str, str | None, str | None, str | None]


def read(text: str | bytes) -> tuple[Entry, ...]:
    return entries_from_yaml(text, file="config/people.yml")


def rows(text: str | bytes) -> list[Row]:
    return [(entry.name, entry.email, entry.github, entry.ssh) for entry in read(text)]


SHAPES: list[tuple[str, str, list[Row]]] = [
    (
        "a list of mappings, with every usual field",
        "- name: Jane Doe\n  email_address: j@x.uk\n  github_username: jd\n  ssh_username: jane\n",
        [("Jane Doe", "j@x.uk", "jd", "jane")],
    ),
    (
        "a NUL, which means nothing",
        '- {name: "Jane\\0 Doe", email: "j\\x00@x.uk"}',
        [("Jane Doe", "j@x.uk", None, None)],
    ),
    (
        "other names of the fields",
        "- full_name: Jane Doe\n  E-mail: jane@x.uk\n  github: jd\n  username: jane\n",
        [("Jane Doe", "jane@x.uk", "jd", "jane")],
    ),
    (
        "first and last name apart",
        "- {first_name: Jane, surname: Doe, email: j@x.uk}",
        [("Jane Doe", "j@x.uk", None, None)],
    ),
    (
        "mappings under a key",
        "users:\n- name: Jane Doe\nadmins:\n- name: John Roe\n",
        [("Jane Doe", None, None, None), ("John Roe", None, None, None)],
    ),
    (
        "keys that are user names",
        "users:\n  jane.doe:\n    email: jane@x.uk\n  jroe:\n    name: John Roe\n",
        [("", "jane@x.uk", None, "jane.doe"), ("John Roe", None, None, "jroe")],
    ),
    (
        "keys that are names or addresses",
        "users:\n  Jane Doe: {role: admin}\n  john@x.uk: admin\n",
        [("Jane Doe", None, None, None), ("", "john@x.uk", None, None)],
    ),
    ("a name with its address", "Jane Doe: jane@x.uk", [("Jane Doe", "jane@x.uk", None, None)]),
    ("a user name with its name", "users: {jd: Jane Doe}", [("Jane Doe", None, None, "jd")]),
    (
        "nested lists",
        "- - - name: Jane Doe\n- [[John Roe]]\n",
        [("Jane Doe", None, None, None), ("John Roe", None, None, None)],
    ),
    (
        "a bare list of strings",
        "- Jane Doe\n- john@x.uk\n- Ann Lee <ann@x.uk>\n",
        [
            ("Jane Doe", None, None, None),
            ("", "john@x.uk", None, None),
            ("Ann Lee", "ann@x.uk", None, None),
        ],
    ),
    (
        "a bare list of user names under a heading that says so",
        "github_usernames: [jdoe]\nusers: [jroe, Zebedee]\n",
        [("", None, "jdoe", None), ("", None, None, "jroe"), ("Zebedee", None, None, None)],
    ),
    (
        "a team with members",
        "- name: Platform\n  email: team@x.uk\n  members:\n  - name: Jane Doe\n  - John Roe\n",
        [("Jane Doe", None, None, None), ("John Roe", None, None, None)],
    ),
    (
        "a team's people, one level down",
        "teams:\n  platform:\n  - {name: Jane Doe, email: jane@x.uk}\n",
        [("Jane Doe", "jane@x.uk", None, None)],
    ),
    (
        "several addresses without a name are several people",
        "emails: [jane@x.uk, john@x.uk]",
        [("", "jane@x.uk", None, None), ("", "john@x.uk", None, None)],
    ),
    (
        "unknown details beside a full name",
        "non_tech:\n- {name: Jane Doe, desk: 4}\n",
        [("Jane Doe", None, None, None)],
    ),
    (
        "a link beside a full name and an address",
        "- {name: Jane Doe, email: jane@x.uk, url: https://x.uk}",
        [("Jane Doe", "jane@x.uk", None, None)],
    ),
    (
        "a heading is not a user name",
        "publisher:\n  owner: {name: Jane Doe, email: jane@x.uk}\n",
        [("Jane Doe", "jane@x.uk", None, None)],
    ),
    (
        "a key with a name and an address",
        "Jane Doe <jane@x.uk>: admin",
        [("Jane Doe", "jane@x.uk", None, None)],
    ),
    (
        "a manager is a detail of a person, and not an entry",
        "- name: Jane Doe\n  email: jane@x.uk\n  manager: {name: John Roe, email: john@x.uk}\n",
        [("Jane Doe", "jane@x.uk", None, None)],
    ),
    (
        "anchors, aliases and merge keys",
        "x: &base {github: jd}\nusers:\n- &jane {<<: *base, name: Jane Doe}\nadmins:\n- *jane\n",
        [
            ("", None, "jd", "x"),
            ("Jane Doe", None, "jd", None),
            ("Jane Doe", None, "jd", None),
        ],
    ),
    (
        "words and numbers that other readers turn into something else",
        "- {name: No, email: a@x.uk, github: 007}\n- {name: 2024-01-02, ssh_username: 1e3}\n",
        [("No", "a@x.uk", "007", None), ("2024-01-02", None, None, "1e3")],
    ),
    (
        "nulls are absent, and their words in quotes are text",
        "- {name: ~, email: null, github: jd, ssh_username: }\n- {name: 'Null', email: ''}\n",
        [("", None, "jd", None), ("Null", None, None, None)],
    ),
    ("an entry that says nothing", "- {name: ~, email: null}\n- {}\n", []),
    (
        "a name in parts, and several addresses",
        "- {name: [Jane, Doe], emails: [a@x.uk, b@x.uk]}\n- {name: {first: John, last: Roe}}\n",
        [("Jane Doe", "a@x.uk, b@x.uk", None, None), ("John Roe", None, None, None)],
    ),
    (
        "a key written twice keeps both values",
        "- {name: Jane Doe, email: a@x.uk, email: b@x.uk}",
        [("Jane Doe", "a@x.uk, b@x.uk", None, None)],
    ),
    (
        "tabs",
        "- name:\tJane Doe\n\temail:\tjane@x.uk\n",
        [("Jane Doe", "jane@x.uk", None, None)],
    ),
    (
        "byte order marks and Windows line ends",
        "\ufeff- name: Jane Doe\r\n  email: jane@x.uk\r\n",
        [("Jane Doe", "jane@x.uk", None, None)],
    ),
    (
        "several documents",
        "---\n- name: Jane Doe\n---\nusers: [John Roe]\n...\n",
        [("Jane Doe", None, None, None), ("John Roe", None, None, None)],
    ),
    (
        "names with marks that are not letters",
        "- Siân O'Neill-Jones\n- जया रंगराजन\n",
        [("Siân O'Neill-Jones", None, None, None), ("जया रंगराजन", None, None, None)],
    ),
]


@pytest.mark.parametrize(
    ("text", "expected"), [case[1:] for case in SHAPES], ids=[case[0] for case in SHAPES]
)
def test_people_are_found_in_every_shape(text: str, expected: list[Row]) -> None:
    assert rows(text) == expected


OTHER_DATA = {
    "a workflow": "name: Deploy\non: push\njobs:\n  build:\n    steps:\n    - name: Check Out\n",
    "services": "services:\n- name: Content Publisher\n  url: https://x.uk\n- Content Store\n",
    "a database": "production:\n  adapter: pg\n  username: govuk\n  password: secret\n",
    "teams": "teams:\n- name: Platform Health\n  slack: health\n- Data Services\n",
    "a catalogue": "- {name: Data Store, description: keeps data}\n- {name: Web Site, url: x}\n",
    "a service and its mailbox": "services:\n- {name: Content Store, email: store@x.uk}\n",
    "statuses": "statuses: [In Progress, On Hold]\n",
    "a contact": "contact:\n  name: GOV.UK Support\n  email: support@x.uk\n",
    "numbers": "- 1\n- 2.5\n- true\n",
    "endless words": f"users: [{'a' * 300_000}]\n",
    "a sentence": "Please see the wiki",
    "nothing": "",
    "comments": "# nobody yet\n",
}


@pytest.mark.parametrize("text", OTHER_DATA.values(), ids=OTHER_DATA)
def test_a_file_of_other_data_contains_no_people(text: str) -> None:
    assert rows(text) == []


def test_people_beside_other_data_are_found() -> None:
    text = "repos: [Content Store]\nusers: [Jane Doe]\nurls: {home: https://x.uk}\n"

    assert rows(text) == [("Jane Doe", None, None, None)]


def test_an_entry_says_where_it_stands() -> None:
    text = "users:\n  jane.doe: {email: jane@x.uk}\n  admins:\n  - {name: John Roe}\n"

    places = [(entry.file, entry.position) for entry in read(text)]

    assert places == [
        ("config/people.yml", "users / jane.doe"),
        ("config/people.yml", "users / admins / entry 1"),
    ]


def test_the_id_depends_on_what_an_entry_says_and_not_on_where_it_stands() -> None:
    alone = read("- {name: Jane Doe, email: jane@x.uk}")
    moved = entries_from_yaml("x:\n- name: Z\n- email: jane@x.uk\n  name: Jane Doe", file="b.yml")
    changed = read("- {name: Jane Doe, email: jane2@x.uk}")

    assert alone[0].id == moved[-1].id
    assert alone[0].id != changed[0].id
    assert len(alone[0].id) == 16


def test_a_directory_gives_every_entry_of_an_id() -> None:
    tech = entries_from_yaml("- Jane Doe", file="tech.yml")
    other = entries_from_yaml("- Jane Doe\n- John Roe", file="other.yml")

    directory = Directory((*tech, *other))

    assert directory.entries == (*tech, *other)
    assert directory.by_id(tech[0].id) == (tech[0], other[0])
    assert directory.by_id("unknown") == ()


BOMB = "a0: &a0 [Jane Doe]\n" + "".join(
    f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12)
)
WIDE_BASE = "a: &a {" + ", ".join(f"k{n}: 1" for n in range(2000)) + "}\nusers:\n"

UNREADABLE: dict[str, tuple[str | bytes, str]] = {
    "not YAML": ("- name: [Jane", "it is not valid YAML (line 2)"),
    "tabs in no order": ("- a: 1\n\t- b: c: d\n", "it is not valid YAML (line 2)"),
    "an unknown anchor": ("- *jane", "it refers to an anchor that it does not define"),
    "not text": (b"\x80\x81", "it is not UTF-8 text"),
    "half a character": ("- \ud800", "it is not Unicode text"),
    "a null character": ("- a\0b", "it is not valid YAML"),
    "an alias bomb": (BOMB, "its aliases repeat too much"),
    "a bomb of merge keys": (WIDE_BASE + "- {<<: *a}\n" * 100, "its aliases repeat too much"),
    "a list that holds itself": ("&a [*a]", "it refers to itself"),
    "deep nesting": ("- " * 100_000 + "a", "it is nested more than 50 levels deep"),
    "deep nesting in one line": ("[" * 900 + "]" * 900, "it is nested more than 50 levels deep"),
    "a huge file": ("a" * (32 * 1024 * 1024 + 1), "it is larger than 32 MiB"),
    "endless values": ("- a\n" * 2_100_000, "it holds more than 2,000,000 values"),
}


@pytest.mark.parametrize(("content", "problem"), UNREADABLE.values(), ids=UNREADABLE)
def test_a_file_that_cannot_be_read_is_named_and_not_quoted(
    content: str | bytes, problem: str
) -> None:
    with pytest.raises(UnreadableList) as caught:
        read(content)

    assert str(caught.value) == f"config/people.yml cannot be read: {problem}"


def test_utf_16_with_its_mark_is_read() -> None:
    assert rows("- Jane Doe".encode("utf-16")) == [("Jane Doe", None, None, None)]


def pieces() -> st.SearchStrategy[str]:
    some = ["- ", "a: ", "name: ", "Jane Doe", "j@x.uk", "\n", "  ", "\t", "[", "]", "{", "}", ", "]
    return st.lists(st.sampled_from([*some, "&a ", "*a", "<<: ", "---\n", "'", "| ", "? "])).map(
        "".join
    )


@given(st.one_of(st.text(), st.binary(), pieces()))
def test_any_content_gives_people_or_cannot_be_read(content: str | bytes) -> None:
    with contextlib.suppress(UnreadableList):
        for entry in read(content):
            assert entry.name or entry.email or entry.github or entry.ssh


def values() -> st.SearchStrategy[str]:
    """Make values; what an encrypted value begins with makes the whole list unreadable."""
    text = st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=20)
    return text.filter(lambda value: not value.startswith(BEGINNINGS_OF_SEALED))


def names() -> st.SearchStrategy[str]:
    """Make names; an address would be read as one."""
    return values().filter(lambda text: "@" not in text)


@given(st.lists(st.tuples(names(), values()), min_size=1, max_size=5, unique=True))
def test_text_is_kept_as_the_list_spells_it(people: list[tuple[str, str]]) -> None:
    text = "".join(
        f"- name: {quoted(name)}\n  ssh_username: {quoted(user)}\n" for name, user in people
    )

    assert [(entry.name, entry.ssh or entry.email) for entry in read(text)] == people


def test_an_address_for_a_user_name_is_the_persons_address() -> None:
    (entry,) = read("- name: Jane Doe\n  username: jane.doe@example.gov.uk\n  ssh_username: jdoe\n")

    assert (entry.email, entry.ssh) == ("jane.doe@example.gov.uk", "jdoe")


def test_what_a_role_may_do_is_nobody() -> None:
    roles = "roles:\n  production_admin: {github_team: gov-uk-admin, aws: true}\n"
    people = "roles:\n  production_admin: {jane.doe: true}\n  admins: {jdoe: true}\n"

    assert read(roles) == ()
    assert [entry.ssh for entry in read(people)] == ["jane.doe", "jdoe"]


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", "users: []", "users:\n  tech: {}\n", "<html>error</html>", "~"]
)
def test_an_emptied_list_holds_nothing(content: str) -> None:
    assert holds_nothing(content)


@pytest.mark.parametrize("content", ["- a", "a: b", "roles: {admin: {aws: true}}", "x: [1]"])
def test_a_file_of_other_data_holds_something(content: str) -> None:
    assert not holds_nothing(content)


SEALED: dict[str, str | bytes] = {
    "a value of SOPS": "- name: Jane Doe\n  email: ENC[AES256_GCM,data:x,iv:y,tag:z,type:str]\n",
    "all values of SOPS": "users: [ 'ENC[AES256_GCM,data:x]' ]\nsops: {mac: 'ENC[AES256_GCM,x]'}",
    "SOPS beside people in clear": "users: [Jane Doe]\nsops: {mac: 'ENC[AES256_GCM,x]'}",
    "a value of eyaml": "- {name: Jane Doe, email: 'ENC[PKCS7,MIIB]'}",
    "a value of Vault": "- {name: 'vault:v1:abc'}",
    "a value of Ansible": "name: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  6162\n",
    "a file of Ansible": "$ANSIBLE_VAULT;1.1;AES256\n6162\n",
    "a sealed secret": "kind: SealedSecret\nspec: {encryptedData: {people: AgB}}\n",
    "a message of PGP": "-----BEGIN PGP MESSAGE-----\n\nhQEM\n",
    "an age file": b"age-encryption.org/v1\n-> X25519 abc\n\x80\x81",
    "an age file in text": "-----BEGIN AGE ENCRYPTED FILE-----\nYWdl\n",
    "a blob of git-crypt": b"\0GITCRYPT\0\x80\x81",
    "a file of openssl": b"Salted__\x80\x81",
    "a pointer of Git LFS": "version https://git-lfs.github.com/spec/v1\noid sha256:ab\nsize 9\n",
}


@pytest.mark.parametrize("content", SEALED.values(), ids=list(SEALED))
def test_what_is_encrypted_is_nobody_and_cannot_be_read(content: str | bytes) -> None:
    with pytest.raises(UnreadableList, match=r"config/people.yml cannot be read: it is encrypted"):
        read(content)
