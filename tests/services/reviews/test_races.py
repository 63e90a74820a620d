"""Two people at once: one of them is first, the other is told so, and the record tells one story."""

import asyncio
from collections import Counter

from contracts.events.deadlines import DeadlineMet, DeadlineSet
from contracts.events.reviews import (
    DecisionCarriedOut,
    MeetingHeld,
    ReportReceived,
    ReviewHeld,
    ReviewPostponed,
    ReviewScheduled,
)
from tests.services.reviews.conftest import (
    CORA,
    PAULA,
    RENA,
    SAMI,
    a_called_conference,
    a_convened_review,
    an_outcome,
    helping,
    more_people,
    some_minutes,
)
from tests.services.served import Served

LATER = {"reason": "staff-unable", "meeting_at": "2027-06-03T08:00:00Z"}
AT_ONCE = 6


async def all_at_once(*asked) -> Counter[int]:  # type: ignore[no-untyped-def]
    return Counter(each.status_code for each in await asyncio.gather(*asked))


async def test_outcome_recorded_by_several_at_once_is_one(reviews: Served) -> None:
    review_id = await a_convened_review(reviews)
    path, body = f"/reviews/{review_id}/outcome", an_outcome(reviews)
    found = await all_at_once(*(reviews.post(RENA, path, body) for _ in range(AT_ONCE)))
    assert found == {200: 1, 409: AT_ONCE - 1}
    assert len(await reviews.said(ReviewHeld)) == 1
    assert len(await reviews.said(ReviewScheduled)) == 2
    assert len(await reviews.rows("SELECT id FROM reviews WHERE state = 'scheduled'")) == 1


async def test_review_is_put_off_or_held_never_both(reviews: Served) -> None:
    review_id = await a_convened_review(reviews)
    path = f"/reviews/{review_id}"
    found = await asyncio.gather(
        *(reviews.post(SAMI, f"{path}/postponement", LATER) for _ in range(2)),
        reviews.post(RENA, f"{path}/outcome", an_outcome(reviews)),
        *(reviews.post(RENA, f"{path}/postponement", LATER) for _ in range(2)),
    )
    held = found[2].status_code == 200
    [review] = await reviews.rows(f"SELECT * FROM reviews WHERE id = '{review_id}'")
    # Whoever came before the outcome put it off once at most; nobody did so after it.
    put_off = len(await reviews.said(ReviewPostponed))
    assert held
    assert review["state"] == "held"
    assert put_off == review["postponements"] <= 1
    codes = {each.json()["code"] for each in found if each.status_code == 409}
    assert codes <= {"review-not-standing", "postponement-needs-approval"}
    assert len(await reviews.said(ReviewHeld)) == 1


async def test_meeting_is_held_once_and_not_called_off_afterwards(reviews: Served) -> None:
    meeting_id = await a_called_conference(reviews)
    reviews.clock.forward(days=11)
    path = f"/meetings/{meeting_id}"
    found = await all_at_once(
        *(reviews.post(RENA, f"{path}/minutes", some_minutes(reviews)) for _ in range(3)),
        *(reviews.post(CORA, f"{path}/cancellation", {"reason": "other"}) for _ in range(3)),
    )
    assert found == {200: 1, 409: 5}
    assert len(await reviews.said(MeetingHeld)) <= 1
    open_duties = await reviews.rows(
        "SELECT id FROM deadlines WHERE state = 'open' AND step = 'meeting'"
    )
    assert open_duties == []


async def test_report_and_decision_are_settled_once(reviews: Served) -> None:
    review_id = await a_convened_review(reviews)
    await reviews.hear(*more_people(), *helping())
    asked = await reviews.post(RENA, f"/reviews/{review_id}/report-requests", {})
    [report] = [each["report_id"] for each in asked.json()["items"] if each["staff_id"] is None]
    path = f"/reviews/{review_id}/reports/{report}"
    found = await all_at_once(
        *(reviews.post(PAULA, path, {"text": str(n)}) for n in range(AT_ONCE))
    )
    assert found == {200: 1, 409: AT_ONCE - 1}
    assert len(await reviews.said(ReportReceived)) == 1
    named = {"text": "x", "owner": "provider", "owner_id": "paula", "due": "2027-07-01"}
    body = an_outcome(reviews, decisions=[named])
    held = await reviews.post(RENA, f"/reviews/{review_id}/outcome", body)
    [decision] = held.json()["review"]["decisions"]
    path = f"/decisions/{decision['decision_id']}/carried-out"
    found = await all_at_once(
        *(reviews.post(who, path, {}) for who in (PAULA, RENA) for _ in range(3))
    )
    assert found == {200: 1, 409: 5}
    assert len(await reviews.said(DecisionCarriedOut)) == 1
    set_once = [each for each in await reviews.said(DeadlineSet) if each["step"] == "decision"]
    met = [each for each in await reviews.said(DeadlineMet) if each["step"] == "decision"]
    assert len(set_once) == len(met) == 1
