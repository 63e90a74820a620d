"""Referrals over HTTP: what the case's side and the provider asked may do, and what each is shown."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, status

from domain.referring import Consent
from domain.vocabulary import ReferralState
from infrastructure.http import Router, Uow
from services.referrals import queries
from services.referrals.commands import acknowledging, answering, asking, ending, helping
from services.referrals.schemas import (
    Appointment,
    Cancellation,
    CaseRef,
    Confirmation,
    DutyView,
    NoWords,
    ReferralPage,
    ReferralRequest,
    ReferralView,
    Rejection,
    ServiceGiven,
    UnmetNeed,
)

router = Router(tags=["referrals"])
MOST_PLACES = 2**63 - 1


@router.post("/referrals", status_code=status.HTTP_201_CREATED)
async def request_referral(uow: Uow, asked: ReferralRequest) -> ReferralView:
    """Asks the first provider of the pathway for the need, sharing what was chosen and nothing else."""
    referral_id = await asking.request(
        uow,
        asked.case_ref,
        need=asked.need,
        area=asked.area,
        urgent=asked.urgent,
        summary=asked.summary,
        shared=asked.shared,
        consent=Consent(**asked.consent.model_dump()),
    )
    return await queries.shown(uow, referral_id)


@router.get("/referrals")
async def list_referrals(
    uow: Uow,
    tray: queries.Tray | None = None,
    state: ReferralState | None = None,
    case_ref: Annotated[CaseRef | None, Query()] = None,
    cursor: Annotated[int | None, Query(ge=0, le=MOST_PLACES)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> ReferralPage:
    """The in-tray of the viewer's agency, or the out-tray of her cases; newest first."""
    return await queries.tray(uow, tray, state=state, case_ref=case_ref, cursor=cursor, limit=limit)


@router.get("/referrals/{referral_id}")
async def read_referral(uow: Uow, referral_id: UUID) -> ReferralView:
    return await queries.read(uow, referral_id)


@router.post("/referrals/{referral_id}/acknowledgement")
async def acknowledge_referral(uow: Uow, referral_id: UUID, _: NoWords) -> ReferralView:
    """The provider has seen the request; its answer is still owed."""
    await answering.acknowledge(uow, referral_id)
    return await queries.shown(uow, referral_id)


@router.post("/referrals/{referral_id}/acceptance")
async def accept_referral(uow: Uow, referral_id: UUID, _: NoWords) -> ReferralView:
    await answering.accept(uow, referral_id)
    return await queries.shown(uow, referral_id)


@router.post("/referrals/{referral_id}/rejection")
async def reject_referral(uow: Uow, referral_id: UUID, said: Rejection) -> ReferralView:
    """The provider declines; the next of the pathway is asked."""
    await answering.reject(uow, referral_id, said.reason, said.note)
    return await queries.shown(uow, referral_id)


@router.post("/referrals/{referral_id}/appointment")
async def book_appointment(uow: Uow, referral_id: UUID, said: Appointment) -> ReferralView:
    """The agreed appointment, or another one in its place."""
    await helping.book(uow, referral_id, said.at)
    return await queries.shown(uow, referral_id)


@router.post("/referrals/{referral_id}/service-given")
async def record_service_given(uow: Uow, referral_id: UUID, said: ServiceGiven) -> ReferralView:
    """The provider's word that help was given."""
    await helping.record_service(uow, referral_id, said.given_at, said.note)
    return await queries.shown(uow, referral_id)


@router.post("/referrals/{referral_id}/confirmation")
async def confirm_referral(uow: Uow, referral_id: UUID, said: Confirmation) -> ReferralView:
    """Child or family confirm that help arrived, or the reason why nobody can say."""
    await helping.confirm(
        uow, referral_id, confirmed=said.confirmed, by=said.by, reason=said.reason
    )
    return await queries.shown(uow, referral_id)


@router.post("/referrals/{referral_id}/cancellation")
async def cancel_referral(uow: Uow, referral_id: UUID, said: Cancellation) -> ReferralView:
    """Either side takes it back."""
    await ending.cancel(uow, referral_id, said.reason)
    return await queries.shown(uow, referral_id)


@router.post("/referrals/{referral_id}/unmet-need")
async def record_unmet_need(uow: Uow, referral_id: UUID, said: UnmetNeed) -> ReferralView:
    """Notes a need that no provider of the pathway meets, so that it is counted."""
    await ending.record_unmet_need(uow, referral_id, said.note)
    return await queries.shown(uow, referral_id)


@router.post("/deadlines/{deadline_id}/acknowledgement")
async def acknowledge_deadline(uow: Uow, deadline_id: UUID, _: NoWords) -> DutyView:
    """Somebody has taken it up: nobody further is told."""
    return queries.duty_view(await acknowledging.acknowledge_duty(uow, deadline_id))
