"""Faults by name, for the control API."""

import inspect
from collections.abc import Callable, Mapping
from typing import Any

from integrations.sandbox import faults
from integrations.sandbox.faults import Cut, Fault, Moment

KINDS: dict[str, Callable[..., Fault]] = {
    make.__name__: make
    for make in (
        faults.fails,
        faults.acts_then_fails,
        faults.breaks,
        faults.acts_then_breaks,
        faults.closes_after_reply,
        faults.replies_late,
        faults.acts_late,
        faults.too_many_requests,
        faults.unavailable,
        faults.github_rate_limit,
        faults.github_forbids,
        faults.trello_limit,
        faults.html_page,
        faults.truncated_json,
        faults.empty_body,
        faults.json_instead,
        faults.expired_token,
        faults.redirects,
        faults.trickles,
        faults.kills,
    )
}


def fault_of(described: Mapping[str, Any]) -> Fault:
    """Return the fault that such as ``{"kind": "fails", "status": 503}`` describes.

    Args:
        described: the name of a function of `faults`, and its arguments by name.

    Raises:
        ValueError: there is no such kind, or it has no such arguments.
    """
    words = dict(described)
    kind = words.pop("kind", None)
    if kind not in KINDS:
        raise ValueError(f"no such kind of fault; known: {', '.join(sorted(KINDS))}")
    if "cut" in words:
        words["cut"] = Cut(words["cut"])
    if "moment" in words:
        words["moment"] = Moment(words["moment"])
    make = KINDS[kind]
    try:
        inspect.signature(make).bind(**words)
    except TypeError as error:
        raise ValueError(f"{kind}: {error}") from error
    return make(**words)
