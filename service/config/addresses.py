"""Settings that are addresses: of vendors, of pages, of collectors and of the database."""

from typing import Annotated
from urllib.parse import SplitResult, urlsplit

from pydantic import AfterValidator, Field, SecretStr

from service.config import extras
from service.config.messages import wrong
from service.records.database_url import is_database_url


def _an_origin(url: str) -> str:
    parts = parts_of(url)
    if not parts or parts.scheme not in {"http", "https"}:
        raise wrong("is not an address such as https://example.com")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise wrong("must be scheme, host and port alone, such as https://example.com")
    return url.rstrip("/")


def _an_issuer(url: str) -> str:
    """Refuse plain HTTP but on this very machine; a path is part of an issuer, as it is spelt."""
    parts = parts_of(url)
    if not parts or not is_safe_to_ask(url):
        raise wrong("is not an address such as https://login.example.gov.uk")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise wrong(
            "must be scheme, host, port and path alone, such as https://login.example.gov.uk"
        )
    return url


def _a_web_address(url: str) -> str:
    parts = parts_of(url)
    if not parts or parts.scheme not in {"http", "https"}:
        raise wrong("is not an address such as http://collector:4318")
    return url


def _a_page_such_as(example: str) -> AfterValidator:
    def checked(url: str) -> str:
        parts = parts_of(url)
        if not parts or parts.scheme not in {"http", "https"} or parts.query or parts.fragment:
            raise wrong(f"is not the address of a page such as {example}")
        return url.rstrip("/")

    return AfterValidator(checked)


def _a_postgresql_address(url: SecretStr) -> SecretStr:
    if not is_database_url(url.get_secret_value()):
        raise wrong("is not an address such as postgresql://user:password@host/database")
    return url


def parts_of(url: str) -> SplitResult | None:
    """Return the parts of an address with a host, or None if it is none or its port no port."""
    try:
        parts = urlsplit(url)
        has_port = parts.port is None or parts.port > 0
    except ValueError:
        return None
    return parts if parts.hostname and has_port else None


def is_on_this_machine(parts: SplitResult) -> bool:
    """Return whether plain HTTP goes nowhere but to this very machine."""
    return parts.scheme == "http" and parts.hostname in {"127.0.0.1", "localhost", "::1"}


def is_safe_to_ask(url: str) -> bool:
    """Return whether nobody on the way can read or change what is sent to an address."""
    parts = parts_of(url)
    return parts is not None and (parts.scheme == "https" or is_on_this_machine(parts))


Origin = Annotated[str, AfterValidator(_an_origin)]
Issuer = Annotated[str, AfterValidator(_an_issuer)]
DeskUrl = Annotated[str, _a_page_such_as("https://leavers.example.gov.uk/desk")]
RunbookUrl = Annotated[str, _a_page_such_as("https://docs.example.gov.uk/leavers/runbook")]
TracesUrl = Annotated[
    str, AfterValidator(extras.needs("telemetry")), AfterValidator(_a_web_address)
]
DatabaseUrl = Annotated[SecretStr, Field(min_length=1), AfterValidator(_a_postgresql_address)]
