"""Owes a review on a case, and drops it, with every meeting, when the case closes."""

from dataclasses import replace
from datetime import datetime

from contracts.events.reviews import ReviewCancelled, ReviewScheduled
from domain import reviewing
from domain.deadlines import Consequences
from domain.errors import Malformed
from domain.meeting import CancelReason
from domain.reviewing import Review
from domain.vocabulary import SubjectType
from infrastructure import deadlines
from infrastructure.ids import new_id
from infrastructure.unit_of_work import UnitOfWork
from services.reviews.commands import gathering
from services.reviews.commands.call_meeting import call_off
from services.reviews.commands.facts import fact_of
from services.reviews.commands.reports import drop_reports
from services.reviews.store import meetings, reviews
from services.reviews.store.known_cases import KnownCase
from services.reviews.store.reviews import Seen


async def schedule_review(uow: UnitOfWork, case: KnownCase, owed_at: datetime) -> Review:
    """One more review, reckoned from `owed_at` (UTC); its deadline is the pack's `review` step."""
    review_id = new_id()
    number = await reviews.next_number(uow, case.case_ref)
    owed = fact_of(case, review_id, "review.owed", owed_at, number - case.reviews_before)
    due_at = _due_at(await deadlines.follow(uow, owed))
    review = Review(
        id=review_id,
        case_ref=case.case_ref,
        number=number,
        policy=case.policy,
        scheduled_at=owed_at,
        due_at=due_at,
        convene_at=reviewing.convene_at(uow.packs.get(case.policy), owed_at, due_at),
    )
    await reviews.add(uow, review)
    uow.audit("review.scheduled", case.case_ref)
    uow.emit(
        ReviewScheduled(
            case_ref=case.case_ref,
            at=owed_at,
            review_id=review.id,
            number=review.number,
            due_at=review.due_at,
            convene_at=review.convene_at,
        )
    )
    return review


async def schedule_unless_standing(uow: UnitOfWork, case: KnownCase, owed_at: datetime) -> None:
    """A case that is being worked on always has one review ahead of it."""
    if await reviews.standing_on(uow, case.case_ref) is None:
        await schedule_review(uow, case, owed_at)


async def drop_reviews(uow: UnitOfWork, case: KnownCase, closed_at: datetime) -> None:
    """The case is closed: what stands is cancelled, with its deadline."""
    fact = fact_of(case, new_id(), "case.closed", closed_at)
    await deadlines.follow(uow, replace(fact, subject_type=SubjectType.CASE, subject_id=""))
    for meeting in await meetings.standing_on(uow, case.case_ref):
        await call_off(uow, case, meeting, CancelReason.CASE_CLOSED, closed_at)
    standing = await reviews.standing_on(uow, case.case_ref)
    if standing is None:
        return
    await reviews.save(uow, reviewing.cancel(standing))
    await drop_reports(uow, gathering.of_review(Seen(standing, case, frozenset())))
    uow.audit("review.cancelled", case.case_ref)
    uow.emit(ReviewCancelled(case_ref=case.case_ref, at=closed_at, review_id=standing.id))


def _due_at(found: Consequences) -> datetime:
    """Raises Malformed under a pack that owes no reviews."""
    for deadline in found.set:
        if deadline.step == reviewing.STEP:
            return deadline.due_at
    raise Malformed("The pack has no step for reviews.", field="policy")
