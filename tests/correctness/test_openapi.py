"""Whatever is asked of a service's API, by whomever: never a 5xx, never an answer that is not documented.

Questions are made from each service's own OpenAPI document (schemathesis); some name things that exist.
"""

import asyncio
import os
from collections.abc import Callable
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from domain.vocabulary import Role
from services.__main__ import load, names
from tests.services.served import Served, a_token, serve
from tests.stack.databases import TestDatabase

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
EXAMPLES = int(os.environ.get("THROUGHLINE_API_EXAMPLES", "3"))  # an operation; more in a long run
NORTH = "agency-north"
TOKENS = (
    a_token("cora", NORTH, Role.CASEWORKER, team="team-a"),
    a_token("sami", NORTH, Role.SUPERVISOR, team="team-a"),
    a_token("mona", NORTH, Role.MANAGER),
    a_token("pia", "agency-south", Role.PROVIDER),
    a_token("adam", NORTH, Role.ADMINISTRATOR),
    a_token("opal", "throughline", Role.OPERATIONS),
    a_token("worker", "throughline", Role.SYSTEM),
    "nobody-at-all",
    "",
)


async def ask_everything(served: Served, examples: int) -> tuple[int, list[str]]:
    """Every operation of the document, in a thread that hands each question to this loop."""
    document = (await served.client.get("/openapi.json")).json()
    # Parked events are replayed by the consumer, which is not run here: tests/services/edge has them.
    schema = schemathesis.openapi.from_dict(document).exclude(path_regex="^/operations/parked/.+")
    loop, asked = asyncio.get_running_loop(), 0
    found_wrong: list[str] = []

    def ask(case: Any, token: str) -> None:
        nonlocal asked
        asked += 1
        asking = asyncio.run_coroutine_threadsafe(sent(served, case, token), loop)
        case.validate_response(asking.result(timeout=60), checks=CHECKS)

    def ask_all() -> None:
        for found in schema.get_all_operations():
            operation = found.ok()

            @settings(
                max_examples=examples,
                deadline=None,
                database=None,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            @given(operation.as_strategy(), st.sampled_from(TOKENS))
            def each(case: Any, token: str) -> None:
                ask(case, token)

            try:
                each()
            except (AssertionError, BaseExceptionGroup) as wrong:
                found_wrong.append(f"{operation.method} {operation.path}: {told(wrong)}")

    await asyncio.to_thread(ask_all)
    return asked, found_wrong


def told(wrong: BaseException) -> str:
    """What schemathesis found, each once."""
    inside = wrong.exceptions if isinstance(wrong, BaseExceptionGroup) else (wrong,)
    return "; ".join(sorted({str(each)[:600] for each in inside}))


async def sent(served: Served, case: Any, token: str) -> Any:
    wanted = case.as_transport_kwargs(base_url="http://service")
    headers = {key: str(value) for key, value in dict(wanted.get("headers") or {}).items()}
    headers.pop("Authorization", None)
    if token:
        headers["Authorization"] = f"Bearer {token}"
    return await served.client.request(
        wanted["method"],
        wanted["url"],
        params=wanted.get("params"),
        json=wanted.get("json"),
        content=wanted.get("data"),
        headers=headers,
        follow_redirects=False,
    )


@pytest.mark.parametrize("name", names())
async def test_no_answer_is_a_failure_or_undocumented(
    name: str,
    service_database: Callable[..., TestDatabase],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with serve(load(name), service_database(name), monkeypatch) as served:
        asked, wrong = await ask_everything(served, EXAMPLES)
    assert asked > 0
    assert not wrong, "\n\n".join(wrong)
