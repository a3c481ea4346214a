"""Alerts and dashboard ask for figures that there are, and the runbook answers each alert."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import promql_parser
import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from service.upkeep.credential_expiry import NEAR_ITS_END
from tests.conftest import StartService
from tests.support.running import wait_until

METRIC = re.compile(r"\bleavers(?:_\w+)?\b(?!\.)")


@pytest.fixture(scope="module")
def alerts(deploy: Path) -> list[dict[str, Any]]:
    text = (deploy / "prometheus/alerts.yml").read_text("utf-8")
    (group,) = yaml.safe_load(text)["groups"]
    rules: list[dict[str, Any]] = group["rules"]
    return rules


@pytest.fixture(scope="module")
def panels(deploy: Path) -> list[dict[str, Any]]:
    dashboard = json.loads((deploy / "grafana/dashboard.json").read_text("utf-8"))
    found: list[dict[str, Any]] = dashboard["panels"]
    return found


@pytest.fixture(scope="module")
def expressions(alerts: list[dict[str, Any]], panels: list[dict[str, Any]]) -> list[str]:
    asked = [target["expr"] for panel in panels for target in panel["targets"]]
    return [*(alert["expr"] for alert in alerts), *asked]


def named_in(expression: str) -> Iterator[str]:
    """The metrics of an expression, without those of its labels that are spelt alike."""
    yield from METRIC.findall(re.sub(r"\{[^}]*\}", "", expression))


def test_a_credential_is_near_its_end_for_the_alert_when_it_is_for_the_check(
    alerts: list[dict[str, Any]],
) -> None:
    (alert,) = [one for one in alerts if one["alert"] == "CredentialEnds"]

    assert alert["expr"].endswith(f"< {NEAR_ITS_END.days} * 86400")


def test_every_expression_is_promql(expressions: list[str]) -> None:
    for expression in expressions:
        promql_parser.parse(expression)


def test_every_figure_that_is_asked_for_is_one_that_the_service_exposes(
    start_service: StartService, expressions: list[str]
) -> None:
    service = start_service(SWEEP_EVERY_SECONDS="3600")
    # Exposed only once there is something to report: an end of a credential, a webhook.
    later = {"leavers_credential_end_timestamp_seconds", "leavers_last_webhook_timestamp_seconds"}
    exposed: set[str] = set()

    def has_swept() -> bool:
        text = service.get("/metrics", token=None).text
        families = text_string_to_metric_families(text)
        exposed.update(sample.name for family in families for sample in family.samples)
        return "leavers_last_sweep_found" in exposed

    wait_until(has_swept)

    asked = {name for expression in expressions for name in named_in(expression)}
    assert asked - exposed - later == set()
    assert later <= asked


def test_every_alert_says_what_is_wrong_and_leads_to_its_place_in_the_runbook(
    alerts: list[dict[str, Any]], root: Path
) -> None:
    runbook = (root / "docs/runbook.md").read_text("utf-8")
    headings = re.findall(r"^### (\w+)$", runbook, re.MULTILINE)

    assert [alert["alert"] for alert in alerts] == headings[: len(alerts)]
    for alert in alerts:
        leads_to = alert["annotations"]["runbook_url"]
        assert leads_to.endswith(f'label "runbook_url" }}}}{{{{ end }}}}#{alert["alert"].lower()}')
        assert alert["annotations"]["summary"].endswith(".")


def test_no_two_panels_are_one_and_none_overlap(panels: list[dict[str, Any]]) -> None:
    places = [
        (panel["gridPos"]["x"] + x, panel["gridPos"]["y"] + y)
        for panel in panels
        for x in range(panel["gridPos"]["w"])
        for y in range(panel["gridPos"]["h"])
    ]

    assert len({panel["id"] for panel in panels}) == len(panels)
    assert len(set(places)) == len(places)
    assert max(x for x, _ in places) < 24


@pytest.mark.skipif(not shutil.which("promtool"), reason="promtool is not installed")
def test_each_alert_fires_when_it_should_and_only_then(deploy: Path) -> None:
    tested = subprocess.run(
        ["promtool", "test", "rules", "alerts_test.yml"],  # noqa: S607 - wherever it is
        cwd=deploy / "prometheus",
        capture_output=True,
        text=True,
        check=False,
    )

    assert tested.returncode == 0, tested.stdout + tested.stderr
