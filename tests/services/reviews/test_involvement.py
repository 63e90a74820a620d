"""Whoever takes part in the work chairs nothing: checked when chosen, and again when the outcome is recorded."""

import pytest
from sqlalchemy import text

from contracts.events import Event
from contracts.events.cases import (
    CaseAssigned,
    CaseReopened,
    ClosureRequested,
    OpenQuestionAsked,
    TransferAccepted,
    TransferRequested,
)
from contracts.events.referrals import ReferralCancelled, ReferralEnteredInError, ReferralRejected
from contracts.events.reviews import ReviewConvened, ReviewScheduled
from domain.vocabulary import Ground, RejectionReason, Risk, Role
from infrastructure.ids import new_id
from tests.services.reviews.conftest import (
    CASE,
    CORA,
    HARBOUR,
    NORTH,
    REFERRAL,
    RENA,
    SAMI,
    a_convened_review,
    a_scheduled_review,
    an_outcome,
    asked_to_help,
    closed,
    convening_due,
    more_people,
    people,
    plan_agreed,
    registered,
    staff,
)
from tests.services.served import DAY_0, Served

_TRANSFER = {
    "case_ref": CASE, "at": DAY_0, "transfer_id": new_id(), "from_agency_id": NORTH,
    "to_agency_id": "agency-south",
}  # fmt: skip
# What Rena has done, as other services say it.
HANDS: list[Event] = [
    ClosureRequested(
        case_ref=CASE, at=DAY_0, closure_id=new_id(), ground=Ground.REFUSES, requested_by="rena",
        approver_id="sami",
    ),
    OpenQuestionAsked(case_ref=CASE, at=DAY_0, question_id=new_id(), responsible_id="rena"),
    TransferRequested(
        **_TRANSFER, requested_by="rena", to_team_id=None, reason="moved", basis="consent"
    ),
    TransferAccepted(**_TRANSFER, requested_by="x", accepted_by="rena", policy="default@1"),
    asked_to_help(by="rena"),
    asked_to_help(agency="rena-works-here"),
]  # fmt: skip


@pytest.mark.parametrize("done", HANDS, ids=[*"abcdef"])
async def test_chair_who_takes_part_is_replaced_and_records_nothing(
    reviews: Served, done: Event
) -> None:
    review_id = await a_convened_review(reviews)
    if done is HANDS[-1]:
        await reviews.hear(staff("rena", Role.REVIEW_CHAIR, agency="rena-works-here"))
    await reviews.hear(done)
    chairs = [each["chair_id"] for each in await reviews.said(ReviewConvened)]
    assert chairs == ["rena", "ravi"]
    answer = await reviews.post(RENA, f"/reviews/{review_id}/outcome", an_outcome(reviews))
    assert answer.status_code == 404
    body = {"chair_id": "rena"}
    refused = await reviews.post(SAMI, f"/reviews/{review_id}/meeting", body)
    assert (refused.status_code, refused.json()["code"]) == (409, "chair-not-independent")


async def test_chair_is_checked_again_when_the_outcome_is_recorded(reviews: Served) -> None:
    review_id = await a_convened_review(reviews)
    # What the consumers would replace her for, had they heard of it.
    await _have_a_hand(reviews, "rena")
    answer = await reviews.post(RENA, f"/reviews/{review_id}/outcome", an_outcome(reviews))
    assert (answer.status_code, answer.json()["code"]) == (409, "chair-not-independent")
    assert "planned or recorded" in answer.json()["detail"]


async def _have_a_hand(reviews: Served, staff_id: str) -> None:
    async with reviews.db.engine.begin() as connection:
        await connection.execute(
            text("INSERT INTO case_hands (case_ref, staff_id) VALUES (:case, :staff)"),
            {"case": CASE, "staff": staff_id},
        )


async def test_earlier_caseworker_stays_somebody_who_took_part(reviews: Served) -> None:
    review_id = await a_scheduled_review(reviews)
    away = {"caseworker_id": "rena", "supervisor_id": "sami"}
    back = {"caseworker_id": "cora", "supervisor_id": "sami"}
    for owners in (away, back):
        await reviews.hear(
            CaseAssigned(case_ref=CASE, at=DAY_0, agency_id=NORTH, team_id="team-a", **owners)
        )
    await reviews.hear(convening_due(review_id))
    [convened] = await reviews.said(ReviewConvened)
    assert convened["chair_id"] == "ravi"


async def test_whoever_plans_with_the_family_chairs_no_review_of_the_plan(reviews: Served) -> None:
    await a_convened_review(reviews)
    body = {
        "case_ref": CASE, "kind": "planning", "purpose": "x", "participants": ["rena"],
        "meeting_at": "2027-06-01T08:00:00Z",
    }  # fmt: skip
    answer = await reviews.post(CORA, "/meetings", body)
    assert answer.status_code == 201, answer.text
    assert [each["chair_id"] for each in await reviews.said(ReviewConvened)] == ["rena", "ravi"]


@pytest.mark.parametrize(
    ("then", "chair"),
    [
        ([], "ravi"),  # asked: takes part
        ([ReferralRejected], "hugo"),  # never took part
        ([ReferralCancelled], "hugo"),
        ([ReferralEnteredInError], "hugo"),
    ],
)
async def test_agency_that_is_asked_to_help_lends_no_chair(
    reviews: Served, then: list[type[Event]], chair: str
) -> None:
    only = [staff("rena", Role.PROVIDER), staff("nora", Role.PROVIDER)]
    other = staff("ravi", Role.REVIEW_CHAIR, agency="zebra")
    await reviews.hear(*people(), *more_people(), *only, other, registered(), plan_agreed())
    extra = {ReferralRejected: {"attempt": 1, "reason": RejectionReason.NO_CAPACITY}}
    extra[ReferralCancelled] = {"reason": "other"}
    await reviews.hear(asked_to_help(HARBOUR))
    for kind in then:
        known = {"case_ref": CASE, "at": DAY_0, "referral_id": REFERRAL}
        await reviews.hear(kind(**known, **extra.get(kind, {})))
    [row] = await reviews.rows("SELECT id FROM reviews")
    await reviews.hear(convening_due(row["id"]))
    [convened] = await reviews.said(ReviewConvened)
    assert convened["chair_id"] == chair


async def test_reviews_are_frequent_at_first_and_again_after_reopening(reviews: Served) -> None:
    policy = "humanitarian@1"
    await reviews.hear(*people(), registered(policy=policy), plan_agreed(policy=policy))
    for _ in range(2):
        row = (await reviews.rows("SELECT id FROM reviews ORDER BY number DESC"))[0]
        reviews.clock.forward(days=8)
        await reviews.hear(convening_due(row["id"], at=reviews.clock.at))
        body = an_outcome(reviews, attendance=["rena", "cora"])
        answer = await reviews.post(RENA, f"/reviews/{row['id']}/outcome", body)
        assert answer.status_code == 200, answer.text
    await reviews.hear(closed(reviews.clock.at))
    reopened = CaseReopened(
        case_ref=CASE, at=reviews.clock.at, agency_id=NORTH, risk=Risk.HIGH, policy=policy, times=1
    )
    again = plan_agreed(2, policy=policy, at=reviews.clock.at)
    await reviews.hear(reopened, again)
    said = await reviews.said(ReviewScheduled)
    # Two weeks from 1 March; three from the 9th; a month from the 17th; two weeks anew.
    assert [each["due_at"][:10] for each in said] == [
        "2027-03-15", "2027-03-30", "2027-04-17", "2027-03-31",
    ]  # fmt: skip


async def test_practice_that_asks_who_was_there_refuses_an_outcome_that_does_not_say(
    reviews: Served,
) -> None:
    policy = "humanitarian@1"
    await reviews.hear(*people(), registered(policy=policy), plan_agreed(policy=policy))
    [row] = await reviews.rows("SELECT id FROM reviews")
    reviews.clock.forward(days=8)
    await reviews.hear(convening_due(row["id"]))
    path = f"/reviews/{row['id']}/outcome"
    unsaid = await reviews.post(RENA, path, an_outcome(reviews))
    assert (unsaid.status_code, unsaid.json()["code"]) == (422, "attendance-missing")
    alone = await reviews.post(RENA, path, an_outcome(reviews, attendance=["rena"]))
    assert (alone.status_code, alone.json()["code"]) == (409, "quorum-not-met")
    contradicts = an_outcome(
        reviews, attendance=["rena", "sami"], child_participation="chose-not-to"
    )
    answer = await reviews.post(RENA, path, contradicts)
    assert (answer.status_code, answer.json()["code"]) == (422, "participation-contradicts")
    whole = an_outcome(reviews, attendance=["rena", "sami"], child_participation="in-person")
    answer = await reviews.post(RENA, path, whole)
    assert answer.json()["review"]["attendance"] == ["rena", "sami"]
    assert answer.json()["review"]["child_participation"] == "in-person"
