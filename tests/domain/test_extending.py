"""More time, pauses and waivers: who asks, who decides, and what becomes of the due instant."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import extending as rules
from domain.deadlines import Responsible, meet
from domain.disclosure import Custody, Viewer
from domain.errors import Hidden, Malformed
from domain.extending import Kind, Request, Right, Why
from domain.policy import Limit, Rung
from domain.vocabulary import DeadlineState, Role, SubjectType
from tests.domain.deadline_builders import CASE, MOMENT, NINE, a_deadline, a_pack, a_rule, hours

NORTH, HELP = "agency-north", "harbour-help"
CUSTODY = Custody(NORTH, "team-a", "amal", "sami")
PAUSABLE = a_pack(a_rule(pause_limit=Limit.parse("10 days")))
NONE = timedelta(0)


def a_viewer(staff_id: str, *roles: Role, agency: str = NORTH, team: str = "team-b") -> Viewer:
    return Viewer(staff_id, agency, team, frozenset(roles))


def a_request(kind: Kind = Kind.EXTENSION, **changes) -> Request:
    until = NINE + hours(72)
    request = Request(
        UUID(int=7), a_deadline().id, CASE, kind, Why.WORKER_AWAY, "amal", NINE, until=until
    )
    return replace(request, **changes)


def a_past_pause(length: timedelta) -> Request:
    """It ended as the week began."""
    monday = NINE - hours(9)
    return a_request(Kind.PAUSE, decided_at=monday - length, until=monday)


SEE, ASK, DECIDE = Right.SEE, Right.ASK, Right.DECIDE
OWN, PROVIDERS, LEADERS = (Role.CASEWORKER, NORTH), (Role.PROVIDER, HELP), (Role.MANAGER, NORTH)
HEADS = (Role.AGENCY_HEAD, NORTH)
# who, whose duty it is, what she may
RIGHTS = [
    (a_viewer("amal", Role.CASEWORKER), OWN, {SEE, ASK}),
    (a_viewer("sami", Role.SUPERVISOR), OWN, {SEE, ASK, DECIDE}),
    (a_viewer("mona", Role.MANAGER), OWN, {SEE, DECIDE}),
    (a_viewer("hana", Role.AGENCY_HEAD), OWN, {SEE, DECIDE}),
    (a_viewer("carl", Role.CASEWORKER, team="team-a"), OWN, {SEE}),
    (a_viewer("cleo", Role.CASEWORKER), OWN, set()),
    (a_viewer("mats", Role.MANAGER, agency="agency-south"), OWN, set()),
    (a_viewer("opal", Role.OPERATIONS, agency="throughline"), OWN, {SEE}),
    (a_viewer("pia", Role.PROVIDER, agency=HELP), OWN, set()),
    (a_viewer("pia", Role.PROVIDER, agency=HELP), PROVIDERS, {SEE, ASK}),
    (a_viewer("lead", Role.SUPERVISOR, agency=HELP), PROVIDERS, {SEE, ASK}),
    (a_viewer("boss", Role.MANAGER, agency=HELP), PROVIDERS, {SEE, ASK}),
    (a_viewer("other", Role.PROVIDER, agency="bridge"), PROVIDERS, set()),
    (a_viewer("amal", Role.CASEWORKER), PROVIDERS, {SEE}),
    (a_viewer("sami", Role.SUPERVISOR), PROVIDERS, {SEE, DECIDE}),
    (a_viewer("mona", Role.MANAGER), LEADERS, {SEE, ASK, DECIDE}),
    (a_viewer("amal", Role.CASEWORKER), LEADERS, {SEE}),
    (a_viewer("hana", Role.AGENCY_HEAD), HEADS, {SEE, ASK, DECIDE}),
    (a_viewer("amal", Role.CASEWORKER), HEADS, {SEE}),
]


@pytest.mark.parametrize(("viewer", "bearer", "expected"), RIGHTS)
def test_who_may_see_ask_and_decide(viewer, bearer, expected) -> None:
    duty = a_deadline(responsible=Responsible(bearer[1], bearer[0]))
    assert rules.rights(viewer, CUSTODY, duty) == expected
    if ASK in expected:
        rules.demand(viewer, CUSTODY, duty, ASK)
    else:
        with pytest.raises(Hidden):
            rules.demand(viewer, CUSTODY, duty, ASK)


# kind, until after nine o'clock, now after nine o'clock, paused before, what is refused (due after 48 hours)
ASKED = [
    (Kind.EXTENSION, hours(49), NONE, NONE, None),
    (Kind.EXTENSION, hours(48), NONE, NONE, Malformed),
    (Kind.EXTENSION, None, NONE, NONE, Malformed),
    (Kind.EXTENSION, hours(60), hours(59), NONE, None),  # overdue already
    (Kind.EXTENSION, hours(60), hours(60), NONE, Malformed),
    (Kind.WAIVER, None, NONE, NONE, rules.NotWaivable),  # about the whole case
    (Kind.PAUSE, hours(240), NONE, NONE, None),
    (Kind.PAUSE, hours(241), NONE, NONE, Malformed),
    (Kind.PAUSE, hours(240), NONE, hours(1), Malformed),
    (Kind.PAUSE, hours(0), NONE, NONE, Malformed),
    (Kind.PAUSE, None, NONE, NONE, Malformed),
    (Kind.PAUSE, hours(72), hours(49), NONE, rules.DuePassed),
]


@pytest.mark.parametrize(("kind", "until", "now", "paused", "refusal"), ASKED)
def test_what_may_be_asked_for(kind, until, now, paused, refusal) -> None:
    instant = None if until is None else NINE + until
    told = (a_deadline(), PAUSABLE, kind, instant, NINE + now, [a_past_pause(paused)])
    if refusal is None:
        rules.demand_askable(*told)
        return
    with pytest.raises(refusal):
        rules.demand_askable(*told)


@pytest.mark.parametrize("subject", list(SubjectType))
def test_what_a_case_lives_by_is_never_let_go(subject: SubjectType) -> None:
    duty = a_deadline(subject_type=subject)
    asked = (duty, PAUSABLE, Kind.WAIVER, None, NINE + hours(60))  # overdue already
    if subject not in (SubjectType.ACTION, SubjectType.REFERRAL):
        with pytest.raises(rules.NotWaivable):
            rules.demand_askable(*asked)
    else:
        rules.demand_askable(*asked)


def test_settled_duty_is_left_alone() -> None:
    met = meet(a_deadline(), NINE)
    with pytest.raises(rules.DutySettled):
        rules.demand_askable(met, PAUSABLE, Kind.WAIVER, None, NINE)


def test_pause_is_refused_where_the_pack_names_no_limit() -> None:
    asked = (Kind.PAUSE, NINE + hours(5), NINE)
    with pytest.raises(rules.PauseNotAllowed) as refused:
        rules.demand_askable(a_deadline(), a_pack(), *asked)
    assert refused.value.allowed == ()
    [(step, rule)] = PAUSABLE.steps.items()
    others = {"other": a_pack().steps[step], "later": rule, "earlier": rule}
    with pytest.raises(rules.PauseNotAllowed) as refused:
        rules.demand_askable(a_deadline(step="other"), replace(PAUSABLE, steps=others), *asked)
    assert refused.value.allowed == ("earlier", "later")


def test_clock_that_stands_is_not_stopped_again() -> None:
    """Or the days that two pauses share would be given twice."""
    asked = (a_deadline(), PAUSABLE, Kind.PAUSE, NINE + hours(5), NINE)
    running = a_request(Kind.PAUSE, until=NINE + MOMENT, decided_at=NINE)
    with pytest.raises(rules.AlreadyPaused):
        rules.demand_askable(*asked, [running])
    rules.demand_askable(*asked, [replace(running, until=NINE)])
    # More time came after it: the new due instant is a date, and the pause is over with it.
    rules.demand_askable(*asked, [a_request(decided_at=NINE), running])


def test_only_pauses_make_a_clock_stand() -> None:
    pauses = [a_past_pause(hours(3)), a_past_pause(hours(4))]
    others = [
        a_request(decided_at=NINE),
        a_request(Kind.PAUSE),  # not decided yet
        a_request(Kind.WAIVER, until=None, decided_at=NINE),
        a_request(Kind.PAUSE, until=None, decided_at=NINE),
    ]
    assert rules.stood_still([*pauses, *others]) == hours(7)
    assert rules.stood_still([]) == NONE


def test_four_eyes_decide_once() -> None:
    with pytest.raises(rules.ApprovedByRequester):
        rules.decide(a_request(), "amal", NINE, approved=True)
    decided = rules.decide(a_request(), "sami", NINE, approved=False)
    assert (decided.state, decided.decided_by) == (rules.RequestState.REFUSED, "sami")
    with pytest.raises(rules.RequestDecided):
        rules.decide(decided, "mona", NINE, approved=True)


def test_extension_keeps_the_old_deadline_with_its_successors_id() -> None:
    old = a_deadline(acknowledged_by="sami", acknowledged_at=NINE)
    now = NINE + hours(46)
    before, after = rules.grant(a_request(), old, PAUSABLE, now)
    assert (before.state, before.successor_id) == (DeadlineState.CANCELLED, after.id)
    assert before.due_at == old.due_at
    assert (after.due_at, after.version) == (NINE + hours(72), 2)
    assert after.acknowledged_by is None
    # The half of 72 hours is past; four hours before the new due is not.
    assert [(each.name, each.at - NINE) for each in after.moments] == [
        ("reminder-2", hours(68)),
        ("due", hours(72)),
        ("rung-1", hours(96)),
        ("rung-2", hours(144)),
    ]
    assert after.rule.endswith("extension approved")


def test_waiver_has_no_successor() -> None:
    waived = rules.waive(a_deadline(), NINE)
    assert (waived.state, waived.settled_at) == (DeadlineState.WAIVED, NINE)
    with pytest.raises(LookupError, match=r"^A waiver has no successor\.$"):
        rules.grant(a_request(Kind.WAIVER, until=None), a_deadline(), PAUSABLE, NINE)


@given(st.integers(1, 47), st.integers(1, 190), st.integers(0, 189))
def test_paused_clock_stands_as_long_as_the_pause_lasted(
    begun: int, length: int, used: int
) -> None:
    duty, now = a_deadline(), NINE + hours(begun)
    pause = a_request(Kind.PAUSE, until=now + hours(length))
    _, paused = rules.grant(pause, duty, PAUSABLE, now)
    assert paused.due_at == duty.due_at + hours(length)
    assert all(each.at > pause.until for each in paused.moments)
    if used >= length:
        with pytest.raises(rules.NotPaused):
            rules.resume(pause, paused, PAUSABLE, now + hours(used))
        return
    _, resumed = rules.resume(pause, paused, PAUSABLE, now + hours(used))
    assert resumed.due_at == duty.due_at + hours(used)
    assert resumed.version == 3


def test_pause_of_a_settled_duty_does_not_end() -> None:
    pause = a_request(Kind.PAUSE)
    with pytest.raises(rules.DutySettled):
        rules.resume(pause, meet(a_deadline(), NINE), PAUSABLE, NINE)
    with pytest.raises(rules.NotPaused):
        rules.resume(replace(pause, until=None), a_deadline(), PAUSABLE, NINE)


# done after, what was announced, whether the evidence came late (due after 48 hours)
EVIDENCE = [
    (hours(47), ["reminder-1", "due"], True),
    (hours(47), ["rung-1"], True),
    (hours(47), ["reminder-1"], False),
    (hours(49), ["due"], False),  # done late, which is another thing
]


@pytest.mark.parametrize(("done", "said", "late"), EVIDENCE)
def test_evidence_is_late_when_the_miss_was_announced_before_it(done, said, late) -> None:
    assert rules.is_evidence_late(meet(a_deadline(), NINE + done), said) is late


# what is asked for (due after 48 hours, ten days of pause at most), and what is said of it
SAID = [
    (
        (Kind.EXTENSION, hours(48)),
        ("An extension ends later than the duty falls due.", "new_due", ()),
    ),
    ((Kind.PAUSE, NONE), ("A pause ends later than now.", "until", ())),
    ((Kind.PAUSE, hours(241)), ("The pause is longer than allowed.", "until", ("10 days",))),
]


@pytest.mark.parametrize(("asked", "said"), SAID)
def test_what_cannot_be_granted_is_told_with_its_field_and_what_is_allowed(asked, said) -> None:
    kind, until = asked
    with pytest.raises(Malformed) as refused:
        rules.demand_askable(a_deadline(), PAUSABLE, kind, NINE + until, NINE)
    found = refused.value
    assert (found.detail, found.field, tuple(found.allowed or ())) == said


def test_decision_keeps_who_decided_and_when() -> None:
    for approved, state in (
        (True, rules.RequestState.APPROVED),
        (False, rules.RequestState.REFUSED),
    ):
        decided = rules.decide(a_request(), "sami", NINE + hours(1), approved=approved)
        assert decided == replace(
            a_request(), state=state, decided_by="sami", decided_at=NINE + hours(1)
        )


def test_due_instant_that_lasts_until_now_may_still_be_paused() -> None:
    """At the very instant time is left."""
    asked = (a_deadline(), PAUSABLE, Kind.PAUSE, NINE + hours(60))
    rules.demand_askable(*asked, NINE + hours(48))
    with pytest.raises(rules.DuePassed):
        rules.demand_askable(*asked, NINE + hours(48) + MOMENT)


def test_end_of_a_pause_is_told_by_the_duty_that_follows() -> None:
    duty, now = a_deadline(acknowledged_by="sami", acknowledged_at=NINE), NINE + hours(1)
    pause = a_request(Kind.PAUSE, until=NINE + hours(11))
    stopped, paused = rules.grant(pause, duty, PAUSABLE, now)
    assert (stopped.settled_at, stopped.acknowledged_by) == (now, "sami")
    assert (paused.due_at, paused.rule) == (
        NINE + hours(58),
        "48 hours from asked; pause approved",
    )
    assert (paused.acknowledged_by, paused.acknowledged_at) == (None, None)
    before, after = rules.resume(pause, paused, PAUSABLE, NINE + hours(6))
    assert (before.id, before.settled_at, before.successor_id) == (
        paused.id,
        NINE + hours(6),
        after.id,
    )
    assert after.rule == "48 hours from asked; pause approved; pause ended"
    assert (after.due_at, after.version) == (NINE + hours(53), 3)
    assert len({duty.id, paused.id, after.id}) == 3
    # Known to workflows by them, so that the same request twice is one successor.
    assert rules.grant(pause, duty, PAUSABLE, now)[1].id == paused.id
    # What was left out for the pause comes after all, where it is still ahead.
    assert [each.name for each in after.moments][:2] == ["reminder-1", "reminder-2"]


def test_duty_that_follows_says_nothing_of_the_instant_at_which_it_was_given() -> None:
    """Half of the new time is exactly now."""
    extended = rules.grant(
        a_request(until=NINE + hours(72)), a_deadline(), PAUSABLE, NINE + hours(36)
    )[1]
    assert extended.moments[0].name == "reminder-2"


def test_rungs_of_the_duty_that_follows_are_counted_in_working_days_too() -> None:
    after_a_day = Rung(Role.MANAGER, Limit.parse("1 working days"))
    pack = a_pack(a_rule(ladder=(after_a_day,)))
    friday = NINE + hours(4 * 24)
    _, extended = rules.grant(a_request(until=friday), a_deadline(), pack, NINE)
    assert [each.at for each in extended.moments if each.role is Role.MANAGER] == [
        friday + hours(72)
    ]
