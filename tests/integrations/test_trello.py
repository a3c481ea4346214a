"""Cards: what is read, what exactly is written, and what is missing on the board."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest

from integrations.sandbox import Sandbox
from integrations.sandbox.faults import Fault, fails
from integrations.sandbox.messages import Reply
from integrations.sandbox.samples import NON_TECH_TEMPLATE, TECH_TEMPLATE
from integrations.trello.client import Card, Template
from integrations.trello.values import desc_for_trello
from service.domain.errors import OutsideError, PermanentError, TransientError
from tests.integrations.conftest import DUE, Doors, OpenDoors, may_write

HEAD = "Zendesk ticket: https://govuk.zendesk.com/agent/tickets/12345"
TEMPLATE_KEEPS = "attachments,checklists,customFields,labels,members,stickers"


def written(sandbox: Sandbox) -> list[tuple[str, str, object]]:
    return [
        (each.method, each.path, each.request.json())
        for each in sandbox.requests("trello")
        if each.method != "GET"
    ]


def copy(doors: Doors, role: str = "tech", name: str = "Leaver: Jane Doe (tech role)") -> Card:
    return doors.trello.copy_template(role, name=name, due=DUE, head=HEAD, lease=may_write)


def test_the_boards_open_cards_are_read_with_one_request(sandbox: Sandbox, doors: Doors) -> None:
    sandbox.trello.archive(sandbox.trello.add_card(name="Archived").id)
    made = sandbox.trello.add_card(name="A card", desc="Words", due="2026-12-18T17:00:00.000Z")
    doing = sandbox.trello.lists()[1]
    elsewhere = sandbox.trello.add_card(name="Elsewhere", list_id=doing.id)

    cards = {card.id: card for card in doors.trello.open_cards()}

    assert cards[made.id] == Card(
        id=made.id,
        url=made.url,
        name="A card",
        desc="Words",
        due=DUE,
        is_open=True,
        is_template=False,
        last_activity=made.active_at.replace(microsecond=made.active_at.microsecond // 1000 * 1000),
        list_id=made.list_id,
    )
    assert elsewhere.id in cards
    assert "Archived" not in {card.name for card in cards.values()}
    assert {card.url[-8:] for card in cards.values() if card.is_template} == {
        TECH_TEMPLATE,
        NON_TECH_TEMPLATE,
    }
    assert [(each.method, each.path) for each in sandbox.requests("trello")] == [
        ("GET", f"/1/boards/{sandbox.trello.board.short_link}/cards/open")
    ]


def test_a_board_of_more_cards_than_a_page_holds_is_read_whole(
    sandbox: Sandbox, doors: Doors
) -> None:
    before = len(doors.trello.open_cards())
    for number in range(2_000):
        sandbox.trello.add_card(name=str(number))
    sandbox.clear_requests()

    cards = doors.trello.open_cards()

    assert len({card.id for card in cards}) == 2_000 + before
    assert len(sandbox.requests("trello")) == 3


def test_a_copy_is_one_request_with_exactly_what_is_meant(sandbox: Sandbox, doors: Doors) -> None:
    sandbox.trello.copies_are_templates = False
    template = sandbox.trello.card(TECH_TEMPLATE)

    card = copy(doors)

    assert written(sandbox) == [
        (
            "POST",
            "/1/cards",
            {
                "idList": sandbox.trello.lists()[0].id,
                "pos": "bottom",
                "name": "Leaver: Jane Doe (tech role)",
                "desc": f"{HEAD}\n\n{template.desc.rstrip()}",
                "due": "2026-12-18T17:00:00.000Z",
                "dueComplete": False,
                "idCardSource": template.id,
                "keepFromSource": TEMPLATE_KEEPS,
            },
        )
    ]
    made = sandbox.trello.card(card.id)
    assert (card.url, card.due, card.is_template) == (made.url, DUE, False)
    assert (len(made.checklists), made.comments) == (len(template.checklists), [])


def test_a_copy_that_came_out_as_a_template_is_made_an_ordinary_card(
    sandbox: Sandbox, doors: Doors
) -> None:
    sandbox.trello.copies_are_templates = True

    card = copy(doors)

    assert written(sandbox)[1:] == [("PUT", f"/1/cards/{card.id}", {"isTemplate": False})]
    assert (card.is_template, sandbox.trello.card(card.id).is_template) == (False, False)


@pytest.mark.parametrize("status", [400, 429, 500])
def test_a_copy_that_could_not_be_made_ordinary_counts_as_perhaps_made(
    status: int, sandbox: Sandbox, doors: Doors
) -> None:
    sandbox.trello.copies_are_templates = True
    sandbox.faults.add(fault=fails(status), vendor="trello", method="PUT")

    with pytest.raises(OutsideError) as caught:
        copy(doors)

    assert caught.value.maybe_done is True


def test_list_and_templates_are_looked_up_once_for_many_copies(
    sandbox: Sandbox, doors: Doors
) -> None:
    sandbox.trello.copies_are_templates = False

    for role in ("tech", "non_tech", "tech"):
        copy(doors, role)

    assert [each.path.rpartition("/")[2] for each in sandbox.requests("trello")] == [
        TECH_TEMPLATE,
        "lists",
        "cards",
        NON_TECH_TEMPLATE,
        "cards",
        "cards",
    ]


def test_a_template_that_changed_is_seen_after_a_while(
    sandbox: Sandbox, open_doors: OpenDoors
) -> None:
    doors = open_doors(keep_seconds=0)
    copy(doors)
    sandbox.trello.change(TECH_TEMPLATE, desc="New words")

    assert copy(doors).desc == f"{HEAD}\n\nNew words"


def test_a_template_that_went_meanwhile_is_looked_at_again_and_named(
    sandbox: Sandbox, doors: Doors
) -> None:
    copy(doors)
    sandbox.trello.delete(TECH_TEMPLATE)

    with pytest.raises(PermanentError, match="TRELLO_TECH_TEMPLATE"):
        copy(doors)


def test_a_due_date_in_any_zone_is_written_in_utc(sandbox: Sandbox, doors: Doors) -> None:
    card = sandbox.trello.add_card(name="A card")
    summer = datetime(2027, 6, 1, 17, tzinfo=timezone(timedelta(hours=1)))

    seen = doors.trello.update_card(card.id, due=summer, lease=may_write)

    assert written(sandbox) == [("PUT", f"/1/cards/{card.id}", {"due": "2027-06-01T16:00:00.000Z"})]
    assert seen.due == datetime(2027, 6, 1, 16, tzinfo=UTC)


def test_several_changes_of_a_card_are_one_request(sandbox: Sandbox, doors: Doors) -> None:
    card = sandbox.trello.add_card(name="A card")

    seen = doors.trello.update_card(
        card.id, due=DUE, desc="Words", is_closed=True, is_template=False, lease=may_write
    )

    assert written(sandbox) == [
        (
            "PUT",
            f"/1/cards/{card.id}",
            {
                "due": "2026-12-18T17:00:00.000Z",
                "desc": "Words",
                "closed": True,
                "isTemplate": False,
            },
        )
    ]
    assert (seen.desc, seen.is_open) == ("Words", False)


def test_a_card_is_found_by_id_and_by_short_link_even_when_archived(
    sandbox: Sandbox, doors: Doors
) -> None:
    made = sandbox.trello.add_card(name="A card")
    sandbox.trello.archive(made.id)

    by_id, by_link = doors.trello.card(made.id), doors.trello.card(made.short_link)

    assert by_id is not None
    assert (by_id.name, by_id.is_open, by_id) == ("A card", False, by_link)


def test_a_card_that_is_gone_is_none(sandbox: Sandbox, doors: Doors) -> None:
    made = sandbox.trello.add_card(name="A card")
    sandbox.trello.delete(made.id)

    assert doors.trello.card(made.id) is None


@pytest.mark.parametrize("key", ["../members/me", "", "a/b", "IQIV54Pc?fields=all"])
def test_an_id_that_could_lead_elsewhere_is_never_sent(
    key: str, sandbox: Sandbox, doors: Doors
) -> None:
    with pytest.raises(PermanentError):
        doors.trello.card(key)

    assert sandbox.requests() == []


def test_key_and_token_stand_in_a_header_and_in_no_url(sandbox: Sandbox, doors: Doors) -> None:
    copy(doors)

    keys = {key for each in sandbox.requests("trello") for key in each.query}
    assert keys <= {"fields", "filter", "limit"}
    assert {each.request.headers["authorization"] for each in sandbox.requests("trello")} == {
        f'OAuth oauth_consumer_key="{sandbox.trello.key}", oauth_token="{sandbox.trello.token}"'
    }


def test_a_template_is_shown_as_it_is(sandbox: Sandbox, doors: Doors) -> None:
    template = sandbox.trello.card(NON_TECH_TEMPLATE)

    assert doors.trello.template("non_tech") == Template(
        id=template.id,
        name=template.name,
        desc=template.desc,
        is_open=True,
        label_ids=tuple(template.label_ids),
    )


def test_an_archived_template_names_what_to_fix(sandbox: Sandbox, doors: Doors) -> None:
    sandbox.trello.archive(TECH_TEMPLATE)

    with pytest.raises(PermanentError, match=r"archived.*TRELLO_TECH_TEMPLATE"):
        doors.trello.template("tech")


def test_a_missing_template_names_the_setting(
    sandbox: Sandbox, doors: Doors, spotless: Callable[[Exception], None]
) -> None:
    sandbox.trello.delete(NON_TECH_TEMPLATE)

    with pytest.raises(PermanentError, match="TRELLO_NON_TECH_TEMPLATE") as caught:
        doors.trello.template("non_tech")

    spotless(caught.value)


def test_a_missing_list_names_the_setting(open_doors: OpenDoors) -> None:
    with pytest.raises(PermanentError, match="TRELLO_LIST_NAME"):
        open_doors(list_name="Nowhere").trello.list_id()


def test_an_archived_list_is_not_used(sandbox: Sandbox, doors: Doors) -> None:
    sandbox.trello.lists()[0].closed = True

    with pytest.raises(PermanentError, match="TRELLO_LIST_NAME"):
        doors.trello.list_id()


@pytest.mark.parametrize("board", ["AAAAAAAA", "f" * 24, "not a board"])
def test_a_missing_board_names_the_setting(board: str, open_doors: OpenDoors) -> None:
    doors = open_doors(board=board)

    for ask in (doors.trello.list_id, doors.trello.open_cards):
        with pytest.raises(PermanentError, match="TRELLO_BOARD_ID"):
            ask()


def test_wrong_credentials_name_the_settings(
    open_doors: OpenDoors, spotless: Callable[[Exception], None]
) -> None:
    with pytest.raises(PermanentError, match="TRELLO_API_KEY and TRELLO_TOKEN") as caught:
        open_doors(trello_token="wrong").trello.open_cards()

    spotless(caught.value)


def test_a_token_that_may_not_write_is_distinguished(sandbox: Sandbox, doors: Doors) -> None:
    sandbox.trello.may_write = False

    with pytest.raises(PermanentError, match="may not do this") as caught:
        copy(doors)

    assert caught.value.maybe_done is False


@pytest.mark.parametrize(
    "odd",
    [
        {"id": None},
        {"id": "../short"},
        {"desc": None},
        {"shortUrl": 7},
        {"due": "tomorrow"},
        {"due": 7},
        {"closed": "false"},
        {"isTemplate": "no"},
    ],
)
def test_a_copy_whose_response_is_odd_counts_as_perhaps_made(
    odd: dict[str, object], sandbox: Sandbox, doors: Doors
) -> None:
    def twisted(reply: Reply) -> Reply:
        body = json.dumps(reply.json() | odd).encode()
        return Reply(status=200, headers=reply.headers, body=body)

    sandbox.faults.add(fault=Fault(change=twisted), vendor="trello", method="POST")

    with pytest.raises(TransientError) as caught:
        copy(doors)

    assert caught.value.maybe_done is True


def test_what_the_service_does_not_rely_on_may_be_missing(sandbox: Sandbox, doors: Doors) -> None:
    def bare(reply: Reply) -> Reply:
        cards = [
            {name: card[name] for name in ("id", "name", "desc", "due", "closed", "shortUrl")}
            for card in reply.json()
        ]
        return Reply(status=200, headers=reply.headers, body=json.dumps(cards).encode())

    sandbox.faults.add(fault=Fault(change=bare), vendor="trello")

    cards = doors.trello.open_cards()

    assert {(card.is_template, card.last_activity) for card in cards} == {(False, None)}


def test_a_description_is_cut_to_what_trello_takes_and_keeps_its_head() -> None:
    desc = desc_for_trello(HEAD, "x" * 20_000)

    assert len(desc) == 16_384
    assert desc.startswith(f"{HEAD}\n\nxxx")
    assert desc.endswith("it is too long.]")
