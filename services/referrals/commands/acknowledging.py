"""Somebody takes up a duty that is late: the ladder stops. For people who look at the list."""

from uuid import UUID

from domain import disclosure
from domain.deadlines import Deadline
from domain.disclosure import Action, Viewer
from domain.errors import Hidden, Missing
from domain.vocabulary import Role
from infrastructure import deadline_store, deadlines
from infrastructure.unit_of_work import UnitOfWork
from services.referrals.store import known
from services.referrals.store.known import KnownCase

_ANSWER_FOR_A_PROVIDER = (Role.PROVIDER, Role.SUPERVISOR, Role.MANAGER, Role.AGENCY_HEAD)


async def acknowledge_duty(uow: UnitOfWork, deadline_id: UUID) -> Deadline:
    """Raises Missing, Hidden (audited)."""
    duty = await deadline_store.find(uow, deadline_id)
    if duty is None:
        raise Missing
    case = await known.case(uow, duty.case_ref)
    if not _may(uow.viewer, case, duty):
        uow.audit("acknowledge-deadline", duty.case_ref, outcome="hidden")
        raise Hidden
    uow.audit("acknowledge-deadline", duty.case_ref)
    return await deadlines.acknowledge(uow, deadline_id, by=uow.viewer.staff_id)


def _may(viewer: Viewer, case: KnownCase, duty: Deadline) -> bool:
    if duty.responsible.role is Role.PROVIDER:
        same = viewer.agency_id == duty.responsible.agency_id
        return same and viewer.has(*_ANSWER_FOR_A_PROVIDER)
    return disclosure.may(viewer, case.custody, Action.ACKNOWLEDGE)
