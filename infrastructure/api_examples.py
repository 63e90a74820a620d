"""An example of each body a service takes, as contracts/api_examples has them, for its OpenAPI document."""

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml

_JSON = "application/json"
EVERY = "every"  # operations that all services have


def add(service: str, operation: dict[str, Any]) -> None:
    """An operation without an example is left as it is; tests/contracts finds it."""
    body = operation.get("requestBody", {}).get("content", {}).get(_JSON)
    named = operation["operationId"]
    example = _of(service).get(named, _of(EVERY).get(named))
    if body is not None and example is not None:
        body["example"] = example


@lru_cache(maxsize=16)
def _of(service: str) -> Mapping[str, Any]:
    """By operation id; empty for a service that takes no bodies."""
    written = files("contracts").joinpath(f"api_examples/{service}.yaml")
    return yaml.safe_load(written.read_text("utf-8")) or {} if written.is_file() else {}
