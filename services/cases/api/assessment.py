"""Assessments and risk over HTTP."""

from infrastructure.http import Router, Uow
from services.cases.commands import assessing
from services.cases.schemas.assessment import (
    ComprehensiveAssessmentAnswer,
    ComprehensiveAssessmentBody,
    InitialAssessmentAnswer,
    InitialAssessmentBody,
    RiskAnswer,
    RiskBody,
)

router = Router(tags=["assessment"])


@router.post("/cases/{ref}/initial-assessment", status_code=201)
async def record_initial_assessment(
    uow: Uow, ref: str, body: InitialAssessmentBody
) -> InitialAssessmentAnswer:
    """Immediate needs and safety; sets the risk."""
    return await assessing.record_initial(uow, ref, body)


@router.post("/cases/{ref}/comprehensive-assessment", status_code=201)
async def record_comprehensive_assessment(
    uow: Uow, ref: str, body: ComprehensiveAssessmentBody
) -> ComprehensiveAssessmentAnswer:
    """Best interests, in four stages and five elements."""
    return await assessing.record_comprehensive(uow, ref, body)


@router.post("/cases/{ref}/risk")
async def change_risk(uow: Uow, ref: str, body: RiskBody) -> RiskAnswer:
    """The level changes, and with it every duty that depends on it."""
    return await assessing.set_risk(uow, ref, body)
