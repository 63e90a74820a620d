"""A provider asks for more time; those to whom the help is owed decide, never the provider's own leaders."""

from typing import Any

from contracts.events.deadlines import DeadlineSet, DeadlineWaived
from tests.services.referrals.cast import (
    AMAL,
    BELA,
    BRIDGE,
    HARBOUR,
    JONAS,
    LEAD,
    RUTH,
    Somebody,
    get,
    post,
    requested,
)
from tests.services.served import Served

BODY = {"why": "worker-away", "reason": "Nobody is in the office until Thursday"}


async def owed(served: Served, step: str) -> dict[str, Any]:
    return next(each for each in await served.said(DeadlineSet) if each["step"] == step)


async def test_the_cases_side_decides_on_what_a_provider_asks(referrals: Served) -> None:
    await requested(referrals)
    duty = await owed(referrals, "referral-answer")
    path = f"/deadlines/{duty['deadline_id']}/extension-requests"
    body = BODY | {"new_due": referrals.clock.at.replace(day=12).isoformat()}
    for who in (AMAL, JONAS, BELA, BRIDGE):
        await post(referrals, who, path, body, expect=404)
    request = await post(referrals, HARBOUR, path, body, expect=201)
    approval = f"/deadline-requests/{request['request_id']}/approval"
    for who in (HARBOUR, LEAD, BRIDGE, AMAL):
        await post(referrals, who, approval, expect=404)
    for who, count in ((HARBOUR, 1), (JONAS, 1), (BRIDGE, 0)):
        assert len((await get(referrals, who, "/deadline-requests"))["items"]) == count
    assert (await post(referrals, JONAS, approval))["state"] == "approved"
    fresh = (await referrals.said(DeadlineSet))[-1]
    assert (fresh["step"], fresh["agency_id"], fresh["version"]) == (
        "referral-answer", "harbour-help", 2,
    )  # fmt: skip
    await _answered_in_time(referrals, HARBOUR, duty["subject_id"])


async def test_the_cases_own_duty_is_let_go_by_somebody_else(referrals: Served) -> None:
    referral_id = await requested(referrals)
    await post(referrals, HARBOUR, f"/referrals/{referral_id}/acceptance")
    await post(referrals, HARBOUR, f"/referrals/{referral_id}/service-given")
    duty = await owed(referrals, "referral-confirmation")
    path = f"/deadlines/{duty['deadline_id']}/waiver-requests"
    await post(referrals, HARBOUR, path, BODY, expect=404)
    request = await post(referrals, AMAL, path, BODY, expect=201)
    await post(referrals, RUTH, f"/deadline-requests/{request['request_id']}/approval")
    assert [each["step"] for each in await referrals.said(DeadlineWaived)] == [
        "referral-confirmation"
    ]


async def _answered_in_time(served: Served, who: Somebody, referral_id: str) -> None:
    served.clock.forward(days=8)
    await post(served, who, f"/referrals/{referral_id}/acceptance")
    state = "SELECT state FROM deadlines WHERE step = 'referral-answer' AND version = 2"
    assert [row["state"] for row in await served.rows(state)] == ["met"]


async def test_migrated_schema_has_what_requests_need(referrals: Served) -> None:
    assert await referrals.rows("SELECT * FROM deadline_requests") == []
