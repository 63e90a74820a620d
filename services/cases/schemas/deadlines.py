"""A duty as people see it: what is owed, by whom, until when."""

from datetime import datetime
from typing import Self

from pydantic import BaseModel

from domain.deadlines import Deadline
from domain.policy import Pack


class ResponsibleView(BaseModel):
    agency_id: str
    role: str
    person_id: str | None = None


class DeadlineView(BaseModel):
    """`rule` says from what the due instant (UTC) follows; `overdue` is computed at the answer."""

    deadline_id: str
    step: str
    title: str
    subject_type: str
    subject_id: str
    responsible: ResponsibleView
    rule: str
    policy: str
    due_at: datetime
    state: str
    overdue: bool
    acknowledged_by: str | None = None
    settled_at: datetime | None = None

    @classmethod
    def of(cls, deadline: Deadline, pack: Pack, now: datetime) -> Self:
        bearer = deadline.responsible
        rule = pack.steps.get(deadline.step)
        return cls(
            deadline_id=str(deadline.id),
            step=deadline.step,
            title=rule.title if rule else deadline.step,
            subject_type=deadline.subject_type,
            subject_id=deadline.subject_id,
            responsible=ResponsibleView(
                agency_id=bearer.agency_id, role=bearer.role, person_id=bearer.person_id
            ),
            rule=deadline.rule,
            policy=deadline.policy,
            due_at=deadline.due_at,
            state=deadline.state,
            overdue=deadline.is_overdue(now),
            acknowledged_by=deadline.acknowledged_by,
            settled_at=deadline.settled_at,
        )


class DeadlineList(BaseModel):
    items: list[DeadlineView]
