"""What the provider that was asked answers: it has seen the request, takes it up, or declines."""

from uuid import UUID

from contracts.events.referrals import ReferralAccepted, ReferralAcknowledged, ReferralRejected
from domain import referring
from domain.referral_states import Party
from domain.vocabulary import RejectionReason
from infrastructure.unit_of_work import UnitOfWork
from services.referrals.commands import duties
from services.referrals.store import records, texts


async def acknowledge(uow: UnitOfWork, referral_id: UUID) -> None:
    opened, _ = await records.load(uow, referral_id, "acknowledge-referral", Party.RECEIVER)
    referral = referring.acknowledge(opened.referral, uow.now)
    await records.save(uow, referral, "acknowledged")
    event_id = uow.emit(
        ReferralAcknowledged(
            case_ref=referral.case_ref,
            at=uow.now,
            referral_id=referral.id,
            attempt=len(referral.attempts),
        )
    )
    await duties.owed_by_provider(uow, opened.case, referral, "referral.acknowledged", event_id)


async def accept(uow: UnitOfWork, referral_id: UUID) -> None:
    opened, _ = await records.load(uow, referral_id, "accept-referral", Party.RECEIVER)
    referral = referring.accept(opened.referral, uow.now)
    await records.save(uow, referral, "accepted")
    event_id = uow.emit(
        ReferralAccepted(
            case_ref=referral.case_ref,
            at=uow.now,
            referral_id=referral.id,
            attempt=len(referral.attempts),
        )
    )
    await duties.owed_by_provider(uow, opened.case, referral, "referral.accepted", event_id)


async def reject(
    uow: UnitOfWork, referral_id: UUID, reason: RejectionReason, note: str | None
) -> None:
    """The next provider is asked when the clock's own word comes (consumers, fall_back)."""
    opened, _ = await records.load(uow, referral_id, "reject-referral", Party.RECEIVER)
    referral = referring.reject(opened.referral, reason, uow.now)
    await records.save(uow, referral, "rejected", reason=reason)
    number = len(referral.attempts)
    await texts.seal(uow, referral, {f"{texts.NOTE}rejection-{number}": note} if note else {})
    event_id = uow.emit(
        ReferralRejected(
            case_ref=referral.case_ref,
            at=uow.now,
            referral_id=referral.id,
            attempt=number,
            reason=reason,
        )
    )
    await duties.owed_by_provider(uow, opened.case, referral, "referral.rejected", event_id)
