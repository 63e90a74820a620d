"""Families and colleagues read what an agency is called; its code stands where no name is known."""

from dataclasses import replace

import pytest

from contracts.events.agencies import AgencyNamed
from domain.vocabulary import Role
from tests.services.cases.conftest import (
    CORA,
    NORTH,
    SOUTH,
    a_registered_case,
    agency,
    an_active_case,
    done,
    staff,
)
from tests.services.cases.test_elsewhere import Elsewhere
from tests.services.cases.test_statement import a_link, opened
from tests.services.served import DAY_0, Served, derived_cause

AID, HARBOUR = "Aide <Nord>", "مرفأ الأمل"


async def named(cases: Served, agency_id: str, name: str, sequence: int = 1) -> None:
    event = AgencyNamed(agency_id=agency_id, at=DAY_0, name=name)
    await cases.hear_as(replace(derived_cause(event), sequence=sequence), event)


async def kept(cases: Served) -> list[tuple[str, str]]:
    rows = await cases.rows("SELECT agency_id, name FROM agency_names ORDER BY agency_id")
    return [(row["agency_id"], row["name"]) for row in rows]


async def a_case_with_a_referral(cases: Served) -> str:
    await cases.hear(agency(), agency(SOUTH), staff("cora", Role.CASEWORKER))
    ref, _ = await an_active_case(cases)
    others = Elsewhere(cases, ref)
    await others.refers()
    await others.owes("referral-answer", 3)
    return ref


async def test_later_name_holds_however_they_arrive(cases: Served) -> None:
    await named(cases, NORTH, "Old", 3)
    await named(cases, NORTH, "New", 7)
    await named(cases, NORTH, "Old", 3)
    await named(cases, NORTH, "New", 7)
    assert await kept(cases) == [(NORTH, "New")]
    await named(cases, NORTH, "Newest", 8)
    await named(cases, SOUTH, "South", 1)
    assert await kept(cases) == [(NORTH, "Newest"), (SOUTH, "South")]


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "The agency responsible is {}."),
        ("fr", "organisme responsable est {}."),
        ("es", "La entidad responsable es {}."),
        ("ar", "الجهة المسؤولة هي {}."),
    ],
)
async def test_statement_names_the_agency_and_the_provider(
    cases: Served, language: str, sentence: str
) -> None:
    ref = await a_case_with_a_referral(cases)
    link = await a_link(cases, ref, language=language)
    page = await opened(cases, link)
    assert said(sentence, NORTH) in page
    assert "(harbour-help)" in page
    await named(cases, NORTH, AID)
    await named(cases, "harbour-help", HARBOUR)
    page = await opened(cases, link)
    assert said(sentence, "Aide &lt;Nord&gt;") in page
    assert f"<bdi>({HARBOUR})</bdi>" in page
    assert NORTH not in page
    assert "harbour-help" not in page


def said(sentence: str, name: str) -> str:
    """The name stands apart from the direction of the sentence."""
    return sentence.format(f"\u2068{name}\u2069")


async def test_file_says_names_and_keeps_the_codes_for_programs(cases: Served) -> None:
    ref = await a_case_with_a_referral(cases)
    before = (await cases.get(CORA, f"/cases/{ref}/file.json")).json()
    assert before["agency_names"] == {}
    assert NORTH in (await cases.get(CORA, f"/cases/{ref}/file.html")).text
    await named(cases, NORTH, AID)
    await named(cases, "harbour-help", HARBOUR)
    await named(cases, SOUTH, "Not of this case")
    file = (await cases.get(CORA, f"/cases/{ref}/file.json")).json()
    assert file["agency_names"] == {NORTH: AID, "harbour-help": HARBOUR}
    assert file["case"]["agency_id"] == NORTH
    for language in ("en", "ar"):
        page = (await cases.get(CORA, f"/cases/{ref}/file.html?language={language}")).text
        assert '<bdi dir="auto">Aide &lt;Nord&gt;</bdi>' in page
        assert f"<bdi>{HARBOUR}</bdi>" in page
        assert NORTH not in page
        assert "harbour-help" not in page


async def test_file_as_it_stood_names_the_agency_too(cases: Served) -> None:
    ref = await a_registered_case(cases)
    await named(cases, NORTH, "Children First")
    then = cases.clock.at.isoformat().replace("+", "%2B")
    cases.clock.forward(days=1)
    page = (await cases.get(CORA, f"/cases/{ref}/file.html?as_of={then}")).text
    assert "Children First" in page


async def test_chronology_says_from_whom_to_whom_a_case_was_to_go(cases: Served) -> None:
    ref = await a_case_with_a_referral(cases)
    await named(cases, SOUTH, "Southern Care")
    body = {
        "to_agency_id": SOUTH,
        "reason": "family-moved",
        "without_consent_because": "She is in danger",
    }
    await done(cases, CORA, f"/cases/{ref}/transfers", body)
    page = (await cases.get(CORA, f"/cases/{ref}/chronology.html?language=es")).text
    assert "Del organismo: <bdi>agency-north</bdi>" in page
    assert "Al organismo: <bdi>Southern Care</bdi>" in page
    assert SOUTH not in page
