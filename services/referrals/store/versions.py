"""Each sending of a referral, frozen, and which agency has read it: first and last. Load the referral before."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as insert_or_update

from domain.referral import Referral
from domain.sharing import Version
from infrastructure.unit_of_work import UnitOfWork
from services.referrals.store.records import consent_of
from services.referrals.store.sharing_tables import readings, shared_versions


async def add(uow: UnitOfWork, referral: Referral, version: Version) -> None:
    consent = asdict(version.consent) if version.consent else {}
    await uow.connection.execute(
        insert(shared_versions).values(
            referral_id=referral.id,
            number=version.number,
            sent_at=version.sent_at,
            sent_by=version.sent_by,
            fields=list(version.fields),
            digest=version.digest,
            **{f"consent_{name.removeprefix('consent_')}": each for name, each in consent.items()},
        )
    )


async def save_review(uow: UnitOfWork, referral: Referral, version: Version) -> None:
    """Of a version only its review is ever added."""
    await uow.connection.execute(
        update(shared_versions)
        .where(
            shared_versions.c.referral_id == referral.id,
            shared_versions.c.number == version.number,
        )
        .values(
            reviewed_at=version.reviewed_at,
            reviewed_by=version.reviewed_by,
            justified=version.justified,
        )
    )


async def of(uow: UnitOfWork, referral: Referral) -> list[Version]:
    """Every sending, the first one first."""
    query = (
        select(shared_versions)
        .where(shared_versions.c.referral_id == referral.id)
        .order_by(shared_versions.c.number)
    )
    return [
        Version(
            number=row["number"],
            sent_at=row["sent_at"],
            sent_by=row["sent_by"],
            fields=tuple(row["fields"]),
            digest=bytes(row["digest"]),
            consent=consent_of(row),
            reviewed_at=row["reviewed_at"],
            reviewed_by=row["reviewed_by"],
            justified=row["justified"],
        )
        for row in (await uow.connection.execute(query)).mappings()
    ]


async def note_reading(uow: UnitOfWork, referral: Referral) -> None:
    """The viewer's agency has been shown what is shared now."""
    row = {
        "referral_id": referral.id,
        "agency_id": uow.viewer.agency_id,
        "version": referral.shared_version,
        "first_at": uow.now,
        "last_at": uow.now,
    }
    latest = func.greatest(readings.c.last_at, uow.now)
    put = insert_or_update(readings).values(**row)
    await uow.connection.execute(
        put.on_conflict_do_update(
            index_elements=["referral_id", "agency_id", "version"], set_={"last_at": latest}
        )
    )


async def readings_of(uow: UnitOfWork, referral: Referral) -> Sequence[Any]:
    query = (
        select(readings)
        .where(readings.c.referral_id == referral.id)
        .order_by(readings.c.first_at, readings.c.agency_id, readings.c.version)
    )
    return (await uow.connection.execute(query)).all()
