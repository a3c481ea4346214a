"""One question, one answer: the second person is shown the first answer; nothing is done twice."""

from concurrent.futures import ThreadPoolExecutor

import requests

from integrations.sandbox import Sandbox
from integrations.sandbox.faults import unavailable
from integrations.sandbox.sandbox import OPERATORS
from integrations.sandbox.zendesk import DATE_FIELD
from tests.conftest import StartService
from tests.desk.conftest import MakeVisit, OpenDesk
from tests.desk.visits import Visit
from tests.support.running import Service, events_of
from tests.support.tickets import Who, add_ticket, cards_of, writes

ALICE, BOB = OPERATORS["alice"], OPERATORS["bob"]


def plan_of_answer(visit: Visit, ticket_id: int, choice: str, **fields: str) -> requests.Response:
    form = visit.get(f"/desk/leavers/{ticket_id}/answer")
    return visit.see(form, f"leavers/{ticket_id}/answer", choice=choice, **fields)


def waiting_sam(service: Service, sandbox: Sandbox) -> tuple[int, list[str]]:
    ticket = add_ticket(sandbox, Who(name="Sam Taylor"))
    leaver = service.process_ticket(ticket.id)
    candidates = sorted(leaver["candidates"], key=lambda one: str(one["file"]))
    return ticket.id, [f"entry:{one['id']}" for one in candidates]


def test_the_second_of_two_operators_is_shown_what_the_first_did(
    service: Service, sandbox: Sandbox, visit: MakeVisit
) -> None:
    ticket_id, (tech, other) = waiting_sam(service, sandbox)
    alice, bob = visit(service, token=ALICE), visit(service, token=BOB)
    plan_of_alice = plan_of_answer(alice, ticket_id, tech)
    plan_of_bob = plan_of_answer(bob, ticket_id, other)

    first = alice.submit(plan_of_alice, f"leavers/{ticket_id}/confirm")
    service.wait_for(ticket_id, "done")
    second = bob.see(plan_of_bob, f"leavers/{ticket_id}/confirm")
    leaver = service.wait_for(ticket_id, "done")

    assert (first.status_code, second.status_code) == (303, 409)
    assert "<bdi>alice</bdi> has already answered" in second.text
    assert "Sam Taylor, in config/govuk_tech.yml" in second.text
    assert leaver["outcome"] == "tech_card"
    assert events_of(leaver).count("run_requested") == 1
    assert len(cards_of(sandbox, sandbox.zendesk.ticket(ticket_id))) == 1


def test_a_form_sent_twice_is_accepted_once(
    service: Service, sandbox: Sandbox, visit: MakeVisit
) -> None:
    ticket_id, (tech, _) = waiting_sam(service, sandbox)
    alice = visit(service, token=ALICE)
    plan = plan_of_answer(alice, ticket_id, tech)

    with ThreadPoolExecutor(4) as threads:
        sent = [threads.submit(alice.see, plan, f"leavers/{ticket_id}/confirm") for _ in range(4)]
    answers = sorted((one.result() for one in sent), key=lambda answer: answer.status_code)
    leaver = service.wait_for(ticket_id, "done")

    assert [answer.status_code for answer in answers] == [200, 409, 409, 409]
    assert "You have already sent an answer" in answers[1].text
    assert events_of(leaver).count("run_requested") == 1


def test_the_back_button_leads_to_what_is_so_now(
    service: Service, sandbox: Sandbox, open_desk: OpenDesk
) -> None:
    ticket_id, _ = waiting_sam(service, sandbox)
    desk = open_desk(service).sign_in().open(f"leavers/{ticket_id}/answer")
    desk.choose("There is no access")
    desk.press("See what will be done")
    desk.page.get_by_label("None of them is the leaver").check()
    desk.press("See what will be done")
    desk.press("Confirm")
    desk.page.get_by_role("heading", name="History").wait_for()

    desk.page.go_back()
    after_one = desk.heading
    desk.page.go_back()
    desk.page.go_back()

    assert after_one == "Sam Taylor"
    assert desk.heading == "Answer"
    assert "This leaver is done: No access found." in desk.text


def test_a_stale_answer_page_is_refused_before_its_plan_is_made(
    service: Service, sandbox: Sandbox, visit: MakeVisit
) -> None:
    ticket_id, (tech, _) = waiting_sam(service, sandbox)
    alice = visit(service, token=ALICE)
    form = alice.get(f"/desk/leavers/{ticket_id}/answer")
    service.process_ticket(ticket_id)
    sandbox.clear_requests()

    answer = alice.see(form, f"leavers/{ticket_id}/answer", choice=tech)

    assert answer.status_code == 409
    assert "This leaver has changed" in answer.text
    assert sandbox.requests() == []


def test_a_failed_leaver_is_tried_again_once_however_often_the_button_is_pressed(
    start_service: StartService, sandbox: Sandbox, visit: MakeVisit
) -> None:
    service = start_service()
    ticket = add_ticket(sandbox, Who(name="Ada Archer"))
    sandbox.github.put_files({"config/govuk_tech.yml": "- name: [broken"})
    service.process_ticket(ticket.id)
    alice = visit(service, token=ALICE)
    page = alice.get(f"/desk/leavers/{ticket.id}")

    answers = [alice.see(page, f"leavers/{ticket.id}/retry") for _ in range(2)]
    leaver = service.wait_for(ticket.id, "failed")

    assert [answer.status_code for answer in answers] == [200, 409]
    assert events_of(leaver).count("run_requested") == 1


def test_a_confirmed_plan_stays_the_same_plan_when_a_vendor_fails_half_way(
    service: Service, sandbox: Sandbox, visit: MakeVisit
) -> None:
    ticket_id, (tech, _) = waiting_sam(service, sandbox)
    alice = visit(service, token=ALICE)
    plan = plan_of_answer(alice, ticket_id, tech)
    sandbox.faults.add(fault=unavailable(), vendor="zendesk", method="PUT")

    alice.submit(plan, f"leavers/{ticket_id}/confirm")
    leaver = service.wait_for(ticket_id, "done")

    assert "retry_planned" in events_of(leaver)
    assert len(cards_of(sandbox, sandbox.zendesk.ticket(ticket_id))) == 1


def test_a_plan_that_changed_after_it_was_confirmed_is_not_carried_out_but_shown(
    start_service: StartService, sandbox: Sandbox, visit: MakeVisit
) -> None:
    web = start_service(works=False)
    ticket = add_ticket(sandbox, Who(name="Ada Archer"))
    alice = visit(web, token=ALICE)
    plan = alice.get(f"/desk/leavers/{ticket.id}/plan")
    assert "18 December 2026 at 17:00" in plan.text

    alice.submit(plan, f"leavers/{ticket.id}/confirm")
    ticket.custom_fields[DATE_FIELD] = "2026-12-31"
    sandbox.clear_requests()
    service = start_service()
    asked = service.wait_for(ticket.id, "needs_person")
    service.process_ticket(ticket.id)
    written = writes(sandbox)
    page = alice.get(f"/desk/leavers/{ticket.id}")
    alice.submit(page, f"leavers/{ticket.id}/confirm")
    done = service.wait_for(ticket.id, "done")

    assert "so has the plan. Nothing was written" in asked["reason"]
    assert written == []
    assert "31 December 2026 at 17:00" in page.text
    assert done["leaving_date"] == "2026-12-31"
    assert [card.due for card in cards_of(sandbox, ticket)] == ["2026-12-31T17:00:00.000Z"]
