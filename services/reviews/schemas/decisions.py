"""What was decided, on the wire: given with the minutes, and shown again."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from pydantic import AwareDatetime, BaseModel

from domain.decisions import Decision, Taken
from domain.vocabulary import Role
from infrastructure.http import RequestBody
from infrastructure.paging import NextCursor
from services.reviews.schemas.words import StaffId, Words


class DecisionMade(RequestBody):
    """What was decided, who sees to it, by which day; a person named bears it as a duty."""

    text: Words
    owner: Role
    owner_id: StaffId | None = None
    due: date

    def decision(self) -> Decision:
        return Decision(self.text, self.owner, self.due, self.owner_id)


class CarriedOut(RequestBody):
    """Left out, it is now."""

    done_at: AwareDatetime | None = None


class DecisionView(BaseModel):
    """`due_at` null: it has no deadline of its own."""

    decision_id: UUID
    text: str
    owner: Role
    owner_id: str | None = None
    due: date
    due_at: AwareDatetime | None = None
    carried_out_at: AwareDatetime | None = None
    carried_out_by: str | None = None

    @classmethod
    def of(cls, taken: Taken) -> "DecisionView":
        made = taken.undertaking
        return cls(
            decision_id=made.id,
            text=taken.text,
            owner=made.owner,
            owner_id=made.owner_id,
            due=made.due,
            due_at=made.due_at,
            carried_out_at=made.carried_out_at,
            carried_out_by=made.carried_out_by,
        )


class OwedDecision(DecisionView):
    case_ref: str
    taken_in: UUID


class OwedDecisions(BaseModel):
    """What you have to carry out, earliest first."""

    items: list[OwedDecision]
    next_cursor: NextCursor


def views(taken: Sequence[Taken]) -> list[DecisionView]:
    return [DecisionView.of(each) for each in taken]
