"""What other services say, taken over: a review's outcome and chair, agencies and their staff."""

from contracts.events.agencies import (
    AbsenceEnded,
    AbsenceRecorded,
    AgencyNamed,
    AgencyRegistered,
    StaffRegistered,
)
from contracts.events.cases import ReviewOutcomeApplied
from contracts.events.reviews import (
    MeetingCalled,
    MeetingCancelled,
    MeetingHeld,
    ReviewConvened,
    ReviewHeld,
)
from domain import closure
from domain.case import IN_WORK
from domain.errors import Missing
from domain.vocabulary import ReviewOutcome, Role, Section, SubjectType
from infrastructure.unit_of_work import UnitOfWork
from services.cases.commands import happening
from services.cases.store import absences, cases, directory
from services.cases.store.directory import Agency, Member

_FACTS = {
    ReviewOutcome.ADJUST: "review.adjusts-plan",
    ReviewOutcome.ADD_SERVICES: "review.adjusts-plan",
    ReviewOutcome.BEGIN_CLOSURE: "review.begins-closure",
    ReviewOutcome.NO_CHANGE: "review.changes-nothing",
}
# A case that is being planned is said by the same word as a meeting at which people plan.
_KINDS = {"conference": "conference", "planning": "planning-meeting"}


async def apply_review(uow: UnitOfWork, event: ReviewHeld) -> None:
    """A decision on a case that has closed meanwhile is noted, and nothing follows from it.

    Nor from the one to begin a closure that is under way.
    """
    case = await cases.load(uow, event.case_ref, uow.viewer)
    codes = {"review_id": str(event.review_id), "outcome": event.outcome.value}
    is_in_work = case.status in IN_WORK
    begins = event.outcome is ReviewOutcome.BEGIN_CLOSURE
    fact, counts = _FACTS[event.outcome], closure.can_begin(case) if begins else is_in_work
    await happening.happened(uow, case, fact, Section.PLAN, codes=codes, counts=counts)
    uow.audit("apply-review-outcome", case.ref, Section.PLAN)
    if is_in_work:
        applied = ReviewOutcomeApplied(
            case_ref=case.ref, at=uow.now, review_id=event.review_id, outcome=event.outcome
        )
        subject = (SubjectType.REVIEW, str(event.review_id))
        await happening.happened(uow, case, applied, Section.PLAN, subject=subject)


async def note_meeting(
    uow: UnitOfWork, event: MeetingCalled | MeetingHeld | MeetingCancelled
) -> None:
    """A conference or planning meeting stands in the chronology; no duty of the case hangs on it.

    Of a case that is not known here nothing is noted.
    """
    try:
        case = await cases.load(uow, event.case_ref, uow.viewer)
    except Missing:
        return
    codes: dict[str, object] = {"meeting_id": str(event.meeting_id), "kind": _KINDS[event.kind]}
    at = event.at
    if isinstance(event, MeetingHeld):
        at = event.held_at
        codes |= {"decisions": event.decisions, "child_took_part": event.child_took_part}
    if isinstance(event, MeetingCancelled):
        codes["reason"] = event.reason
    name = event.type.removesuffix(".v1")
    await happening.happened(uow, case, name, Section.PLAN, at=at, codes=codes, counts=False)
    uow.audit("note-meeting", case.ref, Section.PLAN)


async def admit_chair(uow: UnitOfWork, event: ReviewConvened) -> None:
    """Whoever chairs a review may see the case."""
    case = await cases.load(uow, event.case_ref, uow.viewer)
    await cases.add_reviewer(uow, case, event.chair_id)
    uow.audit("admit-review-chair", case.ref, Section.REFERENCE)


async def keep_agency(uow: UnitOfWork, event: AgencyRegistered) -> None:
    await directory.keep_agency(uow, Agency(event.agency_id, event.zone, event.policy))


async def keep_name(uow: UnitOfWork, event: AgencyNamed) -> None:
    sequence = uow.cause.sequence if uow.cause else 0
    await directory.keep_name(uow, event.agency_id, event.name, sequence)


async def keep_member(uow: UnitOfWork, event: StaffRegistered) -> None:
    roles: frozenset[Role] = frozenset(event.roles)
    await directory.keep_member(
        uow, Member(event.staff_id, event.agency_id, event.team_id, roles, event.active)
    )


async def keep_absence(uow: UnitOfWork, event: AbsenceRecorded) -> None:
    await absences.save(uow, event)


async def end_absence(uow: UnitOfWork, event: AbsenceEnded) -> None:
    await absences.end(uow, event)
