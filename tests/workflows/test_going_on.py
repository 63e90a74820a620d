"""On the real server: going on afresh, facts told twice, the bus away, a worker that stops and one that starts."""

import asyncio
from datetime import timedelta

from temporalio.worker import UnsandboxedWorkflowRunner

from contracts.events import cases as c
from contracts.events.timekeeping import WorkflowProblemReported
from domain.vocabulary import Risk
from infrastructure.clock import RealClock, wall_now
from infrastructure.ids import new_id
from infrastructure.settings import Settings
from tests.workflows.props import (
    CASE,
    NoDeliveries,
    a_case_ref,
    a_deadline,
    deadline_met,
    deadline_set,
    eventually,
    fact,
    state_of,
    tell,
)
from tests.workflows.quick import quick_world
from workflows import stuck_watch
from workflows.case_lifecycle.messages import Stage
from workflows.complaints import Complaints
from workflows.facts import REMEMBERED, Facts, remember
from workflows.journey import Journey
from workflows.stuck_watch import StuckWatch, WatchedRunner
from workflows.worker import new_worker


def risk_changed(at):
    return c.RiskChanged(case_ref=CASE, at=at, before=Risk.LOW, after=Risk.MEDIUM)


async def test_a_long_case_goes_on_afresh_and_keeps_its_stage_its_deadlines_and_what_it_has_heard(
    temporal, bus
):
    async with quick_world(temporal, bus, continue_as_new_after=20) as world:
        far = a_deadline("case-plan", wall_now() + timedelta(days=400))
        first = fact(deadline_set(far))
        case = await world.begin("case", a_case_ref())
        await case.signal("facts", Facts((first,)))
        begun = (await case.describe()).run_id
        assessed = c.InitialAssessmentRecorded(case_ref=CASE, at=world.start, risk=Risk.LOW)
        await tell(case, assessed)

        async def is_another_run():
            await tell(case, risk_changed(world.start))
            await state_of(case)
            return (await case.describe()).run_id != begun

        async with asyncio.timeout(30):
            while not await is_another_run():
                continue
        met = fact(deadline_met(far, world.start))
        await case.signal("facts", Facts((met,)))
        # Told again after going on afresh: a deadline that is met does not come back.
        await case.signal("facts", Facts((first, met)))
        state = await state_of(case)
        assert state.stage is Stage.UNDERSTANDING
        assert state.deadlines == {}
        assert state.handled.count(first.event_id) == 1
        assert state.problems == []


async def test_while_the_bus_is_away_facts_are_taken_and_afterwards_each_moment_is_said(
    temporal, bus
):
    async with quick_world(temporal, bus) as world:
        bus.away = True
        one, other, met = (a_deadline("re-assessment", world.start) for _ in range(3))
        case = await world.begin("case", a_case_ref(), deadline_set(one))
        await eventually(lambda: bus.refused > 0)
        await tell(case, deadline_set(other), deadline_set(met), deadline_met(met, world.start))
        state = await state_of(case)
        assert {each.id for each in state.deadlines.values()} == {str(one.id), str(other.id)}
        await eventually(lambda: bus.refused > 2)
        bus.away = False
        await eventually(lambda: bus.moments(one)[-1:] == ["rung-2"], within=40)
        await eventually(lambda: bus.moments(other)[-1:] == ["rung-2"], within=40)
        assert len({each.id for each in bus.envelopes}) == len(bus.envelopes)


async def test_what_fell_due_while_no_worker_ran_is_said_once_the_highest_only(temporal, bus):
    async with quick_world(temporal, bus, working=False) as world:
        owed = a_deadline("re-assessment", world.start)
        async with world.worker():
            case = await world.begin("case", a_case_ref(), deadline_set(owed))
            await state_of(case)
        before = list(bus.moments(owed))
        last = world.clock.wall_at(owed.moments[-1].at)
        await eventually(lambda: wall_now() > last)
        async with world.worker():
            await eventually(lambda: bus.moments(owed)[-1:] == ["rung-2"])
            assert (await state_of(case)).problems == []
        assert len(bus.moments(owed)) <= len(before) + 1


async def test_a_case_whose_tasks_fail_again_and_again_is_reported_once(temporal, bus, monkeypatch):
    async def breaks_past_the_guard(*_):
        raise RuntimeError("outside of every guard")

    monkeypatch.setattr(Journey, "see_through", breaks_past_the_guard)
    monkeypatch.setattr(stuck_watch, "EVERY_SECONDS", 0.05)
    monkeypatch.setattr(stuck_watch, "IN_A_ROW", 2)
    async with quick_world(temporal, bus, working=False) as world:
        watch = StuckWatch()
        runner = WatchedRunner(UnsandboxedWorkflowRunner(), watch)
        settings = Settings(temporal_task_queue=world.task_queue)
        watching = asyncio.create_task(watch.run(Complaints(bus, RealClock())))
        key = a_case_ref()
        async with new_worker(temporal, settings, bus, NoDeliveries(), runner):
            await world.begin("case", key)
            await eventually(lambda: bus.of(WorkflowProblemReported), within=40)
        watching.cancel()
        report = bus.of(WorkflowProblemReported)
        assert [(each.workflow, each.workflow_key, each.problem) for each in report] == [
            ("case", key, "stuck.task-fails")
        ]


def test_events_are_remembered_within_bounds():
    handled: list[str] = []
    told = [str(new_id()) for _ in range(REMEMBERED + 20)]
    assert all(remember(handled, each) for each in told)
    assert not remember(handled, told[-1])
    assert len(handled) == REMEMBERED
