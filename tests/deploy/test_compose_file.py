"""docker-compose.yml by the Compose Specification, with and without settings, and its demo."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

from integrations.sandbox import Sandbox
from service.commands.serve import KEEP_ALIVE
from tests.support.running import Service

VARIABLE = re.compile(r"\$\{(\w+)(?::([-+])([^}]*))?\}")
SETTINGS = {"ZENDESK_SUBDOMAIN": "govuk", "POSTGRES_PASSWORD": "chosen"}


def interpolated(text: str, variables: dict[str, str]) -> str:
    """Put variables in as Compose does.

    https://docs.docker.com/reference/compose-file/interpolation/
    """

    def value(found: re.Match[str]) -> str:
        name, sign, other = found.groups()
        given = variables.get(name, "")
        if sign == "+":
            return other if given else ""
        return given or other or ""

    return VARIABLE.sub(value, text)


@pytest.fixture(scope="module")
def text(root: Path) -> str:
    return (root / "docker-compose.yml").read_text("utf-8")


@pytest.fixture(scope="module")
def services(text: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(interpolated(text, SETTINGS))["services"]
    return found


@pytest.mark.parametrize("variables", [{}, SETTINGS], ids=["no settings", "settings"])
def test_the_file_is_as_the_specification_has_it(text: str, variables: dict[str, str]) -> None:
    # From https://github.com/compose-spec/compose-spec, commit 170098b, Apache License 2.0.
    schema = json.loads(Path(__file__).with_name("compose-spec.json").read_text("utf-8"))

    errors = Draft7Validator(schema).iter_errors(yaml.safe_load(interpolated(text, variables)))

    assert [error.message for error in errors] == []


def test_the_plain_default_is_the_service_and_its_database(services: dict[str, Any]) -> None:
    profiles = {name: one.get("profiles", []) for name, one in services.items()}

    assert {name for name, of in profiles.items() if not of} == {"service", "database"}
    assert {name for name, of in profiles.items() if of == ["many"]} == {"second", "balancer"}


def test_the_second_worker_is_as_the_first_but_for_its_port(services: dict[str, Any]) -> None:
    first, second = dict(services["service"]), dict(services["second"])

    assert first.pop("ports") == ["127.0.0.1:8000:8000"]
    assert second.pop("profiles") == ["many"]
    assert first == second


def test_every_service_that_is_waited_for_says_when_it_is_healthy(
    services: dict[str, Any], root: Path
) -> None:
    waited_for = {name for one in services.values() for name in one.get("depends_on", {})}
    image_says = "HEALTHCHECK" in (root / "Dockerfile").read_text("utf-8")

    silent = [
        name
        for name in waited_for
        if "healthcheck" not in services[name] and not (image_says and "build" in services[name])
    ]

    assert silent == []


def test_every_network_is_named_at_the_top_as_podmans_tool_wants_it(
    services: dict[str, Any], text: str
) -> None:
    used = {name for one in services.values() for name in one.get("networks", ["default"])}

    # podman-compose 1.6.0: "missing networks: default".
    assert used == yaml.safe_load(interpolated(text, SETTINGS))["networks"].keys()


def test_every_file_that_is_mounted_is_there(services: dict[str, Any], root: Path) -> None:
    mounted = {
        volume.split(":")[0]
        for one in services.values()
        for volume in one.get("volumes", [])
        if volume.startswith(".")
    }

    assert mounted == {"./deploy/compose/haproxy.cfg", "./deploy/compose/tickets.py"}
    assert all((root / name).is_file() for name in mounted)


def test_the_balancer_knows_both_workers_and_where_they_listen(
    services: dict[str, Any], deploy: Path
) -> None:
    config = (deploy / "compose/haproxy.cfg").read_text("utf-8")

    servers = re.findall(r"^ *server \w+ (\w+):(\d+)", config, re.MULTILINE)
    (listens,) = re.findall(r"^ *bind :(\d+)", config, re.MULTILINE)

    assert servers == [("service", "8000"), ("second", "8000")]
    assert services["balancer"]["ports"] == [f"127.0.0.1:{listens}:{listens}"]


def test_the_balancer_keeps_idle_connections_as_long_as_the_service(deploy: Path) -> None:
    config = (deploy / "compose/haproxy.cfg").read_text("utf-8")

    assert f"    timeout http-keep-alive {KEEP_ALIVE}s\n" in config


@pytest.mark.skipif(not shutil.which("haproxy"), reason="HAProxy is not installed")
def test_the_balancers_configuration_is_valid(deploy: Path) -> None:
    checked = subprocess.run(  # noqa: S603 - our own file
        ["haproxy", "-c", "-f", deploy / "compose/haproxy.cfg"],  # noqa: S607 - wherever it is
        capture_output=True,
        text=True,
        check=False,
    )

    assert checked.returncode == 0, checked.stderr


def test_the_demo_shows_every_ticket_as_it_is_expected_to_end(
    service: Service, sandbox: Sandbox, deploy: Path
) -> None:
    sandbox.reset()  # The demo is about the sandbox's own people.
    script = deploy / "compose/tickets.py"

    shown = subprocess.run(  # noqa: S603 - our own script
        [sys.executable, script, sandbox.zendesk.url, service.url],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    assert (shown.stderr[-200:], shown.returncode) == ("", 0)
    assert "done tech_card        Somebody in a tech role" in shown.stdout
