"""Puts what a meeting decided on the record: each decision with its owner and date, and its duty."""

from collections.abc import Sequence
from uuid import UUID

from contracts.events.reviews import DecisionCarriedOut, DecisionTaken
from domain import decisions as rules
from domain.chairing import Colleague
from domain.decisions import Decision, Taken, Undertaking
from domain.disclosure import Viewer
from domain.errors import Malformed
from domain.minutes import Minutes
from domain.quorum import demand_quorum
from domain.vocabulary import Role
from infrastructure import deadlines
from infrastructure.ids import new_id
from infrastructure.unit_of_work import UnitOfWork
from services.reviews.commands.directory import demand_at_work
from services.reviews.commands.facts import fact_about
from services.reviews.commands.gathering import Gathering
from services.reviews.schemas.decisions import CarriedOut, DecisionView
from services.reviews.store import colleagues, decisions, involvement


async def demand_attendance(uow: UnitOfWork, of: Gathering, recorded: Minutes) -> None:
    """Raises QuorumNotMet, AttendanceMissing, Malformed for somebody whom the directory does not know."""
    attended: Sequence[Colleague] | None = None
    if recorded.attended is not None:
        known = await demand_at_work(uow, recorded.attended, "attendance")
        attended = list(known.values())
    quorum = of.pack(uow).quorums.get(of.kind)
    demand_quorum(quorum, attended, of.chair_id, of.case.custody())


async def take_decisions(uow: UnitOfWork, of: Gathering, recorded: Minutes) -> tuple[Taken, ...]:
    """Those with an owner become duties, as the pack says. Raises Malformed for an unknown owner."""
    owners = await _owners(uow, recorded)
    taken = tuple(
        _taken(uow, of, recorded, decision, owners.get(decision.owner_id or ""))
        for decision in recorded.decisions
    )
    await decisions.add(uow, of.case.case_ref, taken)
    for each in taken:
        if each.undertaking.due_at is not None:
            await _owe(uow, of, each.undertaking)
    hands = [each for each in owners if each != of.chair_id]
    await involvement.add_hands(uow, of.case.case_ref, *hands)
    return taken


async def carry_out(
    uow: UnitOfWork, decision_id: UUID, body: CarriedOut, viewer: Viewer
) -> DecisionView:
    """By its owner or whoever led the meeting. Raises Hidden, DecisionCarriedOutAlready, Malformed."""
    taken, case = await decisions.load(uow, decision_id, viewer)
    done_at = body.done_at or uow.now
    done = rules.carry_out(taken.undertaking, viewer.staff_id, done_at, uow.now)
    await decisions.save(uow, done)
    uow.audit("decision.carried-out", case.case_ref)
    uow.emit(
        DecisionCarriedOut(
            case_ref=case.case_ref, at=uow.now, decision_id=decision_id, done_at=done_at
        )
    )
    await deadlines.follow(uow, fact_about(case, decision_id, "decision.carried-out", done_at))
    return DecisionView.of(Taken(done, taken.text, taken.taken_in, taken.chair_id))


async def _owners(uow: UnitOfWork, recorded: Minutes) -> dict[str, Colleague]:
    """A refusal lists whom the viewer knows of: her colleagues, and those who were there."""
    made = recorded.decisions
    people = await colleagues.at_work(uow, [each.owner_id for each in made if each.owner_id])
    for number, each in enumerate(made):
        owner = people.get(each.owner_id or "")
        if each.owner_id and (owner is None or each.owner not in owner.roles):
            raise Malformed(
                "The directory has nobody at work in this role by this id; listed are those of your agency and"
                " those who were there.",
                field=f"decisions.{number}.owner_id",
                allowed=await colleagues.own_at_work(uow, each.owner, recorded.attended or ()),
            )
    return people


def _taken(
    uow: UnitOfWork, of: Gathering, recorded: Minutes, decision: Decision, owner: Colleague | None
) -> Taken:
    pack = of.pack(uow)
    is_duty = rules.is_duty(decision, pack)
    undertaking = Undertaking(
        id=new_id(),
        case_ref=of.case.case_ref,
        owner=decision.owner,
        owner_id=decision.owner_id,
        owner_agency_id=owner.agency_id if owner else of.case.agency_id,
        due=decision.due,
        due_at=rules.due_at(decision.due, pack.calendar.zone) if is_duty else None,
        taken_at=recorded.held_at,
    )
    return Taken(undertaking, decision.text, of.id, of.chair_id)


async def _owe(uow: UnitOfWork, of: Gathering, made: Undertaking) -> None:
    case = of.case
    place = {Role.CASEWORKER: case.caseworker_id, Role.SUPERVISOR: case.supervisor_id}
    uow.emit(
        DecisionTaken(
            case_ref=case.case_ref,
            at=uow.now,
            decision_id=made.id,
            taken_in=of.id,
            owner_id=made.owner_id,
            owner=made.owner.value,
            owner_agency_id=made.owner_agency_id,
            due_at=made.due_at or made.taken_at,
        )
    )
    fact = fact_about(
        case,
        made.id,
        "decision.taken",
        made.taken_at,
        due_at=made.due_at,
        agency_id=made.owner_agency_id,
        bearer=made.owner,
        person=made.owner_id or place.get(made.owner),
    )
    await deadlines.follow(uow, fact)
