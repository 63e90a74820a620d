"""A referral or a meeting that a record names: refused when it is known to be of another case, else taken."""

from uuid import UUID

import pytest

from contracts.events.referrals import ReferralRequested
from contracts.events.reviews import MeetingCalled
from tests.services.cases.conftest import (
    CORA,
    NORTH,
    a_plan,
    a_registered_case,
    ago,
    an_active_case,
    an_assessed_case,
    done,
    fields,
    refused,
)

REFERRAL, MEETING = UUID(int=21), UUID(int=22)
GROUP = {"need": "support-group", "area": "south"}


@pytest.fixture
def heard(cases):
    async def of(ref: str) -> None:
        said = {"case_ref": ref, "at": cases.clock.at}
        referral = ReferralRequested(
            **said,
            referral_id=REFERRAL,
            attempt=1,
            from_agency_id=NORTH,
            to_agency_id="harbour-help",
            offer_id="offer-1",
            need="support-group",
            urgent=False,
            requested_by="cora",
        )
        meeting = MeetingCalled(
            **said,
            meeting_id=MEETING,
            kind="planning",
            called_by="cora",
            chair_id="rena",
            participants=("cora",),
            meeting_at=cases.clock.at,
        )
        await cases.hear(referral, meeting)

    return of


def support(served, named: UUID):
    return {
        "kind": "accompaniment", "occurred_at": ago(served, hours=1), "with_whom": ["child"],
        "where_to": "The group", "note": "They went in together", "referral_id": str(named),
    }  # fmt: skip


def planned_at(served, named: UUID):
    meeting = {
        "held_at": ago(served, hours=1), "child_took_part": True, "meeting_id": str(named),
        "participants": [{"who": "child", "took_part": True}],
    }  # fmt: skip
    return a_plan(served, planning_meeting=meeting)


async def test_referral_of_another_case_is_refused_by_its_field(cases, heard) -> None:
    await heard(await a_registered_case(cases))
    ref, plan = await an_active_case(cases, unmet_needs=[GROUP])
    need = plan["unmet_needs"][0]["need_id"]
    for path, body in [
        (f"/cases/{ref}/support", support(cases, REFERRAL)),
        (f"/cases/{ref}/unmet-needs/{need}/met", {"note": "", "referral_id": str(REFERRAL)}),
    ]:
        problem = await refused(cases, CORA, path, body, 422, "not-of-this-case")
        assert fields(problem) == ["referral_id"]
        assert problem["detail"] == "This case has no such referral."


async def test_referral_of_this_case_and_one_not_heard_of_yet_are_taken(cases, heard) -> None:
    ref, plan = await an_active_case(cases, unmet_needs=[GROUP])
    await heard(ref)
    for named in (REFERRAL, UUID(int=99)):
        await done(cases, CORA, f"/cases/{ref}/support", support(cases, named))
    need = plan["unmet_needs"][0]["need_id"]
    path, body = f"/cases/{ref}/unmet-needs/{need}/met", {"note": "", "referral_id": str(REFERRAL)}
    await done(cases, CORA, path, body)


async def test_meeting_is_no_referral_and_a_referral_no_meeting(cases, heard) -> None:
    ref = await an_assessed_case(cases)
    await heard(ref)
    path, body = f"/cases/{ref}/support", support(cases, MEETING)
    assert fields(await refused(cases, CORA, path, body, 422, "not-of-this-case")) == [
        "referral_id"
    ]
    path, body = f"/cases/{ref}/plan", planned_at(cases, REFERRAL)
    problem = await refused(cases, CORA, path, body, 422, "not-of-this-case")
    assert fields(problem) == ["planning_meeting.meeting_id"]
    await done(cases, CORA, path, planned_at(cases, MEETING))
