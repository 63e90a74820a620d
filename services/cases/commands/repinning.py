"""A case goes over to another policy pack, or to another version of its own. Source: design.md, Policy packs."""

from contracts.events.cases import CaseRepinned
from domain import repinning as rules
from domain.case import Case
from domain.disclosure import Action
from domain.policy import Pack
from domain.repinning import Move
from domain.vocabulary import Section
from infrastructure import deadlines, repinned_deadlines
from infrastructure.ids import new_id
from infrastructure.unit_of_work import UnitOfWork
from services.cases.commands.audited import audited
from services.cases.commands.practice import named_pack
from services.cases.schemas.policy import MoveView, PolicyAnswer, PolicyBody
from services.cases.store import cases, facts, narratives
from services.cases.store.facts import FactRow


@audited("move-case-to-policy", Section.REFERENCE)
async def repin_case(uow: UnitOfWork, ref: str, body: PolicyBody) -> PolicyAnswer:
    """Open duties reckoned anew from their own anchors; raises PolicyUnchanged, PolicyLeavesNoDuty, Malformed."""
    before = await cases.load(uow, ref, uow.viewer, to=Action.REPIN)
    case, found = await repin(uow, before, await named_pack(uow, body.policy, before))
    told = {"before": before.policy, "policy": case.policy, "reason": body.reason}
    await narratives.add(uow, case, Section.PLAN, "policy-change", ref, new_id(), told)
    return _answer(before, case, found)


@audited("preview-policy", Section.DEADLINES)
async def preview(uow: UnitOfWork, ref: str, policy: str) -> PolicyAnswer:
    """What repinning would change, refused as it would be; nothing is recorded but that somebody asked."""
    before = await cases.load(uow, ref, uow.viewer, to=Action.REPIN, lock=False)
    case = rules.repin(before, await named_pack(uow, policy, before))
    found = await repinned_deadlines.moves(
        uow, ref, before.policy, case.policy, case.risk, new_id()
    )
    # Ids of deadlines that were never set would mean nothing.
    rules.demand_duties_left(await deadlines.open_for(uow, ref), found)
    answer = _answer(before, case, found)
    for each in answer.moves:
        each.successor_id = None
    return answer


async def repin(uow: UnitOfWork, before: Case, pack: Pack) -> tuple[Case, tuple[Move, ...]]:
    """The case under the pack, saved and said; the caller has settled who may."""
    case = rules.repin(before, pack)
    await cases.save(uow, case)
    because = new_id()
    standing = await deadlines.open_for(uow, case.ref)
    found = await repinned_deadlines.move(
        uow, case.ref, before.policy, case.policy, case.risk, because, uow.now
    )
    rules.demand_duties_left(standing, found)
    said = CaseRepinned(
        case_ref=case.ref, at=uow.now, before=before.policy, policy=case.policy, moved=len(found)
    )
    line = FactRow(
        id=because,
        name=rules.REPINNED,
        section=Section.REFERENCE.value,
        at=uow.now,
        recorded_at=uow.now,
        recorded_by=uow.viewer.staff_id,
        subject_type="case",
        subject_id=case.ref,
        codes=said.model_dump(mode="json", exclude={"case_ref", "at"}),
    )
    await facts.add(uow, case.ref, [line])
    uow.emit(said, because)
    return case, found


def _answer(before: Case, case: Case, found: tuple[Move, ...]) -> PolicyAnswer:
    return PolicyAnswer(
        case_ref=case.ref,
        before=before.policy,
        policy=case.policy,
        moves=[MoveView.of(move) for move in found],
    )
