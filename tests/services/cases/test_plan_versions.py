"""Versions of a plan and what changed; the meeting, the consents and the unmet needs that come with one."""

from contracts.events.cases import ConsentRecorded, PlanAgreed, PlanNeedMet, PlanNeedUnmet
from tests.services.cases.conftest import (
    CARL,
    CLEO,
    CORA,
    a_follow_up,
    a_goal,
    a_plan,
    a_registered_case,
    ago,
    ahead,
    an_action,
    an_active_case,
    an_assessed_case,
    an_assessment,
    done,
    fields,
    refused,
)

GROUP = {"need": "support-group", "area": "north", "note": "None in the evening"}


def a_meeting(served, **changes):
    body = {
        "held_at": ago(served, hours=2),
        "participants": [
            {"who": "child", "took_part": True},
            {"who": "mother", "took_part": True},
            {"who": "school", "took_part": False},
        ],
        "child_took_part": True,
    }
    return body | changes


async def test_every_version_stays_readable_with_what_became_of_it(cases) -> None:
    ref, plan = await an_active_case(cases)
    action = plan["actions"][0]["action_id"]
    await done(cases, CORA, f"/cases/{ref}/actions/{action}/completion", {"note": "Held"})
    cases.clock.forward(days=5)
    await done(cases, CORA, f"/cases/{ref}/plan", a_plan(cases))
    items = (await cases.get(CARL, f"/cases/{ref}/plan/versions")).json()["items"]
    assert [(each["version"], each["completed"], each["is_current"]) for each in items] == [
        (1, 1, False),
        (2, 0, True),
    ]
    first = (await cases.get(CORA, f"/cases/{ref}/plan/versions/1")).json()
    assert first["content"]["goal"]["specific"] == "Noor's wellbeing improves"
    assert [each["state"] for each in first["planned"]] == ["completed"]
    assert [each["replaced"] for each in first["follow_ups"]] == [True]
    assert [each["text"] for each in first["measures"]] == [
        "Regular assessments",
        "School feedback",
    ]
    assert (await cases.get(CORA, f"/cases/{ref}/plan/versions/3")).status_code == 404
    assert (await cases.get(CLEO, f"/cases/{ref}/plan/versions")).status_code == 404
    ref = await an_assessed_case(cases)
    assert (await cases.get(CORA, f"/cases/{ref}/plan/versions")).json() == {"items": []}


async def test_differences_of_two_versions_are_told_in_structure_and_in_sentences(cases) -> None:
    before = [an_action(cases), an_action(cases, title="A letter", answers=["need-2"])]
    ref, _ = await an_active_case(cases, actions=before)
    after = a_plan(
        cases,
        goal=a_goal(cases, specific="Noor feels safe"),
        actions=[
            before[0] | {"due": ahead(cases, days=60), "responsible": "school"},
            an_action(cases, title="A group", answers=["risk-1"]),
        ],
        follow_ups=[a_follow_up(cases, rhythm=[{"every": "1 weeks"}])],
        unmet_needs=[GROUP],
    )
    await done(cases, CORA, f"/cases/{ref}/plan", after)
    path = f"/cases/{ref}/plan/differences?from=1&to=2"
    told = (await cases.get(CORA, path)).json()
    assert (told["before"], told["after"], told["zone"]) == (1, 2, "Europe/Berlin")
    found = {(each["part"], each["change"]): each for each in told["items"]}
    assert set(found) == {
        ("goal", "changed"),
        ("need", "dropped"),
        ("action", "changed"),
        ("action", "dropped"),
        ("action", "added"),
        ("follow-up", "changed"),
        ("unmet-need", "added"),
    }
    assert found["need", "dropped"]["what"] == "Support for the mother"
    moved = found["action", "changed"]
    assert (moved["before"]["responsible"], moved["after"]["responsible"]) == (
        "caseworker",
        "school",
    )
    assert "every week instead of" in found["follow-up", "changed"]["sentence"]
    # Her team sees the plan and no assessment: what is answered is named by its key.
    told = (await cases.get(CARL, path)).json()
    (dropped,) = [each for each in told["items"] if each["part"] == "need"]
    assert dropped["what"] == "need-2"
    path = f"/cases/{ref}/plan/differences?from=1&to=3"
    assert (await cases.get(CORA, path)).status_code == 404


async def test_what_was_completed_is_told_as_done_and_an_open_need_is_not_told_as_dropped(
    cases,
) -> None:
    ref, plan = await an_active_case(cases, unmet_needs=[GROUP])
    action = plan["actions"][0]["action_id"]
    await done(cases, CORA, f"/cases/{ref}/actions/{action}/completion", {"note": "Held"})
    cases.clock.forward(days=5)
    again = an_action(cases, title="A letter", answers=["need-2"])
    await done(cases, CORA, f"/cases/{ref}/plan", a_plan(cases, actions=[again]))
    path = f"/cases/{ref}/plan/differences?from=1&to=2"
    items = (await cases.get(CORA, path)).json()["items"]
    changes = {(each["part"], each["change"]) for each in items}
    assert ("action", "done") in changes
    assert not {("action", "dropped"), ("need", "dropped"), ("unmet-need", "dropped")} & changes
    assert ("unmet-need", "still-unmet") in changes
    need = plan["unmet_needs"][0]["need_id"]
    await done(cases, CORA, f"/cases/{ref}/unmet-needs/{need}/met", {})
    items = (await cases.get(CORA, path)).json()["items"]
    (met,) = [each for each in items if each["part"] == "unmet-need"]
    assert (met["change"], met["what"]) == ("met", "support-group in north")
    assert met["sentence"].startswith("The unmet need “support-group in north” has been met, on ")


async def test_planning_meeting_and_consents_are_on_the_record_of_the_plan(cases) -> None:
    ref = await an_assessed_case(cases)
    body = a_plan(
        cases,
        planning_meeting=a_meeting(cases),
        agreed_with=["mother"],
        plan_consents=[
            {"person": "mother", "agrees": True, "how": "written"},
            {"person": "child", "agrees": False, "reason": "She wants to change school"},
        ],
    )
    await done(cases, CORA, f"/cases/{ref}/plan", body)
    shown = (await cases.get(CORA, f"/cases/{ref}")).json()
    content = shown["plan"]["versions"][0]["content"]
    assert content["planning_meeting"]["participants"][2]["took_part"] is False
    assert content["plan_consents"][1]["reason"] == "She wants to change school"
    assert [each["purpose"] for each in shown["consent"]][-1] == "case-plan"
    lines = (await cases.get(CORA, f"/cases/{ref}/chronology")).json()["items"]
    (held,) = [each for each in lines if each["fact"] == "planning-meeting.held"]
    assert (held["codes"]["participants"], held["codes"]["child_took_part"]) == (2, True)
    assert [each["purpose"] for each in await cases.said(ConsentRecorded)][-1] == "case-plan"
    assert "change school" not in str(await cases.said())


async def test_meeting_or_consent_that_is_not_clear_is_refused(cases) -> None:
    ref = await an_assessed_case(cases)
    child = {"who": "child", "took_part": True}
    away = {"who": "child", "took_part": False}
    unheard = a_meeting(
        cases, child_took_part=False, participants=[{"who": "mother", "took_part": True}]
    )
    for changes, code, field in [
        ({"planning_meeting": unheard}, "child-not-heard", "planning_meeting.why_not"),
        (
            {"planning_meeting": a_meeting(cases, participants=[child, child])},
            "participant-twice",
            "planning_meeting.participants",
        ),
        (
            {"planning_meeting": a_meeting(cases, participants=[away])},
            "meeting-empty",
            "planning_meeting.participants",
        ),
        (
            {"planning_meeting": a_meeting(cases, held_at=ahead(cases, hours=1))},
            "occurred-in-future",
            "planning_meeting.held_at",
        ),
        (
            {"plan_consents": [{"person": "child", "agrees": True}]},
            "plan-consent-unclear",
            "plan_consents.0.how",
        ),
        (
            {"plan_consents": [{"person": "child", "agrees": False, "reason": "No"}]},
            "plan-consent-unclear",
            "plan_consents.0.agrees",
        ),
    ]:
        body = a_plan(cases, **changes)
        problem = await refused(cases, CORA, f"/cases/{ref}/plan", body, 422, code)
        assert fields(problem) == [field]
    assert not await cases.said(PlanAgreed)


async def test_unmet_need_of_a_plan_is_counted_once_until_a_service_is_found(cases) -> None:
    ref, plan = await an_active_case(cases, unmet_needs=[GROUP])
    (need,) = plan["unmet_needs"]
    cases.clock.forward(days=3)
    again = await done(cases, CORA, f"/cases/{ref}/plan", a_plan(cases, unmet_needs=[GROUP]))
    assert again["unmet_needs"][0]["need_id"] == need["need_id"]
    (said,) = await cases.said(PlanNeedUnmet)
    assert (said["need"], said["area"]) == ("support-group", "north")
    path = f"/cases/{ref}/unmet-needs"
    await refused(cases, CORA, path, GROUP, 409, "need-already-noted")
    met = f"{path}/{need['need_id']}/met"
    answer = await done(cases, CORA, met, {"note": "A new group opened"})
    assert answer["met_by"] == "cora"
    await refused(cases, CORA, met, {}, 409, "need-met")
    assert len(await cases.said(PlanNeedMet)) == 1
    await done(cases, CORA, path, GROUP | {"area": "south"})
    await done(cases, CORA, path, {"need": "support-group", "area": "north"})  # unmet once more
    items = (await cases.get(CARL, path)).json()["items"]
    assert [("met_at" in each, each.get("note")) for each in items] == [
        (True, "None in the evening"),
        (False, "None in the evening"),
        (False, None),
    ]
    assert "evening" not in str(await cases.said())
    await refused(cases, CLEO, path, GROUP, 404, "not-found")


async def test_cause_that_no_action_addresses_is_seen(cases) -> None:
    ref = await an_assessed_case(cases)
    body = an_assessment(causes=["The separation", "Debts"])
    await done(cases, CORA, f"/cases/{ref}/comprehensive-assessment", body)
    plan = a_plan(cases, actions=[an_action(cases, answers=["need-1", "cause-1"])])
    answer = await done(cases, CORA, f"/cases/{ref}/plan", plan)
    assert answer["untouched_causes"] == ["cause-2"]


async def test_consent_is_on_the_record_with_when_it_was_given(cases) -> None:
    earlier = ago(cases, days=1)
    consent = {
        "given_by": "mother",
        "how": "spoken",
        "purposes": ["case-management"],
        "explained": True,
        "given_at": earlier,
    }
    ref = await a_registered_case(cases, consent=consent)
    path = f"/cases/{ref}/consents"
    body = {"given_by": "child", "purpose": "school", "how": "spoken"}
    await done(cases, CORA, path, body | {"given_at": earlier})
    await done(cases, CORA, path, body)
    future = body | {"given_at": ahead(cases, hours=1)}
    await refused(cases, CORA, path, future, 422, "occurred-in-future")
    shown = (await cases.get(CORA, f"/cases/{ref}")).json()["consent"]
    assert [each["given_at"] < each["recorded_at"] for each in shown] == [True, True, False]
