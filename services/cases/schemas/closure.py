"""The way to the end of a case, the look back, and a return."""

from datetime import date, datetime

from pydantic import BaseModel, Field

from domain.vocabulary import Ground, Risk
from infrastructure.http import RequestBody
from services.cases.schemas.deadlines import DeadlineView
from services.cases.schemas.progress import AgreedMeasure
from services.cases.schemas.words import Code, Instant, MaybeWords, Words


class NoteBody(RequestBody):
    note: Words


class ReasonBody(RequestBody):
    reason: Words


class EmptyBody(RequestBody):
    """Nothing needs saying."""


class SettlingAnswer(BaseModel):
    """From `settled_at` (UTC) closure may be asked for; what no reading shows as reached is told."""

    closure_id: str
    settled_at: datetime
    measures_not_reached: list[AgreedMeasure] = Field(default_factory=list)
    deadlines: list[DeadlineView]


class StatusAnswer(BaseModel):
    """`erase_at`: until when an archived file is kept, at the least."""

    case_ref: str
    status: str
    erase_at: datetime | None = None
    closure_id: str | None = None
    deadlines: list[DeadlineView] = Field(default_factory=list)


class TransitionPlan(RequestBody):
    """What a young person can count on from then on; each part is needed, and refused by its name."""

    housing: MaybeWords = ""
    education_or_work: MaybeWords = ""
    income: MaybeWords = ""
    health: MaybeWords = ""
    contact_person: MaybeWords = ""
    documents: MaybeWords = ""


class ClosureRequestBody(RequestBody):
    """Beside the reasons, what its ground demands (docs/closing.md).

    Attempts to reach a family and transfers are read off the record.
    """

    ground: Ground
    reasons: Words
    discussed_with_child: bool = False
    discussed_with_family: bool = False
    not_discussed_because: MaybeWords = ""
    how_to_come_back: MaybeWords = ""
    came_of_age_on: date | None = None
    transition_plan: TransitionPlan | None = None
    no_transfer_because: MaybeWords = ""
    died_on: date | None = None
    abuse_or_neglect_suspected: bool | None = None


class ClosureRequestAnswer(BaseModel):
    closure_id: str
    status: str
    approver_id: str
    deadlines: list[DeadlineView]


class ApprovalAnswer(BaseModel):
    closure_id: str
    status: str
    closed_at: datetime
    deadlines: list[DeadlineView]


class DeclineBody(RequestBody):
    reason: Code
    note: Words


class LookBackBody(RequestBody):
    """Where somebody was reached, all that follows is needed.

    Else attempts since the closure are read off the record (`/engagement-attempts`).
    """

    someone_reached: bool = True
    occurred_at: Instant | None = None
    gains_hold: bool | None = None
    feedback: MaybeWords = ""


class LookBackAnswer(BaseModel):
    """`advice` is a code, given when the gains have not held."""

    closure_id: str
    advice: str | None
    deadlines: list[DeadlineView]


class ReopeningBody(RequestBody):
    """`death_recorded_in_error`: said of a case that was closed because the child had died."""

    reason: Words
    risk: Risk
    death_recorded_in_error: bool = False


class EarlierClosure(BaseModel):
    ground: str
    closed_at: datetime


class ReopeningAnswer(BaseModel):
    """A return is no failure, but that it returned, and why it had been closed, must be seen."""

    case_ref: str
    status: str
    times: int
    earlier_closures: list[EarlierClosure]
    deadlines: list[DeadlineView]
