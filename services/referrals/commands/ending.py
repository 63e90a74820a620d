"""A referral that ends without help: taken back, stopped with its case, failed, or its need left unmet."""

from uuid import UUID

from contracts.events.referrals import (
    ReferralCancelled,
    ReferralEnteredInError,
    ReferralFailed,
    UnmetNeedRecorded,
)
from domain import referral_interruptions, referring
from domain.referral import Referral
from domain.referral_reasons import CASE_CLOSED, CancelReason, FailReason
from domain.referral_states import ENDED, Party, ReferralNotInState
from domain.vocabulary import ReferralState
from infrastructure.ids import new_id
from infrastructure.unit_of_work import UnitOfWork
from services.referrals.commands import duties, linking
from services.referrals.store import known, records, texts

_UNMET = f"{texts.NOTE}unmet-need"


class UnmetNeedRecordedBefore(ReferralNotInState):
    """This unmet need has been recorded before."""

    code = "unmet-need-recorded-before"


async def cancel(uow: UnitOfWork, referral_id: UUID, reason: CancelReason) -> None:
    """Either side takes it back; a wrong entry is the sender's to find, at any time."""
    opened, party = await records.load(
        uow, referral_id, "cancel-referral", Party.SENDER, Party.RECEIVER
    )
    referral = referring.cancel(opened.referral, reason, party, uow.now)
    await records.save(uow, referral, referral.state.value, reason=reason)
    await linking.revoke_all(uow, referral)
    in_error = referral.state is ReferralState.ENTERED_IN_ERROR
    event_id = uow.emit((_entered_in_error if in_error else cancelled)(uow, referral))
    await duties.owed_by_case(uow, opened.case, referral, "referral.withdrawn", event_id)


async def fail(uow: UnitOfWork, referral_id: UUID, reason: FailReason, note: str | None) -> None:
    """The provider cannot help after all: the need is open again, and the supervisor is told."""
    opened, _ = await records.load(uow, referral_id, "fail-referral", Party.RECEIVER)
    referral = referral_interruptions.fail(opened.referral, reason, uow.now)
    await records.save(uow, referral, "failed", reason=reason)
    await texts.seal(uow, referral, {f"{texts.NOTE}failure": note} if note else {})
    event_id = new_id()
    # First what is owed from now on, then the end: whoever watches the referral sees it through.
    await duties.owed_by_case(uow, opened.case, referral, "referral.failed", event_id)
    uow.emit(
        ReferralFailed(
            case_ref=referral.case_ref, at=uow.now, referral_id=referral.id, reason=reason
        ),
        event_id,
    )


async def record_unmet_need(uow: UnitOfWork, referral_id: UUID, note: str) -> None:
    """So that a need which no service meets is counted, and not forgotten."""
    opened, _ = await records.load(uow, referral_id, "record-unmet-need", Party.SENDER)
    referral = opened.referral
    if referral.state is not ReferralState.FAILED:
        raise ReferralNotInState("A need is unmet once no provider is left.", field="state")
    if await texts.unseal(uow, referral, _UNMET):
        raise UnmetNeedRecordedBefore
    await texts.seal(uow, referral, {_UNMET: note})
    await records.save(uow, referral, "unmet-need-recorded")
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


async def _stop(uow: UnitOfWork, referral: Referral, reason: str) -> UUID:
    stopped = referring.cancel(referral, reason, Party.PATHWAY, uow.now)
    await records.save(uow, stopped, "cancelled", reason=reason)
    await linking.revoke_all(uow, stopped)
    return uow.emit(cancelled(uow, stopped))


def cancelled(uow: UnitOfWork, referral: Referral) -> ReferralCancelled:
    return ReferralCancelled(
        case_ref=referral.case_ref,
        at=uow.now,
        referral_id=referral.id,
        reason=referral.ended_because or "",
    )


def _entered_in_error(uow: UnitOfWork, referral: Referral) -> ReferralEnteredInError:
    return ReferralEnteredInError(case_ref=referral.case_ref, at=uow.now, referral_id=referral.id)
