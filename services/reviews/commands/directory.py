"""Whom somebody names for a meeting or a report: at work by the directory, or refused by name."""

from collections.abc import Sequence

from domain.chairing import Colleague
from domain.errors import Malformed
from infrastructure.unit_of_work import UnitOfWork
from services.reviews.store import colleagues


async def demand_at_work(
    uow: UnitOfWork, staff_ids: Sequence[str], field: str
) -> dict[str, Colleague]:
    """Everybody named, by id; raises Malformed with those whom the directory does not know."""
    known = await colleagues.at_work(uow, staff_ids)
    if missing := [each for each in staff_ids if each not in known]:
        raise Malformed(
            f"The directory has nobody at work by this id: {', '.join(missing)}.", field=field
        )
    return known


async def demand_agencies(uow: UnitOfWork, agency_ids: Sequence[str]) -> None:
    """A duty of an agency where nobody works would be borne by nobody; raises Malformed with its place."""
    known = await colleagues.agencies_at_work(uow, agency_ids)
    for number, each in enumerate(agency_ids):
        if each not in known:
            raise Malformed(
                "The directory has nobody at work for this agency.",
                field=f"agencies.{number}.agency_id",
                allowed=await colleagues.agencies_with_staff(uow),
            )
