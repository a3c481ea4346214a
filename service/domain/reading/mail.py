"""The parts of a mail that are not its message: where a signature or another mail begins."""

import re

from service.domain.reading.lines import folded

_SIGN_OFF = re.compile(
    r"(?:(?:many|kind|best|warm(?:est)?|with|kindest) )*"
    r"(?:regards|thanks|thank you|thx|wishes|cheers|(?:yours )?(?:sincerely|faithfully))"
    r"(?: (?:again|in advance|all|very much))?[\s,.!\u2013-]*(?:[^\W\d_][\w'\u2019.-]*\s?){0,4}"
    r"|(?:rgds|br|kr|ta)[\s,.!]*|sent from my .{1,30}|-{2,3}|_{2,3}"
)
_NEW_MAIL = re.compile(
    r"-{2,}\s?(?:original|forwarded) message\s?-*|begin forwarded message:?|on .{5,120} wrote:?"
    r"|_{5,}"
)


def is_sign_off(text: str) -> bool:
    """Return whether a line ends a mail, so that a signature follows ("Kind regards, Sam")."""
    return bool(_SIGN_OFF.fullmatch(folded(text)))


def begins_another_mail(text: str) -> bool:
    """Return whether a line stands above a forwarded or quoted mail."""
    return bool(_NEW_MAIL.fullmatch(folded(text)))
