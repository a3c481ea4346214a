"""The page about the API names each address, parameter and correction that there is."""

import re
from pathlib import Path

import pytest
from fastapi.routing import APIRoute

from service.web import api, health, removal, report
from service.web.corrections import CorrectionsBody


@pytest.fixture
def page(root: Path) -> str:
    return (root / "docs/api.md").read_text("utf-8")


def routes() -> list[APIRoute]:
    return [
        route
        for module in (api, removal, report, health)
        for route in module.router.routes
        if isinstance(route, APIRoute)
    ]


def test_every_address_is_named(page: str) -> None:
    addresses = {re.sub(r"\{\w+\}", "12345", route.path) for route in routes()}

    assert "/leavers/12345/rerun" in addresses
    assert [one for one in sorted(addresses) if one not in page] == []


def test_every_parameter_of_the_list_is_named(page: str) -> None:
    (listing,) = [route for route in routes() if route.path == "/leavers"]
    parameters = [one.alias for one in listing.dependant.query_params]

    assert "cursor" in parameters
    assert [one for one in parameters if f"`{one}`" not in page] == []


def test_every_correction_is_named(page: str) -> None:
    named = set(re.findall(r'"(\w+)":', page))

    assert CorrectionsBody.model_fields.keys() - named == set()
