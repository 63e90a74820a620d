"""The case as it stood: what was recorded later was not known yet."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import pytest

from domain import as_it_stood
from domain.as_it_stood import HANDED_OVER, Change, Known
from domain.case import Closure, ClosureState
from domain.consent import Consent
from domain.deadlines import Responsible, acknowledge, cancel, meet
from domain.errors import Missing
from domain.follow_up import Track
from domain.planning import Action, ActionKind, ActionState
from domain.vocabulary import (
    Bearer,
    CaseStatus,
    ConsentForm,
    DeadlineState,
    Ground,
    Method,
    Person,
    Risk,
    Role,
)
from tests.domain.case_builders import NOW, a_case
from tests.domain.deadline_builders import NINE, a_deadline, hours

DAY = timedelta(days=1)
WAY = UUID(int=70)
OWN = UUID(int=5)
PEOPLE = {"agency_id": "north", "team_id": "a", "caseworker_id": "amal", "supervisor_id": "sofi"}


def fact(name: str, day: float = 0, known: float | None = None, **told: Any) -> Known:
    """It happened `day` days after the beginning and was written down then, or on day `known`."""
    subject = told.pop("subject", "")
    recorded_at = NOW + DAY * (day if known is None else known)
    number = uuid5(OWN, f"{name} {day} {subject}")
    return Known(number, name, NOW + DAY * day, recorded_at, "sofi", str(subject), told)


def on(day: float) -> datetime:
    return NOW + DAY * day


LIFE = [
    fact("case.identified", 0, agency_id="north", policy="default@1"),
    fact("case.registered", 1, risk="medium", policy="default@1", **PEOPLE),
    fact("initial-assessment.recorded", 2, known=4, risk="high"),
    fact("comprehensive-assessment.recorded", 5),
    fact("plan.agreed", 6, plan_version=1),
    fact("comprehensive-assessment.recorded", 7),  # a re-assessment of a case that has its plan
    fact("risk.changed", 8, before="high", after="low"),
    fact("case.assigned", 9, **PEOPLE | {"agency_id": "south", "caseworker_id": "sara"}),
    fact("case.repinned", 10, policy="humanitarian@1"),
    fact("closure.requested", 11, closure_id=str(WAY), ground="family-able", requested_by="sara"),
    fact("closure.declined", 12, closure_id=str(WAY)),
    fact("closure.requested", 13, closure_id=str(WAY), ground="family-able", requested_by="sara"),
    fact("case.closed", 14, closure_id=str(WAY), approved_by="sal"),
    fact("case.archived", 15),
    fact("case.reopened", 16, risk="imminent", times=1),
]

# the day, then status, risk, caseworker, agency, pack, version of the plan
STOOD = [
    (0, CaseStatus.IDENTIFIED, Risk.MEDIUM, None, "north", "default@1", 0),
    (1, CaseStatus.REGISTERED, Risk.MEDIUM, "amal", "north", "default@1", 0),
    (3, CaseStatus.REGISTERED, Risk.MEDIUM, "amal", "north", "default@1", 0),  # assessed, not known
    (4, CaseStatus.ASSESSING, Risk.HIGH, "amal", "north", "default@1", 0),
    (5, CaseStatus.PLANNING, Risk.HIGH, "amal", "north", "default@1", 0),
    (6, CaseStatus.ACTIVE, Risk.HIGH, "amal", "north", "default@1", 1),
    (7, CaseStatus.ACTIVE, Risk.HIGH, "amal", "north", "default@1", 1),
    (8, CaseStatus.ACTIVE, Risk.LOW, "amal", "north", "default@1", 1),
    (9, CaseStatus.ACTIVE, Risk.LOW, "sara", "south", "default@1", 1),
    (10, CaseStatus.ACTIVE, Risk.LOW, "sara", "south", "humanitarian@1", 1),
    (11, CaseStatus.CLOSING, Risk.LOW, "sara", "south", "humanitarian@1", 1),
    (12, CaseStatus.ACTIVE, Risk.LOW, "sara", "south", "humanitarian@1", 1),
    (14, CaseStatus.CLOSED, Risk.LOW, "sara", "south", "humanitarian@1", 1),
    (15, CaseStatus.ARCHIVED, Risk.LOW, "sara", "south", "humanitarian@1", 1),
    (16, CaseStatus.REGISTERED, Risk.IMMINENT, "sara", "south", "humanitarian@1", 1),
]


@pytest.mark.parametrize(("day", "status", "risk", "worker", "agency", "pack", "version"), STOOD)
def test_case_stands_as_it_was_known(day, status, risk, worker, agency, pack, version) -> None:
    now = a_case(CaseStatus.ACTIVE, risk=Risk.LOW, policy="default@1", plan_version=9)
    stood = as_it_stood.case(now, LIFE, on(day))
    assert (stood.status, stood.risk, stood.caseworker_id) == (status, risk, worker)
    assert (stood.agency_id, stood.policy, stood.plan_version) == (agency, pack, version)
    assert stood.times_reopened == (1 if day == 16 else 0)
    assert stood.registered_at == (on(1) if day >= 1 else None)


ELSEWHERE = {
    "agency_id": "east",
    "team_id": "c",
    "caseworker_id": "cleo",
    "supervisor_id": "sena",
    "policy": "riverside@3",
}
NAMED = ("agency_id", "team_id", "caseworker_id", "supervisor_id")


@pytest.mark.parametrize(
    ("name", "carries"),
    [
        ("case.identified", ("agency_id", "team_id", "policy")),
        ("case.registered", (*NAMED, "policy")),
        ("case.assigned", NAMED),
        ("case.repinned", ("policy",)),
        ("risk.changed", ()),
    ],
)
def test_fact_brings_who_looks_after_the_case_and_its_pack(name, carries) -> None:
    told = ELSEWHERE | {"risk": "low", "after": "low"}
    before = as_it_stood.case(a_case(), [fact("case.identified")], on(0))
    stood = as_it_stood.case(a_case(), [fact("case.identified"), fact(name, 1, **told)], on(1))
    for field, value in ELSEWHERE.items():
        assert getattr(stood, field) == (value if field in carries else getattr(before, field))


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("case.refused", CaseStatus.REFUSED),
        ("intake.joined", CaseStatus.JOINED),
        ("case.erased", CaseStatus.ARCHIVED),
    ],
)
def test_case_ends_also_without_a_closure(name, status) -> None:
    facts = [fact("case.identified"), fact(name, 1)]
    assert as_it_stood.case(a_case(), facts, on(0)).status is CaseStatus.IDENTIFIED
    assert as_it_stood.case(a_case(), facts, on(1)).status is status


def test_way_to_the_end_is_on_the_case_while_it_is_asked_for() -> None:
    def way(day: float) -> Closure | None:
        return as_it_stood.case(a_case(), LIFE, on(day)).closure

    assert way(10) is None
    assert way(11) == Closure(WAY, ClosureState.REQUESTED, status_before=CaseStatus.ACTIVE)
    assert way(12) is None
    assert way(13) is not None
    assert way(16) is None


def test_refusal_of_what_was_not_asked_for_changes_nothing() -> None:
    """Facts of an older record may be missing."""
    odd = [fact("case.identified"), fact("closure.declined", 1, closure_id=str(WAY))]
    assert as_it_stood.case(a_case(), odd, on(2)).status is CaseStatus.IDENTIFIED


def test_before_the_first_fact_there_was_no_case() -> None:
    with pytest.raises(Missing):
        as_it_stood.case(a_case(), LIFE, on(-1))
    with pytest.raises(Missing):
        as_it_stood.until([], on(0))


def test_risk_at_the_beginning_is_the_present_one_until_a_registration_says_it() -> None:
    now = a_case(CaseStatus.IDENTIFIED, risk=Risk.HIGH)
    assert as_it_stood.case(now, LIFE[:1], on(0)).risk is Risk.HIGH


CLOSURES = [
    ([], None),
    (
        [fact("goals.achieved", 1, closure_id=str(WAY), settled_at=on(29).isoformat())],
        Closure(WAY, ClosureState.SETTLING, settled_at=on(29)),
    ),
    ([fact("gains.lost", 2, closure_id=str(WAY))], Closure(WAY, ClosureState.LOST)),
    (
        [
            fact("plan.agreed", 1),
            LIFE[9],
            fact("closure.passed-to-stand-in", 12, closure_id=str(WAY)),
            fact("case.closed", 14, closure_id=str(WAY), approved_by="mona"),
            fact("look-back.recorded", 100, closure_id=str(WAY)),
            fact("retention.set", 101, closure_id=str(WAY), until=on(4000).isoformat()),
        ],
        Closure(
            WAY,
            ClosureState.CLOSED,
            ground=Ground.FAMILY_ABLE,
            requested_by="sara",
            requested_at=on(11),
            passed_to_stand_in_at=on(12),
            decided_by="mona",
            closed_at=on(14),
            looked_back_at=on(100),
            erase_at=on(4000),
        ),
    ),
    (
        [LIFE[12], fact("look-back.unanswered", 110, closure_id=str(WAY))],
        Closure(
            WAY,
            ClosureState.CLOSED,
            decided_by="sal",
            closed_at=on(14),
            looked_back_at=on(110),
        ),
    ),
    (
        [LIFE[9], fact("closure.declined", 12, closure_id=str(WAY))],
        Closure(
            WAY,
            ClosureState.DECLINED,
            ground=Ground.FAMILY_ABLE,
            requested_by="sara",
            requested_at=on(11),
            decided_by="sofi",
        ),
    ),
]


@pytest.mark.parametrize(("facts", "way"), CLOSURES)
def test_every_way_to_the_end_is_told_as_far_as_it_had_come(facts, way) -> None:
    assert as_it_stood.closures(facts) == ([] if way is None else [way])


def an_action(kind: ActionKind = ActionKind.PLANNED) -> Action:
    """As it is now: done."""
    done = {"state": ActionState.COMPLETED, "started_at": on(2), "done_at": on(3)}
    return Action(OWN, kind, Bearer.CASEWORKER, on(30), **done)


AGREED, URGENT = fact("action.agreed", 1, subject=OWN), fact("urgent-action.agreed", 1, subject=OWN)
STARTED, DONE = fact("action.started", 2, subject=OWN), fact("action.completed", 3, subject=OWN)
OTHER = fact("action.completed", 3, subject=UUID(int=6))
ANEW = fact("plan.replaced", 4)
PLANNED = ActionKind.PLANNED

# kind, what was known, then state, whether it had begun, whether it was done; None: not agreed on yet
ACTIONS = [
    (PLANNED, [], None),
    (PLANNED, [fact("action.agreed", 1, subject=UUID(int=6)), STARTED, ANEW], None),
    (PLANNED, [AGREED], (ActionState.AGREED, False, False)),
    (PLANNED, [AGREED, OTHER], (ActionState.AGREED, False, False)),
    (
        PLANNED,
        [AGREED, fact("follow-up.recorded", 2, subject=OWN)],
        (ActionState.AGREED, False, False),
    ),
    (PLANNED, [AGREED, STARTED], (ActionState.STARTED, True, False)),
    (PLANNED, [AGREED, STARTED, DONE], (ActionState.COMPLETED, True, True)),
    (PLANNED, [AGREED, STARTED, ANEW], (ActionState.REPLACED, True, False)),
    (PLANNED, [AGREED, fact("case.reopened", 4)], (ActionState.REPLACED, False, False)),
    (PLANNED, [AGREED, DONE, ANEW], (ActionState.COMPLETED, False, True)),  # done stays done
    (ActionKind.URGENT, [URGENT, fact("case.reopened", 4)], (ActionState.REPLACED, False, False)),
    (ActionKind.URGENT, [URGENT, ANEW], (ActionState.AGREED, False, False)),  # of no plan
]


@pytest.mark.parametrize(("kind", "facts", "stood"), ACTIONS)
def test_action_stands_as_far_as_it_had_come(kind, facts, stood) -> None:
    found = as_it_stood.actions([an_action(kind)], facts)
    if stood is None:
        assert found == []
        return
    (action,) = found
    state, begun, done = stood
    assert action.state is state
    assert action.started_at == (on(2) if begun else None)
    assert action.done_at == (on(3) if done else None)


FIRST, NEXT = fact("follow-up.agreed", 1, subject=OWN), fact("follow-up.continued", 15, subject=OWN)
QUICK = fact("follow-up.quickened", 16, subject=OWN)
NO_DUTY = fact("follow-up.continued", 20, subject=OWN)  # from before such duties were set
DUE = {FIRST.id: on(14), NEXT.id: on(29), QUICK.id: on(18)}

# what was known, then when the next one was due, when the last had been, whether the plan had gone
TRACKS = [
    ([], None),
    ([ANEW], None),  # another plan, before this line was agreed on
    ([fact("follow-up.agreed", 1, subject=UUID(int=6))], None),
    ([FIRST], (on(14), None, False)),
    ([FIRST, NEXT], (on(29), on(15), False)),
    ([FIRST, NEXT, QUICK], (on(18), on(15), False)),
    ([FIRST, ANEW], (on(14), None, True)),
    ([FIRST, fact("follow-up.recorded", 15, subject=OWN)], (on(14), None, False)),
    ([FIRST, NO_DUTY], (on(14), on(20), False)),
]


@pytest.mark.parametrize(("facts", "stood"), TRACKS)
def test_line_of_follow_ups_stands_with_the_date_that_held(facts, stood) -> None:
    now = Track(OWN, Person.CHILD, Method.CALL, on(1), on(99), last_at=on(98), replaced=True)
    duties = [a_deadline(anchor_id=anchor, due_at=due_at) for anchor, due_at in DUE.items()]
    found = as_it_stood.tracks([now], facts, duties)
    told = [(each.next_due, each.last_at, each.replaced) for each in found]
    assert told == ([] if stood is None else [stood])


def test_consent_covers_from_its_recording_until_its_withdrawal_is_known() -> None:
    given = Consent(OWN, Person.MOTHER, "referral", ConsentForm.WRITTEN, on(1), withdrawn_at=on(3))
    assert as_it_stood.consents([given], on(0)) == []
    (before,), (after,) = (as_it_stood.consents([given], on(day)) for day in (2, 3))
    assert (before.withdrawn_at, after.withdrawn_at) == (None, on(3))


# The anchor of `a_deadline` is its own fact: recorded an hour late, as people write things up.
ASKED = Known(a_deadline().anchor_id, "asked", NINE, NINE + hours(1), "amal", "", {})
DID = Known(UUID(int=9), "done", NINE + hours(5), NINE + hours(8), "amal", "", {})
MET = meet(a_deadline(), NINE + hours(5))
ENDED = Change(MET.id, "met", "done", NINE + hours(5))
STANDING = a_case(caseworker_id="amal")


def stood_at(hour: float, *duties: Any, changes: Any = (), facts: Any = (ASKED, DID)) -> Any:
    return as_it_stood.deadlines(duties, changes, facts, STANDING, NINE + hours(hour))


def test_duty_stands_once_its_fact_is_known_and_until_its_end_is_known() -> None:
    assert stood_at(0.5, MET, changes=[ENDED]) == []
    (still_open,) = stood_at(7, MET, changes=[ENDED])
    assert (still_open.state, still_open.settled_at) == (DeadlineState.OPEN, None)
    assert stood_at(8, MET, changes=[ENDED]) == [MET]


def test_end_is_known_as_it_came_where_no_fact_tells_of_it() -> None:
    """A waiver, a pause: decided at the very instant."""
    let_go = Change(MET.id, "waived", "other", NINE + hours(5))
    other = Change(UUID(int=99), "met", "done", NINE + hours(2))
    seen = Change(MET.id, "acknowledged", "acknowledged", NINE + hours(2))
    for changes in ([other, seen, let_go], []):
        assert stood_at(5, MET, changes=changes) == [MET]
        (before,) = stood_at(4, MET, changes=changes)
        assert before.state is DeadlineState.OPEN


def test_open_duty_of_an_unknown_fact_stands_from_its_anchor_on() -> None:
    assert stood_at(0, a_deadline(), facts=[]) == [a_deadline()]
    assert stood_at(-1, a_deadline(), facts=[]) == []


def test_successor_stands_from_the_instant_at_which_the_old_one_fell_away() -> None:
    later = a_deadline(id=UUID(int=41), due_at=NINE + hours(60), version=2)
    old = cancel(a_deadline(), NINE + hours(6), successor=later.id)
    moved = Change(old.id, "moved", "changed", NINE + hours(6))
    (stood,) = stood_at(5, old, later, changes=[moved])
    assert (stood.id, stood.state, stood.successor_id) == (old.id, DeadlineState.OPEN, None)
    assert stood_at(6, old, later, changes=[moved]) == [old, later]


def test_who_had_taken_it_up_is_known_from_then_on() -> None:
    taken = acknowledge(a_deadline(), "sami", NINE + hours(3))
    (before,), (after,) = (stood_at(hour, taken) for hour in (2, 3))
    assert (before.acknowledged_by, before.acknowledged_at) == (None, None)
    assert after == taken


def test_duty_was_borne_by_who_had_the_case_before_it_was_handed_over() -> None:
    borne = Responsible("south", Role.CASEWORKER, "sara")
    duty = a_deadline(responsible=borne)
    handed = Change(duty.id, HANDED_OVER, "case.assigned", NINE + hours(10))
    other = Change(UUID(int=99), HANDED_OVER, "case.assigned", NINE + hours(20))
    (before,) = stood_at(9, duty, changes=[handed, other])
    assert before.responsible == Responsible("north", Role.CASEWORKER, "amal")
    (after,) = stood_at(10, duty, changes=[handed, other])
    assert after.responsible == borne
    unnamed = a_deadline(responsible=Responsible("south", Role.MANAGER, "mats"))
    (kept,) = stood_at(9, unnamed, changes=[handed])
    assert kept.responsible == Responsible("north", Role.MANAGER, "mats")
