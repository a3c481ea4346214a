"""The Dockerfile and docker-compose.yml name only what there is."""

import re
import shlex
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from integrations.sandbox import Sandbox
from service import cli
from service.app import create_app
from service.config.settings import Settings

COMMAND = re.compile(r"docker compose [^`\n<>]+")
ADDRESS = re.compile(r"http://127\.0\.0\.1:(\d+)(/[\w/]*)")


@pytest.fixture(scope="module")
def services(root: Path) -> dict[str, Any]:
    composed: dict[str, Any] = yaml.safe_load((root / "docker-compose.yml").read_text("utf-8"))
    found: dict[str, Any] = composed["services"]
    return found


@pytest.fixture(scope="module")
def dockerfile(root: Path) -> str:
    return (root / "Dockerfile").read_text("utf-8").replace("\\\n", " ")


def instruction(dockerfile: str, name: str) -> str:
    """Return the last instruction of a name, without that name."""
    return [line for line in dockerfile.splitlines() if line.strip().startswith(f"{name} ")][-1]


def exec_form(text: str) -> list[str]:
    """Return the words of a command in exec form."""
    words: list[str] = yaml.safe_load(text[text.index("[") :])
    return words


def test_the_image_runs_a_command_that_is_understood(dockerfile: str) -> None:
    program, *words = exec_form(instruction(dockerfile, "CMD"))

    options = cli._parser().parse_args(words)  # noqa: SLF001 - what the program itself reads by

    assert (program, options.host, options.port) == ("leavers", "0.0.0.0", 8000)  # noqa: S104


def test_the_image_checks_its_health_at_a_route_of_the_service(
    dockerfile: str, services: dict[str, Any]
) -> None:
    settings = services["service-in-sandbox"]["environment"]
    app = create_app(Settings(_env_file=None, **{k.lower(): v for k, v in settings.items()}))

    [(port, path)] = ADDRESS.findall(dockerfile)

    assert port == "8000"
    assert path in app.openapi()["paths"]


def test_the_image_copies_what_is_there_and_what_its_context_lets_in(
    dockerfile: str, root: Path
) -> None:
    copied = {
        word.rstrip("/")
        for line in dockerfile.splitlines()
        if line.startswith("COPY ") and "--from" not in line
        for word in shlex.split(line)[1:-1]
    }
    let_in = {
        line[1:]
        for line in (root / ".dockerignore").read_text("utf-8").splitlines()
        if line.startswith("!")
    }

    assert copied == let_in
    assert all((root / name).exists() for name in copied)


def test_every_variable_of_the_service_is_a_setting(services: dict[str, Any]) -> None:
    known = {name.upper() for name in Settings.model_fields}

    named = [
        set(services[name]["environment"]) for name in ("service", "second", "service-in-sandbox")
    ]

    assert all(variables <= known for variables in named)


def test_the_service_in_the_sandbox_has_the_settings_that_the_sandbox_gives(
    services: dict[str, Any],
) -> None:
    command = services["sandbox"]["command"]
    ports = command[command.index("--ports") + 1].split(",")
    environment = dict(services["service-in-sandbox"]["environment"])

    addresses = {name: environment.pop(name) for name in list(environment) if name[-4:] == "_URL"}
    expected = {
        name: value for name, value in Sandbox().settings().items() if not name.endswith("_URL")
    }

    assert environment == expected
    assert {name: urlsplit(url).netloc for name, url in addresses.items()} == {
        "ZENDESK_URL": f"sandbox:{ports[0]}",
        "GITHUB_URL": f"sandbox:{ports[1]}",
        "TRELLO_URL": f"sandbox:{ports[2]}",
        "DATABASE_URL": "leavers:${POSTGRES_PASSWORD:-leavers}@database-in-sandbox:5432",
    }


def test_the_sandbox_needs_no_settings_and_shares_no_database_with_the_service(
    services: dict[str, Any],
) -> None:
    of_sandbox = {name for name, one in services.items() if one.get("profiles") == ["sandbox"]}

    assert of_sandbox == {"service-in-sandbox", "sandbox", "tickets", "database-in-sandbox"}
    assert not any("env_file" in services[name] for name in of_sandbox)
    assert set(services["service-in-sandbox"]["depends_on"]) < of_sandbox


def test_every_process_of_ours_is_confined(services: dict[str, Any]) -> None:
    ours = [one for one in services.values() if "postgres" not in one["image"]]

    confined = [(one["read_only"], one["cap_drop"], one["security_opt"]) for one in ours]

    assert confined == [(True, ["ALL"], ["no-new-privileges:true"])] * len(ours)


def test_a_service_without_settings_is_not_started_again_and_again(
    services: dict[str, Any],
) -> None:
    restarts = {name: one["restart"] for name, one in services.items()}

    # Compose reads `.env` for this: with settings it is "unless-stopped", without it is nothing.
    only_with_settings = "${ZENDESK_SUBDOMAIN:+unless-stopped}"
    assert {name for name, restart in restarts.items() if restart == only_with_settings} == {
        "service",
        "second",
    }
    assert {restarts.pop(name) for name in ("service", "second", "tickets")} == {
        only_with_settings,
        "no",
    }
    assert set(restarts.values()) == {"unless-stopped"}


def test_no_port_is_open_to_other_machines_and_none_leads_to_a_database(
    services: dict[str, Any],
) -> None:
    published = {name: one.get("ports", []) for name, one in services.items()}

    assert published["database"] == published["database-in-sandbox"] == []
    assert all(port.startswith("127.0.0.1:") for ports in published.values() for port in ports)


def test_every_compose_command_that_is_documented_names_services_that_there_are(
    services: dict[str, Any], documents: dict[str, str]
) -> None:
    documented = {command for text in documents.values() for command in COMMAND.findall(text)}

    named = {service for command in documented for service in services_of(shlex.split(command))}

    assert {"service", "second", "database"} <= named <= services.keys()


def test_a_profile_is_named_wherever_the_second_worker_is(documents: dict[str, str]) -> None:
    documented = {command for text in documents.values() for command in COMMAND.findall(text)}

    of_second = {one for one in documented if "second" in services_of(shlex.split(one))}

    assert of_second
    assert all("--profile many " in command for command in of_second)


def services_of(words: list[str]) -> list[str]:
    """Return the services that a command of Compose's is about."""
    place = next((i for i, word in enumerate(words) if word in {"exec", "run", "stop"}), None)
    if place is None:
        return []
    names = [
        word
        for before, word in pairwise(words[place:])
        if not word.startswith("-") and before != "--env"
    ]
    return names if words[place] == "stop" else names[:1]
