"""A case that another agency takes over: its review goes with it, and all that its own people owe."""

from contracts.events.cases import CaseAssigned, CaseRepinned
from contracts.events.reviews import MeetingMoved, ReviewConvened
from domain.vocabulary import Role
from tests.services.reviews.conftest import (
    CASE,
    CORA,
    HARBOUR,
    PAULA,
    RENA,
    SAMI,
    a_convened_review,
    a_scheduled_review,
    an_outcome,
    helping,
    more_people,
)
from tests.services.served import DAY_0, Served, a_token

SARA = a_token("sara", "agency-south", Role.CASEWORKER)
SAL = a_token("sal", "agency-south", Role.SUPERVISOR)
OWNERS = {"caseworker_id": "sara", "supervisor_id": "sal"}
MOVED = CaseAssigned(case_ref=CASE, at=DAY_0, agency_id="agency-south", team_id="team-s", **OWNERS)


async def test_the_review_is_owed_by_the_new_supervisor_at_the_same_date(reviews: Served) -> None:
    review_id = await a_scheduled_review(reviews)
    (before,) = await reviews.rows("SELECT * FROM deadlines WHERE state = 'open'")
    await reviews.hear(MOVED, MOVED)
    (after,) = await reviews.rows("SELECT * FROM deadlines WHERE state = 'open'")
    assert (before["agency_id"], before["person_id"]) == ("agency-north", "sami")
    assert (after["agency_id"], after["person_id"]) == ("agency-south", "sal")
    assert (after["id"], after["due_at"]) == (before["id"], before["due_at"])
    assert (await reviews.get(SAL, f"/reviews/{review_id}")).status_code == 200
    assert (await reviews.get(SAMI, f"/reviews/{review_id}")).status_code == 404


async def test_an_independent_chair_stays_and_the_new_owners_are_invited(reviews: Served) -> None:
    await a_convened_review(reviews)
    await reviews.hear(MOVED, MOVED)
    first, second = await reviews.said(ReviewConvened)
    assert (first["chair_id"], first["participants"]) == ("rena", ["cora", "sami"])
    assert second["chair_id"] in ("rena", "nora", "ravi")
    assert second["participants"] == ["sara", "sal"]
    assert second["meeting_at"] == first["meeting_at"]


async def test_a_review_that_stands_keeps_its_date_when_the_case_is_repinned(
    reviews: Served,
) -> None:
    await a_scheduled_review(reviews)
    before = await reviews.rows("SELECT id, due_at FROM deadlines")
    said = CaseRepinned(case_ref=CASE, at=DAY_0, before="default@1", policy="strict@1", moved=2)
    await reviews.hear(said)
    assert await reviews.rows("SELECT id, due_at FROM deadlines") == before
    assert await reviews.rows("SELECT policy FROM cases_known") == [{"policy": "strict@1"}]


async def test_decisions_reports_and_meetings_go_with_the_case_and_others_stay(
    reviews: Served,
) -> None:
    review_id = await a_convened_review(reviews)
    await reviews.hear(*more_people(), *helping())
    decisions = [
        {"text": "a", "owner": "caseworker", "owner_id": "cora", "due": "2027-07-01"},
        {"text": "b", "owner": "manager", "owner_id": "mona", "due": "2027-07-01"},
        {"text": "c", "owner": "provider", "owner_id": "paula", "due": "2027-07-01"},
    ]
    held = await reviews.post(
        RENA, f"/reviews/{review_id}/outcome", an_outcome(reviews, decisions=decisions)
    )
    ours, managers, theirs = (each["decision_id"] for each in held.json()["review"]["decisions"])
    meeting = {
        "case_ref": CASE, "kind": "planning", "purpose": "x", "participants": ["cora", "paula"],
        "meeting_at": "2027-07-01T08:00:00Z",
    }  # fmt: skip
    called = (await reviews.post(CORA, "/meetings", meeting)).json()["meeting_id"]
    asked = await reviews.post(CORA, f"/meetings/{called}/report-requests", {})
    reports = {each["agency_id"]: each["report_id"] for each in asked.json()["items"]}
    await reviews.hear(MOVED, MOVED)
    bearers = await reviews.rows(
        "SELECT subject_id, agency_id, person_id FROM deadlines WHERE state = 'open'"
    )
    assert {
        (row["agency_id"], row["person_id"]) for row in bearers if row["subject_id"] == ours
    } == {("agency-south", "sara")}
    for decision, who, status in (
        (ours, CORA, 404), (ours, SARA, 200), (managers, SARA, 404), (theirs, PAULA, 200),
    ):  # fmt: skip
        answer = await reviews.post(who, f"/decisions/{decision}/carried-out", {})
        assert answer.status_code == status, answer.text
    [moved] = await reviews.said(MeetingMoved)
    assert (moved["chair_id"], moved["participants"]) == ("sara", ["paula", "sara", "sal"])
    for report, who, status in (
        (reports["agency-north"], CORA, 404), (reports["agency-north"], SARA, 200),
        (reports[HARBOUR], PAULA, 200),
    ):  # fmt: skip
        path = f"/meetings/{called}/reports/{report}"
        assert (await reviews.post(who, path, {"text": "x"})).status_code == status
