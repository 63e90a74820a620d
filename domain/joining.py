"""An intake about a child whose case is in work joins that case: one child, one case, and nothing told is lost.

Source: practice.md, step 1 (never silently dropped) and section 2 (a return is seen at registration).
"""

from collections.abc import Iterable
from dataclasses import replace

from domain.case import Case, demand_in_work, demand_status
from domain.deadlines import Deadline
from domain.errors import Refusal
from domain.registration import highest
from domain.vocabulary import CaseStatus, Ground, Risk

# Facts of the known case, as packs write them.
RECEIVED, JOINED, LOOKED_INTO = "concern.received", "concern.joined", "concern.looked-into"
LOOK = "concern-look"  # the step that is owed


class KnownCaseClosed(Refusal):
    """That case has ended: register the child as a return, and the earlier closure's reasons are shown."""

    code = "known-case-closed"


class KnownElsewhere(Refusal):
    """That case is another agency's, and what was told is not moved there: refer the child to that agency."""

    code = "known-elsewhere"


class LookedInto(Refusal):
    """What this report told has been looked into."""

    code = "looked-into"


class LookOwed(Refusal):
    """A report that joined this case has not been looked into yet."""

    code = "look-owed"


def join(intake: Case, known: Case) -> Case:
    """The intake from now on; raises StepOutOfOrder, KnownElsewhere, KnownCaseClosed. The case stays as it is."""
    demand_status(intake, CaseStatus.IDENTIFIED)
    if known.agency_id != intake.agency_id:
        raise KnownElsewhere(field="other_ref")
    if known.status in (CaseStatus.CLOSED, CaseStatus.ARCHIVED):
        raise KnownCaseClosed(field="other_ref")
    demand_in_work(known)
    return replace(intake, status=CaseStatus.JOINED, joined_to=known.ref)


def risk_of_look(intake: Case, known: Case) -> Risk:
    """How soon somebody looks: by the graver of what was told and where the case stands."""
    return highest((intake.risk, known.risk))


def is_urgent(intake: Case) -> bool:
    return intake.risk in (Risk.HIGH, Risk.IMMINENT)


def demand_not_looked_into(looks: Iterable[str], concern_id: str) -> None:
    """`looks` names the reports that were looked into; raises LookedInto."""
    if concern_id in looks:
        raise LookedInto


def demand_looks_made(owed: Iterable[Deadline], ground: Ground | None) -> None:
    """A case does not close over a report that nobody looked into, unless the child has died; raises LookOwed."""
    if ground is not Ground.DIED and any(each.step == LOOK for each in owed):
        raise LookOwed


def told_status(case: Case) -> CaseStatus:
    """As those hear it who see the reference alone: that the child was known already is not theirs to learn."""
    return CaseStatus.REGISTERED if case.status is CaseStatus.JOINED else case.status
