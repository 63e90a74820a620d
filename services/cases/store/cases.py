"""The case itself: loaded for a viewer, written whole."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from domain import disclosure, erasing
from domain.case import Case, Closure, ClosureState
from domain.disclosure import Action, Custody, Viewer
from domain.errors import Hidden, Missing
from domain.vocabulary import CaseStatus, Ground, Risk, Role, Section, Source
from infrastructure import paging
from infrastructure.unit_of_work import UnitOfWork
from services.cases.store import absences
from services.cases.store.tables import cases, closures

_EVERYBODYS = (Role.MANAGER, Role.AGENCY_HEAD)
_STAND_INS = (Role.CASEWORKER, Role.SUPERVISOR)
_AS_STAND_IN = "act-as-stand-in"
_CUSTODIANS = ("agency_id", "team_id", "caseworker_id", "supervisor_id")


@dataclass(frozen=True, slots=True, repr=False)
class Sealed:
    """The personal fields of a case as they are stored."""

    identity: bytes | None
    concerns: bytes | None
    expectations: bytes | None


async def load(
    uow: UnitOfWork, ref: str, viewer: Viewer, *, to: Action | None = None, lock: bool = True
) -> Case:
    """The case, locked until the command ends; raises Missing, Hidden unless she may do this, CaseIsErased."""
    case, _ = await _find(uow, ref, lock)
    if to is not None:
        disclosure.demand(viewer, case.custody, to)
    _demand_sight(viewer, case)
    if to is not None:
        erasing.demand_readable(case)
    return case


async def load_to(uow: UnitOfWork, ref: str, viewer: Viewer, action: Action) -> Case:
    """The case, locked, for somebody who does this one thing and may see nothing else of it."""
    case, _ = await _find(uow, ref, lock=True)
    disclosure.demand(viewer, case.custody, action)
    erasing.demand_readable(case)
    return case


async def load_through(
    uow: UnitOfWork,
    ref: str,
    viewer: Viewer,
    *,
    standing: Callable[[Case], Custody],
    to: Action | None = None,
    lock: bool = True,
) -> Case:
    """The case for somebody whose relation to it stands in another record, such as a transfer."""
    case, _ = await _find(uow, ref, lock)
    custody = standing(case)
    if to is not None:
        disclosure.demand(viewer, custody, to)
    disclosure.demand_sight(viewer, custody, ())
    return case


async def of_refs(uow: UnitOfWork, refs: Iterable[str]) -> list[Case]:
    """For a caller that decides for each who sees it."""
    query = select(cases).where(cases.c.ref.in_(list(refs)))
    return [_case(row) for row in (await uow.connection.execute(query)).mappings()]


async def read(uow: UnitOfWork, ref: str, viewer: Viewer) -> tuple[Case, Sealed]:
    """The case with its sealed fields, for those who see any of it."""
    case, sealed = await _find(uow, ref, lock=False)
    _demand_sight(viewer, case)
    return case, sealed


async def load_by_closure(uow: UnitOfWork, closure_id: UUID, viewer: Viewer) -> Case:
    """The case whose present closure this is, locked; raises Missing."""
    query = select(cases.c.ref).where(cases.c.closure_id == closure_id)
    ref = (await uow.connection.execute(query)).scalar()
    if ref is None:
        raise Missing
    return await load(uow, ref, viewer)


async def save(uow: UnitOfWork, case: Case) -> None:
    """Writes the case and its present closure; its personal fields stay as they are."""
    fields = _fields(case)
    ref = fields.pop("ref")
    await uow.connection.execute(update(cases).where(cases.c.ref == ref).values(fields))
    if case.closure is not None:
        await save_closure(uow, case.ref, case.closure)


async def save_closure(uow: UnitOfWork, ref: str, closure: Closure) -> None:
    fields = asdict(closure) | {"case_ref": ref}
    statement = insert(closures).values(fields)
    await uow.connection.execute(
        statement.on_conflict_do_update(index_elements=["id"], set_=_changes(statement, fields))
    )


async def keep_expectations(uow: UnitOfWork, ref: str, sealed: bytes) -> None:
    await uow.connection.execute(
        update(cases).where(cases.c.ref == ref).values(expectations=sealed)
    )


async def add_reviewer(uow: UnitOfWork, case: Case, staff_id: str) -> None:
    reviewers = sorted(case.reviewers | {staff_id})
    await uow.connection.execute(
        update(cases).where(cases.c.ref == case.ref).values(reviewers=reviewers)
    )


async def closures_of(uow: UnitOfWork, case: Case) -> list[Closure]:
    """Every way towards the end this case has taken, in order."""
    query = (
        select(closures)
        .where(closures.c.case_ref == case.ref)
        .order_by(func.coalesce(closures.c.requested_at, closures.c.settled_at), closures.c.id)
    )
    return [_closure(row) for row in (await uow.connection.execute(query)).mappings()]


async def joined_to(uow: UnitOfWork, case: Case) -> list[Case]:
    """Intakes that became part of this case, for a caller that ends them with it."""
    query = select(cases).where(cases.c.joined_to == case.ref).order_by(cases.c.identified_at)
    return [_case(row) for row in (await uow.connection.execute(query)).mappings()]


async def page(
    uow: UnitOfWork, viewer: Viewer, status: CaseStatus | None, cursor: str | None, limit: int
) -> tuple[list[Case], str | None]:
    """The viewer's own cases and her team's, newest first, and the cursor of the next page."""
    away = await absences.stood_in_for(uow, viewer) if viewer.has(*_STAND_INS) else []
    query = select(cases).where(_own(viewer, away))
    if status is not None:
        query = query.where(cases.c.status == status.value)
    by = [cases.c.identified_at, cases.c.ref]
    rows, following = await paging.page(uow, query, by, cursor, limit, newest_first=True)
    found = [_stood_in(_case(row), viewer, away) for row in rows]
    return [case for case in found if _sees(viewer, case)], following


def _stood_in(case: Case, viewer: Viewer, away: Collection[str]) -> Case:
    return replace(case, stand_in_id=viewer.staff_id) if case.caseworker_id in away else case


def _own(viewer: Viewer, away: Collection[str]) -> ColumnElement[bool]:
    agency = cases.c.agency_id == viewer.agency_id
    awaiting = and_(agency, cases.c.status == CaseStatus.IDENTIFIED.value)
    mine: list[ColumnElement[bool]] = [
        cases.c.caseworker_id == viewer.staff_id,
        cases.c.supervisor_id == viewer.staff_id,
        cases.c.referrer_id == viewer.staff_id,
        cases.c.reviewers.contains([viewer.staff_id]),
        and_(agency, cases.c.caseworker_id.in_(away)),
    ]
    if viewer.has(Role.CASEWORKER, Role.SUPERVISOR):
        mine += [awaiting, and_(agency, cases.c.team_id == viewer.team_id)]
    if viewer.has(*_EVERYBODYS):
        mine.append(agency)
    return or_(*mine)


async def _find(uow: UnitOfWork, ref: str, lock: bool) -> tuple[Case, Sealed]:
    query = select(cases).where(cases.c.ref == ref)
    query = query.with_for_update() if lock else query
    row = (await uow.connection.execute(query)).mappings().first()
    if row is None:
        raise Missing
    # Asked for after the lock is held: a join would show the closure as it was before the wait.
    ending = await _closure_by(uow, row["closure_id"]) if row["closure_id"] else None
    found = _case(row, ending)
    if found.joined_to is not None:
        found = await _with_its_case(uow, found)
    if _may_stand_in(uow.viewer, found):
        found = await _with_stand_in(uow, found)
    return found, Sealed(row["identity"], row["concerns"], row["expectations"])


async def _with_its_case(uow: UnitOfWork, intake: Case) -> Case:
    """What became part of a case is read by whoever looks after that case now."""
    people = [cases.c[name] for name in _CUSTODIANS]
    query = select(*people).where(cases.c.ref == intake.joined_to)
    return replace(intake, **(await uow.connection.execute(query)).mappings().one())


async def _closure_by(uow: UnitOfWork, closure_id: UUID) -> Closure:
    query = select(closures).where(closures.c.id == closure_id)
    return _closure((await uow.connection.execute(query)).mappings().one())


def _may_stand_in(viewer: Viewer, case: Case) -> bool:
    """Worth a look at the absences: her own cases, and those of strangers, need none."""
    is_colleague = viewer.agency_id == case.agency_id and viewer.has(*_STAND_INS)
    return is_colleague and viewer.staff_id not in case.people.values()


async def _with_stand_in(uow: UnitOfWork, case: Case) -> Case:
    """Whoever is there for the caseworker now; that a viewer acts as such is noted, once a command."""
    if case.caseworker_id is None:
        return case
    stand_in = await absences.stand_in_of(uow, case.caseworker_id, case.agency_id)
    noted = (case.ref, _AS_STAND_IN)
    is_new = noted not in ((each.subject, each.action) for each in uow.entries)
    if stand_in == uow.viewer.staff_id and is_new:
        uow.audit(_AS_STAND_IN, case.ref, f"for {case.caseworker_id}")
    return replace(case, stand_in_id=stand_in)


def _demand_sight(viewer: Viewer, case: Case) -> None:
    if not _sees(viewer, case):
        raise Hidden


def _sees(viewer: Viewer, case: Case) -> bool:
    return Section.REFERENCE in disclosure.visible_sections(viewer, case.custody)


def _fields(case: Case) -> dict[str, Any]:
    return {
        "ref": case.ref,
        "agency_id": case.agency_id,
        "team_id": case.team_id,
        "caseworker_id": case.caseworker_id,
        "supervisor_id": case.supervisor_id,
        "referrer_id": case.referrer_id,
        "status": case.status.value,
        "risk": case.risk.value,
        "policy": case.policy,
        "source": case.source.value,
        "criteria": list(case.criteria),
        "identified_at": case.identified_at,
        "registered_at": case.registered_at,
        "assessed_at": case.assessed_at,
        "needs": case.needs,
        "risks": case.risks,
        "causes": case.causes,
        "plan_version": case.plan_version,
        "times_reopened": case.times_reopened,
        "reviewers": sorted(case.reviewers),
        "closure_id": case.closure.id if case.closure else None,
        "erased_at": case.erased_at,
        "joined_to": case.joined_to,
    }


def _case(row: Mapping[Any, Any], ending: Closure | None = None) -> Case:
    return Case(
        ref=row["ref"],
        agency_id=row["agency_id"],
        status=CaseStatus(row["status"]),
        risk=Risk(row["risk"]),
        policy=row["policy"],
        source=Source(row["source"]),
        criteria=tuple(row["criteria"]),
        identified_at=row["identified_at"],
        team_id=row["team_id"],
        caseworker_id=row["caseworker_id"],
        supervisor_id=row["supervisor_id"],
        referrer_id=row["referrer_id"],
        registered_at=row["registered_at"],
        assessed_at=row["assessed_at"],
        needs=row["needs"],
        risks=row["risks"],
        causes=row["causes"],
        plan_version=row["plan_version"],
        closure=ending,
        times_reopened=row["times_reopened"],
        reviewers=frozenset(row["reviewers"]),
        erased_at=row["erased_at"],
        joined_to=row["joined_to"],
    )


def _closure(row: Mapping[Any, Any]) -> Closure:
    ground, before = row["ground"], row["status_before"]
    return Closure(
        id=row["id"],
        state=ClosureState(row["state"]),
        settled_at=row["settled_at"],
        ground=Ground(ground) if ground else None,
        requested_by=row["requested_by"],
        requested_at=row["requested_at"],
        status_before=CaseStatus(before) if before else None,
        passed_to_stand_in_at=row["passed_to_stand_in_at"],
        decided_by=row["decided_by"],
        closed_at=row["closed_at"],
        looked_back_at=row["looked_back_at"],
        erase_at=row["erase_at"],
    )


def _changes(statement: Any, names: Iterable[str]) -> dict[str, Any]:
    return {name: statement.excluded[name] for name in names if name not in ("id", "case_ref")}
