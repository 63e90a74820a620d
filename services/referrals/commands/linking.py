"""Links for a provider without an account: given out by the case's side, revoked, over with what they lead to."""

import secrets
import uuid
from datetime import datetime, timedelta
from uuid import UUID

from contracts.events.referrals import ReferralLinkIssued, ReferralLinkRevoked
from domain import provider_link
from domain.errors import Malformed
from domain.provider_link import ProviderLink, ReferralLinkOver
from domain.referral import Referral
from domain.referral_states import Party, ReferralNotInState
from domain.statement import Language, compose_code
from infrastructure.crypto import case_key
from infrastructure.settings import settings
from infrastructure.unit_of_work import UnitOfWork
from services.referrals.store import links, records


async def issue(
    uow: UnitOfWork, referral_id: UUID, *, valid_days: int, language: Language
) -> tuple[ProviderLink, str]:
    """With the code, which is told by telephone and kept nowhere; earlier links of the referral are revoked."""
    opened, _ = await records.load(uow, referral_id, "issue-link", Party.SENDER)
    referral = opened.referral
    link = _link(uow, referral, _expiry(uow, valid_days), language)
    try:
        provider_link.demand_usable(link, referral, uow.now)
    except ReferralLinkOver:
        raise ReferralNotInState("No provider is asked now.", field="state") from None
    await revoke_all(uow, referral)
    code = compose_code(secrets.choice)
    await links.add(uow, link, await case_key(uow, referral.case_ref), code)
    await records.save(uow, referral, "link-issued", about_at=link.expires_at)
    uow.emit(
        ReferralLinkIssued(
            case_ref=referral.case_ref,
            at=uow.now,
            referral_id=referral.id,
            link_id=link.id,
            to_agency_id=link.agency_id,
            attempt=link.attempt,
            expires_at=link.expires_at,
        )
    )
    return link, code


async def revoke(uow: UnitOfWork, referral_id: UUID, link_id: UUID) -> None:
    """Whoever holds it sees nothing from now on; raises Missing."""
    opened, _ = await records.load(uow, referral_id, "revoke-link", Party.SENDER)
    await links.one(uow, opened.referral, link_id)
    await _revoke(uow, opened.referral, link_id)


async def revoke_all(uow: UnitOfWork, referral: Referral) -> None:
    """Every one that still led somewhere."""
    for link in await links.of(uow, referral):
        if link.revoked_at is None and link.expires_at > uow.now:
            await _revoke(uow, referral, link.id)


async def _revoke(uow: UnitOfWork, referral: Referral, link_id: UUID) -> None:
    before = await links.find(uow, link_id, lock=True)
    link = provider_link.revoke(before, uow.now)
    if link == before:
        return
    await links.save(uow, link)
    await records.save(uow, referral, "link-revoked")
    uow.emit(
        ReferralLinkRevoked(
            case_ref=referral.case_ref, at=uow.now, referral_id=referral.id, link_id=link.id
        )
    )


def _link(
    uow: UnitOfWork, referral: Referral, expires_at: datetime, language: Language
) -> ProviderLink:
    if referral.current is None:
        raise ReferralNotInState("No provider is asked now.", field="state")
    return ProviderLink(
        id=uuid.uuid4(),  # random in all its bits: it stands in an address and is no key of an order
        referral_id=referral.id,
        attempt=referral.current.number,
        agency_id=referral.current.provider.agency_id,
        language=language,
        issued_at=uow.now,
        issued_by=uow.viewer.staff_id,
        expires_at=expires_at,
    )


def _expiry(uow: UnitOfWork, valid_days: int) -> datetime:
    """On a whole second: the token says it in seconds."""
    most = settings().link_days
    if valid_days > most:
        raise Malformed(
            "A link is not valid as long as that.", field="valid_days", allowed=[f"1 to {most}"]
        )
    return (uow.now + timedelta(days=valid_days)).replace(microsecond=0)
