"""A plain exception inside any handler stops no deadline, and is reported."""

from datetime import timedelta

import pytest

from contracts.events import REGISTRY
from contracts.events.timekeeping import WorkflowProblemReported
from infrastructure.ids import new_id
from tests.workflows.props import (
    CASE,
    a_case_ref,
    a_deadline,
    deadline_met,
    deadline_set,
    eventually,
    fact,
    state_of,
)
from tests.workflows.quick import quick_world
from tests.workflows.test_case_lifecycle import registered
from workflows.case_lifecycle.workflow import CaseLifecycle
from workflows.closure.workflow import Closure
from workflows.deadline_watch import DeadlineWatch
from workflows.facts import Facts, FactSignal
from workflows.journey import Journey
from workflows.periodic_review.workflow import PeriodicReview
from workflows.referral_journey.workflow import ReferralJourney

KEEPERS = {
    "case": (CaseLifecycle, "re-assessment"),
    "referral": (ReferralJourney, "referral-answer"),
    "review": (PeriodicReview, "review"),
    "closure": (Closure, "closure-approval"),
}


class Broken(Exception):
    pass


def breaking(*_, **__):
    raise Broken("a plain exception")


async def _breaking_later(*_, **__):
    breaking()


def due_soon(step, start, **given):
    """A deadline of which some moments are past, and which is due a day from the start."""
    length = a_deadline(step, start, **given).due_at - start
    return a_deadline(step, start - length + timedelta(days=1), **given)


def _said(bus, deadline):
    """Due, or a rung beyond it when the machine was slow: a day is half a second here."""
    return lambda: any(each.startswith(("due", "rung")) for each in bus.moments(deadline))


def _problems(bus):
    return [each.problem for each in bus.of(WorkflowProblemReported)]


@pytest.mark.parametrize("kind", KEEPERS)
async def test_a_fact_that_breaks_its_handler_is_reported_and_the_watch_goes_on(
    temporal, bus, monkeypatch, kind
):
    workflow, step = KEEPERS[kind]
    monkeypatch.setattr(workflow, "learn", breaking)
    async with quick_world(temporal, bus) as world:
        key = a_case_ref() if kind == "case" else str(new_id())
        owed = due_soon(step, world.start, subject_id=key)
        handle = await world.begin(kind, key, registered(world.start), deadline_set(owed))
        await eventually(_said(bus, owed))
        await eventually(lambda: len(_problems(bus)) == 2)
        assert sorted(_problems(bus)) == [
            "take.case.registered.v1.broken",
            "take.deadline.set.v1.broken",
        ]
        report = bus.of(WorkflowProblemReported)[0]
        assert (report.workflow, report.workflow_key, report.case_ref) == (workflow.name, key, CASE)
        assert all(problem.reported for problem in (await state_of(handle)).problems)


@pytest.mark.parametrize("kind", KEEPERS)
async def test_a_signal_that_breaks_whole_is_reported_and_the_watch_goes_on(
    temporal, bus, monkeypatch, kind
):
    _, step = KEEPERS[kind]
    async with quick_world(temporal, bus) as world:
        key = a_case_ref() if kind == "case" else str(new_id())
        owed = due_soon(step, world.start, subject_id=key)
        handle = await world.begin(kind, key, deadline_set(owed))
        await state_of(handle)
        monkeypatch.setattr(Journey, "_take", breaking)
        await handle.signal("facts", Facts((fact(registered(world.start)),)))
        await eventually(_said(bus, owed))
        await eventually(lambda: _problems(bus) == ["signal.facts.broken"])


@pytest.mark.parametrize("kind", KEEPERS)
async def test_a_practice_that_breaks_is_reported_and_the_watch_goes_on(
    temporal, bus, monkeypatch, kind
):
    workflow, step = KEEPERS[kind]
    monkeypatch.setattr(workflow, "practice", _breaking_later)
    async with quick_world(temporal, bus) as world:
        key = a_case_ref() if kind == "case" else str(new_id())
        owed = due_soon(step, world.start, subject_id=key)
        await world.begin(kind, key, deadline_set(owed))
        await eventually(_said(bus, owed))
        await eventually(lambda: _problems(bus) == ["practice.broken"])


async def test_a_broken_fact_spoils_neither_its_neighbours_nor_the_deadlines(temporal, bus):
    async with quick_world(temporal, bus) as world:
        key = a_case_ref()
        kept, met = (a_deadline("re-assessment", world.start) for _ in range(2))
        nonsense = FactSignal(str(new_id()), "case.registered.v1", {"case_ref": "nobody"})
        unknown = FactSignal(str(new_id()), "case.vanished.v9", {})
        handle = await world.begin("case", key, deadline_set(met))
        await handle.signal(
            "facts",
            Facts(
                (
                    nonsense,
                    fact(deadline_set(kept)),
                    unknown,
                    fact(deadline_met(met, world.start)),
                )
            ),
        )
        await eventually(_said(bus, kept))
        await eventually(lambda: len(_problems(bus)) == 2)
        assert sorted(_problems(bus)) == [
            "read.case.registered.v1.validationerror",
            "read.case.vanished.v9.keyerror",
        ]
        assert "case.vanished.v9" not in REGISTRY
        assert [each.id for each in (await state_of(handle)).deadlines.values()] == [str(kept.id)]


async def test_a_watch_that_breaks_over_one_deadline_is_tried_again_and_keeps_the_others(
    temporal, bus, monkeypatch
):
    say = DeadlineWatch._say

    async def breaks_over_one(self, deadline, moment):
        if deadline.step == "case-plan":
            breaking()
        await say(self, deadline, moment)

    monkeypatch.setattr(DeadlineWatch, "_say", breaks_over_one)
    async with quick_world(temporal, bus) as world:
        broken = a_deadline("case-plan", world.start - timedelta(days=90))
        sound = a_deadline("re-assessment", world.start)
        await world.begin("case", a_case_ref(), deadline_set(broken), deadline_set(sound))
        await eventually(_said(bus, sound))
        await eventually(lambda: _problems(bus) == ["watch.case-plan.broken"])
