"""The meeting at which a plan is made, and what child and family say to the plan."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from domain.vocabulary import Bearer, ConsentForm, Person
from infrastructure.http import RequestBody
from services.cases.schemas.words import MOST, Code, Instant, MaybeWords


class ParticipantBody(RequestBody):
    """Somebody asked to the meeting; `staff_id` where it is a member of staff."""

    who: Bearer
    took_part: bool
    staff_id: Code | None = None


class PlanningMeetingBody(RequestBody):
    """`meeting_id` where it was called as a meeting of several agencies."""

    held_at: Instant
    participants: Annotated[list[ParticipantBody], Field(min_length=1, max_length=MOST)]
    meeting_id: UUID | None = None
    child_took_part: bool
    why_not: MaybeWords = ""


class PlanConsentBody(RequestBody):
    """Whoever consents says how; whoever does not is heard with a reason."""

    person: Person
    agrees: bool
    how: ConsentForm | None = None
    reason: MaybeWords = ""
