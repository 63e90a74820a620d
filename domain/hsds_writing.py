"""The directory in Open Referral HSDS 3.0: what we know of an organisation, as its documents say it.

Source: docs.openreferral.org, HSDS 3.0; the mapping is a table in docs/directory.md.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from domain import hsds_words as words
from domain.listing import Channel, ListedAgency, ListedOffer, Place, outer_id, part_id
from domain.working_hours import clock_time, span

Document = dict[str, Any]


def organisation(agency: ListedAgency, *, in_full: bool = True) -> Document:
    """One HSDS organization; in full with its locations and services."""
    own = agency.hsds_id
    written = {
        "id": str(own),
        "name": agency.name,
        "description": agency.description or "",
        **_reached(own, agency.channel, url="website"),
        "organization_identifiers": [
            {
                "id": str(part_id(own, "identifier")),
                "identifier_scheme": words.OWN,
                "identifier_type": words.OWN,
                "identifier": agency.agency_id,
            }
        ],
        "attributes": [
            _own_word(own, "organization", words.ZONE, agency.zone),
            _own_word(own, "organization", words.POLICY, agency.policy),
        ],
    }
    if in_full:
        written["locations"] = [location(place) for place in agency.places]
        written["services"] = [
            _service(agency, each) for each in agency.offers if not each.withdrawn
        ]
    return _said(written)


def service(agency: ListedAgency, offer: ListedOffer) -> Document:
    """One HSDS service with its organization."""
    return {**_service(agency, offer), "organization": organisation(agency, in_full=False)}


def location(place: Place) -> Document:
    return _said(
        {
            "id": str(place.hsds_id),
            "location_type": place.kind,
            "name": place.name,
            "url": place.url,
            "latitude": place.latitude,
            "longitude": place.longitude,
            "external_identifier": place.place_id,
            "external_identifier_type": words.OWN,
            "addresses": _addresses(place),
        }
    )


def _service(agency: ListedAgency, offer: ListedOffer) -> Document:
    own = offer.hsds_id
    waits = None if offer.waiting_days is None else f"{offer.waiting_days} days"
    return _said(
        {
            "id": str(own),
            "organization_id": str(agency.hsds_id),
            "name": offer.title,
            "description": offer.description,
            "status": words.RESTING if offer.paused else words.ACTIVE,
            "wait_time": waits,
            "eligibility_description": offer.eligibility,
            "minimum_age": offer.youngest,
            "maximum_age": offer.oldest,
            **_reached(own, offer.channel, url="url"),
            "schedules": schedules(own, offer.opening, agency.zone),
            "service_areas": [_area(own, code) for code in offer.areas],
            "languages": [_language(own, tag) for tag in offer.languages],
            "service_at_locations": _at_locations(agency, offer),
            "attributes": [
                _need(own, offer.need),
                _own_word(own, "service", words.OFFER_ID, offer.offer_id),
                _own_word(own, "service", words.CAPACITY, str(offer.capacity)),
            ],
        }
    )


def _said(written: Document) -> Document:
    """Without what is not known: HSDS has no null."""
    return {name: each for name, each in written.items() if each is not None and each != []}


def _reached(own: UUID, channel: Channel, *, url: str) -> Document:
    phones = _phones(own, channel.phone)
    contact = _said({"id": str(part_id(own, "contact")), "email": channel.email, "phones": phones})
    return {
        "email": channel.email,
        url: channel.url,
        "phones": phones,
        "contacts": [contact] if len(contact) > 1 else [],
    }


def _phones(own: UUID, phone: str | None) -> list[Document]:
    if phone is None:
        return []
    number, _, extension = phone.partition(" ext ")
    written: Document = {"id": str(part_id(own, "phone")), "number": number, "type": "voice"}
    if extension:
        written["extension"] = int(extension)
    return [written]


def _addresses(place: Place) -> list[Document]:
    if place.address is None:
        return []
    address = place.address
    written = {
        "id": str(part_id(place.hsds_id, "address")),
        "address_1": address.street,
        "address_2": address.more,
        "city": address.city,
        "region": address.region,
        "state_province": address.state or "",
        "postal_code": address.postal_code or "",
        "country": address.country,
        "address_type": place.kind,
    }
    return [_said(written)]


def schedules(own: UUID, opening: Iterable[str], zone: str) -> list[Document]:
    """One weekly schedule for each pair of times, with the days that share it."""
    days: dict[tuple[int, int], list[str]] = {}
    for each in map(span, opening):
        days.setdefault((each.begins, each.ends), []).append(words.WEEKDAYS[each.day])
    return [
        {
            "id": str(part_id(own, f"schedule/{begins}-{ends}")),
            "freq": "WEEKLY",
            "wkst": words.WEEKDAYS[0],
            "byday": ",".join(on),
            "opens_at": clock_time(begins, ":"),
            "closes_at": clock_time(ends, ":"),
            "notes": f"{words.LOCAL_TIME}, {zone}",
        }
        for (begins, ends), on in sorted(days.items())
    ]


def _area(own: UUID, code: str) -> Document:
    return {
        "id": str(part_id(own, f"area/{code}")),
        "name": code,
        "extent": code,
        "extent_type": "text",
        "uri": f"{words.AREA}{code}",
    }


def _language(own: UUID, tag: str) -> Document:
    """HSDS knows the language's own code; a tag that says more stands in the note."""
    written = {"id": str(part_id(own, f"language/{tag}")), "code": tag.partition("-")[0]}
    return {**written, "note": f"{words.TAG_NOTE}{tag}"} if "-" in tag else written


def _at_locations(agency: ListedAgency, offer: ListedOffer) -> list[Document]:
    places = {place.place_id: place for place in agency.places}
    return [
        {
            "id": str(part_id(offer.hsds_id, f"at/{places[each].hsds_id}")),
            "location": location(places[each]),
        }
        for each in offer.places
    ]


def _need(own: UUID, need: str) -> Document:
    term = {
        "id": str(outer_id("need", need)),
        "code": need,
        "name": need,
        "description": f"The need that the service answers: {need}.",
        "taxonomy": words.NEEDS,
    }
    return {
        "id": str(part_id(own, "need")),
        "link_type": "service_category",
        "link_entity": "service",
        "taxonomy_term": term,
    }


def _own_word(own: UUID, entity: str, word: str, value: str) -> Document:
    return {"id": str(part_id(own, word)), "link_type": word, "link_entity": entity, "value": value}
