"""A referral that ends without help: taken back, stopped with its case or consent, or its need left unmet."""

from uuid import UUID

from contracts.events.referrals import ReferralCancelled, UnmetNeedRecorded
from domain import referring
from domain.referral_states import ENDED, Party, ReferralNotInState
from domain.referring import CASE_CLOSED, CONSENT_WITHDRAWN, CancelReason, Consent, Referral
from domain.vocabulary import ReferralState
from infrastructure.unit_of_work import UnitOfWork
from services.referrals.commands import duties
from services.referrals.store import known, records


class UnmetNeedRecordedBefore(ReferralNotInState):
    """This unmet need has been recorded before."""

    code = "unmet-need-recorded-before"


async def cancel(uow: UnitOfWork, referral_id: UUID, reason: CancelReason) -> None:
    opened, party = await records.load(
        uow, referral_id, "cancel-referral", Party.SENDER, Party.RECEIVER
    )
    referral = referring.cancel(opened.referral, reason, party, uow.now)
    await records.save(uow, referral)
    event_id = uow.emit(_cancelled(uow, referral, reason))
    await duties.owed_by_case(uow, opened.case, referral, "referral.withdrawn", event_id)


async def record_unmet_need(uow: UnitOfWork, referral_id: UUID, note: str) -> None:
    """So that a need which no service meets is counted, and not forgotten."""
    opened, _ = await records.load(uow, referral_id, "record-unmet-need", Party.SENDER)
    referral = opened.referral
    if referral.state is not ReferralState.FAILED:
        raise ReferralNotInState("A need is unmet once no provider is left.", field="state")
    if "note.unmet-need" in await records.unseal(uow, referral):
        raise UnmetNeedRecordedBefore
    await records.seal(uow, referral, {"note.unmet-need": note})
    event_id = uow.emit(
        UnmetNeedRecorded(
            case_ref=referral.case_ref,
            at=uow.now,
            referral_id=referral.id,
            need=referral.need,
            area=referral.area,
        )
    )
    await duties.owed_by_case(uow, opened.case, referral, "unmet-need.recorded", event_id)


async def stop_with_case(uow: UnitOfWork, case_ref: str, event_id: UUID) -> None:
    """The case is closed: what is under way is cancelled, and every duty with it."""
    sent = await records.of_case(uow, case_ref)
    if not sent:
        return
    case = await known.case(uow, case_ref)
    for referral in sent:
        if referral.state not in ENDED:
            await _stop(uow, referral, CASE_CLOSED)
    await duties.settled_with_case(uow, case, "case.closed", event_id)


async def stop_sharing(uow: UnitOfWork, case_ref: str, withdrawn: Consent) -> None:
    """Consent is withdrawn: what has not been taken up yet is not shared any more."""
    for referral in await records.of_case(uow, case_ref):
        if referring.stops_on_withdrawal(referral, withdrawn):
            case = await known.case(uow, case_ref)
            event_id = await _stop(uow, referral, CONSENT_WITHDRAWN)
            await duties.owed_by_case(uow, case, referral, "referral.withdrawn", event_id)


async def _stop(uow: UnitOfWork, referral: Referral, reason: str) -> UUID:
    stopped = referring.cancel(referral, reason, Party.SENDER, uow.now)
    await records.save(uow, stopped)
    return uow.emit(_cancelled(uow, stopped, reason))


def _cancelled(uow: UnitOfWork, referral: Referral, reason: str) -> ReferralCancelled:
    return ReferralCancelled(
        case_ref=referral.case_ref, at=uow.now, referral_id=referral.id, reason=reason
    )
