"""Forms that several bodies share."""

from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, StringConstraints

from domain.vocabulary import CODE_PATTERN

StaffId = Annotated[str, StringConstraints(pattern=CODE_PATTERN)]
AgencyId = StaffId
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000)]
MOST_PARTICIPANTS = 30
MOST_DECISIONS = 50
MOST_REPORTS = 30


class Acknowledged(BaseModel):
    """Who took a deadline up first, and when; null when it was settled before anybody did."""

    deadline_id: UUID
    acknowledged_by: str | None
    acknowledged_at: AwareDatetime | None
