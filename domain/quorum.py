"""Who must have been at a meeting for its outcome to count; the numbers are the pack's.

Source: practice.md, step 6 (child, family, caseworker, supervisor, providers as fits).
"""

from collections.abc import Sequence

from domain.chairing import Colleague
from domain.disclosure import Custody
from domain.errors import Malformed, Refusal
from domain.policy import Quorum


class QuorumNotMet(Refusal):
    """Too few of those who must be there were there: the outcome would not count."""

    code = "quorum-not-met"


class AttendanceMissing(Malformed):
    """The practice asks who was there."""

    code = "attendance-missing"


def demand_quorum(
    quorum: Quorum | None,
    attended: Sequence[Colleague] | None,
    chair_id: str | None,
    custody: Custody,
) -> None:
    """`attended` None: not said, which a pack may allow. Raises QuorumNotMet with who is missing."""
    if quorum is None:
        return
    if attended is None:
        if quorum.attendance_needed:
            raise AttendanceMissing(field="attendance")
        return
    if missing := lacking(quorum, attended, chair_id, custody):
        raise QuorumNotMet(
            f"{QuorumNotMet.title()} Missing: {', '.join(missing)}.", field="attendance"
        )


def lacking(
    quorum: Quorum, attended: Sequence[Colleague], chair_id: str | None, custody: Custody
) -> list[str]:
    """Who is missing, in words; nobody: the quorum is met."""
    present = {each.staff_id for each in attended}
    agencies = {each.agency_id for each in attended}
    of_case = present & {custody.caseworker_id, custody.supervisor_id}
    missing = []
    if quorum.chair and chair_id not in present:
        missing.append("the chair")
    if len(of_case) < quorum.of_case:
        missing.append(f"{quorum.of_case - len(of_case)} of caseworker and supervisor")
    if len(agencies) < quorum.agencies:
        missing.append(f"{quorum.agencies - len(agencies)} more agencies")
    return missing
