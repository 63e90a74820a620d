"""Case conferences and planning meetings: called by anyone on the case, led, moved, minuted, called off."""

from datetime import timedelta

from contracts.events.deadlines import DeadlineCancelled, DeadlineMet, DeadlineSet
from contracts.events.reviews import (
    MeetingCalled,
    MeetingCancelled,
    MeetingHeld,
    MeetingMoved,
)
from domain.vocabulary import Role
from tests.services.reviews.conftest import (
    CARL,
    CASE,
    CORA,
    MONA,
    NOTHING,
    OPAL,
    PAULA,
    PETE,
    RAVI,
    RENA,
    SAMI,
    a_called_conference,
    a_case_with_help,
    a_conference,
    a_scheduled_review,
    closed,
    some_minutes,
    staff,
)
from tests.services.served import Served


async def test_conference_is_led_by_somebody_independent_and_owed_like_any_duty(
    reviews: Served,
) -> None:
    meeting_id = await a_called_conference(reviews)
    [called] = await reviews.said(MeetingCalled)
    assert (called["meeting_id"], called["kind"], called["chair_id"]) == (
        meeting_id, "conference", "rena",
    )  # fmt: skip
    assert called["participants"] == ["cora", "sami", "paula"]
    [duty] = await reviews.said(DeadlineSet)
    assert (duty["step"], duty["subject_type"], duty["subject_id"]) == (
        "meeting", "action", meeting_id,
    )  # fmt: skip
    # Thursday 11 March at eight: its minutes are owed two working days later.
    assert (duty["person_id"], duty["due_at"]) == ("cora", "2027-03-15T08:00:00Z")


async def test_anyone_on_the_case_calls_people_together_and_nobody_else(reviews: Served) -> None:
    await a_case_with_help(reviews)
    for who in (CORA, SAMI, PAULA):
        answer = await reviews.post(who, "/meetings", a_conference(reviews))
        assert answer.status_code == 201, answer.text
    for who in (CARL, MONA, PETE, RAVI, OPAL):
        answer = await reviews.post(who, "/meetings", a_conference(reviews))
        assert answer.status_code == 404
    unknown = a_conference(reviews, case_ref="TL-0000-0000-0")
    assert (await reviews.post(CORA, "/meetings", unknown)).status_code == 404


async def test_whoever_is_invited_may_call_the_next(reviews: Served) -> None:
    await a_case_with_help(reviews)
    invited = a_conference(reviews, participants=["pete", "cora"])
    await reviews.post(CORA, "/meetings", invited)
    answer = await reviews.post(PETE, "/meetings", a_conference(reviews))
    assert answer.status_code == 201, answer.text


async def test_own_people_lead_a_planning_meeting_but_no_conference(reviews: Served) -> None:
    await a_case_with_help(reviews)
    for chair in ("cora", "nora", "hugo", "nobody"):
        refused = await reviews.post(CORA, "/meetings", a_conference(reviews, chair_id=chair))
        assert (refused.status_code, refused.json()["code"]) == (409, "chair-not-independent")
    planning = a_conference(reviews, kind="planning")
    answer = await reviews.post(CORA, "/meetings", planning)
    assert (answer.status_code, answer.json()["chair_id"]) == (201, "cora")


async def test_without_anybody_independent_somebody_must_be_named(reviews: Served) -> None:
    await a_case_with_help(reviews)
    gone = [staff(each, Role.REVIEW_CHAIR, team="t", active=False) for each in ("rena",)]
    await reviews.hear(*gone, staff("ravi", Role.PROVIDER, agency="agency-south"))
    refused = await reviews.post(CORA, "/meetings", a_conference(reviews))
    assert (refused.status_code, refused.json()["code"]) == (409, "chair-missing")


async def test_meeting_lies_ahead_with_people_who_are_known(reviews: Served) -> None:
    await a_case_with_help(reviews)
    for changes, code in (
        ({"meeting_at": reviews.clock.at.isoformat()}, "meeting-in-past"),
        ({"participants": ["nobody"]}, "malformed"),
        ({"participants": []}, "malformed"),
        ({"kind": "party"}, "malformed"),
    ):
        answer = await reviews.post(CORA, "/meetings", a_conference(reviews, **changes))
        assert (answer.status_code, answer.json()["code"]) == (422, code)
    named = a_conference(reviews, participants=["cora", "nobody", "nowhere"])
    answer = await reviews.post(CORA, "/meetings", named)
    assert (
        answer.json()["detail"] == "The directory has nobody at work by this id: nobody, nowhere."
    )


async def test_moved_meeting_is_owed_later_and_said_anew(reviews: Served) -> None:
    meeting_id = await a_called_conference(reviews)
    later = (reviews.clock.at + timedelta(days=17)).isoformat()
    body = {"reason": "staff-unable", "meeting_at": later, "chair_id": "ravi"}
    answer = await reviews.post(SAMI, f"/meetings/{meeting_id}/change", body)
    assert (answer.status_code, answer.json()["sequence"]) == (200, 1), answer.text
    [moved] = await reviews.said(MeetingMoved)
    assert (moved["chair_id"], moved["reason"]) == ("ravi", "staff-unable")
    [cancelled] = await reviews.said(DeadlineCancelled)
    fresh = (await reviews.said(DeadlineSet))[-1]
    assert cancelled["successor_id"] == fresh["deadline_id"]
    assert fresh["due_at"] == "2027-03-22T08:00:00Z"
    for who in (PAULA, CARL, MONA, PETE):
        assert (await reviews.post(who, f"/meetings/{meeting_id}/change", body)).status_code == 404


async def test_minutes_meet_the_duty_and_are_for_few(reviews: Served) -> None:
    meeting_id = await a_called_conference(reviews)
    reviews.clock.forward(days=11)
    path = f"/meetings/{meeting_id}/minutes"
    for who in (CORA, SAMI, PAULA, RAVI):
        assert (await reviews.post(who, path, some_minutes(reviews))).status_code == 404
    answer = await reviews.post(RENA, path, some_minutes(reviews))
    assert answer.status_code == 200, answer.text
    assert answer.json()["child_participation"] == "by-trusted-person"
    [held] = await reviews.said(MeetingHeld)
    assert (held["decisions"], held["child_took_part"]) == (1, True)
    [met] = await reviews.said(DeadlineMet)
    assert (met["step"], met["late"]) == ("meeting", False)
    again = await reviews.post(RENA, path, some_minutes(reviews))
    assert (again.status_code, again.json()["code"]) == (409, "meeting-not-standing")
    # who, sees the purpose, decisions, minutes
    for who, purpose, decisions, minutes in (
        (RENA, True, True, True), (CORA, True, True, True), (SAMI, True, True, True),
        (MONA, True, True, True), (CARL, True, True, False), (PAULA, True, False, False),
        (OPAL, False, False, False),
    ):  # fmt: skip
        view = (await reviews.get(who, f"/meetings/{meeting_id}")).json()
        seen = tuple(view[name] is not None for name in ("purpose", "decisions", "minutes"))
        assert seen == (purpose, decisions, minutes)
    assert (await reviews.get(PETE, f"/meetings/{meeting_id}")).status_code == 404


async def test_leader_records_while_the_case_s_review_is_led_by_somebody_else(
    reviews: Served,
) -> None:
    await a_scheduled_review(reviews)
    meeting_id = await a_called_conference(reviews)
    reviews.clock.forward(days=11)
    path = f"/meetings/{meeting_id}/minutes"
    answer = await reviews.post(RENA, path, some_minutes(reviews))
    assert answer.status_code == 200, answer.text
    assert [each["meeting_id"] for each in await reviews.said(MeetingHeld)] == [meeting_id]


async def test_record_below_the_quorum_is_refused_by_name(reviews: Served) -> None:
    meeting_id = await a_called_conference(reviews)
    reviews.clock.forward(days=11)
    for attendance, status, code in (
        (["rena", "cora"], 409, "quorum-not-met"),  # one agency only
        (["cora", "paula"], 409, "quorum-not-met"),  # no chair
        (["rena", "paula"], 409, "quorum-not-met"),  # nobody of the case
        (["rena", "cora", "nobody"], 422, "malformed"),
        ([], 422, "malformed"),
    ):
        body = some_minutes(reviews, attendance=attendance)
        answer = await reviews.post(RENA, f"/meetings/{meeting_id}/minutes", body)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert await reviews.said(MeetingHeld) == []


async def test_leader_who_takes_part_by_now_cannot_record(reviews: Served) -> None:
    meeting_id = await a_called_conference(reviews)
    await reviews.hear(staff("rena", Role.REVIEW_CHAIR, team="team-a"))
    reviews.clock.forward(days=11)
    answer = await reviews.post(RENA, f"/meetings/{meeting_id}/minutes", some_minutes(reviews))
    assert (answer.status_code, answer.json()["code"]) == (409, "chair-not-independent")


async def test_meeting_called_off_owes_nothing(reviews: Served) -> None:
    meeting_id = await a_called_conference(reviews)
    path = f"/meetings/{meeting_id}/cancellation"
    assert (await reviews.post(PAULA, path, {"reason": "other"})).status_code == 404
    answer = await reviews.post(CORA, path, {"reason": "not-needed"})
    assert (answer.status_code, answer.json()["state"]) == (200, "cancelled")
    [said] = await reviews.said(MeetingCancelled)
    assert said["reason"] == "not-needed"
    assert await reviews.rows("SELECT id FROM deadlines WHERE state = 'open'") == []


async def test_closed_case_calls_its_meetings_off_and_takes_no_more(reviews: Served) -> None:
    await a_called_conference(reviews)
    await reviews.hear(closed(reviews.clock.at))
    [said] = await reviews.said(MeetingCancelled)
    assert said["reason"] == "case-closed"
    assert await reviews.rows("SELECT id FROM deadlines WHERE state = 'open'") == []
    refused = await reviews.post(CORA, "/meetings", a_conference(reviews))
    assert (refused.status_code, refused.json()["code"]) == (409, "case-not-open")


async def test_each_finds_the_meetings_that_are_theirs(reviews: Served) -> None:
    meeting_id = await a_called_conference(reviews)
    for who in (RENA, CORA, SAMI, PAULA):
        [found] = (await reviews.get(who, "/meetings")).json()["items"]
        assert found["meeting_id"] == meeting_id
    assert (await reviews.get(RAVI, "/meetings")).json() == NOTHING
    for who in (CORA, PAULA, OPAL):
        [found] = (await reviews.get(who, f"/meetings?case_ref={CASE}")).json()["items"]
        assert found["meeting_id"] == meeting_id
    for who, ref in ((RAVI, CASE), (CORA, "TL-0000-0000-0")):
        assert (await reviews.get(who, f"/meetings?case_ref={ref}")).status_code == 404


async def test_case_without_meetings_is_hidden_from_strangers_all_the_same(reviews: Served) -> None:
    await a_case_with_help(reviews)
    assert (await reviews.get(CORA, f"/meetings?case_ref={CASE}")).json() == NOTHING
    assert (await reviews.get(RAVI, f"/meetings?case_ref={CASE}")).status_code == 404
