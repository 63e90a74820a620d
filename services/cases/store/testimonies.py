"""What somebody said, each with its source: statements of assessments, and answers to open questions.

The words stand where they were recorded; a statement's id follows from that place. Load the case with its
viewer before.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.case import Case
from domain.verification import Verification, at_first
from infrastructure.crypto import CaseKey
from infrastructure.ids import derived_id
from infrastructure.unit_of_work import UnitOfWork
from services.cases.store import narratives
from services.cases.store.narratives import Narrative

ASSESSMENT, ANSWER = "comprehensive-assessment", "open-question-answer"


@dataclass(frozen=True, slots=True, repr=False)
class Testimony:
    """`first` is the state in which it was recorded (UTC)."""

    id: UUID
    text: str
    source: str
    first: Verification
    recorded_at: datetime
    recorded_by: str


def statement_id(narrative_id: UUID, place: int = 0) -> UUID:
    return derived_id("statement", str(narrative_id), str(place))


async def all_of(uow: UnitOfWork, case: Case, key: CaseKey | None) -> list[Testimony]:
    """In the order of their recording; none once the child's key is destroyed."""
    told = await narratives.all_of(uow, case, uow.viewer, key, (ASSESSMENT, ANSWER))
    return [testimony for each in told for testimony in _of(each)]


def _of(told: Narrative) -> Iterable[Testimony]:
    content = told.content or {}
    if told.kind == ASSESSMENT:
        said = (
            [(each["text"], each["source"], each["verified"]) for each in content["statements"]]
            if content
            else []
        )
    else:
        said = [(content["answer"], content["source"], content["verified"])] if content else []
    for place, (text, source, verified) in enumerate(said):
        yield Testimony(
            id=statement_id(told.id, place),
            text=text,
            source=source,
            first=at_first(verified),
            recorded_at=told.recorded_at,
            recorded_by=told.recorded_by,
        )
