"""A case that another agency takes over, or that follows another pack: what becomes of its referrals."""

from contracts.events.cases import CaseAssigned, CaseRepinned
from contracts.events.deadlines import DeadlineCancelled, DeadlineSet
from domain.vocabulary import Role
from tests.services.referrals.cast import (
    AMAL,
    CASE,
    HARBOUR,
    Somebody,
    consented,
    get,
    post,
    requested,
)
from tests.services.served import DAY_0, Served

SARA = Somebody("sara", "agency-south", Role.CASEWORKER)
MOVED = CaseAssigned(
    case_ref=CASE,
    at=DAY_0,
    agency_id="agency-south",
    team_id=None,
    caseworker_id="sara",
    supervisor_id="sal",
)


async def bearers(served: Served) -> dict[str, tuple[str, str | None]]:
    rows = await served.rows("SELECT * FROM deadlines WHERE state = 'open'")
    return {row["step"]: (row["agency_id"], row["person_id"]) for row in rows}


async def test_its_own_duties_go_with_the_case_and_the_providers_stay(referrals: Served) -> None:
    await referrals.hear(consented())
    referral = await requested(referrals)
    await post(referrals, HARBOUR, f"/referrals/{referral}/acceptance")
    given = {"given_at": DAY_0.isoformat(), "note": "A first talk"}
    await post(referrals, HARBOUR, f"/referrals/{referral}/service-given", given)
    assert await bearers(referrals) == {"referral-confirmation": ("agency-case", "amal-h")}
    other = await requested(referrals)
    await referrals.hear(MOVED, MOVED)
    found = await bearers(referrals)
    assert found["referral-confirmation"] == ("agency-south", "sara")
    assert found["referral-answer"] == ("harbour-help", None)
    (restated,) = [each for each in await referrals.said(DeadlineSet) if each["restated"]]
    assert (restated["agency_id"], restated["person_id"]) == ("agency-south", "sara")
    assert (await get(referrals, SARA, f"/referrals/{other}"))["from_agency_id"] == "agency-south"
    await get(referrals, AMAL, f"/referrals/{other}", expect=404)


async def test_case_that_is_not_known_here_moves_without_a_trace(referrals: Served) -> None:
    await referrals.hear(MOVED.model_copy(update={"case_ref": "TL-0000-0000-0"}))
    assert await bearers(referrals) == {}


async def test_repinned_case_has_its_referrals_duties_under_the_same_pack_left_alone(
    referrals: Served,
) -> None:
    await referrals.hear(consented())
    await requested(referrals)
    before = await referrals.rows("SELECT id FROM deadlines ORDER BY id")
    said = CaseRepinned(case_ref=CASE, at=DAY_0, before="default@1", policy="default@1", moved=0)
    await referrals.hear(said)
    assert await referrals.rows("SELECT id FROM deadlines ORDER BY id") == before
    assert not await referrals.said(DeadlineCancelled)
