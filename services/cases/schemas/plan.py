"""The case plan, its actions and follow-ups, and the consents they need."""

from datetime import date, datetime
from typing import Annotated, Self

from pydantic import BaseModel, Field

from domain.follow_up import Track
from domain.planning import Action
from domain.vocabulary import Bearer, ConsentForm, Finding, Method, Person
from infrastructure.http import RequestBody
from services.cases.schemas.deadlines import DeadlineView
from services.cases.schemas.needs import UnmetNeedBody, UnmetNeedView
from services.cases.schemas.planning_meeting import PlanConsentBody, PlanningMeetingBody
from services.cases.schemas.progress import AgreedMeasure, MeasureGiven
from services.cases.schemas.words import MOST, Code, Instant, MaybeWords, ShortWords, Words


class GoalBody(RequestBody):
    """Specific, measurable, achievable, relevant, time-bound: each part in words of its own."""

    specific: Words
    measurable: Words
    achievable: Words
    relevant: Words
    time_bound: date
    measures: Annotated[list[MeasureGiven], Field(min_length=1, max_length=MOST)]


class NeededConsent(RequestBody):
    person: Person
    purpose: Code


class ActionBody(RequestBody):
    """`answers` names what it is for, as `need-1`, `risk-2` or `cause-1` of the assessment."""

    title: ShortWords
    answers: Annotated[list[Code], Field(max_length=MOST)]
    responsible: Bearer
    due: Instant
    consents_needed: Annotated[list[NeededConsent], Field(max_length=MOST)] = Field(
        default_factory=list
    )


class RhythmPiece(RequestBody):
    every: Annotated[str, Field(max_length=40)]
    until: date | None = None


class FollowUpBody(RequestBody):
    """Without a rhythm of its own it follows the policy pack's, by risk."""

    with_whom: Annotated[Person, Field(alias="with")]
    method: Method
    rhythm: Annotated[list[RhythmPiece], Field(max_length=10)] = Field(default_factory=list)
    first_due: Instant | None = None


class PlanBody(RequestBody):
    goal: GoalBody
    actions: Annotated[list[ActionBody], Field(max_length=MOST)]
    follow_ups: Annotated[list[FollowUpBody], Field(max_length=MOST)]
    strengths: Annotated[list[Words], Field(max_length=MOST)] = Field(default_factory=list)
    participants: Annotated[list[Person], Field(max_length=MOST)]
    agreed_with: Annotated[list[Person], Field(max_length=MOST)]
    child_not_included_because: MaybeWords = ""
    planning_meeting: PlanningMeetingBody | None = None
    plan_consents: Annotated[list[PlanConsentBody], Field(max_length=MOST)] = Field(
        default_factory=list
    )
    unmet_needs: Annotated[list[UnmetNeedBody], Field(max_length=MOST)] = Field(
        default_factory=list
    )


class ActionView(BaseModel):
    action_id: str
    kind: str
    title: str | None = None  # None: sealed for good, or not for this viewer
    answers: list[str]
    responsible: str
    due_at: datetime
    consents_needed: list[dict[str, str]]
    state: str
    started_at: datetime | None = None
    done_at: datetime | None = None

    @classmethod
    def of(cls, action: Action, title: str | None = None) -> Self:
        needed = [{"person": one.person, "purpose": one.purpose} for one in action.consents_needed]
        return cls(
            action_id=str(action.id),
            kind=action.kind,
            title=title,
            answers=list(action.answers),
            responsible=action.responsible,
            due_at=action.due_at,
            consents_needed=needed,
            state=action.state,
            started_at=action.started_at,
            done_at=action.done_at,
        )


class FollowUpView(BaseModel):
    follow_up_id: str
    with_whom: Annotated[str, Field(serialization_alias="with")]
    method: str
    rhythm: list[dict[str, str | None]]
    next_due: datetime
    last_at: datetime | None = None
    replaced: bool

    @classmethod
    def of(cls, track: Track) -> Self:
        rhythm = [
            {"every": str(piece.every), "until": piece.until.isoformat() if piece.until else None}
            for piece in track.rhythm
        ]
        return cls(
            follow_up_id=str(track.id),
            with_whom=track.with_whom,
            method=track.method,
            rhythm=rhythm,
            next_due=track.next_due,
            last_at=track.last_at,
            replaced=track.replaced,
        )


class PlanAnswer(BaseModel):
    """`unanswered` are needs and risks that no action answers yet, `untouched_causes` causes that none does.

    Measures and unmet needs are in the order in which they were sent.
    """

    plan_version: int
    status: str
    unanswered: list[str]
    untouched_causes: list[str] = Field(default_factory=list)
    measures: list[AgreedMeasure] = Field(default_factory=list)
    unmet_needs: list[UnmetNeedView] = Field(default_factory=list)
    actions: list[ActionView]
    follow_ups: list[FollowUpView]
    deadlines: list[DeadlineView]


class StartBody(RequestBody):
    note: MaybeWords = ""


class CompletionBody(RequestBody):
    note: Words
    done_at: Instant | None = None


class ConsentBody(RequestBody):
    given_by: Person
    purpose: Code
    how: ConsentForm
    given_at: Instant | None = None
    until: Instant | None = None


class WithdrawalBody(RequestBody):
    reason: MaybeWords = ""


class WithdrawalAnswer(BaseModel):
    consent_id: str
    withdrawn_at: datetime


class FollowUpRecordBody(RequestBody):
    method: Method
    occurred_at: Instant
    finding: Finding
    note: Words
    announced: bool = True


class FollowUpRecordAnswer(BaseModel):
    record_id: str
    follow_up_id: str
    next_due: datetime
    deadlines: list[DeadlineView]
