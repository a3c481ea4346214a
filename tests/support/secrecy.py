"""What must never stand in a log: secrets, and what tickets and lists say about people."""

import json
import re
from collections.abc import Iterator, Mapping

from integrations.sandbox import Sandbox

_SECRET_SETTING = re.compile(r"SECRET|TOKEN|KEY|DATABASE_URL|DSN")
_SHORTEST = 6


def check_log(log: str, sandbox: Sandbox, environment: Mapping[str, str]) -> None:
    """Make sure that every line is JSON, and that none holds a secret or personal data."""
    lines = log.splitlines()
    odd = [line for line in lines if not _is_json_object(line)]
    assert odd == []
    private = sorted({*secrets_of(environment), *people_of(sandbox)})
    leaks = [(word, line) for word in private for line in lines if word in line.casefold()]
    assert leaks == []


def secrets_of(environment: Mapping[str, str]) -> Iterator[str]:
    """The values of settings that are secret; each token of the operators separately."""
    for name, value in environment.items():
        if _SECRET_SETTING.search(name):
            pieces = re.split(r"[,=]", value) if name == "OPERATOR_TOKENS" else [value]
            yield from (piece.casefold() for piece in pieces if len(piece) >= _SHORTEST)


def people_of(sandbox: Sandbox) -> Iterator[str]:
    """Names and addresses in the lists, and what tickets say, piece by piece."""
    texts = [sandbox.github.git.commits[sandbox.github.head].items] if sandbox.github.head else []
    for items in texts:
        for path, item in items.items():
            if path.endswith((".yml", ".yaml")):
                text = item.content.decode("utf-8", "replace")
                yield from _values(re.findall(r"(?:name|username|email): *(\S.*)", text))
    for ticket in sandbox.zendesk.tickets():
        yield from _values(str(value) for value in ticket.custom_fields.values() if value)
        yield from _values(line.rpartition(":")[2] for line in ticket.description.splitlines())


def _values(found: object) -> Iterator[str]:
    assert hasattr(found, "__iter__")
    for value in found:
        word = str(value).strip(" \"'").casefold()
        if len(word) >= _SHORTEST and not re.fullmatch(r"[\d/. -]+", word):
            yield word


def _is_json_object(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False
