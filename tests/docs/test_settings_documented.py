"""The table in docs/settings.md and `.env.example` are the settings that there are."""

import re
from collections.abc import Callable
from datetime import time
from pathlib import Path
from typing import Any

from service.config.settings import Settings, SetupSettings, ZendeskSettings

FIELDS = {name.upper(): field for name, field in Settings.model_fields.items()}
# What `.env` sets for Compose alone, with the default that docker-compose.yml has for it.
OF_COMPOSE = {"POSTGRES_PASSWORD": "leavers"}
LINE = re.compile(r"^(#?)([A-Z][A-Z0-9_]*)=(.*)$", re.MULTILINE)


def as_documented(default: Any) -> str:
    """Return a default as one would write it into the environment."""
    match default:
        case None:
            return ""
        case bool():
            return str(default).lower()
        case time():
            return f"{default:%H:%M}"
        case frozenset():
            return ",".join(sorted(default))
        case tuple():
            return ",".join(map(str, default))
        case _:
            return str(default)


def sorted_parts(value: str) -> str:
    """Make the order of a comma-separated value no difference."""
    return ",".join(sorted(value.split(",")))


def test_the_table_has_every_setting_with_its_default(
    documents: dict[str, str], table_in: Callable[[str, str], list[list[str]]]
) -> None:
    rows = table_in(documents["docs/settings.md"], "Setting")
    documented = {row[0].strip("`"): row[1] for row in rows}

    assert {name: sorted_parts(cell.strip("`")) for name, cell in documented.items()} == {
        name: "required" if field.is_required() else as_documented(field.default) or "none"
        for name, field in FIELDS.items()
    }


def test_the_runbook_says_how_to_rotate_each_secret(documents: dict[str, str]) -> None:
    _, _, section = documents["docs/runbook.md"].partition("\n## Rotate a secret\n")
    section, _, _ = section.partition("\n## ")
    secrets = {name for name, field in FIELDS.items() if "SecretStr" in str(field.annotation)}

    assert {"GITHUB_TOKEN", "NOTIFY_URLS", "SENTRY_DSN"} < secrets
    assert {name for name in secrets if f"`{name}`" not in section} == set()


def test_the_example_has_every_setting_with_its_default_and_asks_for_the_required_ones(
    root: Path,
) -> None:
    lines = LINE.findall((root / ".env.example").read_text("utf-8"))

    documented = {name: sorted_parts(value) for _, name, value in lines}
    asked_for = {name for mark, name, _ in lines if not mark}

    assert len(lines) == len(documented)
    assert (
        documented
        == {
            name: "" if field.is_required() else as_documented(field.default)
            for name, field in FIELDS.items()
        }
        | OF_COMPOSE
    )
    assert asked_for == {name for name, field in FIELDS.items() if field.is_required()} | {
        "ZENDESK_CLIENT_ID",
        "ZENDESK_CLIENT_SECRET",
    }


def test_what_compose_takes_from_the_file_has_the_default_that_is_documented(root: Path) -> None:
    taken = re.findall(r"\$\{(\w+):-(\w*)\}", (root / "docker-compose.yml").read_text("utf-8"))

    assert dict(taken) == OF_COMPOSE


def test_an_administrators_variables_are_named_where_the_set_up_is(root: Path) -> None:
    of_setup_alone = set(SetupSettings.model_fields) - set(ZendeskSettings.model_fields)

    documented = re.findall(r"`(ZENDESK_ADMIN_\w+)`", (root / "docs/setup.md").read_text("utf-8"))

    assert set(documented) == {name.upper() for name in of_setup_alone}
