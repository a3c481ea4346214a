"""What a leaver's removal pull request would be if it were opened now; for display only."""

from dataclasses import dataclass

from integrations.github.user_reviewer import Lists, UserReviewer
from service.domain.drafts import MakeCard
from service.domain.errors import OutsideError
from service.domain.facts import Facts
from service.domain.finished_plan import Decision, Plan
from service.domain.matching.match_person import Match, MatchingPolicy
from service.domain.removal.entries import Recorded, are_one_persons, entries_now
from service.domain.removal.refusals import RefusalCode, RemovalRefused, sentence_of
from service.domain.removal.removal import removal_of
from service.domain.removal.texts import pull_request_text
from service.work.access_lists import AccessLists


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
        lists: the lists as people, and whether they may be acted on.
        reviewer: the lists as bytes.
        matching: how a recorded leaver's entries are found again.
        ticket_link: the link to a ticket, with ``{}`` for its number.
        timezone: for the text.
    """

    def __init__(
        self,
        lists: AccessLists,
        reviewer: UserReviewer,
        *,
        matching: MatchingPolicy,
        ticket_link: str,
        timezone: str,
    ) -> None:
        self._lists = lists
        self._reviewer = reviewer
        self._matching = matching
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
            read = self._reviewer.read()
        except OutsideError:
            return None
        files, modes = _by_path(read)
        if any(entry.file not in files for entry in entries):
            return None
        removal = removal_of(entries, files, modes)
        if isinstance(removal, RemovalRefused):
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

    def of_leaver(self, recorded: Recorded) -> RemovalPreview | None:
        """Return what would be removed now of a leaver who is done: the diff, or why there is none.

        None if nothing is left to remove, or the lists can't be read.
        """
        try:
            people, read = self._lists.current_lists(), self._reviewer.read()
        except OutsideError:
            return None
        found = entries_now(recorded, people.directory, policy=self._matching)
        if not found or people.commit != read.commit:
            return None
        removal = removal_of(found, *_by_path(read))
        if isinstance(removal, RemovalRefused):
            return RemovalPreview(reason=removal.sentence)
        return RemovalPreview(diff=removal.diff)


def _by_path(read: Lists) -> tuple[dict[str, bytes], dict[str, str]]:
    """Return path to content, and path to git's mode, of every list."""
    files = {file.path: file.text for file in read.files}
    return files, {file.path: file.mode for file in read.files}


def _why_never(decision: Decision, plan: Plan) -> RefusalCode | None:
    """Return why this leaver gets no pull request, as far as the cut does not matter."""
    if isinstance(plan.draft, MakeCard) and plan.draft.was_removed:
        return RefusalCode.REMOVED_BEFORE
    finding = decision.facts.finding if isinstance(decision.facts, Facts) else None
    if isinstance(finding, Match) and finding.by_name_alone:
        return RefusalCode.BY_NAME_ALONE
    return None if are_one_persons(plan.draft.entries) else RefusalCode.SHARED_IDENTITY
