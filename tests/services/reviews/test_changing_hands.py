"""A case that changes hands within its agency: what somebody else owes by name stays hers."""

from contracts.events.cases import CaseAssigned
from domain.vocabulary import Role
from tests.services.reviews.conftest import (
    CARL,
    CASE,
    NORTH,
    RENA,
    a_convened_review,
    an_outcome,
    helping,
    more_people,
    staff,
)
from tests.services.served import DAY_0, Served


async def test_decision_on_a_colleague_stays_hers_when_the_case_changes_hands(
    reviews: Served,
) -> None:
    review_id = await a_convened_review(reviews)
    await reviews.hear(*more_people(), *helping(), staff("carl", Role.CASEWORKER))
    decisions = [
        {"text": "a", "owner": "caseworker", "owner_id": "cora", "due": "2027-07-01"},
        {"text": "b", "owner": "caseworker", "owner_id": "carl", "due": "2027-07-01"},
    ]
    held = await reviews.post(
        RENA, f"/reviews/{review_id}/outcome", an_outcome(reviews, decisions=decisions)
    )
    ours, carls = (each["decision_id"] for each in held.json()["review"]["decisions"])
    people = {"caseworker_id": "cleo", "supervisor_id": "sami"}
    moved = CaseAssigned(case_ref=CASE, at=DAY_0, agency_id=NORTH, team_id="team-a", **people)
    await reviews.hear(moved, moved)
    rows = await reviews.rows("SELECT subject_id, person_id FROM deadlines WHERE state = 'open'")
    owed = {row["subject_id"]: row["person_id"] for row in rows}
    assert (owed[ours], owed[carls]) == ("cleo", "carl")
    assert (await reviews.post(CARL, f"/decisions/{carls}/carried-out", {})).status_code == 200


async def test_report_that_a_colleague_was_asked_for_stays_hers(reviews: Served) -> None:
    review_id = await a_convened_review(reviews)
    await reviews.hear(*more_people(), *helping(), staff("carl", Role.CASEWORKER))
    body = {"agencies": [{"agency_id": NORTH, "staff_id": "carl"}]}
    asked = await reviews.post(RENA, f"/reviews/{review_id}/report-requests", body)
    assert asked.status_code == 201, asked.text
    people = {"caseworker_id": "cleo", "supervisor_id": "sami"}
    moved = CaseAssigned(case_ref=CASE, at=DAY_0, agency_id=NORTH, team_id="team-a", **people)
    await reviews.hear(moved, moved)
    [report] = await reviews.rows("SELECT id, staff_id FROM reports")
    [owed] = await reviews.rows("SELECT person_id FROM deadlines WHERE step = 'review-report'")
    assert (report["staff_id"], owed["person_id"]) == ("carl", "carl")
    path = f"/reviews/{review_id}/reports/{report['id']}"
    assert (await reviews.post(CARL, path, {"text": "All is well"})).status_code == 200
