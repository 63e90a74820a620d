"""What an assessment must hold before it counts, the first one and the comprehensive one.

Source: practice.md, steps 2 and 3.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from domain.case import Case, demand_known, demand_status
from domain.deadlines import is_rise
from domain.errors import Malformed
from domain.recording import demand_future
from domain.vocabulary import CaseStatus, Risk


class Stage(StrEnum):
    """How a comprehensive assessment is made."""

    PLANNING = "planning"
    GATHERING = "gathering"
    VERIFICATION = "verification"
    ANALYSIS = "analysis"


class Element(StrEnum):
    """The five elements of best interests."""

    CHILDS_VIEWS = "childs_views"
    FAMILY = "family_and_relationships"
    ENVIRONMENT = "safe_environment"
    DEVELOPMENT = "development_and_identity"
    STRENGTHS = "strengths_and_resources"


class SafetyPlanMissing(Malformed):
    """A child who stays at home at medium risk or higher needs a safety plan."""

    code = "safety-plan-missing"


class ElementMissing(Malformed):
    """Best interests are assessed in all their elements and stages."""

    code = "element-missing"


class ChildNotHeard(Malformed):
    """The child takes part in a way that suits age and wish, or the record says why not."""

    code = "child-not-heard"


class NothingFound(Malformed):
    """A comprehensive assessment ends with the needs or risks that a plan can answer."""

    code = "nothing-found"


@dataclass(frozen=True, slots=True)
class SafetyPlan:
    """As far as rules look at it: how many measures, and by when it is tested (UTC)."""

    measures: int
    tested_by: datetime


@dataclass(frozen=True, slots=True)
class Findings:
    """How many needs, risks and causes were found; their words are sealed elsewhere."""

    needs: int
    risks: int
    causes: int = 0


def assess_initially(
    case: Case,
    risk: Risk,
    stays_at_home: bool,
    safety_plan: SafetyPlan | None,
    urgent_due: Sequence[datetime],
    now: datetime,
) -> Case:
    """Sets the risk level and opens the way to the comprehensive assessment."""
    demand_status(case, CaseStatus.REGISTERED)
    demand_known(risk)
    if stays_at_home and not is_rise(risk, Risk.MEDIUM):
        _demand_safety_plan(safety_plan)
    if safety_plan is not None:
        demand_future(safety_plan.tested_by, now, "safety_plan.tested_by")
    for number, due in enumerate(urgent_due):
        demand_future(due, now, f"urgent_actions.{number}.due")
    return replace(case, status=CaseStatus.ASSESSING, risk=risk)


def assess_comprehensively(case: Case, found: Findings, now: datetime) -> Case:
    """The first one leads to planning; a later one, after a change, leaves an active case active."""
    demand_status(case, CaseStatus.ASSESSING, CaseStatus.PLANNING, CaseStatus.ACTIVE)
    if found.needs + found.risks == 0:
        raise NothingFound(field="needs")
    status = CaseStatus.ACTIVE if case.status is CaseStatus.ACTIVE else CaseStatus.PLANNING
    return replace(
        case,
        status=status,
        needs=found.needs,
        risks=found.risks,
        causes=found.causes,
        assessed_at=now,
    )


def demand_complete(
    stages: Mapping[str, str], elements: Mapping[str, str], child_participated: bool, why_not: str
) -> None:
    """Raises ElementMissing with the part that is not told, ChildNotHeard without a reason."""
    for stage in Stage:
        if not stages.get(stage, "").strip():
            raise ElementMissing(field=f"stages.{stage}", allowed=[str(each) for each in Stage])
    for element in Element:
        if not elements.get(element, "").strip():
            raise ElementMissing(
                field=f"elements.{element}", allowed=[str(each) for each in Element]
            )
    if not child_participated and not why_not.strip():
        raise ChildNotHeard(field="why_not")


def _demand_safety_plan(plan: SafetyPlan | None) -> None:
    if plan is None:
        raise SafetyPlanMissing(field="safety_plan")
    if plan.measures == 0:
        raise SafetyPlanMissing(
            "Say who does what to keep the child safe.", field="safety_plan.measures"
        )
