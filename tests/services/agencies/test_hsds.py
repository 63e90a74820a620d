"""The directory in Open Referral HSDS 3 over the real API: out, in, out again; who may; what is reported."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from services.agencies.app import service
from tests.services.agencies.directory import (
    AMAL,
    HARBOUR,
    NORTH,
    OFFER,
    PIA,
    SEED,
    TALKS,
    a_directory,
    put,
    types,
)
from tests.services.agencies.test_offers import TERMS
from tests.services.served import Served, serve
from tests.stack.databases import TestDatabase

PUBLISHED = Path(__file__).parents[4] / "shared" / "hsds"
published = pytest.mark.skipif(
    not PUBLISHED.is_dir(), reason="shared/hsds is not beside the repository"
)
PLACE = {
    "name": "Office",
    "latitude": 53.5,
    "longitude": 9.9,
    "address": {"street": "Quay 4", "city": "Porttown", "country": "DE"},
}
MEANINGS = {"terms": {"*": "counselling"}, "areas": {"*": "city"}}


async def a_full_directory(served: Served) -> None:
    await a_directory(served)
    described = {**HARBOUR, "description": "Helps.", "contact": {"email": "a@harbour.example"}}
    await put(served, "/agencies/harbour-help", described)
    await put(served, "/agencies/harbour-help/places/office", PLACE)
    await put(served, TALKS, {**OFFER, **TERMS, "places": ["office"]})
    await put(served, "/agencies/harbour-help/offers/circle", {**OFFER, "paused": True})
    await put(served, "/agencies/harbour-help/offers/gone", OFFER)
    await served.ask(SEED, "DELETE", "/agencies/harbour-help/offers/gone")


async def exported(served: Served, path: str = "", per_page: int = 50) -> list[Any]:
    contents: list[Any] = []
    for page in range(1, 100):
        answer = await served.get(PIA, f"/directory/hsds{path}?page={page}&per_page={per_page}")
        assert answer.status_code == 200, answer.text
        found = answer.json()
        contents += found["contents"]
        if found["last_page"]:
            assert found["total_items"] == len(contents)
            break
    return contents


async def imported(
    served: Served, document: Any, expect: int = 200, who: str = SEED, **said: Any
) -> Any:
    answer = await served.post(who, "/directory/hsds", {"document": document, **said})
    assert answer.status_code == expect, answer.text
    return answer.json()


def outcomes(report: Any) -> list[tuple[str, str | None]]:
    return [(each["outcome"], each["our_id"]) for each in report["entries"]]


async def test_an_export_taken_into_an_empty_directory_exports_the_same(
    agencies: Served,
    service_database: Callable[..., TestDatabase],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await a_full_directory(agencies)
    document = await exported(agencies)
    async with serve(service, service_database("agencies"), monkeypatch) as empty:
        report = await imported(empty, document)
        assert report["counts"] == {"new": 4, "changed": 0, "unchanged": 0, "skipped": 0}
        assert await exported(empty) == document
        assert await exported(empty, "/services") == await exported(agencies, "/services")
        announced = await types(empty)
        assert announced == [
            "agency.registered.v1",
            "agency.named.v1",
            "agency.registered.v1",
            "agency.named.v1",
            "offer.published.v1",
            "offer.terms-published.v1",
            "offer.published.v1",
            "offer.terms-published.v1",
        ]
        again = await imported(empty, document)
        assert again["counts"] == {"new": 0, "changed": 0, "unchanged": 4, "skipped": 0}
        assert await types(empty) == announced


@published
async def test_what_is_exported_is_valid_under_the_published_schema(agencies: Served) -> None:
    from jsonschema import Draft202012Validator, FormatChecker

    await a_full_directory(agencies)
    for path, name in (("", "organization"), ("/services", "service")):
        schema = json.loads((PUBLISHED / f"schema/{name}.json").read_text("utf-8"))
        validator = Draft202012Validator(schema, format_checker=FormatChecker())
        found = await exported(agencies, path, per_page=1)
        assert len(found) == 2
        for each in found:
            validator.validate(each)
            kind = path or "/organizations"
            one = await agencies.get(PIA, f"/directory/hsds{kind}/{each['id']}")
            assert one.json() == each


@published
async def test_the_published_examples_are_imported_and_twice_changes_nothing(
    agencies: Served,
) -> None:
    expected = {
        "organization_full": [("new", "x-example-organization-inc"), ("new", "x-community-counselling")],
        "organization_list": [("unchanged", "x-example-organization-inc")],
        "service_full": [("unchanged", "x-example-organization-inc"), ("unchanged", "x-community-counselling")],
        "service_list": [("unchanged", "x-example-organization-inc"), ("unchanged", "x-community-counselling")],
        "taxonomy": [("skipped", None)],
        "taxonomy_term": [("skipped", None)],
    }  # fmt: skip
    for name, first in expected.items():
        document = json.loads((PUBLISHED / f"examples/{name}.json").read_text("utf-8"))
        tried = await imported(agencies, document, agency_prefix="x-", dry_run=True, **MEANINGS)
        report = await imported(agencies, document, agency_prefix="x-", **MEANINGS)
        assert outcomes(report) == outcomes(tried) == first
        again = await imported(agencies, document, agency_prefix="x-", **MEANINGS)
        assert again["counts"]["new"] == again["counts"]["changed"] == 0
    (offer,) = (await agencies.get(PIA, "/offers?need=counselling")).json()["items"]
    assert offer["agency_id"] == "x-example-organization-inc"
    assert (offer["capacity"], offer["youngest"]) == (0, 12)
    every = "select a::text || o::text || p::text as line from agencies a, offers o, places p"
    rows = await agencies.rows(every)
    assert not any("Persona" in row["line"] for row in rows)  # a contact's name is a person's


async def test_a_dry_run_changes_nothing(agencies: Served) -> None:
    await a_directory(agencies)
    document = (await exported(agencies))[1]
    await put(agencies, TALKS, {**OFFER, "capacity": 1})
    before = await types(agencies)
    report = await imported(agencies, document, dry_run=True)
    assert outcomes(report) == [("unchanged", "harbour-help"), ("changed", "talks")]
    assert await types(agencies) == before
    assert (await exported(agencies))[1] != document
    await imported(agencies, document)
    assert (await exported(agencies))[1] == document


async def test_an_item_that_cannot_be_taken_is_skipped_with_where_why_and_what_is_allowed(
    agencies: Served,
) -> None:
    await a_directory(agencies)
    right = (await exported(agencies, "/services"))[0]
    unknown = {"taxonomy_term": {"code": "X9", "name": "Something else"}}
    foreign = {**right, "id": "ac148810-d857-441c-9679-408f346de14b", "attributes": [unknown]}
    report = await imported(
        agencies, [{**right, "status": "open"}, foreign, {**right, "name": "New"}]
    )
    skipped = {each["path"]: each for each in report["entries"] if each["outcome"] == "skipped"}
    assert skipped["$[0].status"]["allowed"][0] == "active"
    assert skipped["$[1]"]["allowed"] == ["X9", "Something else"]
    assert report["unknown"] == [{"kind": "term", "called": ["X9", "Something else"], "times": 1}]
    assert ("changed", "talks") in outcomes(report)  # the rest was taken all the same


async def test_only_administrators_import_and_everybody_signed_in_exports(agencies: Served) -> None:
    await a_directory(agencies)
    for path in ("", "/services"):
        assert (await agencies.get("", f"/directory/hsds{path}")).status_code == 401
    refused = await imported(agencies, [], who=AMAL, expect=404)
    assert refused["code"] == "not-found"
    unknown = "/directory/hsds/services/ac148810-d857-441c-9679-408f346de14b"
    assert (await agencies.get(PIA, unknown)).status_code == 404
    assert (
        await agencies.get(PIA, unknown.replace("services", "organizations"))
    ).status_code == 404


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"zone": "Europe/Atlantis"}, "zone"),
    ({"policy": "no-such-pack"}, "policy"),
    ({"agency_prefix": "South "}, "agency_prefix"),
    ({"terms": {"X9": "Not A Code"}}, "terms.X9"),
    ({"capacity": -1}, "capacity"),
]


async def test_a_wrong_instruction_is_refused_by_its_field(agencies: Served) -> None:
    for said, named in WRONG:
        answer = await imported(agencies, [], expect=422, **said)
        assert answer["errors"][0]["field"] == named


ODD: list[Any] = [None, 7, "x", [[]], {}, {"contents": 1}, [None], {"id": 1, "name": {}}]


async def test_an_odd_document_is_reported_and_breaks_nothing(agencies: Served) -> None:
    for document in ODD:
        report = await imported(agencies, document)
        assert report["counts"]["new"] == 0
    half = '{"document": {"id": "d9d5e0f5-d3ce-4f73-9a2f-4dd0ecc6c610", "name": "\\ud800"}}'
    answer = await agencies.client.post(
        "/directory/hsds",
        content=half,
        headers={"Authorization": f"Bearer {SEED}", "Content-Type": "application/json"},
    )
    assert answer.status_code in (200, 422)


async def test_an_id_of_ours_that_another_has_is_told_apart(agencies: Served) -> None:
    await put(agencies, "/agencies/agency-north", NORTH)
    (document,) = await exported(agencies)
    await imported(agencies, {**document, "id": "d9d5e0f5-d3ce-4f73-9a2f-4dd0ecc6c610"})
    ids = [each["agency_id"] for each in (await agencies.get(PIA, "/agencies")).json()["items"]]
    assert ids == ["agency-north", "agency-north-d9d5e0f5"]


async def test_an_agency_put_under_an_id_whose_outer_one_an_import_holds_gets_a_new_one(
    agencies: Served, service_database: Callable[..., TestDatabase], monkeypatch: pytest.MonkeyPatch
) -> None:
    await a_directory(agencies)
    document = await exported(agencies)
    async with serve(service, service_database("agencies"), monkeypatch) as other:
        await imported(other, document, agency_prefix="old-")
        await put(other, "/agencies/agency-north", NORTH)
        await put(other, "/agencies/agency-north/offers/talks", OFFER)
        ids = [each["id"] for each in await exported(other)]
        assert len(set(ids)) == 3
        assert [
            each["agency_id"] for each in (await other.get(PIA, "/offers")).json()["items"]
        ] == [
            "old-harbour-help",
            "agency-north",
        ]
