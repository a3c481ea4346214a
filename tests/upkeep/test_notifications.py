"""Messages to people: each change once, in words that name nobody, and never in the way."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

import pytest

from integrations.sandbox import Sandbox
from service.domain.urgent import UrgentRules
from service.records.database import Database
from service.records.message_retries import MOST_TRIES
from service.records.notices import NoticeRecords
from service.records.pull_request_notices import PullRequestNotices
from service.records.urgent import UrgentCards
from service.upkeep.notifications import MOST_LINES, MessageLinks, Notifier, Target
from tests.conftest import StartService
from tests.support.receiver import Receiver
from tests.support.running import wait_until
from tests.support.tickets import ADA, add_ticket

LINK = "https://govuk.zendesk.com/agent/tickets/{}"
NO_DATE = "The leaving date is missing."
URGENT = UrgentRules(
    within=timedelta(hours=24),
    due_time=time(17),
    repeat_at=time(9),
    timezone="Europe/London",
)


class Inbox:
    """Takes messages, or refuses them."""

    def __init__(self, *, accepts: bool = True) -> None:
        self.accepts = accepts
        self.messages: list[tuple[str, str]] = []

    def take(self, title: str, text: str) -> bool:
        """Keep a message, and say whether it is taken."""
        self.messages.append((title, text))
        return self.accepts


def notices(tables: Database, *inboxes: Inbox) -> Notifier:
    targets = [Target(key=f"inbox-{n}", send=inbox.take) for n, inbox in enumerate(inboxes)]
    return notifier_to(tables, targets, links=MessageLinks(ticket=LINK))


def notifier_to(
    tables: Database, targets: Sequence[Target], *, links: MessageLinks, now: datetime | None = None
) -> Notifier:
    clock = {"clock": lambda: now} if now else {}
    return Notifier(
        NoticeRecords(tables),
        UrgentCards(tables),
        PullRequestNotices(tables),
        targets,
        links=links,
        urgent=URGENT,
        **clock,
    )


def put(
    tables: Database,
    ticket_id: int,
    state: str,
    reason: str | None = NO_DATE,
    *,
    code: str | None = None,
) -> None:
    """Let a leaver come into a state a moment ago."""
    with tables.transaction() as connection:
        connection.execute(
            "INSERT INTO leavers (ticket_id, state, reason, reason_code, name)"
            " VALUES (%s, %s, %s, %s, 'Jane Doe')"
            " ON CONFLICT (ticket_id) DO UPDATE SET state = excluded.state,"
            " reason = excluded.reason, updated_at = now()",
            (ticket_id, state, reason, code),
        )


def let_time_pass(tables: Database) -> None:
    """Make due whatever is to be tried again."""
    with tables.transaction() as connection:
        connection.execute("UPDATE notices SET next_try_at = now() WHERE next_try_at IS NOT NULL")


def test_a_leaver_that_waits_is_sent_with_number_reason_and_link(tables: Database) -> None:
    inbox = Inbox()
    put(tables, 12345, "needs_person")

    sent = notices(tables, inbox).send()

    assert sent == {"sent": 1, "not_sent": 0}
    assert inbox.messages == [
        (
            "1 leaver needs a person: The leaving date is missing",
            f"12345 needs a person. {NO_DATE} https://govuk.zendesk.com/agent/tickets/12345",
        )
    ]


@pytest.mark.parametrize("state", ["queued", "running", "done"])
def test_what_needs_nobody_is_not_sent(tables: Database, state: str) -> None:
    inbox = Inbox()
    put(tables, 1, state)

    notices(tables, inbox).send()

    assert inbox.messages == []


def test_a_change_is_sent_once_however_many_workers_look(tables: Database) -> None:
    inbox = Inbox()
    put(tables, 1, "needs_person")

    for _ in range(3):
        notices(tables, inbox).send()

    assert len(inbox.messages) == 1


def test_the_same_question_after_another_run_is_not_news_but_another_reason_is(
    tables: Database,
) -> None:
    inbox = Inbox()
    for state, reason in [
        ("needs_person", NO_DATE),
        ("queued", None),
        ("needs_person", NO_DATE),
        ("failed", "Trello: The credentials are refused."),
    ]:
        put(tables, 1, state, reason)
        notices(tables, inbox).send()

    assert [text.split(" https")[0] for _, text in inbox.messages] == [
        f"1 needs a person. {NO_DATE}",
        "1 failed. Trello: The credentials are refused.",
    ]


def test_a_question_that_comes_again_after_the_leaver_was_done_is_sent_again(
    tables: Database,
) -> None:
    inbox = Inbox()
    for state in ["needs_person", "done", "needs_person"]:
        put(tables, 1, state)
        notices(tables, inbox).send()

    assert len(inbox.messages) == 2


def test_many_changes_come_in_one_message_of_bounded_length(tables: Database) -> None:
    inbox = Inbox()
    for ticket_id in range(1, MOST_LINES + 6):
        put(tables, ticket_id, "failed")

    notices(tables, inbox).send()

    ((title, text),) = inbox.messages
    assert title == f"{MOST_LINES + 5} leavers failed: The leaving date is missing"
    assert len(text.splitlines()) == MOST_LINES + 1
    assert text.endswith("… and 5 more")


REFUSED = "Trello: The credentials are refused. Check them in the settings."


def test_one_cause_is_one_message_with_links_to_the_page_and_to_the_runbook(
    tables: Database,
) -> None:
    inbox = Inbox()
    for ticket_id in (1, 2):
        put(tables, ticket_id, "failed", REFUSED, code="trello_credentials_refused")
    put(tables, 3, "needs_person", code="leaving_date_missing")
    links = MessageLinks(
        ticket=LINK, desk="https://l.example/desk", runbook="https://r.example/book"
    )
    notifier = notifier_to(tables, [Target(key="x", send=inbox.take)], links=links)

    notifier.send()

    (failed, text), (asked, question) = inbox.messages
    assert failed == "2 leavers failed: Trello refuses the credentials"
    assert text.splitlines()[-2:] == [
        "All of them: https://l.example/desk/failed",
        "What to do: https://r.example/book#leaverfailed",
    ]
    assert asked == "1 leaver needs a person: The leaving date is missing"
    assert "https://l.example/desk/leavers/3" in question


def test_more_that_fail_for_a_cause_that_was_just_reported_are_one_message_later(
    tables: Database,
) -> None:
    inbox = Inbox()
    for ticket_id in range(1, 6):
        put(tables, ticket_id, "failed", REFUSED, code="trello_credentials_refused")
        notices(tables, inbox).send()
    at_first = len(inbox.messages)
    with tables.transaction() as connection:
        connection.execute("UPDATE notices SET claimed_at = now() - interval '16 minutes'")
    notices(tables, inbox).send()

    assert at_first == 1
    assert [title for title, _ in inbox.messages] == [
        "1 leaver failed: Trello refuses the credentials",
        "4 leavers failed: Trello refuses the credentials",
    ]


def test_a_refused_message_is_tried_again_some_times_and_then_given_up(tables: Database) -> None:
    refusing, accepting = Inbox(accepts=False), Inbox()
    put(tables, 1, "failed")

    for _ in range(MOST_TRIES + 3):
        notices(tables, refusing, accepting).send()
        let_time_pass(tables)

    assert len(refusing.messages) == MOST_TRIES
    assert len(accepting.messages) == 1


def test_a_refused_message_is_not_tried_again_at_once(tables: Database) -> None:
    refusing = Inbox(accepts=False)
    put(tables, 1, "failed")

    notices(tables, refusing).send()
    notices(tables, refusing).send()

    assert len(refusing.messages) == 1


def test_two_services_send_one_message_about_a_leaver_and_name_nobody(
    start_service: StartService, sandbox: Sandbox, receiver: Receiver
) -> None:
    settings = {"NOTIFY_URLS": f"json://127.0.0.1:{receiver.port}/leavers"}
    first, second = start_service(**settings), start_service(**settings)
    ticket = add_ticket(sandbox, ADA, leaving=None)
    first.process_ticket(ticket.id)
    wait_until(lambda: bool(receiver.bodies))

    # Anything that would be sent twice is sent before this one.
    other = add_ticket(sandbox, ADA, leaving=None)
    second.process_ticket(other.id)
    wait_until(lambda: any(str(other.id) in str(body) for body in receiver.bodies))

    sent = "\n".join(text["message"] for text in receiver.texts)
    assert sent.count(f"{ticket.id} needs a person. ") == 1
    assert f"https://govuk-sandbox.zendesk.com/agent/tickets/{ticket.id}" in sent
    assert "ada" not in "".join(map(str, receiver.texts)).casefold()


def test_a_target_that_does_not_answer_holds_no_leaver_up(
    start_service: StartService, sandbox: Sandbox, receiver: Receiver
) -> None:
    service = start_service(NOTIFY_URLS=f"json://127.0.0.1:{receiver.port}")
    receiver.answers.clear()
    service.process_ticket(add_ticket(sandbox, ADA, leaving=None).id)
    wait_until(lambda: bool(receiver.bodies))

    leaver = service.process_ticket(add_ticket(sandbox, ADA).id)

    assert leaver["state"] == "done"
    assert not receiver.answers.is_set()
