"""The manifests by Kubernetes' own schemas, and what they promise of safety and of probes."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from service.config.settings import Settings

# What GOV.UK's clusters run, or newer.
VERSION = "1.33.0"
YAML = re.compile(r"^```yaml\n(.*?)^```", re.MULTILINE | re.DOTALL)
OWN_KINDS = {"Kustomization", "Component"}


def manifests_in(folder: Path) -> list[dict[str, Any]]:
    return [
        manifest
        for file in sorted(folder.glob("*.yaml"))
        for manifest in yaml.safe_load_all(file.read_text("utf-8"))
        if manifest["kind"] not in OWN_KINDS
    ]


def problems(manifest: dict[str, Any]) -> str | None:
    """What the schema says against a manifest; unknown keys count."""
    try:
        kubernetes_validate.validate(manifest, VERSION, strict=True)
    except kubernetes_validate.ValidationError as error:
        return f"{manifest['kind']}: {error.message}"
    return None


@pytest.fixture(scope="module")
def manifests(deploy: Path) -> list[dict[str, Any]]:
    return manifests_in(deploy / "kubernetes")


@pytest.fixture(scope="module")
def by_kind(manifests: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {manifest["kind"]: manifest for manifest in manifests}


@pytest.fixture(scope="module")
def container(by_kind: dict[str, dict[str, Any]]) -> dict[str, Any]:
    (found,) = by_kind["Deployment"]["spec"]["template"]["spec"]["containers"]
    assert isinstance(found, dict)
    return found


def test_every_manifest_is_as_its_schema_has_it(manifests: list[dict[str, Any]]) -> None:
    assert [problem for manifest in manifests if (problem := problems(manifest))] == []


def test_a_misspelt_key_would_be_found(by_kind: dict[str, dict[str, Any]]) -> None:
    deployment = by_kind["Deployment"]
    misspelt = deployment | {"spec": deployment["spec"] | {"replica": 2}}

    assert problems(misspelt)


@pytest.mark.skipif(not shutil.which("kubectl"), reason="kubectl is not installed")
def test_what_kustomize_makes_of_them_is_as_the_schemas_have_it(deploy: Path) -> None:
    made = subprocess.run(  # noqa: S603 - our own folder
        ["kubectl", "kustomize", deploy / "kubernetes"],  # noqa: S607 - wherever it is
        capture_output=True,
        text=True,
        check=True,
    )

    rendered = list(yaml.safe_load_all(made.stdout))

    assert [problem for manifest in rendered if (problem := problems(manifest))] == []
    assert {manifest["metadata"]["namespace"] for manifest in rendered} == {"leavers"}
    assert sorted(manifest["kind"] for manifest in rendered) == [
        "ConfigMap",
        "Deployment",
        "Ingress",
        "Ingress",
        "NetworkPolicy",
        "PodDisruptionBudget",
        "Service",
        "ServiceAccount",
    ]


def test_kustomize_is_given_every_manifest(deploy: Path) -> None:
    for folder in (deploy / "kubernetes", deploy / "kubernetes/monitoring"):
        listed = yaml.safe_load((folder / "kustomization.yaml").read_text("utf-8"))["resources"]

        assert {*listed, "kustomization.yaml"} == {file.name for file in folder.glob("*.yaml")}


def test_two_workers_of_which_one_always_stays(by_kind: dict[str, dict[str, Any]]) -> None:
    deployment, budget = by_kind["Deployment"]["spec"], by_kind["PodDisruptionBudget"]["spec"]

    assert deployment["replicas"] == 2
    assert deployment["strategy"]["rollingUpdate"]["maxUnavailable"] == 0
    assert budget["minAvailable"] == 1
    assert budget["selector"] == deployment["selector"]


def test_probes_ask_the_service_as_it_answers(container: dict[str, Any]) -> None:
    asked = {probe: container[f"{probe}Probe"]["httpGet"]["path"] for probe in PROBES}

    assert asked == PROBES


PROBES = {
    "startup": "/healthcheck/live",
    "liveness": "/healthcheck/live",
    "readiness": "/healthcheck/ready",
}


def test_the_container_is_confined(
    by_kind: dict[str, dict[str, Any]], container: dict[str, Any]
) -> None:
    pod = by_kind["Deployment"]["spec"]["template"]["spec"]

    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert pod["securityContext"]["runAsNonRoot"]
    assert pod["automountServiceAccountToken"] is False
    assert "memory" in container["resources"]["limits"]


def test_the_authorities_of_the_databases_certificate_lie_where_the_address_names_them(
    by_kind: dict[str, dict[str, Any]], container: dict[str, Any], deploy: Path
) -> None:
    volumes = by_kind["Deployment"]["spec"]["template"]["spec"]["volumes"]
    (path,) = [
        one["mountPath"] for one in container["volumeMounts"] if one["name"] == "database-ca"
    ]
    (volume,) = [one for one in volumes if one["name"] == "database-ca"]
    documented = (deploy.parent / "docs/deploy.md").read_text("utf-8")

    assert volume["configMap"] == {"name": "leavers-database-ca", "optional": True}
    assert f"?sslmode=verify-full&sslrootcert={path}/ca.pem" in documented


@pytest.mark.skipif(not shutil.which("kubectl"), reason="kubectl is not installed")
def test_the_patch_that_is_documented_lets_traces_and_mail_out(
    deploy: Path, tmp_path: Path
) -> None:
    documented = (deploy.parent / "docs/deploy.md").read_text("utf-8")
    patch = next(block for block in YAML.findall(documented) if "/spec/egress/-" in block)
    shutil.copytree(deploy / "kubernetes", tmp_path / "base")
    (tmp_path / "kustomization.yaml").write_text(f"resources: [base]\npatches:\n{patch}", "utf-8")

    made = subprocess.run(  # noqa: S603 - our own folder
        ["kubectl", "kustomize", tmp_path],  # noqa: S607 - wherever it is
        capture_output=True,
        text=True,
        check=True,
    )

    rendered = list(yaml.safe_load_all(made.stdout))
    (policy,) = [one for one in rendered if one["kind"] == "NetworkPolicy"]
    ports = [port["port"] for rule in policy["spec"]["egress"] for port in rule["ports"]]
    assert problems(policy) is None
    assert ports == [53, 53, 5432, 443, 4318, 587]


def test_secrets_are_named_and_never_given(
    by_kind: dict[str, dict[str, Any]], container: dict[str, Any], deploy: Path
) -> None:
    lines = (deploy / "kubernetes/settings.env").read_text("utf-8").split()
    given = {line.partition("=")[0].lower() for line in lines}

    assert {"secretRef": {"name": "leavers-secrets"}} in container["envFrom"]
    assert "Secret" not in by_kind
    assert given <= set(Settings.model_fields)
    assert not any("Secret" in str(Settings.model_fields[name].annotation) for name in given)


def test_only_the_webhook_is_open_to_the_internet(manifests: list[dict[str, Any]]) -> None:
    scheme = "alb.ingress.kubernetes.io/scheme"
    open_paths = [
        path["path"]
        for manifest in manifests
        if manifest["kind"] == "Ingress"
        and manifest["metadata"]["annotations"][scheme] == "internet-facing"
        for rule in manifest["spec"]["rules"]
        for path in rule["http"]["paths"]
    ]

    assert open_paths == ["/webhooks/zendesk"]


def test_the_operators_rules_are_the_alerts_word_for_word(deploy: Path) -> None:
    (_, rule) = manifests_in(deploy / "kubernetes/monitoring")
    alerts = yaml.safe_load((deploy / "prometheus/alerts.yml").read_text("utf-8"))

    assert rule["kind"] == "PrometheusRule"
    assert rule["spec"] == alerts
