"""Referrals, registrations and assignments over HTTP."""

from infrastructure import versions
from infrastructure.http import Router, Uow
from services.cases.commands import assigning, comparing, registering
from services.cases.schemas.likeness import LikelySameList, SameChildAnswer, SameChildBody
from services.cases.schemas.registration import (
    AssignmentAnswer,
    AssignmentBody,
    CaseBody,
    IntakeAnswer,
    IntakeBody,
    RegistrationAnswer,
    RegistrationBody,
)

router = Router(tags=["registration"])


@router.post("/intakes", status_code=201)
async def refer_child(uow: Uow, body: IntakeBody) -> IntakeAnswer:
    """A referral, screened by the agency's criteria: never dropped, answered with a reason."""
    return await registering.identify(uow, body)


@router.post("/cases", status_code=201)
async def register_case(uow: Uow, body: CaseBody) -> RegistrationAnswer:
    """A child referred and registered in one, with consent."""
    return await registering.register_new(uow, body)


@router.post("/cases/{ref}/registration", status_code=201)
async def register_identified_case(
    uow: Uow, ref: str, body: RegistrationBody
) -> RegistrationAnswer:
    """A child whose referral is on the record becomes a case."""
    return await registering.register_identified(uow, ref, body)


@router.post("/cases/{ref}/assignment")
async def assign_case(uow: Uow, ref: str, body: AssignmentBody) -> AssignmentAnswer:
    """Other people look after the case from now on."""
    return await assigning.assign_case(uow, ref, body)


@router.get(
    "/cases/{ref}/likely-same",
    response_model_exclude_none=True,
    openapi_extra={versions.UNVERSIONED: "It tells of other cases, as they stand now."},
)
async def read_likely_same(uow: Uow, ref: str) -> LikelySameList:
    """Cases that may be about the same child and why, with what people decided."""
    return await comparing.read_likely_same(uow, ref)


@router.post("/cases/{ref}/same-child", status_code=201)
async def decide_same_child(uow: Uow, ref: str, body: SameChildBody) -> SameChildAnswer:
    """A person's decision on two cases that look alike; both records stay as they are."""
    return await comparing.decide_same_child(uow, ref, body)
