"""What became of each entry of a document, line by line and whole: its outcome, its id, the reason."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from domain.hsds_fields import NOT_KEPT, Remark
from domain.hsds_reading import read
from domain.hsds_service import Dictionary, ForeignWord
from domain.hsds_taking import Known, Line, NewEntries, Outcome, Taken, take
from domain.listing import Address, Channel, ListedAgency, ListedOffer, Place

AGENCY, TALKS, OTHER = UUID(int=10), UUID(int=11), UUID(int=12)
NEW = NewEntries("", "UTC", "default", capacity=2, policies={"default", "humanitarian"})
WORDS = Dictionary({"support": "family-support"}, {"port": "city"})
HARBOUR = ListedAgency("harbour-help", AGENCY, "Harbour Help", "UTC", "default")
OFFERED = ListedOffer("talks", TALKS, "Talks", "family-support", ("city",), 2)


def an_organisation(**said: Any) -> dict[str, Any]:
    return {"id": str(AGENCY), "name": "Harbour Help", "services": [], **said}


def a_service(**said: Any) -> dict[str, Any]:
    known = {
        "id": str(TALKS),
        "name": "Talks",
        "status": "active",
        "organization_id": str(AGENCY),
        "attributes": [{"taxonomy_term": {"code": "support"}}],
        "service_areas": [{"name": "port"}],
    }
    return {name: each for name, each in {**known, **said}.items() if each is not None}


def taken(
    document: Any,
    *agencies: ListedAgency,
    new: NewEntries = NEW,
    words: Dictionary = WORDS,
    **known: Any,
) -> Taken:
    held = {each.hsds_id: each for each in agencies}
    return take(read(document, words), Known(agencies=held, **known), new)


def with_offers(*offers: ListedOffer, **said: Any) -> ListedAgency:
    return replace(HARBOUR, offers=offers, **said)


def test_new_entries_are_lines_with_their_ids_and_what_was_left_out() -> None:
    document = [an_organisation(colour="blue"), a_service(shape="round")]
    assert taken(document) == Taken(
        {AGENCY: with_offers(OFFERED)},
        [
            Line(
                "$[0]",
                "organization",
                Outcome.NEW,
                AGENCY,
                "harbour-help",
                left_out=(Remark("$[0].colour", NOT_KEPT),),
            ),
            Line(
                "$[1]",
                "service",
                Outcome.NEW,
                TALKS,
                "talks",
                left_out=(Remark("$[1].shape", NOT_KEPT),),
            ),
        ],
    )


def test_known_entries_are_changed_or_stay_as_they_are() -> None:
    again = taken([an_organisation(), a_service(name="Talking")], with_offers(OFFERED))
    assert again == Taken(
        {AGENCY: with_offers(replace(OFFERED, title="Talking"))},
        [
            Line("$[0]", "organization", Outcome.UNCHANGED, AGENCY, "harbour-help"),
            Line("$[1]", "service", Outcome.CHANGED, TALKS, "talks"),
        ],
    )


def test_all_that_a_document_says_is_taken_and_the_rest_stays() -> None:
    before = with_offers(
        replace(OFFERED, channel=Channel("112", "a@b.example"), description="Before."),
        replace(OFFERED, offer_id="other", hsds_id=OTHER),
        channel=Channel("113", "c@d.example"),
        description="Before.",
    )
    document = [
        an_organisation(email="new@b.example"),
        a_service(url="https://new.example", phones=[], maximum_age=9),
    ]
    assert taken(document, before).agencies == {
        AGENCY: replace(
            before,
            channel=Channel("113", "new@b.example"),
            offers=(
                replace(
                    before.offers[0],
                    channel=Channel(None, "a@b.example", "https://new.example"),
                    oldest=9,
                ),
                before.offers[1],
            ),
        )
    }


def test_a_service_that_was_withdrawn_and_is_given_again_is_back() -> None:
    result = taken(a_service(), with_offers(replace(OFFERED, withdrawn=True)))
    assert result.agencies[AGENCY].offers == (OFFERED,)
    assert [line.outcome for line in result.lines] == [Outcome.CHANGED]


def test_two_new_entries_of_one_name_get_two_ids() -> None:
    twin, other = str(UUID(int=20)), str(UUID(int=21))
    document = [
        an_organisation(),
        an_organisation(id=twin),
        a_service(),
        a_service(id=other),
    ]
    assert [line.our_id for line in taken(document).lines] == [
        "harbour-help",
        f"harbour-help-{'0' * 8}",
        "talks",
        f"talks-{'0' * 8}",
    ]


def test_ids_of_our_own_are_kept_behind_the_prefix() -> None:
    ours = [{"identifier_scheme": "throughline", "identifier": "ours"}]
    words = [*a_service()["attributes"], {"link_type": "throughline:offer", "value": "own"}]
    document = [an_organisation(organization_identifiers=ours), a_service(attributes=words)]
    found = taken(document, new=replace(NEW, prefix="south-"))
    assert [line.our_id for line in found.lines] == ["south-ours", "south-own"]
    plain = taken([an_organisation(), a_service()], new=replace(NEW, prefix="south-"))
    assert [line.our_id for line in plain.lines] == ["south-harbour-help", "south-talks"]


def test_entries_whose_names_have_no_latin_letter_are_called_by_their_own_ids() -> None:
    named = [str(UUID(int=0xABCDEF12 << 96)), str(UUID(int=0xABCDEF13 << 96))]
    document = [
        an_organisation(id=named[0], name="مركز"),
        a_service(id=named[1], name="حديث", organization_id=named[0]),
    ]
    assert [line.our_id for line in taken(document).lines] == ["abcdef12", "abcdef13"]


ZONES: list[tuple[dict[str, str], NewEntries, tuple[str, str]]] = [
    # what a new agency says, what is known, the zone and the practice it gets
    ({}, NEW, ("UTC", "default")),
    ({}, replace(NEW, zone_known=lambda _: True), ("", "default")),  # the caller decides
    ({"zone": "Asia/Aden", "policy": "humanitarian"}, NEW, ("Asia/Aden", "humanitarian")),
    (
        {"zone": "Mars", "policy": "of-others"},
        replace(NEW, zone_known="UTC".__eq__),
        ("UTC", "default"),
    ),
]


@pytest.mark.parametrize(("said", "new", "expected"), ZONES)
def test_a_new_agency_gets_the_callers_zone_and_practice_where_its_own_are_not_known(
    said: dict[str, str], new: NewEntries, expected: tuple[str, str]
) -> None:
    words = [{"link_type": f"throughline:{name}", "value": each} for name, each in said.items()]
    (agency,) = taken(an_organisation(attributes=words), new=new).agencies.values()
    assert (agency.zone, agency.policy) == expected


NO_AGENCY = "Its organization is neither in the document nor in the directory."
NO_NEED = "No term of it means one of our needs; say which need a term means."
NO_AREA = "None of its areas is one of ours; say which of our areas one means."
RELIED = "A pathway relies on its need and area."
GONE = "The service is not given any more."
PATHWAYS = {"talks": [("family-support", "city"), ("money", "city"), ("family-support", "north")]}
A_TERM = {"taxonomy_term": {"code": "sport", "name": "Sport"}}
REFUSED: list[tuple[dict[str, Any], ListedAgency | None, dict[str, Any], str, tuple[str, ...]]] = [
    # the service, its agency as known, what else is known, the reason, what may be said instead
    ({}, None, {}, NO_AGENCY, ()),
    ({}, HARBOUR, {"elsewhere": {TALKS: "bridge"}}, "Another agency gives this service.", ("bridge",)),
    ({"status": "defunct"}, HARBOUR, {}, GONE, ("active", "temporarily closed")),
    ({"attributes": [A_TERM]}, HARBOUR, {}, NO_NEED, ("sport", "Sport")),
    ({"attributes": None}, HARBOUR, {}, NO_NEED, (str(TALKS), "*")),
    ({"attributes": None, "service_areas": [{"name": "far"}]}, HARBOUR, {}, NO_NEED, (str(TALKS), "*")),
    ({"service_areas": [{"name": "far"}, {"name": "off"}]}, HARBOUR, {}, NO_AREA, ("far", "off")),
    ({"service_areas": None}, HARBOUR, {}, NO_AREA, ("*",)),
    (
        {"service_areas": [{"uri": "urn:throughline:area:south"}]},
        with_offers(OFFERED),
        {"pathways": PATHWAYS},
        RELIED,
        ("family-support/city",),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("said", "agency", "known", "why", "allowed"), REFUSED)
def test_a_service_that_is_skipped_says_why_and_changes_nothing(
    said: dict[str, Any],
    agency: ListedAgency | None,
    known: dict[str, Any],
    why: str,
    allowed: tuple[str, ...],
) -> None:
    agencies = [agency] if agency else []
    result = taken([a_service(**said)], *agencies, **known)
    assert result.agencies == {each.hsds_id: each for each in agencies}
    assert result.lines == [
        Line("$[0]", "service", Outcome.SKIPPED, TALKS, reason=why, allowed=allowed)
    ]


def test_a_service_that_this_agency_gives_is_taken_whatever_is_said_of_elsewhere() -> None:
    result = taken(a_service(), with_offers(OFFERED), elsewhere={TALKS: "bridge"})
    assert [line.outcome for line in result.lines] == [Outcome.UNCHANGED]


def test_words_that_nobody_knows_are_gathered_over_all_services() -> None:
    result = taken(
        [a_service(service_areas=[{"name": "far"}]), a_service(id=str(OTHER), attributes=[A_TERM])],
        HARBOUR,
    )
    assert result.unknown == [
        ForeignWord("area", ("far",)),
        ForeignWord("term", ("sport", "Sport")),
    ]


def test_what_cannot_be_read_is_a_line_with_the_reason_and_what_is_read() -> None:
    result = taken([{"version": "1"}])
    assert result.lines == [
        Line(
            "$[0]",
            "taxonomy",
            Outcome.SKIPPED,
            reason="A taxonomy is not kept; say with the import which need each of its terms means.",
            allowed=("organization", "service"),
        )
    ]


def test_a_service_that_is_gone_is_withdrawn_or_rests_where_a_pathway_relies_on_it() -> None:
    document = a_service(status="defunct")
    withdrawn = taken(document, with_offers(OFFERED)).agencies[AGENCY]
    assert withdrawn.offers == (replace(OFFERED, withdrawn=True),)
    relied = taken(document, with_offers(OFFERED), pathways=PATHWAYS).agencies[AGENCY]
    assert relied.offers == (replace(OFFERED, paused=True),)


def at(hsds_id: UUID, **said: Any) -> dict[str, Any]:
    return {"id": str(hsds_id), "location_type": "virtual", **said}


def test_places_keep_their_ids_and_new_ones_are_called_by_what_they_are() -> None:
    first, second, third, fourth = (UUID(int=each << 96) for each in range(1, 5))
    before = replace(HARBOUR, places=(Place("kept", first, "virtual", "Office"),))
    quay = {"address_1": "Quay 4", "city": "Porttown", "country": "DE"}
    ours = {"external_identifier": "ours", "external_identifier_type": "throughline"}
    document = [
        an_organisation(
            locations=[
                at(first, name="Moved"),
                at(second, name="Kept"),
                at(third, addresses=[quay]),
            ]
        ),
        a_service(
            service_at_locations=[
                {"location": at(fourth, name="Online", **ours)},
                {"location": at(first, name="Moved")},
            ]
        ),
    ]
    agency = taken(document, before).agencies[AGENCY]
    assert agency.places == (
        Place("kept", first, "virtual", "Moved"),
        Place("kept-00000002", second, "virtual", "Kept"),
        Place("porttown", third, "virtual", address=Address("Quay 4", "Porttown", "DE")),
        Place("ours", fourth, "virtual", "Online"),
    )
    assert agency.offers == (replace(OFFERED, places=("ours", "kept")),)
