"""Agreeing on a plan, and carrying out its actions. Source: practice.md, steps 4 and 5."""

from collections.abc import Sequence
from uuid import UUID

from contracts.events.cases import ActionCompleted, PlanAgreed
from domain import disclosure, follow_up, planning, planning_meeting
from domain.case import Case, demand_in_work
from domain.consent import Needed
from domain.disclosure import Action as Wish
from domain.follow_up import Track
from domain.planning import Action, ActionKind, Agreement, Goal
from domain.vocabulary import Section, SubjectType
from infrastructure.ids import new_id
from infrastructure.unit_of_work import UnitOfWork
from services.cases.commands import agreeing_parts, happening
from services.cases.commands.assessing import actions_agreed
from services.cases.commands.audited import audited
from services.cases.commands.practice import Practice, practice_of_case
from services.cases.schemas.plan import (
    ActionView,
    CompletionBody,
    FollowUpBody,
    FollowUpView,
    PlanAnswer,
    PlanBody,
    StartBody,
)
from services.cases.store import cases, consents, narratives, plans


@audited("agree-plan", Section.PLAN)
async def agree_plan(uow: UnitOfWork, ref: str, body: PlanBody) -> PlanAnswer:
    """A new version; what the one before had still open is replaced."""
    before = await cases.load(uow, ref, uow.viewer, to=Wish.RECORD)
    practice = await practice_of_case(uow, before)
    actions = _actions(body)
    tracks = [
        _track(uow, before, practice, each, f"follow_ups.{number}.rhythm")
        for number, each in enumerate(body.follow_ups)
    ]
    case = planning.agree(
        before, _goal(body), actions, tracks, _agreement(body), uow.now, practice.today(uow)
    )
    agreeing_parts.demand_sound(case, body, uow.now, practice.today(uow))
    await cases.save(uow, case)
    measures = await agreeing_parts.keep_measures(uow, case, body)
    await _keep(uow, case, body, actions, tracks)
    await _say(uow, case, actions, tracks, body.follow_ups)
    unmet = await agreeing_parts.say(uow, case, body, measures, practice.zone)
    return PlanAnswer(
        plan_version=case.plan_version,
        status=case.status,
        unanswered=list(planning.unanswered(case, actions)),
        untouched_causes=list(planning.untouched(case, actions)),
        measures=agreeing_parts.answers(body, measures),
        unmet_needs=unmet,
        actions=[
            ActionView.of(action, said.title)
            for action, said in zip(actions, body.actions, strict=True)
        ],
        follow_ups=[FollowUpView.of(track) for track in tracks],
        deadlines=await happening.open_deadlines(uow, case),
    )


@audited("start-action", Section.PLAN)
async def start_action(uow: UnitOfWork, ref: str, action_id: UUID, body: StartBody) -> ActionView:
    case = await cases.load(uow, ref, uow.viewer, to=Wish.RECORD)
    demand_in_work(case)
    action = await plans.action(uow, case, action_id)
    started = planning.start(action, await consents.all_of(uow, case), uow.now)
    await plans.save_action(uow, started)
    if body.note:
        await _note(uow, case, "action-start", action_id, body.note)
    subject = (SubjectType.ACTION, str(action_id))
    await happening.happened(uow, case, "action.started", Section.PLAN, subject=subject)
    return await _view(uow, case, started)


@audited("complete-action", Section.PLAN)
async def complete_action(
    uow: UnitOfWork, ref: str, action_id: UUID, body: CompletionBody
) -> ActionView:
    case = await cases.load(uow, ref, uow.viewer, to=Wish.RECORD)
    demand_in_work(case)
    action = await plans.action(uow, case, action_id)
    done_at = body.done_at or uow.now
    done = planning.complete(action, await consents.all_of(uow, case), done_at, uow.now)
    await plans.save_action(uow, done)
    await _note(uow, case, "action-completion", action_id, body.note)
    completed = ActionCompleted(case_ref=ref, at=uow.now, action_id=action_id, done_at=done_at)
    subject = (SubjectType.ACTION, str(action_id))
    await happening.happened(uow, case, completed, Section.PLAN, subject=subject, at=done_at)
    return await _view(uow, case, done)


async def _keep(
    uow: UnitOfWork, case: Case, body: PlanBody, actions: list[Action], tracks: list[Track]
) -> None:
    if case.plan_version > 1:
        await plans.replace_plan(uow, case)
    await plans.add_actions(uow, case, actions, [said.title for said in body.actions])
    await plans.add_tracks(uow, case, tracks)
    told = body.model_dump(mode="json", by_alias=True)
    await narratives.add(uow, case, Section.PLAN, "plan", str(case.plan_version), new_id(), told)


async def _say(
    uow: UnitOfWork,
    case: Case,
    actions: list[Action],
    tracks: Sequence[Track],
    asked: Sequence[FollowUpBody],
) -> None:
    """The old plan's duties end before the new ones begin."""
    if case.plan_version > 1:
        await happening.happened(uow, case, "plan.replaced", Section.PLAN)
    await happening.happened(uow, case, _agreed(uow, case, actions), Section.PLAN)
    await actions_agreed(uow, case, actions, "action.agreed")
    for track, said in zip(tracks, asked, strict=True):
        proposed = {} if said.first_due else follow_up.dated_by(track.rhythm)
        await happening.happened(
            uow,
            case,
            "follow-up.agreed",
            Section.PLAN,
            subject=(SubjectType.FOLLOW_UP, str(track.id)),
            agreed_due=track.next_due,
            codes={"with": track.with_whom.value, "method": track.method.value} | proposed,
        )


async def _view(uow: UnitOfWork, case: Case, action: Action) -> ActionView:
    """With its title, for those who may see the plan."""
    if Section.PLAN not in disclosure.visible_sections(uow.viewer, case.custody):
        return ActionView.of(action)
    key = await narratives.key_of(uow, case)
    return ActionView.of(action, await plans.title_of(uow, case, key, action.id))


def _agreed(uow: UnitOfWork, case: Case, actions: Sequence[Action]) -> PlanAgreed:
    return PlanAgreed(
        case_ref=case.ref,
        at=uow.now,
        agency_id=case.agency_id,
        team_id=case.team_id,
        caseworker_id=case.caseworker_id or "",
        supervisor_id=case.supervisor_id or "",
        policy=case.policy,
        plan_version=case.plan_version,
        actions=len(actions),
        risk=case.risk,
    )


async def _note(uow: UnitOfWork, case: Case, kind: str, action_id: UUID, note: str) -> None:
    await narratives.add(uow, case, Section.PLAN, kind, str(action_id), new_id(), {"note": note})


def _goal(body: PlanBody) -> Goal:
    parts = body.goal.model_dump(include=set(planning.SMART))
    return Goal(parts, body.goal.time_bound, agreeing_parts.texts(body))


def _agreement(body: PlanBody) -> Agreement:
    why_not = planning_meeting.reason_of_child(agreeing_parts.said_to(body))
    return Agreement(frozenset(body.agreed_with), body.child_not_included_because or why_not)


def _actions(body: PlanBody) -> list[Action]:
    return [
        Action(
            id=new_id(),
            kind=ActionKind.PLANNED,
            responsible=said.responsible,
            due_at=said.due,
            answers=tuple(dict.fromkeys(said.answers)),
            consents_needed=tuple(Needed(one.person, one.purpose) for one in said.consents_needed),
        )
        for said in body.actions
    ]


def _track(
    uow: UnitOfWork, case: Case, practice: Practice, said: FollowUpBody, field: str
) -> Track:
    rhythm = follow_up.read_rhythm([(piece.every, piece.until) for piece in said.rhythm], field)
    first = said.first_due or follow_up.next_due(
        rhythm, practice.pack, case.risk, uow.now, practice.zone
    )
    return Track(new_id(), said.with_whom, said.method, uow.now, first, rhythm)
