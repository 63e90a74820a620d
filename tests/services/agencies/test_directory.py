"""The directory over its real API: who may change it, what is announced, whose names are seen."""

from collections.abc import Callable
from typing import Any

from contracts.events.agencies import PathwayPublished
from services.agencies.app import service
from tests.services.agencies.directory import (
    AMAL,
    COLLEAGUE,
    HARBOUR,
    NORTH,
    OFFER,
    PIA,
    SEED,
    a_directory,
    put,
    types,
)
from tests.services.served import Served, shape_differences
from tests.stack.databases import TestDatabase


async def test_everything_put_is_announced_once(agencies: Served) -> None:
    await a_directory(agencies)
    announced = await types(agencies)
    assert announced == [
        "agency.registered.v1",
        "agency.named.v1",
        "agency.registered.v1",
        "agency.named.v1",
        "staff.registered.v1",
        "offer.published.v1",
        "pathway.published.v1",
    ]
    await a_directory(agencies)
    assert await types(agencies) == announced


async def test_a_change_is_announced_again_and_a_mere_title_is_not(agencies: Served) -> None:
    await a_directory(agencies)
    before = len(await types(agencies))
    await put(agencies, "/agencies/harbour-help/offers/talks", {**OFFER, "title": "Family talks"})
    await put(agencies, "/agencies/agency-north/staff/amal-h", {**COLLEAGUE, "name": "Amal H."})
    assert len(await types(agencies)) == before
    await put(agencies, "/agencies/harbour-help/offers/talks", {**OFFER, "capacity": 0})
    assert (await types(agencies))[before:] == ["offer.published.v1"]


async def test_a_pathway_names_the_providers_in_its_order(agencies: Served) -> None:
    await a_directory(agencies)
    await put(agencies, "/agencies/agency-north/offers/circle", OFFER)
    laid = await put(agencies, "/pathways/counselling/city", {"offers": ["circle", "talks"]})
    assert laid["providers"] == ["agency-north", "harbour-help"]
    last = (await agencies.said(PathwayPublished))[-1]
    assert last["providers"] == ["agency-north", "harbour-help"]
    assert last["agency_id"] == "throughline"  # whose key keeps a pathway's events in order


async def test_names_are_seen_by_colleagues_only(agencies: Served) -> None:
    await a_directory(agencies)
    own = await agencies.ask(AMAL, "GET", "/agencies/agency-north/staff")
    assert own.json()["items"][0]["name"] == "Amal Haddad"
    seed = await agencies.ask(SEED, "GET", "/agencies/agency-north/staff")
    assert seed.json()["items"][0]["name"] is None
    other = await agencies.ask(PIA, "GET", "/agencies/agency-north/staff")
    assert (other.status_code, other.json()["code"]) == (404, "not-found")


async def test_a_name_is_nowhere_in_the_tables(agencies: Served) -> None:
    await a_directory(agencies)
    for table in ("staff", "outbox", "audit", "idempotency"):
        rows = await agencies.rows(f"select t::text as line from {table} t")
        assert not any("Amal Haddad" in row["line"] for row in rows)
        assert not any(b"Haddad".hex() in row["line"] for row in rows)


async def test_only_an_administrator_changes_the_directory(agencies: Served) -> None:
    changes: list[tuple[str, dict[str, Any]]] = [
        ("/agencies/agency-south", NORTH),
        ("/agencies/agency-north/staff/amal-h", COLLEAGUE),
        ("/agencies/harbour-help/offers/talks", OFFER),
        ("/pathways/counselling/city", {"offers": ["talks"]}),
    ]
    for path, body in changes:
        assert (await put(agencies, path, body, who=AMAL, expect=404))["code"] == "not-found"
    audited = await agencies.rows("select outcome from audit")
    assert [row["outcome"] for row in audited] == ["hidden"] * len(changes)


async def test_everybody_signed_in_reads_offers_and_pathways(agencies: Served) -> None:
    await a_directory(agencies)
    for path in ("/agencies", "/agencies/harbour-help", "/offers?need=counselling", "/pathways"):
        assert (await agencies.ask(PIA, "GET", path)).status_code == 200
        assert (await agencies.ask("", "GET", path)).status_code == 401
    found = await agencies.ask(PIA, "GET", "/pathways/counselling/city")
    assert found.json()["offers"] == ["talks"]
    assert (await agencies.ask(PIA, "GET", "/pathways/money/city")).status_code == 404
    listed = (await agencies.ask(PIA, "GET", "/agencies/harbour-help/offers")).json()
    assert [offer["title"] for offer in listed["items"]] == ["Talks for families"]


BAD: list[tuple[str, dict[str, Any], str]] = [
    # path, body, the field that is named
    ("/agencies/agency-south", {**HARBOUR, "zone": "Europe/Atlantis"}, "zone"),
    ("/agencies/agency-south", {**HARBOUR, "policy": "no-such-pack"}, "policy"),
    ("/agencies/agency-south", {**HARBOUR, "colour": "blue"}, "colour"),
    ("/agencies/Agency_South", HARBOUR, "agency_id"),
    ("/agencies/agency-south", {**HARBOUR, "teams": [NORTH["teams"][0]] * 2}, "teams"),
    ("/agencies/agency-north/staff/bela", {**COLLEAGUE, "team_id": "team-nine"}, "team_id"),
    ("/agencies/agency-north/staff/bela", {**COLLEAGUE, "roles": ["wizard"]}, "roles.0"),
    ("/agencies/agency-north/staff/bela", {**COLLEAGUE, "roles": []}, "roles"),
    ("/agencies/agency-north/offers/new", {**OFFER, "capacity": -1}, "capacity"),
    ("/pathways/counselling/city", {"offers": ["talks", "unheard-of"]}, "offers"),
    ("/pathways/money/city", {"offers": ["talks"]}, "offers"),  # it serves another need
    ("/pathways/counselling/city", {"offers": []}, "offers"),
]


async def test_a_wrong_entry_is_refused_by_its_field(agencies: Served) -> None:
    await a_directory(agencies)
    before = await types(agencies)
    for path, body, named in BAD:
        answer = await put(agencies, path, body, expect=422)
        assert (answer["code"], answer["errors"][0]["field"]) == ("malformed", named)
    assert await types(agencies) == before


async def test_what_somebody_relies_on_is_not_taken_away(agencies: Served) -> None:
    await a_directory(agencies)
    refusals = [
        ("/agencies/agency-north", {**NORTH, "teams": []}, "team-has-staff"),
        ("/agencies/harbour-help/staff/amal-h", {**COLLEAGUE, "team_id": None}, "staff-of-another-agency"),
        ("/agencies/agency-north/offers/talks", OFFER, "offer-of-another-agency"),
        ("/agencies/harbour-help/offers/talks", {**OFFER, "need": "money"}, "offer-serves-pathway"),
    ]  # fmt: skip
    for path, body, code in refusals:
        assert (await put(agencies, path, body, expect=409))["code"] == code


async def test_somebody_who_has_left_may_join_another_agency(agencies: Served) -> None:
    await a_directory(agencies)
    await put(agencies, "/agencies/agency-north/staff/amal-h", {**COLLEAGUE, "active": False})
    moved = await put(
        agencies, "/agencies/harbour-help/staff/amal-h", {**COLLEAGUE, "team_id": None}
    )
    assert (moved["agency_id"], moved["active"]) == ("harbour-help", True)


async def test_staff_of_an_unknown_agency_are_refused(agencies: Served) -> None:
    await put(agencies, "/agencies/nowhere/staff/amal-h", COLLEAGUE, expect=404)


async def test_the_migrated_schema_is_the_one_in_the_code(
    service_database: Callable[..., TestDatabase],
) -> None:
    assert list(await shape_differences(service, service_database)) == []
