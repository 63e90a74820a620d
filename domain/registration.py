"""Who is registered: criteria screen a referral, consent comes first, and nobody is dropped in silence.

Source: practice.md, step 1.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from domain.case import Case, demand_status, demand_two_people
from domain.deadlines import is_rise
from domain.errors import Malformed
from domain.policy import Pack
from domain.vocabulary import CaseStatus, Risk, Source

NO_CRITERION_MET = "no-criterion-met"
ADVICE_OTHER_HELP = "other-help-may-fit"  # shown in words by the channel that answers


class CriteriaMissing(Malformed):
    """A child is registered for at least one of the agency's criteria."""

    code = "criteria-missing"


class UnknownCriterion(Malformed):
    """This is not one of the agency's criteria."""

    code = "unknown-criterion"


class ConsentNeeded(Malformed):
    """Registration needs informed consent: who gave it, how, for what, after it was explained."""

    code = "consent-needed"


@dataclass(frozen=True, slots=True)
class Screening:
    """What the criteria make of a referral; `reason` is empty when it meets at least one."""

    presumed_risk: Risk
    reason: str = ""

    @property
    def is_met(self) -> bool:
        return not self.reason


@dataclass(frozen=True, slots=True)
class Registration:
    """Who looks after the case, and who over it."""

    caseworker_id: str
    supervisor_id: str
    team_id: str | None


def screen(pack: Pack, criteria: Sequence[str]) -> Screening:
    """The risk to presume is the highest of the criteria met; raises UnknownCriterion."""
    for number, key in enumerate(criteria):
        if key not in pack.criteria:
            raise UnknownCriterion(field=f"criteria.{number}", allowed=sorted(pack.criteria))
    if not criteria:
        return Screening(Risk.UNKNOWN, reason=NO_CRITERION_MET)
    return Screening(highest(pack.criteria[key].presumed_risk for key in criteria))


def demand_criteria(pack: Pack, criteria: Sequence[str]) -> Screening:
    """Raises CriteriaMissing where nothing speaks for registration."""
    screening = screen(pack, criteria)
    if not screening.is_met:
        raise CriteriaMissing(field="criteria", allowed=sorted(pack.criteria))
    return screening


def demand_consent(purposes: Sequence[str], explained: bool) -> None:
    """Consent is informed, and for something; raises ConsentNeeded."""
    if not explained:
        raise ConsentNeeded(
            "Explain case management before asking for consent.", field="consent.explained"
        )
    if not purposes:
        raise ConsentNeeded("Say what the consent is for.", field="consent.purposes")


def identify(
    ref: str,
    pack: Pack,
    agency_id: str,
    source: Source,
    criteria: Sequence[str],
    referrer_id: str,
    now: datetime,
) -> tuple[Case, Screening]:
    """A referral on the record: identified when it meets a criterion, else refused with a reason."""
    screening = screen(pack, criteria)
    case = Case(
        ref=ref,
        agency_id=agency_id,
        status=CaseStatus.IDENTIFIED if screening.is_met else CaseStatus.REFUSED,
        risk=screening.presumed_risk,
        policy=pack.id,
        source=source,
        criteria=tuple(criteria),
        identified_at=now,
        referrer_id=referrer_id,
    )
    return case, screening


def refusal(case: Case) -> tuple[str, str] | None:
    """The reason and the advice of a referral that was refused; None for any other case."""
    if case.status is not CaseStatus.REFUSED:
        return None
    return NO_CRITERION_MET, ADVICE_OTHER_HELP


def register(case: Case, people: Registration, now: datetime) -> Case:
    """An identified child becomes a case with its people; raises StepOutOfOrder, SamePerson."""
    demand_status(case, CaseStatus.IDENTIFIED)
    demand_two_people(people.caseworker_id, people.supervisor_id)
    return replace(
        case,
        status=CaseStatus.REGISTERED,
        registered_at=now,
        caseworker_id=people.caseworker_id,
        supervisor_id=people.supervisor_id,
        team_id=people.team_id,
    )


def highest(risks: Iterable[Risk]) -> Risk:
    """The gravest of several; `unknown` when there is none."""
    found = Risk.UNKNOWN
    for risk in risks:
        found = risk if is_rise(found, risk) else found
    return found
