"""Joins the service to the scorer of the labelled tickets: JSON Lines in, JSON Lines out.

It calls what the service calls for a ticket, with the default settings, and decides nothing.
"""

import json
import sys
from collections.abc import Iterable
from datetime import date, time
from functools import lru_cache
from typing import Any

from service.domain.access_lists.entries import Entry, entries_from_yaml
from service.domain.corrections import Corrections
from service.domain.drafts import Ask, FirstDraft, MakeCard, NoAccess, SetAside
from service.domain.facts import Facts, NoAccessAction, Policy
from service.domain.matching.find_leaver import find_leaver, without_words_of_subjects
from service.domain.matching.index import Directory
from service.domain.matching.match_person import (
    Candidates,
    Match,
    MatchingPolicy,
    NoMatch,
    PersonQuery,
    match_person,
)
from service.domain.plan import draft_plan
from service.domain.reading.details import read_details
from service.domain.ticket import About, Comment, FieldIds, Ticket, value_of

Mapping = dict[str, Any]

FIELDS = {"name": 101, "email": 102, "leaving_date": 103}
POLICY = Policy(
    leaver_tag="leaver",
    ticket_link="https://govuk.zendesk.com/agent/tickets/{}",
    tech_file="config/govuk_tech.yml",
    no_access_action=NoAccessAction.SOLVE,
    due_time=time(17, 0),
    timezone="Europe/London",
)
ABOUT = {About.PERSON: "person", About.DATE: "date", About.LEAVING: "leaving"}


def answer(case: Mapping) -> Mapping:
    """Answer one case, by its area."""
    match case["area"]:
        case "list":
            return {"entries": [[e.name, e.email, e.github, e.ssh] for e in entries_of(case)]}
        case "match":
            return answer_match(case)
        case area:
            facts = facts_of(case)
            return read(facts) if area == "reading" else planned(draft_plan(facts, POLICY))


def answer_match(case: Mapping) -> Mapping:
    """Match one leaver."""
    leaver = case["leaver"]
    sought = PersonQuery(
        name=leaver.get("name"), email=leaver.get("email"), github=leaver.get("github")
    )
    match match_person(sought, directory_of(files_of(case)), policy=MatchingPolicy()):
        case Match(entries=entries):
            return {"outcome": "match", "who": labels(entries)}
        case Candidates(candidates=candidates):
            return {"outcome": "ask", "who": labels(one.entry for one in candidates)}
        case NoMatch():
            return {"outcome": "nobody", "who": []}


def facts_of(case: Mapping) -> Facts:
    """Read a ticket and find its leaver, as the service does before it makes the plan."""
    ticket = ticket_of(case["ticket"])
    today = date.fromisoformat(case["today"])
    fields = FieldIds(**{key: FIELDS[key] for key in ("name", "email", "leaving_date")})
    details = read_details(ticket, fields=fields, today=today)
    said = Corrections()
    directory = directory_of(files_of(case))
    details = without_words_of_subjects(details, directory)
    finding = find_leaver(details, said, directory, policy=MatchingPolicy())
    return Facts(
        ticket=ticket,
        details=details,
        finding=finding,
        corrections=said,
        operator_override=False,
        was_handed_to_person=False,
    )


def ticket_of(said: Mapping) -> Ticket:
    """Make the ticket; its comments do not repeat its description."""
    return Ticket(
        id=12345,
        subject=said["subject"],
        description=said["description"],
        status="open",
        tags=("leaver",),
        custom_fields={FIELDS[key]: value for key, value in said["fields"].items() if value},
        comments=tuple(
            Comment(id=number, author_id=7, body=body, is_public=True)
            for number, body in enumerate([said["description"], *said["comments"]], start=1)
        ),
    )


def read(facts: Facts) -> Mapping:
    """Say what was read, and what a question is about, whichever part raises it."""
    details = facts.details
    leaving_date = value_of(details.leaving_date)
    asks = {ABOUT[question.about] for question in details.questions}
    if isinstance(facts.finding, Candidates):
        asks.add("person")
    return {
        "read": {
            "name": value_of(details.name),
            "email": value_of(details.email),
            "github": value_of(details.github),
            "leaving_date": leaving_date.isoformat() if leaving_date else None,
        },
        "asks": sorted(asks),
    }


def planned(plan: FirstDraft) -> Mapping:
    """Say what is to be done, and for which person."""
    match plan:
        case MakeCard(card=card, entries=entries):
            due = card.due.strftime("%Y-%m-%dT%H:%M:%SZ")
            return {"plan": "card", "who": labels(entries), "due": due}
        case NoAccess():
            return {"plan": "no_access", "who": [], "due": None}
        case Ask(candidates=candidates):
            shown = labels(one.entry for one in candidates)
            return {"plan": "ask", "who": shown, "due": None}
        case SetAside():
            return {"plan": "set_aside", "who": [], "due": None}


def labels(entries: Iterable[Entry]) -> list[str | None]:
    """Name entries as the cases do."""
    return [one.name or one.email or one.ssh or one.github for one in entries]


def files_of(case: Mapping) -> tuple[tuple[str, str], ...]:
    """Return a case's lists, by file."""
    return tuple(case["files"].items())


def entries_of(case: Mapping) -> list[Entry]:
    """Read a case's lists, in the order of their files."""
    return [one for path, text in files_of(case) for one in entries_from_yaml(text, file=path)]


@lru_cache(maxsize=200)
def directory_of(files: tuple[tuple[str, str], ...]) -> Directory:
    """Build the directory of the lists: many cases share one."""
    return Directory(one for path, text in files for one in entries_from_yaml(text, file=path))


def main() -> None:
    """Answer every case on standard input."""
    for line in sys.stdin:
        case = json.loads(line)
        print(json.dumps({"id": case["id"], **answer(case)}), flush=True)  # noqa: T201 - the scorer reads it


if __name__ == "__main__":
    main()
