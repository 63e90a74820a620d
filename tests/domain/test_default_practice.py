"""The default pack, one row a deadline: from which fact, at which risk, when due, when reminded, who is told.

A new deadline is one row in the pack and one here.
"""

from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from domain.deadlines import Deadline, Fact, consequences
from domain.policy import Pack, Unit
from domain.vocabulary import Risk, Role, SubjectType
from infrastructure.policy_packs import PolicyPacks

PACK: Pack = PolicyPacks.load().latest("default")
# Thursday, 5 March 2026, 09:00 in the pack's zone; the clocks go forward on 29 March.
AGREED = "04-01T10:00"
LADDER = ["supervisor +0 h", "manager +24 h", "agency-head +72 h"]
# step                            from the fact                   risk      due          reminded     who
# Instants in the agency's time, 2026; an agreed date is 1 April, 10:00.
ROWS = [
    tuple(line.split())
    for line in """
registration                    case.identified                 unknown   03-06T09:00  03-05T21:00  supervisor
initial-assessment              case.registered                 imminent  03-06T09:00  03-05T21:00  caseworker
initial-assessment              case.registered                 high      03-06T09:00  03-05T21:00  caseworker
initial-assessment              case.registered                 medium    03-07T09:00  03-06T09:00  caseworker
initial-assessment              case.registered                 low       03-07T09:00  03-06T09:00  caseworker
initial-assessment              case.registered                 unknown   03-07T09:00  03-06T09:00  caseworker
initial-assessment              case.reopened                   high      03-06T09:00  03-05T21:00  caseworker
comprehensive-assessment        initial-assessment.recorded     medium    03-19T09:00  03-12T09:00  caseworker
case-plan                       comprehensive-assessment.recorded medium   03-19T09:00  03-12T09:00  caseworker
urgent-action                   urgent-action.agreed            high      04-01T10:00  03-18T21:00  caseworker
plan-action                     action.agreed                   medium    04-01T10:00  03-18T21:00  caseworker
open-question                   open-question.asked             medium    03-19T09:00  03-12T09:00  caseworker
open-question-by-date           open-question.dated             medium    04-01T10:00  03-18T21:00  caseworker
goal-measure                    measure.agreed                  medium    04-01T10:00  03-30T10:00  caseworker
follow-up                       follow-up.agreed                medium    04-01T10:00  03-30T10:00  caseworker
follow-up                       follow-up.continued             medium    04-01T10:00  03-30T10:00  caseworker
re-assessment                   situation.worsened              imminent  03-06T09:00  03-05T21:00  caseworker
re-assessment                   situation.worsened              high      03-06T09:00  03-05T21:00  caseworker
re-assessment                   situation.worsened              medium    03-12T09:00  03-08T21:00  caseworker
re-assessment                   situation.worsened              low       03-12T09:00  03-08T21:00  caseworker
re-assessment                   situation.worsened              unknown   03-07T09:00  03-06T09:00  caseworker
concern-look                    concern.joined                 imminent  03-06T09:00  03-05T21:00  caseworker
concern-look                    concern.joined                 high      03-06T09:00  03-05T21:00  caseworker
concern-look                    concern.joined                 medium    03-12T09:00  03-08T21:00  caseworker
concern-look                    concern.joined                 low       03-12T09:00  03-08T21:00  caseworker
concern-look                    concern.joined                 unknown   03-07T09:00  03-06T09:00  caseworker
plan-revision                   review.adjusts-plan             medium    03-19T09:00  03-12T09:00  caseworker
closure-beginning               review.begins-closure           medium    03-19T09:00  03-12T09:00  caseworker
review                          review.owed                     medium    06-05T09:00  05-22T09:00  supervisor
closure-request                 goals.achieved                  low       04-16T09:00  04-14T09:00  caseworker
closure-approval                closure.requested               low       03-12T09:00  03-08T21:00  supervisor
closure-decision-of-stand-in    closure.passed-to-stand-in      low       03-12T09:00  03-08T21:00  manager
look-back                       case.closed                     low       06-05T09:00  05-22T09:00  caseworker
archive                         look-back.recorded              low       03-19T09:00  03-17T09:00  caseworker
archive                         look-back.not-owed              low       03-19T09:00  03-17T09:00  caseworker
archive                         look-back.unanswered            low       03-19T09:00  03-17T09:00  caseworker
erasure-decision                erasure.requested               low       03-19T09:00  03-12T09:00  agency-head
retention-review                retention.ended                 low       04-05T09:00  03-20T20:30  manager
transfer-answer                 transfer.requested              medium    03-12T09:00  03-08T21:00  manager
referral-acknowledgement        referral.requested              medium    03-06T09:00  03-05T21:00  provider
urgent-referral-acknowledgement referral.requested-urgently     high      03-05T12:00  03-05T10:30  provider
referral-answer                 referral.requested              medium    03-10T09:00  03-07T21:00  provider
referral-answer                 referral.requested-urgently     high      03-10T09:00  03-07T21:00  provider
referral-first-service          referral.accepted               medium    03-19T09:00  03-12T09:00  provider
referral-appointment            referral.appointment-agreed     medium    04-01T10:00  03-30T10:00  provider
referral-confirmation           referral.service-given          medium    03-12T09:00  03-10T09:00  caseworker
complaint-answer                feedback.complaint              medium    03-12T09:00  03-08T21:00  supervisor
question-answer                 feedback.question               medium    03-12T09:00  03-08T21:00  caseworker
question-answer                 feedback.return                 medium    03-12T09:00  03-08T21:00  caseworker
unmet-need                      referral.exhausted              medium    03-12T09:00  03-08T21:00  supervisor
unmet-need                      referral.failed                 medium    03-12T09:00  03-08T21:00  supervisor
referral-first-service          referral.resumed                medium    03-19T09:00  03-12T09:00  provider
referral-hold                   referral.on-hold                medium    04-01T10:00  03-18T21:00  provider
referral-rebooking              referral.appointment-missed     medium    03-12T09:00  03-08T21:00  provider
missed-appointments             referral.missed-repeatedly      medium    03-10T09:00  03-07T21:00  supervisor
sharing-reviewed                referral.shared-without-consent medium    03-12T09:00  03-08T21:00  supervisor
referral-accompaniment          referral.accompaniment-asked    medium    04-01T10:00  03-18T21:00  caseworker
review-report                   report.asked                    medium    04-01T10:00  03-18T21:00  provider
meeting                         meeting.called                  medium    04-01T10:00  03-30T10:00  caseworker
decision                        decision.taken                  medium    04-01T10:00  03-18T21:00  caseworker
""".strip().splitlines()
]


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=ZoneInfo(PACK.calendar.zone))


NINE = at("03-05T09:00")


def the_deadline(step: str, fact: str, risk: str) -> Deadline:
    rule = PACK.step(step)
    happened = Fact(
        UUID(int=1), fact, NINE, "TL-7K2M-9QXA-Y", "agency-north", PACK.id,
        risk=Risk(risk), subject_type=rule.subject, subject_id="subject", agreed_due=at(AGREED),
    )  # fmt: skip
    found = consequences(PACK, rule.owner, [], happened).set
    return next(deadline for deadline in found if deadline.step == step)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: " ".join(row[:3]))
def test_duty_is_due_reminded_and_escalated_as_the_practice_says(row: tuple[str, ...]) -> None:
    step, fact, risk, due, reminder, responsible = row
    deadline = the_deadline(step, fact, risk)
    moments = {moment.name: moment for moment in deadline.moments}
    assert deadline.due_at == at(due)
    assert moments["reminder-1"].at == at(reminder)
    assert deadline.responsible.role == responsible
    rungs = [
        f"{each.role} +{(each.at - deadline.due_at) // timedelta(hours=1)} h"
        for each in deadline.moments
        if each.role
    ]
    assert rungs == LADDER


def test_every_anchor_of_every_step_has_its_row() -> None:
    rows = {(step, fact) for step, fact, *_ in ROWS}
    assert rows == {(key, fact) for key, rule in PACK.steps.items() for fact in rule.anchors}


def test_every_risk_has_its_row_where_the_limit_depends_on_it() -> None:
    for key, rule in PACK.steps.items():
        if len(set(rule.limits.values())) > 1:
            assert {row[2] for row in ROWS if row[0] == key} == set(Risk)


def test_closure_may_be_asked_for_once_the_gains_have_held_four_weeks() -> None:
    deadline = the_deadline("closure-request", "goals.achieved", "low")
    opened = next(moment for moment in deadline.moments if moment.name == "opened")
    assert opened.at == at("04-02T09:00")
    assert PACK.period("settling").after(NINE, PACK.calendar) == opened.at


@pytest.mark.parametrize(
    ("risk", "next_time"),
    [
        ("imminent", "03-06T09:00"),  # daily
        ("high", "03-12T09:00"),  # weekly
        ("medium", "03-19T09:00"),  # every two weeks
        ("low", "04-05T09:00"),  # monthly
        ("unknown", "03-12T09:00"),  # as when it is high, until somebody has looked
    ],
)
def test_follow_up_is_as_frequent_as_the_risk_asks(risk: str, next_time: str) -> None:
    assert PACK.rhythm("follow-up", Risk(risk)).after(NINE, PACK.calendar) == at(next_time)


def test_every_duty_of_an_open_case_ends_with_it() -> None:
    """Closing leaves nobody chased for a closed case, but for what closure asks and an answer to the family."""
    for key, rule in PACK.steps.items():
        after_closure = {
            "case.closed",
            "look-back.recorded",
            "look-back.unanswered",
            "retention.ended",
        } & {*rule.anchors}
        before_the_case = "case.identified" in rule.anchors
        to_the_family = "feedback.answered" in rule.met_by
        # what was shared without consent is looked at, whatever has become of the case
        of_ourselves = "referral.sharing-reviewed" in rule.met_by
        of_the_file = "case.erased" in rule.met_by
        if not (after_closure or before_the_case or to_the_family or of_ourselves or of_the_file):
            assert "case.closed" in {*rule.cancelled_by, *rule.met_by}, key


def test_every_duty_can_be_met_and_has_a_source_and_a_bearer() -> None:
    for rule in PACK.steps.values():
        assert rule.met_by
        assert rule.source
        assert isinstance(rule.responsible, Role)
        assert isinstance(rule.subject, SubjectType)


def test_only_dates_made_with_people_have_no_length() -> None:
    agreed = {
        key for key, rule in PACK.steps.items() if rule.limit(Risk.LOW).unit is Unit.AS_AGREED
    }
    assert agreed == {
        "urgent-action",
        "plan-action",
        "open-question-by-date",
        "goal-measure",
        "follow-up",
        "referral-appointment",
        "referral-hold",
        "referral-accompaniment",
        "review-report",
        "meeting",
        "decision",
    }


@pytest.mark.parametrize("name", ["default", "working-days", "humanitarian"])
def test_nobody_looks_back_with_a_child_who_has_died(name: str) -> None:
    pack = PolicyPacks.load().latest(name)
    for marks, steps in ((("goals-achieved",), ["look-back"]), (("died",), [])):
        happened = Fact(
            UUID(int=1), "case.closed", NINE, "TL-7K2M-9QXA-Y", "agency-north", pack.id,
            subject_type=SubjectType.CASE, subject_id="closure", marks=frozenset(marks),
        )  # fmt: skip
        found = consequences(pack, "cases", [], happened).set
        assert [deadline.step for deadline in found] == steps
