"""What a leaver's removal pull request would be, were it opened now: for previews alone."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from service.domain.errors import OutsideError
from service.domain.finished_plan import Decision, Plan
from service.domain.matching.match_person import Match
from service.domain.plan import Facts, MakeCard
from service.domain.removal.refusals import RefusalCode, Refused, sentence_of
from service.domain.removal.removal import remove
from service.domain.removal.texts import pull_request_text


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovalPreview:
    """A pull request as it would be; `reason` says why there would be none, and is None else.

    The diff holds the removed lines, and so personal data.
    """

    title: str | None = None
    body: str | None = None
    diff: str | None = None
    reason: str | None = None


class RemovalPreviews:
    """Cuts and proves as on the day; nothing is sent.

    Args:
        files: reads the lists: path to content.
        ticket_link: the link to a ticket, with ``{}`` for its number.
        timezone: for the text.
    """

    def __init__(
        self, files: Callable[[], Mapping[str, bytes]], *, ticket_link: str, timezone: str
    ) -> None:
        self._files = files
        self._ticket_link = ticket_link
        self._timezone = timezone

    def of(self, decision: Decision, plan: Plan) -> RemovalPreview | None:
        """Return the pull request of a plan; None if the plan has no card for an entry."""
        card, entries = plan.card, plan.draft.entries
        if card is None or card.due is None or not entries:
            return None
        if never := _why_never(decision, plan):
            return RemovalPreview(reason=sentence_of(never, None, None))
        try:
            files = self._files()
        except OutsideError:
            return None
        if any(entry.file not in files for entry in entries):
            return None
        removal = remove(files, entries)
        if isinstance(removal, Refused):
            return RemovalPreview(reason=removal.sentence)
        text = pull_request_text(
            decision.ticket.id,
            ticket_link=self._ticket_link.format(decision.ticket.id),
            card_url=card.url or "made before it",
            due=card.due,
            timezone=self._timezone,
            removal=removal,
        )
        return RemovalPreview(title=text.title, body=text.body, diff=removal.diff)


def _why_never(decision: Decision, plan: Plan) -> RefusalCode | None:
    """Return why this leaver gets no pull request, whatever the lists say on the day."""
    if isinstance(plan.draft, MakeCard) and plan.draft.was_removed:
        return RefusalCode.REMOVED_BEFORE
    finding = decision.facts.finding if isinstance(decision.facts, Facts) else None
    if isinstance(finding, Match) and finding.by_name_alone:
        return RefusalCode.BY_NAME_ALONE
    return None
