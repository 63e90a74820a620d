"""Facts about cases. Only the owner, services.cases, announces them."""

from typing import Annotated, ClassVar

from pydantic import Field

from contracts.events.base import (
    CaseEvent,
    CaseRef,
    Code,
    Count,
    Flag,
    Id,
    Instant,
    PackId,
    ShortId,
    classified,
)
from domain.vocabulary import FeedbackKind, Finding, Ground, Method, Person, Risk, Source

RiskCode = Annotated[Risk, classified("code")]


class _Case(CaseEvent):
    topic: ClassVar[str] = "cases"


class CaseIdentified(_Case):
    """A referral meets the agency's criteria; registration is owed."""

    type: ClassVar[str] = "case.identified.v1"
    agency_id: ShortId
    team_id: ShortId | None
    source: Annotated[Source, classified("code")]
    policy: PackId


class CaseRefused(_Case):
    """A referral meets no criterion; it was answered with a reason."""

    type: ClassVar[str] = "case.refused.v1"
    agency_id: ShortId
    reason: Code


class IntakeJoined(_Case):
    """An intake is about a child whose case is in work: what was told is there, and it is registered no more."""

    type: ClassVar[str] = "intake.joined.v1"
    agency_id: ShortId
    joined_to: CaseRef


class CaseRegistered(_Case):
    """A child is registered, with consent; the case has its people and its policy pack."""

    type: ClassVar[str] = "case.registered.v1"
    agency_id: ShortId
    team_id: ShortId | None
    caseworker_id: ShortId
    supervisor_id: ShortId
    risk: RiskCode
    source: Annotated[Source, classified("code")]
    policy: PackId


class CaseAssigned(_Case):
    """Other people look after the case from now on."""

    type: ClassVar[str] = "case.assigned.v1"
    agency_id: ShortId
    team_id: ShortId | None
    caseworker_id: ShortId
    supervisor_id: ShortId


class InitialAssessmentRecorded(_Case):
    type: ClassVar[str] = "initial-assessment.recorded.v1"
    risk: RiskCode


class ComprehensiveAssessmentRecorded(_Case):
    type: ClassVar[str] = "comprehensive-assessment.recorded.v1"
    needs: Count
    open_questions: Count


class RiskChanged(_Case):
    type: ClassVar[str] = "risk.changed.v1"
    before: RiskCode
    after: RiskCode


class PlanAgreed(_Case):
    """A version of the plan is agreed with child and family; the reviews follow from the first."""

    type: ClassVar[str] = "plan.agreed.v1"
    agency_id: ShortId
    team_id: ShortId | None
    caseworker_id: ShortId
    supervisor_id: ShortId
    policy: PackId
    plan_version: Count
    actions: Count
    risk: RiskCode


class ActionCompleted(_Case):
    type: ClassVar[str] = "action.completed.v1"
    action_id: Id
    done_at: Instant


class FollowUpRecorded(_Case):
    type: ClassVar[str] = "follow-up.recorded.v1"
    follow_up_id: Id
    method: Annotated[Method, classified("code")]
    finding: Annotated[Finding, classified("code")]
    occurred_at: Instant


class ConsentRecorded(_Case):
    type: ClassVar[str] = "consent.recorded.v1"
    consent_id: Id
    given_by: Annotated[Person, classified("code")]
    purpose: Code


class ConsentWithdrawn(_Case):
    type: ClassVar[str] = "consent.withdrawn.v1"
    consent_id: Id
    given_by: Annotated[Person, classified("code")]
    purpose: Code


class GainsLost(_Case):
    """What was reached has not held; the settling period is over and the plan goes on."""

    type: ClassVar[str] = "gains.lost.v1"
    closure_id: Id


class GoalsAchieved(_Case):
    """The goals are met; the settling period begins."""

    type: ClassVar[str] = "goals.achieved.v1"
    closure_id: Id
    settled_at: Instant


class ClosureRequested(_Case):
    type: ClassVar[str] = "closure.requested.v1"
    closure_id: Id
    ground: Annotated[Ground, classified("code")]
    requested_by: ShortId
    approver_id: ShortId


class ClosureDeclined(_Case):
    type: ClassVar[str] = "closure.declined.v1"
    closure_id: Id
    reason: Code


class ClosurePassedToStandIn(_Case):
    """The supervisor has not decided in time; a manager of the agency may now."""

    type: ClassVar[str] = "closure.passed-to-stand-in.v1"
    closure_id: Id


class CaseClosed(_Case):
    type: ClassVar[str] = "case.closed.v1"
    closure_id: Id
    ground: Annotated[Ground, classified("code")]
    approved_by: ShortId


class LookBackRecorded(_Case):
    """The last follow-up after closure, with what child and family say of it."""

    type: ClassVar[str] = "look-back.recorded.v1"
    closure_id: Id
    gains_hold: Flag


class CaseArchived(_Case):
    type: ClassVar[str] = "case.archived.v1"


class CaseReopened(_Case):
    type: ClassVar[str] = "case.reopened.v1"
    agency_id: ShortId
    risk: RiskCode
    policy: PackId
    times: Annotated[int, Field(ge=1), classified("count")]


class _Transfer(_Case):
    transfer_id: Id
    from_agency_id: ShortId
    to_agency_id: ShortId
    requested_by: ShortId


class TransferRequested(_Transfer):
    """Another agency, or another area of the same, is asked to take the case over; it stays meanwhile."""

    type: ClassVar[str] = "transfer.requested.v1"
    to_team_id: ShortId | None
    reason: Code
    basis: Code  # consent, or child-protection


class TransferAccepted(_Transfer):
    """Responsibility moves now; case.assigned names the new people in the same breath."""

    type: ClassVar[str] = "transfer.accepted.v1"
    accepted_by: ShortId
    policy: PackId


class TransferDeclined(_Transfer):
    """The case stays where it is."""

    type: ClassVar[str] = "transfer.declined.v1"
    declined_by: ShortId
    reason: Code


class TransferWithdrawn(_Transfer):
    """Nothing is asked any more; `reason` says whether people, consent or closure ended it."""

    type: ClassVar[str] = "transfer.withdrawn.v1"
    reason: Code


class CaseRepinned(_Case):
    """The case follows another policy pack from now on; `moved` of its own duties have new dates."""

    type: ClassVar[str] = "case.repinned.v1"
    before: PackId
    policy: PackId
    moved: Count


class ReviewOutcomeApplied(_Case):
    """What a review decided is now on the case's own record."""

    type: ClassVar[str] = "review-outcome.applied.v1"
    review_id: Id
    outcome: Code


class FeedbackReceived(_Case):
    """Child or family have said something on the page of their statement; the words stay in the record."""

    type: ClassVar[str] = "feedback.received.v1"
    feedback_id: Id
    kind: Annotated[FeedbackKind, classified("code")]


class PlanNeedUnmet(_Case):
    """The plan names a need that no service meets: it is counted, not hidden."""

    type: ClassVar[str] = "plan-need.unmet.v1"
    need_id: Id
    need: Code
    area: Code


class PlanNeedMet(_Case):
    """A service was found after all for a need once noted as unmet."""

    type: ClassVar[str] = "plan-need.met.v1"
    need_id: Id


class SupportRecorded(_Case):
    """Direct support, accompaniment, advocacy or coordination took place; the words stay in the record."""

    type: ClassVar[str] = "support.recorded.v1"
    support_id: Id
    kind: Code  # direct-support, accompaniment, advocacy, coordination
    occurred_at: Instant


class OpenQuestionAsked(_Case):
    """Something still to be found out, with somebody who owes the answer."""

    type: ClassVar[str] = "open-question.asked.v1"
    question_id: Id
    responsible_id: ShortId
    asked_by: ShortId | None = None


class OpenQuestionAnswered(_Case):
    type: ClassVar[str] = "open-question.answered.v1"
    question_id: Id


class GoalMeasured(_Case):
    """Where one measure of the plan's goal stands; the value stays in the record."""

    type: ClassVar[str] = "goal.measured.v1"
    measure_id: Id
    reached: Flag


class SeriousIncidentFlagged(_Case):
    """A child has died or was seriously harmed: whoever learns from cases must know."""

    type: ClassVar[str] = "serious-incident.flagged.v1"
    incident_id: Id
    kind: Code  # death, serious-harm
    suspected: Flag  # abuse or neglect is known or suspected


class CaseErased(_Case):
    """What was personal in the case can no longer be read by anybody; dates and duties remain."""

    type: ClassVar[str] = "case.erased.v1"
    basis: Code
