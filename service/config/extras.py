"""What is an optional extra: settings that need it are refused if it is not installed."""

import re
from collections.abc import Callable
from importlib.util import find_spec
from typing import TypeVar

from pydantic import SecretStr

from service.config.messages import wrong

T = TypeVar("T")

# The package that each extra of pyproject.toml brings, by the extra's name.
PACKAGES = {
    "notify": "apprise",
    "sentry": "sentry_sdk",
    "telemetry": "opentelemetry.exporter.otlp.proto.http",
}

_DSN = re.compile(r"https?://[^:@/\s]+(:[^@/\s]*)?@[^/\s]+/\S*\d")
_NEXT_URL = re.compile(r"[\s,]+(?=[A-Za-z][A-Za-z0-9+.-]*://)")


def needs(extra: str) -> Callable[[T], T]:
    """Return what refuses a value if the extra that it needs is not installed."""

    def check(value: T) -> T:
        if not _is_installed(PACKAGES[extra]):
            raise wrong(
                f"needs packages that are not installed: install the extra “{extra}” "
                "(make install-extras), or leave it empty"
            )
        return value

    return check


def a_dsn(dsn: SecretStr) -> SecretStr:
    """Refuse what is not the address of a Sentry project."""
    if not _DSN.fullmatch(dsn.get_secret_value()):
        raise wrong("is not an address such as https://KEY@sentry.io/1")
    return dsn


def separate_urls(urls: SecretStr) -> list[str]:
    """Return each of several addresses that are separated by spaces or commas."""
    return _NEXT_URL.split(urls.get_secret_value().strip())


def notify_urls(urls: SecretStr) -> SecretStr:
    """Refuse an address that Apprise does not understand; it is named by its number alone."""
    from apprise import Apprise  # noqa: PLC0415 - only if it is installed and wanted

    odd = [n for n, url in enumerate(separate_urls(urls), 1) if Apprise.instantiate(url) is None]
    if odd:
        raise wrong(
            f"has an address that Apprise does not understand: number {odd[0]}. An address is, for "
            "example, slack://TOKEN_A/TOKEN_B/TOKEN_C"
        )
    return urls


def _is_installed(package: str) -> bool:
    try:
        return find_spec(package) is not None
    except ModuleNotFoundError:
        return False
