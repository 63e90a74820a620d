"""Needs that no service meets, noted with a plan or later, and met after all. Source: practice.md, section 2."""

from collections.abc import Sequence
from uuid import UUID

from contracts.events.cases import PlanNeedMet, PlanNeedUnmet
from domain import unmet_needs
from domain.case import Case
from domain.cross_reference import Named
from domain.disclosure import Action
from domain.unmet_needs import UnmetNeed
from domain.vocabulary import Section, SubjectType
from infrastructure.ids import new_id
from infrastructure.unit_of_work import UnitOfWork
from services.cases.commands import happening
from services.cases.commands.audited import audited
from services.cases.commands.naming import demand_named
from services.cases.schemas.needs import NeedMetBody, UnmetNeedBody, UnmetNeedView
from services.cases.store import cases, narratives, needs


@audited("note-unmet-need", Section.PLAN)
async def note_unmet_need(uow: UnitOfWork, ref: str, body: UnmetNeedBody) -> UnmetNeedView:
    """Counted from now on, until a service is found."""
    case = await cases.load(uow, ref, uow.viewer, to=Action.RECORD)
    noted = unmet_needs.note(case, _need(uow, case, body), await needs.all_of(uow, case))
    await _note(uow, case, noted, body)
    return UnmetNeedView.of(noted, body.note)


@audited("meet-unmet-need", Section.PLAN)
async def meet_need(uow: UnitOfWork, ref: str, need_id: UUID, body: NeedMetBody) -> UnmetNeedView:
    case = await cases.load(uow, ref, uow.viewer, to=Action.RECORD)
    before = await needs.one(uow, case, need_id)
    met = unmet_needs.meet(case, before, uow.viewer.staff_id, body.referral_id, uow.now)
    await demand_named(uow, case, met.referral_id, Named.REFERRAL, "referral_id")
    await needs.save_met(uow, met)
    if body.note:
        await _tell(uow, case, "unmet-need-met", met, body.note)
    said = PlanNeedMet(case_ref=ref, at=uow.now, need_id=met.id)
    await happening.happened(uow, case, said, Section.PLAN, subject=_subject(met))
    return UnmetNeedView.of(met, None)


async def note_of_plan(
    uow: UnitOfWork, case: Case, said: Sequence[UnmetNeedBody]
) -> list[UnmetNeedView]:
    """What a plan leaves unmet; a need that was noted before and is still unmet stays the same one."""
    if not said:
        return []
    found, known = [], await needs.all_of(uow, case)
    for body in said:
        need = unmet_needs.standing(known, body.need, body.area)
        if need is None:
            need = unmet_needs.note(case, _need(uow, case, body), known)
            await _note(uow, case, need, body)
            known.append(need)
        found.append(UnmetNeedView.of(need, body.note))
    return found


async def _note(uow: UnitOfWork, case: Case, need: UnmetNeed, body: UnmetNeedBody) -> None:
    await needs.add(uow, case, need)
    await _tell(uow, case, "unmet-need", need, body.note)
    said = PlanNeedUnmet(
        case_ref=case.ref, at=uow.now, need_id=need.id, need=need.need, area=need.area
    )
    await happening.happened(uow, case, said, Section.PLAN, subject=_subject(need))


async def _tell(uow: UnitOfWork, case: Case, kind: str, need: UnmetNeed, note: str) -> None:
    told = {"need": need.need, "area": need.area, "note": note}
    await narratives.add(uow, case, Section.PLAN, kind, str(need.id), new_id(), told)


def _need(uow: UnitOfWork, case: Case, body: UnmetNeedBody) -> UnmetNeed:
    by = uow.viewer.staff_id
    return UnmetNeed(new_id(), body.need, body.area, case.plan_version, uow.now, by)


def _subject(need: UnmetNeed) -> happening.Subject:
    return (SubjectType.ACTION, str(need.id))
