"""A case that another agency takes over: its review goes with it."""

from contracts.events.cases import CaseAssigned, CaseRepinned
from contracts.events.reviews import ReviewConvened
from domain.vocabulary import Role
from tests.services.reviews.conftest import (
    CASE,
    SAMI,
    a_convened_review,
    a_scheduled_review,
)
from tests.services.served import DAY_0, Served, a_token

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
