"""A case as codes and instants: where it stands, who may follow, and in which order its steps come.

What is personal or told in words is not here: rules need none of it. Source: practice.md, sections 1 and 5.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from domain.disclosure import Custody
from domain.errors import Malformed, Refusal
from domain.vocabulary import CaseStatus, Ground, Risk, Role, Source

IN_WORK = (
    CaseStatus.REGISTERED,
    CaseStatus.ASSESSING,
    CaseStatus.PLANNING,
    CaseStatus.ACTIVE,
    CaseStatus.CLOSING,
)


class StepOutOfOrder(Refusal):
    """The steps of a case follow one another, and this one is not next."""

    code = "step-out-of-order"


class SameRisk(Refusal):
    """The case already stands at this risk."""

    code = "risk-unchanged"


class SamePerson(Malformed):
    """A case's caseworker and its supervisor are two people."""

    code = "same-person"


class ClosureState(StrEnum):
    """Where one way towards the end of a case stands."""

    SETTLING = "settling"
    LOST = "lost"
    REQUESTED = "requested"
    DECLINED = "declined"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Closure:
    """One way towards the end of a case, in codes and instants (UTC)."""

    id: UUID
    state: ClosureState
    settled_at: datetime | None = None
    ground: Ground | None = None
    requested_by: str | None = None
    requested_at: datetime | None = None
    status_before: CaseStatus | None = None
    passed_to_stand_in_at: datetime | None = None
    decided_by: str | None = None
    closed_at: datetime | None = None
    looked_back_at: datetime | None = None
    erase_at: datetime | None = None  # when people are asked whether the archived file is erased


@dataclass(frozen=True, slots=True)
class Case:
    """`needs`, `risks` and `causes` count those of the latest assessment; instants are UTC."""

    ref: str
    agency_id: str
    status: CaseStatus
    risk: Risk
    policy: str
    source: Source
    criteria: tuple[str, ...]
    identified_at: datetime
    team_id: str | None = None
    caseworker_id: str | None = None
    supervisor_id: str | None = None
    referrer_id: str | None = None
    registered_at: datetime | None = None
    assessed_at: datetime | None = None
    needs: int = 0
    risks: int = 0
    causes: int = 0
    plan_version: int = 0
    closure: Closure | None = None
    times_reopened: int = 0
    reviewers: frozenset[str] = frozenset()
    erased_at: datetime | None = None  # since then its words can be read by nobody
    joined_to: str | None = None  # the case that an intake became part of
    stand_in_id: str | None = None  # of its caseworker, as long as she is away; not on the record

    @property
    def custody(self) -> Custody:
        return Custody(
            agency_id=self.agency_id,
            team_id=self.team_id,
            caseworker_id=self.caseworker_id,
            supervisor_id=self.supervisor_id,
            referrer_id=self.referrer_id,
            reviewers=self.reviewers,
            awaits_registration=self.status is CaseStatus.IDENTIFIED,
            stand_in_id=self.stand_in_id,
            is_refused=self.status is CaseStatus.REFUSED,
        )

    @property
    def people(self) -> dict[Role, str]:
        """Who bears the case's duties, by role."""
        named = {Role.CASEWORKER: self.caseworker_id, Role.SUPERVISOR: self.supervisor_id}
        return {role: person for role, person in named.items() if person is not None}


def demand_status(case: Case, *allowed: CaseStatus) -> None:
    """Raises StepOutOfOrder, naming the states in which the step may be taken."""
    if case.status not in allowed:
        raise StepOutOfOrder(
            f"The case is {case.status}.", field="status", allowed=[str(each) for each in allowed]
        )


def demand_in_work(case: Case) -> None:
    demand_status(case, *IN_WORK)


def assign(case: Case, caseworker_id: str, supervisor_id: str, team_id: str | None) -> Case:
    """Raises SamePerson unless two different people look after the case and over it."""
    demand_two_people(caseworker_id, supervisor_id)
    return replace(case, caseworker_id=caseworker_id, supervisor_id=supervisor_id, team_id=team_id)


def demand_two_people(caseworker_id: str, supervisor_id: str) -> None:
    if caseworker_id == supervisor_id:
        raise SamePerson(field="supervisor_id")


def change_risk(case: Case, risk: Risk) -> Case:
    """Raises SameRisk when nothing changes, and Malformed for `unknown`: somebody has looked."""
    demand_in_work(case)
    demand_known(risk)
    if risk is case.risk:
        raise SameRisk
    return replace(case, risk=risk)


def demand_known(risk: Risk) -> None:
    """An assessment ends with a level; `unknown` is only for cases that nobody has looked at."""
    if risk is Risk.UNKNOWN:
        allowed = [str(each) for each in Risk if each is not Risk.UNKNOWN]
        raise Malformed("Say how high the risk is.", field="risk", allowed=allowed)


def numbered(kind: str, count: int) -> tuple[str, ...]:
    """`need-1`, `need-2`: how a plan refers to what an assessment found."""
    return tuple(f"{kind}-{number}" for number in range(1, count + 1))
