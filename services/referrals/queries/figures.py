"""Times and unmet needs in figures that recognise nobody, for those who lead and for operations."""

from datetime import datetime, timedelta

from domain import referral_measures
from domain.errors import Hidden, Malformed
from domain.referral_measures import Group
from domain.vocabulary import Role
from infrastructure.settings import settings
from infrastructure.unit_of_work import UnitOfWork
from services.referrals.schemas.metrics import TimesView, TimeView, UnmetCell, UnmetView
from services.referrals.store import measures

_YEAR = timedelta(hours=366 * 24)


async def times(
    uow: UnitOfWork, by: Group, since: datetime | None, until: datetime | None
) -> TimesView:
    """Of referrals asked for in this time; raises Hidden, Malformed."""
    since, until, agency_id = _scope(uow, since, until)
    least = settings().small_cells
    found = referral_measures.told(await measures.times(uow, by, since, until, agency_id), least)
    uow.audit("read-referral-metrics", uow.viewer.agency_id, by.value)
    return TimesView(
        by=by,
        since=since,
        until=until,
        least=least,
        times=[
            TimeView(
                group=each.group,
                reached=each.reached,
                count=each.count,
                median_hours=each.median_hours,
                p90_hours=each.p90_hours,
            )
            for each in found
        ],
    )


async def unmet_needs(uow: UnitOfWork, since: datetime | None, until: datetime | None) -> UnmetView:
    """Needs found unmet in this time and not met since; raises Hidden, Malformed."""
    since, until, agency_id = _scope(uow, since, until)
    least = settings().small_cells
    counts = await measures.unmet(uow, since, until, agency_id)
    uow.audit("read-unmet-needs", uow.viewer.agency_id)
    return UnmetView(
        since=since,
        until=until,
        least=least,
        cells=[
            UnmetCell(need=need, area=area, count=count)
            for (need, area), count in sorted(referral_measures.cells(counts, least).items())
        ],
    )


def _scope(
    uow: UnitOfWork, since: datetime | None, until: datetime | None
) -> tuple[datetime, datetime, str | None]:
    """The last year unless another time is named; an agency's own cases, every agency's for operations."""
    viewer = uow.viewer
    if not viewer.has(Role.MANAGER, Role.AGENCY_HEAD, Role.OPERATIONS):
        raise Hidden
    until = until or uow.now
    since = since or until - _YEAR
    if since >= until:
        raise Malformed("A time begins before it ends.", field="since")
    return since, until, None if viewer.has(Role.OPERATIONS) else viewer.agency_id
