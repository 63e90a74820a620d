"""The way to the end of a case through the API: gates, stand-in, look back, return."""

import asyncio
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from contracts.events.cases import (
    CaseClosed,
    CaseReopened,
    ClosurePassedToStandIn,
    GoalsAchieved,
    LookBackRecorded,
)
from contracts.events.timekeeping import ClosureStandInDue
from domain.vocabulary import Role
from tests.services.cases.conftest import (
    CARL,
    CORA,
    MATS,
    MONA,
    NORTH,
    SAMI,
    a_closed_case,
    a_closing_case,
    a_closure_request,
    a_finding,
    a_registered_case,
    ago,
    ahead,
    an_active_case,
    an_initial_assessment,
    done,
    fields,
    open_steps,
    refused,
    states,
)
from tests.services.served import a_token

NOTE = {"note": "Agreed"}


async def stand_in_due(served, ref: str) -> ClosureStandInDue:
    (row,) = await served.rows("SELECT id FROM closures")
    return ClosureStandInDue(case_ref=ref, at=served.clock.at, closure_id=row["id"])


async def test_goals_settle_before_closure_is_asked_for(cases) -> None:
    ref, _ = await an_active_case(cases)
    answer = await done(cases, CORA, f"/cases/{ref}/goals-achieved", {"note": "She laughs again"})
    settled_at = datetime.fromisoformat(answer["settled_at"])
    assert settled_at.date() == (cases.clock.at + timedelta(weeks=4)).date()
    assert "closure-request" in await open_steps(cases, ref)
    assert len(await cases.said(GoalsAchieved)) == 1
    request = a_closure_request(ground="goals-achieved")
    early = "gains-not-settled"
    await refused(cases, CORA, f"/cases/{ref}/closure-request", request, 409, early)
    cases.clock.at = settled_at - timedelta(seconds=1)
    await refused(cases, CORA, f"/cases/{ref}/closure-request", request, 409, early)
    cases.clock.at = settled_at
    asked = await done(cases, CORA, f"/cases/{ref}/closure-request", request)
    assert asked["closure_id"] == answer["closure_id"]
    assert (asked["status"], asked["approver_id"]) == ("closing", "sami")
    assert await states(cases, "closure-request") == ["met"]
    assert "closure-approval" in await open_steps(cases, ref)


async def test_gains_that_are_lost_drop_the_duty_to_ask(cases) -> None:
    ref, _ = await an_active_case(cases)
    await done(cases, CORA, f"/cases/{ref}/goals-achieved", NOTE)
    await refused(cases, CORA, f"/cases/{ref}/goals-achieved", NOTE, 409, "goals-already-achieved")
    await done(cases, CORA, f"/cases/{ref}/gains-lost", {"reason": "She is sad again"})
    assert await states(cases, "closure-request") == ["cancelled"]
    lost = {"reason": "x"}
    await refused(cases, CORA, f"/cases/{ref}/gains-lost", lost, 409, "goals-not-achieved")
    await done(cases, CORA, f"/cases/{ref}/goals-achieved", NOTE)


async def test_closure_request_that_lacks_its_grounds_is_refused(cases) -> None:
    ref, _ = await an_active_case(cases)
    path = f"/cases/{ref}/closure-request"
    for changes, code in [
        ({"ground": "refuses"}, "ground-not-shown"),
        ({"ground": "came-of-age"}, "ground-not-shown"),
        ({"no_transfer_because": ""}, "ground-not-shown"),
        ({"ground": "died"}, "ground-not-shown"),
        ({"discussed_with_child": False}, "closure-not-discussed"),
        ({"ground": "tired"}, "malformed"),
        ({"how_to_come_back": ""}, "ground-not-shown"),
    ]:
        await refused(cases, CORA, path, a_closure_request(**changes), 422, code)
    assert not await cases.rows("SELECT * FROM closures")


async def test_requester_never_approves(cases) -> None:
    ref = await a_closing_case(cases)
    path = f"/cases/{ref}/closure-approval"
    await refused(cases, CORA, path, NOTE, 409, "approved-by-requester")
    await refused(cases, CARL, path, NOTE, 404, "not-found")
    await refused(cases, MATS, path, NOTE, 404, "not-found")
    await refused(cases, MONA, path, NOTE, 409, "closure-awaits-supervisor")
    refusals = await cases.rows("SELECT staff_id, outcome FROM audit WHERE outcome <> 'allowed'")
    assert {(row["staff_id"], row["outcome"]) for row in refusals} == {
        ("cora", "approved-by-requester"),
        ("carl", "hidden"),
        ("mats", "hidden"),
        ("mona", "closure-awaits-supervisor"),
    }
    await done(cases, SAMI, path, NOTE)


async def test_closed_case_owes_only_the_look_back(cases) -> None:
    ref = await a_closed_case(cases)
    assert list(await open_steps(cases, ref)) == ["look-back"]
    assert await states(cases, "closure-approval") == ["met"]
    (said,) = await cases.said(CaseClosed)
    assert (said["ground"], said["approved_by"]) == ("moved-away", "sami")
    body = {"risk": "high", "reason": "x"}
    await refused(cases, CORA, f"/cases/{ref}/risk", body, 409, "step-out-of-order")
    (action,) = await cases.rows("SELECT id FROM actions WHERE kind = 'planned'")
    path = f"/cases/{ref}/actions/{action['id']}/completion"
    await refused(cases, CORA, path, {"note": "x"}, 409, "step-out-of-order")


async def test_two_who_decide_at_once_decide_once(cases) -> None:
    ref = await a_closing_case(cases)
    path = f"/cases/{ref}/closure-approval"
    answers = await asyncio.gather(*(cases.post(SAMI, path, NOTE) for _ in range(5)))
    assert sorted(each.status_code for each in answers) == [200, 409, 409, 409, 409]
    assert len(await cases.said(CaseClosed)) == 1


async def test_declined_closure_lets_the_plan_go_on(cases) -> None:
    ref = await a_closing_case(cases)
    body = {"reason": "gains-not-shown", "note": "One more visit"}
    answer = await done(cases, SAMI, f"/cases/{ref}/closure-refusal", body)
    assert answer["status"] == "active"
    assert await states(cases, "closure-approval") == ["met"]
    assert {"follow-up", "plan-action"} <= set(await open_steps(cases, ref))
    path = f"/cases/{ref}/closure-approval"
    await refused(cases, SAMI, path, NOTE, 409, "closure-not-requested")


async def test_after_the_limit_a_manager_stands_in(cases) -> None:
    ref = await a_closing_case(cases)
    await cases.hear(await stand_in_due(cases, ref))  # too early: the record says so
    assert not await cases.said(ClosurePassedToStandIn)
    cases.clock.forward(days=8)
    await cases.hear(await stand_in_due(cases, ref), await stand_in_due(cases, ref))
    assert len(await cases.said(ClosurePassedToStandIn)) == 1
    assert "closure-decision-of-stand-in" in await open_steps(cases, ref)
    await done(cases, MONA, f"/cases/{ref}/closure-approval", NOTE)
    assert await states(cases, "closure-decision-of-stand-in") == ["met"]
    await cases.hear(await stand_in_due(cases, ref))  # decided since
    unknown = ClosureStandInDue(case_ref=ref, at=cases.clock.at, closure_id=UUID(int=3))
    await cases.hear(unknown)


async def test_supervisor_who_asks_leaves_the_decision_to_a_manager(cases) -> None:
    ref, _ = await an_active_case(cases)
    await done(cases, SAMI, f"/cases/{ref}/closure-request", a_closure_request())
    path = f"/cases/{ref}/closure-approval"
    await refused(cases, SAMI, path, NOTE, 409, "approved-by-requester")
    await done(cases, MONA, path, NOTE)


async def test_look_back_then_archive_then_return_under_the_same_reference(cases) -> None:
    ref = await a_closed_case(cases)
    await refused(cases, CORA, f"/cases/{ref}/archive", {}, 409, "look-back-missing")
    cases.clock.forward(days=90)
    body = {"occurred_at": ahead(cases, hours=1), "gains_hold": True, "feedback": "It helped"}
    path = f"/cases/{ref}/look-back"
    await refused(cases, CORA, path, body, 422, "occurred-in-future")
    assert (await done(cases, CORA, path, body | {"occurred_at": ago(cases, hours=1)}))[
        "advice"
    ] is None
    assert await states(cases, "look-back") == ["met"]
    assert list(await open_steps(cases, ref)) == ["archive"]
    assert (await done(cases, CORA, f"/cases/{ref}/archive"))["status"] == "archived"
    assert await open_steps(cases, ref) == {}
    back = {"reason": "The same signs at school", "risk": "high"}
    answer = await done(cases, CORA, f"/cases/{ref}/reopening", back)
    assert (answer["status"], answer["times"]) == ("registered", 1)
    assert answer["earlier_closures"][0]["ground"] == "moved-away"
    assert list(await open_steps(cases, ref)) == ["initial-assessment"]
    (said,) = await cases.said(CaseReopened)
    assert said["times"] == 1
    (track,) = await cases.rows("SELECT id FROM follow_ups")
    path = f"/cases/{ref}/follow-ups/{track['id']}/records"
    await refused(cases, CORA, path, a_finding(cases), 409, "follow-up-over")
    await done(cases, CORA, f"/cases/{ref}/initial-assessment", an_initial_assessment(cases))
    view = (await cases.get(CORA, f"/cases/{ref}")).json()
    assert [each["kind"] for each in view["assessment"]].count("initial-assessment") == 2
    assert len(view["closure"]["closures"]) == 1


async def test_gains_that_have_not_held_advise_to_reopen(cases) -> None:
    ref = await a_closed_case(cases)
    cases.clock.forward(days=90)
    body = {"occurred_at": ago(cases, hours=1), "gains_hold": False, "feedback": "Worse again"}
    answer = await done(cases, CORA, f"/cases/{ref}/look-back", body)
    assert answer["advice"] == "consider-reopening"


@pytest.mark.parametrize(
    ("left_out", "field"),
    [("occurred_at", "occurred_at"), ("gains_hold", "gains_hold"), ("feedback", "feedback")],
)
async def test_look_back_says_when_and_what_was_found(cases, left_out, field) -> None:
    ref = await a_closed_case(cases)
    cases.clock.forward(days=90)
    body = {"occurred_at": ago(cases, hours=1), "gains_hold": True, "feedback": "It helped"}
    del body[left_out]
    problem = await refused(cases, CORA, f"/cases/{ref}/look-back", body, 422, "malformed")
    assert fields(problem) == [field]


async def test_file_of_a_family_out_of_reach_is_archived_after_serious_attempts(cases) -> None:
    ref = await a_closed_case(cases)
    cases.clock.forward(days=90)
    path, body = f"/cases/{ref}/look-back", {"someone_reached": False}
    problem = await refused(cases, CORA, path, body, 409, "not-tried-enough")
    assert problem["errors"][0]["allowed"] == [
        "3 attempts, the last 4 weeks after the first or later"
    ]
    for days in (35, 20, 1):
        tried = {"at": ago(cases, days=days), "method": "call", "note": "The number is gone"}
        await done(cases, CORA, f"/cases/{ref}/engagement-attempts", tried)
    answer = await done(cases, CORA, path, body)
    assert answer["advice"] is None
    assert [each["step"] for each in answer["deadlines"]] == ["archive"]
    assert await states(cases, "look-back") == ["met"]
    assert await cases.said(LookBackRecorded) == []  # nobody said whether the gains hold
    lines = (await cases.get(CORA, f"/cases/{ref}/chronology")).json()["items"]
    assert lines[-1]["fact"] == "look-back.unanswered"
    told = (await cases.get(SAMI, f"/cases/{ref}")).json()["closure"]["narratives"]
    assert told[-1]["content"] == {"someone_reached": False, "feedback": ""}
    assert (await done(cases, CORA, f"/cases/{ref}/archive"))["status"] == "archived"


async def test_case_of_a_child_who_died_owes_no_look_back_and_comes_back_only_as_an_error(
    cases,
) -> None:
    ref = await a_registered_case(cases)
    died = {
        "ground": "died", "died_on": cases.clock.at.date().isoformat(), "reasons": "An accident",
        "abuse_or_neglect_suspected": False, "discussed_with_family": True,
    }  # fmt: skip
    await done(cases, CORA, f"/cases/{ref}/closure-request", died)
    await done(cases, SAMI, f"/cases/{ref}/closure-approval", NOTE)
    cases.clock.forward(days=1)
    body = {"occurred_at": ago(cases, hours=1), "gains_hold": True, "feedback": "x"}
    await refused(cases, CORA, f"/cases/{ref}/look-back", body, 409, "look-back-not-owed")
    assert list(await open_steps(cases, ref)) == ["archive"]
    back = {"reason": "It was another child", "risk": "low"}
    problem = await refused(cases, CORA, f"/cases/{ref}/reopening", back, 409, "death-on-record")
    assert fields(problem) == ["death_recorded_in_error"]
    await done(cases, CORA, f"/cases/{ref}/reopening", back | {"death_recorded_in_error": True})
    told = (await cases.get(SAMI, f"/cases/{ref}")).json()["closure"]["narratives"][-1]["content"]
    assert told == back | {"death_recorded_in_error": True}


async def test_stand_in_is_a_manager_and_nobody_above_or_elsewhere(cases) -> None:
    ref = await a_closing_case(cases)
    cases.clock.forward(days=8)
    await cases.hear(await stand_in_due(cases, ref))
    head = a_token("elif", NORTH, Role.AGENCY_HEAD)
    path = f"/cases/{ref}/closure-approval"
    for who in (head, MATS, CARL):
        await refused(cases, who, path, NOTE, 404, "not-found")
    await refused(cases, CORA, path, NOTE, 409, "approved-by-requester")
    await done(cases, SAMI, path, NOTE)  # late, and still hers to decide
    assert await states(cases, "closure-approval") == ["met-late"]


async def test_manager_declines_as_a_stand_in_too(cases) -> None:
    ref = await a_closing_case(cases)
    cases.clock.forward(days=8)
    await cases.hear(await stand_in_due(cases, ref))
    body = {"reason": "gains-not-shown", "note": "One more visit"}
    assert (await done(cases, MONA, f"/cases/{ref}/closure-refusal", body))["status"] == "active"
    assert await states(cases, "closure-decision-of-stand-in") == ["met"]


async def test_case_comes_back_before_it_was_archived(cases) -> None:
    ref = await a_closed_case(cases)
    cases.clock.forward(days=10)
    back = {"reason": "He came home again", "risk": "imminent"}
    await refused(cases, CARL, f"/cases/{ref}/reopening", back, 404, "not-found")
    await refused(
        cases, CORA, f"/cases/{ref}/reopening", back | {"risk": "unknown"}, 422, "malformed"
    )
    answer = await done(cases, CORA, f"/cases/{ref}/reopening", back)
    assert (answer["status"], answer["times"]) == ("registered", 1)
    assert await states(cases, "look-back") == ["cancelled"]
    assert list(await open_steps(cases, ref)) == ["initial-assessment"]
    assert [each["ground"] for each in answer["earlier_closures"]] == ["moved-away"]
    path = f"/cases/{ref}/look-back"
    late = {"occurred_at": ago(cases, hours=1), "gains_hold": True, "feedback": "x"}
    await refused(cases, CORA, path, late, 409, "step-out-of-order")


async def test_feedback_of_the_look_back_is_sealed_and_read_by_those_who_see_the_closure(
    cases,
) -> None:
    ref = await a_closed_case(cases)
    cases.clock.forward(days=90)
    body = {"occurred_at": ago(cases, days=1), "gains_hold": True, "feedback": "Somebody asked me"}
    await done(cases, CORA, f"/cases/{ref}/look-back", body)
    for table in ("facts", "outbox", "audit", "narratives"):
        assert "Somebody asked" not in str(await cases.rows(f"SELECT * FROM {table}"))
    told = (await cases.get(SAMI, f"/cases/{ref}")).json()["closure"]["narratives"]
    assert told[-1]["content"]["feedback"] == "Somebody asked me"
    assert "closure" not in (await cases.get(CARL, f"/cases/{ref}")).json()
    closed = (await cases.get(MONA, f"/cases/{ref}")).json()["closure"]["closures"][0]
    assert closed["looked_back_at"]


async def test_second_return_shows_both_earlier_reasons(cases) -> None:
    ref = await a_closed_case(cases)
    for times in (1, 2):
        back = {"reason": "Again", "risk": "low"}
        answer = await done(cases, CORA, f"/cases/{ref}/reopening", back)
        assert answer["times"] == times
        assert len(answer["earlier_closures"]) == times
        cases.clock.forward(days=1)
        if times == 1:  # no plan is under way, so that no gains need to settle
            request = a_closure_request(ground="family-able", no_transfer_because="")
            await done(cases, CORA, f"/cases/{ref}/closure-request", request)
            await done(cases, SAMI, f"/cases/{ref}/closure-approval", NOTE)


async def test_urgent_action_of_before_is_not_left_open_when_the_case_comes_back(cases) -> None:
    """Its duty ended with the closure: nobody would owe it."""
    ref = await a_registered_case(cases)
    urgent = {"title": "See a doctor", "responsible": "mother", "due": ahead(cases, days=1)}
    body = an_initial_assessment(cases, urgent_actions=[urgent])
    await done(cases, CORA, f"/cases/{ref}/initial-assessment", body)
    await done(cases, CORA, f"/cases/{ref}/closure-request", a_closure_request())
    await done(cases, SAMI, f"/cases/{ref}/closure-approval", NOTE)
    assert "agreed" in [each["state"] for each in await cases.rows("SELECT state FROM actions")]
    await done(cases, CORA, f"/cases/{ref}/reopening", {"reason": "It is back", "risk": "low"})
    assert {each["state"] for each in await cases.rows("SELECT state FROM actions")} == {"replaced"}
