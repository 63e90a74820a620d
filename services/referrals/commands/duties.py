"""A referral's duties: each fact is told to the deadlines with its duty bearer; which follow is in the pack."""

from datetime import datetime
from uuid import UUID

from domain.deadlines import Fact
from domain.referral import Referral
from domain.vocabulary import Role, SubjectType
from infrastructure import deadlines
from infrastructure.unit_of_work import UnitOfWork
from services.referrals.store.known import KnownCase


async def owed_by_provider(
    uow: UnitOfWork,
    case: KnownCase,
    referral: Referral,
    fact: str,
    event_id: UUID,
    *,
    agreed_due: datetime | None = None,
) -> None:
    """What follows falls to the agency that was asked; no person is named, whoever is on duty answers."""
    if referral.current is None:
        raise LookupError("A provider's duty needs a provider.")
    agency_id = referral.current.provider.agency_id
    await _follow(uow, case, referral, fact, event_id, agency_id, uow.now, agreed_due)


async def owed_by_case(
    uow: UnitOfWork,
    case: KnownCase,
    referral: Referral,
    fact: str,
    event_id: UUID,
    *,
    at: datetime | None = None,
    agreed_due: datetime | None = None,
) -> None:
    """What follows falls to the case's own people; what is met was done at `at`, else now."""
    agency_id = case.custody.agency_id
    await _follow(uow, case, referral, fact, event_id, agency_id, at or uow.now, agreed_due)


async def sharing_to_be_reviewed(
    uow: UnitOfWork, case: KnownCase, referral: Referral, event_id: UUID
) -> None:
    """Something was shared without consent: the supervisor looks at it."""
    await owed_by_case(uow, case, referral, "referral.shared-without-consent", event_id)


async def settled_with_case(uow: UnitOfWork, case: KnownCase, fact: str, event_id: UUID) -> None:
    """A fact about the whole case concerns every duty on it."""
    await deadlines.follow(
        uow,
        Fact(
            id=event_id,
            name=fact,
            at=uow.now,
            case_ref=case.case_ref,
            agency_id=case.custody.agency_id,
            policy=case.policy,
            risk=case.risk,
        ),
    )


async def _follow(
    uow: UnitOfWork,
    case: KnownCase,
    referral: Referral,
    fact: str,
    event_id: UUID,
    agency_id: str,
    at: datetime,
    agreed_due: datetime | None,
) -> None:
    custody = case.custody
    people: dict[Role, str] = {}
    if agency_id == custody.agency_id:
        named = {Role.CASEWORKER: custody.caseworker_id, Role.SUPERVISOR: custody.supervisor_id}
        people = {role: person for role, person in named.items() if person}
    await deadlines.follow(
        uow,
        Fact(
            id=event_id,
            name=fact,
            at=at,
            case_ref=case.case_ref,
            agency_id=agency_id,
            policy=case.policy,
            risk=case.risk,
            subject_type=SubjectType.REFERRAL,
            subject_id=str(referral.id),
            people=people,
            agreed_due=agreed_due,
        ),
    )
