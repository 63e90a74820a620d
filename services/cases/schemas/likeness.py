"""Cases that may be about the same child, as far as the viewer may know of them."""

from datetime import datetime

from pydantic import BaseModel

from infrastructure.http import RequestBody
from services.cases.schemas.words import MaybeWords


class LikelySame(BaseModel):
    """Never merged by machine. Without `case_ref` only the agency is named: its leaders may be asked.

    `closed_at`, `closure_ground` and `closure_reasons` are those of its last closure; `same` is what people
    decided, null while nobody has.
    """

    case_ref: str | None = None
    agency_id: str
    ask_a_leader: bool = False
    because: list[str] = []
    status: str | None = None
    same: bool | None = None
    closed_at: datetime | None = None
    closure_ground: str | None = None
    closure_reasons: str | None = None
    times_returned: int | None = None


class SameChildBody(RequestBody):
    """A person's decision on two cases that look alike."""

    other_ref: str
    same: bool
    note: MaybeWords = ""


class SameChildAnswer(BaseModel):
    case_ref: str
    other_ref: str
    same: bool
    decided_by: str
    decided_at: datetime


class SameChildDecision(BaseModel):
    """`note` is None once the child's key is destroyed."""

    other_ref: str
    same: bool
    decided_by: str
    decided_at: datetime
    note: str | None = None


class LikelySameList(BaseModel):
    """`decisions`: those taken from this case, oldest first; the latest on a pair holds."""

    items: list[LikelySame]
    decisions: list[SameChildDecision]
