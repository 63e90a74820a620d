"""Asks agencies for their reports, takes them, and lets go of those that are no longer needed."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from contracts.events.reviews import ReportAsked, ReportReceived
from domain import disclosure, reporting
from domain.disclosure import Action, Viewer
from domain.errors import Malformed
from domain.meeting_states import ReviewNotConvened
from domain.reporting import Report, ReportNotNeeded
from infrastructure import deadlines
from infrastructure.ids import new_id
from infrastructure.unit_of_work import UnitOfWork
from services.reviews.commands import gathering
from services.reviews.commands.directory import demand_agencies
from services.reviews.commands.facts import fact_about
from services.reviews.commands.gathering import Gathering
from services.reviews.schemas.reports import AskedAgency, ReportBody, ReportRequest, ReportView
from services.reviews.store import colleagues, involvement, meetings, reports, reviews


async def ask_of_review(
    uow: UnitOfWork, review_id: UUID, request: ReportRequest, viewer: Viewer
) -> None:
    """By chair, caseworker or supervisor; raises Hidden and what ask_reports raises."""
    seen = await reviews.load(uow, review_id, viewer, lock=True)
    custody = seen.case.custody(seen.review.chair_id)
    disclosure.demand(viewer, custody, Action.ASK_REPORTS)
    await ask_reports(uow, gathering.of_review(seen), request)


async def ask_of_meeting(
    uow: UnitOfWork, meeting_id: UUID, request: ReportRequest, viewer: Viewer
) -> None:
    """By leader, caseworker or supervisor; raises Hidden and what ask_reports raises."""
    seen = await meetings.load(uow, meeting_id, viewer, lock=True)
    custody = seen.case.custody(seen.meeting.chair_id)
    disclosure.demand(viewer, custody, Action.ASK_REPORTS)
    await ask_reports(uow, gathering.of_meeting(seen), request)


async def ask_reports(uow: UnitOfWork, of: Gathering, request: ReportRequest) -> None:
    """Of the agencies named, or of all involved that were not asked yet. Raises refusals and Malformed."""
    if not of.stands:
        raise ReportNotNeeded
    if of.meeting_at is None:
        raise ReviewNotConvened
    due_at = request.due_at or reporting.due_at(of.pack(uow), of.meeting_at, uow.now)
    if due_at <= uow.now:
        raise Malformed("A report is asked for by a moment to come.", field="due_at")
    for asked in await _to_ask(uow, of, request.agencies):
        await _ask(uow, of, asked, due_at)


async def ask_if_practice(uow: UnitOfWork, of: Gathering) -> None:
    """Where the pack says so, whoever is involved and not asked yet is asked once there is a date."""
    if of.meeting_at is not None and reporting.asked_automatically(of.pack(uow)):
        await ask_reports(uow, of, ReportRequest())


async def give_report(
    uow: UnitOfWork, asked_for: UUID, report_id: UUID, body: ReportBody, viewer: Viewer
) -> ReportView:
    """By the agency that was asked; raises Hidden, ReportReceivedAlready, ReportNotNeeded."""
    seen = await reports.load(uow, asked_for, report_id, viewer)
    reporting.demand_author(seen.report, viewer, seen.case.custody())
    received = reporting.receive(seen.report, viewer.staff_id, uow.now)
    await reports.save(uow, received, body.text)
    uow.audit("report.received", received.case_ref)
    uow.emit(ReportReceived(case_ref=received.case_ref, at=uow.now, report_id=received.id))
    fact = fact_about(seen.case, received.id, "report.received", uow.now)
    await deadlines.follow(uow, fact)
    return ReportView.of(received, seen.meeting_at, body.text)


async def move_reports(uow: UnitOfWork, of: Gathering) -> None:
    """The meeting has another date: what is still awaited is owed before that one."""
    if of.meeting_at is None:
        return
    due_at = reporting.due_at(of.pack(uow), of.meeting_at, uow.now)
    for report in await reports.of(uow, of.id):
        if not report.is_awaited or report.due_at == due_at:
            continue
        await reports.save(uow, replace(report, due_at=due_at))
        fact = fact_about(
            of.case, report.id, "report.moved", uow.now, fact_id=new_id(), due_at=due_at
        )
        await deadlines.follow(uow, fact)


async def drop_reports(uow: UnitOfWork, of: Gathering) -> None:
    """Held or cancelled: nobody is chased for what nobody will read before it."""
    for report in await reports.of(uow, of.id):
        if report.is_awaited:
            await reports.save(uow, replace(report, dropped=True))
            fact = fact_about(of.case, report.id, "report.dropped", uow.now, fact_id=new_id())
            await deadlines.follow(uow, fact)


async def _to_ask(
    uow: UnitOfWork, of: Gathering, named: list[AskedAgency] | None
) -> list[AskedAgency]:
    before = [each.agency_id for each in await reports.of(uow, of.id)]
    if named is None:
        helping = await involvement.helping(uow, of.case.case_ref)
        agencies = reporting.agencies_to_ask(of.case.agency_id, helping, before)
        return [AskedAgency(agency_id=each) for each in agencies]
    await demand_agencies(uow, [each.agency_id for each in named])
    people = await colleagues.at_work(uow, [each.staff_id for each in named if each.staff_id])
    for number, each in enumerate(named):
        person = people.get(each.staff_id or "")
        if each.staff_id and (person is None or person.agency_id != each.agency_id):
            # Who works for another agency is told to nobody else.
            is_own = each.agency_id == uow.viewer.agency_id
            raise Malformed(
                "The agency has nobody at work by this id.",
                field=f"agencies.{number}.staff_id",
                allowed=await colleagues.own_at_work(uow) if is_own else None,
            )
        if each.agency_id in before:
            raise Malformed(
                "This agency has been asked already.", field=f"agencies.{number}.agency_id"
            )
    return named


async def _ask(uow: UnitOfWork, of: Gathering, asked: AskedAgency, due_at: datetime) -> None:
    case = of.case
    own = asked.agency_id == case.agency_id
    person = asked.staff_id or (case.caseworker_id if own else None)
    report = Report(new_id(), case.case_ref, of.id, asked.agency_id, person, due_at)
    await reports.add(uow, report)
    uow.audit("report.asked", case.case_ref)
    uow.emit(
        ReportAsked(
            case_ref=case.case_ref,
            at=uow.now,
            report_id=report.id,
            asked_for=of.id,
            agency_id=report.agency_id,
            staff_id=report.staff_id,
            due_at=due_at,
        )
    )
    fact = fact_about(
        case,
        report.id,
        "report.asked",
        uow.now,
        due_at=due_at,
        agency_id=report.agency_id,
        bearer=reporting.bearer_role(report, case.custody()),
        person=person,
    )
    await deadlines.follow(uow, fact)
