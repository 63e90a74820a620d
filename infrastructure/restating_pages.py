"""Saying every open deadline again, so that workflows that were lost are rebuilt from the records alone."""

from typing import Annotated

from pydantic import BaseModel, Field

from domain.disclosure import Viewer
from domain.errors import Hidden
from domain.vocabulary import CASE_REF_PATTERN, Role
from infrastructure import deadlines
from infrastructure.routes import RequestBody, Router, Uow

router = Router(prefix="/operations/restatements", tags=["rebuilding workflows"])


class Restatement(RequestBody):
    case_ref: Annotated[
        str | None, Field(pattern=CASE_REF_PATTERN, description="One case only; absent: every case")
    ] = None


class RestatementView(BaseModel):
    """How many open deadlines were said again."""

    restated: int


@router.post("")
async def restate_deadlines(restatement: Restatement, uow: Uow) -> RestatementView:
    """Says this service's open deadlines again; workflows that know them already take no notice."""
    _demand_operator(uow.viewer)
    return RestatementView(restated=await deadlines.restate(uow, restatement.case_ref))


def _demand_operator(viewer: Viewer) -> None:
    if not viewer.has(Role.OPERATIONS, Role.ADMINISTRATOR):
        raise Hidden
