"""Figures from the records, reckoned where they lie: counts and quantiles by group, no single referral."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Interval,
    Select,
    cast,
    func,
    literal,
    select,
    union_all,
)

from domain.referral_measures import Group, Measured, Reached
from domain.vocabulary import ReferralState
from infrastructure.unit_of_work import UnitOfWork
from services.referrals.store.tables import (
    attempts,
    cases_known,
    history,
    plan_needs_known,
    referrals,
)

_SECONDS_AN_HOUR = 3600
_NOT_COUNTED = (ReferralState.DRAFT.value, ReferralState.ENTERED_IN_ERROR.value)
_GROUPS: dict[Group, ColumnElement[str]] = {
    Group.OFFER: attempts.c.offer_id,
    Group.NEED: referrals.c.need,
    Group.AREA: referrals.c.area,
}


async def times(
    uow: UnitOfWork, by: Group, since: datetime, until: datetime, agency_id: str | None
) -> list[Measured]:
    """Hours to each state, by offer, need or area, of referrals asked for from `since` until before `until`."""
    took = union_all(*(_spells(by, reached) for reached in Reached)).subquery()
    hours = func.extract("epoch", took.c.took) / _SECONDS_AN_HOUR
    query = (
        select(
            took.c.grp,
            took.c.reached,
            func.count().label("counted"),
            func.percentile_cont(0.5).within_group(hours).label("median"),
            func.percentile_cont(0.9).within_group(hours).label("p90"),
        )
        .where(took.c.requested_at >= since, took.c.requested_at < until)
        .group_by(took.c.grp, took.c.reached)
    )
    if agency_id is not None:
        query = query.where(took.c.agency_id == agency_id)
    return [
        Measured(
            row.grp, Reached(row.reached), row.counted, round(row.median, 2), round(row.p90, 2)
        )
        for row in await uow.connection.execute(query)
    ]


async def unmet(
    uow: UnitOfWork, since: datetime, until: datetime, agency_id: str | None
) -> dict[tuple[str, str], int]:
    """By need and area: referrals that failed and were not asked anew with success, and needs that plans name."""
    later = referrals.alias("later")
    met_since = (
        select(later.c.id)
        .where(
            later.c.case_ref == referrals.c.case_ref,
            later.c.need == referrals.c.need,
            later.c.state == ReferralState.COMPLETED.value,
            later.c.ended_at >= referrals.c.ended_at,
        )
        .exists()
    )
    failed = _of_agency(
        select(referrals.c.case_ref, referrals.c.need, referrals.c.area).where(
            referrals.c.state == ReferralState.FAILED.value,
            referrals.c.ended_at >= since,
            referrals.c.ended_at < until,
            ~met_since,
        ),
        referrals.c.case_ref,
        agency_id,
    )
    planned = _of_agency(
        select(plan_needs_known.c.case_ref, plan_needs_known.c.need, plan_needs_known.c.area).where(
            plan_needs_known.c.unmet_at >= since,
            plan_needs_known.c.unmet_at < until,
            plan_needs_known.c.met_at.is_(None),
        ),
        plan_needs_known.c.case_ref,
        agency_id,
    )
    # One child's need counts once, however often it was asked for or planned.
    found = failed.union(planned).subquery()
    query = select(found.c.need, found.c.area, func.count().label("counted")).group_by(
        found.c.need, found.c.area
    )
    return {(row.need, row.area): row.counted for row in await uow.connection.execute(query)}


def _spells(by: Group, reached: Reached) -> Select[Any]:
    """Each time one state was reached, and how long it had taken."""
    at, of, begin = _REACHED[reached]
    query = (
        select(
            _GROUPS[by].label("grp"),
            literal(reached.value).label("reached"),
            cast(at - begin, Interval).label("took"),
            referrals.c.requested_at,
            cases_known.c.agency_id,
        )
        .select_from(referrals)
        .join(attempts, attempts.c.referral_id == referrals.c.id)
        .join(cases_known, cases_known.c.case_ref == referrals.c.case_ref)
        .where(at.is_not(None), referrals.c.state.not_in(_NOT_COUNTED))
    )
    return query.where(of) if of is not None else query


def _first_booking() -> ColumnElement[Any]:
    return (
        select(func.min(history.c.at))
        .where(
            history.c.referral_id == referrals.c.id,
            history.c.attempt == attempts.c.number,
            history.c.what == "appointment-booked",
        )
        .scalar_subquery()
    )


def _is_last() -> ColumnElement[bool]:
    """What happens after acceptance belongs to the provider that was asked last."""
    later = attempts.alias("later")
    return (
        ~select(later.c.number)
        .where(later.c.referral_id == attempts.c.referral_id, later.c.number > attempts.c.number)
        .exists()
    )


# state -> when it was reached, of which attempts, from when
_REACHED: dict[Reached, tuple[Any, ColumnElement[bool] | None, Any]] = {
    Reached.ACKNOWLEDGED: (attempts.c.acknowledged_at, None, attempts.c.asked_at),
    Reached.ACCEPTED: (
        attempts.c.answered_at,
        attempts.c.rejected_because.is_(None),
        attempts.c.asked_at,
    ),
    Reached.REJECTED: (
        attempts.c.answered_at,
        attempts.c.rejected_because.is_not(None),
        attempts.c.asked_at,
    ),
    Reached.APPOINTMENT_BOOKED: (_first_booking(), None, attempts.c.asked_at),
    Reached.SERVICE_GIVEN: (referrals.c.service_given_at, _is_last(), attempts.c.asked_at),
    Reached.COMPLETED: (
        referrals.c.ended_at,
        (referrals.c.state == ReferralState.COMPLETED.value) & _is_last(),
        referrals.c.requested_at,
    ),
}


def _of_agency(query: Select[Any], case_ref: Any, agency_id: str | None) -> Select[Any]:
    if agency_id is None:
        return query
    return query.join(cases_known, cases_known.c.case_ref == case_ref).where(
        cases_known.c.agency_id == agency_id
    )
