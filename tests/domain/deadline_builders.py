"""A small practice to test duties on: what differs from a test's point has a default."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from domain.calendars import WorkCalendar
from domain.deadlines import Deadline, Fact, consequences
from domain.policy import Limit, Pack, Reminder, Rung, StepRule
from domain.vocabulary import Risk, Role, SubjectType

ZONE = "Europe/Berlin"
NINE = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)  # a Monday, 09:00 in Berlin
MOMENT = timedelta(microseconds=1)
CASE = "TL-7K2M-9QXA-Y"
PEOPLE = {Role.CASEWORKER: "amal", Role.SUPERVISOR: "sami"}
STANDARD = (
    Rung(Role.SUPERVISOR, Limit.parse("0 hours")),
    Rung(Role.MANAGER, Limit.parse("24 hours")),
    Rung(Role.AGENCY_HEAD, Limit.parse("72 hours")),
)


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


def a_calendar(zone: str = ZONE) -> WorkCalendar:
    return WorkCalendar(zone, frozenset({5, 6}), frozenset(), "test")


def a_rule(key: str = "visit", **changes: Any) -> StepRule:
    """Set by `asked`, met by `done`, dropped by `dropped`, moved by `changed`; 48 hours, standard ladder."""
    within: Limit | Mapping[Risk, Limit] = changes.pop("within", Limit.parse("48 hours"))
    rule = StepRule(
        key=key,
        title=key,
        owner="cases",
        subject=SubjectType.CASE,
        anchors=("asked",),
        met_by=("done",),
        cancelled_by=("dropped",),
        moved_by=("changed",),
        responsible=Role.CASEWORKER,
        limits=dict.fromkeys(Risk, within) if isinstance(within, Limit) else within,
        opens=None,
        reminders=(Reminder.parse("half"), Reminder.parse("4 hours before")),
        ladder=STANDARD,
        source="test",
    )
    return replace(rule, **changes)


def a_pack(*rules: StepRule) -> Pack:
    steps = {rule.key: rule for rule in rules or (a_rule(),)}
    return Pack("test", 1, "Test", a_calendar(), {}, steps)


def a_fact(name: str = "asked", at: datetime = NINE, **changes: Any) -> Fact:
    number = UUID(int=int(at.timestamp() * 1_000_000) + sum(name.encode()))
    fact = Fact(number, name, at, CASE, "agency-north", "test@1", people=PEOPLE)
    return replace(fact, **changes)


def a_deadline(*rules: StepRule, **changes: Any) -> Deadline:
    """Set by the fact `asked` under the first rule: due in 48 hours unless that says otherwise."""
    return replace(set_by(a_pack(*rules), a_fact())[0], **changes)


def set_by(pack: Pack, fact: Fact, standing: Sequence[Deadline] = ()) -> tuple[Deadline, ...]:
    return consequences(pack, "cases", standing, fact).set
