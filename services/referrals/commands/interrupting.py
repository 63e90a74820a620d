"""Help that waits or does not take place: on hold with a limit, taken up again, appointments that were missed."""

from datetime import datetime
from uuid import UUID

from contracts.events.referrals import (
    ReferralAppointmentMissed,
    ReferralPutOnHold,
    ReferralResumed,
)
from domain import referral_interruptions as interruptions
from domain.referral import Referral
from domain.referral_reasons import HoldReason, MissedBecause
from domain.referral_states import Party
from infrastructure.ids import new_id
from infrastructure.unit_of_work import UnitOfWork
from services.referrals.commands import duties
from services.referrals.store import records, texts
from services.referrals.store.known import KnownCase


async def hold(
    uow: UnitOfWork, referral_id: UUID, reason: HoldReason, until: datetime, note: str | None
) -> None:
    """The chase rests; that the hold ends is a duty of its own."""
    opened, _ = await records.load(uow, referral_id, "hold-referral", Party.RECEIVER)
    pack = uow.packs.get(opened.case.policy)
    referral = interruptions.hold(opened.referral, reason, until, uow.now, pack)
    await records.save(uow, referral, "on-hold", reason=reason, about_at=until)
    await _note(uow, referral, "hold", note)
    event_id = uow.emit(
        ReferralPutOnHold(
            case_ref=referral.case_ref,
            at=uow.now,
            referral_id=referral.id,
            reason=reason,
            until=until,
        )
    )
    fact = "referral.on-hold"
    await duties.owed_by_provider(uow, opened.case, referral, fact, event_id, agreed_due=until)


async def resume(uow: UnitOfWork, referral_id: UUID) -> None:
    """Help goes on; the limit for a first service begins anew."""
    opened, _ = await records.load(uow, referral_id, "resume-referral", Party.RECEIVER)
    referral = interruptions.resume(opened.referral)
    await records.save(uow, referral, "resumed")
    event_id = uow.emit(
        ReferralResumed(case_ref=referral.case_ref, at=uow.now, referral_id=referral.id)
    )
    await duties.owed_by_provider(uow, opened.case, referral, "referral.resumed", event_id)


async def miss_appointment(
    uow: UnitOfWork,
    referral_id: UUID,
    appointment_at: datetime,
    because: MissedBecause,
    note: str | None,
) -> None:
    """Either side says so: a provider that was absent may not. A new appointment is owed."""
    opened, _ = await records.load(
        uow, referral_id, "miss-appointment", Party.RECEIVER, Party.SENDER
    )
    referral = interruptions.miss_appointment(opened.referral, appointment_at, because, uow.now)
    await records.save(uow, referral, "appointment-missed", reason=because, about_at=appointment_at)
    await _note(uow, referral, "appointment-missed", note)
    event_id = uow.emit(
        ReferralAppointmentMissed(
            case_ref=referral.case_ref,
            at=uow.now,
            referral_id=referral.id,
            appointment_at=appointment_at,
            because=because,
        )
    )
    await duties.owed_by_provider(
        uow, opened.case, referral, "referral.appointment-missed", event_id
    )
    await _tell_when_too_often(uow, opened.case, referral, event_id)


async def review_attendance(uow: UnitOfWork, referral_id: UUID, note: str) -> None:
    """Somebody who answers for the case has looked at why appointments are missed."""
    opened = await records.open_for_leader(uow, referral_id, "review-attendance")
    await records.save(uow, opened.referral, "attendance-reviewed")
    await _note(uow, opened.referral, "attendance-review", note)
    fact = "referral.attendance-reviewed"
    await duties.owed_by_case(uow, opened.case, opened.referral, fact, new_id())


async def _tell_when_too_often(
    uow: UnitOfWork, case: KnownCase, referral: Referral, event_id: UUID
) -> None:
    if interruptions.is_missed_too_often(referral, uow.packs.get(case.policy)):
        await duties.owed_by_case(uow, case, referral, "referral.missed-repeatedly", event_id)


async def _note(uow: UnitOfWork, referral: Referral, about: str, note: str | None) -> None:
    """Notes of the same kind are kept side by side, by their instant."""
    if note:
        name = f"{texts.NOTE}{about}-{uow.now:%Y%m%dT%H%M%S%f}"
        await texts.seal(uow, referral, {name: note})
