"""What Closure knows."""

from dataclasses import field
from datetime import datetime
from enum import StrEnum

from pydantic.dataclasses import dataclass

from workflows.journey import JourneyState
from workflows.steps import Step


class Phase(StrEnum):
    """Where a closure stands (practice.md, step 7)."""

    SETTLING = "settling"
    REQUESTED = "requested"
    DECLINED = "declined"
    CLOSED = "closed"
    LOOKED_BACK = "looked-back"
    ENDED = "ended"


# What is owed in a phase: cancelled without a successor (gains lost, case reopened), it ends the closure.
OWED = {
    Phase.SETTLING: Step.CLOSURE_REQUEST,
    Phase.CLOSED: Step.LOOK_BACK,
    Phase.LOOKED_BACK: Step.ARCHIVE,
}
# Where a closure stands by what is owed: for one that is rebuilt from the records.
STANDS = {
    Step.CLOSURE_REQUEST: Phase.SETTLING,
    Step.CLOSURE_APPROVAL: Phase.REQUESTED,
    Step.STAND_IN_DECISION: Phase.REQUESTED,
    Step.LOOK_BACK: Phase.CLOSED,
    Step.ARCHIVE: Phase.LOOKED_BACK,
}


@dataclass
class ClosureState(JourneyState):
    """`since` says when each phase began, in the case's time."""

    phase: Phase = Phase.SETTLING
    since: dict[Phase, datetime] = field(default_factory=dict)
    requests: int = 0
    approval_missed: int = 0  # the request whose approver kept silent
    stand_in_called: int = 0  # the request for which a stand-in was called
