"""Days are counted where the case's agency is, whatever zone its pack was written for."""

from datetime import UTC, datetime

from contracts.events.agencies import AgencyRegistered
from contracts.events.cases import CaseRegistered
from tests.services.cases.conftest import CORA, MONA, NORTH, a_new_case, an_initial_assessment
from tests.services.served import DAY_0, Served

BEFORE_BERLIN_CHANGES = datetime(2027, 3, 20, 10, tzinfo=UTC)


async def assessed_in(cases: Served, zone: str) -> str:
    await cases.hear(AgencyRegistered(agency_id=NORTH, at=DAY_0, zone=zone, policy="default"))
    cases.clock.at = BEFORE_BERLIN_CHANGES
    ref = str((await cases.post(CORA, "/cases", a_new_case())).json()["case_ref"])
    body = an_initial_assessment(cases)
    assert (await cases.post(CORA, f"/cases/{ref}/initial-assessment", body)).status_code == 201
    return ref


async def owed(cases: Served, ref: str) -> datetime:
    listed = (await cases.get(CORA, f"/cases/{ref}/deadlines")).json()["items"]
    step = next(each for each in listed if each["step"] == "comprehensive-assessment")
    return datetime.fromisoformat(step["due_at"])


async def test_fortnight_keeps_the_time_of_day_of_the_agencys_own_zone(cases: Served) -> None:
    ref = await assessed_in(cases, "Asia/Amman")
    assert (await cases.said(CaseRegistered))[0]["policy"] == "default--amman@1"
    assert await owed(cases, ref) == datetime(
        2027, 4, 3, 10, tzinfo=UTC
    )  # no change of clocks there


async def test_fortnight_in_the_packs_own_zone(cases: Served) -> None:
    ref = await assessed_in(cases, "Europe/Berlin")
    assert (await cases.said(CaseRegistered))[0]["policy"] == "default@1"
    assert await owed(cases, ref) == datetime(2027, 4, 3, 9, tzinfo=UTC)


async def test_case_moved_to_another_pack_stays_in_its_agencys_zone(cases: Served) -> None:
    ref = await assessed_in(cases, "Asia/Amman")
    body = {"policy": "working-days@1", "reason": "Agreed with the ministry."}
    answer = await cases.post(MONA, f"/cases/{ref}/policy", body)
    assert answer.json()["policy"] == "working-days--amman@1"
