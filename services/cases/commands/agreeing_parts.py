"""The parts that come with a plan: measures with their ids, the meeting, consents to it, needs left unmet.

Source: practice.md, step 4 and section 2.
"""

from collections.abc import Sequence
from datetime import date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from contracts.events.cases import ConsentRecorded
from domain import goal_progress, planning_meeting
from domain.case import Case
from domain.consent import Consent
from domain.cross_reference import Named
from domain.goal_progress import Measure
from domain.planning_meeting import Participant, PlanConsent, PlanningMeeting
from domain.vocabulary import Section, SubjectType
from infrastructure.ids import new_id
from infrastructure.unit_of_work import UnitOfWork
from services.cases.commands import happening, noting_needs
from services.cases.commands.naming import demand_named
from services.cases.schemas.needs import UnmetNeedView
from services.cases.schemas.plan import PlanBody
from services.cases.schemas.planning_meeting import PlanningMeetingBody
from services.cases.schemas.progress import AgreedMeasure, MeasureBody
from services.cases.store import consents, measures, narratives, plan_texts


def demand_sound(case: Case, body: PlanBody, now: datetime, today: date) -> None:
    """Raises Malformed with the part that is wrong."""
    for place, each in enumerate(body.goal.measures):
        if isinstance(each, MeasureBody):
            field = f"goal.measures.{place}"
            plan_texts.target_of(each.model_dump(), field)
            goal_progress.demand_in_time(each.by, body.goal.time_bound, today, f"{field}.by")
    planning_meeting.demand_consents(said_to(body), body.agreed_with)
    if body.planning_meeting is not None:
        planning_meeting.demand_sound(case, _meeting(body.planning_meeting), now)


def said_to(body: PlanBody) -> list[PlanConsent]:
    return [
        PlanConsent(each.person, each.agrees, each.how, each.reason) for each in body.plan_consents
    ]


def texts(body: PlanBody) -> tuple[str, ...]:
    return tuple(_text(each) for each in body.goal.measures)


async def keep_measures(uow: UnitOfWork, case: Case, body: PlanBody) -> list[Measure]:
    """Before the plan's own words are kept: what the plan before measured alike goes on under its id."""
    known = await _before(uow, case)
    words = [
        each if isinstance(each, str) else each.model_dump(mode="json")
        for each in body.goal.measures
    ]
    agreed = [
        Measure(
            id=kept or new_id(),
            plan_version=case.plan_version,
            place=place,
            by=None if isinstance(each, str) else each.by,
        )
        for place, (each, kept) in enumerate(
            zip(body.goal.measures, goal_progress.continued(words, known), strict=True)
        )
    ]
    await measures.add(uow, case, agreed)
    return agreed


async def say(
    uow: UnitOfWork, case: Case, body: PlanBody, agreed: Sequence[Measure], zone: str
) -> list[UnmetNeedView]:
    """What follows from the parts, after the plan itself is said; answers its unmet needs."""
    await _say_meeting(uow, case, body)
    await _say_consents(uow, case, body)
    await _say_measures(uow, case, agreed, zone)
    return await noting_needs.note_of_plan(uow, case, body.unmet_needs)


def answers(body: PlanBody, agreed: Sequence[Measure]) -> list[AgreedMeasure]:
    return [
        AgreedMeasure(measure_id=str(each.id), text=text)
        for each, text in zip(agreed, texts(body), strict=True)
    ]


async def _before(uow: UnitOfWork, case: Case) -> list[tuple[UUID, object]]:
    """Measures of the plan before, with their words."""
    if case.plan_version == 1:
        return []
    version = case.plan_version - 1
    told = await plan_texts.all_of(uow, case, await narratives.key_of(uow, case))
    words = plan_texts.measures_in(told.get(version))
    return [(each.id, words[each.place]) for each in await measures.of_version(uow, case, version)]


async def _say_measures(uow: UnitOfWork, case: Case, agreed: Sequence[Measure], zone: str) -> None:
    """A measure with a date is owed a reading, unless it has been reached under an earlier plan."""
    if all(each.by is None for each in agreed):
        return
    readings = await measures.readings_of(uow, case)
    for each in agreed:
        if each.by is None or goal_progress.is_reached(readings.get(each.id, ())):
            continue
        await happening.happened(
            uow,
            case,
            "measure.agreed",
            Section.PLAN,
            subject=(SubjectType.ACTION, str(each.id)),
            agreed_due=datetime.combine(each.by, time(23, 59), ZoneInfo(zone)),
        )


async def _say_meeting(uow: UnitOfWork, case: Case, body: PlanBody) -> None:
    held = body.planning_meeting
    if held is not None:
        field = "planning_meeting.meeting_id"
        await demand_named(uow, case, held.meeting_id, Named.MEETING, field)
        codes = {
            "participants": sum(each.took_part for each in held.participants),
            "child_took_part": held.child_took_part,
            "meeting_id": str(held.meeting_id) if held.meeting_id else None,
        }
        await happening.happened(
            uow, case, "planning-meeting.held", Section.PLAN, at=held.held_at, codes=codes
        )


async def _say_consents(uow: UnitOfWork, case: Case, body: PlanBody) -> None:
    """Who consents to the plan does so on the record of consents, and may withdraw it there."""
    given = [
        Consent(new_id(), each.person, planning_meeting.CONSENT_PURPOSE, each.how, uow.now)
        for each in body.plan_consents
        if each.how is not None and each.agrees
    ]
    if given:
        await consents.add(uow, case, given)
    for each in given:
        said = ConsentRecorded(
            case_ref=case.ref,
            at=uow.now,
            consent_id=each.id,
            given_by=each.given_by,
            purpose=each.purpose,
        )
        await happening.happened(uow, case, said, Section.CONSENT)


def _meeting(held: PlanningMeetingBody) -> PlanningMeeting:
    return PlanningMeeting(
        held.held_at,
        tuple(Participant(each.who, each.took_part) for each in held.participants),
        held.child_took_part,
        held.why_not,
    )


def _text(measure: str | MeasureBody) -> str:
    return measure if isinstance(measure, str) else measure.text
