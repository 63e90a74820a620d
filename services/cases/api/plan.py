"""The plan, its actions, consents and follow-ups over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query

from infrastructure.http import Router, Uow
from services.cases.commands import consenting, following_up, planning
from services.cases.queries import plan_versions
from services.cases.schemas.plan import (
    ActionView,
    CompletionBody,
    ConsentBody,
    FollowUpRecordAnswer,
    FollowUpRecordBody,
    PlanAnswer,
    PlanBody,
    StartBody,
    WithdrawalAnswer,
    WithdrawalBody,
)
from services.cases.schemas.plan_versions import PlanDifferences, PlanVersionList, PlanVersionView
from services.cases.schemas.registration import ConsentView

router = Router(tags=["plan"])
MOST_VERSIONS = 1_000_000


@router.post("/cases/{ref}/plan", status_code=201)
async def agree_plan(uow: Uow, ref: str, body: PlanBody) -> PlanAnswer:
    """A version of the plan, agreed with child and family; the old one stays readable."""
    return await planning.agree_plan(uow, ref, body)


@router.get("/cases/{ref}/plan/versions")
async def list_plan_versions(uow: Uow, ref: str) -> PlanVersionList:
    """When each was agreed, and how many of its actions were completed."""
    return await plan_versions.all_of(uow, ref)


@router.get("/cases/{ref}/plan/versions/{version}")
async def read_plan_version(
    uow: Uow, ref: str, version: Annotated[int, Path(ge=1, le=MOST_VERSIONS)]
) -> PlanVersionView:
    """A plan as it was agreed, and what became of its actions."""
    return await plan_versions.one(uow, ref, version)


@router.get("/cases/{ref}/plan/differences")
async def compare_plan_versions(
    uow: Uow,
    ref: str,
    before: Annotated[int, Query(alias="from", ge=1, le=MOST_VERSIONS)],
    after: Annotated[int, Query(alias="to", ge=1, le=MOST_VERSIONS)],
) -> PlanDifferences:
    """What changed from one version to another, each in a sentence."""
    return await plan_versions.differences(uow, ref, before, after)


@router.post("/cases/{ref}/actions/{action_id}/start")
async def start_action(uow: Uow, ref: str, action_id: UUID, body: StartBody) -> ActionView:
    """Refused until everybody concerned has consented."""
    return await planning.start_action(uow, ref, action_id, body)


@router.post("/cases/{ref}/actions/{action_id}/completion")
async def complete_action(uow: Uow, ref: str, action_id: UUID, body: CompletionBody) -> ActionView:
    """Refused until everybody concerned has consented."""
    return await planning.complete_action(uow, ref, action_id, body)


@router.post("/cases/{ref}/consents", status_code=201)
async def record_consent(uow: Uow, ref: str, body: ConsentBody) -> ConsentView:
    """Who consented to what, how, and until when."""
    return await consenting.record_consent(uow, ref, body)


@router.post("/cases/{ref}/consents/{consent_id}/withdrawal")
async def withdraw_consent(
    uow: Uow, ref: str, consent_id: UUID, body: WithdrawalBody
) -> WithdrawalAnswer:
    """Stops what has not been done yet."""
    return await consenting.withdraw_consent(uow, ref, consent_id, body)


@router.post("/cases/{ref}/follow-ups/{follow_up_id}/records", status_code=201)
async def record_follow_up(
    uow: Uow, ref: str, follow_up_id: UUID, body: FollowUpRecordBody
) -> FollowUpRecordAnswer:
    """Meets the duty that stands, and sets the next."""
    return await following_up.record_follow_up(uow, ref, follow_up_id, body)
