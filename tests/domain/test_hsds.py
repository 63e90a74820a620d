"""The directory out in HSDS 3 and in again: nothing lost, nothing invented, and every document is valid."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from domain import hsds_writing
from domain.hsds_reading import read
from domain.hsds_service import Dictionary
from domain.hsds_taking import Known, NewEntries, Outcome, Taken, take
from domain.listing import ListedAgency
from tests.domain.directory_builders import agencies, an_agency, an_offer

# The published schema and examples of HSDS 3.0 lie beside the repository, not in it.
PUBLISHED = Path(__file__).parents[3] / "shared" / "hsds"
published = pytest.mark.skipif(
    not PUBLISHED.is_dir(), reason="shared/hsds is not beside the repository"
)
NEW = NewEntries("", "UTC", "default", zone_known="Africa/Kampala".__eq__, policies=("default",))
QUICK = settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])


@cache
def a_validator(name: str) -> Draft202012Validator:
    schema = json.loads((PUBLISHED / f"schema/{name}.json").read_text("utf-8"))
    return Draft202012Validator(schema, format_checker=FormatChecker())


def sent(document: Any) -> Any:
    """As it would arrive."""
    return json.loads(json.dumps(document))


def taken(document: Any, *known: ListedAgency, **dictionary: dict[str, str]) -> Taken:
    said = read(sent(document), Dictionary(**dictionary))
    held = Known(
        agencies={each.hsds_id: each for each in known},
        agency_ids={each.agency_id for each in known},
        offer_ids={offer.offer_id for each in known for offer in each.offers},
    )
    return take(said, held, NEW)


def outcomes(result: Taken) -> list[str]:
    return [line.outcome.value for line in result.lines]


@QUICK
@given(agencies())
def test_an_export_taken_into_an_empty_directory_gives_the_same_directory(
    agency: ListedAgency,
) -> None:
    document = hsds_writing.organisation(agency)
    result = taken(document)
    assert result.agencies == {agency.hsds_id: agency}
    assert [line.left_out for line in result.lines] == [()] * len(result.lines)
    assert hsds_writing.organisation(result.agencies[agency.hsds_id]) == document


@QUICK
@given(agencies())
def test_taking_an_export_in_again_changes_nothing(agency: ListedAgency) -> None:
    for document in (
        hsds_writing.organisation(agency),
        [hsds_writing.service(agency, each) for each in agency.offers],
    ):
        result = taken(document, agency)
        assert set(outcomes(result)) <= {"unchanged"}
        assert result.agencies[agency.hsds_id] == agency


@published
@QUICK
@given(agencies())
def test_every_export_is_valid_under_the_published_schema(agency: ListedAgency) -> None:
    a_validator("organization").validate(sent(hsds_writing.organisation(agency)))
    for offer in agency.offers:
        a_validator("service").validate(sent(hsds_writing.service(agency, offer)))
        a_validator("service_list").validate(sent(hsds_writing.service(agency, offer)))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


def places_in(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = (
        node.items()
        if isinstance(node, dict)
        else enumerate(node)
        if isinstance(node, list)
        else ()
    )
    return [path, *(found for key, each in inner for found in places_in(each, (*path, key)))]


def replaced(node: Any, path: tuple[Any, ...], by: Any) -> Any:
    if not path:
        return by
    copy = node.copy()
    copy[path[0]] = replaced(node[path[0]], path[1:], by)
    return copy


@QUICK
@given(st.data(), JSON)
def test_a_document_with_anything_wrong_in_it_is_read_as_far_as_it_goes(
    data: st.DataObject, wrong: Any
) -> None:
    other = hsds_writing.service(an_agency("bridge"), an_offer("group"))
    right = sent([hsds_writing.organisation(an_agency()), other])
    spoilt = replaced(right, data.draw(st.sampled_from(places_in(right))), wrong)
    result = taken(spoilt)
    for agency in result.agencies.values():
        again = taken(hsds_writing.organisation(agency))
        assert again.agencies == {agency.hsds_id: agency}  # what was taken is in order


def test_own_words_of_an_export_say_what_hsds_has_no_field_for() -> None:
    written = hsds_writing.organisation(an_agency())
    assert written["organization_identifiers"][0]["identifier"] == "harbour-help"
    service = written["services"][0]
    assert [each.get("value") for each in service["attributes"]] == [None, "talks", "3"]
    assert service["attributes"][0]["taxonomy_term"]["code"] == "family-support"
    assert service["wait_time"] == "14 days"
    assert service["phones"][0]["extension"] == 12
    assert service["languages"][1]["code"] == "ar"
    assert [each["byday"] for each in service["schedules"]] == ["MO,TU", "SA"]
    assert [each["location"]["name"] for each in service["service_at_locations"][:1]] == [
        "The old harbour office"
    ]
    assert written["services"][1]["status"] == "temporarily closed"


def test_an_offer_that_was_withdrawn_is_not_exported() -> None:
    agency = an_agency(offers=(an_offer(withdrawn=True),), places=())
    assert "services" not in hsds_writing.organisation(agency)


DICTIONARY = {"needs": {"*": "family-support"}, "areas": {"*": "city"}}
EXAMPLES = [
    # file, what becomes of its entries
    ("organization_full", ["new", "new"]),
    ("organization_list", ["new"]),
    ("service_full", ["new", "new"]),
    ("service_list", ["new", "new"]),
    ("taxonomy", ["skipped"]),
    ("taxonomy_term", ["skipped"]),
]


@published
@pytest.mark.parametrize(("name", "expected"), EXAMPLES)
def test_the_published_examples_are_taken_and_taken_twice_change_nothing(
    name: str, expected: list[str]
) -> None:
    document = json.loads((PUBLISHED / f"examples/{name}.json").read_text("utf-8"))
    first = taken(document, **DICTIONARY)
    assert outcomes(first) == expected
    again = taken(document, *first.agencies.values(), **DICTIONARY)
    assert outcomes(again) == [each.replace("new", "unchanged") for each in expected]


@published
def test_of_the_published_service_everything_that_has_a_place_is_taken() -> None:
    document = json.loads((PUBLISHED / "examples/service_full.json").read_text("utf-8"))
    (agency,) = taken(document, **DICTIONARY).agencies.values()
    (offer,) = agency.offers
    assert (offer.title, offer.youngest, offer.oldest) == ("Community Counselling", 12, 100)
    assert (offer.languages, offer.channel.phone) == (("ur",), "+44 1234 234567 ext 100")
    assert [each.name for each in agency.places] == ["MyCity Civic Center"]
    assert (agency.agency_id, offer.offer_id) == (
        "example-organization-inc",
        "community-counselling",
    )
    # A contact's name is a person's; it is nowhere.
    assert "Persona" not in repr(agency)


@published
def test_without_a_dictionary_the_report_says_what_to_put_into_it() -> None:
    document = json.loads((PUBLISHED / "examples/service_full.json").read_text("utf-8"))
    line = taken(document).lines[1]
    assert (line.outcome, line.allowed[:3]) == (
        Outcome.SKIPPED,
        ("3f7b145d-84af-42d7-8fae-eaca714b02b2", "taxonomy/code", "code"),
    )
