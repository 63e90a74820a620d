"""Past facts over HTTP, for operations."""

from typing import Annotated

from fastapi import Query

from contracts.past_facts import FactPage
from infrastructure.http import Router, Uow
from infrastructure.paging import Cursor
from services.cases.queries import past_facts

router = Router(tags=["trying policy packs"])


@router.get("/operations/facts", response_model_exclude_none=True)
async def read_past_facts(
    uow: Uow,
    cursor: Cursor = None,
    limit: Annotated[
        int, Query(ge=1, le=1000, description="facts, each with the time granted after it")
    ] = 500,
) -> FactPage:
    """Every case's facts as deadlines see them, in the order of recording: codes and instants only."""
    return await past_facts.past_facts(uow, cursor, limit)
