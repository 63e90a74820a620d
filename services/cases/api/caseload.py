"""Caseloads over HTTP."""

from typing import Annotated

from fastapi import Path, Query

from domain.vocabulary import CODE_PATTERN
from infrastructure import versions
from infrastructure.http import Router, Uow
from services.cases.commands import handing_over
from services.cases.queries import caseloads
from services.cases.schemas.caseload import CaseloadHandoverBody, CaseloadList, Manifest

router = Router(tags=["caseload"])
StaffId = Annotated[str, Path(pattern=CODE_PATTERN)]


@router.get("/caseloads", response_model_exclude_none=True)
async def list_caseloads(
    uow: Uow, team: Annotated[str | None, Query(pattern=CODE_PATTERN)] = None
) -> CaseloadList:
    """Counts a caseworker, in the order of their names: a supervisor's team, or a manager's agency."""
    return await caseloads.of_team(uow, team)


@router.post(
    "/caseloads/{staff_id}/handover",
    openapi_extra={
        versions.NOT_HONOURED: "Many cases change hands at once; their manifest says which."
    },
)
async def hand_over_caseload(uow: Uow, staff_id: StaffId, body: CaseloadHandoverBody) -> Manifest:
    """Every case of a worker who leaves goes to somebody; refused when one is left out."""
    return await handing_over.hand_over(uow, staff_id, body)


@router.get("/caseloads/{staff_id}/handover")
async def read_caseload_manifest(uow: Uow, staff_id: StaffId) -> Manifest:
    """What was handed over last: cases, open duties with their dates, what was overdue."""
    return await handing_over.manifest_of(uow, staff_id)
