"""Reasons in a few words, for the title of a message and of a group of leavers."""

from service.domain.reasons import Failure, ReasonCode

_VENDORS = {"zendesk": "Zendesk", "trello": "Trello", "github": "GitHub"}
_FAILURES = {
    Failure.UNREACHABLE: "{} can't be reached",
    Failure.TIMEOUT: "{} does not answer in time",
    Failure.DISCONNECTED: "{} breaks connections off",
    Failure.REDIRECTED: "{} answers with redirects",
    Failure.RATE_LIMITED: "{}'s limit of requests is used up",
    Failure.FAILING: "{} returns server errors",
    Failure.UNREADABLE: "{} gives answers that can't be read",
    Failure.PAUSED: "{} is failing, and is sent nothing for a moment",
    Failure.BUSY: "many requests to {} wait for their turn",
    Failure.CREDENTIALS_REFUSED: "{} refuses the credentials",
    Failure.RIGHT_MISSING: "{} does not give the service a right that it needs",
    Failure.NOT_FOUND: "{} does not have what was asked for",
    Failure.REQUEST_REFUSED: "{} refuses a request",
    Failure.BAD_SETTING: "a setting of {} is wrong",
}


def title_of(code: ReasonCode | None, text: str) -> str:
    """Return a reason in a few words that name nobody.

    Args:
        code: what it is known by; None if there is none.
        text: its sentences: the first one is the title if the code has none of its own.
    """
    vendor, _, failure = (code or "").partition("_")
    if vendor in _VENDORS and failure in set(Failure):
        return _FAILURES[Failure(failure)].format(_VENDORS[vendor])
    return text.partition(". ")[0].removesuffix(".")
