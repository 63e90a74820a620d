"""What can be asked of reviews; every read is on the record."""

from uuid import UUID

from domain.disclosure import Viewer
from infrastructure.unit_of_work import UnitOfWork
from services.reviews.schemas import ReviewList, ReviewView
from services.reviews.store import reviews


async def review(uow: UnitOfWork, review_id: UUID, viewer: Viewer) -> ReviewView:
    seen = await reviews.load(uow, review_id, viewer)
    uow.audit("review.read", seen.case.case_ref)
    return ReviewView.of(seen.review, seen.sections)


async def reviews_of(uow: UnitOfWork, case_ref: str, viewer: Viewer) -> ReviewList:
    found = await reviews.of_case(uow, case_ref, viewer)
    uow.audit("review.read", case_ref)
    return ReviewList(reviews=[ReviewView.of(each.review, each.sections) for each in found])


async def reviews_ahead(uow: UnitOfWork, viewer: Viewer) -> ReviewList:
    """Those that stand and concern the viewer in person, earliest due first."""
    found = await reviews.standing_with(uow, viewer)
    for case_ref in {each.case.case_ref for each in found}:
        uow.audit("review.read", case_ref)
    return ReviewList(reviews=[ReviewView.of(each.review, each.sections) for each in found])
