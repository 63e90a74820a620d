"""A referral's texts, each sealed under the case's key by its name.

`summary` and `shared.*` are the first sending, frozen; `v2.summary` and so on later ones; `draft.*` is what has
not been sent; `note.*` is written on the way; `criteria.*` is what an offer must suit.
"""

import hashlib
import hmac
from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert as insert_or_update

from domain.choosing import Wanted
from domain.erasing import ERASED
from domain.errors import Missing
from domain.referral import Referral
from domain.sharing import SUMMARY, content
from infrastructure import crypto
from infrastructure.unit_of_work import UnitOfWork
from services.referrals.store.tables import texts

DRAFT, SHARED, NOTE, CRITERIA = "draft.", "shared.", "note.", "criteria."
AGE, LANGUAGE = f"{CRITERIA}age", f"{CRITERIA}language"


async def seal(uow: UnitOfWork, referral: Referral, written: Mapping[str, str]) -> None:
    """Keeps texts by their names, sealed under the case's key; what was written once stays."""
    if not written:
        return
    key = await crypto.case_key(uow, referral.case_ref, create=True)
    rows = [
        {
            "referral_id": referral.id,
            "name": name,
            "sealed": crypto.seal(key, referral.case_ref, _bound(referral.id, name), text),
        }
        for name, text in written.items()
    ]
    await uow.connection.execute(insert_or_update(texts).on_conflict_do_nothing(), rows)


async def redraft(uow: UnitOfWork, referral: Referral, written: Mapping[str, str]) -> None:
    """A draft is nobody's promise: what it said before is dropped."""
    await drop_draft(uow, referral)
    await seal(uow, referral, {f"{DRAFT}{name}": text for name, text in written.items()})


async def drop_draft(uow: UnitOfWork, referral: Referral) -> None:
    await uow.connection.execute(
        delete(texts).where(texts.c.referral_id == referral.id, texts.c.name.startswith(DRAFT))
    )


async def unseal(uow: UnitOfWork, referral: Referral, prefix: str = "") -> dict[str, str]:
    """Texts by their names; call it only for a viewer who may see them. Raises Missing once erased."""
    query = (
        select(texts)
        .where(texts.c.referral_id == referral.id, texts.c.name.startswith(prefix))
        .order_by(texts.c.name)
    )
    rows = (await uow.connection.execute(query)).all()
    if not rows:
        return {}
    key = await crypto.case_key(uow, referral.case_ref)
    return {
        row.name: crypto.open_sealed(
            key, referral.case_ref, _bound(referral.id, row.name), row.sealed
        )
        for row in rows
    }


async def shown(uow: UnitOfWork, referral: Referral) -> dict[str, str]:
    """For reading: of a child who was erased, `[erased]` where a text was."""
    try:
        return await unseal(uow, referral)
    except Missing:
        query = select(texts.c.name).where(texts.c.referral_id == referral.id)
        return dict.fromkeys((await uow.connection.execute(query)).scalars(), ERASED)


async def wanted(uow: UnitOfWork, referral: Referral) -> Wanted:
    """What an offer must suit; of a child who was erased nothing is known but the area."""
    try:
        found = await unseal(uow, referral, CRITERIA)
    except Missing:
        found = {}
    years = int(found[AGE]) if AGE in found else None
    return Wanted(referral.area, None if years is None else (years, years), found.get(LANGUAGE))


async def digest(uow: UnitOfWork, case_ref: str, shared: Mapping[str, str]) -> bytes:
    """Says whether something is what was sent, and nothing of it to whoever lacks the case's key."""
    key = await crypto.case_key(uow, case_ref, create=True)
    return hmac.new(key.secret, b"shared|" + content(shared), hashlib.sha256).digest()


def named(version: int) -> str:
    """What stands before the names of a version's texts."""
    return "" if version <= 1 else f"v{version}."


def of_version(found: Mapping[str, str], version: int) -> dict[str, str]:
    """`summary` and `shared.*` of one sending, or of the draft for version 0."""
    before = DRAFT if version == 0 else named(version)
    return {
        name.removeprefix(before): text
        for name, text in found.items()
        if name.startswith((f"{before}{SHARED}", f"{before}{SUMMARY}"))
    }


def _bound(referral_id: UUID, name: str) -> str:
    return f"referral.{referral_id}.{name}"
