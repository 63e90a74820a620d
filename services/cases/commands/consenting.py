"""Recording consent, and its withdrawal. Source: practice.md, section 2."""

from uuid import UUID

from contracts.events.cases import ConsentRecorded, ConsentWithdrawn
from domain import consent
from domain.consent import Consent
from domain.disclosure import Action
from domain.vocabulary import Section
from infrastructure.ids import new_id
from infrastructure.unit_of_work import UnitOfWork
from services.cases.commands import happening, transferring
from services.cases.commands.audited import audited
from services.cases.schemas.plan import ConsentBody, WithdrawalAnswer, WithdrawalBody
from services.cases.schemas.registration import ConsentView
from services.cases.store import cases, consents, narratives


@audited("record-consent", Section.CONSENT)
async def record_consent(uow: UnitOfWork, ref: str, body: ConsentBody) -> ConsentView:
    case = await cases.load(uow, ref, uow.viewer, to=Action.RECORD)
    given = consent.give(
        Consent(
            new_id(),
            body.given_by,
            body.purpose,
            body.how,
            uow.now,
            body.until,
            given_at=body.given_at,
        )
    )
    await consents.add(uow, case, [given])
    recorded = ConsentRecorded(
        case_ref=ref,
        at=uow.now,
        consent_id=given.id,
        given_by=given.given_by,
        purpose=given.purpose,
    )
    await happening.happened(uow, case, recorded, Section.CONSENT)
    return ConsentView(consent_id=str(given.id), given_by=given.given_by, purpose=given.purpose)


@audited("withdraw-consent", Section.CONSENT)
async def withdraw_consent(
    uow: UnitOfWork, ref: str, consent_id: UUID, body: WithdrawalBody
) -> WithdrawalAnswer:
    """Stops what has not been done yet; what was done with consent stays as it was."""
    case = await cases.load(uow, ref, uow.viewer, to=Action.RECORD)
    withdrawn = consent.withdraw(await consents.one(uow, case, consent_id), uow.now)
    await consents.save_withdrawal(uow, withdrawn)
    if body.reason:
        told = {"reason": body.reason}
        await narratives.add(
            uow, case, Section.CONSENT, "consent-withdrawal", str(consent_id), new_id(), told
        )
    said = ConsentWithdrawn(
        case_ref=ref,
        at=uow.now,
        consent_id=consent_id,
        given_by=withdrawn.given_by,
        purpose=withdrawn.purpose,
    )
    await happening.happened(uow, case, said, Section.CONSENT)
    await transferring.end_with_consent(uow, case, withdrawn)
    return WithdrawalAnswer(consent_id=str(consent_id), withdrawn_at=uow.now)
