"""For a need in an area, which offers are asked in which order."""

from typing import Annotated

from fastapi import Query

from domain.listing import OLDEST
from infrastructure.http import Router, Uow
from infrastructure.paging import USUAL, Cursor, Limit
from services.agencies.commands import pathways as putting
from services.agencies.queries import offers as reading
from services.agencies.queries.offers import Wanted
from services.agencies.schemas.pathways import PathwayEntry, PathwayList, PathwayView
from services.agencies.schemas.words import Code, Language, PathCode

router = Router(tags=["pathways"])
Filter = Annotated[Code | None, Query()]
Age = Annotated[int | None, Query(ge=0, le=OLDEST)]
Spoken = Annotated[Language | None, Query()]


@router.put("/pathways/{need}/{area}")
async def put_pathway(uow: Uow, need: PathCode, area: PathCode, entry: PathwayEntry) -> PathwayView:
    """Which offers are asked for this need in this area, in which order."""
    await putting.put_pathway(uow, need, area, entry)
    return await reading.pathway(uow, need, area, Wanted())


@router.get("/pathways")
async def list_pathways(
    uow: Uow,
    need: Filter = None,
    area: Filter = None,
    age: Age = None,
    language: Spoken = None,
    cursor: Cursor = None,
    limit: Limit = USUAL,
) -> PathwayList:
    """Each offer of a pathway with why it is not suitable now; age and language narrow it."""
    return await reading.pathways(uow, need, area, Wanted(age, language), cursor, limit)


@router.get("/pathways/{need}/{area}")
async def read_pathway(
    uow: Uow, need: PathCode, area: PathCode, age: Age = None, language: Spoken = None
) -> PathwayView:
    """One pathway: each of its offers with why it is not suitable now."""
    return await reading.pathway(uow, need, area, Wanted(age, language))
