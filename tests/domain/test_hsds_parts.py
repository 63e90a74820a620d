"""How an entry is reached and where it is: each part whole, with all that is told of the rest."""

from typing import Any
from uuid import UUID

import pytest

from domain.hsds_fields import NOT_KEPT, OF_A_PERSON, Fields, Remark
from domain.hsds_parts import channel, own_words, places
from domain.listing import Address, Place

OUTER = "d9d5e0f5-d3ce-4f73-9a2f-4dd0ecc6c610"
OTHER = "3a19ff88-4620-4d17-9830-ac1d859eb5d5"
ITS_IDS = {
    "id": "1",
    "location_id": "2",
    "service_id": "3",
    "organization_id": "4",
    "contact_id": "5",
    "service_at_location_id": "6",
}
NOT_ITS_FORM = "Not in a form that is kept."
A_PHONE = ("+44 1234 234567",)


def reached(**said: Any) -> tuple[dict[str, Any], tuple[Remark, ...]]:
    fields = Fields("$", said)
    return channel(fields, url="website"), fields.all_remarks()


def test_a_channel_holds_what_is_said_and_nothing_is_told_of_it() -> None:
    phone = {**ITS_IDS, "number": ' " +49 40 12 " ', "extension": 99_999_999, "type": "voice"}
    assert reached(email="a@b.example", website="https://a.example", phones=[phone]) == (
        {
            "email": "a@b.example",
            "url": "https://a.example",
            "phone": "+49 40 12 ext 99999999",
        },
        (),
    )
    assert reached(phones=[{"number": 112}]) == ({"phone": "112"}, ())
    assert reached() == ({}, ())
    assert reached(email="", website=None, phones=[]) == (
        {"email": None, "url": None, "phone": None},
        (),
    )


UNREACHED: list[tuple[dict[str, Any], dict[str, Any], list[Remark]]] = [
    # what is said, what is taken, what is told
    ({"email": "nobody"}, {}, [Remark("$.email", NOT_ITS_FORM, ("name@example.org",))]),
    (
        {"email": f"a@{'b' * 254}"},
        {},
        [Remark("$.email", "Not a text of a length that is kept.", ("at most 255 characters",))],
    ),
    (
        {"website": "ftp://a.example"},
        {},
        [Remark("$.website", NOT_ITS_FORM, ("https://example.org",))],
    ),
    (
        {"website": f"https://{'a' * 500}"},
        {},
        [Remark("$.website", "Not a text of a length that is kept.", ("at most 500 characters",))],
    ),
    (
        {"phones": [{"number": "by letter", "languages": ["en"]}, {"type": "fax"}]},
        {},
        [
            Remark("$.phones[0].number", NOT_ITS_FORM, A_PHONE),
            Remark("$.phones[0].languages", NOT_KEPT),
            Remark("$.phones[1].number", NOT_ITS_FORM, A_PHONE),
            Remark("$.phones[1].number", "One phone is kept."),
        ],
    ),
    (
        {"phones": [{"number": "112"}, {**ITS_IDS, "number": "113", "extension": 4, "type": "fax"}]},
        {"phone": "112"},
        [Remark("$.phones[1].number", "One phone is kept.")],
    ),
    ({"phones": [{"number": "112X"}]}, {}, [Remark("$.phones[0].number", NOT_ITS_FORM, A_PHONE)]),
    (
        {"phones": [{"number": "112", "extension": 100_000_000}]},
        {"phone": "112"},
        [Remark("$.phones[0].extension", "Out of bounds.", ("0 to 99999999",))],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("said", "taken", "remarks"), UNREACHED)
def test_a_channel_that_is_not_kept_says_what_would_be(
    said: dict[str, Any], taken: dict[str, Any], remarks: list[Remark]
) -> None:
    assert reached(**said) == (taken, tuple(remarks))


def test_a_contact_serves_where_the_entry_itself_says_nothing() -> None:
    first = {**ITS_IDS, "email": "a@b.example"}
    second = {"email": "c@d.example", "phones": [{**ITS_IDS, "number": "112"}]}
    third = {"phones": [{"number": "113"}]}
    assert reached(contacts=[first, second, third]) == (
        {"email": "a@b.example", "phone": "112"},
        (),
    )
    own = {"email": "own@b.example", "phones": [{"number": "999"}]}
    assert reached(**own, contacts=[second]) == ({"email": "own@b.example", "phone": "999"}, ())
    nothing = {"email": "", "phones": []}
    assert reached(**nothing, contacts=[second])[0] == {"email": "c@d.example", "phone": "112"}
    assert reached(contacts=[{"email": "nobody"}]) == (
        {},
        (Remark("$.contacts[0].email", NOT_ITS_FORM, ("name@example.org",)),),
    )


@pytest.mark.parametrize(
    ("person", "told"),
    [
        ({"name": "Ann Persona"}, "name"),
        ({"title": "Head", "department": "Office"}, "title"),
        ({"name": "", "department": "Office"}, "department"),
    ],
)
def test_what_stands_beside_a_persons_name_is_not_taken(person: dict[str, str], told: str) -> None:
    contact = {**person, "email": "ann@b.example", "phones": [{"number": "112"}]}
    assert reached(contacts=[contact]) == (
        {},
        (Remark(f"$.contacts[0].{told}", OF_A_PERSON),),
    )


def test_our_own_words_are_read_and_other_attributes_told() -> None:
    said = [
        {"link_type": "throughline:zone", "value": "UTC"},
        {"link_type": "throughline:zone", "value": 7},
        {"link_type": "throughline:policy", "value": "default"},
        {"link_type": "other", "value": "x"},
    ]
    fields = Fields("$", {"attributes": said})
    assert own_words(fields, "throughline:zone", "throughline:policy") == {
        "throughline:zone": "UTC",
        "throughline:policy": "default",
    }
    why = "Terms are read from services only."
    assert fields.all_remarks() == (
        Remark("$.attributes[1]", why),
        Remark("$.attributes[3]", why),
    )


WHOLE = {
    "id": OUTER,
    "organization_id": OTHER,
    "location_type": "physical",
    "name": "Office",
    "url": "https://a.example",
    "latitude": -90,
    "longitude": 180,
    "external_identifier": "office",
    "external_identifier_type": "throughline",
    "addresses": [
        {
            "id": OTHER,
            "location_id": OUTER,
            "address_type": "physical",
            "address_1": "Quay 4",
            "address_2": "2nd floor",
            "city": "Porttown",
            "region": "Coast",
            "state_province": "Hansa",
            "postal_code": "20457",
            "country": "DE",
        }
    ],
}


def found(*locations: Any) -> tuple[tuple[Place, ...], tuple[Remark, ...]]:
    fields = Fields("$", {"locations": list(locations)})
    return places(fields), fields.all_remarks()


def test_a_location_with_all_that_is_kept_is_a_place_and_nothing_is_told() -> None:
    address = Address("Quay 4", "Porttown", "DE", "2nd floor", "Coast", "Hansa", "20457")
    place = Place(
        "office", UUID(OUTER), "physical", "Office", "https://a.example", -90, 180, address
    )
    assert found(WHOLE) == ((place,), ())


BARE = {"id": OUTER, "location_type": "virtual"}
NOT_OURS = "Identifiers of other registers are not kept."
PARTLY: list[tuple[dict[str, Any], dict[str, Any], list[Remark]]] = [
    # what the location says, what is kept of it, what is told
    ({}, {}, []),
    ({"name": "x" * 200}, {"name": "x" * 200}, []),
    ({"latitude": 90, "longitude": -180}, {"latitude": 90, "longitude": -180}, []),
    (
        {"latitude": -90.5, "longitude": -180.5},
        {},
        [
            Remark("$.locations[0].latitude", "Out of bounds.", ("-90 to 90",)),
            Remark("$.locations[0].longitude", "Out of bounds.", ("-180 to 180",)),
        ],
    ),
    (
        {"latitude": 90.5, "longitude": 180.5},
        {},
        [
            Remark("$.locations[0].latitude", "Out of bounds.", ("-90 to 90",)),
            Remark("$.locations[0].longitude", "Out of bounds.", ("-180 to 180",)),
        ],
    ),
    (
        {"url": "nowhere", "description": "Red door"},
        {},
        [
            Remark("$.locations[0].url", NOT_ITS_FORM, ("https://example.org",)),
            Remark("$.locations[0].description", NOT_KEPT),
        ],
    ),
    (
        {"external_identifier": "office", "external_identifier_type": "other"},
        {},
        [Remark("$.locations[0].external_identifier", NOT_OURS)],
    ),
    (
        {"external_identifier": "Not Ours", "external_identifier_type": "throughline"},
        {},
        [Remark("$.locations[0].external_identifier", NOT_OURS)],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("said", "kept", "remarks"), PARTLY)
def test_of_a_location_is_kept_what_fits(
    said: dict[str, Any], kept: dict[str, Any], remarks: list[Remark]
) -> None:
    place = Place(**{"place_id": "", "hsds_id": UUID(OUTER), "kind": "virtual", **kept})
    assert found({**BARE, **said}) == ((place,), tuple(remarks))


def test_a_location_that_is_none_is_told_once_and_leaves_the_others() -> None:
    nowhere = {**BARE, "id": "here", "name": "Here"}
    lunar = {**BARE, "id": OTHER, "location_type": "lunar", "name": "There"}
    first, again = {**BARE, "name": "First"}, {**BARE, "name": "Again"}
    assert found(nowhere, lunar, first, again, {**BARE, "id": OTHER}) == (
        (Place("", UUID(OUTER), "virtual", "First"), Place("", UUID(OTHER), "virtual")),
        (
            Remark("$.locations[0].id", "A location needs its own UUID.", ("a UUID",)),
            Remark(
                "$.locations[1].location_type",
                "Not a kind of location.",
                ("physical", "postal", "virtual"),
            ),
        ),
    )


ADDRESS = {"address_1": "Quay 4", "city": "Porttown", "country": "DE"}
LACKING = "An address needs its street, city and country."
ONE = "One address of a place is kept."


@pytest.mark.parametrize("name", ["address_1", "city", "country"])
def test_an_address_without_its_street_city_or_country_is_none(name: str) -> None:
    said = {key: each for key, each in ADDRESS.items() if key != name}
    (place,), told = found({**BARE, "addresses": [said]})
    assert place.address is None
    assert told == (Remark("$.locations[0].addresses[0].address_1", LACKING),)


def test_the_first_address_that_is_one_is_kept_without_a_person_in_it() -> None:
    said = [
        {**ADDRESS, "country": "de"},
        {**ADDRESS, "country": "DEU"},
        {**ADDRESS, "attention": "A. Persona"},
        {**ADDRESS, "city": "Elsewhere"},
        {"city": "Nowhere", "extra": "x"},
    ]
    (place,), told = found({**BARE, "addresses": said})
    assert place.address == Address("Quay 4", "Porttown", "DE")
    at = "$.locations[0].addresses"
    assert told == (
        Remark(f"{at}[0].country", NOT_ITS_FORM, ("two letters, such as UG",)),
        Remark(f"{at}[0].address_1", LACKING),
        Remark(
            f"{at}[1].country", "Not a text of a length that is kept.", ("at most 2 characters",)
        ),
        Remark(f"{at}[1].address_1", LACKING),
        Remark(f"{at}[2].attention", OF_A_PERSON),
        Remark(f"{at}[3].address_1", ONE),
        Remark(f"{at}[4].address_1", ONE),
        Remark(f"{at}[4].extra", NOT_KEPT),
    )
