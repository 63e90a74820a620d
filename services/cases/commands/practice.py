"""Which practice a case follows, and whether the people named may look after it."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from domain.case import Case
from domain.disclosure import Viewer
from domain.errors import Malformed
from domain.policy import Pack
from domain.registration import Registration
from domain.vocabulary import Role
from infrastructure import zoned_packs
from infrastructure.settings import settings
from infrastructure.unit_of_work import UnitOfWork
from services.cases.store import directory
from services.cases.store.directory import Known, Member

BEARERS = {"caseworker_id": Role.CASEWORKER, "supervisor_id": Role.SUPERVISOR}


@dataclass(frozen=True, slots=True)
class Practice:
    """A pack, and the zone in which days are counted."""

    pack: Pack
    zone: str

    def today(self, uow: UnitOfWork) -> date:
        return uow.now.astimezone(ZoneInfo(self.zone)).date()


def practice_of(uow: UnitOfWork, known: Known) -> Practice:
    """The agency's own pack in its newest version; the default one for an agency not heard of yet.

    A child is not turned away because an event of the directory is still on its way.
    """
    agency = known.agency
    if agency is None:
        pack = uow.packs.latest(settings().default_policy)
    else:
        pack = uow.packs.latest(agency.policy, agency.zone)
    return Practice(pack, pack.calendar.zone)


async def practice_of_case(uow: UnitOfWork, case: Case) -> Practice:
    """The pack that the case is pinned to, in its agency's zone."""
    known = await directory.ask(uow, case.agency_id)
    pack = uow.packs.get(case.policy)
    return Practice(pack, known.agency.zone if known.agency else pack.calendar.zone)


async def named_pack(uow: UnitOfWork, policy: str, case: Case) -> Pack:
    """The pack that somebody names for a case, its days counted where the case's agency is; raises Malformed."""
    practice = await practice_of_case(uow, case)
    return zoned_packs.in_zone(uow.packs.get(policy), practice.zone)


async def people_for(
    uow: UnitOfWork,
    agency_id: str,
    caseworker_id: str | None,
    supervisor_id: str | None,
    team_id: str | None,
) -> tuple[Registration, Known]:
    """Who looks after the case and over it; raises Malformed for somebody known not to be able to."""
    viewer = uow.viewer
    caseworker = caseworker_id or (viewer.staff_id if viewer.has(Role.CASEWORKER) else None)
    team = team_id or viewer.team_id
    supervisor = supervisor_id or await _some_supervisor(uow, viewer, agency_id, team)
    if caseworker is None:
        allowed = await directory.at_work(uow, agency_id, Role.CASEWORKER)
        raise Malformed("Name the caseworker.", field="caseworker_id", allowed=allowed)
    known = await directory.ask(uow, agency_id, [caseworker, supervisor])
    for field, staff_id in (("caseworker_id", caseworker), ("supervisor_id", supervisor)):
        member = known.members.get(staff_id)
        # Somebody the copy does not know may be new; somebody it knows must fit.
        if member is not None and not _fits(member, agency_id, BEARERS[field]):
            raise await unfit(uow, agency_id, field)
    return Registration(caseworker, supervisor, team), known


async def _some_supervisor(
    uow: UnitOfWork, viewer: Viewer, agency_id: str, team_id: str | None
) -> str:
    if viewer.has(Role.SUPERVISOR) and not viewer.has(Role.CASEWORKER):
        return viewer.staff_id
    found = await directory.supervisor_for(uow, agency_id, team_id)
    if found is None:
        raise Malformed("Name the supervisor.", field="supervisor_id")
    return found


async def unfit(uow: UnitOfWork, agency_id: str, field: str) -> Malformed:
    """Says who may be named; the viewer is of the same agency."""
    role = BEARERS[field]
    allowed = await directory.at_work(uow, agency_id, role)
    return Malformed(f"This is no active {role} of the agency.", field=field, allowed=allowed)


def _fits(member: Member, agency_id: str, role: Role) -> bool:
    return member.active and member.agency_id == agency_id and role in member.roles
