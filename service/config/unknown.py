"""Variables and lines that look like settings and are not: a typing error must not go unseen."""

import difflib
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from dotenv.parser import parse_stream

# A variable that begins like this is meant for this service.
_PREFIXES = ("ZENDESK_", "TRELLO_", "GITHUB_", "USER_REVIEWER_", "OIDC_")
# What `.env` may hold besides: Compose reads it, too, and so does OpenTelemetry.
_OF_OTHERS = re.compile(r"POSTGRES_PASSWORD|(COMPOSE|OTEL)_\w+")
# GitHub's own runners set some thirty variables that begin like ours.
_ON_RUNNER = "GITHUB_ACTIONS"
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_NEARLY, _PERHAPS = 0.85, 0.5
_NO_API_TOKENS = (
    "it is no longer used, since Zendesk stops all API tokens on 30 April 2027. Make an OAuth "
    "client, and set ZENDESK_CLIENT_ID and ZENDESK_CLIENT_SECRET instead"
)
_NO_ADMIN_TOKENS = _NO_API_TOKENS.replace("ZENDESK_CLIENT", "ZENDESK_ADMIN_CLIENT")
_GONE = {
    "ZENDESK_EMAIL": _NO_API_TOKENS,
    "ZENDESK_API_TOKEN": _NO_API_TOKENS,
    "ZENDESK_ADMIN_EMAIL": _NO_ADMIN_TOKENS,
    "ZENDESK_ADMIN_TOKEN": _NO_ADMIN_TOKENS,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """Something that is set, and is not a setting.

    Attributes:
        what: the variable's name, or the line of the file. What stands in the line is not quoted:
            it may be a secret.
        problem: what is wrong, as the end of a sentence that begins with `what`.
        nearest: the setting that is nearest to it, or None.
        is_refused: nothing starts while it is set.
    """

    what: str
    problem: str
    nearest: str | None
    is_refused: bool = False

    def __str__(self) -> str:
        return f"{self.what}: {self.problem}."


def unknown_in_environment(names: Iterable[str], known: Iterable[str]) -> Iterator[Unknown]:
    """Find variables that begin like a setting of ours, or are nearly one.

    Args:
        names: of all variables.
        known: the names of all settings, in upper case.
    """
    known, names = frozenset(known), frozenset(names)
    for name in sorted(names):
        if name.upper() in known:
            continue
        is_ours = name.upper().startswith(_PREFIXES)
        if _ON_RUNNER in names and name.startswith("GITHUB_"):
            is_ours = False
        if is_ours or _nearest(name, known, cutoff=_NEARLY):
            yield _unknown(name, known)


def unknown_in_file(text: str, known: Iterable[str], *, file: str) -> Iterator[Unknown]:
    """Find lines that are not a setting.

    Args:
        text: the file's.
        known: the names of all settings, in upper case.
        file: its name.
    """
    known = frozenset(known)
    for line in parse_stream(io.StringIO(text)):
        if line.error or (line.key is not None and line.value is None):
            first_word = _NAME.match(line.original.string.strip())
            nearest = _nearest(first_word.group(), known, cutoff=_NEARLY) if first_word else None
            yield Unknown(
                what=f"{file}, line {_line_number(line.original.string, line.original.line)}",
                problem="it is not a setting such as DRY_RUN=true, and is ignored"
                + _said_of(nearest),
                nearest=nearest,
            )
        elif line.key and line.key.upper() not in known and not _OF_OTHERS.fullmatch(line.key):
            found = _unknown(line.key, known)
            # An empty one is a missing one.
            yield replace(found, is_refused=found.is_refused and bool((line.value or "").strip()))


def _unknown(name: str, known: frozenset[str]) -> Unknown:
    if name.upper() in _GONE:
        is_refused = not name.upper().startswith("ZENDESK_ADMIN_")
        return Unknown(what=name, problem=_GONE[name.upper()], nearest=None, is_refused=is_refused)
    is_ours = name.upper().startswith(_PREFIXES)
    nearest = _nearest(name, known, cutoff=0.0 if is_ours else _PERHAPS)
    problem = "it is not a setting, and is ignored"
    return Unknown(what=name, problem=problem + _said_of(nearest), nearest=nearest)


def _said_of(nearest: str | None) -> str:
    return f". The nearest setting is {nearest}" if nearest else ""


def _nearest(name: str, known: frozenset[str], *, cutoff: float) -> str | None:
    found = difflib.get_close_matches(name.upper(), sorted(known), n=1, cutoff=cutoff)
    return found[0] if found else None


def _line_number(text: str, first: int) -> int:
    """Return where a line begins: the parser counts the empty lines before it as its own."""
    return first + len(text[: len(text) - len(text.lstrip())].splitlines())
