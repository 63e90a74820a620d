"""The initial and the comprehensive assessment, and a change of risk."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field

from domain.vocabulary import Bearer, Risk
from infrastructure.http import RequestBody
from services.cases.schemas.deadlines import DeadlineView
from services.cases.schemas.questions import QuestionGiven
from services.cases.schemas.words import MOST, Code, Instant, MaybeWords, ShortWords, Words

Listed = Annotated[list[Words], Field(max_length=MOST)]


class UrgentAction(RequestBody):
    title: ShortWords
    responsible: Bearer
    due: Instant


class SafetyMeasure(RequestBody):
    who: Bearer
    what: Words


class SafetyPlanBody(RequestBody):
    """Who does what to keep the child safe, what protects, and by when it is tested."""

    measures: Annotated[list[SafetyMeasure], Field(max_length=MOST)]
    protective_factors: Listed
    tested_by: Instant


class InitialAssessmentBody(RequestBody):
    risk: Risk
    stays_at_home: bool = True
    immediate_needs: Listed
    safety: Words
    urgent_actions: Annotated[list[UrgentAction], Field(max_length=MOST)] = Field(
        default_factory=list
    )
    safety_plan: SafetyPlanBody | None = None


class ActionDue(BaseModel):
    action_id: str
    kind: str
    responsible: str
    due_at: datetime


class InitialAssessmentAnswer(BaseModel):
    assessment_id: str
    status: str
    risk: str
    actions: list[ActionDue]
    deadlines: list[DeadlineView]


class Statement(RequestBody):
    """Something somebody says; `source` is a code, and what nobody has compared stays unverified."""

    text: Words
    source: Code
    verified: bool


class Stages(RequestBody):
    planning: MaybeWords = ""
    gathering: MaybeWords = ""
    verification: MaybeWords = ""
    analysis: MaybeWords = ""


class Elements(RequestBody):
    childs_views: MaybeWords = ""
    family_and_relationships: MaybeWords = ""
    safe_environment: MaybeWords = ""
    development_and_identity: MaybeWords = ""
    strengths_and_resources: MaybeWords = ""


class ComprehensiveAssessmentBody(RequestBody):
    stages: Stages
    elements: Elements
    statements: Annotated[list[Statement], Field(min_length=1, max_length=200)]
    needs: Listed
    risks: Listed
    strengths: Listed
    causes: Listed = Field(default_factory=list)
    open_questions: Annotated[list[QuestionGiven], Field(max_length=MOST)]
    child_participated: bool
    why_not: MaybeWords = ""


class ComprehensiveAssessmentAnswer(BaseModel):
    """The keys by which a plan refers to what was found, in the order given.

    `questions` are the ids of the open questions, each of them a duty.
    """

    assessment_id: str
    status: str
    needs: list[str]
    risks: list[str]
    causes: list[str]
    statements: list[str] = Field(default_factory=list)
    questions: list[str] = Field(default_factory=list)
    deadlines: list[DeadlineView]


class RiskBody(RequestBody):
    risk: Risk
    reason: Words


class RiskAnswer(BaseModel):
    case_ref: str
    risk: str
    deadlines: list[DeadlineView]
