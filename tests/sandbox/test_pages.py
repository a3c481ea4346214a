import requests

from integrations.sandbox import Sandbox


def page(sandbox: Sandbox) -> str:
    answer = requests.get(f"{sandbox.trello.url}/", timeout=10)
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; style-src 'self'"
    return answer.text


def test_the_page_shows_tickets_with_replies_and_notes_distinguished(sandbox: Sandbox) -> None:
    ticket = sandbox.zendesk.add_ticket(subject="Ada leaves", description="On Friday")
    sandbox.zendesk.comment(ticket.id, "Not for the requester", public=False)

    shown = page(sandbox)

    assert f"#{ticket.id} Ada leaves" in shown
    assert shown.index("Public reply") < shown.index("On Friday")
    assert shown.index("Internal note") < shown.index("Not for the requester")


def test_the_page_shows_cards_in_their_lists_due_in_local_time(sandbox: Sandbox) -> None:
    doing = sandbox.trello.lists()[1]
    sandbox.trello.add_card(name="Leaver", list_id=doing.id, due="2026-07-01T16:00:00.000Z")

    shown = page(sandbox)

    assert "Due Wed 1 July 2026, 17:00" in shown
    assert shown.index("Doing (1)") < shown.index("<h3>Leaver</h3>") < shown.index("Done (0)")


def test_nothing_that_anybody_wrote_is_taken_for_html(sandbox: Sandbox) -> None:
    evil = "<script>x</script>"
    sandbox.zendesk.add_ticket(subject=evil, description=evil, tags=(evil,))
    card = sandbox.trello.add_card(name=evil, desc=evil, checklists={evil: [evil]})
    sandbox.trello.comment(card.id, evil)
    sandbox.trello.add_attachment(card.id, url=f"https://a.example/{evil}", name=evil)
    sandbox.github.put_file(f"config/{evil}.yml", evil)

    shown = page(sandbox)

    assert evil not in shown
    assert "&lt;script&gt;x&lt;/script&gt;" in shown


def test_a_notes_link_leads_to_the_card_on_the_page_and_back(sandbox: Sandbox) -> None:
    ticket = sandbox.zendesk.add_ticket()
    address = f"https://{sandbox.zendesk.subdomain}.zendesk.com/agent/tickets/{ticket.id}"
    card = sandbox.trello.add_card(name="Leaver", desc=f"Zendesk ticket: {address}")
    sandbox.zendesk.comment(ticket.id, f"See {card.url}.", public=False)

    shown = page(sandbox)

    assert f'See <a href="#card-{card.short_link}" rel="noreferrer">{card.url}</a>.' in shown
    assert f'<a href="#ticket-{ticket.id}" rel="noreferrer">{address}</a>' in shown


def test_the_style_sheet_is_the_sandboxs_own(sandbox: Sandbox) -> None:
    answer = requests.get(f"{sandbox.github.url}/_sandbox/page.css", timeout=10)

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/css; charset=utf-8")


def test_looking_is_not_recorded_as_a_request_to_a_vendor(sandbox: Sandbox) -> None:
    page(sandbox)

    assert sandbox.requests() == []


def test_the_page_shows_a_pull_request_with_its_text_and_its_diff(sandbox: Sandbox) -> None:
    github = sandbox.github
    github.put_file("config/others.yml", "- name: Bo\n- name: <b>Cy</b>\n")
    github.git.branches["leaver-ticket-7"] = github.git.branches["main"]
    github.put_file("config/others.yml", "- name: Bo\n", branch="leaver-ticket-7")
    body = "Zendesk ticket: https://sandbox.zendesk.com/agent/tickets/7"
    one = github.pulls.open(title="Remove <i>", head="leaver-ticket-7", base="main", body=body)
    before = page(sandbox)
    github.pulls.merge(one.number)

    shown = page(sandbox)

    assert 'id="pull-1"' in shown
    assert "#1 Remove &lt;i&gt;" in shown
    assert '<a href="#ticket-7"' in shown
    assert "\n-- name: &lt;b&gt;Cy&lt;/b&gt;\n" in shown
    assert before.count(">merged<") == 0
    assert shown.count(">merged<") == 1
