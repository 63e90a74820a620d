"""Invitations for calendars: reference, kind and time; each change and cancellation counts on."""

from datetime import UTC, datetime, timedelta

from icalendar import Calendar

from tests.services.reviews.conftest import (
    CARL,
    CASE,
    CORA,
    OPAL,
    PAULA,
    PETE,
    RAVI,
    RENA,
    SAMI,
    a_called_conference,
    a_convened_review,
    a_scheduled_review,
    closed,
)
from tests.services.served import Served

FIELDS = {
    "UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "SEQUENCE", "STATUS", "ORGANIZER", "ATTENDEE",
}  # fmt: skip


async def the_event(reviews: Served, who: str, path: str):
    answer = await reviews.get(who, path)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/calendar")
    file = Calendar.from_ical(answer.content)
    [event] = file.walk("VEVENT")
    assert set(event) == FIELDS
    return str(file["METHOD"]), event


async def test_review_comes_into_a_calendar_and_goes_out_of_it(reviews: Served) -> None:
    review_id = await a_convened_review(reviews)
    path = f"/reviews/{review_id}/invitation.ics"
    method, event = await the_event(reviews, CORA, path)
    assert (method, str(event["UID"]), event["SEQUENCE"]) == (
        "REQUEST", f"{review_id}@throughline", 0,
    )  # fmt: skip
    assert str(event["SUMMARY"]) == f"Review 1 · {CASE}"
    assert event["DTSTART"].dt == datetime(2027, 5, 24, 8, tzinfo=UTC)
    assert event["DTEND"].dt - event["DTSTART"].dt == timedelta(hours=2)
    assert str(event["ATTENDEE"]) == "urn:throughline:staff:cora"
    await reviews.post(
        SAMI, f"/reviews/{review_id}/meeting", {"meeting_at": "2027-05-27T09:00:00Z"}
    )
    _, moved = await the_event(reviews, RENA, path)
    assert (moved["SEQUENCE"], moved["DTSTART"].dt.day) == (1, 27)
    await reviews.hear(closed(reviews.clock.at))
    method, gone = await the_event(reviews, CORA, path)
    assert (method, gone["SEQUENCE"], str(gone["STATUS"])) == ("CANCEL", 2, "CANCELLED")


async def test_meeting_comes_into_a_calendar_and_goes_out_of_it(reviews: Served) -> None:
    meeting_id = await a_called_conference(reviews)
    path = f"/meetings/{meeting_id}/invitation.ics"
    method, event = await the_event(reviews, PAULA, path)
    assert (method, str(event["SUMMARY"])) == ("REQUEST", f"Conference · {CASE}")
    later = (reviews.clock.at + timedelta(days=12)).isoformat()
    await reviews.post(
        CORA, f"/meetings/{meeting_id}/change", {"reason": "other", "meeting_at": later}
    )
    await reviews.post(CORA, f"/meetings/{meeting_id}/cancellation", {"reason": "other"})
    method, gone = await the_event(reviews, PAULA, path)
    assert (method, gone["SEQUENCE"]) == ("CANCEL", 2)


async def test_no_word_of_the_purpose_nor_a_name_is_in_it(reviews: Served) -> None:
    meeting_id = await a_called_conference(reviews)
    file = (await reviews.get(PAULA, f"/meetings/{meeting_id}/invitation.ics")).text
    assert "school" not in file
    assert "DESCRIPTION" not in file


async def test_who_has_no_business_there_gets_none(reviews: Served) -> None:
    meeting_id = await a_called_conference(reviews)
    for who in (PETE, RAVI, OPAL):
        assert (await reviews.get(who, f"/meetings/{meeting_id}/invitation.ics")).status_code == 404


async def test_review_without_a_meeting_invites_nobody(reviews: Served) -> None:
    review_id = await a_scheduled_review(reviews)
    path = f"/reviews/{review_id}/invitation.ics"
    refused = await reviews.get(CORA, path)
    assert (refused.status_code, refused.json()["code"]) == (409, "review-not-convened")
    await reviews.post(SAMI, f"/reviews/{review_id}/meeting", {"chair_id": "rena"})
    for who, status in ((CARL, 200), (OPAL, 404), (RAVI, 404)):
        assert (await reviews.get(who, path)).status_code == status
