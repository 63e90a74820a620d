"""Documents of organizations and services: in what they come, what is read of each, what is skipped and why."""

from typing import Any
from uuid import UUID

import pytest

from domain.hsds_fields import NOT_KEPT, Remark
from domain.hsds_reading import DocumentRead, OrganisationRead, kind_of, read
from domain.hsds_service import Dictionary, ForeignWord
from domain.listing import Place

ORGANISATION = "d9d5e0f5-d3ce-4f73-9a2f-4dd0ecc6c610"
SERVICE = "ac148810-d857-441c-9679-408f346de14b"
OTHER = "3a19ff88-4620-4d17-9830-ac1d859eb5d5"


def an_organisation(**said: Any) -> dict[str, Any]:
    return {"id": ORGANISATION, "name": "Harbour Help", **said}


def a_service(**said: Any) -> dict[str, Any]:
    return {"id": SERVICE, "name": "Talks", "status": "active", **said}


def read_from(document: Any) -> DocumentRead:
    return read(document, Dictionary())


def the_organisation(*mentions: dict[str, Any]) -> OrganisationRead:
    (found,) = read_from(list(mentions)).organisations.values()
    return found


def test_an_organisation_with_all_that_is_kept_is_read_whole() -> None:
    office = {"id": OTHER, "location_type": "physical", "name": "Office"}
    found = the_organisation(
        an_organisation(
            name="x" * 200,
            description="d" * 4_000,
            email="a@b.example",
            website="https://a.example",
            phones=[{"number": "112"}],
            locations=[office],
            parent_organization_id=OTHER,
            organization_identifiers=[
                {"identifier_scheme": "throughline", "identifier": "harbour-help"}
            ],
            attributes=[
                {"link_type": "throughline:zone", "value": "Europe/Berlin"},
                {"link_type": "throughline:policy", "value": "humanitarian"},
            ],
        )
    )
    assert found == OrganisationRead(
        "$[0]",
        UUID(ORGANISATION),
        "harbour-help",
        {
            "name": "x" * 200,
            "description": "d" * 4_000,
            "email": "a@b.example",
            "url": "https://a.example",
            "phone": "112",
            "zone": "Europe/Berlin",
            "policy": "humanitarian",
        },
        (Place("", UUID(OTHER), "physical", "Office"),),
        (),
    )


def test_an_organisation_that_says_little_is_read_as_that() -> None:
    found = the_organisation(an_organisation(description="", colour="blue"))
    assert found == OrganisationRead(
        "$[0]",
        UUID(ORGANISATION),
        None,
        {"name": "Harbour Help", "description": None},
        (),
        (Remark("$[0].colour", NOT_KEPT),),
    )


def test_identifiers_of_other_registers_are_told_once_with_what_else_they_say() -> None:
    identifiers = [
        {
            "id": "1",
            "organization_id": ORGANISATION,
            "identifier_scheme": "GB-COH",
            "identifier_type": "Company number",
            "identifier": "harbour-help",
            "url": "https://register.example",
        },
        {"identifier_scheme": "throughline", "identifier": "Not Ours"},
    ]
    found = the_organisation(an_organisation(organization_identifiers=identifiers))
    why = "Identifiers of other registers are not kept."
    assert found.own_id is None
    assert found.remarks == (
        Remark("$[0].organization_identifiers[0].identifier", why),
        Remark("$[0].organization_identifiers[0].url", NOT_KEPT),
        Remark("$[0].organization_identifiers[1].identifier", why),
    )


def test_a_later_mention_adds_only_what_the_first_was_silent_about() -> None:
    def at(name: str, hsds_id: str) -> dict[str, Any]:
        return {"id": hsds_id, "location_type": "virtual", "name": name}

    ours = [{"identifier_scheme": "throughline", "identifier": "ours"}]
    others = [{"identifier_scheme": "throughline", "identifier": "other"}]
    first = an_organisation(email="a@b.example", locations=[at("First", OTHER)], colour="blue")
    second = an_organisation(
        name="Another",
        email="c@d.example",
        website="https://a.example",
        locations=[at("Again", OTHER), at("Second", SERVICE)],
        shape="round",
        organization_identifiers=ours,
    )
    third = an_organisation(organization_identifiers=others)
    assert the_organisation(first, second, third) == OrganisationRead(
        "$[0]",
        UUID(ORGANISATION),
        "ours",
        {"name": "Harbour Help", "email": "a@b.example", "url": "https://a.example"},
        (
            Place("", UUID(OTHER), "virtual", "First"),
            Place("", UUID(SERVICE), "virtual", "Second"),
        ),
        (Remark("$[0].colour", NOT_KEPT),),
    )


FORMS: list[tuple[Any, str]] = [
    # the document, the path of its one organization
    (an_organisation(), "$"),
    ([an_organisation()], "$[0]"),
    ({"contents": [an_organisation()], "page": 1}, "$.contents[0]"),
]


@pytest.mark.parametrize(("document", "path"), FORMS)
def test_a_document_is_one_object_a_list_or_a_page(document: Any, path: str) -> None:
    found = read_from(document)
    assert [each.path for each in found.organisations.values()] == [path]
    assert found.skipped == []


EITHER = ("organization", "service")
A_TAXONOMY = "A taxonomy is not kept; say with the import which need each of its terms means."
A_TERM = "A term is not kept; say with the import which need it means."
NEITHER = "Not an organization or a service."
NEEDS_ID = Remark("$.id", "An entry needs its own UUID.", ("a UUID",))
NEEDS_ITS_OWN = Remark(
    "$.organization", "A service needs its organization.", ("organization", "organization_id")
)
KINDS: list[tuple[Any, str, Remark]] = [
    # an object, what it seems to be, why it is skipped
    *(
        ({name: None}, "service", NEEDS_ITS_OWN)
        for name in ("status", "service_areas", "service_at_locations")
    ),
    *(
        ({name: None}, "organization", NEEDS_ID)
        for name in (
            "services", "email", "website", "locations", "phones", "contacts", "name"
        )
    ),
    *(
        ({name: None}, "taxonomy_term", Remark("$", A_TERM, EITHER))
        for name in ("taxonomy", "term_uri", "code")
    ),
    ({"name": "x", "code": "y"}, "taxonomy_term", Remark("$", A_TERM, EITHER)),
    ({"name": "x", "version": "3"}, "taxonomy", Remark("$", A_TAXONOMY, EITHER)),
    ({"contents": {}}, "nothing known", Remark("$", NEITHER, EITHER)),
    ({}, "nothing known", Remark("$", NEITHER, EITHER)),
    ("x", "nothing known", Remark("$", NEITHER, EITHER)),
    (None, "nothing known", Remark("$", NEITHER, EITHER)),
]  # fmt: skip


@pytest.mark.parametrize(("item", "kind", "why"), KINDS)
def test_what_is_not_whole_or_of_another_kind_is_skipped(item: Any, kind: str, why: Remark) -> None:
    assert kind_of(item) == kind
    assert read_from(item) == DocumentRead(skipped=[(kind, why)])


def test_a_service_needs_its_organization() -> None:
    for said in ({}, {"organization_id": "x"}, {"organization": "x"}):
        found = read_from(a_service(**said))
        assert found == DocumentRead(skipped=[("service", NEEDS_ITS_OWN)])


def test_a_service_is_of_the_organization_that_it_names_or_holds_or_stands_in() -> None:
    named = read_from(a_service(organization_id=OTHER))
    assert [each.organisation for each in named.services.values()] == [UUID(OTHER)]
    held = read_from(a_service(organization_id=OTHER, organization=an_organisation()))
    assert [each.organisation for each in held.services.values()] == [UUID(ORGANISATION)]
    assert [each.path for each in held.organisations.values()] == ["$.organization"]
    inside = read_from(an_organisation(services=[a_service(organization_id=OTHER)]))
    assert [each.organisation for each in inside.services.values()] == [UUID(ORGANISATION)]
    for found in (named, held, inside):
        (service,) = found.services.values()
        assert (service.remarks, found.skipped) == ((), [])


def test_a_service_inside_an_organization_is_read_with_its_path_and_words() -> None:
    terms = [{"taxonomy_term": {"code": "x"}}]
    found = read_from(an_organisation(services=[a_service(attributes=terms)]))
    (service,) = found.services.values()
    assert (service.path, service.unknown) == ("$.services[0]", (ForeignWord("term", ("x",)),))
    known = read(
        an_organisation(services=[a_service(attributes=terms)]), Dictionary({"x": "support"})
    )
    assert [each.said["need"] for each in known.services.values()] == ["support"]


def test_services_of_an_organization_that_a_service_holds_are_read_by_the_same_words() -> None:
    terms = [{"taxonomy_term": {"code": "x"}}]
    inner = an_organisation(services=[a_service(id=OTHER, attributes=terms)])
    found = read(a_service(organization=inner, attributes=terms), Dictionary({"x": "support"}))
    assert {each.path: each.said["need"] for each in found.services.values()} == {
        "$.organization.services[0]": "support",
        "$": "support",
    }


def test_what_cannot_be_read_inside_is_skipped_alone() -> None:
    services = [a_service(status="open"), a_service(id=OTHER), a_service(id=OTHER)]
    found = read_from(an_organisation(services=services))
    assert list(found.services) == [UUID(OTHER)]
    statuses = ("active", "temporarily closed", "inactive", "defunct")
    twice = "This service stands in the document twice; the first counts."
    assert found.skipped == [
        ("service", Remark("$.services[0].status", "Not a status of a service.", statuses)),
        ("service", Remark("$.services[2]", twice)),
    ]
