"""What becomes of a referral means for people: the provider who is asked, and those who wait for help."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from contracts.events.referrals import (
    CapacityAnswered,
    CapacityAsked,
    ReferralAppointmentMissed,
    ReferralFailed,
    ReferralLinkIssued,
    ReferralPutOnHold,
    ReferralResumed,
    ReferralSharingStopped,
)
from domain.deadlines import Responsible
from domain.notifying import Told
from domain.vocabulary import NotificationKind, Role
from infrastructure.unit_of_work import UnitOfWork
from services.notifications.commands.announce import bearer, known_case
from services.notifications.commands.tell import Notice, cause_of, tell_people, tell_roles
from services.notifications.store import directory, recipients

_REFERRAL = NotificationKind.REFERRAL
_BOTH = (Role.CASEWORKER, Role.SUPERVISOR)


async def say_on_hold(uow: UnitOfWork, event: ReferralPutOnHold) -> None:
    notice = _notice(uow, event, "referral-on-hold", "referral-hold", due_at=event.until)
    await _tell_case(uow, notice, Role.CASEWORKER)


async def say_resumed(uow: UnitOfWork, event: ReferralResumed) -> None:
    await _tell_case(uow, _notice(uow, event, "referral-resumed", "referral-hold"), Role.CASEWORKER)


async def say_appointment_missed(uow: UnitOfWork, event: ReferralAppointmentMissed) -> None:
    notice = _notice(
        uow,
        event,
        "referral-appointment-missed",
        "referral-rebooking",
        meeting_at=event.appointment_at,
    )
    await _tell_case(uow, notice, Role.CASEWORKER)


async def say_failed(uow: UnitOfWork, event: ReferralFailed) -> None:
    await _tell_case(uow, _notice(uow, event, "referral-failed", "unmet-need"), *_BOTH)


async def say_sharing_stopped(uow: UnitOfWork, event: ReferralSharingStopped) -> None:
    """The provider, who may use no further what was shared, and whoever looks after the case."""
    notice = _notice(uow, event, "referral-sharing-stopped", "sharing-stopped")
    provider = Responsible(event.to_agency_id, Role.PROVIDER)
    await tell_roles(uow, notice, (Role.PROVIDER,), provider)
    await _tell_case(uow, notice, Role.CASEWORKER)


async def send_link(uow: UnitOfWork, event: ReferralLinkIssued) -> None:
    """To the agency's own mailbox, a recipient by the agency's id; without one, to its providers."""
    notice = _notice(
        uow, event, "referral-link", "referral-acknowledgement", due_at=event.expires_at
    )
    notice = replace(notice, subject_id=event.link_id)
    if not await recipients.is_known(uow, event.to_agency_id):
        provider = Responsible(event.to_agency_id, Role.PROVIDER)
        await tell_roles(uow, notice, (Role.PROVIDER,), provider)
        return
    told = Told(event.to_agency_id, event.to_agency_id, Role.PROVIDER)
    await tell_people(uow, notice, (told,), await directory.case(uow, event.case_ref))


async def ask_capacity(uow: UnitOfWork, event: CapacityAsked) -> None:
    """Nothing in it says for whom: there is no case to file it under."""
    notice = Notice(
        cause_of(uow, event),
        None,
        _REFERRAL,
        "capacity-asked",
        "capacity-enquiry",
        due_at=event.answer_by,
        subject_id=event.enquiry_id,
    )
    provider = Responsible(event.agency_id, Role.PROVIDER)
    await tell_roles(uow, notice, (Role.PROVIDER,), provider)


async def say_capacity_answered(uow: UnitOfWork, event: CapacityAnswered) -> None:
    """Who asked is not said; those who lead the agency that asked find it in their list, and get no mail."""
    notice = Notice(
        cause_of(uow, event),
        None,
        _REFERRAL,
        "capacity-answered",
        "capacity-enquiry",
        subject_id=event.enquiry_id,
        in_list_only=True,
    )
    asked = Responsible(event.asked_by_agency_id, Role.SUPERVISOR)
    await tell_roles(uow, notice, (Role.SUPERVISOR,), asked)


def _notice(
    uow: UnitOfWork,
    event: Any,
    message: str,
    step: str,
    *,
    due_at: datetime | None = None,
    meeting_at: datetime | None = None,
) -> Notice:
    return Notice(
        cause_of(uow, event),
        event.case_ref,
        _REFERRAL,
        message,
        step,
        due_at=due_at,
        meeting_at=meeting_at,
        subject_id=event.referral_id,
    )


async def _tell_case(uow: UnitOfWork, notice: Notice, *roles: Role) -> None:
    case = await known_case(uow, notice.case_ref or "")
    await tell_roles(uow, notice, roles, bearer(case, roles[-1]))
