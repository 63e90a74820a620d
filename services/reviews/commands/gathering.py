"""What reviews, conferences and planning meetings have alike: a case, somebody who leads, and a date."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.meeting_states import REVIEW_STANDS, MeetingState
from domain.policy import Pack
from infrastructure.unit_of_work import UnitOfWork
from services.reviews.store.known_cases import KnownCase
from services.reviews.store.meetings import SeenMeeting
from services.reviews.store.reviews import Seen


@dataclass(frozen=True, slots=True)
class Gathering:
    """`kind` is review, conference or planning, as packs name its quorum; `meeting_at` in UTC."""

    id: UUID
    kind: str
    case: KnownCase
    chair_id: str | None
    meeting_at: datetime | None
    policy: str
    stands: bool

    def pack(self, uow: UnitOfWork) -> Pack:
        return uow.packs.get(self.policy)


def of_review(seen: Seen) -> Gathering:
    review = seen.review
    return Gathering(
        review.id,
        "review",
        seen.case,
        review.chair_id,
        review.meeting_at,
        review.policy,
        review.state in REVIEW_STANDS,
    )


def of_meeting(seen: SeenMeeting) -> Gathering:
    meeting = seen.meeting
    return Gathering(
        meeting.id,
        meeting.kind.value,
        seen.case,
        meeting.chair_id,
        meeting.meeting_at,
        meeting.policy,
        meeting.state is MeetingState.CALLED,
    )
