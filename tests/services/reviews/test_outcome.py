"""What a review comes to: by its chair, with owners and dates; then the next one is owed."""

from typing import Any

import pytest

from contracts.events.deadlines import DeadlineMet
from contracts.events.reviews import ReviewHeld, ReviewScheduled
from tests.services.reviews.conftest import (
    CARL,
    CASE,
    CORA,
    MONA,
    NOTHING,
    OPAL,
    RAVI,
    RENA,
    SAMI,
    a_convened_review,
    an_outcome,
    closed,
)
from tests.services.served import Served


async def test_an_outcome_meets_the_deadline_and_owes_the_next_review(reviews: Served) -> None:
    review_id = await a_convened_review(reviews)
    reviews.clock.forward(days=7)
    answer = await reviews.post(RENA, f"/reviews/{review_id}/outcome", an_outcome(reviews))
    assert answer.status_code == 200, answer.text
    held = answer.json()["review"]
    assert (held["state"], held["minutes"]) == ("held", "Noor said she sleeps again.")
    [event] = await reviews.said(ReviewHeld)
    assert (event["outcome"], event["child_took_part"]) == ("adjust", True)
    [met] = await reviews.said(DeadlineMet)
    assert met["late"] is False
    following = answer.json()["next_review"]
    assert (following["number"], following["state"]) == (2, "scheduled")
    # Held on 25 May at nine in Berlin: three calendar months on.
    assert following["due_at"] == "2027-08-25T08:00:00Z"


async def test_once_closure_begins_no_further_review_is_owed(reviews: Served) -> None:
    review_id = await a_convened_review(reviews)
    body = an_outcome(reviews, outcome="begin-closure", decisions=[])
    answer = await reviews.post(RENA, f"/reviews/{review_id}/outcome", body)
    assert answer.json()["next_review"] is None
    assert len(await reviews.said(ReviewScheduled)) == 1


LACKING: list[tuple[dict[str, Any], int, str, str]] = [
    ({"held_at": "2027-12-01T09:00:00Z"}, 422, "held-in-future", "held_at"),
    ({"child_took_part": False}, 422, "child-absence-unexplained", "why_not"),
    ({"decisions": []}, 422, "decisions-missing", "decisions"),
    ({"outcome": "celebrate"}, 422, "malformed", "outcome"),
    ({"minutes": "  "}, 422, "malformed", "minutes"),
    ({"mood": "good"}, 422, "malformed", "mood"),
    (
        {"decisions": [{"text": "x", "owner": "caseworker", "due": "2027-01-01"}]},
        422,
        "decision-due-passed",
        "decisions.0.due",
    ),
    (
        {"decisions": [{"text": "x", "owner": "teacher", "due": "2027-07-01"}]},
        422,
        "malformed",
        "decisions.0.owner",
    ),
]


async def test_an_outcome_that_lacks_something_changes_nothing(reviews: Served) -> None:
    review_id = await a_convened_review(reviews)
    for changes, status, code, field in LACKING:
        answer = await reviews.post(
            RENA, f"/reviews/{review_id}/outcome", an_outcome(reviews, **changes)
        )
        problem = answer.json()
        assert (answer.status_code, problem["code"]) == (status, code)
        assert problem["errors"][0]["field"] == field
    assert await reviews.said(ReviewHeld) == []


async def test_an_outcome_is_recorded_once(reviews: Served) -> None:
    review_id = await a_convened_review(reviews)
    path, body = f"/reviews/{review_id}/outcome", an_outcome(reviews)
    first = await reviews.post(RENA, path, body, **{"Idempotency-Key": "one"})
    again = await reviews.post(RENA, path, body, **{"Idempotency-Key": "one"})
    assert (first.status_code, again.json()) == (200, first.json())
    second = await reviews.post(RENA, path, body)
    assert (second.status_code, second.json()["code"]) == (409, "review-not-standing")
    assert len(await reviews.said(ReviewHeld)) == 1


async def test_only_its_own_chair_records_the_outcome(reviews: Served) -> None:
    review_id = await a_convened_review(reviews)
    for other in (SAMI, CORA, RAVI, OPAL):
        answer = await reviews.post(other, f"/reviews/{review_id}/outcome", an_outcome(reviews))
        assert answer.status_code == 404


async def test_a_review_of_a_closed_case_takes_no_outcome(reviews: Served) -> None:
    review_id = await a_convened_review(reviews)
    await reviews.hear(closed(reviews.clock.at))
    answer = await reviews.post(RENA, f"/reviews/{review_id}/outcome", an_outcome(reviews))
    assert (answer.status_code, answer.json()["code"]) == (409, "review-not-standing")


SIGHT = [  # who, sees dates, decisions, minutes
    (RENA, True, True, True),  # chairs it
    (CORA, True, True, True),  # works on the case
    (SAMI, True, True, True),  # supervises it
    (MONA, True, True, True),  # manages the agency
    (CARL, True, True, False),  # same team: the plan, not the assessment
    (OPAL, True, False, False),  # operations: the duty only
]


async def test_each_sees_what_is_theirs_to_see(reviews: Served) -> None:
    review_id = await a_convened_review(reviews)
    await reviews.post(RENA, f"/reviews/{review_id}/outcome", an_outcome(reviews))
    for who, sees_dates, sees_decisions, sees_minutes in SIGHT:
        view = (await reviews.get(who, f"/reviews/{review_id}")).json()
        assert (view["due_at"] is not None) is sees_dates
        assert (view["decisions"] is not None) is sees_decisions
        assert (view["minutes"] is not None) is sees_minutes
        listed = (await reviews.get(who, f"/reviews?case_ref={CASE}")).json()["items"]
        assert listed[0] == view


async def test_a_stranger_learns_nothing_and_the_attempt_is_on_the_record(
    reviews: Served,
) -> None:
    review_id = await a_convened_review(reviews)
    for path in (f"/reviews/{review_id}", f"/reviews?case_ref={CASE}"):
        assert (await reviews.get(RAVI, path)).status_code == 404
    refused = await reviews.rows(
        "SELECT staff_id FROM audit WHERE action = 'review.read' AND outcome = 'hidden'"
    )
    assert [row["staff_id"] for row in refused] == ["ravi", "ravi"]


async def test_the_list_without_a_case_is_what_lies_ahead_of_oneself(reviews: Served) -> None:
    review_id = await a_convened_review(reviews)
    for who in (RENA, CORA, SAMI):
        [found] = (await reviews.get(who, "/reviews")).json()["items"]
        assert found["review_id"] == review_id
    assert (await reviews.get(RAVI, "/reviews")).json() == NOTHING


async def test_the_supervisor_takes_up_the_deadline(reviews: Served) -> None:
    await a_convened_review(reviews)
    [row] = await reviews.rows("SELECT id FROM deadlines")
    path = f"/deadlines/{row['id']}/acknowledgement"
    assert (await reviews.post(RAVI, path)).status_code == 404
    first = await reviews.post(SAMI, path)
    assert first.json()["acknowledged_by"] == "sami"
    assert (await reviews.post(MONA, path)).json() == first.json()


async def test_no_word_of_the_meeting_is_stored_or_said_in_the_clear(
    reviews: Served, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    review_id = await a_convened_review(reviews)
    body = an_outcome(reviews, child_took_part=False, why_not="SEEDED-WHY", minutes="SEEDED-MIN")
    body["decisions"][0]["text"] = "SEEDED-DECISION"
    answer = await reviews.post(RENA, f"/reviews/{review_id}/outcome", body)
    assert answer.text.count("SEEDED-") == 3
    tables = await reviews.rows(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = 'reviews'"
    )
    for table in tables:
        rows = await reviews.rows(f"SELECT * FROM {table['table_name']}")
        assert b"SEEDED" not in repr(rows).encode()
    printed = capsys.readouterr()
    assert "SEEDED" not in caplog.text + printed.out + printed.err
