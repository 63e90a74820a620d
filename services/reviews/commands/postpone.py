"""Puts a review off to a later meeting, with its reason; the date by which it is due stays."""

from dataclasses import replace
from uuid import UUID

from contracts.events.reviews import ReviewPostponed
from domain import disclosure, postponing
from domain.disclosure import Action, Viewer
from infrastructure.unit_of_work import UnitOfWork
from services.reviews.commands import gathering
from services.reviews.commands.convene import set_meeting
from services.reviews.commands.reports import move_reports
from services.reviews.schemas.reviews import PostponementBody, ReviewView
from services.reviews.store import postponements, reviews


async def postpone_review(
    uow: UnitOfWork, review_id: UUID, body: PostponementBody, viewer: Viewer
) -> ReviewView:
    """By chair or supervisor once; again only by supervisor or manager. Raises refusals of domain.postponing."""
    seen = await reviews.load(uow, review_id, viewer, lock=True)
    custody = seen.case.custody(seen.review.chair_id)
    disclosure.demand(viewer, custody, Action.POSTPONE_REVIEW)
    review, put_off = postponing.postpone(
        seen.review,
        await postponements.of(uow, review_id),
        body.reason,
        body.meeting_at,
        viewer.staff_id,
        has_authority=viewer.staff_id != seen.review.chair_id,
        pack=uow.packs.get(seen.review.policy),
        now=uow.now,
    )
    await postponements.add(uow, review.id, review.case_ref, put_off, body.note)
    uow.audit("review.postponed", review.case_ref)
    uow.emit(
        ReviewPostponed(
            case_ref=review.case_ref,
            at=uow.now,
            review_id=review.id,
            reason=put_off.reason.value,
            before=put_off.before,
            after=put_off.after,
            times=put_off.times,
        )
    )
    await set_meeting(uow, review)
    after = replace(seen, review=review)
    await move_reports(uow, gathering.of_review(after))
    return ReviewView.of(review, seen.sections)
