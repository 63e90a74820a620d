"""Asking another agency or area to take a case over, and taking the question back. Source: practice.md, step 8."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from contracts.events.cases import ConsentRecorded, TransferRequested, TransferWithdrawn
from domain import consent as consenting
from domain import transferring as rules
from domain.case import Case
from domain.consent import Consent
from domain.disclosure import Action
from domain.errors import Malformed
from domain.transferring import Basis, HandoverItem, HandoverKind, Transfer
from domain.vocabulary import Section
from infrastructure import deadlines
from infrastructure.crypto import case_key
from infrastructure.ids import new_id
from infrastructure.unit_of_work import UnitOfWork
from services.cases.commands import happening, overhearing
from services.cases.commands.audited import audited
from services.cases.schemas.transfer import TransferBody, TransferConsent, WithdrawTransferBody
from services.cases.store import cases, consents, directory, elsewhere, narratives, transfers
from services.cases.store.elsewhere import UnderWay
from services.cases.store.transfers import Noted

CONSENT_WITHDRAWN, CASE_CLOSED = "consent-withdrawn", "case-closed"


@audited("request-transfer", Section.REFERENCE)
async def request_transfer(uow: UnitOfWork, ref: str, body: TransferBody) -> UUID:
    """The case stays with its owners until the other side accepts; answers the transfer's id."""
    case = await cases.load(uow, ref, uow.viewer, to=Action.TRANSFER)
    await _demand_known(uow, body.to_agency_id)
    if body.consent is not None:
        await _record_consent(uow, case, body.consent)
    asked = Transfer(
        id=new_id(),
        case_ref=ref,
        from_agency_id=case.agency_id,
        to_agency_id=body.to_agency_id,
        to_team_id=body.to_team_id,
        requested_by=uow.viewer.staff_id,
        requested_at=uow.now,
        reason=body.reason,
        basis=rules.basis_of(
            await consents.all_of(uow, case), body.without_consent_because, uow.now
        ),
        policy_choice=body.policy,
    )
    asked = rules.request(case, asked, await transfers.pending_on(uow, case))
    await transfers.add(uow, asked, await _handover(uow, case, body), await case_key(uow, ref))
    await _tell_why(uow, case, asked, body)
    said = TransferRequested(
        case_ref=ref,
        at=uow.now,
        transfer_id=asked.id,
        from_agency_id=asked.from_agency_id,
        to_agency_id=asked.to_agency_id,
        to_team_id=asked.to_team_id,
        requested_by=asked.requested_by,
        reason=asked.reason.value,
        basis=asked.basis.value,
    )
    # The answer is owed by the agency that is asked, and by nobody of the case's own.
    asked_agency = replace(
        case, agency_id=asked.to_agency_id, caseworker_id=None, supervisor_id=None
    )
    await happening.happened(uow, asked_agency, said, Section.REFERENCE)
    return asked.id


async def withdraw_transfer(uow: UnitOfWork, transfer_id: UUID, body: WithdrawTransferBody) -> None:
    """By whoever looks after the case or over it; raises Hidden, TransferAnswered."""
    asked, case = await transfers.load(uow, transfer_id, uow.viewer, to=Action.TRANSFER)
    await _withdraw(uow, asked.case_ref, case, asked, body.reason)


async def end_with_consent(uow: UnitOfWork, case: Case, withdrawn: Consent) -> None:
    """What was not shared yet is not shared any more: a transfer that rested on consent ends with it."""
    if withdrawn.purpose != rules.PURPOSE:
        return
    asked = await transfers.pending_on(uow, case)
    left = await consents.all_of(uow, case)
    if asked is None or asked.basis is not Basis.CONSENT or rules.holds(left, uow.now):
        return
    await _withdraw(uow, case.ref, case, asked, CONSENT_WITHDRAWN)


async def end_with_case(uow: UnitOfWork, case: Case) -> None:
    """Nobody is asked to take over a case that has closed."""
    asked = await transfers.pending_on(uow, case)
    if asked is not None:
        await _withdraw(uow, case.ref, case, asked, CASE_CLOSED)


@audited("withdraw-transfer", Section.REFERENCE)
async def _withdraw(uow: UnitOfWork, ref: str, case: Case, asked: Transfer, reason: str) -> None:
    withdrawn = rules.withdraw(asked, reason, uow.viewer.staff_id, uow.now)
    await transfers.save(uow, withdrawn)
    said = TransferWithdrawn(
        case_ref=ref,
        at=uow.now,
        transfer_id=asked.id,
        from_agency_id=asked.from_agency_id,
        to_agency_id=asked.to_agency_id,
        requested_by=asked.requested_by,
        reason=reason,
    )
    await happening.happened(uow, case, said, Section.REFERENCE)


async def _demand_known(uow: UnitOfWork, agency_id: str) -> None:
    """Asking an agency that nobody has heard of would only cost the child days."""
    if (await directory.ask(uow, agency_id)).agency is None:
        raise Malformed(
            "No agency of this name is known.",
            field="to_agency_id",
            allowed=await directory.agencies_known(uow),
        )


async def _record_consent(uow: UnitOfWork, case: Case, said: TransferConsent) -> None:
    given = consenting.give(
        Consent(new_id(), said.given_by, rules.PURPOSE, said.how, uow.now, said.until)
    )
    await consents.add(uow, case, [given])
    recorded = ConsentRecorded(
        case_ref=case.ref,
        at=uow.now,
        consent_id=given.id,
        given_by=given.given_by,
        purpose=given.purpose,
    )
    await happening.happened(uow, case, recorded, Section.CONSENT)


async def _handover(uow: UnitOfWork, case: Case, body: TransferBody) -> Sequence[Noted]:
    """What people listed, every open duty with its date, and the referrals and meetings that go on."""
    listed = [
        (HandoverItem(new_id(), HandoverKind(each.kind), each.what, each.due_at), each.note or None)
        for each in body.handover
    ]
    owed = [
        (HandoverItem(new_id(), HandoverKind.DUTY, each.step, each.due_at), None)
        for each in [
            *await deadlines.open_for(uow, case.ref),
            *await elsewhere.open_duties_of(uow, case.ref),
        ]
    ]
    under_way = [
        (HandoverItem(new_id(), *_named(each), each.meets_at), None)
        for each in await elsewhere.under_way_of(uow, case.ref)
    ]
    return [*listed, *owed, *under_way]


def _named(each: UnderWay) -> tuple[HandoverKind, str]:
    """A referral by the need it answers, a meeting by its kind."""
    if each.kind == overhearing.REFERRAL:
        return HandoverKind.REFERRAL, each.need or each.kind
    return HandoverKind.REVIEW, each.kind


async def _tell_why(uow: UnitOfWork, case: Case, asked: Transfer, body: TransferBody) -> None:
    words = {"note": body.note, "without_consent_because": body.without_consent_because}
    told = {name: word for name, word in words.items() if word}
    if told:
        await narratives.add(
            uow, case, Section.PLAN, "transfer-request", str(asked.id), new_id(), told
        )
