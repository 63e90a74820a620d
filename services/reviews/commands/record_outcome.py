"""Records what a review came to, and owes the next one. Source: practice.md, step 6."""

from dataclasses import replace
from uuid import UUID

from contracts.events.reviews import ReviewHeld
from domain import disclosure, reviewing
from domain.disclosure import Action, Viewer
from infrastructure import deadlines
from infrastructure.unit_of_work import UnitOfWork
from services.reviews.commands.schedule import fact_of, schedule_review
from services.reviews.schemas import OutcomeBody, OutcomeView, ReviewView
from services.reviews.store import colleagues, reviews
from services.reviews.store.reviews import Seen


async def record_outcome(
    uow: UnitOfWork, review_id: UUID, body: OutcomeBody, viewer: Viewer
) -> OutcomeView:
    """By the chair only, if still independent; raises refusals of domain.reviewing."""
    seen = await reviews.load(uow, review_id, viewer, lock=True)
    disclosure.demand(viewer, seen.case.custody(seen.review.chair_id), Action.RECORD_REVIEW_OUTCOME)
    reviewing.demand_independence(await colleagues.find(uow, viewer.staff_id), seen.case.custody())
    zone = uow.packs.get(seen.review.policy).calendar.zone
    recorded = body.outcome_of_review()
    held = reviewing.hold(seen.review, recorded, uow.now, zone)
    await reviews.save(uow, held)
    await reviews.add_decisions(uow, held)
    uow.audit("review.held", held.case_ref)
    uow.emit(
        ReviewHeld(
            case_ref=held.case_ref,
            at=uow.now,
            review_id=held.id,
            outcome=recorded.outcome,
            held_at=recorded.held_at,
            child_took_part=recorded.child_took_part,
        )
    )
    await deadlines.follow(uow, fact_of(seen.case, held.id, "review.held", recorded.held_at))
    return await _with_next(uow, replace(seen, review=held))


async def _with_next(uow: UnitOfWork, seen: Seen) -> OutcomeView:
    view = OutcomeView(review=ReviewView.of(seen.review, seen.sections))
    recorded = seen.review.recorded
    if recorded and reviewing.another_follows(recorded.outcome, seen.case.is_open):
        following = await schedule_review(uow, seen.case, recorded.held_at)
        view.next_review = ReviewView.of(following, seen.sections)
    return view
