"""The goal's measures: ids, readings, duties to look, and what is reached."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from contracts.events.cases import GoalMeasured
from tests.services.cases.conftest import (
    CARL,
    CLEO,
    CORA,
    a_goal,
    a_plan,
    ago,
    ahead,
    an_active_case,
    an_assessed_case,
    done,
    fields,
    open_steps,
    refused,
    states,
)

UNKNOWN = "0192f0c1-2b3c-7d4e-8f50-a1b2c3d4e5f6"


def by(served, **length):
    return (served.clock.at + timedelta(**length)).date().isoformat()


def nights(**changes):
    return {
        "text": "Nights at home",
        "baseline": 2,
        "target": 7,
        "unit": "nights a week",
    } | changes


def a_reading(served, **changes):
    return {"measured_at": ago(served, minutes=5)} | changes


async def a_measured_case(served, *measures):
    ref = await an_assessed_case(served)
    body = a_plan(served, goal=a_goal(served, measures=list(measures)))
    plan = await done(served, CORA, f"/cases/{ref}/plan", body)
    return ref, [each["measure_id"] for each in plan["measures"]]


async def test_measures_in_words_and_in_numbers_are_read_and_told_with_the_goal(cases) -> None:
    ref, (talk, home) = await a_measured_case(cases, "Monthly talk", nights())
    cases.clock.forward(days=7)
    readings = f"/cases/{ref}/measures/{home}/readings"
    await done(cases, CORA, readings, a_reading(cases, value=4.5, note="Better"))
    answer = await done(
        cases, CORA, f"/cases/{ref}/measures/{talk}/readings", a_reading(cases, reached=True)
    )
    assert (answer["reached"], answer["share_reached"]) == (True, 0.5)
    goal = (await cases.get(CORA, f"/cases/{ref}/goal")).json()
    assert (goal["plan_version"], goal["reached"], goal["share_reached"]) == (1, 1, 0.5)
    assert "measures" not in goal["goal"]
    words, numbers = goal["measures"]
    assert (words["text"], words["reached"], "target" in words) == ("Monthly talk", True, False)
    assert (numbers["target"], numbers["unit"], numbers["share_of_way"]) == (
        7.0,
        "nights a week",
        0.5,
    )
    assert numbers["readings"][0]["value"] == 4.5
    assert numbers["readings"][0]["note"] == "Better"
    page = (await cases.get(CORA, f"/cases/{ref}/file.html")).text
    assert "Nights at home" in page
    assert "nights a week" in page
    said = await cases.said(GoalMeasured)
    assert [each["reached"] for each in said] == [False, True]
    assert "4.5" not in str(said)
    cases.clock.forward(days=7)
    answer = await done(cases, CORA, readings, a_reading(cases, value=7))
    assert (answer["reached"], answer["share_reached"]) == (True, 1.0)


async def test_measure_with_a_date_is_owed_a_reading_on_it(cases) -> None:
    day = by(cases, days=50)
    ref, (home,) = await a_measured_case(cases, nights(by=day))
    due = (await open_steps(cases, ref))["goal-measure"].astimezone(ZoneInfo("Europe/Berlin"))
    assert f"{due:%Y-%m-%d %H:%M}" == f"{day} 23:59"
    path = f"/cases/{ref}/measures/{home}/readings"
    cases.clock.forward(days=5)
    await done(cases, CORA, path, a_reading(cases, value=3))
    assert await states(cases, "goal-measure") == ["open"]  # too early to settle it
    cases.clock.forward(days=20)
    await done(cases, CORA, path, a_reading(cases, value=7))
    assert await states(cases, "goal-measure") == ["met"]


async def test_same_measure_in_a_new_plan_goes_on_with_its_readings(cases) -> None:
    dated = nights(by=by(cases, days=60))
    ref, (talk, home) = await a_measured_case(cases, "Monthly talk", dated)
    path = f"/cases/{ref}/measures/{talk}/readings"
    await done(cases, CORA, path, a_reading(cases, reached=True))
    cases.clock.forward(days=3)
    changed = dated | {"target": 6}
    body = a_plan(cases, goal=a_goal(cases, measures=[changed, "Monthly talk"]))
    plan = await done(cases, CORA, f"/cases/{ref}/plan", body)
    fresh, kept = (each["measure_id"] for each in plan["measures"])
    assert (kept, fresh != home) == (talk, True)
    assert sorted(await states(cases, "goal-measure")) == ["cancelled", "open"]
    goal = (await cases.get(CORA, f"/cases/{ref}/goal")).json()
    assert [each["reached"] for each in goal["measures"]] == [False, True]
    path = f"/cases/{ref}/measures/{home}/readings"
    await refused(cases, CORA, path, a_reading(cases, value=7), 409, "measure-over")


async def test_reading_that_does_not_fit_is_refused(cases) -> None:
    ref, (talk, home) = await a_measured_case(cases, "Monthly talk", nights())
    for measure, changes, code, field in [
        (talk, {}, "reading-unfit", "reached"),
        (talk, {"value": 3}, "reading-unfit", "reached"),
        (home, {}, "reading-unfit", "value"),
        (home, {"value": 7, "reached": True}, "reading-unfit", "value"),
        (home, {"value": 7, "measured_at": ahead(cases, hours=1)}, "occurred-in-future", None),
        (home, {"value": 7, "measured_at": ago(cases, days=90)}, "before-registration", None),
    ]:
        path = f"/cases/{ref}/measures/{measure}/readings"
        problem = await refused(cases, CORA, path, a_reading(cases, **changes), 422, code)
        assert fields(problem) == [field or "measured_at"]
    path = f"/cases/{ref}/measures/{UNKNOWN}/readings"
    await refused(cases, CORA, path, a_reading(cases, reached=True), 404, "not-found")
    path = f"/cases/{ref}/measures/{talk}/readings"
    await refused(cases, CLEO, path, a_reading(cases, reached=True), 404, "not-found")


async def test_half_a_target_or_a_date_beyond_the_goal_is_refused(cases) -> None:
    ref = await an_assessed_case(cases)
    for measure, code, part in [
        (nights(target=None), "measure-incomplete", "target"),
        (nights(unit=""), "measure-incomplete", "unit"),
        (nights(baseline=7), "measure-incomplete", "target"),
        (nights(by=by(cases, days=400)), "measure-out-of-time", "by"),
        (nights(by=by(cases, days=-1)), "measure-out-of-time", "by"),
    ]:
        body = a_plan(cases, goal=a_goal(cases, measures=["In words", measure]))
        problem = await refused(cases, CORA, f"/cases/{ref}/plan", body, 422, code)
        assert fields(problem) == [f"goal.measures.1.{part}"]
    assert (await cases.get(CORA, f"/cases/{ref}/goal")).status_code == 404


async def test_goal_is_read_by_those_who_see_the_plan(cases) -> None:
    ref, _ = await an_active_case(cases)
    for who, status in [(CORA, 200), (CARL, 200), (CLEO, 404)]:
        assert (await cases.get(who, f"/cases/{ref}/goal")).status_code == status


async def test_measures_not_reached_are_told_when_the_goals_are_said_to_be(cases) -> None:
    ref, (talk, _) = await a_measured_case(cases, "Monthly talk", nights())
    path = f"/cases/{ref}/measures/{talk}/readings"
    await done(cases, CORA, path, a_reading(cases, reached=True))
    answer = await done(cases, CORA, f"/cases/{ref}/goals-achieved", {"note": "Reached"})
    assert [each["text"] for each in answer["measures_not_reached"]] == ["Nights at home"]
