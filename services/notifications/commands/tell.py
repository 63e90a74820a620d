"""Tells everybody an announcement concerns, once each, and puts on record whom nobody could be found for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import structlog
from prometheus_client import Counter

from contracts.events import Event
from contracts.events.notifications import AgencyNotificationRequested, NotificationRequested
from domain import notifying, standing_in
from domain.deadlines import Responsible
from domain.disclosure import Custody
from domain.notifying import Audience, Delivery, Member, Notification, Told
from domain.policy import StepRule
from domain.vocabulary import NotificationKind, Role
from infrastructure.ids import derived_id, new_id
from infrastructure.unit_of_work import UnitOfWork
from services.notifications.commands.wording import FALLBACK, wording
from services.notifications.store import absences, directory, notifications
from services.notifications.store.directory import KnownCase
from services.notifications.store.notifications import Finding

NOBODY = Counter("notifications_nobody_to_tell", "Roles that should have been told", ["role"])
_DEFAULT_PACK = "default"
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Notice:
    """What is to be said; `message` names the wording, `step` what it is about, instants are UTC.

    Without `case_ref` it concerns no case. `in_list_only`: nobody is written to.
    """

    cause_id: UUID
    case_ref: str | None
    kind: NotificationKind
    message: str
    step: str
    owner: str | None = None
    deadline_id: UUID | None = None
    due_at: datetime | None = None
    meeting_at: datetime | None = None
    subject_id: UUID | None = None
    sequence: int | None = None
    in_list_only: bool = False


async def tell_roles(
    uow: UnitOfWork, notice: Notice, tell: tuple[Role, ...], duty: Responsible
) -> None:
    """Everybody meant by the roles, or who stands in; a role that nobody holds falls up the step's ladder."""
    case = await directory.case(uow, notice.case_ref) if notice.case_ref else None
    custody = case.custody if case else None
    own = (custody.caseworker_id, custody.supervisor_id) if custody else ()
    members = await directory.members(uow, duty.agency_id, duty.person_id, *own)
    step = _step(uow, case, notice.step)
    ladder = tuple(rung.role for rung in step.ladder) if step else notifying.IN_CHARGE
    found = notifying.audience(tell, duty, custody, members, ladder)
    above = _above(duty, custody, members, ladder)
    await tell_people(uow, notice, found.told, case, above)
    await _put_on_record(uow, notice, found, duty.agency_id)


async def tell_people(
    uow: UnitOfWork,
    notice: Notice,
    told: tuple[Told, ...],
    case: KnownCase | None,
    above: standing_in.NextInLine | None = None,
) -> None:
    """One notification each: what is in the application is there at once, the message follows.

    Somebody away is told once back, and whoever stands in now; `above` is asked where nobody does.
    """
    away = await absences.concerning(uow, [each.staff_id for each in told])
    reached = standing_in.reach(told, away, uow.now, *([above] if above else []))
    step = _step(uow, case, notice.step)
    title = (
        " ".join(step.title.split()) if step else wording(FALLBACK).step(notice.step, notice.step)
    )
    for each in reached:
        notification = _notification(uow, notice, each, title)
        if await notifications.add(uow, notification):
            uow.audit("notification.requested", notification.about)
            request_delivery(uow, notification)


def request_delivery(uow: UnitOfWork, notification: Notification) -> None:
    """Says that somebody must know; the mailbox workflow sees it through."""
    if notification.case_ref is None:
        uow.emit(
            AgencyNotificationRequested(
                agency_id=notification.agency_id,
                at=uow.now,
                notification_id=notification.id,
                staff_id=notification.staff_id,
                kind=notification.kind,
                step=notification.step,
            )
        )
        return
    uow.emit(
        NotificationRequested(
            case_ref=notification.case_ref,
            at=uow.now,
            notification_id=notification.id,
            staff_id=notification.staff_id,
            kind=notification.kind,
            step=notification.step,
            deadline_id=notification.deadline_id,
        )
    )


def _above(
    duty: Responsible, custody: Custody | None, members: Sequence[Member], ladder: Sequence[Role]
) -> standing_in.NextInLine:
    def next_in_line(role: Role) -> Sequence[Told]:
        rungs = ladder[ladder.index(role) + 1 :] if role in ladder else ladder
        found = [notifying.audience((rung,), duty, custody, members, ()).told for rung in rungs]
        return next((told for told in found if told), ())

    return next_in_line


async def _put_on_record(uow: UnitOfWork, notice: Notice, found: Audience, agency_id: str) -> None:
    for role in found.nobody_for:
        finding = Finding(
            cause_id=notice.cause_id,
            role=role,
            case_ref=notice.case_ref,
            agency_id=agency_id,
            step=notice.step,
            message=notice.message,
            found_at=uow.now,
        )
        if await notifications.add_finding(uow, finding):
            NOBODY.labels(role.value).inc()
            uow.audit("notification.nobody-to-tell", notice.case_ref or agency_id)
            log.warning(
                "nobody to tell", case_ref=notice.case_ref, step=notice.step, code=role.value
            )


def _notification(uow: UnitOfWork, notice: Notice, told: Told, title: str) -> Notification:
    return Notification(
        id=new_id(),
        cause_id=notice.cause_id,
        case_ref=notice.case_ref,
        kind=notice.kind,
        message=notice.message,
        step=notice.step,
        step_title=title,
        staff_id=told.staff_id,
        agency_id=told.agency_id,
        role=told.role,
        requested_at=uow.now,
        owner=notice.owner,
        deadline_id=notice.deadline_id,
        due_at=notice.due_at,
        meeting_at=notice.meeting_at,
        state=_state(notice, told),
        stand_in_for=told.stand_in_for,
        subject_id=notice.subject_id,
        sequence=notice.sequence,
    )


def _state(notice: Notice, told: Told) -> Delivery:
    if notice.in_list_only:
        return Delivery.LIST
    return Delivery.DIGEST if told.later else Delivery.WAITING


def cause_of(uow: UnitOfWork, event: Event) -> UUID:
    """The event's id on the bus; without a bus (a test, a repair) it follows from what is said."""
    return uow.cause.id if uow.cause else derived_id(event.type, event.model_dump_json())


def _step(uow: UnitOfWork, case: KnownCase | None, step: str) -> StepRule | None:
    """The step in the case's own pack, for its title and its ladder."""
    known = uow.packs.packs
    pack = known.get(case.policy) if case else None
    return (pack or uow.packs.latest(_DEFAULT_PACK)).steps.get(step)
