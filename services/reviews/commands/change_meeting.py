"""Changes date, chair or participants of a review; the chair is checked again every time."""

from dataclasses import replace
from uuid import UUID

from domain import chairing, disclosure, postponing, reviewing
from domain.disclosure import Action, Viewer
from domain.meeting_states import ReviewNotConvened
from infrastructure.unit_of_work import UnitOfWork
from services.reviews.commands import gathering
from services.reviews.commands.convene import set_meeting
from services.reviews.commands.directory import demand_at_work
from services.reviews.commands.reports import ask_if_practice, move_reports
from services.reviews.schemas.reviews import MeetingChange, ReviewView
from services.reviews.store import colleagues, involvement, reviews


async def change_meeting(
    uow: UnitOfWork, review_id: UUID, change: MeetingChange, viewer: Viewer
) -> ReviewView:
    """Raises ChairNotIndependent, ReviewNotConvened without a chair, PostponementNeedsReason, Malformed."""
    seen = await reviews.load(uow, review_id, viewer, lock=True)
    disclosure.demand(viewer, seen.case.custody(seen.review.chair_id), Action.CHANGE_REVIEW_MEETING)
    chair_id = change.chair_id or seen.review.chair_id
    if chair_id is None:
        raise ReviewNotConvened(field="chair_id")
    chair = await colleagues.find(uow, chair_id)
    chairing.demand_independence(chair, await involvement.involved(uow, seen.case))
    participants = change.participants or seen.review.participants or seen.case.team
    await demand_at_work(uow, change.participants or (), "participants")
    pack = uow.packs.get(seen.review.policy)
    meeting_at = (
        change.meeting_at
        or seen.review.meeting_at
        or reviewing.meeting_at(pack, seen.review.due_at, uow.now)
    )
    postponing.demand_no_postponement(seen.review, meeting_at)
    convened = reviewing.convene(seen.review, chair_id, participants, meeting_at, uow.now)
    await set_meeting(uow, convened)
    gathered = gathering.of_review(replace(seen, review=convened))
    await move_reports(uow, gathered)
    await ask_if_practice(uow, gathered)
    return ReviewView.of(convened, seen.sections)
