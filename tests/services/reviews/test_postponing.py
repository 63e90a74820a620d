"""Reviews put off: with a reason, twice at most, the due date stays; who is overdue is listed."""

from typing import Any

from contracts.events.reviews import ReviewConvened, ReviewPostponed
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
    a_scheduled_review,
    an_outcome,
)
from tests.services.served import Served


def until(day: str, **changes: Any) -> dict[str, Any]:
    body = {"reason": "child-asks", "meeting_at": f"2027-06-{day}T08:00:00Z"}
    return body | {"note": "She has exams."} | changes


async def test_chair_puts_it_off_once_then_supervisor_then_nobody(reviews: Served) -> None:
    review_id = await a_convened_review(reviews)
    path = f"/reviews/{review_id}/postponement"
    first = await reviews.post(RENA, path, until("03"))
    assert (first.status_code, first.json()["postponements"]) == (200, 1), first.text
    assert (first.json()["due_at"], first.json()["meeting_at"]) == (
        "2027-06-01T07:00:00Z", "2027-06-03T08:00:00Z",
    )  # fmt: skip
    refused = await reviews.post(RENA, path, until("10"))
    assert (refused.status_code, refused.json()["code"]) == (409, "postponement-needs-approval")
    assert (await reviews.post(SAMI, path, until("10"))).status_code == 200
    third = await reviews.post(MONA, path, until("17"))
    assert (third.status_code, third.json()["code"]) == (409, "postponements-exhausted")
    said = await reviews.said(ReviewPostponed)
    assert [(each["times"], each["reason"]) for each in said] == [
        (1, "child-asks"), (2, "child-asks"),
    ]  # fmt: skip
    # All are invited anew each time.
    assert len(await reviews.said(ReviewConvened)) == 3
    [duty] = await reviews.rows("SELECT due_at FROM deadlines WHERE state = 'open'")
    assert duty["due_at"].isoformat() == "2027-06-01T07:00:00+00:00"


async def test_whoever_put_it_off_does_not_do_so_again(reviews: Served) -> None:
    review_id = await a_convened_review(reviews)
    path = f"/reviews/{review_id}/postponement"
    assert (await reviews.post(SAMI, path, until("03"))).status_code == 200
    again = await reviews.post(SAMI, path, until("10"))
    assert (again.status_code, again.json()["code"]) == (409, "postponement-needs-approval")
    assert (await reviews.post(MONA, path, until("10"))).status_code == 200


async def test_it_needs_a_reason_and_a_later_date(reviews: Served) -> None:
    review_id = await a_convened_review(reviews)
    path = f"/reviews/{review_id}/postponement"
    for changes, code in (
        ({"reason": "no-mood"}, "malformed"),
        ({"meeting_at": "2027-05-20T08:00:00Z"}, "not-later"),
        ({"meeting_at": "2027-05-01T08:00:00Z"}, "meeting-in-past"),
    ):
        answer = await reviews.post(RENA, path, until("03", **changes))
        assert (answer.status_code, answer.json()["code"]) == (422, code)
    for who in (CORA, CARL, RAVI, OPAL):
        assert (await reviews.post(who, path, until("03"))).status_code == 404


async def test_plain_change_does_not_carry_it_past_its_due_date(reviews: Served) -> None:
    review_id = await a_convened_review(reviews)
    change = {"meeting_at": "2027-06-03T08:00:00Z"}
    refused = await reviews.post(SAMI, f"/reviews/{review_id}/meeting", change)
    assert (refused.status_code, refused.json()["code"]) == (409, "postponement-needs-reason")


async def test_what_has_no_meeting_cannot_be_put_off(reviews: Served) -> None:
    review_id = await a_scheduled_review(reviews)
    refused = await reviews.post(SAMI, f"/reviews/{review_id}/postponement", until("20"))
    assert (refused.status_code, refused.json()["code"]) == (409, "review-not-convened")


async def test_reasons_stay_on_the_record(reviews: Served) -> None:
    review_id = await a_convened_review(reviews)
    await reviews.post(RENA, f"/reviews/{review_id}/postponement", until("03"))
    path = f"/reviews/{review_id}/postponements"
    for who, note in ((RENA, "She has exams."), (SAMI, "She has exams."), (CARL, None)):
        [once] = (await reviews.get(who, path)).json()["items"]
        assert (once["reason"], once["postponed_by"], once["note"]) == ("child-asks", "rena", note)
    assert (await reviews.get(OPAL, path)).status_code == 404
    [stored] = await reviews.rows("SELECT note FROM review_postponements")
    assert b"exams" not in bytes(stored["note"])


async def test_chairs_supervisors_and_managers_list_what_is_overdue_and_put_off(
    reviews: Served,
) -> None:
    review_id = await a_convened_review(reviews)
    for name in ("overdue", "postponed"):
        assert (await reviews.get(SAMI, f"/reviews?{name}=true")).json() == NOTHING
    await reviews.post(RENA, f"/reviews/{review_id}/postponement", until("03"))
    reviews.clock.forward(days=30)
    for who in (RENA, SAMI, CORA, MONA):
        for name in ("overdue", "postponed"):
            [found] = (await reviews.get(who, f"/reviews?{name}=true")).json()["items"]
            assert found["review_id"] == review_id
    assert (await reviews.get(RAVI, "/reviews?overdue=true")).json() == NOTHING
    for query, count in (("overdue=true", 1), ("postponed=true", 1), ("overdue=false", 1)):
        listed = await reviews.get(SAMI, f"/reviews?case_ref={CASE}&{query}")
        assert len(listed.json()["items"]) == count
    assert (await reviews.get(MONA, "/reviews")).json() == NOTHING
    await reviews.post(RENA, f"/reviews/{review_id}/outcome", an_outcome(reviews))
    assert (await reviews.get(SAMI, "/reviews?overdue=true")).json() == NOTHING
    of_case = await reviews.get(SAMI, f"/reviews?case_ref={CASE}&overdue=true")
    assert of_case.json() == NOTHING
