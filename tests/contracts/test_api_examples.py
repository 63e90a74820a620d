"""Every body that an API takes has an example, and every example is one that the API would take."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from contracts.generate import ROOT

_METHODS = ("post", "put", "patch")
DOCUMENTS = {path.stem: json.loads(path.read_text()) for path in ROOT.glob("openapi/*.json")}


def bodies(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Operations that take JSON which must say something."""
    for item in document["paths"].values():
        for method in _METHODS:
            operation = item.get(method, {})
            body = operation.get("requestBody", {}).get("content", {}).get("application/json")
            if body and says_something(document, body["schema"]):
                yield operation["operationId"], body


def says_something(document: dict[str, Any], schema: dict[str, Any]) -> bool:
    """Whether some form of the body has a field."""
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]]
    if "anyOf" in schema:
        return any(says_something(document, each) for each in schema["anyOf"])
    return bool(schema.get("properties"))


@pytest.mark.parametrize("service", DOCUMENTS)
def test_every_body_has_an_example(service: str) -> None:
    lacking = [name for name, body in bodies(DOCUMENTS[service]) if "example" not in body]
    assert not lacking, f"add to contracts/api_examples/{service}.yaml"


@pytest.mark.parametrize(
    ("service", "operation"),
    [(service, name) for service, document in DOCUMENTS.items() for name, _ in bodies(document)],
)
def test_example_is_what_the_api_takes(service: str, operation: str) -> None:
    document = DOCUMENTS[service]
    body = dict(bodies(document))[operation]
    schema = body["schema"] | {"components": document["components"]}
    faults = [
        fault.message for fault in Draft202012Validator(schema).iter_errors(body.get("example", {}))
    ]
    assert "example" not in body or not faults
