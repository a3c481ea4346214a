"""The vendors' own OpenAPI files, to hold requests and replies against.

They live outside the project: the environment variable VENDOR_DATA_DIR names their folder. They
are not the whole truth (vendors answer and take more than they describe), so keys that a
description lacks are accepted in a reply, and those of a request are listed here with reasons.
"""

import functools
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import referencing
import referencing.jsonschema
import yaml

from integrations.sandbox.requests_log import RecordedRequest

VARIABLE = "VENDOR_DATA_DIR"
_FILES = {
    "zendesk": "zendesk/zendesk_support_oas_2025-08.yaml",
    "trello": "trello/swagger.v3.json",
    "github": "github/api.github.com.subset.json",
}
_BASES = {"zendesk": "", "trello": "/1", "github": ""}
# Cursor paging is described once for the whole of Zendesk's API, not at each path.
_PAGING = frozenset({"page[size]", "page[after]", "page[before]", "per_page", "page"})
# Trello's "nested resources" page says what every list of cards takes.
_NESTED_CARDS = frozenset(
    {"fields", "limit", "before", "since", "filter", "attachments", "checklists", "stickers"}
    | {"customFieldItems", "members", "actions"}
)
_TAKEN_BESIDES: Mapping[tuple[str, str], frozenset[str]] = {
    ("zendesk", "/api/v2/tickets/{ticket_id}/comments"): _PAGING | {"sort", "sort_order"},
    ("zendesk", "/api/v2/tickets/{ticket_id}/audits"): _PAGING,
    # Metadata is described with the ticket, but left out of what an update takes.
    ("zendesk", "/api/v2/tickets/{ticket_id}"): frozenset({"include", "ticket/metadata"}),
    ("zendesk", "/api/v2/search"): _PAGING | {"include"},
    ("zendesk", "/api/v2/search/export"): _PAGING,
    ("zendesk", "/api/v2/ticket_fields"): _PAGING,
    ("trello", "/boards/{id}/cards"): _NESTED_CARDS,
    ("trello", "/boards/{id}/cards/{filter}"): _NESTED_CARDS,
    ("trello", "/lists/{id}/cards"): _NESTED_CARDS,
    # Not described, but the only way to make a copy of a template an ordinary card.
    ("trello", "/cards/{id}"): frozenset({"isTemplate"}),
    ("trello", "/members/{id}"): frozenset({"fields"}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One method of one path."""

    template: str
    described: Mapping[str, Any]
    parameters: tuple[Mapping[str, Any], ...]

    @property
    def query_keys(self) -> set[str]:
        """What may stand in a query."""
        return {one["name"] for one in self.parameters if one.get("in") == "query"}

    @property
    def body_schema(self) -> Any:
        """The schema of a JSON body, or None if none is described."""
        return _json_schema(self.described.get("requestBody", {}))

    def reply_schema(self, status: int) -> Any:
        """The schema of a reply's JSON, or None if none is described."""
        return _json_schema(self.described["responses"].get(str(status), {}))


class OpenApi:
    """One vendor's description."""

    def __init__(self, vendor: str, document: Any) -> None:
        self.vendor = vendor
        self._document = _as_json_schema(document)
        resource = referencing.Resource.from_contents(
            self._document, default_specification=referencing.jsonschema.DRAFT202012
        )
        self._registry: referencing.Registry[Any] = referencing.Registry().with_resource(
            "urn:vendor", resource
        )

    def operation(self, method: str, path: str) -> Operation | None:
        """The operation that a request is; the template with the fewest variable parts wins."""
        plain = path.removeprefix(_BASES[self.vendor]).removesuffix(".json")
        fitting = [
            template
            for template in self._document["paths"]
            if _pattern(template).fullmatch(plain)
            and method.lower() in self._document["paths"][template]
        ]
        if not fitting:
            return None
        template = min(fitting, key=lambda one: one.count("{"))
        item = self._document["paths"][template]
        described = item[method.lower()]
        parameters = [*described.get("parameters", []), *item.get("parameters", [])]
        return Operation(
            template=template,
            described=described,
            parameters=tuple(self._resolved(one) for one in parameters),
        )

    def problems_of_request(self, recorded: RecordedRequest) -> list[str]:
        """What the vendor's description does not know of a request; empty if it fits."""
        operation = self.operation(recorded.method, recorded.path)
        if operation is None:
            return [f"{self.vendor}: no {recorded.method} {recorded.path}"]
        place = f"{self.vendor} {recorded.method} {operation.template}"
        taken = operation.query_keys | _TAKEN_BESIDES.get(
            (self.vendor, operation.template), frozenset()
        )
        sent = set(recorded.query)
        body = recorded.request.json() if recorded.request.body else {}
        if operation.body_schema is None:
            # Trello describes everything as a query and takes it from the body, too.
            sent |= set(body)
            problems: list[str] = []
        else:
            sent |= set(self._unknown_keys(operation.body_schema, body, ""))
            problems = list(self._violations(operation.body_schema, body))
        return [
            *(f"{place}: unknown key {key}" for key in sorted(sent - taken)),
            *(f"{place}: {problem}" for problem in problems),
        ]

    def problems_of_reply(self, method: str, path: str, status: int, value: Any) -> list[str]:
        """Where a reply's JSON is not what the vendor describes: wrong types, missing keys."""
        operation = self.operation(method, path)
        if operation is None:
            return [f"{self.vendor}: no {method} {path}"]
        schema = operation.reply_schema(status)
        return [] if schema is None else sorted(set(self._violations(schema, value)))

    def _violations(self, schema: Any, value: Any) -> Iterator[str]:
        validator = jsonschema.Draft202012Validator(schema, registry=self._registry)
        for error in validator.iter_errors(value):
            place = "/".join("*" if isinstance(one, int) else one for one in error.absolute_path)
            yield f"{place or 'the whole'}: {_shortened(error)}"

    def _unknown_keys(self, schema: Any, value: Any, place: str) -> Iterator[str]:
        """Keys of a body that are not described, at any depth."""
        known = self._resolved(schema)
        properties = known.get("properties")
        if isinstance(value, list):
            for item in value:
                yield from self._unknown_keys(known.get("items", {}), item, f"{place}*/")
        if not isinstance(value, dict) or properties is None:
            return
        for key, inner in value.items():
            if key in properties:
                yield from self._unknown_keys(properties[key], inner, f"{place}{key}/")
            elif not known.get("additionalProperties"):
                yield f"{place}{key}"

    def _resolved(self, schema: Any) -> Any:
        while "$ref" in schema:
            reference = schema["$ref"].removeprefix("urn:vendor#/")
            schema = functools.reduce(
                lambda found, part: found[part], reference.split("/"), self._document
            )
        return schema


def vendor_data() -> Path:
    """The folder with the vendors' own files; a test that asks for it skips if there is none."""
    folder = os.environ.get(VARIABLE)  # noqa: TID251 - where a test's data lie is not a setting
    if not folder:
        pytest.skip(f"{VARIABLE} names no folder with the vendors' own files")
    return Path(folder)


@functools.cache
def openapi(vendor: str, folder: Path) -> OpenApi:
    """A vendor's description, read once."""
    text = (folder / _FILES[vendor]).read_text()
    is_yaml = _FILES[vendor].endswith(".yaml")
    return OpenApi(vendor, _read_yaml(text) if is_yaml else json.loads(text))


def problems_of_requests(requests: Iterable[RecordedRequest]) -> list[str]:
    """What the vendors' descriptions do not know of the requests that a sandbox recorded.

    Requests that were answered with an error are looked at, too: what counts is what was sent.
    A test that calls this skips if the descriptions are not there.
    """
    folder = vendor_data()
    found = {
        problem
        for recorded in requests
        if recorded.path != "/oauth/tokens"  # described without what it takes
        for problem in openapi(recorded.vendor, folder).problems_of_request(recorded)
    }
    return sorted(found)


class _Loader(yaml.CSafeLoader):
    """Zendesk's file has a bare ``=``, which strict loaders refuse."""


_Loader.add_constructor("tag:yaml.org,2002:value", lambda _loader, node: node.value)


def _read_yaml(text: str) -> Any:
    return yaml.load(text, Loader=_Loader)  # noqa: S506 - a safe loader


def _json_schema(described: Mapping[str, Any]) -> Any:
    return described.get("content", {}).get("application/json", {}).get("schema")


@functools.cache
def _pattern(template: str) -> re.Pattern[str]:
    parts = re.split(r"(\{\w+\})", template)
    # GitHub's {path} and {ref} may hold slashes.
    slashed = {"{path}", "{ref}"}
    return re.compile(
        "".join(
            (".+" if part in slashed else "[^/]+") if part.startswith("{") else re.escape(part)
            for part in parts
        )
    )


def _as_json_schema(value: Any) -> Any:
    """OpenAPI 3.0 as JSON Schema, as far as vendors keep to it.

    They write null for what is unset, and rarely say so; they do not always keep alternatives
    apart; and they answer with more than they describe.
    """
    if isinstance(value, list):
        return [_as_json_schema(item) for item in value]
    if not isinstance(value, dict):
        return value
    made = {
        "anyOf" if key == "oneOf" else key: _as_json_schema(inner)
        for key, inner in value.items()
        if not (key == "additionalProperties" and inner is False)
    }
    if isinstance(made.get("$ref"), str):
        return {"$ref": f"urn:vendor{made['$ref']}"}
    if isinstance(made.get("type"), str):
        made["type"] = [made["type"], "null"]
    if isinstance(made.get("enum"), list):
        made["enum"] = [*made["enum"], None]
    return made


def _shortened(error: jsonschema.ValidationError) -> str:
    """What is wrong, without the values."""
    match error.validator:
        case "required":
            return error.message
        case "type":
            wanted: Any = error.validator_value
            return f"{type(error.instance).__name__} is not {wanted[0]}"
        case _:
            return f"does not fit {error.validator}"
