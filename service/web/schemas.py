"""The bodies of responses, as the OpenAPI page shows them."""

from datetime import date, datetime
from typing import Annotated, Any

from fastapi import Path
from pydantic import BaseModel, ConfigDict

from service.domain.after_date import AfterDate
from service.domain.drafts import Outcome
from service.domain.history import HistoryEvent
from service.domain.reasons import ReasonCode
from service.domain.removal.refusals import RefusalCode
from service.domain.removal.seen import RemovalState
from service.domain.ticket import LARGEST_TICKET_ID
from service.records.intake import Accepted
from service.records.leaver import Leaver, State
from service.work.preview import Preview

TicketId = Annotated[
    int, Path(ge=1, le=LARGEST_TICKET_ID, description="The ticket's number", examples=[12345])
]


class ErrorResponse(BaseModel):
    """What went wrong, and what to do."""

    detail: str


class AcceptedResponse(BaseModel):
    """A ticket that was accepted."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"ticket_id": 12345, "state": "queued", "url": "/leavers/12345"}]
        }
    )

    ticket_id: int
    state: State
    url: str


class EntryResponse(BaseModel):
    """An entry in an access list."""

    id: str
    file: str
    name: str
    email: str | None


class EventResponse(BaseModel):
    """One line of a leaver's history."""

    at: datetime
    event: HistoryEvent
    by: str
    detail: str


class LeaverResponse(BaseModel):
    """A leaver: the record of one ticket."""

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "examples": [
                {
                    "ticket_id": 12345,
                    "state": "done",
                    "outcome": "tech_card",
                    "entry": {
                        "id": "9f86d081884c7d65",
                        "file": "config/govuk_tech.yml",
                        "name": "Jane Doe",
                        "email": "jane.doe@example.gov.uk",
                    },
                    "name": "Jane Doe",
                    "email": "jane.doe@example.gov.uk",
                    "leaving_date": "2026-12-18",
                    "card_url": "https://trello.com/c/iK30ThVk",
                    "reason": None,
                    "reason_code": None,
                    "after_date": None,
                    "removal": "open",
                    "pull_request_url": "https://github.com/alphagov/govuk-user-reviewer/pull/7",
                    "candidates": [],
                    "received_at": "2026-11-24T09:30:00Z",
                    "updated_at": "2026-11-24T09:30:04Z",
                    "history": [
                        {
                            "at": "2026-11-24T09:30:00Z",
                            "event": "received",
                            "by": "Zendesk",
                            "detail": "",
                        }
                    ],
                }
            ]
        },
    )

    ticket_id: int
    state: State
    outcome: Outcome | None
    entry: EntryResponse | None
    name: str | None
    email: str | None
    leaving_date: date | None
    card_url: str | None
    reason: str | None
    reason_code: ReasonCode | RefusalCode | None
    after_date: AfterDate | None
    removal: RemovalState
    pull_request_url: str | None
    candidates: list[EntryResponse]
    received_at: datetime | None
    updated_at: datetime | None
    history: list[EventResponse]


class CardResponse(BaseModel):
    """The card as it would be: its name, its due date and the template of the leaver's role."""

    name: str
    due: datetime | None
    template: str | None


class PullRequestResponse(BaseModel):
    """The removal pull request as it would be now; `reason` says why there would be none."""

    model_config = ConfigDict(from_attributes=True)

    title: str | None
    body: str | None
    diff: str | None
    reason: str | None


class PreviewResponse(LeaverResponse):
    """The leaver as it would end now."""

    card: CardResponse | None
    pull_request: PullRequestResponse | None


class LeaversResponse(BaseModel):
    """A page of leavers, newest first."""

    leavers: list[LeaverResponse]
    next_cursor: str | None


def accepted_response(accepted: Accepted) -> AcceptedResponse:
    """Return the response for a ticket that was accepted."""
    return AcceptedResponse(
        ticket_id=accepted.ticket_id,
        state=accepted.state,
        url=f"/leavers/{accepted.ticket_id}",
    )


def leaver_response(leaver: Leaver) -> LeaverResponse:
    """Return the response for a leaver.

    If it has no reason of its own, its reason is why its entry gets no pull request, or why its
    pull request goes no further.
    """
    response = LeaverResponse.model_validate(leaver, from_attributes=True)
    if why := leaver.removal_reason if leaver.reason_code is None else None:
        response.reason, response.reason_code = why.sentence, why.code
    return response


def preview_response(preview: Preview) -> PreviewResponse:
    """Return the response for a leaver as it would end."""
    card = preview.card and CardResponse(
        name=preview.card.name, due=preview.card.due, template=preview.template
    )
    pull = preview.removal and PullRequestResponse.model_validate(preview.removal)
    shown = leaver_response(preview.leaver).model_dump()
    return PreviewResponse(**shown, card=card, pull_request=pull)


def as_json(response: BaseModel) -> dict[str, Any]:
    """Return a response as the JSON that an operator would get."""
    return response.model_dump(mode="json")
