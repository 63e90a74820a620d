"""Every no is a problem+json that names the field and what is allowed, and echoes nothing."""

import json
from typing import Annotated, Any, Literal

import httpx2
import pytest
from pydantic import Field

from infrastructure.allowed_fields import fields_at
from infrastructure.edge import MAX_BODY_BYTES
from infrastructure.http import RequestBody
from tests.services.edge.builders import an_api, client_of


async def ask(method: str, path: str, **given: Any) -> httpx2.Response:
    async with client_of(an_api()) as client:
        return await client.request(method, path, **given)


def a_registration(**changed: Any) -> dict[str, Any]:
    return {"risk": "high", "child_name": "Noor Haddad", **changed}


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/cases/refusing/refused", 409, "closure-not-approved"),
        ("/cases/refusing/missing", 404, "not-found"),
        ("/cases/refusing/away", 503, "unavailable"),
        ("/cases/refusing/broken", 500, "internal"),
        ("/nowhere", 404, "no-such-address"),
        ("/cases", 405, "method-not-allowed"),
    ],
)
async def test_each_refusal_has_its_status_and_a_stable_code(
    path: str, status: int, code: str
) -> None:
    response = await ask("GET", path)
    problem = response.json()
    assert response.status_code == problem["status"] == status
    assert response.headers["content-type"] == "application/problem+json"
    assert problem["code"] == code
    assert problem["type"] == f"urn:throughline:problem:{code}"


async def test_hidden_case_answers_in_the_same_bytes_as_a_missing_one() -> None:
    missing = await ask("GET", "/cases/refusing/missing", headers={"X-Request-ID": "same-one"})
    hidden = await ask("GET", "/cases/refusing/hidden", headers={"X-Request-ID": "same-one"})
    assert hidden.content == missing.content
    assert hidden.headers == missing.headers


async def test_unavailable_says_when_to_try_again() -> None:
    assert (await ask("GET", "/cases/refusing/away")).headers["retry-after"] == "2"


async def test_unexpected_exception_tells_the_caller_nothing_of_itself() -> None:
    assert "Noor" not in (await ask("GET", "/cases/refusing/broken")).text


async def test_unknown_risk_names_the_levels_there_are() -> None:
    response = await ask("POST", "/cases", json=a_registration(risk="enormous"))
    [error] = response.json()["errors"]
    assert response.status_code == 422
    assert error["field"] == "risk"
    assert error["allowed"] == ["unknown", "low", "medium", "high", "imminent"]
    assert "enormous" not in response.text


async def test_unknown_field_is_refused_by_name_and_its_value_is_not_repeated() -> None:
    response = await ask("POST", "/cases", json=a_registration(nickname="Noori"))
    assert response.json()["errors"] == [
        {
            "field": "nickname",
            "message": "This field is not known.",
            "allowed": ["risk", "child_name", "siblings"],
        }
    ]
    assert "Noori" not in response.text


class Visit(RequestBody):
    kind: Literal["visit"]
    at: str


class Call(RequestBody):
    kind: Literal["call"]
    number: str


class Told(RequestBody):
    child: Visit | None = None
    steps: list[Annotated[Visit | Call, Field(discriminator="kind")]]
    either: Visit | Call | str = ""


@pytest.mark.parametrize(
    ("place", "allowed"),
    [
        ((), ["child", "steps", "either"]),
        (("child",), ["kind", "at"]),
        (("steps", 0, "call"), ["kind", "number"]),
        (("steps", 0), ["kind", "at", "number"]),
        (("either", "Visit"), ["kind", "at"]),
        (("either", "str"), ["kind", "at", "number"]),
    ],
)
def test_fields_there_are_at_a_place_are_those_of_its_form(
    place: tuple[str | int, ...], allowed: list[str]
) -> None:
    assert fields_at(Told, place) == allowed


async def test_value_of_the_wrong_kind_is_not_repeated() -> None:
    response = await ask("POST", "/cases", json=a_registration(siblings="Noor and Sami"))
    assert response.status_code == 422
    assert "Sami" not in response.text


async def test_unknown_query_parameter_is_refused_with_those_there_are() -> None:
    response = await ask("GET", "/cases/refusing/missing?limt=3")
    assert response.json()["errors"] == [
        {"field": "limt", "message": "This parameter is not known.", "allowed": ["limit"]}
    ]


@pytest.mark.parametrize("body", [b"{", b"[]", b'"text"', b"\xff\xfe", b"null", b""])
async def test_body_that_is_no_object_is_malformed(body: bytes) -> None:
    response = await ask(
        "POST", "/cases", content=body, headers={"content-type": "application/json"}
    )
    assert response.status_code in (400, 422)
    assert response.headers["content-type"] == "application/problem+json"


async def test_body_of_more_than_a_megabyte_is_too_large() -> None:
    body = json.dumps(a_registration(child_name="x" * MAX_BODY_BYTES)).encode()
    response = await ask(
        "POST", "/cases", content=body, headers={"content-type": "application/json"}
    )
    assert (response.status_code, response.json()["code"]) == (413, "too-large")


async def test_body_in_pieces_that_does_not_say_how_long_it_is_is_too_large() -> None:
    async def pieces() -> Any:
        for _ in range(20):
            yield b"x" * 100_000

    response = await ask(
        "POST", "/cases", content=pieces(), headers={"content-type": "application/json"}
    )
    assert (response.status_code, response.json()["code"]) == (413, "too-large")


async def test_request_without_a_token_is_told_to_bring_one() -> None:
    response = await ask("POST", "/cases/TL-1/notes", json=a_registration())
    assert response.status_code == 401
    assert response.headers["www-authenticate"].startswith("Bearer")


async def test_document_names_operations_by_their_functions_and_the_problems_of_each() -> None:
    document = (await ask("GET", "/openapi.json")).json()
    operation = document["paths"]["/cases"]["post"]
    assert document["openapi"].startswith("3.1")
    assert operation["operationId"] == "register_case"
    assert set(operation["responses"]) == {"201", "401", "404", "409", "413", "422", "503"}
    content = document["components"]["responses"]["Malformed"]["content"]
    assert content["application/problem+json"]["schema"]["$ref"].endswith("/Problem")


async def test_documentation_page_needs_nothing_from_another_host() -> None:
    page = await ask("GET", "/docs")
    assert "register_case" in page.text
    assert "http" not in page.text.replace("http-equiv", "")
    assert "<script" not in page.text
