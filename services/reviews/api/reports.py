"""Reports of agencies before a review or meeting: asked for, given, read."""

from uuid import UUID

from fastapi import status

from infrastructure.http import Router, Uow
from infrastructure.paging import USUAL, Cursor, Limit
from services.reviews import queries
from services.reviews.commands.reports import ask_of_meeting, ask_of_review, give_report
from services.reviews.schemas.reports import (
    ReportBody,
    ReportList,
    ReportPage,
    ReportRequest,
    ReportView,
)

router = Router(tags=["reports"])


@router.get("/reports")
async def list_reports_asked(uow: Uow, cursor: Cursor = None, limit: Limit = USUAL) -> ReportPage:
    """What your agency is asked for, as far as it is yours to give; earliest due first."""
    return await queries.reports_asked(uow, uow.viewer, cursor, limit)


@router.post("/reviews/{review_id}/report-requests", status_code=status.HTTP_201_CREATED)
async def post_review_report_requests(uow: Uow, review_id: UUID, body: ReportRequest) -> ReportList:
    """Of the agencies named, or of every agency involved; each owes its report by the date."""
    await ask_of_review(uow, review_id, body, uow.viewer)
    return await queries.reports_of(uow, review_id, uow.viewer, is_review=True)


@router.get("/reviews/{review_id}/reports")
async def list_review_reports(uow: Uow, review_id: UUID) -> ReportList:
    """All of them for chair, caseworker and supervisor; for everybody else, their own agency's."""
    return await queries.reports_of(uow, review_id, uow.viewer, is_review=True)


@router.post("/reviews/{review_id}/reports/{report_id}")
async def post_review_report(
    uow: Uow, review_id: UUID, report_id: UUID, body: ReportBody
) -> ReportView:
    """By the agency that was asked."""
    return await give_report(uow, review_id, report_id, body, uow.viewer)


@router.post("/meetings/{meeting_id}/report-requests", status_code=status.HTTP_201_CREATED)
async def post_meeting_report_requests(
    uow: Uow, meeting_id: UUID, body: ReportRequest
) -> ReportList:
    """Of the agencies named, or of every agency involved; each owes its report by the date."""
    await ask_of_meeting(uow, meeting_id, body, uow.viewer)
    return await queries.reports_of(uow, meeting_id, uow.viewer, is_review=False)


@router.get("/meetings/{meeting_id}/reports")
async def list_meeting_reports(uow: Uow, meeting_id: UUID) -> ReportList:
    """All of them for leader, caseworker and supervisor; for everybody else, their own agency's."""
    return await queries.reports_of(uow, meeting_id, uow.viewer, is_review=False)


@router.post("/meetings/{meeting_id}/reports/{report_id}")
async def post_meeting_report(
    uow: Uow, meeting_id: UUID, report_id: UUID, body: ReportBody
) -> ReportView:
    """By the agency that was asked."""
    return await give_report(uow, meeting_id, report_id, body, uow.viewer)
