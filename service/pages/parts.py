"""What the pages are built from."""

from dataclasses import dataclass

from service.acceptance import Acceptance
from service.access_lists import AccessLists
from service.leaver_search import LeaverSearch
from service.operator_tokens import OperatorTokens
from service.pages.connections import Connections, Figures
from service.pages.ended_sessions import EndedSessions
from service.pages.forms import Forms
from service.pages.plan_words import Wording
from service.pages.rendering import Renderer
from service.pages.sessions import Sessions
from service.pages.sign_in_limit import SignInLimit
from service.pages.single_sign_on import SingleSignOn
from service.pages.visitors import Visitors
from service.pages.words import Clock
from service.previews import Previews
from service.records import Records


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """Wired once, by `service.pages.wiring`."""

    acceptance: Acceptance
    records: Records
    search: LeaverSearch
    previews: Previews
    lists: AccessLists
    connections: Connections
    figures: Figures
    operators: OperatorTokens
    sessions: Sessions
    ended_sessions: EndedSessions
    visitors: Visitors
    forms: Forms
    single_sign_on: SingleSignOn | None
    sign_in_limit: SignInLimit
    renderer: Renderer
    wording: Wording
    clock: Clock
