"""A statement's links given out and taken back, and what child or family say answered."""

import secrets
import uuid
from datetime import timedelta
from uuid import UUID

from domain import statement
from domain.case import IN_WORK, demand_status
from domain.disclosure import Action
from domain.errors import Malformed, Missing
from domain.statement import Link
from domain.vocabulary import CaseStatus, Section, SubjectType
from infrastructure.crypto import case_key
from infrastructure.settings import settings
from infrastructure.unit_of_work import UnitOfWork
from services.cases.commands import happening
from services.cases.commands.audited import audited
from services.cases.schemas.statement import FeedbackAnswerBody, LinkAnswer, LinkBody
from services.cases.store import cases, elsewhere, plans, statements


@audited("issue-statement-link", Section.PLAN)
async def issue_link(uow: UnitOfWork, ref: str, body: LinkBody) -> LinkAnswer:
    """The address says nothing of the child; the code goes another way, to the person herself."""
    case = await cases.load(uow, ref, uow.viewer, to=Action.RECORD)
    demand_status(case, *IN_WORK, CaseStatus.CLOSED)
    most = settings().statement_days
    if body.valid_days > most:
        raise Malformed(
            "A link is not valid as long as that.", field="valid_days", allowed=[f"1 to {most}"]
        )
    key = await case_key(uow, ref)
    known = {str(action.id) for action, _ in await plans.actions_of(uow, case, key)}
    known |= {each.subject_id for each in await elsewhere.duties_of(uow, ref)}
    known |= {str(each.id) for each in await elsewhere.under_way_of(uow, ref)}
    if not known.issuperset(map(str, body.withheld)):
        raise Malformed(
            "This is no action, referral or meeting of the case.",
            field="withheld",
            allowed=sorted(known),
        )
    link = Link(
        id=uuid.uuid4(),  # random in all its bits: it stands in an address and is no key of an order
        case_ref=ref,
        language=body.language,
        for_whom=body.for_whom,
        issued_at=uow.now,
        issued_by=uow.viewer.staff_id,
        expires_at=uow.now + timedelta(days=body.valid_days),
        withheld=frozenset(body.withheld),
    )
    code = statement.compose_code(secrets.choice)
    await statements.add(uow, link, key, code, body.contact.strip())
    codes = {"link_id": str(link.id), "for": link.for_whom.value, "language": link.language.value}
    await happening.happened(uow, case, "statement-link.issued", Section.CONTACTS, codes=codes)
    address = f"{settings().statement_url.rstrip('/')}/statement/{link.id}"
    return LinkAnswer(link_id=str(link.id), url=address, code=code, expires_at=link.expires_at)


@audited("revoke-statement-link", Section.PLAN)
async def revoke_link(uow: UnitOfWork, ref: str, link_id: UUID) -> None:
    """Whoever holds it sees nothing from now on."""
    case = await cases.load(uow, ref, uow.viewer, to=Action.RECORD)
    before = await statements.one(uow, case, link_id)
    link = statement.revoke(before, uow.now)
    if link != before:
        await statements.save(uow, link)
        codes = {"link_id": str(link.id)}
        await happening.happened(uow, case, "statement-link.revoked", Section.CONTACTS, codes=codes)


@audited("answer-feedback", Section.CONTACTS)
async def answer_feedback(
    uow: UnitOfWork, ref: str, feedback_id: UUID, body: FeedbackAnswerBody
) -> None:
    """The family reads it on its page; a complaint is answered by the supervisor."""
    case = await cases.load(uow, ref, uow.viewer, to=Action.RECORD)
    key = await case_key(uow, ref)
    said = [each for each in await statements.feedback_of(uow, case, key) if each.id == feedback_id]
    if not said:
        raise Missing
    statement.demand_may_answer(
        said[0].kind,
        said[0].answered_at is not None,
        by=uow.viewer.staff_id,
        caseworker_id=case.caseworker_id or "",
    )
    await statements.answer(uow, case, key, feedback_id, body.words)
    subject = (SubjectType.ACTION, str(feedback_id))
    await happening.happened(uow, case, "feedback.answered", Section.CONTACTS, subject=subject)
