"""Moving a case to another policy pack, and what that would change."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, StringConstraints

from domain.repinning import Move
from infrastructure.http import RequestBody
from services.cases.schemas.words import Words

# Of any form: whoever names one that is not there is told which there are.
PackName = Annotated[str, StringConstraints(min_length=1, max_length=100)]


class PolicyBody(RequestBody):
    policy: PackName
    reason: Words


class MoveView(BaseModel):
    """One duty before and after; no date after: the new practice does not know this step."""

    deadline_id: UUID
    successor_id: UUID | None
    step: str
    subject_type: str
    subject_id: str
    due_at: datetime
    new_due_at: datetime | None
    rule: str
    new_rule: str | None

    @classmethod
    def of(cls, move: Move) -> Self:
        before, after = move.before, move.after
        return cls(
            deadline_id=before.id,
            successor_id=after.id if after else None,
            step=before.step,
            subject_type=before.subject_type,
            subject_id=before.subject_id,
            due_at=before.due_at,
            new_due_at=after.due_at if after else None,
            rule=before.rule,
            new_rule=after.rule if after else None,
        )


class PolicyAnswer(BaseModel):
    """`moves` lists each duty whose date, reminders or bearer change; all others stay as they are."""

    case_ref: str
    before: str
    policy: str
    moves: list[MoveView]
