"""What the pages are built from, and how a page gets it."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from starlette.requests import Request

from integrations.zendesk.client import Zendesk
from service.config.operator_tokens import OperatorTokens
from service.desk.connections import Connections
from service.desk.forms import Drafts, Forms
from service.desk.problems import NeverSeen
from service.desk.rendering import Renderer
from service.desk.signing_in.flows import Flows
from service.desk.signing_in.oidc import SingleSignOn
from service.desk.signing_in.sessions import Sessions
from service.desk.signing_in.sign_in_limit import SignInLimit
from service.desk.words import TeamTime, Wording
from service.domain.ticket import FieldIds
from service.records.after_date_page import AfterDatePage
from service.records.figures import FigureRecords
from service.records.history import HistoryChain
from service.records.intake import Intake
from service.records.leaver import Leaver, State
from service.records.queries import Records
from service.records.removals import RemovalRecords
from service.records.report import ReportRecords
from service.records.search import LeaverSearch
from service.records.sessions import EndedSessions
from service.work.access_lists import AccessLists
from service.work.preview import Previews
from service.work.removal_preview import RemovalPreviews


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskContext:
    """Wired once, by `service.desk.wiring`."""

    intake: Intake
    records: Records
    search: LeaverSearch
    after_date: AfterDatePage
    reports: ReportRecords
    chain: HistoryChain
    figures: FigureRecords
    connections: Connections
    previews: Previews
    removals: RemovalRecords
    removal_shown: RemovalPreviews | None
    lists: AccessLists
    zendesk: Zendesk
    fields: FieldIds
    operators: OperatorTokens
    sessions: Sessions
    ended_sessions: EndedSessions
    forms: Forms
    drafts: Drafts
    sign_in_limit: SignInLimit
    single_sign_on: SingleSignOn | None
    flows: Flows
    renderer: Renderer
    wording: Wording
    clock: TeamTime

    def known_leaver(self, ticket_id: int) -> Leaver:
        """Return a leaver with its history.

        Raises:
            NeverSeen: see there.
        """
        leaver = self.records.leaver(ticket_id)
        if leaver is None:
            raise NeverSeen(ticket_id)
        return leaver

    def never_seen(self, ticket_id: int) -> Leaver:
        """Return what stands for a ticket that was never seen, until it is run."""
        now = self.clock.now()
        return Leaver(
            ticket_id=ticket_id,
            state=State.QUEUED,
            outcome=None,
            entry=None,
            name=None,
            email=None,
            leaving_date=None,
            card_url=None,
            reason=None,
            reason_code=None,
            candidates=[],
            received_at=now,
            updated_at=now,
        )


async def desk_context(request: Request) -> DeskContext:
    """Return what the application of a request was built from."""
    context: DeskContext = request.app.state.context
    return context


Context = Annotated[DeskContext, Depends(desk_context)]
