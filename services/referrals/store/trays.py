"""Lists of referrals, newest first: an agency's in-tray, and the out-tray of whoever answers for the cases."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Select, and_, case, false, or_, select

from domain.errors import Hidden
from domain.vocabulary import ReferralState, Role
from infrastructure import paging
from infrastructure.unit_of_work import UnitOfWork
from services.referrals.store.tables import attempts, cases_known, referrals

Page = tuple[Sequence[RowMapping], str | None]
_LEADS = (Role.MANAGER, Role.AGENCY_HEAD)


@dataclass(frozen=True, slots=True)
class Window:
    """Which part of a list: the page that a cursor leads to, narrowed."""

    cursor: str | None
    limit: int
    state: ReferralState | None = None
    case_ref: str | None = None


async def in_tray(uow: UnitOfWork, window: Window) -> Page:
    """What the viewer's agency was asked; raises Hidden for who receives nothing."""
    viewer = uow.viewer
    if not viewer.has(Role.PROVIDER, Role.SUPERVISOR, *_LEADS):
        raise Hidden
    # An agency that was passed over sees its own answer, and nothing of what came after.
    passed_over = attempts.c.rejected_because.is_not(None)
    state = case((passed_over, ReferralState.REJECTED.value), else_=referrals.c.state)
    query = (
        _columns(state, case((passed_over, None), else_=referrals.c.appointment_at))
        .join(attempts, attempts.c.referral_id == referrals.c.id)
        .where(attempts.c.agency_id == viewer.agency_id)
    )
    return await _all(uow, query, state, window)


async def out_tray(uow: UnitOfWork, window: Window) -> Page:
    """What was asked for the viewer's cases, with the provider asked last; raises Hidden without any."""
    viewer = uow.viewer
    later = attempts.alias("later")
    last = (
        ~select(later.c.number)
        .where(later.c.referral_id == attempts.c.referral_id, later.c.number > attempts.c.number)
        .exists()
    )
    query = (
        _columns(referrals.c.state, referrals.c.appointment_at)
        .join(cases_known, cases_known.c.case_ref == referrals.c.case_ref)
        .outerjoin(attempts, and_(attempts.c.referral_id == referrals.c.id, last))
        .where(_own_cases(uow))
    )
    if not viewer.has(Role.CASEWORKER, Role.SUPERVISOR, *_LEADS):
        raise Hidden
    return await _all(uow, query, referrals.c.state, window)


def _own_cases(uow: UnitOfWork) -> ColumnElement[bool]:
    viewer, own = uow.viewer, []
    if viewer.has(Role.CASEWORKER):
        own.append(cases_known.c.caseworker_id == viewer.staff_id)
    if viewer.has(Role.SUPERVISOR):
        own.append(cases_known.c.supervisor_id == viewer.staff_id)
    if viewer.has(*_LEADS):
        own.append(cases_known.c.agency_id == viewer.agency_id)
    return or_(false(), *own)


def _columns(state: ColumnElement[Any], appointment_at: ColumnElement[Any]) -> Select[Any]:
    return select(
        referrals.c.place,
        referrals.c.id.label("referral_id"),
        referrals.c.case_ref,
        referrals.c.need,
        referrals.c.area,
        referrals.c.urgent,
        referrals.c.requested_at,
        state.label("state"),
        appointment_at.label("appointment_at"),
        attempts.c.number.label("attempt"),
        attempts.c.offer_id,
        attempts.c.agency_id.label("provider_agency_id"),
        attempts.c.asked_at,
        attempts.c.acknowledged_at,
    ).select_from(referrals)


async def _all(
    uow: UnitOfWork, query: Select[Any], state: ColumnElement[Any], window: Window
) -> Page:
    if window.state is not None:
        query = query.where(state == window.state.value)
    if window.case_ref is not None:
        query = query.where(referrals.c.case_ref == window.case_ref)
    by = [referrals.c.place]
    return await paging.page(uow, query, by, window.cursor, window.limit, newest_first=True)
