"""Settings of who is notified: wrong ones are named at start, and so is a missing extra."""

import sys

import pytest

from integrations.sandbox import Sandbox
from service.config.environment import SettingsError, read_settings
from tests.conftest import RunCommand

EXTRAS = [
    ("NOTIFY_URLS", "json://127.0.0.1", "apprise", "notify"),
    ("SENTRY_DSN", "https://key@sentry.io/1", "sentry_sdk", "sentry"),
    (
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        "http://127.0.0.1:4318",
        "opentelemetry.exporter.otlp.proto.http",
        "telemetry",
    ),
]


@pytest.mark.parametrize(("setting", "value", "package", "extra"), EXTRAS)
def test_a_setting_without_its_extra_is_named(
    monkeypatch: pytest.MonkeyPatch,
    sandbox: Sandbox,
    setting: str,
    value: str,
    package: str,
    extra: str,
) -> None:
    for name, given in (sandbox.settings() | {setting: value}).items():
        monkeypatch.setenv(name, given)
    monkeypatch.setenv("DATABASE_URL", "postgresql://localhost/leavers")
    # As the interpreter has it if a package is not to be had.
    monkeypatch.setitem(sys.modules, package, None)

    with pytest.raises(SettingsError) as refused:
        read_settings()

    assert str(refused.value) == (
        f"{setting} needs packages that are not installed: install the extra “{extra}” "
        "(make install-extras), or leave it empty"
    )


@pytest.mark.parametrize(
    ("setting", "value", "problem"),
    [
        (
            "NOTIFY_URLS",
            "json://127.0.0.1 nonsense://hidden-word@nowhere",
            "has an address that Apprise does not understand: number 2",
        ),
        ("SENTRY_DSN", "https://sentry.io/hidden-word", "is not an address such as"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "hidden-word:4317", "is not an address such as"),
    ],
)
def test_a_wrong_one_is_named_and_not_quoted(
    run_leavers: RunCommand, setting: str, value: str, problem: str
) -> None:
    process = run_leavers("serve", **{setting: value})

    assert process.exit_code() == 2
    assert process.stderr.startswith(f"{setting} {problem}")
    assert "hidden-word" not in process.stdout + process.stderr
