"""Links for providers without an account. Load the referral before; who comes by a link has a code for a right."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import fields
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update

from domain.errors import Missing
from domain.provider_link import ProviderLink, ReferralLinkOver
from domain.referral import Referral
from domain.statement import Language
from infrastructure.crypto import CaseKey
from infrastructure.unit_of_work import UnitOfWork
from services.referrals.store.sharing_tables import provider_links

_KEPT = [provider_links.c[field.name] for field in fields(ProviderLink)]


async def add(uow: UnitOfWork, link: ProviderLink, key: CaseKey, code: str) -> None:
    """The code itself is kept nowhere: only what it gives under the case's key."""
    row = {field.name: getattr(link, field.name) for field in fields(ProviderLink)}
    await uow.connection.execute(
        insert(provider_links).values(
            **{**row, "language": link.language.value, "code_digest": _digest(key, link.id, code)}
        )
    )


async def find(uow: UnitOfWork, link_id: UUID, *, lock: bool = False) -> ProviderLink:
    """For whoever comes by it; raises ReferralLinkOver. Lock the referral before the link, never after."""
    query = select(*_KEPT).where(provider_links.c.id == link_id)
    query = query.with_for_update() if lock else query
    row = (await uow.connection.execute(query)).mappings().first()
    if row is None:
        raise ReferralLinkOver
    return _link(row)


async def of(uow: UnitOfWork, referral: Referral) -> list[ProviderLink]:
    """In the order in which they were given out, ended ones included."""
    query = (
        select(*_KEPT)
        .where(provider_links.c.referral_id == referral.id)
        .order_by(provider_links.c.issued_at, provider_links.c.id)
    )
    return [_link(row) for row in (await uow.connection.execute(query)).mappings()]


async def one(uow: UnitOfWork, referral: Referral, link_id: UUID) -> ProviderLink:
    """Raises Missing."""
    for link in await of(uow, referral):
        if link.id == link_id:
            return link
    raise Missing


async def save(uow: UnitOfWork, link: ProviderLink) -> None:
    await uow.connection.execute(
        update(provider_links)
        .where(provider_links.c.id == link.id)
        .values(
            revoked_at=link.revoked_at,
            attempts=link.attempts,
            locked_at=link.locked_at,
            opened_at=link.opened_at,
        )
    )


async def is_code(uow: UnitOfWork, link: ProviderLink, key: CaseKey, code: str) -> bool:
    """Compared in a time that says nothing of the code."""
    query = select(provider_links.c.code_digest).where(provider_links.c.id == link.id)
    kept = (await uow.connection.execute(query)).scalar_one()
    return hmac.compare_digest(bytes(kept), _digest(key, link.id, code))


def _digest(key: CaseKey, link_id: UUID, code: str) -> bytes:
    """Under the case's key: of no use to whoever has the database alone."""
    return hmac.new(key.secret, f"provider-link|{link_id}|{code}".encode(), hashlib.sha256).digest()


def _link(row: Mapping[Any, Any]) -> ProviderLink:
    return ProviderLink(**{**row, "language": Language(row["language"])})
