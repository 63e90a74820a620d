"""Owes a review on a case, and drops it when the case closes."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from contracts.events.reviews import ReviewCancelled, ReviewScheduled
from domain import reviewing
from domain.deadlines import Consequences, Fact
from domain.errors import Malformed
from domain.reviewing import Review
from domain.vocabulary import ReviewState, Role, SubjectType
from infrastructure import deadlines
from infrastructure.ids import new_id
from infrastructure.unit_of_work import UnitOfWork
from services.reviews.store import reviews
from services.reviews.store.known_cases import KnownCase


async def schedule_review(uow: UnitOfWork, case: KnownCase, owed_at: datetime) -> Review:
    """One more review, reckoned from `owed_at` (UTC); its deadline is the pack's `review` step."""
    review_id = new_id()
    owed = fact_of(case, review_id, "review.owed", owed_at)
    due_at = _due_at(await deadlines.follow(uow, owed))
    review = Review(
        id=review_id,
        case_ref=case.case_ref,
        number=await reviews.next_number(uow, case.case_ref),
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
    standing = await reviews.standing_on(uow, case.case_ref)
    if standing is None:
        return
    await reviews.save(uow, replace(standing, state=ReviewState.CANCELLED, chair_sought=False))
    uow.audit("review.cancelled", case.case_ref)
    uow.emit(ReviewCancelled(case_ref=case.case_ref, at=closed_at, review_id=standing.id))


def fact_of(case: KnownCase, review_id: UUID, name: str, at: datetime) -> Fact:
    """A fact about one review, as deadlines need it."""
    people = {Role.CASEWORKER: case.caseworker_id, Role.SUPERVISOR: case.supervisor_id}
    return Fact(
        id=review_id,
        name=name,
        at=at,
        case_ref=case.case_ref,
        agency_id=case.agency_id,
        policy=case.policy,
        risk=case.risk,
        subject_type=SubjectType.REVIEW,
        subject_id=str(review_id),
        people={role: person for role, person in people.items() if person},
    )


def _due_at(found: Consequences) -> datetime:
    """Raises Malformed under a pack that owes no reviews."""
    for deadline in found.set:
        if deadline.step == reviewing.STEP:
            return deadline.due_at
    raise Malformed("The pack has no step for reviews.", field="policy")
