"""A case in time: its stages, its deadlines, its end and its return."""

from datetime import timedelta

from contracts.events import cases as c
from domain.vocabulary import Finding, Ground, Risk, Source
from infrastructure.ids import new_id
from tests.workflows.props import (
    CASE,
    a_deadline,
    deadline_acknowledged,
    deadline_cancelled,
    deadline_met,
    deadline_set,
    instant,
    state_of,
)
from tests.workflows.skipping import MINUTE
from workflows.case_lifecycle.messages import Stage, stage_after

CLOSURE_ID = new_id()
PEOPLE = {
    "agency_id": "agency-north",
    "team_id": "team-1",
    "caseworker_id": "amal-h",
    "supervisor_id": "berit-o",
    "policy": "default@1",
}


def registered(at):
    return c.CaseRegistered(case_ref=CASE, at=at, risk=Risk.MEDIUM, source=Source.SCHOOL, **PEOPLE)


def assessed(at):
    return c.InitialAssessmentRecorded(case_ref=CASE, at=at, risk=Risk.MEDIUM)


def understood(at):
    return c.ComprehensiveAssessmentRecorded(case_ref=CASE, at=at, needs=3, open_questions=5)


def planned(at):
    return c.PlanAgreed(case_ref=CASE, at=at, plan_version=1, actions=4, risk=Risk.MEDIUM, **PEOPLE)


def closing(at):
    return c.ClosureRequested(
        case_ref=CASE,
        at=at,
        closure_id=CLOSURE_ID,
        ground=Ground.GOALS_ACHIEVED,
        requested_by="amal-h",
        approver_id="berit-o",
    )


def declined(at):
    return c.ClosureDeclined(case_ref=CASE, at=at, closure_id=CLOSURE_ID, reason="too-soon")


def closed(at):
    return c.CaseClosed(
        case_ref=CASE,
        at=at,
        closure_id=CLOSURE_ID,
        ground=Ground.GOALS_ACHIEVED,
        approved_by="berit-o",
    )


def archived(at):
    return c.CaseArchived(case_ref=CASE, at=at)


def reopened(at):
    return c.CaseReopened(
        case_ref=CASE, at=at, agency_id="agency-north", risk=Risk.HIGH, policy="default@1", times=1
    )


async def test_a_case_goes_through_the_practice_and_ends_in_the_archive(skipping):
    start = await skipping.now()
    case = await skipping.begin("case", CASE, registered(start))
    told = [assessed, understood, planned, closing, declined, closing, closed]
    passed = []
    for number, event in enumerate(told, start=1):
        state = await skipping.tell(case, event(start + timedelta(days=number)))
        passed.append(state.stage)
    assert passed == [
        Stage.UNDERSTANDING,
        Stage.PLANNING,
        Stage.CARRYING_OUT,
        Stage.CLOSING,
        Stage.CARRYING_OUT,
        Stage.CLOSING,
        Stage.LOOKING_BACK,
    ]
    await skipping.tell(case, archived(start + timedelta(days=9)))
    ended = await case.result()
    assert ended.stage is Stage.ARCHIVED
    assert ended.since[Stage.CLOSING] == start + timedelta(days=6)
    assert ended.problems == []


async def test_an_archived_case_is_watched_while_anything_is_owed_and_begins_again_when_reopened(
    skipping,
):
    start = await skipping.now()
    owed = a_deadline("re-assessment", start, risk=Risk.HIGH)
    case = await skipping.begin("case", CASE, registered(start), deadline_set(owed))
    state = await skipping.tell(case, archived(start))
    assert state.stage is Stage.ARCHIVED
    state = await skipping.tell(case, reopened(start + MINUTE))
    assert (state.stage, state.times_reopened) == (Stage.ASSESSMENT, 1)
    await skipping.until(owed.due_at + MINUTE)
    assert "due" in skipping.bus.moments(owed)
    await skipping.tell(case, archived(owed.due_at), deadline_met(owed, owed.due_at))
    assert (await case.result()).stage is Stage.ARCHIVED


async def test_an_intake_that_joined_a_case_ends_and_leaves_the_watching_to_that_case(skipping):
    start = await skipping.now()
    identified = c.CaseIdentified(
        case_ref=CASE,
        at=start,
        agency_id="agency-north",
        team_id=None,
        source=Source.COMMUNITY,
        policy="default@1",
    )
    owed = a_deadline("registration", start)
    case = await skipping.begin("case", CASE, identified, deadline_set(owed))
    joined = c.IntakeJoined(
        case_ref=CASE, at=start, agency_id="agency-north", joined_to="TL-0000-0000-0"
    )
    state = await skipping.tell(case, joined)
    assert state.stage is Stage.ARCHIVED
    await skipping.tell(case, deadline_met(owed, start))
    assert (await case.result()).problems == []


async def test_what_an_archived_file_owes_is_watched_and_then_the_case_ends_again(skipping):
    start = await skipping.now()
    owed = a_deadline("retention-review", start)
    case = await skipping.begin("case", CASE, deadline_set(owed))
    await skipping.until(owed.due_at + MINUTE)
    assert "due" in skipping.bus.moments(owed)
    await skipping.tell(case, deadline_met(owed, owed.due_at + MINUTE))
    assert (await case.result()).stage is Stage.ARCHIVED


def test_only_what_comes_first_and_anew_says_that_a_case_was_archived():
    at = instant("2027-03-01T09:00:00+01:00")
    asked = deadline_set(a_deadline("complaint-answer", at))
    again = deadline_set(a_deadline("complaint-answer", at), restated=True)
    kept = deadline_set(a_deadline("retention-review", at), restated=True)
    assert stage_after(Stage.REGISTRATION, asked, is_first=True) is Stage.ARCHIVED
    assert stage_after(Stage.CARRYING_OUT, asked) is Stage.CARRYING_OUT
    assert stage_after(Stage.REGISTRATION, again, is_first=True) is Stage.REGISTRATION
    assert stage_after(Stage.REGISTRATION, kept, is_first=True) is Stage.ARCHIVED


async def test_acknowledging_stops_the_ladder_and_still_lets_the_due_moment_be_said(skipping):
    start = await skipping.now()
    early, late, moved = (
        a_deadline(step, start, risk=Risk.HIGH)
        for step in ("initial-assessment", "re-assessment", "plan-revision")
    )
    case = await skipping.begin(
        "case", CASE, *(deadline_set(each) for each in (early, late, moved))
    )
    await skipping.tell(case, deadline_acknowledged(early, start))
    await skipping.until(late.due_at + MINUTE)
    await skipping.tell(case, deadline_acknowledged(late, late.due_at))
    await skipping.tell(case, deadline_cancelled(moved, late.due_at, successor=new_id()))
    await skipping.until(moved.moments[-1].at + MINUTE)
    assert skipping.bus.moments(early)[-1] == "due"
    assert skipping.bus.moments(late)[-1] == "due"
    assert "due" not in skipping.bus.moments(moved)
    assert len((await state_of(case)).deadlines) == 2


async def test_of_moments_that_are_past_only_the_highest_is_said(skipping):
    now = await skipping.now()
    past = a_deadline("initial-assessment", now - timedelta(hours=73), risk=Risk.HIGH)
    long_past = a_deadline("case-plan", now - timedelta(days=100))
    acknowledged = a_deadline("initial-assessment", now - timedelta(days=100))
    case = await skipping.begin(
        "case",
        CASE,
        deadline_set(past, restated=True),
        deadline_set(long_past, restated=True),
        deadline_set(acknowledged, restated=True),
        deadline_acknowledged(acknowledged, now),
    )
    await skipping.until(past.moments[-1].at + MINUTE)
    assert skipping.bus.moments(past) == ["rung-1", "rung-2"]
    assert skipping.bus.moments(long_past) == ["rung-2"]
    assert skipping.bus.moments(acknowledged) == ["due"]
    # Said again for a deadline that is watched: what was said stays said.
    state = await skipping.tell(case, deadline_set(past, restated=True))
    await skipping.until(await skipping.now() + MINUTE)
    assert skipping.bus.moments(past) == ["rung-1", "rung-2"]
    assert state.stage is Stage.PLANNING


def test_a_re_assessment_in_the_midst_of_a_plan_stays_in_the_midst_of_it():
    now = instant("2027-03-01T09:00:00+00:00")
    assert stage_after(Stage.CARRYING_OUT, understood(now)) is Stage.CARRYING_OUT
    assert stage_after(Stage.CARRYING_OUT, planned(now)) is Stage.CARRYING_OUT
    assert stage_after(Stage.LOOKING_BACK, reopened(now)) is Stage.ASSESSMENT
    found = c.FollowUpRecorded(
        case_ref=CASE,
        at=now,
        follow_up_id=new_id(),
        method="call",
        finding=Finding.WORSE,
        occurred_at=now,
    )
    assert stage_after(Stage.CARRYING_OUT, found) is Stage.CARRYING_OUT
