"""The answer form over HTTP: what it asks, what it keeps, and what comes of its answers."""

import re
from urllib.parse import urlsplit

from integrations.sandbox import Sandbox
from integrations.sandbox.faults import unavailable
from integrations.sandbox.sandbox import OPERATORS
from tests.desk.conftest import MakeVisit
from tests.support.running import Service, events_of
from tests.support.tickets import ADA, Who, add_ticket, cards_of

ALICE = OPERATORS["alice"]
_CHECKED = re.compile(r'value="([^"]+)"[^>]* checked')
_FIELD = re.compile(r'<input class="govuk-input[^>]* name="([^"]+)"[^>]* value="([^"]*)"')


def test_to_search_again_searches_after_a_leaver_was_set_aside(
    service: Service, sandbox: Sandbox, visit: MakeVisit
) -> None:
    ticket = add_ticket(sandbox, ADA)
    service.rerun(ticket.id, set_aside="cancelled")
    alice = visit(service, token=ALICE)
    form = alice.get(f"/desk/leavers/{ticket.id}/answer")

    plan = alice.see(form, f"leavers/{ticket.id}/answer", choice="again")
    alice.submit(plan, f"leavers/{ticket.id}/confirm")
    leaver = service.wait_for(ticket.id, "done")

    assert "Leaver: Ada Archer (tech role)" in plan.text
    assert "Set aside: taken back" in plan.text
    assert leaver["outcome"] == "tech_card"
    assert len(cards_of(sandbox, ticket)) == 1


def test_a_date_that_is_in_doubt_is_shown_and_counts_once_it_is_given(
    service: Service, sandbox: Sandbox, visit: MakeVisit
) -> None:
    ticket = sandbox.zendesk.add_ticket(
        subject="Leaver",
        description=f"Name: Ada Archer\nEmail: {ADA.email}\n"
        "Please remove her access, Ada is leaving us and her final day here is 18 December 2026.",
    )
    service.process_ticket(ticket.id)
    alice = visit(service, token=ALICE)
    form = alice.get(f"/desk/leavers/{ticket.id}/answer")
    date = {"leaving_date-day": "18", "leaving_date-month": "12", "leaving_date-year": "2026"}

    without = alice.see(form, f"leavers/{ticket.id}/answer", choice="again")
    plan = alice.see(form, f"leavers/{ticket.id}/answer", choice="again", **date)
    alice.submit(plan, f"leavers/{ticket.id}/confirm")
    leaver = service.wait_for(ticket.id, "done")

    assert "The ticket seems to say 18 December 2026. Enter the date to confirm it." in form.text
    assert [dict(_FIELD.findall(form.text))[name] for name in date] == ["", "", ""]
    assert (without.status_code, "Enter the leaving date" in without.text) == (422, True)
    assert leaver["leaving_date"] == "2026-12-18"


def test_an_answer_that_is_changed_begins_as_it_was(
    service: Service, sandbox: Sandbox, visit: MakeVisit
) -> None:
    ticket = add_ticket(sandbox, Who(name="Sam Taylor"))
    candidates = service.process_ticket(ticket.id)["candidates"]
    choice = f"entry:{candidates[0]['id']}"
    alice = visit(service, token=ALICE)
    form = alice.get(f"/desk/leavers/{ticket.id}/answer")
    said = {"name": "Sam “Ty” Taylor", "leaving_date-day": "19"}
    plan = alice.see(form, f"leavers/{ticket.id}/answer", choice=choice, **said)

    again = alice.get(f"/desk/leavers/{ticket.id}/answer?{urlsplit(plan.url).query}")

    assert "Change the answer" in plan.text
    assert again.status_code == 200
    assert _CHECKED.findall(again.text) == [choice]
    assert said.items() <= dict(_FIELD.findall(again.text)).items()


def test_an_entry_that_has_gone_leads_back_to_the_leaver(
    service: Service, sandbox: Sandbox, visit: MakeVisit
) -> None:
    ticket = add_ticket(sandbox, Who(name="Sam Taylor"))
    candidates = service.process_ticket(ticket.id)["candidates"]
    chosen = next(one for one in candidates if one["file"] == "config/govuk_tech.yml")
    alice = visit(service, token=ALICE)
    form = alice.get(f"/desk/leavers/{ticket.id}/answer")
    text = sandbox.github.files()["config/govuk_tech.yml"]
    sandbox.github.put_files({"config/govuk_tech.yml": text.replace("Sam Taylor", "Tim Saylor")})

    refused = alice.see(form, f"leavers/{ticket.id}/answer", choice=f"entry:{chosen['id']}")

    assert refused.status_code == 409
    assert "The entry that you chose is no longer in the access lists." in refused.text
    assert f'href="/desk/leavers/{ticket.id}">Go back to the leaver' in refused.text


def test_to_confirm_an_entry_that_has_gone_leads_to_a_page_that_back_can_show_again(
    service: Service, sandbox: Sandbox, visit: MakeVisit
) -> None:
    ticket = add_ticket(sandbox, Who(name="Sam Taylor"))
    candidates = service.process_ticket(ticket.id)["candidates"]
    chosen = next(one for one in candidates if one["file"] == "config/govuk_tech.yml")
    alice = visit(service, token=ALICE)
    form = alice.get(f"/desk/leavers/{ticket.id}/answer")
    plan = alice.see(form, f"leavers/{ticket.id}/answer", choice=f"entry:{chosen['id']}")
    text = sandbox.github.files()["config/govuk_tech.yml"]
    sandbox.github.put_files({"config/govuk_tech.yml": text.replace("Sam Taylor", "Tim Saylor")})

    sent = alice.submit(plan, f"leavers/{ticket.id}/confirm")
    refused = alice.get(sent.headers["Location"])

    assert (sent.status_code, refused.status_code) == (303, 409)
    assert "The entry that you chose is no longer in the access lists." in refused.text
    assert "run_requested" not in events_of(service.leaver(ticket.id))


def test_the_open_card_of_another_ticket_is_named_with_its_ticket_and_date(
    service: Service, sandbox: Sandbox, visit: MakeVisit
) -> None:
    first = add_ticket(sandbox, ADA)
    other_date = add_ticket(sandbox, ADA, leaving="2027-01-15")
    same_date = add_ticket(sandbox, ADA)
    url = service.process_ticket(first.id)["card_url"]
    service.process_ticket(other_date.id)
    alice = visit(service, token=ALICE)

    plan = alice.get(f"/desk/leavers/{same_date.id}/plan").text
    asked = [
        alice.get(f"/desk/leavers/{other_date.id}{page}").text for page in ("", "/answer", "/plan")
    ]
    service.process_ticket(same_date.id)
    shared = alice.get(f"/desk/leavers/{same_date.id}").text

    for page in (plan, *asked, shared):
        assert f'href="{url}"' in page
        assert f">ticket {first.id}<" in page
        assert "due 18 December 2026 at 17:00" in page
    assert f"made for ticket {first.id}." in shared


def test_a_leaver_who_was_set_aside_is_not_said_to_get_a_card_yet(
    service: Service, sandbox: Sandbox, visit: MakeVisit
) -> None:
    ticket = add_ticket(sandbox, ADA)
    service.rerun(ticket.id, set_aside="cancelled")

    page = visit(service, token=ALICE).get(f"/desk/leavers/{ticket.id}").text

    assert "None yet" not in page


def test_the_question_stands_beside_the_tickets_own_words_which_are_not_stored(
    service: Service, sandbox: Sandbox, visit: MakeVisit
) -> None:
    ticket = sandbox.zendesk.add_ticket(
        subject="Leaver", description="Name: Sam Taylor\nA peculiar word\nLeaving: 18/12/2026"
    )
    service.process_ticket(ticket.id)
    alice = visit(service, token=ALICE)

    page = alice.get(f"/desk/leavers/{ticket.id}/answer").text
    sandbox.faults.add(fault=unavailable(), vendor="zendesk", times=None)
    without = alice.get(f"/desk/leavers/{ticket.id}/answer")

    assert "<mark><bdi>Name: Sam Taylor</bdi></mark>" in page
    assert "<bdi>A peculiar word</bdi>" in page
    assert "<mark><bdi>A peculiar word" not in page
    assert (without.status_code, "peculiar" in without.text) == (200, False)


def test_each_candidate_stands_with_its_line_its_differences_and_the_persons_card(
    service: Service, sandbox: Sandbox, visit: MakeVisit
) -> None:
    earlier = add_ticket(sandbox, Who(name="Sam Taylor"))
    candidates = service.process_ticket(earlier.id)["candidates"]
    tech = next(one for one in candidates if one["file"] == "config/govuk_tech.yml")
    service.rerun(earlier.id, entry=tech["id"])
    card = cards_of(sandbox, earlier)[0].url
    ticket = add_ticket(sandbox, Who(name="Sam Taylor"))
    service.process_ticket(ticket.id)
    alice = visit(service, token=ALICE)

    page = alice.get(f"/desk/leavers/{ticket.id}/answer").text
    text = sandbox.github.files()["config/govuk_tech.yml"]
    sandbox.github.put_files({"config/govuk_tech.yml": text.replace("Sam Taylor", "Tim Saylor")})
    gone = alice.get(f"/desk/leavers/{ticket.id}/answer").text
    sandbox.faults.add(fault=unavailable(), vendor="github", times=None)
    unread = alice.get(f"/desk/leavers/{ticket.id}/answer")

    line = next(n for n, said in enumerate(text.splitlines(), 1) if "Sam Taylor" in said)
    at = re.search(r'/blob/[0-9a-f]{40}/config/govuk_tech\.yml#L(\d+)"', page)
    assert at is not None
    assert int(at[1]) in {line, line - 1}
    assert re.search(r"config/govuk_tech\.yml, line \d+</a> \(only here\)", page)
    assert "<strong>GitHub user: <bdi>" in page
    assert page.count(f'href="{card}"') == 1
    assert f">ticket {earlier.id}<" in page
    assert page.count("None that the service made or knows of") == len(candidates) - 1
    assert "It is no longer in this list." in gone
    assert (unread.status_code, "t be read now." in unread.text) == (200, True)


def test_the_answer_page_has_a_button_for_each_card_and_one_for_a_new_one(
    service: Service, sandbox: Sandbox, visit: MakeVisit
) -> None:
    ticket = add_ticket(sandbox, ADA)
    doing = sandbox.trello.lists()[1]
    card = sandbox.trello.add_card(name="Ada <b>Archer</b>, leaver Ada Archer", list_id=doing.id)
    service.process_ticket(ticket.id)
    alice = visit(service, token=ALICE)

    form = alice.get(f"/desk/leavers/{ticket.id}/answer")
    page = alice.see(form, f"leavers/{ticket.id}/answer", choice=f"card:{card.short_link}")
    alice.submit(page, f"leavers/{ticket.id}/confirm")
    leaver = service.wait_for(ticket.id, "done")

    assert "Ada &lt;b&gt;Archer" in form.text
    assert doing.name in form.text
    assert card.url in form.text
    assert 'value="card:new"' in form.text
    assert f"The card: {card.short_link}" in page.text
    assert leaver["card_url"] == card.url
