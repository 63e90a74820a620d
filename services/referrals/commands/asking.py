"""Asking a provider: the first of the pathway for a new referral, the next one after it has said no."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from contracts.events.referrals import ReferralExhausted, ReferralRequested
from domain import referring
from domain.directory import Provider, next_provider
from domain.errors import Malformed
from domain.referring import (
    CaseIsClosed,
    Consent,
    ConsentDoesNotStand,
    NoPathway,
    Referral,
    SharedField,
)
from infrastructure.ids import new_id
from infrastructure.unit_of_work import UnitOfWork
from services.referrals.commands import duties
from services.referrals.store import known, records
from services.referrals.store.known import KnownCase


async def request(
    uow: UnitOfWork,
    case_ref: str,
    *,
    need: str,
    area: str,
    urgent: bool,
    summary: str,
    shared: Mapping[SharedField, str],
    consent: Consent,
) -> UUID:
    """Raises CaseNotKnownYet, CaseIsClosed, ConsentDoesNotStand, NoPathway, Hidden, Malformed."""
    case = await known.case_to_refer(uow, case_ref)
    if case.closed:
        raise CaseIsClosed
    await _demand_consent(uow, case, consent)
    if await known.pathway(uow, need, area) is None:
        raise NoPathway(field="need", allowed=await known.pathways(uow))
    referral = Referral(
        id=new_id(),
        case_ref=case_ref,
        need=need,
        area=area,
        urgent=urgent,
        requested_by=uow.viewer.staff_id,
        requested_at=uow.now,
        consent=consent,
    )
    before = await records.failed_of_case(uow, case, need)
    await records.add(uow, referral)
    await records.seal(
        uow,
        referral,
        {"summary": summary, **{f"shared.{field}": text for field, text in shared.items()}},
    )
    uow.audit("request-referral", case_ref)
    event_id = await ask_next(uow, case, referral)
    for failed in before:
        await duties.owed_by_case(uow, case, failed, "referral.requested-anew", event_id)
    return referral.id


async def ask_next(uow: UnitOfWork, case: KnownCase, referral: Referral) -> UUID:
    """Asks the next provider with places, or finds that there is none; the id of the event that says so."""
    providers = await known.pathway(uow, referral.need, referral.area) or ()
    places = await known.capacity(uow, providers)
    provider = next_provider(providers, referral.asked, places)
    if provider is None:
        return await _exhaust(uow, case, referral)
    return await _ask(uow, case, referral, provider)


async def _ask(uow: UnitOfWork, case: KnownCase, referral: Referral, provider: Provider) -> UUID:
    asked = referring.ask(referral, provider, uow.now)
    await records.save(uow, asked)
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
    return event_id


async def _exhaust(uow: UnitOfWork, case: KnownCase, referral: Referral) -> UUID:
    failed = referring.exhaust(referral, uow.now)
    await records.save(uow, failed)
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
    return event_id


async def _demand_consent(uow: UnitOfWork, case: KnownCase, given: Consent) -> None:
    """On the case's record when it is named by id; not withdrawn since, in either form."""
    if given.recorded_at > uow.now:
        raise Malformed("Consent is recorded before it is relied on.", field="consent.recorded_at")
    on_record = await known.consents(uow, case.case_ref)
    if given.consent_id is not None:
        standing = [
            each
            for each, withdrawn_at in on_record
            if each.consent_id == given.consent_id and withdrawn_at is None
        ]
        if not standing:
            raise ConsentDoesNotStand(field="consent.consent_id")
    elif any(_undoes(each, withdrawn_at, given) for each, withdrawn_at in on_record):
        raise ConsentDoesNotStand(field="consent")


def _undoes(known_as: Consent, withdrawn_at: datetime | None, given: Consent) -> bool:
    """Whether the same person took the same consent back after it was given."""
    same = (known_as.given_by, known_as.purpose) == (given.given_by, given.purpose)
    return same and withdrawn_at is not None and withdrawn_at >= given.recorded_at
