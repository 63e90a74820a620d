"""How operations' copy follows the bus: every deadline, every case, every reported problem."""

from collections.abc import Mapping

from contracts.events.base import Event
from contracts.events.cases import (
    CaseArchived,
    CaseAssigned,
    CaseIdentified,
    CaseRegistered,
    CaseReopened,
    IntakeJoined,
)
from contracts.events.deadlines import (
    DeadlineAcknowledged,
    DeadlineCancelled,
    DeadlineEscalated,
    DeadlineMet,
    DeadlineMissed,
    DeadlineSet,
    DeadlineWaived,
)
from contracts.events.notifications import NotificationGivenUp
from contracts.events.timekeeping import WorkflowProblemReported
from domain.vocabulary import DeadlineState
from infrastructure.service import Handler
from infrastructure.unit_of_work import UnitOfWork
from services.operations import store

_DUTY_SETTLED = "duty-settled"  # as notifications says it: the duty was done before the mail left
TOPICS = ("cases", "referrals", "reviews", "notifications", "timekeeping")


async def deadline_set(uow: UnitOfWork, event: DeadlineSet) -> None:
    fields = (
        "deadline_id", "owner", "case_ref", "subject_type", "subject_id", "step", "agency_id",
        "responsible", "person_id", "due_at",
    )  # fmt: skip
    row = {field: getattr(event, field) for field in fields}
    await store.put_duty(uow, {**row, "state": DeadlineState.OPEN})


async def deadline_met(uow: UnitOfWork, event: DeadlineMet) -> None:
    state = DeadlineState.MET_LATE if event.late else DeadlineState.MET
    await store.change_duty(uow, event.deadline_id, state=state, settled_at=event.met_at)


async def deadline_cancelled(uow: UnitOfWork, event: DeadlineCancelled) -> None:
    await store.change_duty(
        uow, event.deadline_id, state=DeadlineState.CANCELLED, settled_at=event.at
    )


async def deadline_waived(uow: UnitOfWork, event: DeadlineWaived) -> None:
    await store.change_duty(uow, event.deadline_id, state=DeadlineState.WAIVED, settled_at=event.at)


async def deadline_missed(uow: UnitOfWork, event: DeadlineMissed) -> None:
    await store.change_duty(uow, event.deadline_id, missed_at=event.at, rung=event.rung)


async def deadline_escalated(uow: UnitOfWork, event: DeadlineEscalated) -> None:
    await store.change_duty(uow, event.deadline_id, rung=event.rung)


async def deadline_acknowledged(uow: UnitOfWork, event: DeadlineAcknowledged) -> None:
    await store.change_duty(uow, event.deadline_id, acknowledged_by=event.acknowledged_by)


async def case_followed(
    uow: UnitOfWork, event: CaseIdentified | CaseRegistered | CaseReopened | CaseAssigned
) -> None:
    await store.follow_case(uow, event.case_ref, event.agency_id, event.at)


async def case_archived(uow: UnitOfWork, event: CaseArchived | IntakeJoined) -> None:
    await store.stop_following(uow, event.case_ref)


async def problem_reported(uow: UnitOfWork, event: WorkflowProblemReported) -> None:
    await _note(
        uow, event, "workflow-problem", f"{event.workflow}/{event.workflow_key}", event.problem
    )


async def given_up(uow: UnitOfWork, event: NotificationGivenUp) -> None:
    """Somebody may not have been reached; a mail that nobody needed any more is no finding."""
    if event.reason == _DUTY_SETTLED:
        return
    await _note(uow, event, "notification-given-up", str(event.notification_id), event.reason)


async def _note(
    uow: UnitOfWork,
    event: WorkflowProblemReported | NotificationGivenUp,
    kind: str,
    subject: str,
    code: str,
) -> None:
    assert uow.cause is not None  # noqa: S101 - a consumer always has the event's envelope
    await store.note_problem(
        uow,
        {
            "event_id": uow.cause.id,
            "case_ref": event.case_ref,
            "kind": kind,
            "subject": subject,
            "code": code,
            "at": event.at,
        },
    )


HANDLERS: Mapping[type[Event], Handler] = {
    DeadlineSet: deadline_set,
    DeadlineMet: deadline_met,
    DeadlineCancelled: deadline_cancelled,
    DeadlineWaived: deadline_waived,
    DeadlineMissed: deadline_missed,
    DeadlineEscalated: deadline_escalated,
    DeadlineAcknowledged: deadline_acknowledged,
    CaseIdentified: case_followed,
    CaseRegistered: case_followed,
    CaseReopened: case_followed,
    CaseAssigned: case_followed,
    CaseArchived: case_archived,
    IntakeJoined: case_archived,
    WorkflowProblemReported: problem_reported,
    NotificationGivenUp: given_up,
}
