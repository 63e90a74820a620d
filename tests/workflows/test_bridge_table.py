"""The bridge's table: whom each event concerns, and who may be started by it."""

import pytest

from contracts.events import REGISTRY, TOPICS
from contracts.events import deadlines as d
from domain.vocabulary import SubjectType
from tests.workflows.props import (
    CASE,
    a_deadline,
    deadline_missed,
    deadline_set,
    default_pack,
    instant,
)
from workflows import bridge_table
from workflows.bridge.carrier import KEEPERS
from workflows.bridge_table import TABLE, told_by
from workflows.steps import Step

NOW = instant("2027-03-01T09:00:00+00:00")
KEY = "01890a5d-ac96-774b-bcce-b302099a8057"  # fixed: it stands in the names of tests


@pytest.mark.parametrize(
    ("step", "workflow_id"),
    [
        ("initial-assessment", f"case/{CASE}"),
        ("plan-action", f"case/{CASE}"),  # actions and follow-ups are watched with their case
        ("follow-up", f"case/{CASE}"),
        ("closure-approval", f"closure/{KEY}"),
        ("referral-answer", f"referral/{KEY}"),
        ("review", f"review/{KEY}"),
    ],
)
def test_a_deadline_goes_to_whoever_watches_its_subject(step, workflow_id):
    owed = a_deadline(step, NOW, subject_id=KEY, agreed_due=NOW)
    [(address, starts)] = told_by(deadline_set(owed))
    assert (address.workflow_id, starts) == (workflow_id, True)
    assert address.case_ref == CASE


def test_of_what_owners_announce_only_silence_is_told():
    told = {
        step.key
        for step in default_pack().steps.values()
        if told_by(deadline_missed(a_deadline(step.key, NOW, subject_id=KEY, agreed_due=NOW)))
    }
    assert told == {"referral-answer", "closure-approval"}
    silent = {d.DeadlineReminded, d.DeadlineEscalated, d.DeadlineOpened}
    assert not silent & set(TABLE)


def test_what_only_tells_never_brings_an_ended_workflow_back():
    starting = {event.type for event, rows in TABLE.items() if any(row.starts for row in rows)}
    assert starting == {
        "deadline.set.v1",
        "case.identified.v1",
        "case.registered.v1",
        "case.reopened.v1",
        "goals.achieved.v1",
        "closure.requested.v1",
        "referral.requested.v1",
        "review.scheduled.v1",
        "notification.requested.v1",
        "notification.requested-of-agency.v1",
        "notification.bounced.v1",
    }


def test_the_table_names_events_topics_and_workflows_that_exist():
    assert {event.type for event in TABLE} <= set(REGISTRY)
    topics = {event.topic for event in TABLE if event.topic}
    assert topics == {*bridge_table.TOPICS, *bridge_table.MAIL_TOPICS}
    assert topics < set(TOPICS)
    assert {bridge_table.watcher_of(subject) for subject in SubjectType} == set(KEEPERS)


def test_processes_hang_on_steps_that_the_default_pack_has():
    assert {step.value for step in Step} <= set(default_pack().steps)
