"""What the clock has brought. Only workflows announce it; the owner of the record decides what it means."""

from typing import ClassVar

from contracts.events.base import CaseEvent, Code, Count, Id, SubjectId


class _Time(CaseEvent):
    topic: ClassVar[str] = "timekeeping"


class DeadlineMomentReached(_Time):
    """`at` is the moment's own instant, not when it was noticed."""

    type: ClassVar[str] = "deadline.moment-reached.v1"
    deadline_id: Id
    version: Count
    owner: Code
    moment: Code


class ReferralFallbackDue(_Time):
    """A provider has declined or kept silent: the next of the pathway is to be asked."""

    type: ClassVar[str] = "referral.fallback-due.v1"
    referral_id: Id
    attempt: Count
    because: Code


class ReviewConveningDue(_Time):
    type: ClassVar[str] = "review.convening-due.v1"
    review_id: Id


class ClosureStandInDue(_Time):
    """The approver has not decided within the limit; a stand-in may."""

    type: ClassVar[str] = "closure.stand-in-due.v1"
    closure_id: Id


class WorkflowProblemReported(_Time):
    """A handler failed or a workflow is stuck; its deadlines go on, and operations must look."""

    type: ClassVar[str] = "workflow.problem-reported.v1"
    workflow: Code
    workflow_key: SubjectId
    problem: Code
