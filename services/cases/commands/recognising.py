"""As whom a child may be known already, and why it seems so: the returns that registration must see.

A caseworker who may not see the other case learns its agency, so that its leaders can be asked; somebody
who only refers learns of no case but those she may see. Source: practice.md, section 2.
"""

from datetime import datetime

from domain import disclosure
from domain.case import Case
from domain.disclosure import Action, Viewer
from domain.likeness import Described, in_order
from domain.vocabulary import Relation, Section
from infrastructure.crypto import CaseKey
from infrastructure.unit_of_work import UnitOfWork
from services.cases.schemas.likeness import LikelySame, LikelySameList, SameChildDecision
from services.cases.schemas.registration import Child
from services.cases.store import cases, narratives
from services.cases.store import likeness as store
from services.cases.store.likeness import Like


def described(child: Child, at: datetime) -> Described:
    return Described(child.name, child.age, child.gender, child.location, at)


async def likely_same(uow: UnitOfWork, case: Case, child: Described) -> list[LikelySame]:
    """Likest first; what people found to be another child is left out. Each case shown is audited."""
    found = {
        ref: like
        for ref, like in (await store.like(uow, case.ref, child)).items()
        if like.same is not False
    }
    known = [ref for ref, like in found.items() if _may_know(uow.viewer, like)]
    shown = [
        await _shown(uow, found[ref])
        for ref in in_order({ref: found[ref].because for ref in known})
    ]
    if not disclosure.may(uow.viewer, case.custody, Action.REGISTER):
        return shown
    elsewhere = sorted(found.keys() - set(known))
    for ref in elsewhere:
        uow.audit("hinted-as-likely-same", ref)
    agencies = sorted({found[ref].custody.agency_id for ref in elsewhere})
    return shown + [LikelySame(agency_id=agency, ask_a_leader=True) for agency in agencies]


async def of_case(uow: UnitOfWork, case: Case, key: CaseKey | None) -> list[LikelySame]:
    """For a case on record; nothing is found any more once the child's key is destroyed."""
    _, sealed = await cases.read(uow, case.ref, uow.viewer)
    told = narratives.opened(key, case.ref, "identity", sealed.identity)
    if told is None:
        return []
    return await likely_same(uow, case, described(Child.model_validate(told), case.identified_at))


async def of(uow: UnitOfWork, case: Case) -> LikelySameList:
    """Load the case with its viewer before."""
    key = await narratives.key_of(uow, case)
    taken = [
        each
        for each in await narratives.all_of(uow, case, uow.viewer, key)
        if each.kind == store.DECISION
    ]
    codes = await store.decisions_of(uow, case.ref)
    return LikelySameList(
        items=await of_case(uow, case, key),
        decisions=[
            SameChildDecision(
                other_ref=each.subject_id,
                same=codes[each.id],
                decided_by=each.recorded_by,
                decided_at=each.recorded_at,
                note=each.content["note"] if each.content else None,
            )
            for each in taken
        ],
    )


def _may_know(viewer: Viewer, like: Like) -> bool:
    """To be told which case a described child is, is to learn whose case it is."""
    if Relation.REFERRER in disclosure.relations(viewer, like.custody):
        return True
    return Section.IDENTITY in disclosure.visible_sections(viewer, like.custody)


async def _shown(uow: UnitOfWork, like: Like) -> LikelySame:
    seen = disclosure.visible_sections(uow.viewer, like.custody)
    uow.audit("shown-as-likely-same", like.ref, Section.IDENTITY)
    view = LikelySame(
        case_ref=like.ref,
        agency_id=like.custody.agency_id,
        because=[str(sign) for sign in like.because],
        status=like.status,
        same=like.same,
    )
    if Section.IDENTITY not in seen:
        return view
    view.closed_at, view.times_returned = like.closed_at, like.times_reopened
    view.closure_ground = like.ground
    if Section.CLOSURE in seen and like.closure_id is not None:
        view.closure_reasons = await store.closure_reasons(uow, like.ref, like.closure_id)
        uow.audit("shown-as-likely-same", like.ref, Section.CLOSURE)
    return view
