"""What a document changes in the directory: which id, what stays, what is refused."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from domain import hsds_writing
from domain.hsds_reading import read
from domain.hsds_service import Dictionary
from domain.hsds_taking import Known, NewEntries, Taken, take
from domain.listing import (
    ListedAgency,
    ListedOffer,
    Place,
    free_id,
    id_from,
    outer_id,
)
from tests.domain.directory_builders import an_agency, an_offer

OUTER = UUID("d9d5e0f5-d3ce-4f73-9a2f-4dd0ecc6c610")
NEW = NewEntries("", "UTC", "default", capacity=2)


def taken(
    document: Any,
    *agencies: ListedAgency,
    new: NewEntries = NEW,
    needs: dict[str, str] | None = None,
    **known: Any,
) -> Taken:
    held = {each.hsds_id: each for each in agencies}
    return take(read(document, Dictionary(needs or {})), Known(agencies=held, **known), new)


def lines(result: Taken) -> list[tuple[str, str | None]]:
    return [(line.outcome.value, line.our_id) for line in result.lines]


def exported(agency: ListedAgency, **said: Any) -> dict[str, Any]:
    return {**hsds_writing.organisation(agency), **said}


IDS = [
    ("", "Harbour Help e.V.", "harbour-help-e-v"),
    ("south-", "Harbour Help", "south-harbour-help"),
    ("", "Été à la mer", "ete-a-la-mer"),
    ("", "مركز", OUTER.hex[:8]),  # no Latin letter in it
    ("", "x" * 90, "x" * 64),
]


@pytest.mark.parametrize(("prefix", "name", "expected"), IDS)
def test_a_foreign_entry_gets_an_id_from_its_name(prefix: str, name: str, expected: str) -> None:
    assert id_from(prefix, name, OUTER) == expected


def test_an_id_that_is_taken_is_told_apart_by_the_foreign_one() -> None:
    assert free_id("talks", OUTER, ()) == "talks"
    assert free_id("talks", OUTER, {"talks"}) == f"talks-{OUTER.hex[:8]}"
    longest = free_id("x" * 70, OUTER, {"x" * 64, f"{'x' * 55}-{OUTER.hex[:8]}"})
    assert longest == f"{'x' * 31}-{OUTER.hex}"
    assert len(longest) == 64


def test_ids_by_which_others_know_us_never_change() -> None:
    assert outer_id("agency", "agency-north") == UUID("8e750245-d5ad-543f-beab-a07136c4d887")


def test_a_document_changes_what_it_says_and_nothing_else() -> None:
    agency = an_agency()
    document = exported(agency, name="Harbour Aid", services=[], locations=[])
    result = taken(document, agency)
    assert lines(result) == [("changed", "harbour-help")]
    assert result.agencies[agency.hsds_id] == replace(agency, name="Harbour Aid")


def test_whose_clock_and_practice_it_follows_only_a_new_agency_takes_from_outside() -> None:
    agency = an_agency()
    new = NewEntries("", "UTC", "default", zone_known=bool, policies={"default", "humanitarian"})
    document = exported(replace(agency, zone="Africa/Kampala", policy="humanitarian"))
    (made,) = taken(document, new=new).agencies.values()
    assert (made.zone, made.policy) == ("Africa/Kampala", "humanitarian")
    assert taken(document, agency, new=new).agencies[agency.hsds_id] == agency
    unknown = NewEntries("", "UTC", "default", zone_known=lambda _: False)
    (made,) = taken(document, new=unknown).agencies.values()
    assert (made.zone, made.policy) == ("UTC", "default")


def test_a_prefix_goes_before_every_new_id() -> None:
    result = taken(exported(an_agency()), new=replace(NEW, prefix="south-"))
    assert lines(result) == [
        ("new", "south-harbour-help"),
        ("new", "south-talks"),
        ("new", "south-circle"),
    ]


def test_an_id_that_somebody_else_has_is_not_taken_over() -> None:
    result = taken(exported(an_agency()), agency_ids={"harbour-help"}, offer_ids={"talks"})
    assert [our_id for _, our_id in lines(result)] == [
        f"harbour-help-{outer_id('agency', 'harbour-help').hex[:8]}",
        f"talks-{outer_id('offer', 'talks').hex[:8]}",
        "circle",
    ]


def a_service(**said: Any) -> dict[str, Any]:
    service = hsds_writing.service(an_agency(), an_offer())
    return {name: each for name, each in {**service, **said}.items() if each is not None}


REFUSED: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    # what is different about the service, what is known, the reason
    ({"attributes": []}, {}, "need"),
    ({"service_areas": []}, {}, "areas"),
    ({"status": "defunct"}, {}, "not given any more"),
    ({"organization": None, "organization_id": str(OUTER)}, {}, "neither in the document"),
    ({}, {"elsewhere": {outer_id("offer", "talks"): "bridge"}}, "Another agency"),
]


@pytest.mark.parametrize(("said", "known", "reason"), REFUSED)
def test_a_new_service_that_cannot_be_an_offer_is_skipped_with_the_reason(
    said: dict[str, Any], known: dict[str, Any], reason: str
) -> None:
    result = taken(a_service(**said), **known)
    last = result.lines[-1]
    assert (last.outcome, last.our_id) == ("skipped", None)
    assert reason in (last.reason or "")


def test_a_service_without_a_word_for_its_need_may_be_named_itself() -> None:
    service = a_service(attributes=[])
    assert taken(service).lines[-1].allowed == (service["id"], "*")
    assert taken(a_service(service_areas=[])).lines[-1].allowed == ("*",)


def test_a_known_service_keeps_its_need_and_areas_when_the_document_does_not_say_them() -> None:
    agency = an_agency()
    result = taken(a_service(attributes=[], service_areas=[]), agency)
    assert lines(result) == [("unchanged", "harbour-help"), ("unchanged", "talks")]


def test_a_new_service_that_does_not_say_its_places_has_as_many_as_the_caller_says() -> None:
    attributes = a_service()["attributes"][:1]
    (agency,) = taken(a_service(attributes=attributes)).agencies.values()
    assert [each.capacity for each in agency.offers] == [2]


def test_a_caller_who_says_no_places_gives_a_new_service_none() -> None:
    assert NewEntries("", "UTC", "default").capacity == 0


def gone(result: Taken) -> ListedOffer:
    (agency,) = result.agencies.values()
    return agency.offers[0]


def test_a_service_that_is_given_no_more_is_withdrawn_or_where_a_pathway_relies_on_it_rests() -> (
    None
):
    agency = an_agency()
    assert gone(taken(a_service(status="inactive"), agency)).withdrawn
    relied = taken(
        a_service(status="inactive"), agency, pathways={"talks": [("family-support", "city")]}
    )
    assert (gone(relied).withdrawn, gone(relied).paused) == (False, True)


def test_a_pathway_is_not_left_with_an_offer_that_serves_something_else() -> None:
    agency = an_agency()
    areas = a_service()["service_areas"][1:]
    known = {"pathways": {"talks": [("family-support", "city"), ("money", "city")]}}
    refused = taken(a_service(service_areas=areas), agency, **known).lines[-1]
    assert (refused.outcome, refused.allowed) == ("skipped", ("family-support/city",))
    term = {"taxonomy_term": {"code": "x"}}
    other = taken(a_service(attributes=[term]), agency, needs={"x": "money"}, **known).lines[-1]
    assert other.outcome == "skipped"


def test_places_of_the_same_name_are_told_apart_and_known_ones_keep_their_ids() -> None:
    here = {"id": str(OUTER), "location_type": "physical", "name": "Office"}
    there = {**here, "id": str(outer_id("x"))}
    city = {"address_1": "Quay", "city": "Porttown", "country": "DE"}
    nameless = {"id": str(outer_id("y")), "location_type": "postal", "addresses": [city]}
    document = exported(an_agency(places=(), offers=()), locations=[here, there, nameless])
    (agency,) = taken(document).agencies.values()
    assert [each.place_id for each in agency.places] == [
        "office",
        f"office-{outer_id('x').hex[:8]}",
        "porttown",
    ]
    moved = {**document, "locations": [{**here, "name": "New office"}]}
    (agency,) = taken(moved, agency).agencies.values()
    assert (agency.places[0].place_id, agency.places[0].name) == ("office", "New office")


def test_a_place_without_any_name_is_called_by_its_own_id() -> None:
    bare = {"id": str(OUTER), "location_type": "virtual"}
    (agency,) = taken(exported(an_agency(places=(), offers=()), locations=[bare])).agencies.values()
    assert agency.places == (Place(OUTER.hex[:8], OUTER, "virtual"),)


def test_what_could_not_be_read_is_a_line_too() -> None:
    result = taken([{"id": "x", "name": "y"}, {"version": "1"}])
    assert [(line.kind, line.outcome.value) for line in result.lines] == [
        ("organization", "skipped"),
        ("taxonomy", "skipped"),
    ]
