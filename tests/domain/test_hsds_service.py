"""One service of a foreign document, whole: what it says as an offer, and each thing told of the rest."""

from typing import Any
from uuid import UUID

import pytest

from domain.hsds_fields import NOT_KEPT, Fields, Remark, Unreadable
from domain.hsds_service import Dictionary, ForeignWord, ServiceRead, read_service
from domain.listing import Place

ORGANISATION = UUID("d9d5e0f5-d3ce-4f73-9a2f-4dd0ecc6c610")
SERVICE = UUID("ac148810-d857-441c-9679-408f346de14b")
OTHER = "3a19ff88-4620-4d17-9830-ac1d859eb5d5"
TERM = {"taxonomy_term": {"id": OTHER, "code": "talks", "name": "Talking", "taxonomy": "aims"}}
AREA = {"id": OTHER, "name": "Porttown", "extent": "port", "uri": "https://port.example"}


def read_as(
    said: dict[str, Any],
    needs: dict[str, str] | None = None,
    areas: dict[str, str] | None = None,
) -> ServiceRead:
    item = {"id": str(SERVICE), "name": "Talks", "status": "active", **said}
    return read_service(Fields("$", item), ORGANISATION, Dictionary(needs or {}, areas or {}))


def test_everything_that_an_offer_has_a_place_for_is_read() -> None:
    ids = {"id": "1", "service_id": "2"}
    found = read_as(
        {
            "status": "temporarily closed",
            "description": "d" * 4_000,
            "eligibility_description": "Anybody",
            "email": "a@b.example",
            "url": "https://a.example",
            "phones": [{"number": "112"}],
            "minimum_age": 6,
            "maximum_age": 6,
            "wait_time": "2 weeks",
            "attributes": [
                {
                    "id": "1",
                    "link_id": "2",
                    "taxonomy_term_id": "3",
                    "link_type": "service_category",
                    "link_entity": "service",
                    "value": "4",
                    "service_id": "5",
                    **TERM,
                },
                {"link_type": "throughline:offer", "value": "own-talks"},
                {"link_type": "throughline:capacity", "value": "12"},
            ],
            "service_areas": [{**AREA, **ids, "extent_type": "text", "description": "By the sea"}],
            "languages": [
                {
                    **ids,
                    "location_id": "3",
                    "phone_id": "4",
                    "name": "Arabic",
                    "code": "ar",
                    "note": "BCP 47: ar-SY",
                }
            ],
            "schedules": [
                {"freq": "WEEKLY", "byday": "MO", "opens_at": "09:00", "closes_at": "17:00"}
            ],
            "service_at_locations": [
                {**ids, "location_id": "3", "location": {"id": OTHER, "location_type": "virtual"}}
            ],
        },
        {"talks": "support"},
        {"Porttown": "city"},
    )
    assert found == ServiceRead(
        path="$",
        hsds_id=SERVICE,
        organisation=ORGANISATION,
        own_id="own-talks",
        said={
            "title": "Talks",
            "paused": True,
            "description": "d" * 4_000,
            "eligibility": "Anybody",
            "email": "a@b.example",
            "url": "https://a.example",
            "phone": "112",
            "youngest": 6,
            "oldest": 6,
            "waiting_days": 14,
            "capacity": 12,
            "need": "support",
            "areas": ("city",),
            "languages": ("ar-SY",),
            "opening": ("mon.0900-1700",),
            "places": (UUID(OTHER),),
        },
        gone=False,
        places=(Place("", UUID(OTHER), "virtual"),),
        remarks=(),
        unknown=(),
    )


@pytest.mark.parametrize("status", ["inactive", "defunct"])
def test_a_service_that_is_gone_says_nothing_of_resting(status: str) -> None:
    found = read_as({"status": status})
    assert (found.gone, found.said) == (True, {"title": "Talks"})


def test_a_status_that_is_none_makes_a_service_unreadable() -> None:
    with pytest.raises(Unreadable) as unreadable:
        read_as({"status": "open"})
    statuses = ("active", "temporarily closed", "inactive", "defunct")
    assert unreadable.value.remark == Remark("$.status", "Not a status of a service.", statuses)


NO_WAIT = "Not a wait that can be counted."
WAITS = ("14 days", "3 weeks")
FIRST_ONE = "An offer answers one need; the first one counts."
SAID: list[tuple[dict[str, Any], dict[str, Any], list[Remark]]] = [
    # what the service says, what is read, what is told
    ({"minimum_age": 150, "maximum_age": None}, {"youngest": 150, "oldest": None}, []),
    ({"minimum_age": None, "maximum_age": 9}, {"youngest": None, "oldest": 9}, []),
    ({"minimum_age": 151}, {}, [Remark("$.minimum_age", "Out of bounds.", ("0 to 150",))]),
    ({"maximum_age": 151}, {}, [Remark("$.maximum_age", "Out of bounds.", ("0 to 150",))]),
    (
        {"minimum_age": 9, "maximum_age": 8},
        {},
        [Remark("$.maximum_age", "The oldest is younger than the youngest; both were left out.")],
    ),
    ({"wait_time": "1 day"}, {"waiting_days": 1}, []),
    ({"wait_time": "3650 days"}, {"waiting_days": 3_650}, []),
    ({"wait_time": "3651 days"}, {}, [Remark("$.wait_time", NO_WAIT, WAITS)]),
    ({"wait_time": "soon"}, {}, [Remark("$.wait_time", NO_WAIT, WAITS)]),
    ({"wait_time": None}, {"waiting_days": None}, []),
    ({"email": ""}, {"email": None}, []),
    ({"fees": "none"}, {}, [Remark("$.fees", NOT_KEPT)]),
    ({"languages": []}, {"languages": ()}, []),
    ({"languages": [{"code": "en"}, {"code": "EN"}, {"code": "fr"}]}, {"languages": ("en", "fr")}, []),
    (
        {"languages": [{"code": "en", "note": "by phone"}]},
        {"languages": ("en",)},
        [Remark("$.languages[0].note", "A note on a language is not kept.")],
    ),
    (
        {"languages": [{"code": "english"}, {}]},
        {},
        [
            Remark(f"$.languages[{place}].code", "Not a language tag (BCP 47).", ("en", "pt-BR", "zh-Hant"))
            for place in (0, 1)
        ],
    ),
    ({"service_at_locations": []}, {"places": ()}, []),
    ({"service_at_locations": [{"id": "1"}]}, {}, []),
    (
        {"service_at_locations": [{"description": "x", "location": {"id": "x", "location_type": "virtual"}}]},
        {},
        [
            Remark(
                "$.service_at_locations[0].location.id", "A location needs its own UUID.", ("a UUID",)
            ),
            Remark("$.service_at_locations[0].description", NOT_KEPT),
        ],
    ),
    ({"attributes": [{"link_type": "throughline:capacity", "value": "000000007"}]}, {"capacity": 7}, []),
    ({"attributes": [{"link_type": "throughline:capacity", "value": "9" * 5_000}]}, {"capacity": 100_000}, []),
    ({"attributes": [{"link_type": "throughline:capacity", "value": 7}]}, {}, []),
    ({"attributes": [{"link_type": "throughline:capacity", "value": "four"}]}, {}, []),
    ({"attributes": [{"link_type": "throughline:capacity", "value": "٤"}]}, {}, []),
    ({"attributes": [{"link_type": "throughline:other", "value": "7"}]}, {}, []),
    (
        {"attributes": [{"link_type": "x", "label": "y"}]},
        {},
        [Remark("$.attributes[0].label", NOT_KEPT)],
    ),
    ({"attributes": [{"taxonomy_term": {"code": "own", "taxonomy": "throughline-needs"}}]}, {"need": "own"}, []),
]  # fmt: skip


@pytest.mark.parametrize(("said", "expected", "remarks"), SAID)
def test_what_a_service_says_is_read_or_told(
    said: dict[str, Any], expected: dict[str, Any], remarks: list[Remark]
) -> None:
    found = read_as(said)
    assert found.said == {"title": "Talks", "paused": False, **expected}
    assert found.remarks == tuple(remarks)


def test_an_id_of_ours_is_taken_only_in_its_form() -> None:
    for value in ("Not Ours", 7, None):
        attribute = {"link_type": "throughline:offer", "value": value}
        assert read_as({"attributes": [attribute]}).own_id is None


NOBODY_TERM = "Nobody has said which need this term means."
TERMS: list[tuple[dict[str, Any], tuple[str, ...]]] = [
    # a term that nobody knows, and the names under which it may be named
    (TERM["taxonomy_term"], (OTHER, "aims/talks", "talks", "Talking")),
    ({"code": 7, "taxonomy": "aims"}, ("aims/7", "7")),
    ({"term_uri": "https://t.example", "taxonomy": "aims"}, ("https://t.example",)),
    ({"id": 7, "code": "x", "name": "x"}, ("x",)),
    ({"code": "Not Ours", "taxonomy": "throughline-needs"}, ("throughline-needs/Not Ours", "Not Ours")),
    ({"code": "own", "taxonomy": "other"}, ("other/own", "own")),
    ({}, ()),
]  # fmt: skip


@pytest.mark.parametrize(("term", "called"), TERMS)
def test_a_term_that_nobody_knows_is_told_with_its_names(
    term: dict[str, Any], called: tuple[str, ...]
) -> None:
    found = read_as({"attributes": [{"taxonomy_term": term}]}, {"else": "x"})
    assert found.unknown == (ForeignWord("term", called),)
    assert found.remarks == (Remark("$.attributes[0].taxonomy_term", NOBODY_TERM, called),)
    assert "need" not in found.said


def test_of_several_terms_the_first_that_is_understood_counts() -> None:
    known = {"taxonomy_term": {"code": "b"}}
    found = read_as({"attributes": [TERM, known, known]}, {"b": "support"})
    assert found.said["need"] == "support"
    assert [each.why for each in found.remarks] == [NOBODY_TERM, FIRST_ONE]
    named = read_as({"attributes": [known]}, {str(SERVICE): "money", "b": "support"})
    assert named.said["need"] == "money"
    assert named.remarks == (Remark("$.attributes[0].taxonomy_term", FIRST_ONE),)
    # Whatever is not named has a need of its own, without a word to be asked about.
    rest = read_as({"attributes": [TERM]}, {"*": "support", "b": "money"})
    assert (rest.said["need"], rest.remarks, rest.unknown) == ("support", (), ())
    both = read_as({"attributes": [TERM, known]}, {"*": "support", "b": "money"})
    assert both.said["need"] == "money"


NOBODY_AREA = "Nobody has said which of our areas this is."
AREAS: list[tuple[dict[str, Any], dict[str, str], tuple[str, ...] | None, tuple[str, ...] | None]] = [
    # an area, the dictionary, ours, the names of one that nobody knows
    (AREA, {}, None, (OTHER, "https://port.example", "port", "Porttown")),
    *((AREA, {name: "city"}, ("city",), None) for name in AREA.values()),
    (AREA, {"*": "land", "port": "city"}, ("city",), None),
    (AREA, {"*": "land"}, ("land",), None),
    ({"uri": "urn:throughline:area:north"}, {}, ("north",), None),
    ({"uri": "urn:throughline:area:north"}, {"*": "land"}, ("north",), None),
    ({"uri": "urn:throughline:area:No"}, {}, None, ("urn:throughline:area:No",)),
    ({"uri": "north", "id": 7}, {}, None, ("north",)),  # a code is ours only under our name
    ({"name": "x", "extent": "x"}, {}, None, ("x",)),
]  # fmt: skip


@pytest.mark.parametrize(("area", "areas", "ours", "called"), AREAS)
def test_an_area_is_one_of_ours_or_told_with_its_names(
    area: dict[str, Any],
    areas: dict[str, str],
    ours: tuple[str, ...] | None,
    called: tuple[str, ...] | None,
) -> None:
    found = read_as({"service_areas": [area]}, areas=areas)
    assert found.said.get("areas") == ours
    if called is None:
        assert (found.unknown, found.remarks) == ((), ())
    else:
        assert found.unknown == (ForeignWord("area", called),)
        assert found.remarks == (Remark("$.service_areas[0].name", NOBODY_AREA, called),)


def test_areas_stand_once_in_the_order_of_the_document() -> None:
    said = [{"name": "b"}, {"name": "a"}, {"name": "b"}]
    found = read_as({"service_areas": said}, areas={"a": "north", "b": "south"})
    assert found.said["areas"] == ("south", "north")
    described = [{"name": "x", "description": "Far"}]
    assert [each.path for each in read_as({"service_areas": described}).remarks] == [
        "$.service_areas[0].name",
        "$.service_areas[0].description",
    ]


def test_the_first_mention_of_a_place_counts() -> None:
    at = {"id": OTHER, "location_type": "virtual"}
    found = read_as(
        {"service_at_locations": [{"location": at}, {"location": {**at, "name": "Again"}}]}
    )
    assert found.places == (Place("", UUID(OTHER), "virtual"),)
    assert found.said["places"] == (UUID(OTHER),)
