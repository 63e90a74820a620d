"""Asking a provider: the next of the pathway that suits, or finding that there is none."""

from uuid import UUID

from contracts.events.referrals import ReferralExhausted, ReferralRequested
from domain import referring
from domain.choosing import Choice, Market, choose
from domain.directory import Provider
from domain.referral import Referral
from infrastructure.unit_of_work import UnitOfWork
from services.referrals.commands import duties
from services.referrals.store import enquiries, history, known, records, texts
from services.referrals.store.known import KnownCase


async def ask_next(uow: UnitOfWork, case: KnownCase, referral: Referral) -> tuple[Referral, UUID]:
    """Asks the next provider that suits, or finds that there is none; with the event's id that says so."""
    choice = await _choose(uow, referral)
    await history.note_skipped(uow, referral, choice.skipped)
    if choice.provider is None:
        return await _exhaust(uow, case, referral)
    return await _ask(uow, case, referral, choice.provider)


async def _choose(uow: UnitOfWork, referral: Referral) -> Choice:
    pathway = await known.pathway(uow, referral.need, referral.area) or ()
    market = Market(
        await known.terms(uow, (each.offer_id for each in pathway)),
        await enquiries.said(uow, referral.enquiry_id),
    )
    return choose(pathway, referral.asked, market, await texts.wanted(uow, referral))


async def _ask(
    uow: UnitOfWork, case: KnownCase, referral: Referral, provider: Provider
) -> tuple[Referral, UUID]:
    asked = referring.ask(referral, provider, uow.now)
    await records.save(uow, asked, "requested")
    event_id = uow.emit(
        ReferralRequested(
            case_ref=asked.case_ref,
            at=uow.now,
            referral_id=asked.id,
            attempt=len(asked.attempts),
            from_agency_id=case.custody.agency_id,
            to_agency_id=provider.agency_id,
            offer_id=provider.offer_id,
            need=asked.need,
            urgent=asked.urgent,
            requested_by=asked.requested_by,
        )
    )
    fact = "referral.requested-urgently" if asked.urgent else "referral.requested"
    await duties.owed_by_provider(uow, case, asked, fact, event_id)
    return asked, event_id


async def _exhaust(uow: UnitOfWork, case: KnownCase, referral: Referral) -> tuple[Referral, UUID]:
    failed = referring.exhaust(referral, uow.now)
    await records.save(uow, failed, "exhausted")
    event_id = uow.emit(
        ReferralExhausted(
            case_ref=failed.case_ref,
            at=uow.now,
            referral_id=failed.id,
            need=failed.need,
            attempts=len(failed.attempts),
        )
    )
    await duties.owed_by_case(uow, case, failed, "referral.exhausted", event_id)
    return failed, event_id
