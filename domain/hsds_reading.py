"""Organisations and services out of Open Referral HSDS 3 documents, and why something of them was not taken.

Read are single objects, lists, and the pages of an API (`contents`); an organization may hold its services,
a service its organization. Source: docs.openreferral.org, HSDS 3.0; the mapping is a table in docs/directory.md.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from domain import hsds_words as words
from domain.hsds_fields import Fields, Remark, Unreadable, uuid_of
from domain.hsds_parts import channel, own_id, own_words, places
from domain.hsds_service import Dictionary, ServiceRead, read_service
from domain.listing import LONGEST_NAME, LONGEST_TEXT, Place

_PASSED = ("parent_organization_id",)
_OF_TERMS = ("taxonomy", "term_uri", "code")
_OF_ORGANISATIONS = ("services", "email", "website", "locations", "phones", "contacts")


@dataclass(frozen=True, slots=True)
class OrganisationRead:
    """`said` holds only the fields that the document speaks of."""

    path: str
    hsds_id: UUID
    own_id: str | None
    said: Mapping[str, Any]
    places: tuple[Place, ...]
    remarks: tuple[Remark, ...]


@dataclass(slots=True)
class DocumentRead:
    """Everything in the order of the document; an organisation that stands in it often is read once."""

    organisations: dict[UUID, OrganisationRead] = field(default_factory=dict)
    services: dict[UUID, ServiceRead] = field(default_factory=dict)
    skipped: list[tuple[str, Remark]] = field(default_factory=list)  # with what it seems to be


def read(document: Any, dictionary: Dictionary) -> DocumentRead:
    """Never raises: what cannot be read is skipped, with its path and the reason."""
    found = DocumentRead()
    for path, item in _items(document):
        _read_item(found, path, item, dictionary)
    return found


def _items(document: Any) -> Iterator[tuple[str, Any]]:
    root, inner = "$", document
    if isinstance(document, dict) and isinstance(document.get("contents"), list):
        root, inner = "$.contents", document["contents"]
    if isinstance(inner, list):
        yield from ((f"{root}[{place}]", each) for place, each in enumerate(inner))
    else:
        yield root, inner


def _read_item(found: DocumentRead, path: str, item: Any, dictionary: Dictionary) -> None:
    kind = kind_of(item)
    try:
        if kind == "service":
            _add_service(found, path, item, None, dictionary)
        elif kind == "organization":
            _add_organisation(found, path, item, dictionary)
        else:
            why = _NOT_READ.get(kind, "Not an organization or a service.")
            found.skipped.append((kind, Remark(path, why, ("organization", "service"))))
    except Unreadable as unreadable:
        found.skipped.append((kind, unreadable.remark))


_NOT_READ = {
    "taxonomy": "A taxonomy is not kept; say with the import which need each of its terms means.",
    "taxonomy_term": "A term is not kept; say with the import which need it means.",
}


def kind_of(item: Any) -> str:
    """What an object of a document seems to be, by the fields that only one kind has."""
    if not isinstance(item, dict):
        return "nothing known"
    if "status" in item or "service_areas" in item or "service_at_locations" in item:
        return "service"
    if any(name in item for name in _OF_ORGANISATIONS):
        return "organization"
    if any(name in item for name in _OF_TERMS):
        return "taxonomy_term"
    if "version" in item:
        return "taxonomy"
    return "organization" if "name" in item else "nothing known"


def _add_organisation(
    found: DocumentRead, path: str, item: dict[str, Any], dictionary: Dictionary
) -> UUID:
    """Raises Unreadable. A service inside that cannot be read does not take the others with it."""
    fields = Fields(path, item)
    hsds_id = fields.identity()
    services = list(fields.objects("services"))
    read_now = _organisation(fields, hsds_id)
    before = found.organisations.get(hsds_id)
    found.organisations[hsds_id] = _fuller(before, read_now) if before else read_now
    for each in services:
        try:
            _add_service(found, each.path, each.value_of_all(), hsds_id, dictionary)
        except Unreadable as unreadable:
            found.skipped.append(("service", unreadable.remark))
    return hsds_id


def _organisation(fields: Fields, hsds_id: UUID) -> OrganisationRead:
    said: dict[str, Any] = {"name": fields.needed("name", LONGEST_NAME)}
    description = fields.text("description", LONGEST_TEXT)
    if fields.speaks_of("description", description):
        said["description"] = description
    said.update(channel(fields, url="website"))
    ours = own_words(fields, words.ZONE, words.POLICY)
    said.update({name.removeprefix(f"{words.OWN}:"): each for name, each in ours.items()})
    own, read_places = _own_identifier(fields), places(fields)
    fields.pass_over(*_PASSED)
    return OrganisationRead(fields.path, hsds_id, own, said, read_places, fields.all_remarks())


def _own_identifier(fields: Fields) -> str | None:
    own = None
    for each in fields.objects("organization_identifiers"):
        found = own_id(each.value("identifier"))
        if each.value("identifier_scheme") == words.OWN and found:
            own = found
        else:
            each.pass_over("id", "organization_id", "identifier_type")
            each.remark("identifier", "Identifiers of other registers are not kept.")
            fields.take_over(each)
    return own


def _fuller(before: OrganisationRead, now: OrganisationRead) -> OrganisationRead:
    """What is said first counts; a fuller mention adds what the first was silent about."""
    known = {place.hsds_id for place in before.places}
    return OrganisationRead(
        before.path,
        before.hsds_id,
        before.own_id or now.own_id,
        {**now.said, **before.said},
        (*before.places, *(each for each in now.places if each.hsds_id not in known)),
        before.remarks,
    )


def _add_service(
    found: DocumentRead,
    path: str,
    item: dict[str, Any],
    organisation: UUID | None,
    dictionary: Dictionary,
) -> None:
    """Raises Unreadable."""
    fields = Fields(path, item)
    nested = fields.inner("organization")
    if nested is not None:
        organisation = _add_organisation(found, nested.path, nested.value_of_all(), dictionary)
    organisation = organisation or uuid_of(fields.value("organization_id"))
    fields.pass_over("organization_id")
    if organisation is None:
        raise fields.refuse(
            "organization", "A service needs its organization.", ("organization", "organization_id")
        )
    service = read_service(fields, organisation, dictionary)
    if service.hsds_id in found.services:
        twice = Remark(path, "This service stands in the document twice; the first counts.")
        found.skipped.append(("service", twice))
        return
    found.services[service.hsds_id] = service
