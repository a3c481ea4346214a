"""Why a leaver waits, failed or was set aside: a code for programs beside a sentence for people.

Nothing compares, splits or searches the sentence: rewording one changes nothing else.
"""

from dataclasses import dataclass
from enum import StrEnum


class ReasonCode(StrEnum):
    """Every reason there is; the values are those of the operators' API."""

    # The ticket does not say clearly who leaves.
    NO_NAME_OR_EMAIL = "no_name_or_email"
    PERSON_UNCLEAR = "person_unclear"
    SEVERAL_LEAVERS = "several_leavers"
    NAMES_DIFFER = "names_differ"
    EMAILS_DIFFER = "emails_differ"
    EMAIL_UNREADABLE = "email_unreadable"
    OTHER_LEAVER_IN_TEXT = "other_leaver_in_text"
    TICKET_TOO_LONG = "ticket_too_long"
    MAY_BE_STAYING = "may_be_staying"

    # The ticket does not say clearly when.
    LEAVING_DATE_MISSING = "leaving_date_missing"
    LEAVING_DATE_UNCLEAR = "leaving_date_unclear"
    LEAVING_DATE_NOT_SETTLED = "leaving_date_not_settled"
    LEAVING_DATE_IMPLAUSIBLE = "leaving_date_implausible"
    LEAVING_DATE_IN_TEXT_ONLY = "leaving_date_in_text_only"
    LEAVING_DATE_MAY_CHANGE = "leaving_date_may_change"
    LEAVING_DATES_DIFFER = "leaving_dates_differ"
    LAST_DAY_AFTER_LEAVING_DATE = "last_day_after_leaving_date"

    # The access lists do not show clearly who that is.
    NAME_UNREADABLE = "name_unreadable"
    SEVERAL_CANDIDATES = "several_candidates"
    IDENTITY_WITHOUT_NAME = "identity_without_name"
    IDENTITY_AND_NAME_DIFFER = "identity_and_name_differ"
    NAME_DOES_NOT_FIT = "name_does_not_fit"
    OTHER_EMAIL_IN_LISTS = "other_email_in_lists"
    NEAR_MATCH = "near_match"
    NOBODY_FOUND = "nobody_found"
    REMOVED_BY_NAME_ALONE = "removed_by_name_alone"
    REMOVED_PERHAPS = "removed_perhaps"
    ENTRY_CHANGED = "entry_changed"
    CHOICE_IS_GONE = "choice_is_gone"
    PROTECTED = "protected"

    # The plan can't be carried out as it is.
    OPEN_CARD_FOR_OTHER_DATE = "open_card_for_other_date"
    CARD_MADE_BY_PERSON = "card_made_by_person"
    CHOSEN_CARD_IS_GONE = "chosen_card_is_gone"
    PLAN_CHANGED = "plan_changed"
    DAILY_LIMIT = "daily_limit"

    # Somebody wrote something after the ticket had been processed.
    OTHER_LEAVING_DATE = "other_leaving_date"
    STAYS = "stays"
    OTHER_PERSON = "other_person"
    READ_IT = "read_it"
    LISTED_BY_NOW = "listed_by_now"

    # It is done, and there is something to say about that.
    NOTHING_TO_DO = "nothing_to_do"
    CANCELLED = "cancelled"
    BY_HAND = "by_hand"
    NOT_A_LEAVER = "not_a_leaver"
    NO_LEAVER_TAG = "no_leaver_tag"
    CARD_STAYS = "card_stays"
    DRY_RUN = "dry_run"

    # A vendor failed: see `Failure`.
    ZENDESK_UNREACHABLE = "zendesk_unreachable"
    ZENDESK_TIMEOUT = "zendesk_timeout"
    ZENDESK_DISCONNECTED = "zendesk_disconnected"
    ZENDESK_REDIRECTED = "zendesk_redirected"
    ZENDESK_RATE_LIMITED = "zendesk_rate_limited"
    ZENDESK_FAILING = "zendesk_failing"
    ZENDESK_UNREADABLE = "zendesk_unreadable"
    ZENDESK_PAUSED = "zendesk_paused"
    ZENDESK_BUSY = "zendesk_busy"
    ZENDESK_CREDENTIALS_REFUSED = "zendesk_credentials_refused"
    ZENDESK_RIGHT_MISSING = "zendesk_right_missing"
    ZENDESK_NOT_FOUND = "zendesk_not_found"
    ZENDESK_REQUEST_REFUSED = "zendesk_request_refused"
    ZENDESK_BAD_SETTING = "zendesk_bad_setting"
    TRELLO_UNREACHABLE = "trello_unreachable"
    TRELLO_TIMEOUT = "trello_timeout"
    TRELLO_DISCONNECTED = "trello_disconnected"
    TRELLO_REDIRECTED = "trello_redirected"
    TRELLO_RATE_LIMITED = "trello_rate_limited"
    TRELLO_FAILING = "trello_failing"
    TRELLO_UNREADABLE = "trello_unreadable"
    TRELLO_PAUSED = "trello_paused"
    TRELLO_BUSY = "trello_busy"
    TRELLO_CREDENTIALS_REFUSED = "trello_credentials_refused"
    TRELLO_RIGHT_MISSING = "trello_right_missing"
    TRELLO_NOT_FOUND = "trello_not_found"
    TRELLO_REQUEST_REFUSED = "trello_request_refused"
    TRELLO_BAD_SETTING = "trello_bad_setting"
    GITHUB_UNREACHABLE = "github_unreachable"
    GITHUB_TIMEOUT = "github_timeout"
    GITHUB_DISCONNECTED = "github_disconnected"
    GITHUB_REDIRECTED = "github_redirected"
    GITHUB_RATE_LIMITED = "github_rate_limited"
    GITHUB_FAILING = "github_failing"
    GITHUB_UNREADABLE = "github_unreadable"
    GITHUB_PAUSED = "github_paused"
    GITHUB_BUSY = "github_busy"
    GITHUB_CREDENTIALS_REFUSED = "github_credentials_refused"
    GITHUB_RIGHT_MISSING = "github_right_missing"
    GITHUB_NOT_FOUND = "github_not_found"
    GITHUB_REQUEST_REFUSED = "github_request_refused"
    GITHUB_BAD_SETTING = "github_bad_setting"

    # What only one of them has.
    ZENDESK_NO_TICKET = "zendesk_no_ticket"
    ZENDESK_TICKET_CHANGED = "zendesk_ticket_changed"
    ZENDESK_TICKET_CLOSED = "zendesk_ticket_closed"
    ZENDESK_FIELD_REQUIRED = "zendesk_field_required"
    ZENDESK_ASSIGNEE_REFUSED = "zendesk_assignee_refused"
    ZENDESK_UPDATE_REFUSED = "zendesk_update_refused"
    TRELLO_TEMPLATE_ARCHIVED = "trello_template_archived"
    TRELLO_BOARD_FULL = "trello_board_full"
    GITHUB_NO_LISTS = "github_no_lists"
    GITHUB_TREE_TOO_LARGE = "github_tree_too_large"
    GITHUB_FILE_TOO_LARGE = "github_file_too_large"
    GITHUB_NO_SINGLE_SIGN_ON = "github_no_single_sign_on"
    GITHUB_SUSPENDED = "github_suspended"
    GITHUB_REPOSITORY_BLOCKED = "github_repository_blocked"

    # The access lists can't be what they should be.
    LIST_UNREADABLE = "list_unreadable"
    LIST_WITHOUT_PEOPLE = "list_without_people"
    LISTS_SHRANK = "lists_shrank"
    TECH_LIST_MISSING = "tech_list_missing"

    # The service itself.
    DATABASE_FAILED = "database_failed"
    SHUTTING_DOWN = "shutting_down"
    OTHER_TICKET_FIRST = "other_ticket_first"
    CARD_MAY_STILL_APPEAR = "card_may_still_appear"
    WORKER_CRASHED = "worker_crashed"
    INTERNAL_ERROR = "internal_error"


class Failure(StrEnum):
    """What happened with a vendor; with the vendor's name before it, a `ReasonCode`."""

    UNREACHABLE = "unreachable"
    TIMEOUT = "timeout"
    DISCONNECTED = "disconnected"
    REDIRECTED = "redirected"
    RATE_LIMITED = "rate_limited"
    FAILING = "failing"
    UNREADABLE = "unreadable"
    # The service itself does not ask: the circuit is open, or others come first.
    PAUSED = "paused"
    BUSY = "busy"
    CREDENTIALS_REFUSED = "credentials_refused"
    RIGHT_MISSING = "right_missing"
    NOT_FOUND = "not_found"
    REQUEST_REFUSED = "request_refused"
    BAD_SETTING = "bad_setting"


def failure_code(vendor: str, failure: Failure) -> ReasonCode:
    """Return the code of what happened with a vendor, which is ``Zendesk``, ``Trello`` or so."""
    return ReasonCode(f"{vendor.lower()}_{failure}")


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a person is needed, it failed or was set aside.

    Attributes:
        code: for programs: it stays when the sentence is worded in another way.
        text: one or more sentences that an operator can read.
        facts: what makes two reasons of one code different, such as a card's link.
    """

    code: ReasonCode
    text: str
    facts: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.text


def text_of(reasons: tuple[Reason, ...]) -> str:
    """Return several reasons as one text, each sentence once."""
    return " ".join(dict.fromkeys(reason.text for reason in reasons))


def keys_of(reasons: tuple[Reason, ...]) -> tuple[str, ...]:
    """Return what identifies reasons, whatever their words."""
    return tuple(dict.fromkeys("\x1e".join((one.code, *one.facts)) for one in reasons))
