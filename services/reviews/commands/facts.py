"""Facts about one review, and about one meeting, report or decision, as deadlines need them."""

from datetime import datetime
from uuid import UUID

from domain.deadlines import Fact
from domain.vocabulary import Role, SubjectType
from services.reviews.store.known_cases import KnownCase


def fact_of(case: KnownCase, review_id: UUID, name: str, at: datetime, number: int = 0) -> Fact:
    """`number`: which review it is since the case was last opened; 0 where that does not matter."""
    people = {Role.CASEWORKER: case.caseworker_id, Role.SUPERVISOR: case.supervisor_id}
    return Fact(
        id=review_id,
        name=name,
        at=at,
        case_ref=case.case_ref,
        agency_id=case.agency_id,
        policy=case.policy,
        risk=case.risk,
        subject_type=SubjectType.REVIEW,
        subject_id=str(review_id),
        people={role: person for role, person in people.items() if person},
        number=number,
    )


def fact_about(
    case: KnownCase,
    subject_id: UUID,
    name: str,
    at: datetime,
    *,
    fact_id: UUID | None = None,
    due_at: datetime | None = None,
    agency_id: str | None = None,
    bearer: Role | None = None,
    person: str | None = None,
) -> Fact:
    """A meeting, report or decision: its duty goes with the case's own workflow."""
    return Fact(
        id=fact_id or subject_id,
        name=name,
        at=at,
        case_ref=case.case_ref,
        agency_id=agency_id or case.agency_id,
        policy=case.policy,
        risk=case.risk,
        subject_type=SubjectType.ACTION,
        subject_id=str(subject_id),
        people={bearer: person} if bearer and person else {},
        agreed_due=due_at,
        bearer=bearer,
    )
