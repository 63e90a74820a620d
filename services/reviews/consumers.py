"""What other services and the clock announce, as far as reviews follow from it."""

from dataclasses import replace
from typing import Any

from contracts.events.agencies import StaffRegistered
from contracts.events.cases import (
    CaseAssigned,
    CaseClosed,
    CaseErased,
    CaseRegistered,
    CaseReopened,
    CaseRepinned,
    ClosureDeclined,
    ClosureRequested,
    GainsLost,
    OpenQuestionAsked,
    PlanAgreed,
    RiskChanged,
    TransferAccepted,
    TransferRequested,
)
from contracts.events.referrals import (
    ReferralAccepted,
    ReferralCancelled,
    ReferralCompleted,
    ReferralEnteredInError,
    ReferralFailed,
    ReferralRejected,
    ReferralRequested,
)
from contracts.events.timekeeping import ReviewConveningDue
from domain.chairing import Colleague
from domain.vocabulary import Role
from infrastructure import crypto, dropped_deadlines
from infrastructure.deadlines import timekeeping_handlers
from infrastructure.service import Handler
from infrastructure.unit_of_work import UnitOfWork
from services.reviews.commands.convene import (
    convene_review,
    convene_those_without_chair,
    recheck_case,
    recheck_chair,
)
from services.reviews.commands.hand_over import hand_over
from services.reviews.commands.schedule import drop_reviews, schedule_unless_standing
from services.reviews.store import colleagues, involvement, known_cases, reviews
from services.reviews.store.known_cases import KnownCase

TOPICS = ("agencies", "cases", "notifications", "referrals", "timekeeping")


async def case_registered(uow: UnitOfWork, event: CaseRegistered) -> None:
    await known_cases.save(uow, _known(event))
    await involvement.add_hands(uow, event.case_ref, event.caseworker_id, event.supervisor_id)


async def plan_agreed(uow: UnitOfWork, event: PlanAgreed) -> None:
    """The first plan owes the first review; a later version owes one only if none stands."""
    case = _known(event)
    await known_cases.save(uow, case)
    await involvement.add_hands(uow, case.case_ref, *case.team)
    known = await known_cases.find(uow, case.case_ref)
    await schedule_unless_standing(uow, known or case, owed_at=event.at)


async def risk_changed(uow: UnitOfWork, event: RiskChanged) -> None:
    await known_cases.change(uow, event.case_ref, risk=event.after.value)


async def case_assigned(uow: UnitOfWork, event: CaseAssigned) -> None:
    """What stands goes with the case: its duties, a chair if still independent, its participants."""
    before = await known_cases.find(uow, event.case_ref)
    await known_cases.change(
        uow,
        event.case_ref,
        agency_id=event.agency_id,
        team_id=event.team_id,
        caseworker_id=event.caseworker_id,
        supervisor_id=event.supervisor_id,
    )
    await hand_over(uow, before, event)


async def case_repinned(uow: UnitOfWork, event: CaseRepinned) -> None:
    """A review that stands keeps its date, to which people are invited; the next follows the new pack."""
    await known_cases.change(uow, event.case_ref, policy=event.policy)


async def closure_came_to_nothing(uow: UnitOfWork, event: ClosureDeclined | GainsLost) -> None:
    """After a review that began a closure none stands: reviews begin again."""
    case = await known_cases.find(uow, event.case_ref)
    if case is not None and case.is_open:
        await schedule_unless_standing(uow, case, owed_at=event.at)


async def case_closed(uow: UnitOfWork, event: CaseClosed) -> None:
    case = await known_cases.find(uow, event.case_ref)
    if case is None:
        return
    await known_cases.save(uow, replace(case, is_open=False))
    await drop_reviews(uow, case, closed_at=event.at)


async def case_erased(uow: UnitOfWork, event: CaseErased) -> None:
    """Nothing is owed on a record that is gone, and this copy of its words goes with it."""
    case = await known_cases.find(uow, event.case_ref)
    if case is not None:
        await known_cases.save(uow, replace(case, is_open=False))
        await drop_reviews(uow, case, closed_at=event.at)
    await dropped_deadlines.drop_all(uow, event.case_ref, because="case.erased")
    await crypto.erase(uow, event.case_ref)
    uow.audit("erase-words", event.case_ref)


async def case_reopened(uow: UnitOfWork, event: CaseReopened) -> None:
    """Its reviews begin again with its next plan, as frequent as at first."""
    before = await reviews.next_number(uow, event.case_ref) - 1
    await known_cases.change(
        uow,
        event.case_ref,
        is_open=True,
        agency_id=event.agency_id,
        risk=event.risk.value,
        policy=event.policy,
        reviews_before=before,
    )


async def staff_registered(uow: UnitOfWork, event: StaffRegistered) -> None:
    colleague = Colleague(
        event.staff_id, event.agency_id, event.team_id, frozenset(event.roles), event.active
    )
    await colleagues.save(uow, colleague, as_of=event.at)
    for review_id in await reviews.chaired_by(uow, event.staff_id):
        await recheck_chair(uow, review_id)
    if event.active and Role.REVIEW_CHAIR in event.roles:
        await convene_those_without_chair(uow)


async def closure_requested(uow: UnitOfWork, event: ClosureRequested) -> None:
    await _has_a_hand(uow, event.case_ref, event.requested_by)


async def question_asked(uow: UnitOfWork, event: OpenQuestionAsked) -> None:
    await _has_a_hand(uow, event.case_ref, event.responsible_id)


async def transfer_requested(uow: UnitOfWork, event: TransferRequested) -> None:
    await _has_a_hand(uow, event.case_ref, event.requested_by)


async def transfer_accepted(uow: UnitOfWork, event: TransferAccepted) -> None:
    await _has_a_hand(uow, event.case_ref, event.accepted_by)


async def referral_requested(uow: UnitOfWork, event: ReferralRequested) -> None:
    """The agency that is asked takes part in the work from now on, and chairs no review of it."""
    await involvement.ask_helper(uow, event.referral_id, event.case_ref, event.to_agency_id)
    await _has_a_hand(uow, event.case_ref, event.requested_by)


async def referral_accepted(uow: UnitOfWork, event: ReferralAccepted) -> None:
    await involvement.helper_accepts(uow, event.referral_id)


async def referral_over(
    uow: UnitOfWork,
    event: ReferralRejected | ReferralCancelled | ReferralCompleted | ReferralFailed,
) -> None:
    await involvement.helper_leaves(uow, event.referral_id)


async def referral_in_error(uow: UnitOfWork, event: ReferralEnteredInError) -> None:
    await involvement.forget_helper(uow, event.referral_id)


async def _has_a_hand(uow: UnitOfWork, case_ref: str, staff_id: str) -> None:
    await involvement.add_hands(uow, case_ref, staff_id)
    await recheck_case(uow, case_ref)


async def convening_due(uow: UnitOfWork, event: ReviewConveningDue) -> None:
    await convene_review(uow, event.review_id)


def _known(event: CaseRegistered | PlanAgreed) -> KnownCase:
    return KnownCase(
        case_ref=event.case_ref,
        agency_id=event.agency_id,
        team_id=event.team_id,
        caseworker_id=event.caseworker_id,
        supervisor_id=event.supervisor_id,
        policy=event.policy,
        risk=event.risk,
    )


HANDLERS: dict[Any, Handler | Any] = {
    CaseRegistered: case_registered,
    PlanAgreed: plan_agreed,
    RiskChanged: risk_changed,
    CaseAssigned: case_assigned,
    CaseRepinned: case_repinned,
    ClosureDeclined: closure_came_to_nothing,
    GainsLost: closure_came_to_nothing,
    CaseClosed: case_closed,
    CaseErased: case_erased,
    CaseReopened: case_reopened,
    ClosureRequested: closure_requested,
    OpenQuestionAsked: question_asked,
    TransferRequested: transfer_requested,
    TransferAccepted: transfer_accepted,
    ReferralRequested: referral_requested,
    ReferralAccepted: referral_accepted,
    ReferralRejected: referral_over,
    ReferralCancelled: referral_over,
    ReferralCompleted: referral_over,
    ReferralFailed: referral_over,
    ReferralEnteredInError: referral_in_error,
    StaffRegistered: staff_registered,
    ReviewConveningDue: convening_due,
    **timekeeping_handlers("reviews"),
}
