"""What each announcement of another service means for people: whom to tell, in which words."""

from contracts.events.cases import ClosurePassedToStandIn, ClosureRequested
from contracts.events.deadlines import (
    DeadlineEscalated,
    DeadlineMissed,
    DeadlineOpened,
    DeadlineReminded,
)
from contracts.events.referrals import ReferralExhausted, ReferralRejected, ReferralRequested
from contracts.events.reviews import ReviewChairMissing
from domain import notifying
from domain.deadlines import Responsible
from domain.errors import Missing
from domain.vocabulary import NotificationKind, Role
from infrastructure.unit_of_work import UnitOfWork
from services.notifications.commands.tell import Notice, cause_of, tell_roles
from services.notifications.store import directory
from services.notifications.store.directory import KnownCase

DeadlineAnnounced = DeadlineOpened | DeadlineReminded | DeadlineMissed | DeadlineEscalated


async def announce_deadline(
    uow: UnitOfWork, event: DeadlineAnnounced, kind: NotificationKind
) -> None:
    notice = Notice(
        cause_id=cause_of(uow, event),
        case_ref=event.case_ref,
        kind=kind,
        message=kind.value,
        step=event.step,
        owner=event.owner,
        deadline_id=event.deadline_id,
        due_at=event.due_at,
    )
    duty = Responsible(event.agency_id, event.responsible, event.person_id)
    await tell_roles(uow, notice, event.tell, duty)


async def say_chair_missing(uow: UnitOfWork, event: ReviewChairMissing) -> None:
    case = await known_case(uow, event.case_ref)
    notice = Notice(
        cause_of(uow, event),
        event.case_ref,
        NotificationKind.CHAIR_MISSING,
        "chair-missing",
        "review",
    )
    await tell_roles(uow, notice, (Role.SUPERVISOR,), bearer(case, Role.SUPERVISOR))


async def ask_provider(uow: UnitOfWork, event: ReferralRequested) -> None:
    step = "urgent-referral-acknowledgement" if event.urgent else "referral-acknowledgement"
    notice = Notice(
        cause_of(uow, event), event.case_ref, NotificationKind.REFERRAL, "referral-requested", step
    )
    duty = Responsible(event.to_agency_id, Role.PROVIDER)
    await tell_roles(uow, notice, (Role.PROVIDER,), duty)


async def say_referral_rejected(uow: UnitOfWork, event: ReferralRejected) -> None:
    case = await known_case(uow, event.case_ref)
    notice = Notice(
        cause_of(uow, event),
        event.case_ref,
        NotificationKind.REFERRAL,
        "referral-rejected",
        "referral-answer",
    )
    await tell_roles(uow, notice, (Role.CASEWORKER,), bearer(case, Role.CASEWORKER))


async def say_referral_exhausted(uow: UnitOfWork, event: ReferralExhausted) -> None:
    case = await known_case(uow, event.case_ref)
    notice = Notice(
        cause_of(uow, event),
        event.case_ref,
        NotificationKind.REFERRAL,
        "referral-exhausted",
        "unmet-need",
    )
    tell = (Role.CASEWORKER, Role.SUPERVISOR)
    await tell_roles(uow, notice, tell, bearer(case, Role.SUPERVISOR))


async def ask_approver(uow: UnitOfWork, event: ClosureRequested) -> None:
    case = await known_case(uow, event.case_ref)
    duty = notifying.approver(event.approver_id, case.custody)
    notice = Notice(
        cause_of(uow, event),
        event.case_ref,
        NotificationKind.APPROVAL,
        "closure-approval",
        "closure-approval",
    )
    await tell_roles(uow, notice, (duty.role,), duty)


async def ask_stand_in(uow: UnitOfWork, event: ClosurePassedToStandIn) -> None:
    case = await known_case(uow, event.case_ref)
    notice = Notice(
        cause_of(uow, event),
        event.case_ref,
        NotificationKind.APPROVAL,
        "closure-stand-in",
        "closure-decision-of-stand-in",
    )
    await tell_roles(uow, notice, (Role.MANAGER,), bearer(case, Role.MANAGER))


async def known_case(uow: UnitOfWork, case_ref: str) -> KnownCase:
    """Raises Missing: consumers keep what overtook its case until it is known."""
    case = await directory.case(uow, case_ref)
    if case is None:
        raise Missing("The case of this announcement is not known here.")
    return case


def bearer(case: KnownCase, role: Role) -> Responsible:
    return Responsible(case.custody.agency_id, role)
