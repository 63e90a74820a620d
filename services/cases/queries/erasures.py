"""Requests to erase a record, for those who may ask for it or decide on it."""

from domain import disclosure, reference
from domain.disclosure import Action
from domain.errors import Hidden, Missing
from domain.vocabulary import Section
from infrastructure.unit_of_work import UnitOfWork
from services.cases.schemas.retention import ErasureList, ErasureView
from services.cases.store import cases, erasures


async def of_case(uow: UnitOfWork, typed: str) -> ErasureList:
    """In the order in which they were asked for; raises Missing, and Hidden alike."""
    ref = reference.read(typed)
    found = await cases.of_refs(uow, [ref])
    if not found:
        raise Missing
    case = found[0]
    if not any(
        disclosure.may(uow.viewer, case.custody, action)
        for action in (Action.ASK_ERASURE, Action.DECIDE_ERASURE)
    ):
        uow.audit("list-erasures", ref, Section.REFERENCE, outcome="hidden")
        raise Hidden
    uow.audit("list-erasures", ref, Section.REFERENCE)
    return ErasureList(items=[ErasureView.of(each) for each in await erasures.all_of(uow, case)])
