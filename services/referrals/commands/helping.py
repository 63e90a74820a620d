"""Help on its way: the appointment, the provider's word that it was given, the family's that it arrived."""

from datetime import datetime
from uuid import UUID

from contracts.events.referrals import (
    ReferralAppointmentBooked,
    ReferralCompleted,
    ReferralServiceGiven,
)
from domain import referring
from domain.referral_states import Party
from domain.vocabulary import Bearer, Person
from infrastructure.ids import new_id
from infrastructure.unit_of_work import UnitOfWork
from services.referrals.commands import duties
from services.referrals.store import records, texts


async def book(uow: UnitOfWork, referral_id: UUID, at: datetime) -> None:
    """The agreed appointment takes the place of the limit for a first service; it can be moved."""
    opened, _ = await records.load(uow, referral_id, "book-appointment", Party.RECEIVER)
    before, case = opened.referral, opened.case
    referral = referring.book(before, at, uow.now)
    moved = before.appointment_at is not None
    what = "appointment-moved" if moved else "appointment-booked"
    await records.save(uow, referral, what, about_at=at)
    event_id = uow.emit(
        ReferralAppointmentBooked(
            case_ref=referral.case_ref, at=uow.now, referral_id=referral.id, appointment_at=at
        )
    )
    due = referring.word_owed_by(uow.packs.get(case.policy), at)
    await duties.owed_by_provider(uow, case, referral, "referral.appointment-booked", event_id)
    fact = "referral.appointment-moved" if moved else "referral.appointment-agreed"
    await duties.owed_by_provider(uow, case, referral, fact, event_id, agreed_due=due)


async def record_service(
    uow: UnitOfWork, referral_id: UUID, given_at: datetime | None, note: str | None
) -> None:
    """The duty was done when help was given, not when somebody wrote it down."""
    opened, _ = await records.load(uow, referral_id, "record-service-given", Party.RECEIVER)
    at = given_at or uow.now
    referral = referring.serve(opened.referral, at, uow.now)
    await records.save(uow, referral, "service-given", about_at=at)
    await texts.seal(uow, referral, {f"{texts.NOTE}service-given": note} if note else {})
    event_id = uow.emit(
        ReferralServiceGiven(
            case_ref=referral.case_ref, at=uow.now, referral_id=referral.id, given_at=at
        )
    )
    await duties.owed_by_case(uow, opened.case, referral, "referral.service-given", event_id, at=at)


async def confirm(
    uow: UnitOfWork,
    referral_id: UUID,
    *,
    confirmed: bool,
    by: Person | None,
    reason: str | None,
) -> None:
    opened, _ = await records.load(uow, referral_id, "confirm-referral", Party.SENDER)
    referral = referring.complete(
        opened.referral, confirmed=confirmed, by=by, reason=reason, at=uow.now
    )
    await records.save(uow, referral, "completed")
    unconfirmed = {f"{texts.NOTE}no-confirmation": reason} if reason and not confirmed else {}
    await texts.seal(uow, referral, unconfirmed)
    event_id = uow.emit(
        ReferralCompleted(
            case_ref=referral.case_ref, at=uow.now, referral_id=referral.id, confirmed=confirmed
        )
    )
    await duties.owed_by_case(uow, opened.case, referral, "referral.completed", event_id)


async def arrange_accompaniment(
    uow: UnitOfWork, referral_id: UUID, by: Bearer, note: str | None
) -> None:
    """Somebody has been found to go with the child."""
    opened, _ = await records.load(uow, referral_id, "arrange-accompaniment", Party.SENDER)
    referral = referring.accompany(opened.referral, by)
    await records.save(uow, referral, "accompaniment-arranged", reason=by)
    await texts.seal(uow, referral, {f"{texts.NOTE}accompaniment": note} if note else {})
    fact = "referral.accompaniment-arranged"
    await duties.owed_by_case(uow, opened.case, referral, fact, new_id())
