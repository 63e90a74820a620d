"""While a caseworker is away, whoever is named to stand in for her records on her cases; then no more."""

from datetime import timedelta
from uuid import UUID

import pytest

from contracts.events.agencies import AbsenceEnded, AbsenceRecorded
from domain.vocabulary import Role
from tests.services.cases.conftest import (
    CARL,
    CLEO,
    CORA,
    NORTH,
    SAMI,
    SOUTH,
    a_closure_request,
    a_finding,
    a_registered_case,
    an_active_case,
    done,
    refused,
)
from tests.services.served import a_token

ABSENCE = UUID(int=31)
RISK = {"risk": "high", "reason": "He was seen at the gate"}


@pytest.fixture
def away(cases):
    async def from_now(who="cora", stand_in="cleo", days=7, number=ABSENCE, agency=NORTH) -> None:
        at = cases.clock.at
        await cases.hear(
            AbsenceRecorded(
                agency_id=agency,
                at=at,
                absence_id=number,
                staff_id=who,
                from_at=at,
                until_at=at + timedelta(days=days),
                stand_in_id=stand_in,
            )
        )

    return from_now


async def back(cases, number=ABSENCE) -> None:
    said = AbsenceEnded(agency_id=NORTH, at=cases.clock.at, absence_id=number, staff_id="cora")
    await cases.hear(said)


async def test_stand_in_sees_and_records_on_the_cases_of_whoever_is_away(cases, away) -> None:
    ref, plan = await an_active_case(cases)
    path = f"/cases/{ref}/follow-ups/{plan['follow_ups'][0]['follow_up_id']}/records"
    await refused(cases, CLEO, path, a_finding(cases), 404, "not-found")
    await away()
    view = (await cases.get(CLEO, f"/cases/{ref}")).json()
    assert (view["caseworker_id"], view["identity"]["name"]) == ("cora", "Noor Example")
    await done(cases, CLEO, path, a_finding(cases))
    assert [each["case_ref"] for each in (await cases.get(CLEO, "/cases")).json()["items"]] == [ref]


async def test_what_a_stand_in_does_is_audited_as_such_and_said_in_the_chronology(
    cases, away
) -> None:
    ref, _ = await an_active_case(cases)
    await away()
    await done(cases, CLEO, f"/cases/{ref}/risk", RISK)
    rows = await cases.rows("SELECT staff_id, action, section FROM audit WHERE staff_id = 'cleo'")
    assert [(row["action"], row["section"]) for row in rows] == [
        ("act-as-stand-in", "for cora"),
        ("change-risk", rows[1]["section"]),
    ]
    lines = (await cases.get(CORA, f"/cases/{ref}/chronology")).json()["items"]
    (line,) = [each for each in lines if each["fact"] == "risk.changed"]
    assert (line["recorded_by"], line["codes"]["stand_in_for"]) == ("cleo", "cora")
    assert all("stand_in_for" not in each["codes"] for each in lines if each is not line)
    assert "stand_in_for" not in str(await cases.said())


async def test_it_ends_with_the_absence(cases, away) -> None:
    ref, _ = await an_active_case(cases)
    await away(days=2)
    cases.clock.forward(days=2)
    await refused(cases, CLEO, f"/cases/{ref}/risk", RISK, 404, "not-found")
    assert (await cases.get(CLEO, f"/cases/{ref}")).status_code == 404
    assert (await cases.get(CLEO, "/cases")).json()["items"] == []


async def test_it_ends_when_she_is_back_earlier(cases, away) -> None:
    ref, _ = await an_active_case(cases)
    await away()
    cases.clock.forward(days=1)
    await back(cases)
    await refused(cases, CLEO, f"/cases/{ref}/risk", RISK, 404, "not-found")


async def test_absence_that_never_began_gives_nobody_access(cases, away) -> None:
    ref, _ = await an_active_case(cases)
    await away()
    await back(cases)
    await refused(cases, CLEO, f"/cases/{ref}/risk", RISK, 404, "not-found")
    assert not await cases.rows("SELECT * FROM absences")


async def test_nobody_else_gains_anything(cases, away) -> None:
    ref, _ = await an_active_case(cases)
    suse = a_token("suse", SOUTH, Role.CASEWORKER)
    await away(stand_in=None)
    await refused(cases, CLEO, f"/cases/{ref}/risk", RISK, 404, "not-found")
    await away(stand_in="cleo")
    for who in (CARL, suse, a_token("cleo", SOUTH, Role.CASEWORKER), a_token("cleo", NORTH)):
        await refused(cases, who, f"/cases/{ref}/risk", RISK, 404, "not-found")


async def test_chain_of_stand_ins_leads_to_whoever_is_there(cases, away) -> None:
    ref, _ = await an_active_case(cases)
    await away()
    await away("cleo", "carl", number=UUID(int=32))
    await refused(cases, CLEO, f"/cases/{ref}/risk", RISK, 404, "not-found")
    await done(cases, CARL, f"/cases/{ref}/risk", RISK)


async def test_stand_in_hands_nothing_over_and_decides_on_no_closure(cases, away) -> None:
    ref, _ = await an_active_case(cases)
    await away()
    body = {"caseworker_id": "cleo", "supervisor_id": "sami"}
    await refused(cases, CLEO, f"/cases/{ref}/assignment", body, 404, "not-found")
    await done(cases, CLEO, f"/cases/{ref}/closure-request", a_closure_request())
    path = f"/cases/{ref}/closure-approval"
    assert (await cases.post(CLEO, path, {"note": "Agreed"})).status_code in (404, 409)
    await done(cases, SAMI, path, {"note": "Agreed"})


async def test_absence_opens_her_own_cases_alone(cases, away) -> None:
    await a_registered_case(cases)
    other = await a_registered_case(cases, caseworker_id="carl")
    await away()
    await refused(cases, CLEO, f"/cases/{other}/risk", RISK, 404, "not-found")
