"""Convenes a review: a fair choice of chair, the case's own people, a date; or says that nobody may chair."""

from dataclasses import replace
from uuid import UUID

from contracts.events.reviews import ReviewChairMissing, ReviewConvened
from domain import chairing, reviewing
from domain.disclosure import Viewer
from domain.reviewing import Review
from domain.vocabulary import ReviewState
from infrastructure.unit_of_work import UnitOfWork
from services.reviews.commands import gathering
from services.reviews.commands.reports import ask_if_practice
from services.reviews.store import colleagues, involvement, known_cases, reviews

# Whose record of a meeting sets this off may have no part in the case's review.
_PLATFORM = Viewer.system("reviews")


async def convene_review(uow: UnitOfWork, review_id: UUID) -> None:
    """Its time has come; one that is convened, held or cancelled already is left as it is."""
    seen = await reviews.load(uow, review_id, _PLATFORM, lock=True)
    if seen.review.state is not ReviewState.SCHEDULED:
        return
    custody = await involvement.involved(uow, seen.case)
    chair = chairing.choose_chair(await colleagues.chairs(uow), custody)
    if chair is None:
        await _seek_chair(uow, seen.review)
        return
    pack = uow.packs.get(seen.review.policy)
    meeting_at = reviewing.meeting_at(pack, seen.review.due_at, uow.now)
    convened = reviewing.convene(seen.review, chair.staff_id, seen.case.team, meeting_at, uow.now)
    await set_meeting(uow, convened)
    await ask_if_practice(uow, gathering.of_review(replace(seen, review=convened)))


async def recheck_case(uow: UnitOfWork, case_ref: str) -> None:
    """Others take part in the work now: perhaps whoever is to chair. Locks the case before its review."""
    await known_cases.find(uow, case_ref)
    standing = await reviews.standing_on(uow, case_ref)
    if standing is not None:
        await recheck_chair(uow, standing.id)


async def recheck_chair(uow: UnitOfWork, review_id: UUID) -> None:
    """Staff or case have moved: a chair who is not independent any more is replaced."""
    seen = await reviews.load(uow, review_id, _PLATFORM, lock=True)
    if seen.review.state is not ReviewState.CONVENED:
        return
    chair = await colleagues.find(uow, seen.review.chair_id or "")
    custody = await involvement.involved(uow, seen.case)
    if chair is not None and chairing.may_chair(chair, custody):
        return
    await reviews.save(uow, reviewing.lose_chair(seen.review))
    await convene_review(uow, review_id)


async def invite_new_team(uow: UnitOfWork, review_id: UUID, before: tuple[str, ...]) -> None:
    """Whoever has the case now comes in the place of those who had it; all are told of the meeting anew."""
    seen = await reviews.load(uow, review_id, _PLATFORM, lock=True)
    if seen.review.state is not ReviewState.CONVENED:
        return
    staying = (each for each in seen.review.participants if each not in before)
    participants = tuple(dict.fromkeys((*staying, *seen.case.team)))
    if set(participants) != set(seen.review.participants):
        await set_meeting(uow, replace(seen.review, participants=participants))


async def convene_those_without_chair(uow: UnitOfWork) -> None:
    """Somebody new may be able to chair what nobody could."""
    for review_id in await reviews.seeking_a_chair(uow):
        await convene_review(uow, review_id)


async def set_meeting(uow: UnitOfWork, review: Review) -> None:
    """Records the meeting and says so: whoever is named in it is invited."""
    await reviews.save(uow, review)
    await reviews.note_meeting(uow, review)
    uow.audit("review.convened", review.case_ref)
    uow.emit(
        ReviewConvened(
            case_ref=review.case_ref,
            at=uow.now,
            review_id=review.id,
            chair_id=review.chair_id or "",
            participants=review.participants,
            meeting_at=review.meeting_at or review.due_at,
        )
    )


async def _seek_chair(uow: UnitOfWork, review: Review) -> None:
    if review.chair_sought:
        return
    await reviews.save(uow, replace(review, chair_sought=True))
    uow.audit("review.chair-sought", review.case_ref)
    uow.emit(ReviewChairMissing(case_ref=review.case_ref, at=uow.now, review_id=review.id))
