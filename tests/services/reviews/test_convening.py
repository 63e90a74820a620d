"""The chair is chosen fairly, never from the case's own team; the meeting can be changed, by the same rule."""

from contracts.events.cases import CaseAssigned
from contracts.events.reviews import ReviewChairMissing, ReviewConvened
from domain.vocabulary import Role
from infrastructure.ids import new_id
from tests.services.reviews.conftest import (
    CARL,
    CASE,
    CORA,
    NORTH,
    RAVI,
    RENA,
    SAMI,
    a_convened_review,
    a_scheduled_review,
    an_outcome,
    convening_due,
    plan_agreed,
    registered,
    staff,
)
from tests.services.served import DAY_0, Served


async def test_an_independent_chair_is_chosen_and_the_cases_people_invited(
    reviews: Served,
) -> None:
    review_id = await a_convened_review(reviews)
    [convened] = await reviews.said(ReviewConvened)
    assert (convened["review_id"], convened["chair_id"]) == (review_id, "rena")
    assert convened["participants"] == ["cora", "sami"]
    # Due on 1 June at nine in Berlin: the last ten o'clock of a working day that is a week before.
    assert convened["meeting_at"] == "2027-05-24T08:00:00Z"


async def test_convening_twice_invites_once(reviews: Served) -> None:
    review_id = await a_convened_review(reviews)
    await reviews.hear(convening_due(review_id))
    assert len(await reviews.said(ReviewConvened)) == 1


async def test_without_anybody_to_chair_it_says_so_until_somebody_comes(reviews: Served) -> None:
    await reviews.hear(staff("nora", Role.REVIEW_CHAIR, team="team-a"), registered(), plan_agreed())
    [row] = await reviews.rows("SELECT id FROM reviews")
    await reviews.hear(convening_due(row["id"]), convening_due(row["id"]))
    assert len(await reviews.said(ReviewChairMissing)) == 1
    await reviews.hear(staff("rena", Role.REVIEW_CHAIR, team="team-b"))
    [convened] = await reviews.said(ReviewConvened)
    assert convened["chair_id"] == "rena"


async def test_whoever_leaves_is_not_chosen_any_more(reviews: Served) -> None:
    review_id = await a_scheduled_review(reviews)
    left = staff("rena", Role.REVIEW_CHAIR, team="team-b", active=False)
    # Another agency's word that she left is not ours, and an old word is no news.
    elsewhere = staff("ravi", Role.REVIEW_CHAIR, agency=NORTH, active=False)
    await reviews.hear(left, elsewhere, convening_due(review_id))
    [convened] = await reviews.said(ReviewConvened)
    assert convened["chair_id"] == "ravi"


async def test_a_chair_who_joins_the_cases_team_is_replaced(reviews: Served) -> None:
    review_id = await a_convened_review(reviews)
    await reviews.hear(staff("rena", Role.REVIEW_CHAIR, team="team-a"))
    assert [each["chair_id"] for each in await reviews.said(ReviewConvened)] == ["rena", "ravi"]
    outcome = await reviews.post(RENA, f"/reviews/{review_id}/outcome", an_outcome(reviews))
    assert outcome.status_code == 404


async def test_a_case_that_moves_to_its_chairs_team_gets_another(reviews: Served) -> None:
    await a_convened_review(reviews)
    people = {"caseworker_id": "bea", "supervisor_id": "bert"}
    moved = CaseAssigned(case_ref=CASE, at=DAY_0, agency_id=NORTH, team_id="team-b", **people)
    await reviews.hear(moved)
    latest = (await reviews.said(ReviewConvened))[-1]
    # Nora's team has nothing to do with the case any more, and she is of the same agency.
    assert (latest["chair_id"], latest["participants"]) == ("nora", ["bea", "bert"])


async def test_the_supervisor_moves_the_meeting_and_all_are_invited_anew(reviews: Served) -> None:
    review_id = await a_convened_review(reviews)
    change = {"meeting_at": "2027-05-27T09:00:00Z", "participants": ["cora", "sami", "ravi"]}
    answer = await reviews.post(SAMI, f"/reviews/{review_id}/meeting", change)
    assert answer.status_code == 200, answer.text
    view = answer.json()
    assert (view["meeting_at"], view["chair_id"]) == ("2027-05-27T09:00:00Z", "rena")
    latest = (await reviews.said(ReviewConvened))[-1]
    assert latest["participants"] == ["cora", "sami", "ravi"]
    set_by = await reviews.rows("SELECT set_by FROM review_meetings ORDER BY place")
    assert [row["set_by"] for row in set_by] == ["system-reviews", "sami"]


async def test_a_chair_of_the_cases_own_team_is_refused(reviews: Served) -> None:
    review_id = await a_convened_review(reviews)
    for chair in ("nora", "cora", "nobody-known"):
        answer = await reviews.post(SAMI, f"/reviews/{review_id}/meeting", {"chair_id": chair})
        assert (answer.status_code, answer.json()["code"]) == (409, "chair-not-independent")
    answer = await reviews.post(SAMI, f"/reviews/{review_id}/meeting", {"chair_id": "ravi"})
    assert answer.json()["chair_id"] == "ravi"


async def test_a_meeting_lies_ahead_with_people_who_are_known(reviews: Served) -> None:
    review_id = await a_convened_review(reviews)
    path = f"/reviews/{review_id}/meeting"
    past = await reviews.post(SAMI, path, {"meeting_at": DAY_0.isoformat()})
    assert (past.status_code, past.json()["code"]) == (422, "meeting-in-past")
    unknown = await reviews.post(SAMI, path, {"participants": ["somebody"]})
    assert unknown.json()["errors"][0]["field"] == "participants"
    field = await reviews.post(SAMI, path, {"place": "room 3"})
    assert field.json()["errors"][0]["field"] == "place"
    naive = await reviews.post(SAMI, path, {"meeting_at": "2027-05-27T09:00:00"})
    assert naive.status_code == 422


async def test_without_a_chair_a_meeting_needs_one(reviews: Served) -> None:
    review_id = await a_scheduled_review(reviews)
    path = f"/reviews/{review_id}/meeting"
    refused = await reviews.post(SAMI, path, {})
    assert (refused.status_code, refused.json()["code"]) == (409, "review-not-convened")
    early = await reviews.post(SAMI, path, {"chair_id": "rena"})
    assert (early.json()["state"], early.json()["participants"]) == ("convened", ["cora", "sami"])


async def test_others_cannot_change_the_meeting_nor_learn_that_there_is_one(
    reviews: Served,
) -> None:
    review_id = await a_convened_review(reviews)
    missing = await reviews.post(SAMI, f"/reviews/{new_id()}/meeting", {})
    for other in (CORA, CARL, RAVI):
        answer = await reviews.post(other, f"/reviews/{review_id}/meeting", {})
        assert (answer.status_code, answer.content) == (404, missing.content)
    assert (await reviews.post("", f"/reviews/{review_id}/meeting", {})).status_code == 401
    assert (await reviews.post(RENA, f"/reviews/{review_id}/meeting", {})).status_code == 200
