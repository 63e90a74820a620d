"""The clock says that a provider declined or kept silent: the record is looked at, and the next one asked."""

from datetime import datetime
from uuid import UUID

from contracts.events.referrals import ReferralRejected
from domain import referring
from domain.referral import Referral
from domain.vocabulary import ReferralState, RejectionReason, Role
from infrastructure import deadlines
from infrastructure.unit_of_work import UnitOfWork
from services.referrals.commands import duties
from services.referrals.commands.asking import ask_next
from services.referrals.store import records
from services.referrals.store.known import KnownCase

_REBUILT = 0  # a journey rebuilt from the records has not heard which attempt it is


async def fall_back(
    uow: UnitOfWork, referral_id: UUID, attempt: int, because: str, at: datetime
) -> None:
    """Only for the attempt that is current, and only where the record agrees; else nothing."""
    opened = await records.for_platform(uow, referral_id)
    referral, case = opened.referral, opened.case
    if referral.current is None or attempt not in (_REBUILT, referral.current.number):
        return
    if because == RejectionReason.SILENCE and await _is_silent(uow, referral, at):
        referral = await _pass_over(uow, case, referral)
    if referral.state is ReferralState.REJECTED:
        await ask_next(uow, case, referral)


async def _is_silent(uow: UnitOfWork, referral: Referral, at: datetime) -> bool:
    """Nothing decided, and an acknowledgement or answer past due: one given in time stands."""
    if referral.state is not ReferralState.REQUESTED:
        return False
    now = max(uow.now, at)  # the clock that spoke may be a little ahead of ours
    return any(
        duty.subject_id == str(referral.id)
        and duty.responsible.role is Role.PROVIDER
        and duty.due_at <= now
        for duty in await deadlines.open_for(uow, referral.case_ref)
    )


async def _pass_over(uow: UnitOfWork, case: KnownCase, referral: Referral) -> Referral:
    silent = referring.pass_over(referral, uow.now)
    await records.save(uow, silent, "passed-over", reason=RejectionReason.SILENCE)
    event_id = uow.emit(
        ReferralRejected(
            case_ref=silent.case_ref,
            at=uow.now,
            referral_id=silent.id,
            attempt=len(silent.attempts),
            reason=RejectionReason.SILENCE,
        )
    )
    # Its duties were never met: they are withdrawn, and their misses stay on the record.
    await duties.owed_by_provider(uow, case, silent, "referral.withdrawn", event_id)
    return silent
