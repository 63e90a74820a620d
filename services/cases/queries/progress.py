"""How far the goal of the newest plan has come, by its own measures."""

from typing import Any

from domain import goal_progress
from domain.errors import Missing
from domain.goal_progress import Measure, Reading
from domain.vocabulary import Section
from infrastructure.unit_of_work import UnitOfWork
from services.cases.queries.sections import case_seen
from services.cases.schemas.progress import GoalView, MeasureView, ReadingView
from services.cases.store import measures, narratives, plan_texts
from services.cases.store.narratives import Narrative
from services.cases.store.plan_texts import Measured


async def goal_of(uow: UnitOfWork, typed: str) -> GoalView:
    """Raises Missing before there is a plan, and Hidden alike."""
    case = await case_seen(uow, typed, "read-goal", Section.PLAN)
    if not case.plan_version:
        raise Missing
    key = await narratives.key_of(uow, case)
    told = await narratives.all_of(uow, case, uow.viewer, key, (measures.READING,))
    plan = (await plan_texts.all_of(uow, case, key)).get(case.plan_version)
    words = plan_texts.measures_in(plan)
    readings = await measures.readings_of(uow, case)
    by_id = {each.id: each for each in told}
    shown = [
        _measure(each, words[each.place] if words else None, readings.get(each.id, []), by_id)
        for each in await measures.of_version(uow, case, case.plan_version)
    ]
    reached = [each.reached for each in shown]
    return GoalView(
        plan_version=case.plan_version,
        goal=_goal(plan),
        measures=shown,
        reached=sum(reached),
        share_reached=goal_progress.share_reached(reached),
    )


def _measure(
    measure: Measure, words: Measured | None, readings: list[Reading], told: dict[Any, Narrative]
) -> MeasureView:
    shown = [_reading(each, told[each.id]) for each in readings]
    target = plan_texts.target_of(words) if words is not None else None
    last = goal_progress.latest(readings)
    value = next((each.value for each in shown if last and each.reading_id == str(last.id)), None)
    return MeasureView(
        measure_id=str(measure.id),
        text=plan_texts.text_of(words) if words is not None else None,
        baseline=target.baseline if target else None,
        target=target.target if target else None,
        unit=words["unit"] or None if isinstance(words, dict) else None,
        by=measure.by,
        reached=goal_progress.is_reached(readings),
        share_of_way=goal_progress.share_of_way(target, value)
        if target and value is not None
        else None,
        readings=shown,
    )


def _reading(reading: Reading, told: Narrative) -> ReadingView:
    words = told.content or {}
    return ReadingView(
        reading_id=str(reading.id),
        measured_at=reading.measured_at,
        recorded_at=reading.recorded_at,
        recorded_by=told.recorded_by,
        reached=reading.reached,
        value=words.get("value"),
        note=words.get("note") or None,
    )


def _goal(plan: Narrative | None) -> dict[str, Any] | None:
    """Its parts without the measures, which are shown one by one."""
    if plan is None or plan.content is None:
        return None
    return {name: told for name, told in plan.content["goal"].items() if name != "measures"}
