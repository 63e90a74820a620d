"""What other services say, and what it means for the record of a case."""

import pytest

from contracts.events.cases import ReviewOutcomeApplied
from contracts.events.deadlines import DeadlineAcknowledged, DeadlineMissed
from contracts.events.notifications import NotificationAcknowledged
from contracts.events.reviews import (
    MeetingCalled,
    MeetingCancelled,
    MeetingHeld,
    ReviewConvened,
    ReviewHeld,
)
from contracts.events.timekeeping import DeadlineMomentReached
from domain.errors import Missing
from domain.reference import compose
from domain.vocabulary import ReviewOutcome, Role
from infrastructure.ids import new_id
from tests.services.cases.conftest import (
    CORA,
    MONA,
    NORTH,
    RENA,
    a_closed_case,
    a_new_case,
    a_plan,
    a_registered_case,
    agency,
    an_active_case,
    done,
    open_steps,
    staff,
    states,
)

NOTE = {"note": "Agreed"}


def held(served, ref: str, outcome: ReviewOutcome) -> ReviewHeld:
    return ReviewHeld(
        case_ref=ref,
        at=served.clock.at,
        review_id=new_id(),
        outcome=outcome,
        held_at=served.clock.at,
        child_took_part=True,
    )


@pytest.mark.parametrize(
    ("outcome", "is_owed"),
    [
        (ReviewOutcome.ADJUST, True),
        (ReviewOutcome.ADD_SERVICES, True),
        (ReviewOutcome.BEGIN_CLOSURE, False),
        (ReviewOutcome.NO_CHANGE, False),
    ],
)
async def test_review_that_adjusts_the_plan_makes_its_revision_a_duty(
    cases, outcome, is_owed
) -> None:
    ref, _ = await an_active_case(cases)
    cases.clock.forward(days=90)
    await cases.hear(held(cases, ref, outcome))
    assert ("plan-revision" in await open_steps(cases, ref)) is is_owed
    (said,) = await cases.said(ReviewOutcomeApplied)
    assert said["outcome"] == outcome
    if is_owed:
        await done(cases, CORA, f"/cases/{ref}/plan", a_plan(cases))
        assert await states(cases, "plan-revision") == ["met"]


async def test_review_that_begins_the_closure_makes_the_beginning_a_duty(cases) -> None:
    ref, _ = await an_active_case(cases)
    cases.clock.forward(days=90)
    await cases.hear(held(cases, ref, ReviewOutcome.BEGIN_CLOSURE))
    assert "closure-beginning" in await open_steps(cases, ref)
    await done(cases, CORA, f"/cases/{ref}/goals-achieved", NOTE)
    assert await states(cases, "closure-beginning") == ["met"]


@pytest.mark.parametrize("outcome", [ReviewOutcome.ADJUST, ReviewOutcome.NO_CHANGE])
async def test_later_review_that_decides_otherwise_takes_the_beginning_back(cases, outcome) -> None:
    ref, _ = await an_active_case(cases)
    cases.clock.forward(days=90)
    await cases.hear(held(cases, ref, ReviewOutcome.BEGIN_CLOSURE))
    cases.clock.forward(days=3)
    await cases.hear(held(cases, ref, outcome))
    assert await states(cases, "closure-beginning") == ["cancelled"]


async def test_closure_that_is_under_way_is_not_to_be_begun_again(cases) -> None:
    ref, _ = await an_active_case(cases)
    cases.clock.forward(days=90)
    await done(cases, CORA, f"/cases/{ref}/goals-achieved", NOTE)
    await cases.hear(held(cases, ref, ReviewOutcome.BEGIN_CLOSURE))
    assert "closure-beginning" not in await open_steps(cases, ref)
    items = (await cases.get(CORA, f"/cases/{ref}/chronology")).json()["items"]
    assert "review.begins-closure" in {each["fact"] for each in items}


async def test_review_of_a_closed_case_is_noted_and_nothing_follows(cases) -> None:
    ref = await a_closed_case(cases)
    await cases.hear(held(cases, ref, ReviewOutcome.ADJUST))
    assert list(await open_steps(cases, ref)) == ["look-back"]
    assert not await cases.said(ReviewOutcomeApplied)
    items = (await cases.get(CORA, f"/cases/{ref}/chronology")).json()["items"]
    assert items[-1]["fact"] == "review.adjusts-plan"
    assert items[-1]["recorded_by"] == "system-cases"


async def test_conference_stands_in_the_chronology_and_sets_nothing(cases) -> None:
    ref, _ = await an_active_case(cases)
    owed = await open_steps(cases, ref)
    cases.clock.forward(days=1)
    at = cases.clock.at
    conference = {"case_ref": ref, "meeting_id": new_id(), "kind": "conference"}
    planning = {"case_ref": ref, "meeting_id": new_id(), "kind": "planning"}
    who = {"called_by": "cora", "chair_id": "rena", "participants": ("cora",), "meeting_at": at}
    await cases.hear(MeetingCalled(at=at, **conference, **who))
    await cases.hear(MeetingCalled(at=at, **planning, **who))
    cases.clock.forward(days=1)
    held = MeetingHeld(
        at=cases.clock.at, **conference, held_at=at, decisions=2, child_took_part=True
    )
    await cases.hear(held)
    await cases.hear(MeetingCancelled(at=cases.clock.at, **planning, reason="not-needed"))
    items = (await cases.get(CORA, f"/cases/{ref}/chronology")).json()["items"]
    told = [each for each in items if each["fact"].startswith("meeting.")]
    assert sorted(each["fact"] for each in told) == [
        "meeting.called", "meeting.called", "meeting.cancelled", "meeting.held",
    ]  # fmt: skip
    by_name = {each["fact"]: each for each in told}
    assert by_name["meeting.held"]["at"] == at.isoformat().replace("+00:00", "Z")
    codes = by_name["meeting.held"]["codes"]
    assert (codes["kind"], codes["decisions"], codes["child_took_part"]) == ("conference", 2, True)
    codes = by_name["meeting.cancelled"]["codes"]
    assert (codes["kind"], codes["reason"]) == ("planning-meeting", "not-needed")
    assert await open_steps(cases, ref) == owed
    page = (await cases.get(CORA, f"/cases/{ref}/chronology.html?language=fr")).text
    assert "Réunion tenue" in page
    assert "réunion de concertation" in page


async def test_meeting_of_an_unknown_case_is_noted_nowhere(cases) -> None:
    gone = compose(lambda _: "3")
    event = MeetingCancelled(
        case_ref=gone, at=cases.clock.at, meeting_id=new_id(), kind="conference", reason="other"
    )
    await cases.hear(event)
    assert await cases.rows("SELECT * FROM facts") == []


async def test_review_of_an_unknown_case_is_an_error_that_parks_it(cases) -> None:
    with pytest.raises(Missing):
        await cases.hear(held(cases, compose(lambda _: "3"), ReviewOutcome.ADJUST))


async def test_chair_of_a_review_may_see_the_case(cases) -> None:
    ref = await a_registered_case(cases)
    assert (await cases.get(RENA, f"/cases/{ref}")).status_code == 404
    convened = ReviewConvened(
        case_ref=ref,
        at=cases.clock.at,
        review_id=new_id(),
        chair_id="rena",
        participants=("cora", "rena"),
        meeting_at=cases.clock.at,
    )
    await cases.hear(convened, convened)
    view = (await cases.get(RENA, f"/cases/{ref}")).json()
    assert "assessment" in view
    assert "consent" not in view


async def test_missed_duty_is_announced_once_and_acknowledged_by_who_was_told(cases) -> None:
    ref = await a_registered_case(cases)
    (row,) = await cases.rows("SELECT * FROM deadlines")
    cases.clock.at = row["due_at"]
    moment = DeadlineMomentReached(
        case_ref=ref,
        at=row["due_at"],
        deadline_id=row["id"],
        version=1,
        owner="cases",
        moment="due",
    )
    await cases.hear(moment, moment)
    assert len(await cases.said(DeadlineMissed)) == 1
    seen = NotificationAcknowledged(
        case_ref=ref,
        at=cases.clock.at,
        notification_id=new_id(),
        staff_id="sami",
        deadline_id=row["id"],
        owner="cases",
    )
    await cases.hear(seen)
    (said,) = await cases.said(DeadlineAcknowledged)
    assert said["acknowledged_by"] == "sami"
    view = (await cases.get(MONA, f"/cases/{ref}/deadlines")).json()["items"][0]
    assert (view["overdue"], view["acknowledged_by"]) == (False, "sami")
    cases.clock.forward(seconds=1)
    assert (await cases.get(MONA, f"/cases/{ref}/deadlines")).json()["items"][0]["overdue"]


async def test_directory_is_copied_and_the_newest_word_holds(cases) -> None:
    await cases.hear(
        agency(), staff("cora", Role.CASEWORKER), staff("sami", Role.SUPERVISOR), agency()
    )
    await cases.hear(staff("sami", Role.SUPERVISOR, active=False), staff("sven", Role.SUPERVISOR))
    answer = await done(cases, CORA, "/cases", a_new_case(supervisor_id=None))
    assert answer["supervisor_id"] == "sven"
    assert await cases.rows("SELECT agency_id, policy FROM agencies") == [
        {"agency_id": NORTH, "policy": "default"}
    ]
