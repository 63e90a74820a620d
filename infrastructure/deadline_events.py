"""Deadlines as they are said on the bus when their time is changed by people."""

from datetime import datetime
from typing import Any

from contracts.events.deadlines import (
    DeadlineCancelled,
    DeadlineMoment,
    DeadlineSet,
    DeadlineWaived,
)
from domain.deadlines import Deadline
from infrastructure.unit_of_work import UnitOfWork


def cancelled(uow: UnitOfWork, deadline: Deadline, reason: str) -> DeadlineCancelled:
    return DeadlineCancelled(
        reason=reason, successor_id=deadline.successor_id, **_facts(uow, deadline, uow.now)
    )


def waived(uow: UnitOfWork, deadline: Deadline, reason: str) -> DeadlineWaived:
    """By the viewer, who decides."""
    return DeadlineWaived(
        reason=reason,
        successor_id=None,
        approved_by=uow.viewer.staff_id,
        **_facts(uow, deadline, uow.now),
    )


def set_anew(uow: UnitOfWork, deadline: Deadline) -> DeadlineSet:
    return DeadlineSet(
        anchor=deadline.anchor,
        anchored_at=deadline.anchored_at,
        policy=deadline.policy,
        moments=tuple(DeadlineMoment(name=each.name, at=each.at) for each in deadline.moments),
        **_facts(uow, deadline, uow.now),
    )


def _facts(uow: UnitOfWork, deadline: Deadline, at: datetime) -> dict[str, Any]:
    return {
        "case_ref": deadline.case_ref,
        "at": at,
        "deadline_id": deadline.id,
        "version": deadline.version,
        "owner": uow.service,
        "subject_type": deadline.subject_type,
        "subject_id": deadline.subject_id,
        "step": deadline.step,
        "agency_id": deadline.responsible.agency_id,
        "responsible": deadline.responsible.role,
        "person_id": deadline.responsible.person_id,
        "due_at": deadline.due_at,
    }
