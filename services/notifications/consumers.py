"""What other services announce, as far as people must know it."""

from functools import partial
from typing import Any

from contracts.events.agencies import AgencyRegistered, StaffRegistered
from contracts.events.cases import (
    CaseAssigned,
    CaseIdentified,
    CaseRegistered,
    CaseReopened,
    ClosurePassedToStandIn,
    ClosureRequested,
    PlanAgreed,
)
from contracts.events.deadlines import (
    DeadlineCancelled,
    DeadlineEscalated,
    DeadlineMet,
    DeadlineMissed,
    DeadlineOpened,
    DeadlineReminded,
)
from contracts.events.referrals import ReferralExhausted, ReferralRejected, ReferralRequested
from contracts.events.reviews import ReviewChairMissing, ReviewConvened
from domain.disclosure import Custody
from domain.notifying import Member
from domain.vocabulary import NotificationKind
from infrastructure.service import Handler
from infrastructure.unit_of_work import UnitOfWork
from services.notifications.commands import announce
from services.notifications.store import directory, notifications
from services.notifications.store.directory import KnownCase

TOPICS = ("agencies", "cases", "referrals", "reviews")


async def case_identified(uow: UnitOfWork, event: CaseIdentified) -> None:
    custody = Custody(event.agency_id, event.team_id)
    await directory.save_case(uow, KnownCase(event.case_ref, custody, event.policy))


async def case_known(uow: UnitOfWork, event: CaseRegistered | PlanAgreed) -> None:
    custody = Custody(event.agency_id, event.team_id, event.caseworker_id, event.supervisor_id)
    await directory.save_case(uow, KnownCase(event.case_ref, custody, event.policy))


async def case_assigned(uow: UnitOfWork, event: CaseAssigned) -> None:
    await directory.change_case(
        uow,
        event.case_ref,
        agency_id=event.agency_id,
        team_id=event.team_id,
        caseworker_id=event.caseworker_id,
        supervisor_id=event.supervisor_id,
    )


async def case_reopened(uow: UnitOfWork, event: CaseReopened) -> None:
    await directory.change_case(uow, event.case_ref, agency_id=event.agency_id, policy=event.policy)


async def agency_registered(uow: UnitOfWork, event: AgencyRegistered) -> None:
    await directory.save_agency(uow, event.agency_id, event.zone, as_of=event.at)


async def staff_registered(uow: UnitOfWork, event: StaffRegistered) -> None:
    member = Member(
        event.staff_id, event.agency_id, event.team_id, frozenset(event.roles), event.active
    )
    await directory.save_member(uow, member, as_of=event.at)


async def duty_settled(uow: UnitOfWork, event: DeadlineMet | DeadlineCancelled) -> None:
    await notifications.settle(uow, event.deadline_id, event.at)


_KINDS = {
    DeadlineOpened: NotificationKind.OPENED,
    DeadlineReminded: NotificationKind.REMINDER,
    DeadlineMissed: NotificationKind.MISSED,
    DeadlineEscalated: NotificationKind.ESCALATED,
}
HANDLERS: dict[Any, Handler | Any] = {
    CaseIdentified: case_identified,
    CaseRegistered: case_known,
    PlanAgreed: case_known,
    CaseAssigned: case_assigned,
    CaseReopened: case_reopened,
    AgencyRegistered: agency_registered,
    StaffRegistered: staff_registered,
    **{event: partial(announce.announce_deadline, kind=kind) for event, kind in _KINDS.items()},
    DeadlineMet: duty_settled,
    DeadlineCancelled: duty_settled,
    ReviewConvened: announce.invite,
    ReviewChairMissing: announce.say_chair_missing,
    ReferralRequested: announce.ask_provider,
    ReferralRejected: announce.say_referral_rejected,
    ReferralExhausted: announce.say_referral_exhausted,
    ClosureRequested: announce.ask_approver,
    ClosurePassedToStandIn: announce.ask_stand_in,
}
