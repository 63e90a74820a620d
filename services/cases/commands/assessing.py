"""The initial and the comprehensive assessment, and the risk they set. Source: practice.md, steps 2 and 3."""

from contracts.events.cases import (
    ComprehensiveAssessmentRecorded,
    InitialAssessmentRecorded,
    RiskChanged,
)
from domain import assessment, follow_up
from domain.assessment import Findings, SafetyPlan
from domain.case import Case, change_risk, numbered
from domain.deadlines import is_rise
from domain.disclosure import Action as Wish
from domain.planning import Action, ActionKind
from domain.vocabulary import Bearer, Risk, Section, SubjectType
from infrastructure.ids import new_id
from infrastructure.unit_of_work import UnitOfWork
from services.cases.commands import asking, happening
from services.cases.commands.audited import audited
from services.cases.commands.practice import practice_of_case
from services.cases.schemas.assessment import (
    ActionDue,
    ComprehensiveAssessmentAnswer,
    ComprehensiveAssessmentBody,
    InitialAssessmentAnswer,
    InitialAssessmentBody,
    RiskAnswer,
    RiskBody,
)
from services.cases.schemas.questions import QuestionBody
from services.cases.store import cases, narratives, plans, testimonies

_TEST_TITLE = "Test of the safety plan"


@audited("record-initial-assessment", Section.ASSESSMENT)
async def record_initial(
    uow: UnitOfWork, ref: str, body: InitialAssessmentBody
) -> InitialAssessmentAnswer:
    before = await cases.load(uow, ref, uow.viewer, to=Wish.RECORD)
    plan = body.safety_plan
    case = assessment.assess_initially(
        before,
        body.risk,
        body.stays_at_home,
        SafetyPlan(len(plan.measures), plan.tested_by) if plan else None,
        [urgent.due for urgent in body.urgent_actions],
        uow.now,
    )
    assessment_id, (agreed, titles) = new_id(), _urgent(body)
    await cases.save(uow, case)
    await plans.add_actions(uow, case, agreed, titles)
    told = body.model_dump(mode="json")
    await narratives.add(
        uow, case, Section.ASSESSMENT, "initial-assessment", str(assessment_id), assessment_id, told
    )
    recorded = InitialAssessmentRecorded(case_ref=ref, at=uow.now, risk=case.risk)
    await happening.happened(uow, case, recorded, Section.ASSESSMENT)
    await risk_changed(uow, before.risk, case)
    await actions_agreed(uow, case, agreed, "urgent-action.agreed")
    return InitialAssessmentAnswer(
        assessment_id=str(assessment_id),
        status=case.status,
        risk=case.risk,
        actions=[
            ActionDue(
                action_id=str(each.id),
                kind=each.kind,
                responsible=each.responsible,
                due_at=each.due_at,
            )
            for each in agreed
        ],
        deadlines=await happening.open_deadlines(uow, case),
    )


@audited("record-comprehensive-assessment", Section.ASSESSMENT)
async def record_comprehensive(
    uow: UnitOfWork, ref: str, body: ComprehensiveAssessmentBody
) -> ComprehensiveAssessmentAnswer:
    before = await cases.load(uow, ref, uow.viewer, to=Wish.RECORD)
    assessment.demand_complete(
        body.stages.model_dump(), body.elements.model_dump(), body.child_participated, body.why_not
    )
    found = Findings(len(body.needs), len(body.risks), len(body.causes))
    case = assessment.assess_comprehensively(before, found, uow.now)
    assessment_id = new_id()
    await cases.save(uow, case)
    # Each open question is a record of its own, and would stand here a second time.
    told = body.model_dump(mode="json", exclude={"open_questions"})
    await narratives.add(
        uow,
        case,
        Section.ASSESSMENT,
        "comprehensive-assessment",
        str(assessment_id),
        assessment_id,
        told,
    )
    recorded = ComprehensiveAssessmentRecorded(
        case_ref=ref, at=uow.now, needs=found.needs, open_questions=len(body.open_questions)
    )
    await happening.happened(uow, case, recorded, Section.ASSESSMENT)
    asked = await asking.ask(uow, case, _asked(body))
    return ComprehensiveAssessmentAnswer(
        assessment_id=str(assessment_id),
        status=case.status,
        needs=list(numbered("need", case.needs)),
        risks=list(numbered("risk", case.risks)),
        causes=list(numbered("cause", case.causes)),
        statements=[
            str(testimonies.statement_id(assessment_id, place))
            for place in range(len(body.statements))
        ],
        questions=[str(each.id) for each in asked],
        deadlines=await happening.open_deadlines(uow, case),
    )


@audited("change-risk", Section.ASSESSMENT)
async def set_risk(uow: UnitOfWork, ref: str, body: RiskBody) -> RiskAnswer:
    before = await cases.load(uow, ref, uow.viewer, to=Wish.RECORD)
    case = change_risk(before, body.risk)
    await cases.save(uow, case)
    told_id = new_id()
    told = {"reason": body.reason, "risk": body.risk.value}
    await narratives.add(uow, case, Section.ASSESSMENT, "risk-change", ref, told_id, told)
    await risk_changed(uow, before.risk, case)
    return RiskAnswer(
        case_ref=ref, risk=case.risk, deadlines=await happening.open_deadlines(uow, case)
    )


async def risk_changed(uow: UnitOfWork, before: Risk, case: Case) -> None:
    """Says so when it did; a higher risk quickens the follow-ups that have no rhythm of their own."""
    if before is case.risk:
        return
    changed = RiskChanged(case_ref=case.ref, at=uow.now, before=before, after=case.risk)
    await happening.happened(uow, case, changed, Section.ASSESSMENT)
    if is_rise(before, case.risk) and case.plan_version:
        await _quicken(uow, case)


async def actions_agreed(uow: UnitOfWork, case: Case, agreed: list[Action], fact: str) -> None:
    for action in agreed:
        await happening.happened(
            uow,
            case,
            fact,
            Section.PLAN,
            subject=(SubjectType.ACTION, str(action.id)),
            agreed_due=action.due_at,
            codes={"kind": action.kind.value, "responsible": action.responsible.value},
        )


async def _quicken(uow: UnitOfWork, case: Case) -> None:
    practice = await practice_of_case(uow, case)
    for track in await plans.tracks_of(uow, case):
        quickened = follow_up.quicken(track, practice.pack, case.risk, uow.now, practice.zone)
        if quickened == track:
            continue
        await plans.save_track(uow, quickened)
        await happening.happened(
            uow,
            case,
            follow_up.QUICKENED,
            Section.CONTACTS,
            subject=(SubjectType.FOLLOW_UP, str(track.id)),
            agreed_due=quickened.next_due,
            codes=follow_up.dated_by(track.rhythm),
        )


def _asked(body: ComprehensiveAssessmentBody) -> list[asking.Asked]:
    """Each open question; one in plain words names nobody and no date."""
    return [
        (QuestionBody(question=each) if isinstance(each, str) else each, f"open_questions.{place}.")
        for place, each in enumerate(body.open_questions)
    ]


def _urgent(body: InitialAssessmentBody) -> tuple[list[Action], list[str]]:
    """The urgent actions, and the test of the safety plan: each becomes a duty with its date."""
    actions = [
        Action(new_id(), ActionKind.URGENT, each.responsible, each.due)
        for each in body.urgent_actions
    ]
    titles = [each.title for each in body.urgent_actions]
    if body.safety_plan is not None:
        test, due = ActionKind.SAFETY_PLAN_TEST, body.safety_plan.tested_by
        actions.append(Action(new_id(), test, Bearer.CASEWORKER, due))
        titles.append(_TEST_TITLE)
    return actions, titles
