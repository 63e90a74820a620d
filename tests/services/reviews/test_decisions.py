"""Decisions with owners and dates become duties of their own, and are carried out by whom they name."""

from typing import Any

from contracts.events.cases import CaseClosed
from contracts.events.deadlines import DeadlineMet, DeadlineSet
from contracts.events.reviews import DecisionCarriedOut, DecisionTaken
from tests.services.reviews.conftest import (
    CARL,
    CASE,
    CORA,
    HARBOUR,
    MONA,
    NORTH,
    NOTHING,
    OPAL,
    PAULA,
    PETE,
    RAVI,
    RENA,
    SAMI,
    a_convened_review,
    an_outcome,
    closed,
    convening_due,
    helping,
    more_people,
    people,
    plan_agreed,
    registered,
)
from tests.services.served import Served

LIFT = {"text": "A lift to school", "owner": "provider", "owner_id": "paula", "due": "2027-07-01"}
TUTOR = {"text": "Ask for a tutor", "owner": "caseworker", "due": "2027-07-02"}


async def decided(reviews: Served, *decisions: dict[str, Any]) -> list[dict[str, Any]]:
    review_id = await a_convened_review(reviews)
    await reviews.hear(*more_people(), *helping())
    body = an_outcome(reviews, decisions=list(decisions))
    answer = await reviews.post(RENA, f"/reviews/{review_id}/outcome", body)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["review"]["decisions"])


async def test_decision_that_names_a_person_is_that_persons_duty(reviews: Served) -> None:
    lift, tutor = await decided(reviews, LIFT, TUTOR)
    [taken] = await reviews.said(DecisionTaken)
    assert (taken["decision_id"], taken["owner_id"], taken["owner_agency_id"]) == (
        lift["decision_id"], "paula", HARBOUR,
    )  # fmt: skip
    [duty] = [each for each in await reviews.said(DeadlineSet) if each["step"] == "decision"]
    assert (duty["person_id"], duty["responsible"], duty["agency_id"]) == (
        "paula", "provider", HARBOUR,
    )  # fmt: skip
    # By the end of the first of July, in Berlin.
    assert (lift["due_at"], duty["due_at"]) == ("2027-07-01T21:59:00Z",) * 2
    assert tutor["due_at"] is None


async def test_decision_by_role_is_a_duty_where_the_practice_says_so(reviews: Served) -> None:
    policy = "working-days@1"
    await reviews.hear(*people(), *more_people(), registered(policy=policy))
    await reviews.hear(plan_agreed(policy=policy))
    [row] = await reviews.rows("SELECT id FROM reviews")
    reviews.clock.forward(days=78)
    await reviews.hear(convening_due(row["id"]))
    manager = {"text": "A place in the school", "owner": "manager", "due": "2027-07-03"}
    body = an_outcome(reviews, decisions=[TUTOR, manager])
    assert (await reviews.post(RENA, f"/reviews/{row['id']}/outcome", body)).status_code == 200
    duties = [each for each in await reviews.said(DeadlineSet) if each["step"] == "decision"]
    assert [(each["responsible"], each["person_id"], each["agency_id"]) for each in duties] == [
        ("caseworker", "cora", NORTH), ("manager", None, NORTH),
    ]  # fmt: skip


async def test_owner_carries_it_out_and_the_duty_is_met(reviews: Served) -> None:
    [lift] = await decided(reviews, LIFT)
    path = f"/decisions/{lift['decision_id']}/carried-out"
    for who in (PETE, CORA, SAMI, CARL, MONA, RAVI, OPAL):
        assert (await reviews.post(who, path, {})).status_code == 404
    [owed] = (await reviews.get(PAULA, "/decisions")).json()["items"]
    assert (owed["text"], owed["case_ref"]) == ("A lift to school", CASE)
    reviews.clock.forward(days=3)
    answer = await reviews.post(PAULA, path, {})
    assert (answer.status_code, answer.json()["carried_out_by"]) == (200, "paula"), answer.text
    assert len(await reviews.said(DecisionCarriedOut)) == 1
    met = (await reviews.said(DeadlineMet))[-1]
    assert (met["step"], met["late"]) == ("decision", False)
    again = await reviews.post(PAULA, path, {})
    assert (again.status_code, again.json()["code"]) == (409, "decision-carried-out-already")
    assert (await reviews.get(PAULA, "/decisions")).json() == NOTHING


async def test_chair_may_say_so_and_when(reviews: Served) -> None:
    [tutor] = await decided(reviews, TUTOR)
    path = f"/decisions/{tutor['decision_id']}/carried-out"
    early = await reviews.post(RENA, path, {"done_at": "2027-05-01T08:00:00Z"})
    future = await reviews.post(RENA, path, {"done_at": "2027-08-01T08:00:00Z"})
    assert (early.status_code, future.json()["code"]) == (422, "done-in-future")
    assert (await reviews.post(RENA, path, {})).status_code == 200
    missing = await reviews.post(RENA, path.replace(tutor["decision_id"], CASE_ID), {})
    assert missing.status_code == 404


CASE_ID = "01950000-0000-7000-8000-0000000000ff"


async def test_owner_is_somebody_at_work_in_that_role(reviews: Served) -> None:
    review_id = await a_convened_review(reviews)
    for owner_id, owner in (("nobody", "provider"), ("cora", "provider")):
        decision = LIFT | {"owner_id": owner_id, "owner": owner}
        body = an_outcome(reviews, decisions=[decision])
        answer = await reviews.post(RENA, f"/reviews/{review_id}/outcome", body)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (
            422, "decisions.0.owner_id",
        )  # fmt: skip


async def test_refused_owner_is_answered_with_colleagues_and_those_who_were_there(
    reviews: Served,
) -> None:
    review_id = await a_convened_review(reviews)
    await reviews.hear(*more_people())
    path = f"/reviews/{review_id}/outcome"
    there = ["rena", "cora", "sami"]
    decision = LIFT | {"owner_id": "cora"}
    for attendance, allowed in ((there, None), ([*there, "paula"], ["paula"])):
        body = an_outcome(reviews, decisions=[decision], attendance=attendance)
        (error,) = (await reviews.post(RENA, path, body)).json()["errors"]
        assert (error["field"], error.get("allowed")) == ("decisions.0.owner_id", allowed)
    body = an_outcome(reviews, decisions=[LIFT | {"owner_id": "cora", "owner": "supervisor"}])
    (error,) = (await reviews.post(RENA, path, body)).json()["errors"]
    assert error["allowed"] == ["sami"]


async def test_closed_case_leaves_nobody_chased(reviews: Served) -> None:
    await decided(reviews, LIFT)
    ended: CaseClosed = closed(reviews.clock.at)
    await reviews.hear(ended)
    assert await reviews.rows("SELECT id FROM deadlines WHERE state = 'open'") == []


async def test_owner_takes_up_the_deadline_and_asks_for_time(reviews: Served) -> None:
    await decided(reviews, LIFT)
    [row] = await reviews.rows("SELECT id FROM deadlines WHERE step = 'decision'")
    path = f"/deadlines/{row['id']}"
    assert (await reviews.post(PETE, f"{path}/acknowledgement")).status_code == 404
    taken = await reviews.post(PAULA, f"{path}/acknowledgement")
    assert taken.json()["acknowledged_by"] == "paula"
    request = {"why": "waiting-for-others", "reason": "x", "new_due": "2027-07-08T08:00:00Z"}
    asked = await reviews.post(PAULA, f"{path}/extension-requests", request)
    assert asked.status_code == 201, asked.text
    assert (await reviews.post(PETE, f"{path}/extension-requests", request)).status_code == 404
