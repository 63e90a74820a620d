"""Reading where a measure of the goal stands. Source: practice.md, step 4."""

from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from contracts.events.cases import GoalMeasured
from domain import goal_progress
from domain.case import Case
from domain.disclosure import Action
from domain.goal_progress import Measure, Reading, Target
from domain.vocabulary import Section, SubjectType
from infrastructure.ids import new_id
from infrastructure.unit_of_work import UnitOfWork
from services.cases.commands import happening
from services.cases.commands.audited import audited
from services.cases.commands.practice import practice_of_case
from services.cases.schemas.progress import AgreedMeasure, ReadingAnswer, ReadingBody
from services.cases.store import cases, measures, narratives, plan_texts


@audited("record-measure-reading", Section.PLAN)
async def record_reading(
    uow: UnitOfWork, ref: str, measure_id: UUID, body: ReadingBody
) -> ReadingAnswer:
    """Meets the duty to look, if the measure is reached or its date has come."""
    case = await cases.load(uow, ref, uow.viewer, to=Action.RECORD)
    measure = await measures.newest(uow, case, measure_id)
    target = await _target(uow, case, measure)
    reached = goal_progress.read(
        case, measure, target, body.value, body.reached, body.measured_at, uow.now
    )
    reading = Reading(new_id(), measure.id, body.measured_at, uow.now, reached)
    await measures.add_reading(uow, case, reading)
    told = body.model_dump(mode="json", exclude_none=True) | {"reached": reached}
    await narratives.add(
        uow, case, Section.PLAN, measures.READING, str(measure.id), reading.id, told
    )
    await _say(uow, case, measure, reading)
    agreed = await measures.of_version(uow, case, case.plan_version)
    readings = await measures.readings_of(uow, case)
    share = goal_progress.share_reached(
        [goal_progress.is_reached(readings.get(each.id, ())) for each in agreed]
    )
    return ReadingAnswer(
        reading_id=str(reading.id),
        measure_id=str(measure.id),
        reached=goal_progress.is_reached(readings[measure.id]),
        share_reached=share,
    )


async def not_reached(uow: UnitOfWork, case: Case) -> list[AgreedMeasure]:
    """Measures of the newest plan that no reading shows as reached; load the case with its viewer before."""
    told = await plan_texts.all_of(uow, case, await narratives.key_of(uow, case))
    words = plan_texts.measures_in(told.get(case.plan_version))
    readings = await measures.readings_of(uow, case)
    return [
        AgreedMeasure(measure_id=str(each.id), text=plan_texts.text_of(words[each.place]))
        for each in await measures.of_version(uow, case, case.plan_version)
        if words and not goal_progress.is_reached(readings.get(each.id, ()))
    ]


async def _say(uow: UnitOfWork, case: Case, measure: Measure, reading: Reading) -> None:
    said = GoalMeasured(
        case_ref=case.ref, at=uow.now, measure_id=measure.id, reached=reading.reached
    )
    measured_on = await _day(uow, case, reading)
    await happening.happened(
        uow,
        case,
        said,
        Section.PLAN,
        subject=(SubjectType.ACTION, str(measure.id)),
        at=reading.measured_at,
        counts=goal_progress.settles(measure.by, reading.reached, measured_on),
    )


async def _day(uow: UnitOfWork, case: Case, reading: Reading) -> date:
    """On which day of the agency it was."""
    practice = await practice_of_case(uow, case)
    return reading.measured_at.astimezone(ZoneInfo(practice.zone)).date()


async def _target(uow: UnitOfWork, case: Case, measure: Measure) -> Target | None:
    told = await plan_texts.all_of(uow, case, await narratives.key_of(uow, case))
    words = plan_texts.measures_in(told.get(measure.plan_version))
    return plan_texts.target_of(words[measure.place]) if words else None
