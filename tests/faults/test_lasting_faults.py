"""What stays wrong until it is fixed: the reason says what to fix, and a re-run succeeds."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

import pytest

from integrations.sandbox import Sandbox
from tests.conftest import OpenRig
from tests.support.lists import OTHER_FILE, OTHER_LIST, TECH_FILE, TECH_LIST
from tests.support.tickets import ADA, add_ticket, cards_of

Change = Callable[[Sandbox], object]


@dataclass(frozen=True, kw_only=True)
class Case:
    """Something that is wrong, who is named, what is said to be fixed, and how it is fixed."""

    breaks: Change
    fixes: Change
    says: tuple[str, ...]
    settings: dict[str, str] = field(default_factory=dict)


def _another_secret(sandbox: Sandbox) -> None:
    access = sandbox.zendesk.access
    access.client_secret = "revoked" if "sandbox" in access.client_secret else _SECRET


_SECRET = Sandbox().zendesk.access.client_secret
_BROKEN = "- name: [Ada Archer\n"


def _token(vendor: str, value: str) -> Change:
    return lambda sandbox: setattr(getattr(sandbox, vendor), "token", value)


def _trello(name: str, *, value: bool) -> Change:
    return lambda sandbox: setattr(sandbox.trello, name, value)


def _github(name: str, *, value: bool) -> Change:
    return lambda sandbox: setattr(sandbox.github, name, value)


def _list(*, is_closed: bool) -> Change:
    return lambda sandbox: setattr(sandbox.trello.lists()[0], "closed", is_closed)


def _template(*, is_closed: bool) -> Change:
    return lambda sandbox: setattr(sandbox.trello.card("IQIV54Pc"), "closed", is_closed)


def _link_of_template(old: str, new: str) -> Change:
    return lambda sandbox: setattr(sandbox.trello.card(old), "short_link", new)


def _link_of_board(link: str) -> Change:
    return lambda sandbox: setattr(sandbox.trello.board, "short_link", link)


def _required(*, is_required: bool) -> Change:
    def change(sandbox: Sandbox) -> None:
        account = sandbox.zendesk.account
        if is_required:
            account.fields.append(replace(account.fields[0], id=77, required_to_solve=True))
        else:
            account.fields.pop()

    return change


def _files(**texts: str | None) -> Change:
    paths = {"tech": TECH_FILE, "other": OTHER_FILE}

    def change(sandbox: Sandbox) -> None:
        for name, text in texts.items():
            if text is None:
                sandbox.github.delete_file(paths[name])
            else:
                sandbox.github.put_file(paths[name], text)

    return change


WHOLE = _files(tech=TECH_LIST, other=OTHER_LIST)
CASES = {
    "Zendesk's credentials": Case(
        breaks=_another_secret, fixes=_another_secret, says=("Zendesk", "ZENDESK_CLIENT_SECRET")
    ),
    "GitHub's credentials": Case(
        breaks=_token("github", "github_pat_another"),
        fixes=_token("github", Sandbox().github.token),
        says=("GitHub", "GITHUB_TOKEN"),
    ),
    "Trello's credentials": Case(
        breaks=_token("trello", "ATTAanother"),
        fixes=_token("trello", Sandbox().trello.token),
        says=("Trello", "TRELLO_TOKEN"),
    ),
    "no right to write at Trello": Case(
        breaks=_trello("may_write", value=False),
        fixes=_trello("may_write", value=True),
        says=("Trello", "right to write"),
    ),
    "no right to contents at GitHub": Case(
        breaks=_github("may_read_contents", value=False),
        fixes=_github("may_read_contents", value=True),
        says=("GitHub", "GITHUB_TOKEN"),
    ),
    "no such repository": Case(
        breaks=_github("may_read", value=False),
        fixes=_github("may_read", value=True),
        says=("GitHub", "USER_REVIEWER_REPOSITORY"),
    ),
    "no such list": Case(
        breaks=_list(is_closed=True),
        fixes=_list(is_closed=False),
        says=("Trello", "TRELLO_LIST_NAME"),
    ),
    "an archived template": Case(
        breaks=_template(is_closed=True),
        fixes=_template(is_closed=False),
        says=("Trello", "TRELLO_TECH_TEMPLATE"),
    ),
    "no such template": Case(
        breaks=_link_of_template("IQIV54Pc", "gone0000"),
        fixes=_link_of_template("gone0000", "IQIV54Pc"),
        says=("Trello", "TRELLO_TECH_TEMPLATE"),
    ),
    "no such board": Case(
        breaks=_link_of_board("gone0000"),
        fixes=_link_of_board("Tch2ndLn"),
        says=("Trello", "TRELLO_BOARD_ID"),
    ),
    "a field that must be filled": Case(
        breaks=_required(is_required=True),
        fixes=_required(is_required=False),
        says=("Zendesk", "required field"),
    ),
    "no such branch": Case(
        breaks=lambda _: None,
        fixes=lambda sandbox: sandbox.github.git.branches.update(lists=sandbox.github.head),
        says=("GitHub", "USER_REVIEWER_BRANCH"),
        settings={"USER_REVIEWER_BRANCH": "lists"},
    ),
    "no such directory": Case(
        breaks=_files(tech=None, other=None),
        fixes=WHOLE,
        says=("GitHub", "USER_REVIEWER_DIRECTORY"),
    ),
    "no tech list": Case(breaks=_files(tech=None), fixes=WHOLE, says=("access lists", TECH_FILE)),
    "a list that can't be parsed": Case(
        breaks=_files(other=_BROKEN), fixes=WHOLE, says=("access lists", OTHER_FILE)
    ),
    "a tech list without people": Case(
        breaks=_files(tech="[]\n"), fixes=WHOLE, says=("access lists", TECH_FILE)
    ),
}


@pytest.mark.waits
def test_a_lasting_fault_names_its_fix_and_a_run_after_the_fix_succeeds(
    open_rig: OpenRig, threads: ThreadPoolExecutor
) -> None:
    found = threads.map(lambda case: _outcome(open_rig, case), CASES.values())

    assert dict(zip(CASES, found, strict=True)) == dict.fromkeys(
        CASES, ("failed", [], "done", 1, 1)
    )


def _outcome(open_rig: OpenRig, case: Case) -> tuple[str, list[str], str, int, int]:
    with open_rig(SWEEP_EVERY_SECONDS="0", **case.settings) as rig:
        ticket = add_ticket(rig.sandbox, ADA)
        case.breaks(rig.sandbox)
        failed = rig.service.process_ticket(ticket.id)
        unsaid = [word for word in case.says if word not in (failed["reason"] or "")]
        case.fixes(rig.sandbox)
        ended = rig.service.rerun(ticket.id)
        cards = [card for card in cards_of(rig.sandbox, ticket) if not card.closed]
        return failed["state"], unsaid, ended["state"], len(cards), len(ticket.notes)


def test_a_scope_that_does_not_let_write_is_named(open_rig: OpenRig) -> None:
    with open_rig(ZENDESK_SCOPE="read") as rig:
        leaver = rig.service.process_ticket(add_ticket(rig.sandbox, ADA).id)

    assert (leaver["state"], "ZENDESK_SCOPE" in leaver["reason"]) == ("failed", True)
