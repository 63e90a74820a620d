"""Saying what agencies are called, so that families and colleagues read a name and not a code."""

import asyncio

from contracts.events.agencies import AgencyNamed
from domain.disclosure import Viewer
from domain.errors import Unavailable
from domain.listing import in_one_line
from infrastructure.service import Parts
from infrastructure.unit_of_work import UnitOfWork
from services.agencies.store import agencies as store

_PAGE = 200
_AGAIN_SECONDS = 5.0


def name_agency(uow: UnitOfWork, agency_id: str, name: str) -> None:
    """Says nothing of a name that holds no character to read."""
    if said := in_one_line(name):
        uow.emit(AgencyNamed(agency_id=agency_id, at=uow.now, name=said))


async def say_names(parts: Parts) -> None:
    """Every name again at each start, also of agencies that were registered before names were said."""
    after: str | None = ""
    while after is not None:
        try:
            async with parts.db.transaction(Viewer.system(parts.db.service)) as uow:
                after = await name_following(uow, after)
        except Unavailable:
            await asyncio.sleep(_AGAIN_SECONDS)
    await asyncio.Event().wait()  # a background task runs until it is cancelled


async def name_following(uow: UnitOfWork, after: str) -> str | None:
    """Names a page of agencies, held meanwhile so that no name is said after a newer one; None at the end."""
    found = await store.following(uow, after, _PAGE)
    for each in found:
        name_agency(uow, each["agency_id"], each["name"])
    return found[-1]["agency_id"] if len(found) == _PAGE else None
