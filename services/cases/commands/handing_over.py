"""A worker leaves: each of her cases goes to somebody, all in one transaction, with a manifest.

Source: practice.md, step 8.
"""

from collections.abc import Sequence

from contracts.events.cases import CaseAssigned
from domain import case as case_rules
from domain import caseload as rules
from domain import disclosure
from domain.case import Case
from domain.caseload import CaseloadEmpty
from domain.deadlines import Deadline
from domain.disclosure import Action, Custody
from domain.errors import Malformed, Missing
from domain.vocabulary import Role, Section
from infrastructure import deadlines, versions
from infrastructure.unit_of_work import UnitOfWork
from services.cases.commands import happening
from services.cases.schemas.caseload import (
    CaseloadHandoverBody,
    Manifest,
    ManifestCase,
    ManifestDuty,
    ManifestUnderWay,
)
from services.cases.store import caseloads, cases, directory, elsewhere
from services.cases.store.directory import Member
from services.cases.store.elsewhere import UnderWay


async def hand_over(uow: UnitOfWork, staff_id: str, body: CaseloadHandoverBody) -> Manifest:
    """Nothing moves unless every case has a successor; said again, it answers the manifest of the first time."""
    disclosure.demand(uow.viewer, Custody(uow.viewer.agency_id), Action.ASSIGN)
    owned = await caseloads.of_worker(uow, staff_id, uow.viewer)
    named = {each.case_ref: each.caseworker_id for each in body.to}
    try:
        found = rules.successors(
            staff_id, [case.ref for case in owned], named if owned else {}, body.everything_to
        )
    except CaseloadEmpty:
        before = await caseloads.latest_manifest(uow, staff_id, uow.viewer)
        if before is None:
            raise
        return _versioned(uow, Manifest.model_validate(before))
    await _demand_caseworkers(uow, sorted(set(found.values())))
    listed = [await _hand_over(uow, case, found[case.ref]) for case in owned]
    manifest = _manifest(uow, staff_id, listed)
    await caseloads.keep_manifest(uow, staff_id, manifest.model_dump(mode="json"))
    return _versioned(uow, manifest)


async def manifest_of(uow: UnitOfWork, staff_id: str) -> Manifest:
    """What this worker last handed over; raises Missing, and Hidden alike."""
    disclosure.demand(uow.viewer, Custody(uow.viewer.agency_id), Action.ASSIGN)
    found = await caseloads.latest_manifest(uow, staff_id, uow.viewer)
    if found is None:
        raise Missing
    uow.audit("read-caseload-manifest", uow.viewer.agency_id)
    return _versioned(uow, Manifest.model_validate(found))


def _versioned(uow: UnitOfWork, manifest: Manifest) -> Manifest:
    """Many records changed hands; the version is that of the manifest."""
    uow.stands_at(versions.of_content(manifest.model_dump(mode="json")))
    return manifest


async def _hand_over(uow: UnitOfWork, before: Case, caseworker_id: str) -> ManifestCase:
    case = case_rules.assign(before, caseworker_id, before.supervisor_id or "", before.team_id)
    owed = await deadlines.open_for(uow, case.ref)
    others = await elsewhere.open_duties_of(uow, case.ref)
    under_way = await elsewhere.under_way_of(uow, case.ref)
    await cases.save(uow, case)
    agencies = (case.agency_id, case.agency_id)
    await deadlines.hand_over(uow, case.ref, case.people, agencies, before.people)
    said = CaseAssigned(
        case_ref=case.ref,
        at=uow.now,
        agency_id=case.agency_id,
        team_id=case.team_id,
        caseworker_id=caseworker_id,
        supervisor_id=case.supervisor_id or "",
    )
    await happening.happened(uow, case, said, Section.REFERENCE)
    uow.audit("hand-over-caseload", case.ref, Section.REFERENCE)
    return _listed(uow, case, [*owed, *others], under_way)


async def _demand_caseworkers(uow: UnitOfWork, staff_ids: Sequence[str]) -> None:
    """Every successor is a known, active caseworker of the agency: a name alone would own nothing."""
    agency_id = uow.viewer.agency_id
    known = (await directory.ask(uow, agency_id, staff_ids)).members
    unfit = [each for each in staff_ids if not _may_own(known.get(each), agency_id)]
    if unfit:
        raise Malformed(
            f"No active caseworker of the agency: {', '.join(unfit)}.",
            field="to",
            allowed=await directory.at_work(uow, agency_id, Role.CASEWORKER),
        )


def _may_own(member: Member | None, agency_id: str) -> bool:
    return (
        member is not None
        and member.active
        and member.agency_id == agency_id
        and Role.CASEWORKER in member.roles
    )


def _listed(
    uow: UnitOfWork, case: Case, owed: Sequence[Deadline], under_way: Sequence[UnderWay]
) -> ManifestCase:
    return ManifestCase(
        case_ref=case.ref,
        status=case.status,
        risk=case.risk,
        caseworker_id=case.caseworker_id or "",
        supervisor_id=case.supervisor_id,
        duties=[
            ManifestDuty(
                step=each.step,
                responsible=each.responsible.role,
                due_at=each.due_at,
                overdue=each.is_overdue(uow.now),
                owner=_owner(uow, each),
                agency_id=each.responsible.agency_id,
            )
            for each in sorted(owed, key=lambda duty: duty.due_at)
        ],
        under_way=[
            ManifestUnderWay(
                kind=each.kind,
                id=each.id,
                state=each.state,
                since=each.since,
                agency_id=each.agency_id,
                need=each.need,
                meets_at=each.meets_at,
            )
            for each in under_way
        ],
    )


def _owner(uow: UnitOfWork, duty: Deadline) -> str:
    """The service that keeps its record, as the pack says."""
    rule = uow.packs.get(duty.policy).steps.get(duty.step)
    return rule.owner if rule else uow.service


def _manifest(uow: UnitOfWork, staff_id: str, listed: list[ManifestCase]) -> Manifest:
    duties = [duty for case in listed for duty in case.duties]
    return Manifest(
        staff_id=staff_id,
        handed_over_by=uow.viewer.staff_id,
        handed_over_at=uow.now,
        open_duties=len(duties),
        overdue=sum(duty.overdue for duty in duties),
        cases=listed,
    )
