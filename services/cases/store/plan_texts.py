"""Each version of a plan as it was agreed, in its words. Load the case with its viewer before."""

from typing import Any

from domain.case import Case
from domain.goal_progress import Target, read_target
from infrastructure.crypto import CaseKey
from infrastructure.unit_of_work import UnitOfWork
from services.cases.store import narratives
from services.cases.store.narratives import Narrative

PLAN = "plan"
Measured = str | dict[str, Any]  # a measure in words, or with a date or a target


async def all_of(uow: UnitOfWork, case: Case, key: CaseKey | None) -> dict[int, Narrative]:
    """By version; their content is None once the child's key is destroyed."""
    told = await narratives.all_of(uow, case, uow.viewer, key, (PLAN,))
    return {int(each.subject_id): each for each in told}


def measures_in(plan: Narrative | None) -> list[Measured]:
    """In the order in which they were agreed; none of a plan that cannot be read."""
    if plan is None or plan.content is None:
        return []
    found: list[Measured] = plan.content["goal"]["measures"]
    return found


def text_of(measure: Measured) -> str:
    return measure if isinstance(measure, str) else str(measure["text"])


def target_of(measure: Measured, field: str = "") -> Target | None:
    """Raises MeasureIncomplete for half a target."""
    if isinstance(measure, str):
        return None
    return read_target(measure["baseline"], measure["target"], measure["unit"], field)
