"""Records what a review came to, and owes the next one. Source: practice.md, step 6."""

from dataclasses import replace
from uuid import UUID

from contracts.events.reviews import ReviewHeld
from domain import chairing, disclosure, reviewing
from domain.disclosure import Action, Viewer
from infrastructure import deadlines
from infrastructure.unit_of_work import UnitOfWork
from services.reviews.commands import gathering
from services.reviews.commands.decide import demand_attendance, take_decisions
from services.reviews.commands.facts import fact_of
from services.reviews.commands.reports import drop_reports
from services.reviews.commands.schedule import schedule_review
from services.reviews.schemas.reviews import OutcomeBody, OutcomeView, ReviewView
from services.reviews.store import colleagues, involvement, reviews
from services.reviews.store.reviews import Seen


async def record_outcome(
    uow: UnitOfWork, review_id: UUID, body: OutcomeBody, viewer: Viewer
) -> OutcomeView:
    """By the chair only, if still independent; raises refusals of domain.reviewing and domain.quorum."""
    seen = await reviews.load(uow, review_id, viewer, lock=True)
    disclosure.demand(viewer, seen.case.custody(seen.review.chair_id), Action.RECORD_REVIEW_OUTCOME)
    chair = await colleagues.find(uow, viewer.staff_id)
    chairing.demand_independence(chair, await involvement.involved(uow, seen.case))
    zone = uow.packs.get(seen.review.policy).calendar.zone
    recorded = body.outcome_of_review()
    held = reviewing.hold(seen.review, recorded, uow.now, zone)
    gathered = gathering.of_review(replace(seen, review=held))
    await demand_attendance(uow, gathered, recorded)
    await reviews.save(uow, held)
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
    taken = await take_decisions(uow, gathered, recorded)
    await drop_reports(uow, gathered)
    return await _with_next(uow, replace(seen, review=held, decisions=taken))


async def _with_next(uow: UnitOfWork, seen: Seen) -> OutcomeView:
    view = OutcomeView(review=ReviewView.of(seen.review, seen.sections, seen.decisions))
    recorded = seen.review.recorded
    if recorded and reviewing.another_follows(recorded.outcome, seen.case.is_open):
        following = await schedule_review(uow, seen.case, recorded.held_at)
        view.next_review = ReviewView.of(following, seen.sections)
    return view
