"""Web addresses that somebody typed, taken apart without a surprise."""

from urllib.parse import SplitResult, urlsplit


def parts_of(url: str) -> SplitResult | None:
    """Return the parts of an address with a host, or None where it is none or its port no port."""
    try:
        parts = urlsplit(url)
        has_port = parts.port is None or parts.port > 0
    except ValueError:
        return None
    return parts if parts.hostname and has_port else None


def is_on_this_machine(parts: SplitResult) -> bool:
    """Whether plain HTTP goes nowhere but to this very machine."""
    return parts.scheme == "http" and parts.hostname in {"127.0.0.1", "localhost", "::1"}
