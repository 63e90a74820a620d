"""Measures of each version of a plan, and their readings. Load the case with its viewer before."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import insert, select

from domain.case import Case
from domain.errors import Missing
from domain.goal_progress import Measure, Reading
from infrastructure.unit_of_work import UnitOfWork
from services.cases.store.implementation_tables import goal_measures, measure_readings

READING = "measure-reading"  # the kind of its narrative


async def add(uow: UnitOfWork, case: Case, agreed: Sequence[Measure]) -> None:
    rows = [
        {
            "id": each.id,
            "plan_version": each.plan_version,
            "case_ref": case.ref,
            "place": each.place,
            "by": each.by,
        }
        for each in agreed
    ]
    await uow.connection.execute(insert(goal_measures), rows)


async def of_version(uow: UnitOfWork, case: Case, version: int) -> list[Measure]:
    """In the order of the plan."""
    query = (
        select(goal_measures)
        .where(goal_measures.c.case_ref == case.ref, goal_measures.c.plan_version == version)
        .order_by(goal_measures.c.place)
    )
    return [
        Measure(row.id, row.plan_version, row.place, row.by)
        for row in await uow.connection.execute(query)
    ]


async def newest(uow: UnitOfWork, case: Case, measure_id: UUID) -> Measure:
    """As the latest plan that has it says; raises Missing."""
    query = (
        select(goal_measures)
        .where(goal_measures.c.case_ref == case.ref, goal_measures.c.id == measure_id)
        .order_by(goal_measures.c.plan_version.desc())
        .limit(1)
    )
    row = (await uow.connection.execute(query)).first()
    if row is None:
        raise Missing
    return Measure(row.id, row.plan_version, row.place, row.by)


async def add_reading(uow: UnitOfWork, case: Case, reading: Reading) -> None:
    await uow.connection.execute(
        insert(measure_readings).values(
            id=reading.id,
            case_ref=case.ref,
            measure_id=reading.measure_id,
            measured_at=reading.measured_at,
            reached=reading.reached,
            recorded_at=reading.recorded_at,
            recorded_by=uow.viewer.staff_id,
        )
    )


async def readings_of(uow: UnitOfWork, case: Case) -> dict[UUID, list[Reading]]:
    """By measure, in the order in which they were taken."""
    query = (
        select(measure_readings)
        .where(measure_readings.c.case_ref == case.ref)
        .order_by(measure_readings.c.measured_at, measure_readings.c.recorded_at)
    )
    found: dict[UUID, list[Reading]] = {}
    for row in await uow.connection.execute(query):
        reading = Reading(row.id, row.measure_id, row.measured_at, row.recorded_at, row.reached)
        found.setdefault(row.measure_id, []).append(reading)
    return found
