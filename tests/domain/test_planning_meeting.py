"""Who was at a planning meeting, and who of child and family consents to the plan."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.assessment import ChildNotHeard
from domain.planning_meeting import (
    ChildsPartUnclear,
    MeetingEmpty,
    Participant,
    ParticipantTwice,
    PlanConsent,
    PlanConsentUnclear,
    PlanningMeeting,
    demand_consents,
    demand_sound,
    reason_of_child,
)
from domain.recording import BeforeRegistration, OccurredInFuture
from domain.vocabulary import Bearer, ConsentForm, Person
from tests.domain.case_builders import NOW, a_case

HOUR = timedelta(hours=1)
CHILD, MOTHER = Participant(Bearer.CHILD, True), Participant(Bearer.MOTHER, True)
AWAY = Participant(Bearer.CHILD, False)
MEETING = PlanningMeeting(NOW, (CHILD, MOTHER), child_took_part=True)
WRITTEN = ConsentForm.WRITTEN
EACH_ONCE = "Child and family consent, each once."
OTHERWISE = "With whom the plan is agreed says otherwise."


@pytest.mark.parametrize(
    "meeting",
    [
        MEETING,
        replace(MEETING, participants=(MOTHER,)),  # the child was there for a part of it
        replace(MEETING, participants=(MOTHER, AWAY), child_took_part=False, why_not="Was ill"),
    ],
)
def test_meeting_that_is_clear_is_taken(meeting) -> None:
    demand_sound(a_case(), meeting, NOW)


@pytest.mark.parametrize(
    ("meeting", "error", "field"),
    [
        (replace(MEETING, held_at=NOW + HOUR), OccurredInFuture, "held_at"),
        (replace(MEETING, held_at=NOW - HOUR), BeforeRegistration, "held_at"),
        (replace(MEETING, participants=(CHILD, MOTHER, MOTHER)), ParticipantTwice, "participants"),
        (replace(MEETING, participants=()), MeetingEmpty, "participants"),
        (replace(MEETING, participants=(AWAY,)), MeetingEmpty, "participants"),
        (replace(MEETING, participants=(MOTHER, AWAY)), ChildsPartUnclear, "child_took_part"),
        (replace(MEETING, child_took_part=False), ChildsPartUnclear, "child_took_part"),
        (
            replace(MEETING, participants=(MOTHER, AWAY), child_took_part=False, why_not=" "),
            ChildNotHeard,
            "why_not",
        ),
    ],
)
def test_meeting_that_is_not_clear_is_refused(meeting, error, field) -> None:
    with pytest.raises(error) as refused:
        demand_sound(a_case(), meeting, NOW)
    assert refused.value.field == f"planning_meeting.{field}"


def test_who_consents_says_how_and_who_does_not_is_heard() -> None:
    demand_consents([], {Person.CHILD})
    consents = [
        PlanConsent(Person.MOTHER, True, WRITTEN),
        PlanConsent(Person.CHILD, False, reason="Wants to change school"),
    ]
    demand_consents(consents, {Person.MOTHER})
    assert reason_of_child(consents) == "Wants to change school"
    assert reason_of_child(consents[:1]) == ""


@pytest.mark.parametrize(
    ("consent", "agreed_with", "field", "detail"),
    [
        (PlanConsent(Person.SCHOOL, True, WRITTEN), {Person.SCHOOL}, "person", EACH_ONCE),
        (PlanConsent(Person.CHILD, True, WRITTEN), {Person.MOTHER}, "agrees", OTHERWISE),
        (PlanConsent(Person.CHILD, False, reason="No"), {Person.CHILD}, "agrees", OTHERWISE),
        (PlanConsent(Person.CHILD, True), {Person.CHILD}, "how", "Say how consent was given."),
        (
            PlanConsent(Person.CHILD, False, reason=" "),
            {Person.MOTHER},
            "reason",
            "Say what speaks against it.",
        ),
    ],
)
def test_consent_that_is_not_clear_is_refused(consent, agreed_with, field, detail) -> None:
    with pytest.raises(PlanConsentUnclear) as refused:
        demand_consents([consent], agreed_with)
    assert refused.value.detail == detail
    assert refused.value.field == f"plan_consents.0.{field}"


def test_nobody_consents_twice() -> None:
    twice = [PlanConsent(Person.MOTHER, True, WRITTEN)] * 2
    with pytest.raises(PlanConsentUnclear) as refused:
        demand_consents(twice, {Person.MOTHER})
    assert refused.value.field == "plan_consents.1.person"
    assert refused.value.allowed == ("child", "family", "father", "guardian")
