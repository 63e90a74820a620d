"""A worker leaves: every case of hers goes to somebody, or none does."""

import pytest

from contracts.events.cases import CaseAssigned
from domain.vocabulary import Role
from tests.services.cases.conftest import (
    CARL,
    CORA,
    MATS,
    MONA,
    SAMI,
    a_closed_case,
    a_registered_case,
    done,
    fields,
    refused,
    staff,
)
from tests.services.served import Served

PATH = "/caseloads/cora/handover"


@pytest.fixture
async def known(cases: Served) -> Served:
    await cases.hear(
        staff("cora", Role.CASEWORKER),
        staff("carl", Role.CASEWORKER),
        staff("cleo", Role.CASEWORKER, team="team-b"),
        staff("gone", Role.CASEWORKER, active=False),
        staff("sami", Role.SUPERVISOR),
    )
    return cases


def each_to(named: dict[str, str]) -> dict[str, object]:
    return {"to": [{"case_ref": ref, "caseworker_id": who} for ref, who in named.items()]}


async def owners(served: Served) -> dict[str, str]:
    rows = await served.rows("SELECT ref, caseworker_id FROM cases")
    return {row["ref"]: row["caseworker_id"] for row in rows}


async def test_twenty_cases_go_over_with_every_duty_and_a_manifest(known) -> None:
    refs = [await a_registered_case(known) for _ in range(20)]
    known.clock.forward(days=3)  # every initial assessment is overdue by now
    named = {ref: ("carl" if at % 2 else "cleo") for at, ref in enumerate(refs)}
    manifest = await done(known, SAMI, PATH, each_to(named))
    assert await owners(known) == named
    assert {case["case_ref"]: case["caseworker_id"] for case in manifest["cases"]} == named
    assert (manifest["open_duties"], manifest["overdue"]) == (20, 20)
    assert manifest["cases"][0]["duties"][0]["step"] == "initial-assessment"
    rows = await known.rows("SELECT case_ref, person_id FROM deadlines WHERE state = 'open'")
    assert {row["case_ref"]: row["person_id"] for row in rows} == named
    assert len(await known.said(CaseAssigned)) == 20
    assert (await known.get(MONA, PATH)).json() == manifest
    assert (await known.get(CORA, f"/cases/{refs[0]}")).json()["agency_id"]  # still of the team
    assert (await known.get(CARL, PATH)).status_code == 404


async def test_said_twice_it_is_done_once(known) -> None:
    await a_registered_case(known)
    body = {"everything_to": "carl"}
    first = await done(known, SAMI, PATH, body)
    said = await known.said()
    assert await done(known, SAMI, PATH, body) == first
    assert await known.said() == said


async def test_case_left_out_is_named_and_nothing_moves(known) -> None:
    kept, left = await a_registered_case(known), await a_registered_case(known)
    before = await owners(known)
    problem = await refused(known, SAMI, PATH, each_to({kept: "carl"}), 409, "cases-not-named")
    assert problem["errors"][0]["allowed"] == [left]
    assert await owners(known) == before
    body = each_to({kept: "carl"}) | {"everything_to": "cleo"}
    await done(known, SAMI, PATH, body)
    assert await owners(known) == {kept: "carl", left: "cleo"}


async def test_closed_case_whose_look_back_is_owed_goes_over_too(known) -> None:
    ref = await a_closed_case(known)
    manifest = await done(known, MONA, PATH, {"everything_to": "carl"})
    assert [(each["case_ref"], each["status"]) for each in manifest["cases"]] == [(ref, "closed")]
    assert manifest["cases"][0]["duties"][0]["step"] == "look-back"


@pytest.mark.parametrize("who", ["nobody", "gone", "sami", "cora"])
async def test_successor_is_an_active_caseworker_of_the_agency(known, who) -> None:
    await a_registered_case(known)
    problem = await refused(known, SAMI, PATH, {"everything_to": who}, 422, "malformed")
    assert fields(problem) == ["to"]
    if who != "cora":  # she is of the right kind, and leaves
        assert problem["errors"][0]["allowed"] == ["carl", "cleo", "cora"]


async def test_case_of_somebody_else_is_not_hers_to_hand_over(known) -> None:
    await a_registered_case(known)
    other = await a_registered_case(known, caseworker_id="carl")
    body = each_to({other: "cleo"}) | {"everything_to": "carl"}
    await refused(known, SAMI, PATH, body, 422, "malformed")


@pytest.mark.parametrize("who", [CORA, CARL])
async def test_caseworkers_hand_no_caseload_over(known, who) -> None:
    await a_registered_case(known)
    await refused(known, who, PATH, {"everything_to": "carl"}, 404, "not-found")


async def test_leaders_of_another_agency_find_an_empty_caseload(known) -> None:
    await a_registered_case(known)
    await refused(known, MATS, PATH, {"everything_to": "carl"}, 409, "caseload-empty")
    assert (await known.get(MATS, PATH)).status_code == 404
