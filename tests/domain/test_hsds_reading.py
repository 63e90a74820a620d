"""What is read out of a foreign HSDS document, and what is told of the rest: by path, reason, what is allowed."""

from typing import Any
from uuid import UUID

import pytest

from domain.hsds_fields import Fields, Unreadable
from domain.hsds_reading import kind_of, read
from domain.hsds_service import Dictionary, ServiceRead

ORGANISATION_ID = "d9d5e0f5-d3ce-4f73-9a2f-4dd0ecc6c610"
SERVICE_ID = "ac148810-d857-441c-9679-408f346de14b"
OTHER_ID = "3a19ff88-4620-4d17-9830-ac1d859eb5d5"
DICTIONARY = Dictionary({"counselling": "family-support"}, {"Porttown": "city"})
A_TERM = {"taxonomy_term": {"id": OTHER_ID, "code": "counselling", "name": "Counselling"}}
AN_AREA = {"id": OTHER_ID, "name": "Porttown"}


def an_organisation(**said: Any) -> dict[str, Any]:
    return {"id": ORGANISATION_ID, "name": "Harbour Help", "description": "Helps.", **said}


def a_service(**said: Any) -> dict[str, Any]:
    known = {
        "id": SERVICE_ID,
        "name": "Talks",
        "status": "active",
        "organization": an_organisation(),
        "attributes": [{"id": OTHER_ID, **A_TERM}],
        "service_areas": [AN_AREA],
    }
    return {name: each for name, each in {**known, **said}.items() if each is not None}


def the_service(dictionary: Dictionary = DICTIONARY, **said: Any) -> ServiceRead:
    (found,) = read(a_service(**said), dictionary).services.values()
    return found


def told(found: Any) -> list[str]:
    return [remark.path for remark in found.remarks]


SAID: list[tuple[dict[str, Any], str, Any]] = [
    # what the service says, our field, what it holds
    ({"status": "active"}, "paused", False),
    ({"status": "temporarily closed"}, "paused", True),
    ({"description": " Help. "}, "description", "Help."),
    ({"description": ""}, "description", None),
    ({"eligibility_description": "All"}, "eligibility", "All"),
    ({"minimum_age": 12}, "youngest", 12),
    ({"maximum_age": 17.0}, "oldest", 17),
    ({"wait_time": "3 weeks"}, "waiting_days", 21),
    ({"wait_time": ""}, "waiting_days", None),
    ({"url": "https://a.example"}, "url", "https://a.example"),
    ({"phones": [{"number": '"+49 40 12"', "extension": 7}]}, "phone", "+49 40 12 ext 7"),
    ({"phones": []}, "phone", None),
    ({"contacts": [{"email": "a@b.example", "phones": [{"number": "112"}]}]}, "email", "a@b.example"),
    ({"contacts": [{"email": "a@b.example", "phones": [{"number": "112"}]}]}, "phone", "112"),
    ({"languages": [{"code": "AR", "note": "BCP 47: ar-SY"}, {"code": "en"}]}, "languages", ("ar-SY", "en")),
    ({"languages": []}, "languages", ()),
    ({"schedules": []}, "opening", ()),
    ({"service_at_locations": []}, "places", ()),
    ({"attributes": [{"link_type": "throughline:capacity", "value": "4"}]}, "capacity", 4),
]  # fmt: skip


@pytest.mark.parametrize(("said", "ours", "expected"), SAID)
def test_what_a_service_says_is_read(said: dict[str, Any], ours: str, expected: Any) -> None:
    found = the_service(**said)
    assert found.said[ours] == expected
    assert told(found) == []


SILENT = (
    "description",
    "youngest",
    "waiting_days",
    "phone",
    "email",
    "languages",
    "opening",
    "places",
)


def test_what_a_document_is_silent_about_is_not_said() -> None:
    assert not set(SILENT) & the_service().said.keys()


OPEN = {"freq": "WEEKLY", "byday": "MO,FR", "opens_at": "09:00", "closes_at": "17:00:00"}
HOURS: list[tuple[list[dict[str, Any]], tuple[str, ...] | None, str | None]] = [
    # schedules, the hours that are kept, the field that is told
    ([OPEN], ("mon.0900-1700", "fri.0900-1700"), None),
    ([{**OPEN, "closes_at": "24:00"}], ("mon.0900-2400", "fri.0900-2400"), None),
    ([{**OPEN, "notes": "Local time, Africa/Kampala"}], ("mon.0900-1700", "fri.0900-1700"), None),
    ([OPEN, {**OPEN, "byday": "SU"}], ("mon.0900-1700", "fri.0900-1700", "sun.0900-1700"), None),
    ([{**OPEN, "notes": "Ring first"}], ("mon.0900-1700", "fri.0900-1700"), "[0].notes"),
    ([{**OPEN, "until": "2020-01-01"}], None, "[0].until"),
    ([{**OPEN, "freq": "MONTHLY"}], None, "[0].freq"),
    ([{**OPEN, "interval": 2}], None, "[0].freq"),
    ([{**OPEN, "timezone": 3}], None, "[0].timezone"),
    ([{**OPEN, "byday": "1MO"}], None, "[0].byday"),
    ([{**OPEN, "opens_at": "09:00Z"}], None, "[0].closes_at"),
    ([{**OPEN, "closes_at": "08:00"}], None, "[0].closes_at"),
    ([{**OPEN, "closes_at": None}], None, "[0].closes_at"),
    ([OPEN, {**OPEN, "closes_at": "12:00"}], None, ""),  # they overlap
]


@pytest.mark.parametrize(("schedules", "kept", "named"), HOURS)
def test_only_hours_that_recur_every_week_at_a_local_time_are_kept(
    schedules: list[dict[str, Any]], kept: tuple[str, ...] | None, named: str | None
) -> None:
    found = the_service(schedules=schedules)
    assert found.said.get("opening") == kept
    assert told(found) == ([] if named is None else [f"$.schedules{named}"])


LEFT: list[tuple[dict[str, Any], str]] = [
    # what the service says, the path that is told
    ({"minimum_age": "twelve"}, "$.minimum_age"),
    ({"minimum_age": True}, "$.minimum_age"),
    ({"minimum_age": 11.5}, "$.minimum_age"),
    ({"minimum_age": 200}, "$.minimum_age"),
    ({"minimum_age": 9, "maximum_age": 8}, "$.maximum_age"),
    ({"wait_time": "soon"}, "$.wait_time"),
    ({"wait_time": "9999 weeks"}, "$.wait_time"),
    ({"description": "x" * 4_001}, "$.description"),
    ({"description": "a\x00b"}, "$.description"),
    ({"description": "\ud800"}, "$.description"),
    ({"description": 7}, "$.description"),
    ({"email": "not an address"}, "$.email"),
    ({"url": "ftp://a.example"}, "$.url"),
    ({"phones": [{"number": "by letter"}]}, "$.phones[0].number"),
    ({"phones": [{"number": "112"}, {"number": "113"}]}, "$.phones[1].number"),
    ({"phones": "112"}, "$.phones"),
    ({"phones": [112]}, "$.phones[0]"),
    ({"contacts": [{"name": "Ann Persona", "email": "ann@b.example"}]}, "$.contacts[0].name"),
    ({"languages": [{"name": "Urdu"}]}, "$.languages[0].code"),
    ({"languages": [{"code": "ur", "note": "by phone"}]}, "$.languages[0].note"),
    ({"fees_description": "Free"}, "$.fees_description"),
    ({"service_at_locations": [{"id": OTHER_ID}]}, ""),  # nothing to tell, nothing taken
]


_TAKEN = {"$.languages[0].note": {"languages"}}


@pytest.mark.parametrize(("said", "path"), LEFT)
def test_what_does_not_fit_is_left_out_and_told_by_its_path(
    said: dict[str, Any], path: str
) -> None:
    found = the_service(**said)
    assert told(found) == ([path] if path else [])
    # It is not said, and so what is known already stays.
    assert found.said.keys() <= {"title", "paused", "need", "areas", "phone"} | _TAKEN.get(
        path, set()
    )


def test_a_person_is_not_taken_in_nor_is_her_address() -> None:
    contact = {"name": "Ann Persona", "email": "ann@b.example", "phones": [{"number": "112"}]}
    found = the_service(contacts=[contact])
    assert "ann@b.example" not in found.said.values()
    assert "112" not in found.said.values()


NEEDS: list[tuple[dict[str, str], list[dict[str, Any]], str | None]] = [
    # the dictionary, the attributes, the need
    ({"counselling": "talks"}, [A_TERM], "talks"),
    ({"Counselling": "talks"}, [A_TERM], "talks"),  # by name
    ({OTHER_ID: "talks"}, [A_TERM], "talks"),  # by its own id
    ({SERVICE_ID: "talks", "counselling": "money"}, [A_TERM], "talks"),  # the service itself is named
    ({"other/x": "talks"}, [{"taxonomy_term": {"code": "x", "taxonomy": "other"}}], "talks"),
    ({"https://t.example": "talks"}, [{"taxonomy_term": {"term_uri": "https://t.example"}}], "talks"),
    ({"*": "talks"}, [A_TERM], "talks"),
    ({"*": "talks"}, [], "talks"),
    ({}, [{"taxonomy_term": {"code": "own", "taxonomy": "throughline-needs"}}], "own"),
    ({}, [{"taxonomy_term": {"code": "Not Ours", "taxonomy": "throughline-needs"}}], None),
    ({}, [A_TERM], None),
    ({}, [{"value": "of no kind that is known"}], None),
    ({"counselling": "talks", "x": "money"}, [A_TERM, {"taxonomy_term": {"code": "x"}}], "talks"),
]  # fmt: skip


@pytest.mark.parametrize(("needs", "attributes", "expected"), NEEDS)
def test_a_term_means_the_need_that_the_dictionary_says(
    needs: dict[str, str], attributes: list[dict[str, Any]], expected: str | None
) -> None:
    found = the_service(Dictionary(needs, DICTIONARY.areas), attributes=attributes)
    assert found.said.get("need") == expected


def test_terms_that_nobody_has_said_the_meaning_of_are_listed_with_their_names() -> None:
    found = the_service(Dictionary())
    assert [(word.kind, word.called) for word in found.unknown] == [
        ("term", (OTHER_ID, "counselling", "Counselling")),
        ("area", (OTHER_ID, "Porttown")),
    ]


def test_a_term_that_stands_for_whatever_is_not_named_is_not_unknown() -> None:
    found = the_service(Dictionary({"*": "talks"}, {"*": "city"}))
    assert (found.unknown, told(found)) == ((), [])


AREAS: list[tuple[dict[str, str], list[dict[str, Any]], tuple[str, ...] | None]] = [
    ({"Porttown": "city"}, [AN_AREA], ("city",)),
    ({"Porttown": "city"}, [AN_AREA, {"name": "Elsewhere"}], ("city",)),
    ({"*": "land"}, [AN_AREA], ("land",)),
    ({"*": "land"}, [], ("land",)),
    ({}, [{"uri": "urn:throughline:area:north"}], ("north",)),
    ({}, [{"uri": "urn:throughline:area:Not Ours"}], None),
    ({}, [], None),
]


@pytest.mark.parametrize(("areas", "said", "expected"), AREAS)
def test_an_area_is_one_of_ours_where_the_dictionary_says_so(
    areas: dict[str, str], said: list[dict[str, Any]], expected: tuple[str, ...] | None
) -> None:
    found = the_service(Dictionary(DICTIONARY.needs, areas), service_areas=said)
    assert found.said.get("areas") == expected


ADDRESS = {"address_1": "Quay 4", "city": "Porttown", "country": "DE", "attention": "A. Persona"}
PLACES: list[tuple[dict[str, Any], str | None, list[str]]] = [
    # the location, the name of the place, the fields that are told
    ({"id": OTHER_ID, "location_type": "physical", "name": "Office"}, "Office", []),
    ({"id": "here", "location_type": "physical"}, None, ["id"]),
    ({"id": OTHER_ID, "location_type": "lunar"}, None, ["location_type"]),
    ({"id": OTHER_ID, "location_type": "virtual", "latitude": 91}, None, ["latitude"]),
    ({"id": OTHER_ID, "location_type": "postal", "external_identifier": "1"}, None, ["external_identifier"]),
    ({"id": OTHER_ID, "location_type": "postal", "addresses": [ADDRESS, ADDRESS]}, None,
     ["addresses[0].attention", "addresses[1].attention", "addresses[1].address_1"]),
    ({"id": OTHER_ID, "location_type": "postal", "addresses": [{"city": "Porttown"}]}, None,
     ["addresses[0].address_1"]),
]  # fmt: skip


@pytest.mark.parametrize(("location", "name", "named"), PLACES)
def test_places_are_taken_without_the_people_in_them(
    location: dict[str, Any], name: str | None, named: list[str]
) -> None:
    document = read(an_organisation(locations=[location, location]), DICTIONARY)
    (found,) = document.organisations.values()
    assert [each.name for each in found.places][:1] == ([name] if "kept" in _kept(location) else [])
    assert [path for path in told(found) if "[1].id" not in path][: len(named)] == [
        f"$.locations[0].{each}" for each in named
    ]


def _kept(location: dict[str, Any]) -> str:
    right = location["id"] == OTHER_ID and location["location_type"] != "lunar"
    return "kept" if right else "left"


def test_the_same_place_stands_once_under_its_organization_and_its_service() -> None:
    location = {"id": OTHER_ID, "location_type": "physical", "name": "Office"}
    found = the_service(service_at_locations=[{"location": location}, {"location": location}])
    assert found.said["places"] == (UUID(OTHER_ID),)


UNREADABLE: list[tuple[dict[str, Any], str]] = [
    (a_service(id="4711"), "$.id"),
    (a_service(id=None), "$.id"),
    (a_service(name=None), "$.name"),
    (a_service(name="x" * 201), "$.name"),
    (a_service(name="a\x00b"), "$.name"),
    (a_service(status="open"), "$.status"),
    (a_service(organization=None), "$.organization"),
    (a_service(organization=None, organization_id="4711"), "$.organization"),
    (an_organisation(id=7, services=[]), "$.id"),
    (a_service(organization={"id": ORGANISATION_ID}), "$.organization.name"),
]


@pytest.mark.parametrize(("item", "path"), UNREADABLE)
def test_what_cannot_be_read_is_skipped_alone(item: dict[str, Any], path: str) -> None:
    found = read([item, a_service(id=OTHER_ID)], DICTIONARY)
    assert list(found.services) == [UUID(OTHER_ID)]
    assert [remark.path for _, remark in found.skipped] == [path.replace("$", "$[0]")]


def test_a_service_that_cannot_be_read_leaves_its_organization_and_the_others() -> None:
    services = [a_service(status="open", organization=None), a_service(organization=None)]
    found = read(an_organisation(services=services), DICTIONARY)
    assert (len(found.organisations), len(found.services)) == (1, 1)
    assert [remark.path for _, remark in found.skipped] == ["$.services[0].status"]


KINDS: list[tuple[Any, str]] = [
    ({"status": "active"}, "service"),
    ({"name": "x", "services": []}, "organization"),
    ({"name": "x"}, "organization"),
    ({"name": "x", "code": "y"}, "taxonomy_term"),
    ({"name": "x", "version": "3"}, "taxonomy"),
    ({"colour": "blue"}, "nothing known"),
    ("x", "nothing known"),
]


@pytest.mark.parametrize(("item", "kind"), KINDS)
def test_an_entry_is_known_by_its_fields(item: Any, kind: str) -> None:
    assert kind_of(item) == kind
    skipped = [each for each, _ in read({"contents": [item]}, DICTIONARY).skipped]
    assert skipped == [kind]  # none of these is whole


def test_an_organization_that_stands_twice_is_read_once_and_adds_what_was_not_said() -> None:
    places = [{"id": OTHER_ID, "location_type": "physical"}]
    first = an_organisation(email="a@b.example", locations=places)
    second = an_organisation(name="Another", website="https://a.example", locations=places)
    (found,) = read([first, second], DICTIONARY).organisations.values()
    assert (found.said["name"], found.said["email"], found.said["url"]) == (
        "Harbour Help",
        "a@b.example",
        "https://a.example",
    )
    assert len(found.places) == 1


def test_a_service_that_stands_twice_counts_once() -> None:
    found = read([a_service(), a_service(name="Other")], DICTIONARY)
    assert [each.said["title"] for each in found.services.values()] == ["Talks"]
    assert [remark.path for _, remark in found.skipped] == ["$[1]"]


def test_identifiers_and_terms_of_an_organization_that_are_not_ours_are_told() -> None:
    document = an_organisation(
        organization_identifiers=[
            {"identifier_scheme": "throughline", "identifier": "harbour-help"},
            {
                "identifier_scheme": "GB-COH",
                "identifier_type": "Company number",
                "identifier": "12",
            },
        ],
        attributes=[{"link_type": "throughline:zone", "value": "Europe/Berlin"}, A_TERM],
        parent_organization_id=OTHER_ID,
    )
    (found,) = read(document, DICTIONARY).organisations.values()
    assert (found.own_id, found.said["zone"]) == ("harbour-help", "Europe/Berlin")
    assert told(found) == ["$.attributes[1]", "$.organization_identifiers[1].identifier"]


def test_an_organization_without_a_description_is_read() -> None:
    document = {"id": ORGANISATION_ID, "name": "Harbour Help", "locations": []}
    (found,) = read(document, DICTIONARY).organisations.values()
    assert "description" not in found.said


def test_an_entry_without_its_own_id_says_what_is_needed() -> None:
    with pytest.raises(Unreadable) as unreadable:
        Fields("$", {"id": "x"}).identity()
    assert unreadable.value.remark.allowed == ("a UUID",)
