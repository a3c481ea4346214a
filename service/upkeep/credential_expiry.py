"""When the service's credentials end, as far as their vendors say: looked up from time to time."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from integrations.trello.account import TrelloAccount
from service.domain.errors import OutsideError

# From then on it is something to fix: for `leavers check`, and for the alert CredentialEnds.
NEAR_ITS_END = timedelta(days=21)

log = logging.getLogger(__name__)


class Credentials:
    """Looks up when each ends.

    Args:
        ends: what returns the end of each, by its setting; None if it never ends or is not known.
    """

    def __init__(self, ends: Mapping[str, Callable[[], datetime | None]]) -> None:
        self._ends = ends

    def look(self) -> dict[str, int]:
        """Return each end that is known, in seconds since 1970, by its setting."""
        found = {setting: self._end(setting) for setting in self._ends}
        return {setting: int(at.timestamp()) for setting, at in found.items() if at}

    def _end(self, setting: str) -> datetime | None:
        try:
            return self._ends[setting]()
        except OutsideError as failure:
            # Any failure here also hits leavers, and is reported with them.
            log.warning(
                "credential not looked at", extra={"setting": setting, "status": failure.status}
            )
            return None


def trello_token_ends_at(account: TrelloAccount) -> datetime | None:
    """Return when the account's last token ends: which one is the service's is not known."""
    ends = [token.ends_at for token in account.tokens() or ()]
    known = [end for end in ends if end is not None]
    return max(known) if known and len(known) == len(ends) else None
