"""Lists of reviews, meetings, reports and decisions in pages: one order, nothing lost, nothing doubled."""

from datetime import timedelta

import pytest

from domain.reference import compose
from infrastructure import paging
from tests.services.paged import one_by_one, pages, refused_cursor
from tests.services.reviews.conftest import (
    CARL,
    CASE,
    CORA,
    PAULA,
    RAVI,
    RENA,
    SAMI,
    a_case_with_help,
    a_conference,
    a_scheduled_review,
    plan_agreed,
    registered,
    some_minutes,
)
from tests.services.served import Served

CASES = [compose(lambda _, each=each: each) for each in "23456"]


async def reviews_of_many_cases(reviews: Served) -> None:
    """All due at the same instant, so that only the tie-breaker orders them."""
    await a_scheduled_review(reviews)
    for case_ref in CASES:
        await reviews.hear(registered(case_ref=case_ref), plan_agreed(case_ref=case_ref))


async def a_called_meeting(reviews: Served, days: int) -> str:
    at = (reviews.clock.at + timedelta(days=days)).isoformat()
    body = a_conference(reviews, meeting_at=at, chair_id="rena")
    called = await reviews.post(CORA, "/meetings", body)
    assert called.status_code == 201, called.text
    return f"/meetings/{called.json()['meeting_id']}"


async def test_reviews_that_are_due_at_one_instant_are_all_found_once(reviews: Served) -> None:
    await reviews_of_many_cases(reviews)
    assert set(await one_by_one(reviews, CORA, "/reviews", "case_ref")) == {CASE, *CASES}
    assert await pages(reviews, CARL, "/reviews") == [[]]
    review_id = (await reviews.get(CORA, "/reviews")).json()["items"][0]["review_id"]
    wrong = [
        paging.written([at, review_id])  # no zone; no instant; one that is none in UTC
        for at in ("2027-03-01T08:00:00", "yesterday", "0001-01-01T00:00:00+14:00")
    ]
    await refused_cursor(reviews, CORA, "/reviews", *wrong)


async def test_reviews_that_come_meanwhile_move_no_other(reviews: Served) -> None:
    await reviews_of_many_cases(reviews)
    first = (await reviews.get(CORA, "/reviews?limit=3")).json()
    reviews.clock.forward(days=-20)
    early = compose(lambda _: "9")
    at = reviews.clock.at
    await reviews.hear(registered(case_ref=early, at=at), plan_agreed(case_ref=early, at=at))
    rest = (await reviews.get(CORA, f"/reviews?cursor={first['next_cursor']}")).json()
    seen = [each["case_ref"] for each in [*first["items"], *rest["items"]]]
    assert sorted(seen) == sorted([CASE, *CASES])
    assert rest["next_cursor"] is None


async def test_a_cases_own_reviews_have_a_cursor_too(reviews: Served) -> None:
    await a_scheduled_review(reviews)
    path = f"/reviews?case_ref={CASE}"
    assert await one_by_one(reviews, SAMI, path, "number") == [1]
    assert await pages(reviews, SAMI, f"{path}&overdue=true") == [[]]
    assert (await reviews.get(RAVI, path)).status_code == 404
    await refused_cursor(reviews, CORA, path, paging.written([2**31]), paging.written(["1"]))


@pytest.mark.parametrize("path", ["/meetings", f"/meetings?case_ref={CASE}"])
async def test_meetings_come_by_their_date(reviews: Served, path: str) -> None:
    await a_case_with_help(reviews)
    for days in (12, 10, 10, 11):
        await a_called_meeting(reviews, days)
    found = [each for page in await pages(reviews, PAULA, path) for each in page]
    dates = [each["meeting_at"] for each in found]
    assert (len({each["meeting_id"] for each in found}), dates) == (4, sorted(dates))
    await one_by_one(reviews, CORA, path, "meeting_id")
    await refused_cursor(reviews, CORA, path)


async def test_what_somebody_has_to_carry_out_is_read_to_its_end(reviews: Served) -> None:
    await a_case_with_help(reviews)
    reviews.clock.forward(minutes=1)
    path = await a_called_meeting(reviews, 1)
    reviews.clock.forward(days=1, minutes=1)
    owed = [
        {"text": f"A lift {each}", "owner": "provider", "owner_id": "paula", "due": "2027-06-01"}
        for each in range(5)
    ]
    held = await reviews.post(RENA, f"{path}/minutes", some_minutes(reviews, decisions=owed))
    assert held.status_code == 200, held.text
    assert len(await one_by_one(reviews, PAULA, "/decisions", "decision_id")) == 5
    await refused_cursor(reviews, PAULA, "/decisions")


async def test_reports_asked_of_an_agency_are_read_to_their_end(reviews: Served) -> None:
    await a_case_with_help(reviews)
    for days in (10, 10, 12):
        path = await a_called_meeting(reviews, days)
        asked = await reviews.post(RENA, f"{path}/report-requests", {})
        assert asked.status_code == 201, asked.text
    assert len(await one_by_one(reviews, PAULA, "/reports", "report_id")) == 3
    await refused_cursor(reviews, PAULA, "/reports")


async def test_a_meeting_that_was_moved_meanwhile_is_not_moved_unseen(reviews: Served) -> None:
    await a_case_with_help(reviews)
    path = await a_called_meeting(reviews, 10)
    read = {"If-Match": (await reviews.get(SAMI, path)).headers["ETag"]}
    assert read == {"If-Match": (await reviews.get(CORA, path)).headers["ETag"]}
    later = (reviews.clock.at + timedelta(days=11)).isoformat()
    move = {"reason": "staff-unable", "meeting_at": later}
    moved = await reviews.post(RENA, f"{path}/change", move, **read)
    assert moved.status_code == 200, moved.text
    assert (await reviews.post(RENA, f"{path}/change", move, **read)).status_code == 412
