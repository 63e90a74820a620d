"""The meeting at which a plan is made, who was there, and who of child and family consents to the plan.

Source: practice.md, step 4 (planning meetings with participants) and section 2 (participation).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.assessment import ChildNotHeard
from domain.case import Case
from domain.errors import Malformed
from domain.planning import FAMILY
from domain.recording import demand_past, demand_since
from domain.vocabulary import Bearer, ConsentForm, Person

CONSENT_PURPOSE = "case-plan"  # what child and family consent to when they consent to a plan
_ASKED = FAMILY | {Person.CHILD}


class MeetingEmpty(Malformed):
    """A planning meeting names who took part."""

    code = "meeting-empty"


class ParticipantTwice(Malformed):
    """Everybody is named once."""

    code = "participant-twice"


class ChildsPartUnclear(Malformed):
    """The list of participants and what is said of the child tell the same."""

    code = "childs-part-unclear"


class PlanConsentUnclear(Malformed):
    """Who consents says how, who does not is heard with a reason, and nobody does both."""

    code = "plan-consent-unclear"


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody asked to a meeting."""

    who: Bearer
    took_part: bool


@dataclass(frozen=True, slots=True)
class PlanningMeeting:
    """`held_at` is UTC; why the child took no part is told in words."""

    held_at: datetime
    participants: tuple[Participant, ...]
    child_took_part: bool
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class PlanConsent:
    """What somebody of child and family says to the plan."""

    person: Person
    agrees: bool
    how: ConsentForm | None = None
    reason: str = ""


def demand_sound(case: Case, meeting: PlanningMeeting, now: datetime) -> None:
    """Raises MeetingEmpty, ParticipantTwice, ChildsPartUnclear, ChildNotHeard, OccurredInFuture."""
    demand_past(meeting.held_at, now, "planning_meeting.held_at")
    demand_since(meeting.held_at, case.registered_at, "planning_meeting.held_at")
    named = [each.who for each in meeting.participants]
    if len(set(named)) < len(named):
        raise ParticipantTwice(field="planning_meeting.participants")
    if not any(each.took_part for each in meeting.participants):
        raise MeetingEmpty(field="planning_meeting.participants")
    said = {each.took_part for each in meeting.participants if each.who is Bearer.CHILD}
    if said - {meeting.child_took_part}:
        raise ChildsPartUnclear(field="planning_meeting.child_took_part")
    if not meeting.child_took_part and not meeting.why_not.strip():
        raise ChildNotHeard(field="planning_meeting.why_not")


def demand_consents(consents: Sequence[PlanConsent], agreed_with: Collection[Person]) -> None:
    """Raises PlanConsentUnclear, naming the consent that is not clear."""
    heard: set[Person] = set()
    for number, each in enumerate(consents):
        field = f"plan_consents.{number}"
        if each.person not in _ASKED or each.person in heard:
            raise PlanConsentUnclear(
                "Child and family consent, each once.",
                field=f"{field}.person",
                allowed=sorted(str(one) for one in _ASKED - heard),
            )
        heard.add(each.person)
        if each.agrees != (each.person in agreed_with):
            raise PlanConsentUnclear(
                "With whom the plan is agreed says otherwise.", field=f"{field}.agrees"
            )
        if each.agrees and each.how is None:
            raise PlanConsentUnclear("Say how consent was given.", field=f"{field}.how")
        if not each.agrees and not each.reason.strip():
            raise PlanConsentUnclear("Say what speaks against it.", field=f"{field}.reason")


def reason_of_child(consents: Sequence[PlanConsent]) -> str:
    """Why the child does not agree, in the child's own reasons; empty where it does or was not heard."""
    return next((each.reason for each in consents if each.person is Person.CHILD), "")
