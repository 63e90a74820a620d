"""The packs in working days and for an emergency, one row a figure that differs from the default practice.

Instants are in the pack's own zone. The default pack has its own table in test_default_practice.
"""

from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from domain.deadlines import Deadline, Fact, consequences
from domain.policy import Pack
from domain.vocabulary import Risk
from infrastructure.policy_packs import PolicyPacks

PACKS = PolicyPacks.load()
DEFAULT, WORKING, RELIEF = (PACKS.latest(x) for x in ("default", "working-days", "humanitarian"))
# 31 March 2027 is a Wednesday after Easter; 3 and 31 May 2027 are holidays in England.
WORKING_DAYS = """
registration            case.identified            unknown  2027-04-30T15:00  2027-05-04T15:00
initial-assessment      case.registered            imminent 2027-04-30T15:00  2027-05-01T15:00
initial-assessment      case.registered            high     2027-04-29T15:00  2027-04-30T15:00
initial-assessment      case.registered            high     2027-04-30T15:00  2027-05-04T15:00
initial-assessment      case.registered            medium   2027-04-30T15:00  2027-05-05T15:00
initial-assessment      case.registered            low      2027-04-30T15:00  2027-05-05T15:00
initial-assessment      case.registered            unknown  2027-05-01T15:00  2027-05-05T15:00
initial-assessment      case.registered            high     2027-12-24T10:00  2027-12-29T10:00
comprehensive-assessment initial-assessment.recorded low    2027-04-30T15:00  2027-05-17T15:00
case-plan               comprehensive-assessment.recorded low 2027-05-24T09:00 2027-06-08T09:00
re-assessment           situation.worsened         imminent 2027-04-30T15:00  2027-05-01T15:00
re-assessment           situation.worsened         high     2027-04-30T15:00  2027-05-04T15:00
re-assessment           situation.worsened         medium   2027-04-30T15:00  2027-05-10T15:00
re-assessment           situation.worsened         low      2027-04-30T15:00  2027-05-10T15:00
re-assessment           situation.worsened         unknown  2027-04-30T15:00  2027-05-05T15:00
concern-look            concern.joined             imminent 2027-04-30T15:00  2027-05-01T15:00
concern-look            concern.joined             high     2027-04-30T15:00  2027-05-04T15:00
concern-look            concern.joined             medium   2027-04-30T15:00  2027-05-10T15:00
concern-look            concern.joined             low      2027-04-30T15:00  2027-05-10T15:00
concern-look            concern.joined             unknown  2027-04-30T15:00  2027-05-05T15:00
open-question           open-question.asked        low      2027-04-30T15:00  2027-05-17T15:00
plan-revision           review.adjusts-plan        low      2027-04-30T15:00  2027-05-17T15:00
closure-beginning       review.begins-closure      low      2027-04-30T15:00  2027-05-17T15:00
review                  review.owed                low      2027-01-31T09:00  2027-04-30T09:00
closure-approval        closure.requested          low      2027-04-30T15:00  2027-05-10T15:00
archive                 look-back.recorded         low      2027-04-30T15:00  2027-05-17T15:00
referral-acknowledgement referral.requested        low      2027-04-30T15:00  2027-05-04T15:00
urgent-referral-acknowledgement referral.requested-urgently high 2027-04-30T15:00 2027-04-30T18:00
referral-answer         referral.requested         low      2027-04-30T15:00  2027-05-06T15:00
referral-first-service  referral.accepted          low      2027-04-30T15:00  2027-05-17T15:00
referral-confirmation   referral.service-given     low      2027-04-30T15:00  2027-05-10T15:00
unmet-need              referral.exhausted         low      2027-04-30T15:00  2027-05-10T15:00
"""
# 4 March 2027 is a Thursday, before the weekend of Friday and Saturday.
HUMANITARIAN = """
registration            case.identified            unknown  2027-03-04T15:00  2027-03-05T15:00
initial-assessment      case.registered            imminent 2027-03-04T15:00  2027-03-05T03:00
initial-assessment      case.registered            high     2027-03-04T15:00  2027-03-05T15:00
initial-assessment      case.registered            medium   2027-03-04T15:00  2027-03-06T15:00
initial-assessment      case.registered            low      2027-03-04T15:00  2027-03-06T15:00
initial-assessment      case.registered            unknown  2027-03-04T15:00  2027-03-05T15:00
comprehensive-assessment initial-assessment.recorded low    2027-03-04T15:00  2027-03-11T15:00
case-plan               comprehensive-assessment.recorded low 2027-03-04T15:00 2027-03-11T15:00
re-assessment           situation.worsened         imminent 2027-03-04T15:00  2027-03-05T03:00
re-assessment           situation.worsened         high     2027-03-04T15:00  2027-03-05T15:00
re-assessment           situation.worsened         medium   2027-03-04T15:00  2027-03-07T15:00
re-assessment           situation.worsened         low      2027-03-04T15:00  2027-03-07T15:00
re-assessment           situation.worsened         unknown  2027-03-04T15:00  2027-03-05T15:00
concern-look            concern.joined             imminent 2027-03-04T15:00  2027-03-05T03:00
concern-look            concern.joined             high     2027-03-04T15:00  2027-03-05T15:00
concern-look            concern.joined             medium   2027-03-04T15:00  2027-03-07T15:00
concern-look            concern.joined             low      2027-03-04T15:00  2027-03-07T15:00
concern-look            concern.joined             unknown  2027-03-04T15:00  2027-03-05T15:00
open-question           open-question.asked        low      2027-03-04T15:00  2027-03-11T15:00
plan-revision           review.adjusts-plan        low      2027-03-04T15:00  2027-03-11T15:00
closure-beginning       review.begins-closure      low      2027-03-04T15:00  2027-03-11T15:00
review                  review.owed                low      2027-01-31T09:00  2027-02-28T09:00
closure-request         goals.achieved             low      2027-03-04T15:00  2027-03-25T15:00
closure-approval        closure.requested          low      2027-03-04T15:00  2027-03-07T15:00
closure-decision-of-stand-in closure.passed-to-stand-in low 2027-03-04T15:00  2027-03-06T15:00
look-back               case.closed                low      2027-03-04T15:00  2027-04-04T15:00
archive                 look-back.recorded         low      2027-03-04T15:00  2027-03-11T15:00
referral-acknowledgement referral.requested        low      2027-03-04T15:00  2027-03-05T03:00
urgent-referral-acknowledgement referral.requested-urgently high 2027-03-04T15:00 2027-03-04T16:00
referral-answer         referral.requested         low      2027-03-04T15:00  2027-03-06T15:00
referral-first-service  referral.accepted          low      2027-03-04T15:00  2027-03-11T15:00
referral-confirmation   referral.service-given     low      2027-03-04T15:00  2027-03-07T15:00
unmet-need              referral.exhausted         low      2027-03-04T15:00  2027-03-06T15:00
referral-rebooking      referral.appointment-missed low     2027-03-04T15:00  2027-03-07T15:00
missed-appointments     referral.missed-repeatedly low      2027-03-04T15:00  2027-03-05T15:00
sharing-reviewed        referral.shared-without-consent low 2027-03-04T15:00  2027-03-07T15:00
"""
ROWS = [
    (pack, *line.split())
    for pack, table in ((WORKING, WORKING_DAYS), (RELIEF, HUMANITARIAN))
    for line in table.strip().splitlines()
]


def local(pack: Pack, text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(pack.calendar.zone))


def the_deadline(pack: Pack, step: str, fact: str, risk: str, at: str) -> Deadline:
    rule = pack.step(step)
    happened = Fact(
        UUID(int=1), fact, local(pack, at), "TL-7K2M-9QXA-Y", "agency-north", pack.id,
        risk=Risk(risk), subject_type=rule.subject, subject_id="subject",
    )  # fmt: skip
    found = consequences(pack, rule.owner, [], happened).set
    return next(deadline for deadline in found if deadline.step == step)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0].name} {' '.join(row[1:5])}")
def test_duty_is_due_as_its_pack_says(row: tuple[Pack, str, str, str, str, str]) -> None:
    pack, step, fact, risk, start, due = row
    assert the_deadline(pack, step, fact, risk, start).due_at == local(pack, due)


@pytest.mark.parametrize("pack", [WORKING, RELIEF], ids=lambda pack: pack.name)
def test_every_limit_that_differs_from_the_default_has_its_row(pack: Pack) -> None:
    rows = {(step, risk) for each, step, _, risk, *_ in ROWS if each is pack}
    for key, rule in pack.steps.items():
        was = DEFAULT.steps[key].limits if key in DEFAULT.steps else rule.limits
        changed = {risk for risk, limit in rule.limits.items() if was[risk] != limit}
        if changed:
            risks = (
                changed
                if len(set(rule.limits.values())) > 1
                else {Risk.LOW, Risk.HIGH, Risk.UNKNOWN}
            )
            assert rows & {(key, risk.value) for risk in risks}, key


@pytest.mark.parametrize("pack", [WORKING, RELIEF], ids=lambda pack: pack.name)
def test_every_pack_names_what_the_services_ask_for(pack: Pack) -> None:
    assert set(pack.periods) == set(DEFAULT.periods)
    assert set(pack.rhythms) == set(DEFAULT.rhythms)
    assert set(pack.criteria) >= set(DEFAULT.criteria)


def test_working_days_ladder_counts_working_days_over_a_holiday() -> None:
    due = the_deadline(WORKING, "initial-assessment", "case.registered", "high", "2027-04-29T15:00")
    rungs = {moment.role: moment.at for moment in due.moments if moment.role}
    assert list(rungs.items()) == [
        ("supervisor", local(WORKING, "2027-04-30T15:00")),
        ("manager", local(WORKING, "2027-05-04T15:00")),
        ("agency-head", local(WORKING, "2027-05-06T15:00")),
    ]


def test_humanitarian_ladder_climbs_within_a_day() -> None:
    due = the_deadline(RELIEF, "review", "review.owed", "low", "2027-01-31T09:00")
    rungs = [(at.role, (at.at - due.due_at) / timedelta(hours=1)) for at in due.moments if at.role]
    assert rungs == [("supervisor", 0), ("manager", 6), ("agency-head", 24)]


@pytest.mark.parametrize(
    ("risk", "next_time"),
    [
        ("imminent", "2027-03-05T15:00"),  # daily
        ("high", "2027-03-05T15:00"),  # daily
        ("unknown", "2027-03-05T15:00"),  # daily, until somebody has looked
        ("medium", "2027-03-11T15:00"),  # weekly
        ("low", "2027-03-18T15:00"),  # every two weeks
    ],
)
def test_humanitarian_follow_ups_have_daily_rhythms(risk: str, next_time: str) -> None:
    start = local(RELIEF, "2027-03-04T15:00")
    found = RELIEF.rhythm("follow-up", Risk(risk)).after(start, RELIEF.calendar)
    assert found == local(RELIEF, next_time)


def test_humanitarian_week_rests_on_friday_and_saturday() -> None:
    worked = [day for day in range(1, 8) if RELIEF.calendar.is_working_day(date(2027, 3, day))]
    assert worked == [1, 2, 3, 4, 7]  # the fifth is a Friday


def test_holidays_of_england_are_no_working_days_and_name_their_release() -> None:
    days = [
        date(2027, 1, 1), date(2027, 3, 26), date(2027, 3, 29), date(2027, 5, 3), date(2027, 5, 31),
        date(2027, 8, 30), date(2027, 12, 27), date(2027, 12, 28),
    ]  # fmt: skip
    assert not any(WORKING.calendar.is_working_day(day) for day in days)
    in_year = {day for day in WORKING.calendar.holidays if day.year == 2027 and day.weekday() < 5}
    assert in_year == set(days)
    assert "GB-ENG holidays-0.109" in WORKING.calendar.version
