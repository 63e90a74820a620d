"""A transfer accepted or declined by the agency that was asked, and its handover list ticked.

Acceptance is one transaction: owners, duties, policy pack and the answer change together, or none does.
"""

from uuid import UUID

from contracts.events.cases import CaseAssigned, TransferAccepted, TransferDeclined
from domain import transferring as rules
from domain.case import Case
from domain.disclosure import Action
from domain.errors import Missing
from domain.transferring import NewOwners, PolicyChoice, Transfer
from domain.vocabulary import Section
from infrastructure import deadlines
from infrastructure.ids import new_id
from infrastructure.unit_of_work import UnitOfWork
from services.cases.commands import happening
from services.cases.commands.audited import audited
from services.cases.commands.practice import BEARERS, people_for, practice_of, unfit
from services.cases.commands.repinning import repin
from services.cases.schemas.transfer import AcceptanceAnswer, AcceptanceBody, TransferDeclineBody
from services.cases.store import cases, consents, narratives, transfers
from services.cases.store.directory import Known


async def accept_transfer(
    uow: UnitOfWork, transfer_id: UUID, body: AcceptanceBody
) -> AcceptanceAnswer:
    """Responsibility moves here and nowhere else; raises Hidden for whoever was not asked."""
    asked, before = await transfers.load(uow, transfer_id, uow.viewer, to=Action.ANSWER_TRANSFER)
    return await _accept(uow, asked.case_ref, asked, before, body)


@audited("accept-transfer", Section.REFERENCE)
async def _accept(
    uow: UnitOfWork, ref: str, asked: Transfer, before: Case, body: AcceptanceBody
) -> AcceptanceAnswer:
    people, known = await people_for(
        uow,
        asked.to_agency_id,
        body.caseworker_id,
        body.supervisor_id,
        body.team_id or asked.to_team_id,
    )
    await _demand_all_known(uow, asked.to_agency_id, known, body)
    owners = NewOwners(people.caseworker_id, people.supervisor_id, people.team_id)
    given = await consents.all_of(uow, before)
    case, accepted = rules.accept(before, asked, owners, given, uow.viewer.staff_id, uow.now)
    pack = uow.packs.get(case.policy)
    if asked.policy_choice is PolicyChoice.APPLY:
        pack = practice_of(uow, known).pack
    await transfers.save(uow, accepted)
    # The duty to answer is met under the pack that set it.
    await happening.happened(uow, before, _accepted(uow, accepted, pack.id), Section.REFERENCE)
    await cases.save(uow, case)
    agencies = (before.agency_id, case.agency_id)
    await deadlines.hand_over(uow, ref, case.people, agencies, before.people)
    await happening.happened(uow, case, _assigned(uow, case, owners), Section.REFERENCE)
    if pack.id != case.policy:
        case, _ = await repin(uow, case, pack)
    return AcceptanceAnswer(
        transfer_id=asked.id,
        case_ref=ref,
        agency_id=case.agency_id,
        team_id=case.team_id,
        caseworker_id=owners.caseworker_id,
        supervisor_id=owners.supervisor_id,
        policy=case.policy,
        deadlines=happening.views(uow, case, await deadlines.open_for(uow, ref)),
    )


async def decline_transfer(uow: UnitOfWork, transfer_id: UUID, body: TransferDeclineBody) -> None:
    """The case stays with its owners, who are told."""
    asked, case = await transfers.load(uow, transfer_id, uow.viewer, to=Action.ANSWER_TRANSFER)
    await _decline(uow, asked.case_ref, asked, case, body)


@audited("decline-transfer", Section.REFERENCE)
async def _decline(
    uow: UnitOfWork, ref: str, asked: Transfer, case: Case, body: TransferDeclineBody
) -> None:
    declined = rules.decline(asked, body.reason, uow.viewer.staff_id, uow.now)
    await transfers.save(uow, declined)
    told = {"reason": body.reason, "note": body.note}
    await narratives.add(uow, case, Section.PLAN, "transfer-refusal", str(asked.id), new_id(), told)
    said = TransferDeclined(
        case_ref=ref,
        at=uow.now,
        transfer_id=asked.id,
        from_agency_id=asked.from_agency_id,
        to_agency_id=asked.to_agency_id,
        requested_by=asked.requested_by,
        declined_by=uow.viewer.staff_id,
        reason=body.reason,
    )
    await happening.happened(uow, case, said, Section.REFERENCE)


async def tick_item(uow: UnitOfWork, transfer_id: UUID, item_id: UUID) -> None:
    """By those who look after the case: the sender's people before acceptance, the receiver's after."""
    asked, case = await transfers.load(uow, transfer_id, uow.viewer, to=Action.RECORD)
    await _tick(uow, asked.case_ref, asked, case, item_id)


@audited("tick-handover-item", Section.REFERENCE)
async def _tick(uow: UnitOfWork, _ref: str, asked: Transfer, case: Case, item_id: UUID) -> None:
    for item, _ in await transfers.items_of(uow, asked, key=None):
        if item.id == item_id:
            await transfers.save_tick(uow, rules.tick(asked, item, uow.viewer.staff_id, uow.now))
            codes = {"transfer_id": str(asked.id), "kind": item.kind.value, "what": item.what}
            await happening.happened(
                uow, case, "handover-item.ticked", Section.REFERENCE, codes=codes
            )
            return
    raise Missing("There is no such item on the handover list.")


def _accepted(uow: UnitOfWork, accepted: Transfer, policy: str) -> TransferAccepted:
    return TransferAccepted(
        case_ref=accepted.case_ref,
        at=uow.now,
        transfer_id=accepted.id,
        from_agency_id=accepted.from_agency_id,
        to_agency_id=accepted.to_agency_id,
        requested_by=accepted.requested_by,
        accepted_by=uow.viewer.staff_id,
        policy=policy,
    )


def _assigned(uow: UnitOfWork, case: Case, owners: NewOwners) -> CaseAssigned:
    return CaseAssigned(
        case_ref=case.ref,
        at=uow.now,
        agency_id=case.agency_id,
        team_id=case.team_id,
        caseworker_id=owners.caseworker_id,
        supervisor_id=owners.supervisor_id,
    )


async def _demand_all_known(
    uow: UnitOfWork, agency_id: str, known: Known, body: AcceptanceBody
) -> None:
    """A name that nobody bears would leave the case without an owner."""
    for field in BEARERS:
        if getattr(body, field) not in known.members:
            raise await unfit(uow, agency_id, field)
