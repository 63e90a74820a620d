"""Every version of a plan, and what changed from one to another. Source: practice.md, step 4."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from domain import plan_differences, planning, unmet_needs
from domain.case import Case
from domain.errors import Missing
from domain.plan_differences import ActionText, FollowUpText, PlanText, rhythm_told
from domain.planning import Action, ActionState
from domain.vocabulary import Section
from infrastructure.unit_of_work import UnitOfWork
from services.cases.queries.filing import zone_of
from services.cases.queries.sections import case_seen
from services.cases.schemas.plan import ActionView, FollowUpView
from services.cases.schemas.plan_versions import (
    DifferenceView,
    PlanDifferences,
    PlanVersionItem,
    PlanVersionList,
    PlanVersionView,
)
from services.cases.schemas.progress import AgreedMeasure
from services.cases.store import measures, narratives, needs, plan_texts, plans, testimonies
from services.cases.store.narratives import Narrative
from services.cases.store.plan_texts import Measured

_READ = "read-plan-versions"


async def all_of(uow: UnitOfWork, typed: str) -> PlanVersionList:
    """Oldest first; none before there is a plan. Raises Missing, and Hidden alike."""
    case = await case_seen(uow, typed, _READ, Section.PLAN)
    told = await plan_texts.all_of(uow, case, await narratives.key_of(uow, case))
    items = []
    for version, text in sorted(told.items()):
        actions = [each for each, _ in await plans.actions_of(uow, case, None, version)]
        items.append(PlanVersionItem(**_item(case, version, text, actions)))
    return PlanVersionList(items=items)


async def one(uow: UnitOfWork, typed: str, version: int) -> PlanVersionView:
    """As it was agreed, and what became of its actions; raises Missing, and Hidden alike."""
    case = await case_seen(uow, typed, _READ, Section.PLAN)
    key = await narratives.key_of(uow, case)
    text = _of(await plan_texts.all_of(uow, case, key), version)
    actions = await plans.actions_of(uow, case, key, version)
    words = plan_texts.measures_in(text)
    return PlanVersionView(
        **_item(case, version, text, [each for each, _ in actions]),
        content=text.content,
        measures=[
            AgreedMeasure(measure_id=str(each.id), text=plan_texts.text_of(words[each.place]))
            for each in await measures.of_version(uow, case, version)
            if words
        ],
        planned=[ActionView.of(each, title) for each, title in actions],
        follow_ups=[FollowUpView.of(each) for each in await plans.tracks_of(uow, case, version)],
    )


async def differences(uow: UnitOfWork, typed: str, before: int, after: int) -> PlanDifferences:
    """Raises Missing for a version that never was or can be read no more, and Hidden alike."""
    case = await case_seen(uow, typed, _READ, Section.PLAN)
    key = await narratives.key_of(uow, case)
    told, zone = await plan_texts.all_of(uow, case, key), await zone_of(uow, case)
    # A viewer who does not see assessments reads `need-1` where others read the need.
    found = await narratives.all_of(uow, case, uow.viewer, key, (testimonies.ASSESSMENT,))
    was, becomes = [
        _text(each, _of(told, each), found, await plans.actions_of(uow, case, None, each))
        for each in (before, after)
    ]
    noted = unmet_needs.became(await needs.all_of(uow, case))
    unmet = {_unmet(need, area): met_at for (need, area), met_at in noted.items()}
    return PlanDifferences(
        before=before,
        after=after,
        zone=zone,
        items=[
            DifferenceView(
                part=each.part,
                change=each.change,
                what=each.what,
                before=dict(each.before),
                after=dict(each.after),
                sentence=each.sentence,
            )
            for each in plan_differences.differences(was, becomes, zone, unmet)
        ],
    )


def _of(told: Mapping[int, Narrative], version: int) -> Narrative:
    if version not in told:
        raise Missing
    return told[version]


def _item(case: Case, version: int, text: Narrative, actions: Sequence[Action]) -> dict[str, Any]:
    return {
        "version": version,
        "agreed_at": text.recorded_at,
        "agreed_by": text.recorded_by,
        "is_current": version == case.plan_version,
        "actions": len(actions),
        "completed": sum(each.state is ActionState.COMPLETED for each in actions),
    }


def _text(
    version: int,
    plan: Narrative,
    assessments: Sequence[Narrative],
    actions: Sequence[tuple[Action, str | None]],
) -> PlanText:
    """`actions` as the version lists them, with what became of each."""
    content = plan.content
    if content is None:
        raise Missing
    words = _found_by(assessments, plan.recorded_at)
    goal = content["goal"]
    return PlanText(
        version=version,
        goal={name: goal[name] for name in (*planning.SMART, "time_bound")},
        measures=tuple(_measure(each) for each in goal["measures"]),
        actions=tuple(
            ActionText(
                title=each["title"],
                responsible=each["responsible"],
                due=datetime.fromisoformat(each["due"]),
                answers=tuple(words.get(key, key) for key in each["answers"]),
                done_at=action.done_at if action.state is ActionState.COMPLETED else None,
            )
            for each, (action, _) in zip(content["actions"], actions, strict=True)
        ),
        follow_ups=tuple(
            FollowUpText(
                each["with"],
                each["method"],
                tuple(rhythm_told(one["every"], one["until"]) for one in each["rhythm"]),
            )
            for each in content["follow_ups"]
        ),
        unmet_needs=tuple(
            _unmet(each["need"], each["area"]) for each in content.get("unmet_needs", ())
        ),
        strengths=tuple(content["strengths"]),
        agreed_with=tuple(content["agreed_with"]),
    )


def _found_by(assessments: Sequence[Narrative], at: datetime) -> dict[str, str]:
    """What `need-1`, `risk-1` and `cause-1` meant when the plan was agreed."""
    before = [each.content for each in assessments if each.recorded_at <= at and each.content]
    if not before:
        return {}
    latest = before[-1]
    return {
        f"{kind}-{number}": text
        for kind in ("need", "risk", "cause")
        for number, text in enumerate(latest.get(f"{kind}s", ()), start=1)
    }


def _measure(measure: Measured) -> str:
    """`Nights at home (from 2 to 7 nights a week, by 2026-09-16)`."""
    if isinstance(measure, str):
        return measure
    target = plan_texts.target_of(measure)
    told = [f"from {target.baseline:g} to {target.target:g} {measure['unit']}"] if target else []
    told += [f"by {measure['by']}"] if measure["by"] else []
    return f"{measure['text']} ({', '.join(told)})" if told else str(measure["text"])


def _unmet(need: str, area: str) -> str:
    return f"{need} in {area}"
