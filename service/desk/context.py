"""What the pages are built from."""

from dataclasses import dataclass

from integrations.zendesk.client import Zendesk
from service.config.operator_tokens import OperatorTokens
from service.desk.forms import Drafts, Forms
from service.desk.plan_words import Wording
from service.desk.rendering import Renderer
from service.desk.sessions import Sessions
from service.desk.single_sign_on import SingleSignOn
from service.desk.visitors import CurrentOperator
from service.desk.words import Clock
from service.domain.ticket import FieldIds
from service.records.intake import Intake
from service.records.queries import Records
from service.records.search import LeaverSearch
from service.records.sessions import EndedSessions
from service.work.access_lists import AccessLists
from service.work.preview import Previews


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskContext:
    """Wired once, by `service.desk.wiring`."""

    intake: Intake
    records: Records
    search: LeaverSearch
    previews: Previews
    lists: AccessLists
    zendesk: Zendesk
    fields: FieldIds
    operators: OperatorTokens
    sessions: Sessions
    ended_sessions: EndedSessions
    visitors: CurrentOperator
    forms: Forms
    drafts: Drafts
    single_sign_on: SingleSignOn | None
    renderer: Renderer
    wording: Wording
    clock: Clock
