"""The family's statement: links to it, what is said by them, and what is answered."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from domain.statement import Language
from domain.vocabulary import FeedbackKind, Person
from infrastructure.http import RequestBody
from services.cases.schemas.words import MOST, Words


class LinkBody(RequestBody):
    """`withheld`: actions, referrals and meetings that this person is not to read of, to keep the child safe."""

    language: Language
    for_whom: Annotated[Person, Field(alias="for")]
    valid_days: Annotated[int, Field(ge=1, le=366)]
    contact: Annotated[str, Field(max_length=1000)] = ""
    withheld: Annotated[list[UUID], Field(max_length=MOST)] = Field(default_factory=list)


class LinkAnswer(BaseModel):
    """`code` is shown here once and kept nowhere."""

    link_id: str
    url: str
    code: str
    expires_at: datetime


class LinkView(BaseModel):
    link_id: str
    language: str
    for_whom: Annotated[str, Field(serialization_alias="for")]
    issued_at: datetime
    issued_by: str
    expires_at: datetime
    revoked_at: datetime | None
    locked_at: datetime | None
    opened_at: datetime | None


class LinkList(BaseModel):
    items: list[LinkView]


class FeedbackView(BaseModel):
    """`words` None: sealed for good."""

    feedback_id: str
    kind: FeedbackKind
    given_by: str
    received_at: datetime
    words: str | None = None
    answered_at: datetime | None = None
    answered_by: str | None = None
    answer: str | None = None


class FeedbackList(BaseModel):
    items: list[FeedbackView]


class FeedbackAnswerBody(RequestBody):
    words: Words
