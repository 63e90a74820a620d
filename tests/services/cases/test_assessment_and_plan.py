"""From the first assessment to a plan that is carried out: each step through the API, with its duties."""

from datetime import timedelta
from uuid import UUID

from contracts.events.cases import ActionCompleted, PlanAgreed, RiskChanged
from contracts.events.deadlines import DeadlineCancelled
from tests.services.cases.conftest import (
    CARL,
    CORA,
    SAMI,
    a_finding,
    a_follow_up,
    a_goal,
    a_new_case,
    a_plan,
    a_registered_case,
    ago,
    ahead,
    an_action,
    an_active_case,
    an_assessed_case,
    an_assessment,
    an_initial_assessment,
    done,
    fields,
    open_steps,
    refused,
    states,
)

NOBODY = UUID(int=0)
FATHER = [
    {"person": "mother", "purpose": "contact-father"},
    {"person": "child", "purpose": "contact-father"},
]


async def test_initial_assessment_meets_its_duty_and_sets_the_next_ones(cases) -> None:
    ref = await a_registered_case(cases)
    cases.clock.forward(days=1)
    urgent = {"title": "See a doctor", "responsible": "mother", "due": ahead(cases, days=1)}
    body = an_initial_assessment(cases, urgent_actions=[urgent])
    answer = await done(cases, CORA, f"/cases/{ref}/initial-assessment", body)
    assert (answer["status"], answer["risk"]) == ("assessing", "medium")
    assert [each["kind"] for each in answer["actions"]] == ["urgent", "safety-plan-test"]
    assert await states(cases, "initial-assessment") == ["met"]
    assert sorted(await states(cases, "urgent-action")) == ["open", "open"]
    assert (await open_steps(cases, ref))["comprehensive-assessment"] == (
        cases.clock.at + timedelta(days=14)
    )
    assert not await cases.said(RiskChanged)


async def test_initial_assessment_that_lacks_something_is_refused(cases) -> None:
    ref = await a_registered_case(cases)
    for changes, code, field in [
        ({"risk": "severe"}, "malformed", "risk"),
        ({"risk": "unknown"}, "malformed", "risk"),
        ({"safety_plan": None}, "safety-plan-missing", "safety_plan"),
        ({"mood": "x"}, "malformed", "mood"),
    ]:
        body = an_initial_assessment(cases, **changes)
        problem = await refused(cases, CORA, f"/cases/{ref}/initial-assessment", body, 422, code)
        assert fields(problem) == [field]
    assert await states(cases, "initial-assessment") == ["open"]
    assert not await cases.rows("SELECT * FROM narratives")


async def test_unknown_risk_level_names_those_there_are(cases) -> None:
    ref = await a_registered_case(cases)
    body = {"risk": "severe", "reason": "x"}
    problem = await refused(cases, CORA, f"/cases/{ref}/risk", body, 422, "malformed")
    assert problem["errors"][0]["allowed"] == ["unknown", "low", "medium", "high", "imminent"]


async def test_risk_that_rises_makes_the_assessment_due_earlier(cases) -> None:
    ref = await a_registered_case(cases)
    before = (await open_steps(cases, ref))["initial-assessment"]
    cases.clock.forward(hours=1)
    body = {"risk": "high", "reason": "She has bruises"}
    answer = await done(cases, CORA, f"/cases/{ref}/risk", body)
    assert answer["risk"] == "high"
    assert (
        (await open_steps(cases, ref))["initial-assessment"]
        == (cases.clock.at + timedelta(hours=24))
        < before
    )
    assert sorted(await states(cases, "initial-assessment")) == ["cancelled", "open"]
    (moved,) = await cases.said(DeadlineCancelled)
    assert moved["successor_id"]
    await refused(cases, CORA, f"/cases/{ref}/risk", body, 409, "risk-unchanged")


async def test_steps_come_in_their_order(cases) -> None:
    ref = await a_registered_case(cases)
    early = "step-out-of-order"
    await refused(
        cases, CORA, f"/cases/{ref}/comprehensive-assessment", an_assessment(), 409, early
    )
    await refused(cases, CORA, f"/cases/{ref}/plan", a_plan(cases), 409, early)
    await refused(cases, CORA, f"/cases/{ref}/goals-achieved", {"note": "x"}, 409, early)
    await refused(cases, CORA, f"/cases/{ref}/archive", {}, 409, early)


async def test_comprehensive_assessment_names_what_a_plan_may_answer(cases) -> None:
    ref = await a_registered_case(cases)
    await done(cases, CORA, f"/cases/{ref}/initial-assessment", an_initial_assessment(cases))
    path = f"/cases/{ref}/comprehensive-assessment"
    lacking = an_assessment()
    lacking["elements"] = lacking["elements"] | {"childs_views": " "}
    problem = await refused(cases, CORA, path, lacking, 422, "element-missing")
    assert fields(problem) == ["elements.childs_views"]
    unheard = an_assessment(child_participated=False)
    await refused(cases, CORA, path, unheard, 422, "child-not-heard")
    answer = await done(cases, CORA, path, an_assessment(causes=["Separation"]))
    assert (answer["needs"], answer["risks"], answer["causes"]) == (
        ["need-1", "need-2"],
        ["risk-1"],
        ["cause-1"],
    )
    assert "case-plan" in await open_steps(cases, ref)


async def test_agreed_plan_sets_a_duty_for_each_action_and_each_follow_up(cases) -> None:
    ref = await an_assessed_case(cases)
    body = a_plan(
        cases,
        actions=[an_action(cases), an_action(cases, answers=["need-2"], due=ahead(cases, days=60))],
        follow_ups=[a_follow_up(cases), {"with": "school", "method": "call"}],
    )
    answer = await done(cases, CORA, f"/cases/{ref}/plan", body)
    assert (answer["plan_version"], answer["status"], answer["unanswered"]) == (1, "active", [])
    assert [each["title"] for each in answer["actions"]] == ["Meeting with the school"] * 2
    assert [each["with"] for each in answer["follow_ups"]] == ["child", "school"]
    assert await states(cases, "plan-action") == ["open", "open"]
    assert await states(cases, "follow-up") == ["open", "open"]
    assert await states(cases, "case-plan") == ["met"]
    (said,) = await cases.said(PlanAgreed)
    assert (said["actions"], said["supervisor_id"]) == (2, "sami")


async def test_plan_without_a_smart_part_is_refused_naming_it(cases) -> None:
    ref = await an_assessed_case(cases)
    for part in ("specific", "measurable", "achievable", "relevant", "time_bound"):
        goal = a_goal(cases)
        del goal[part]
        body = a_plan(cases, goal=goal)
        problem = await refused(cases, CORA, f"/cases/{ref}/plan", body, 422, "malformed")
        assert fields(problem) == [f"goal.{part}"]


async def test_plan_that_lacks_something_is_refused_and_nothing_of_it_kept(cases) -> None:
    ref = await an_assessed_case(cases)
    for changes, code, field in [
        ({"goal": a_goal(cases, time_bound="2027-01-01")}, "goal-not-smart", "goal.time_bound"),
        ({"goal": a_goal(cases, measures=[])}, "malformed", "goal.measures"),
        ({"actions": []}, "plan-empty", "actions"),
        ({"follow_ups": []}, "plan-empty", "follow_ups"),
        ({"agreed_with": ["school"]}, "plan-not-agreed", "agreed_with"),
        ({"agreed_with": ["mother"]}, "plan-not-agreed", "child_not_included_because"),
        ({"actions": [an_action(cases, due=ago(cases, days=1))]}, "due-in-past", "actions.0.due"),
        ({"actions": [an_action(cases, answers=["need-9"])]}, "answers-nothing", "actions.0.answers"),
        (
            {"follow_ups": [a_follow_up(cases, rhythm=[{"every": "now and then"}])]},
            "malformed",
            "follow_ups.0.rhythm.0.every",
        ),
        ({"follow_ups": [a_follow_up(cases, method="letter")]}, "malformed", "follow_ups.0.method"),
    ]:  # fmt: skip
        body = a_plan(cases, **changes)
        problem = await refused(cases, CORA, f"/cases/{ref}/plan", body, 422, code)
        assert fields(problem) == [field]
    assert not await cases.rows("SELECT * FROM actions WHERE kind = 'planned'")
    assert not await cases.rows("SELECT * FROM follow_ups")
    assert await states(cases, "case-plan") == ["open"]


async def test_new_version_ends_the_old_ones_duties_and_keeps_it_readable(cases) -> None:
    ref, first = await an_active_case(cases)
    cases.clock.forward(days=30)
    goal = a_goal(cases, specific="Noor is back with her friends")
    second = await done(cases, CORA, f"/cases/{ref}/plan", a_plan(cases, goal=goal))
    assert second["plan_version"] == 2
    assert await states(cases, "plan-action") == ["cancelled", "open"]
    assert await states(cases, "follow-up") == ["cancelled", "open"]
    types = [each["type"] for each in await cases.said()]
    assert types.index(DeadlineCancelled.type) < len(types) - types[::-1].index(PlanAgreed.type)
    plan = (await cases.get(CORA, f"/cases/{ref}")).json()["plan"]
    assert [each["content"]["goal"]["specific"] for each in plan["versions"]] == [
        "Noor's wellbeing improves",
        "Noor is back with her friends",
    ]
    old = first["follow_ups"][0]["follow_up_id"]
    await refused(
        cases,
        CORA,
        f"/cases/{ref}/follow-ups/{old}/records",
        a_finding(cases),
        409,
        "follow-up-over",
    )
    gone = first["actions"][0]["action_id"]
    await refused(
        cases, CORA, f"/cases/{ref}/actions/{gone}/completion", {"note": "x"}, 409, "action-over"
    )


async def test_fathers_contact_waits_for_both_consents(cases) -> None:
    action = an_action(cases, answers=["need-1"], consents_needed=FATHER)
    ref, plan = await an_active_case(cases, actions=[action])
    path = f"/cases/{ref}/actions/{plan['actions'][0]['action_id']}"
    problem = await refused(cases, CORA, f"{path}/start", {}, 409, "consent-missing")
    assert problem["errors"][0]["allowed"] == ["mother: contact-father", "child: contact-father"]
    mothers = {"given_by": "mother", "purpose": "contact-father", "how": "written"}
    given = await done(cases, CORA, f"/cases/{ref}/consents", mothers)
    await refused(cases, CORA, f"{path}/completion", {"note": "x"}, 409, "consent-missing")
    childs = {"given_by": "child", "purpose": "contact-father", "how": "spoken"}
    await done(cases, CORA, f"/cases/{ref}/consents", childs)
    started = await done(cases, CORA, f"{path}/start", {"note": "He was called"})
    assert (started["title"], started["state"]) == (plan["actions"][0]["title"], "started")
    withdrawal = f"/cases/{ref}/consents/{given['consent_id']}/withdrawal"
    await done(cases, CORA, withdrawal, {"reason": "She fears him"})
    await refused(cases, CORA, withdrawal, {}, 409, "consent-withdrawn")
    await refused(cases, CORA, f"{path}/completion", {"note": "x"}, 409, "consent-missing")
    await done(cases, CORA, f"/cases/{ref}/consents", mothers)
    assert (await done(cases, CORA, f"{path}/completion", {"note": "He will visit"}))["done_at"]


async def test_action_done_late_is_met_late_and_done_once(cases) -> None:
    ref, plan = await an_active_case(cases)
    path = f"/cases/{ref}/actions/{plan['actions'][0]['action_id']}/completion"
    cases.clock.forward(days=34)
    future = {"note": "x", "done_at": ahead(cases, minutes=1)}
    problem = await refused(cases, CORA, path, future, 422, "occurred-in-future")
    assert fields(problem) == ["done_at"]
    answer = await done(cases, CORA, path, {"note": "The school met us"})
    assert (answer["title"], answer["state"]) == ("Meeting with the school", "completed")
    assert await states(cases, "plan-action") == ["met-late"]
    assert len(await cases.said(ActionCompleted)) == 1
    await refused(cases, CORA, path, {"note": "x"}, 409, "action-over")


async def test_follow_up_meets_its_duty_and_sets_the_next(cases) -> None:
    ref, plan = await an_active_case(cases)
    track = plan["follow_ups"][0]["follow_up_id"]
    path = f"/cases/{ref}/follow-ups/{track}/records"
    seen_at = cases.clock.forward(days=13)
    cases.clock.forward(days=3)
    body = a_finding(cases, occurred_at=seen_at.isoformat())  # in time, recorded late
    answer = await done(cases, CORA, path, body)
    assert answer["next_due"].startswith((seen_at + timedelta(days=14)).isoformat()[:10])
    assert await states(cases, "follow-up") == ["met", "open"]
    earlier = a_finding(cases, occurred_at=ago(cases, days=9))  # behind the newer one
    assert (await done(cases, CORA, path, earlier))["next_due"] == answer["next_due"]
    assert await states(cases, "follow-up") == ["met", "open"]


async def test_follow_up_in_the_future_is_refused(cases) -> None:
    ref, plan = await an_active_case(cases)
    path = f"/cases/{ref}/follow-ups/{plan['follow_ups'][0]['follow_up_id']}/records"
    body = a_finding(cases, occurred_at=ahead(cases, minutes=1))
    problem = await refused(cases, CORA, path, body, 422, "occurred-in-future")
    assert fields(problem) == ["occurred_at"]
    assert await states(cases, "follow-up") == ["open"]


async def test_finding_for_the_worse_calls_for_a_reassessment(cases) -> None:
    ref, plan = await an_active_case(cases)
    path = f"/cases/{ref}/follow-ups/{plan['follow_ups'][0]['follow_up_id']}/records"
    cases.clock.forward(days=5)
    await done(cases, CORA, path, a_finding(cases, finding="worse"))
    assert "re-assessment" in await open_steps(cases, ref)
    answer = await done(
        cases, CORA, f"/cases/{ref}/comprehensive-assessment", an_assessment(needs=["Safety"])
    )
    assert answer["status"] == "active"
    assert await states(cases, "re-assessment") == ["met"]


async def test_two_findings_for_the_worse_are_two_reasons_for_one_reassessment(cases) -> None:
    ref, plan = await an_active_case(cases)
    path = f"/cases/{ref}/follow-ups/{plan['follow_ups'][0]['follow_up_id']}/records"
    cases.clock.forward(days=5)
    await done(cases, CORA, path, a_finding(cases, finding="worse"))
    due = (await open_steps(cases, ref))["re-assessment"]
    cases.clock.forward(days=2)
    await done(cases, CORA, path, a_finding(cases, finding="worse"))
    assert await states(cases, "re-assessment") == ["open"]
    assert (await open_steps(cases, ref))["re-assessment"] == due
    rows = await cases.rows("SELECT change, because FROM deadline_changes")
    assert {"change": "another-reason", "because": "situation.worsened"} in rows
    lines = (await cases.get(CORA, f"/cases/{ref}/chronology")).json()["items"]
    assert [each["fact"] for each in lines].count("situation.worsened") == 2
    await done(cases, CORA, f"/cases/{ref}/risk", {"risk": "imminent", "reason": "Threats"})
    await done(cases, CORA, path, a_finding(cases, finding="worse"))
    assert sorted(await states(cases, "re-assessment")) == ["cancelled", "open"]
    earlier = (await open_steps(cases, ref))["re-assessment"]
    assert earlier == cases.clock.at + timedelta(hours=24)
    await done(cases, CORA, f"/cases/{ref}/comprehensive-assessment", an_assessment())
    assert sorted(await states(cases, "re-assessment")) == ["cancelled", "met"]


async def test_higher_risk_quickens_follow_ups_that_have_no_rhythm_of_their_own(cases) -> None:
    own, packs = a_follow_up(cases), {"with": "school", "method": "call"}
    ref, _ = await an_active_case(cases, follow_ups=[own, packs])
    await done(cases, CORA, f"/cases/{ref}/risk", {"risk": "imminent", "reason": "Threats"})
    assert sorted(await states(cases, "follow-up")) == ["cancelled", "open", "open"]
    assert (await open_steps(cases, ref))["follow-up"]
    rows = await cases.rows("SELECT due_at FROM deadlines WHERE step = 'follow-up' ORDER BY due_at")
    assert rows[0]["due_at"] == cases.clock.at + timedelta(days=1)


async def test_only_the_caseworker_and_the_supervisor_record(cases) -> None:
    ref = await a_registered_case(cases)
    body = an_initial_assessment(cases)
    await refused(cases, CARL, f"/cases/{ref}/initial-assessment", body, 404, "not-found")
    hidden = await cases.rows("SELECT staff_id, outcome FROM audit WHERE outcome = 'hidden'")
    assert [row["staff_id"] for row in hidden] == ["carl"]
    await done(cases, SAMI, f"/cases/{ref}/initial-assessment", body)


async def test_what_is_not_there_answers_like_what_is_hidden(cases) -> None:
    ref, plan = await an_active_case(cases)
    other = (await done(cases, CORA, "/cases", a_new_case()))["case_ref"]
    action = plan["actions"][0]["action_id"]
    for path, body in [
        (f"/cases/{other}/actions/{action}/completion", {"note": "x"}),  # another case's
        (f"/cases/{ref}/actions/{NOBODY}/completion", {"note": "x"}),
        (f"/cases/{ref}/follow-ups/{NOBODY}/records", a_finding(cases)),
        (f"/cases/{ref}/consents/{NOBODY}/withdrawal", {}),
        ("/cases/TL-0000-0000-0/risk", {"risk": "low", "reason": "x"}),
        (f"/deadlines/{NOBODY}/acknowledgement", {}),
    ]:
        await refused(cases, CORA, path, body, 404, "not-found")
    await refused(
        cases, CORA, "/cases/TL-1234/risk", {"risk": "low", "reason": "x"}, 422, "malformed"
    )


async def test_chronology_says_whether_a_follow_up_was_announced(cases) -> None:
    ref, plan = await an_active_case(cases)
    path = f"/cases/{ref}/follow-ups/{plan['follow_ups'][0]['follow_up_id']}/records"
    for announced in (True, False):
        cases.clock.forward(days=3)
        await done(cases, CORA, path, a_finding(cases, announced=announced))
    lines = (await cases.get(CORA, f"/cases/{ref}/chronology")).json()["items"]
    made = [each["codes"] for each in lines if each["fact"] == "follow-up.recorded"]
    assert [each["announced"] for each in made] == [True, False]
    assert [each["method"] for each in made] == ["home-visit", "home-visit"]
