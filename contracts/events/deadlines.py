"""What becomes of duties. Each travels in the topic of the service that owns the record."""

from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict

from contracts.events.base import (
    CaseEvent,
    Code,
    Count,
    Flag,
    Id,
    Instant,
    PackId,
    ShortId,
    SubjectId,
    classified,
)
from domain.vocabulary import Role, SubjectType

RoleCode = Annotated[Role, classified("code")]


class DeadlineMoment(BaseModel):
    """An instant at which the clock has something to say (UTC)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Code
    at: Instant


class DeadlineEvent(CaseEvent):
    """Whose duty it is, on what, and until when."""

    deadline_id: Id
    version: Count
    owner: Code  # the service whose record it is
    subject_type: Annotated[SubjectType, classified("code")]
    subject_id: SubjectId
    step: Code
    agency_id: ShortId
    responsible: RoleCode
    person_id: ShortId | None
    due_at: Instant


class DeadlineSet(DeadlineEvent):
    type: ClassVar[str] = "deadline.set.v1"
    anchor: Code
    anchored_at: Instant
    policy: PackId
    moments: tuple[DeadlineMoment, ...]
    restated: Flag = False  # said again so that a lost workflow can be rebuilt


class DeadlineMet(DeadlineEvent):
    type: ClassVar[str] = "deadline.met.v1"
    met_at: Instant
    late: Flag


class DeadlineCancelled(DeadlineEvent):
    type: ClassVar[str] = "deadline.cancelled.v1"
    reason: Code
    successor_id: Id | None


class DeadlineWaived(DeadlineCancelled):
    """Let go with a reason and approval: whoever stops at a cancelled deadline stops here too."""

    type: ClassVar[str] = "deadline.waived.v1"
    approved_by: ShortId


class _Announced(DeadlineEvent):
    moment: Code
    tell: tuple[RoleCode, ...]  # the roles that must know
    skipped: tuple[Code, ...] = ()  # moments passed over after an outage


class DeadlineOpened(_Announced):
    """From now on the step may be done; before, it was too early."""

    type: ClassVar[str] = "deadline.opened.v1"


class DeadlineReminded(_Announced):
    type: ClassVar[str] = "deadline.reminded.v1"


class DeadlineMissed(_Announced):
    type: ClassVar[str] = "deadline.missed.v1"
    rung: Count


class DeadlineEscalated(_Announced):
    type: ClassVar[str] = "deadline.escalated.v1"
    rung: Count


class DeadlineAcknowledged(DeadlineEvent):
    type: ClassVar[str] = "deadline.acknowledged.v1"
    acknowledged_by: ShortId
