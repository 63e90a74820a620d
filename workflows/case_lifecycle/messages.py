"""What CaseLifecycle knows, and which fact begins which of its stages."""

from dataclasses import field
from datetime import datetime
from enum import StrEnum

from pydantic.dataclasses import dataclass

from contracts.events import Event
from contracts.events.cases import (
    CaseArchived,
    CaseClosed,
    CaseIdentified,
    CaseRegistered,
    CaseReopened,
    ClosureDeclined,
    ClosureRequested,
    ComprehensiveAssessmentRecorded,
    InitialAssessmentRecorded,
    IntakeJoined,
    PlanAgreed,
)
from contracts.events.deadlines import DeadlineSet
from workflows.journey import JourneyState
from workflows.steps import Step


class Stage(StrEnum):
    """The steps of the practice as they are waited for (practice.md, section 1)."""

    REGISTRATION = "registration"
    ASSESSMENT = "assessment"
    UNDERSTANDING = "understanding"
    PLANNING = "planning"
    CARRYING_OUT = "carrying-out"
    CLOSING = "closing"
    LOOKING_BACK = "looking-back"
    ARCHIVED = "archived"


ORDER = tuple(Stage)

# On: a case never falls back by these; a re-assessment in the midst of a plan stays in the midst of it.
LEADS_ON: dict[type[Event], Stage] = {
    CaseIdentified: Stage.REGISTRATION,
    CaseRegistered: Stage.ASSESSMENT,
    InitialAssessmentRecorded: Stage.UNDERSTANDING,
    ComprehensiveAssessmentRecorded: Stage.PLANNING,
    PlanAgreed: Stage.CARRYING_OUT,
    ClosureRequested: Stage.CLOSING,
    CaseClosed: Stage.LOOKING_BACK,
    CaseArchived: Stage.ARCHIVED,
    IntakeJoined: Stage.ARCHIVED,  # its case has a workflow of its own
}
# Back: the ways in which the practice itself returns to an earlier step.
LEADS_BACK: dict[type[Event], Stage] = {
    ClosureDeclined: Stage.CARRYING_OUT,
    CaseReopened: Stage.ASSESSMENT,
}
# Where a case stands by what is owed: for one that is rebuilt from the records.
STANDS = {
    Step.REGISTRATION: Stage.REGISTRATION,
    Step.INITIAL_ASSESSMENT: Stage.ASSESSMENT,
    Step.COMPREHENSIVE_ASSESSMENT: Stage.UNDERSTANDING,
    Step.CASE_PLAN: Stage.PLANNING,
    Step.PLAN_ACTION: Stage.CARRYING_OUT,
    Step.FOLLOW_UP: Stage.CARRYING_OUT,
}
# What may be owed of a file that is archived: first heard of by a workflow, it is all there is left to watch.
AFTERWARDS = frozenset(
    {
        Step.RETENTION_REVIEW,
        Step.ERASURE_DECISION,
        Step.COMPLAINT_ANSWER,
        Step.QUESTION_ANSWER,
    }
)


@dataclass
class CaseState(JourneyState):
    """`since` says when each stage last began, in the case's time."""

    stage: Stage = Stage.REGISTRATION
    since: dict[Stage, datetime] = field(default_factory=dict)
    times_reopened: int = 0


def stage_after(stage: Stage, event: Event, *, is_first: bool = False) -> Stage:
    """Where a fact leaves a case that stands at `stage`; `is_first`: nothing was known of it before."""
    if is_first and isinstance(event, DeadlineSet) and _is_afterwards(event):
        return Stage.ARCHIVED
    if isinstance(event, DeadlineSet) and event.restated and event.step in STANDS:
        return max(stage, STANDS[Step(event.step)], key=ORDER.index)
    back = LEADS_BACK.get(type(event))
    if back is not None:
        return back
    onward = LEADS_ON.get(type(event), stage)
    return max(stage, onward, key=ORDER.index)


def _is_afterwards(event: DeadlineSet) -> bool:
    """One that is said again may be a case's that is still cared for, unless only a kept file can owe it."""
    return event.step == Step.RETENTION_REVIEW or (event.step in AFTERWARDS and not event.restated)
