"""A referral, a registration, and what is answered to them. Only essential data are asked for."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from domain.vocabulary import ConsentForm, Person, Source
from infrastructure.http import RequestBody
from services.cases.schemas.deadlines import DeadlineView
from services.cases.schemas.likeness import LikelySame
from services.cases.schemas.words import MOST, Code, Instant, ShortWords, Words


class Child(RequestBody):
    name: ShortWords
    age: Annotated[int, Field(ge=0, le=25)]
    gender: ShortWords
    location: ShortWords


class Referral(RequestBody):
    """What everybody who refers a child says."""

    source: Source
    criteria: Annotated[list[Code], Field(max_length=MOST)]
    child: Child
    concerns: Words
    team_id: Code | None = None


class IntakeBody(Referral):
    """A referral to an agency, by whoever noticed."""

    agency_id: Code


class IntakeAnswer(BaseModel):
    """`reason` and `advice` are codes, given when the referral meets no criterion."""

    case_ref: str
    status: str
    reason: str | None = None
    advice: str | None = None
    likely_same: list[LikelySame]


class InformedConsent(RequestBody):
    """Who consented to what, how, when and until when; the process was explained before."""

    given_by: Person
    how: ConsentForm
    purposes: Annotated[list[Code], Field(min_length=1, max_length=MOST)]
    explained: Literal[True]
    given_at: Instant | None = None
    until: Instant | None = None


class Expectations(RequestBody):
    """What can and what cannot be provided."""

    can: Annotated[list[Words], Field(min_length=1, max_length=MOST)]
    cannot: Annotated[list[Words], Field(max_length=MOST)] = Field(default_factory=list)


class Enrolment(RequestBody):
    """What turns a referral into a case."""

    consent: InformedConsent
    expectations: Expectations
    caseworker_id: Code | None = None
    supervisor_id: Code | None = None


class RegistrationBody(Enrolment):
    """For a child who is identified already."""

    team_id: Code | None = None


class CaseBody(Referral, Enrolment):
    """A child who is referred and registered in one; the agency is the caseworker's own."""

    agency_id: Code | None = None


class ConsentView(BaseModel):
    consent_id: str
    given_by: Person
    purpose: str


class RegistrationAnswer(BaseModel):
    case_ref: str
    status: str
    risk: str
    policy: str
    caseworker_id: str
    supervisor_id: str
    consents: list[ConsentView]
    deadlines: list[DeadlineView]
    likely_same: list[LikelySame]


class AssignmentBody(RequestBody):
    caseworker_id: Code
    supervisor_id: Code
    team_id: Code | None = None


class AssignmentAnswer(BaseModel):
    case_ref: str
    caseworker_id: str
    supervisor_id: str
    team_id: str | None
