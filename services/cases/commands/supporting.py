"""Recording support given in person. Source: practice.md, step 5."""

from uuid import UUID

from contracts.events.cases import SupportRecorded
from domain import supporting
from domain.case import Case
from domain.cross_reference import Named
from domain.disclosure import Action
from domain.errors import Malformed, Missing
from domain.supporting import Support
from domain.vocabulary import Section, SubjectType
from infrastructure.ids import new_id
from infrastructure.unit_of_work import UnitOfWork
from services.cases.commands import happening
from services.cases.commands.audited import audited
from services.cases.commands.naming import demand_named
from services.cases.schemas.support import SupportBody, SupportView
from services.cases.store import cases, narratives, plans, supports

_TELLS = frozenset({"with_whom", "where_to", "toward_whom", "agency_id", "referral_id"})


@audited("record-support", Section.CONTACTS)
async def record_support(uow: UnitOfWork, ref: str, body: SupportBody) -> SupportView:
    """On the record with what was done; it meets no duty by itself."""
    case = await cases.load(uow, ref, uow.viewer, to=Action.RECORD)
    told = {part for part in _TELLS if getattr(body, part)}
    support = supporting.record(case, _support(body), told, uow.now)
    if support.action_id is not None:
        await _demand_action(uow, case, support.action_id)
    await demand_named(uow, case, support.referral_id, Named.REFERRAL, "referral_id")
    await supports.add(uow, case, support)
    words = body.model_dump(mode="json", exclude_none=True)
    await narratives.add(
        uow, case, Section.CONTACTS, supports.TOLD, str(support.id), support.id, words
    )
    said = SupportRecorded(
        case_ref=ref,
        at=uow.now,
        support_id=support.id,
        kind=support.kind.value,
        occurred_at=support.occurred_at,
    )
    subject = (SubjectType.ACTION, str(support.id))
    await happening.happened(
        uow, case, said, Section.CONTACTS, subject=subject, at=support.occurred_at
    )
    return SupportView.model_validate(
        {
            **words,
            "support_id": str(support.id),
            "recorded_at": uow.now,
            "recorded_by": uow.viewer.staff_id,
        }
    )


async def _demand_action(uow: UnitOfWork, case: Case, action_id: UUID) -> None:
    """What it carries out is an action of this case; raises Malformed."""
    try:
        await plans.action(uow, case, action_id)
    except Missing:
        known = [str(each.id) for each, _ in await plans.actions_of(uow, case, None)]
        raise Malformed("This case has no such action.", field="action_id", allowed=known) from None


def _support(body: SupportBody) -> Support:
    return Support(
        id=new_id(),
        kind=body.kind,
        occurred_at=body.occurred_at,
        with_whom=tuple(dict.fromkeys(body.with_whom)),
        agency_id=body.agency_id,
        action_id=body.action_id,
        referral_id=body.referral_id,
    )
