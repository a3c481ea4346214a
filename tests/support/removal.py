"""Leavers whose entries are to be removed: a record, a card and the lists; and what came of it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from integrations.sandbox import Sandbox
from integrations.sandbox.github_pulls import Pull, Pulls
from integrations.sandbox.trello_cards import SandboxCard
from service.bootstrap import Service, build_service
from service.config.settings import Settings
from service.domain.access_lists.entries import entries_from_yaml
from service.domain.identity import person_keys
from service.domain.ticket import LeaverDetails
from tests.support.database import Database
from tests.support.lists import TECH_FILE, TECH_LIST, put_lists

PULLS = {"REMOVAL_PULL_REQUESTS": "true"}
LINK = "https://{}.zendesk.com/agent/tickets/{}"
NO_DETAILS = LeaverDetails()
WITHOUT_ADA = TECH_LIST[TECH_LIST.index("- name: Benedict") :]


@dataclass(frozen=True)
class Removals:
    """A service in this process, whose look at the removals is called by hand."""

    sandbox: Sandbox
    database: Database
    service: Service

    @property
    def pulls(self) -> Pulls:
        """The sandbox's pull requests."""
        return self.sandbox.github.pulls

    def look(self) -> dict[str, int]:
        """Look once, and check that nothing forbidden was tried."""
        assert self.service.removal
        try:
            return self.service.removal.look()
        finally:
            assert self.pulls.forbidden_acts == []
            assert self.pulls.refused_base_writes == 0

    def let_time_go_by(self) -> None:
        """Vendors that failed are asked again, and a dead worker's lease runs out."""
        self.database.hurry()
        self.database.run("UPDATE removals SET leased_until = now() - interval '1 second'")

    def begin_again(self) -> None:
        """Vendors and records as at the beginning; tickets that were are never looked at again."""
        self.sandbox.reset()
        put_lists(self.sandbox)
        self.database.run("DELETE FROM removals")
        self.database.run("UPDATE leavers SET erased_at = now()")
        self.database.run("DELETE FROM lists")
        self.let_time_go_by()

    def assert_one_branch(self, ticket_id: int = 7) -> None:
        """One branch of the service, and one open pull request from it."""
        assert [one.state for one in self.pulls.all.values()] == ["open"]
        assert sorted(self.sandbox.github.git.branches) == [f"leaver-ticket-{ticket_id}", "main"]

    def assert_one(self, ticket_id: int = 7) -> None:
        """One branch and one open pull request, which takes Ada's entry out and nothing else."""
        self.assert_one_branch(ticket_id)
        git = self.sandbox.github.git
        base = git.commits[git.branches["main"]].items
        tip = git.commits[git.branches[f"leaver-ticket-{ticket_id}"]].items
        assert [path for path in base if base[path] != tip[path]] == [TECH_FILE]
        assert tip[TECH_FILE].content.decode() == WITHOUT_ADA
        assert self.state(ticket_id) == ("open", None)
        assert self.events(ticket_id) == ["pull_request_opened"]

    def state(self, ticket_id: int) -> tuple[str, str | None]:
        """State and reason code of a leaver's removal."""
        found = self.database.run(
            "SELECT state, reason_code FROM removals WHERE ticket_id = %s", ticket_id
        )
        return found[0] if found else ("none", None)

    def events(self, ticket_id: int) -> list[str]:
        """The events about pull requests in a leaver's history."""
        rows = self.database.run(
            "SELECT event FROM history WHERE ticket_id = %s AND event LIKE 'pull_request%%'"
            " ORDER BY id",
            ticket_id,
        )
        return [event for (event,) in rows]

    def only(self) -> Pull:
        """The one pull request that there is."""
        (one,) = self.pulls.all.values()
        return one

    def add_leaver(
        self,
        ticket_id: int,
        name: str = "Ada Archer",
        *,
        due: timedelta = timedelta(hours=-1),
        file: str = TECH_FILE,
        **columns: Any,
    ) -> SandboxCard:
        """A leaver who is done, with a card that is due so long from now."""
        text = self.sandbox.github.files()[file]
        entry = next(one for one in entries_from_yaml(text, file=file) if one.name == name)
        due_at = (datetime.now(UTC) + due).replace(microsecond=0)
        link = LINK.format(self.sandbox.zendesk.subdomain, ticket_id)
        card = self.sandbox.trello.add_card(
            name=f"Leaver: {name}",
            list_id=self.sandbox.trello.lists()[0].id,
            desc=f"Zendesk ticket: {link}",
            due=due_at.isoformat(),
        )
        values = {
            "ticket_id": ticket_id,
            "state": "done",
            "outcome": "tech_card",
            "name": name,
            "email": entry.email,
            "leaving_date": due_at.date(),
            "entry": json.dumps({"id": entry.id, "file": file, "name": name}),
            "person_keys": sorted(person_keys((entry,), NO_DETAILS)),
            **columns,
        }
        self.database.insert("leavers", values)
        self.database.insert("runs", {"ticket_id": ticket_id})
        known = {"ticket_id": ticket_id, "card_id": card.id, "url": card.url, "due": due_at}
        self.database.insert("cards", known)
        return card


@contextmanager
def removals_service(
    sandbox: Sandbox, environment: dict[str, str], **changes: str
) -> Iterator[Removals]:
    """Build the service in this process."""
    token = {"GITHUB_PULL_REQUEST_TOKEN": sandbox.github.pull_request_token}
    given = environment | PULLS | token | changes
    settings = Settings.model_validate({name.lower(): value for name, value in given.items()})
    service = build_service(settings)
    service.database.open()
    try:
        yield Removals(sandbox, Database(environment["DATABASE_URL"]), service)
    finally:
        service.database.close()
