"""The directory written as HSDS 3, whole: nothing that is known is left out, nothing else is said."""

from typing import Any
from uuid import UUID

from domain import hsds_writing
from domain.listing import Address, Channel, ListedAgency, ListedOffer, Place, outer_id, part_id
from tests.domain.directory_builders import an_agency, an_offer

AGENCY, OFFER = UUID(int=1), UUID(int=2)
QUAY, NET = UUID(int=3), UUID(int=4)
OFFICE = Place(
    "office",
    QUAY,
    "physical",
    "The office",
    "https://map.example",
    53.5,
    9.9,
    Address("Quay 4", "Porttown", "DE", "2nd floor", "Coast", "Hansa", "20457"),
)
ONLINE = Place("online", NET, "virtual")
TALKS = ListedOffer(
    offer_id="talks",
    hsds_id=OFFER,
    title="Talks for families",
    need="family-support",
    areas=("city", "north"),
    capacity=3,
    description="Somebody to talk to.",
    eligibility="Families with children at school",
    languages=("en", "zh-Hant-TW"),
    youngest=6,
    oldest=17,
    waiting_days=14,
    channel=Channel("+49 40 1234 ext 12", "talks@harbour.example", "https://talks.example"),
    opening=("mon.0905-1730", "tue.0905-1730", "wed.0800-0900", "sat.1000-2400"),
    places=("online", "office"),
)
PLAIN = ListedOffer(
    offer_id="circle",
    hsds_id=UUID(int=5),
    title="Circle",
    need="family-support",
    areas=("city",),
    capacity=0,
    paused=True,
)
HARBOUR = ListedAgency(
    agency_id="harbour",
    hsds_id=AGENCY,
    name="Harbour Help",
    zone="Europe/Berlin",
    policy="default",
    description="Helps.",
    channel=Channel(email="office@harbour.example"),
    places=(OFFICE, ONLINE),
    offers=(TALKS, PLAIN, an_offer("gone", withdrawn=True)),
)


def part(whole: UUID, name: str) -> str:
    return str(part_id(whole, name))


ORGANISATION: dict[str, Any] = {
    "id": str(AGENCY),
    "name": "Harbour Help",
    "description": "Helps.",
    "email": "office@harbour.example",
    "contacts": [{"id": part(AGENCY, "contact"), "email": "office@harbour.example"}],
    "organization_identifiers": [
        {
            "id": part(AGENCY, "identifier"),
            "identifier_scheme": "throughline",
            "identifier_type": "throughline",
            "identifier": "harbour",
        }
    ],
    "attributes": [
        {
            "id": part(AGENCY, f"throughline:{name}"),
            "link_type": f"throughline:{name}",
            "link_entity": "organization",
            "value": value,
        }
        for name, value in (("zone", "Europe/Berlin"), ("policy", "default"))
    ],
}
AT_THE_QUAY: dict[str, Any] = {
    "id": str(QUAY),
    "location_type": "physical",
    "name": "The office",
    "url": "https://map.example",
    "latitude": 53.5,
    "longitude": 9.9,
    "external_identifier": "office",
    "external_identifier_type": "throughline",
    "addresses": [
        {
            "id": part(QUAY, "address"),
            "address_1": "Quay 4",
            "address_2": "2nd floor",
            "city": "Porttown",
            "region": "Coast",
            "state_province": "Hansa",
            "postal_code": "20457",
            "country": "DE",
            "address_type": "physical",
        }
    ],
}
ON_THE_NET = {
    "id": str(NET),
    "location_type": "virtual",
    "external_identifier": "online",
    "external_identifier_type": "throughline",
}


def a_need(own: UUID) -> dict[str, Any]:
    return {
        "id": part(own, "need"),
        "link_type": "service_category",
        "link_entity": "service",
        "taxonomy_term": {
            "id": str(outer_id("need", "family-support")),
            "code": "family-support",
            "name": "family-support",
            "description": "The need that the service answers: family-support.",
            "taxonomy": "throughline-needs",
        },
    }


def a_word(own: UUID, name: str, value: str) -> dict[str, str]:
    word = f"throughline:{name}"
    return {"id": part(own, word), "link_type": word, "link_entity": "service", "value": value}


def an_area(own: UUID, code: str) -> dict[str, str]:
    return {
        "id": part(own, f"area/{code}"),
        "name": code,
        "extent": code,
        "extent_type": "text",
        "uri": f"urn:throughline:area:{code}",
    }


def a_schedule(times: str, days: str, opens: str, closes: str) -> dict[str, str]:
    return {
        "id": part(OFFER, f"schedule/{times}"),
        "freq": "WEEKLY",
        "wkst": "MO",
        "byday": days,
        "opens_at": opens,
        "closes_at": closes,
        "notes": "Local time, Europe/Berlin",
    }


PHONES = [{"id": part(OFFER, "phone"), "number": "+49 40 1234", "type": "voice", "extension": 12}]
SERVICE: dict[str, Any] = {
    "id": str(OFFER),
    "organization_id": str(AGENCY),
    "name": "Talks for families",
    "description": "Somebody to talk to.",
    "status": "active",
    "wait_time": "14 days",
    "eligibility_description": "Families with children at school",
    "minimum_age": 6,
    "maximum_age": 17,
    "email": "talks@harbour.example",
    "url": "https://talks.example",
    "phones": PHONES,
    "contacts": [
        {"id": part(OFFER, "contact"), "email": "talks@harbour.example", "phones": PHONES}
    ],
    "schedules": [  # by the time of the day
        a_schedule("480-540", "WE", "08:00", "09:00"),
        a_schedule("545-1050", "MO,TU", "09:05", "17:30"),
        a_schedule("600-1440", "SA", "10:00", "24:00"),
    ],
    "service_areas": [an_area(OFFER, "city"), an_area(OFFER, "north")],
    "languages": [
        {"id": part(OFFER, "language/en"), "code": "en"},
        {"id": part(OFFER, "language/zh-Hant-TW"), "code": "zh", "note": "BCP 47: zh-Hant-TW"},
    ],
    "service_at_locations": [
        {"id": part(OFFER, f"at/{NET}"), "location": ON_THE_NET},
        {"id": part(OFFER, f"at/{QUAY}"), "location": AT_THE_QUAY},
    ],
    "attributes": [
        a_need(OFFER),
        a_word(OFFER, "offer", "talks"),
        a_word(OFFER, "capacity", "3"),
    ],
}
RESTING: dict[str, Any] = {
    "id": str(PLAIN.hsds_id),
    "organization_id": str(AGENCY),
    "name": "Circle",
    "status": "temporarily closed",
    "service_areas": [an_area(PLAIN.hsds_id, "city")],
    "attributes": [
        a_need(PLAIN.hsds_id),
        a_word(PLAIN.hsds_id, "offer", "circle"),
        a_word(PLAIN.hsds_id, "capacity", "0"),
    ],
}


def test_an_organization_is_written_with_its_locations_and_services() -> None:
    assert hsds_writing.organisation(HARBOUR) == {
        **ORGANISATION,
        "locations": [AT_THE_QUAY, ON_THE_NET],
        "services": [SERVICE, RESTING],
    }
    assert hsds_writing.organisation(HARBOUR, in_full=False) == ORGANISATION


def test_a_service_is_written_with_its_organization() -> None:
    assert hsds_writing.service(HARBOUR, TALKS) == {**SERVICE, "organization": ORGANISATION}
    assert hsds_writing.service(HARBOUR, PLAIN) == {**RESTING, "organization": ORGANISATION}


def test_what_hsds_demands_is_written_even_where_nothing_is_known() -> None:
    place = Place("quay", QUAY, "postal", address=Address("Quay 4", "Porttown", "DE"))
    agency = an_agency(
        hsds_id=AGENCY, description=None, channel=Channel("112"), places=(place,), offers=()
    )
    written = hsds_writing.organisation(agency)
    assert written["description"] == ""
    phone = {"id": part(AGENCY, "phone"), "number": "112", "type": "voice"}
    assert written["phones"] == [phone]
    assert written["contacts"] == [{"id": part(AGENCY, "contact"), "phones": [phone]}]
    assert written["locations"][0]["addresses"] == [
        {
            "id": part(QUAY, "address"),
            "address_1": "Quay 4",
            "city": "Porttown",
            "state_province": "",
            "postal_code": "",
            "country": "DE",
            "address_type": "postal",
        }
    ]
