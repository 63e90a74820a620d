"""When a case may close, who decides, and what comes after."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from domain.case import ClosureState, StepOutOfOrder
from domain.closure import (
    ApprovedByRequester,
    ClosureAwaitsSupervisor,
    ClosureNotRequested,
    DeathOnRecord,
    GoalsAlreadyAchieved,
    GoalsNotAchieved,
    LookBackMissing,
    LookBackNotOwed,
    NotTriedEnough,
    approve,
    archive,
    can_begin,
    decline,
    demand_heard,
    demand_unheard,
    has_died,
    look_back,
    look_back_in_vain,
    lose_gains,
    of,
    pass_to_stand_in,
    reopen,
    request,
    settle,
)
from domain.closure_grounds import GainsNotSettled, Grounds
from domain.errors import Hidden, Malformed
from domain.policy import Limit
from domain.recording import OccurredInFuture
from domain.vocabulary import CaseStatus, Ground, Risk, Role
from tests.domain.case_builders import (
    CASEWORKER,
    MANAGER,
    NOW,
    PACK,
    SUPERVISOR,
    a_case,
    a_viewer,
    words_of,
)

ID, DAY = UUID(int=7), timedelta(days=1)
LATER = NOW + 3650 * DAY
SETTLED = NOW + 27 * DAY + timedelta(hours=23)  # four weeks by the wall clock, summer time between


def said(ground=Ground.GOALS_ACHIEVED, **changes) -> Grounds:
    return replace(
        Grounds(ground, True, True, how_to_come_back="By phone", no_transfer_because="None there"),
        **changes,
    )


def asked(by="amal-h", ground=Ground.MOVED_AWAY, status=CaseStatus.ACTIVE):
    evidence = said(ground, died_on=NOW.date(), suspected=False)
    return request(a_case(status), evidence, by, ID, PACK, NOW)


def closed():
    return approve(asked(), SUPERVISOR, NOW)


def test_gains_settle_for_the_packs_period() -> None:
    case = settle(a_case(), ID, PACK, NOW)
    assert case.closure is not None
    assert case.closure.settled_at == SETTLED
    assert case.status is CaseStatus.ACTIVE


@pytest.mark.parametrize(
    ("after", "is_allowed"),
    [
        (timedelta(), False),
        (SETTLED - NOW - timedelta(seconds=1), False),
        (SETTLED - NOW, True),
    ],
)
def test_closure_is_asked_for_once_the_gains_have_settled(after, is_allowed) -> None:
    case = settle(a_case(), ID, PACK, NOW)
    if is_allowed:
        assert request(case, said(), "amal-h", ID, PACK, NOW + after).status is CaseStatus.CLOSING
    else:
        with pytest.raises(GainsNotSettled):
            request(case, said(), "amal-h", ID, PACK, NOW + after)


def test_goals_nobody_recorded_as_achieved_are_no_ground() -> None:
    with pytest.raises(GainsNotSettled):
        request(a_case(), said(), "amal-h", ID, PACK, NOW)


def test_case_without_supervisor_approval_stays_open() -> None:
    assert asked().status is CaseStatus.CLOSING
    case = approve(asked(), SUPERVISOR, NOW)
    assert case.status is CaseStatus.CLOSED
    assert case.closure is not None
    assert (case.closure.decided_by, case.closure.closed_at) == ("sofia-k", NOW)


@pytest.mark.parametrize("requester", [CASEWORKER, SUPERVISOR])
def test_whoever_asks_does_not_approve(requester) -> None:
    case = asked(by=requester.staff_id)
    with pytest.raises(ApprovedByRequester):
        approve(case, requester, NOW)
    with pytest.raises(ApprovedByRequester):
        decline(case, requester)


@pytest.mark.parametrize(
    "stranger",
    [
        a_viewer("carl-w", Role.CASEWORKER),  # a colleague
        a_viewer("sven-s", Role.SUPERVISOR),  # another supervisor
        a_viewer("mats-m", Role.MANAGER, agency="south"),  # another agency's manager
    ],
)
def test_nobody_else_decides(stranger) -> None:
    with pytest.raises(Hidden):
        approve(asked(), stranger, NOW)


def test_manager_decides_only_once_it_has_passed_to_the_stand_in() -> None:
    with pytest.raises(ClosureAwaitsSupervisor):
        approve(asked(), MANAGER, NOW)
    passed = pass_to_stand_in(asked(), NOW)
    assert passed is not None
    assert approve(passed, MANAGER, NOW).status is CaseStatus.CLOSED


def test_stand_in_who_asked_does_not_approve_either() -> None:
    passed = pass_to_stand_in(asked(by="mona-m"), NOW)
    assert passed is not None
    with pytest.raises(ApprovedByRequester):
        approve(passed, MANAGER, NOW)


def test_request_passes_to_the_stand_in_once_and_only_while_undecided() -> None:
    passed = pass_to_stand_in(asked(), NOW)
    assert passed is not None
    assert pass_to_stand_in(passed, NOW) is None
    assert pass_to_stand_in(closed(), NOW) is None
    assert pass_to_stand_in(a_case(), NOW) is None


def test_declined_closure_leaves_the_case_where_it_stood() -> None:
    case, declined = decline(asked(status=CaseStatus.PLANNING), SUPERVISOR)
    assert (case.status, case.closure) == (CaseStatus.PLANNING, None)
    assert declined.state is ClosureState.DECLINED


def test_nothing_is_approved_that_nobody_asked_for() -> None:
    with pytest.raises(ClosureNotRequested):
        approve(a_case(), SUPERVISOR, NOW)
    with pytest.raises(ClosureNotRequested):
        approve(settle(a_case(), ID, PACK, NOW), SUPERVISOR, NOW)


def test_gains_that_are_lost_end_the_settling() -> None:
    case, lost = lose_gains(settle(a_case(), ID, PACK, NOW))
    assert case.closure is None
    assert lost.state is ClosureState.LOST
    with pytest.raises(GoalsNotAchieved):
        lose_gains(case)


def test_goals_are_achieved_once() -> None:
    with pytest.raises(GoalsAlreadyAchieved):
        settle(settle(a_case(), ID, PACK, NOW), ID, PACK, NOW)


def test_file_is_archived_after_the_look_back() -> None:
    with pytest.raises(LookBackMissing):
        archive(closed())
    after = NOW + 90 * DAY
    kept = archive(look_back(closed(), after, after), LATER)
    assert kept.status is CaseStatus.ARCHIVED
    assert of(kept).erase_at == LATER


def test_nobody_looks_back_with_a_child_who_has_died() -> None:
    case = approve(asked(ground=Ground.DIED), SUPERVISOR, NOW)
    assert archive(case).status is CaseStatus.ARCHIVED
    assert of(archive(case)).erase_at is None


def test_child_has_died_once_that_is_the_ground_that_was_asked_for() -> None:
    assert not has_died(a_case())
    assert not has_died(closed())
    assert has_died(asked(ground=Ground.DIED))


def test_closure_begins_on_a_case_in_work_on_which_none_is_under_way() -> None:
    assert can_begin(a_case())
    assert not can_begin(settle(a_case(), ID, PACK, NOW))
    assert not can_begin(a_case(CaseStatus.CLOSED))


@pytest.mark.parametrize(
    ("said", "words", "field", "allowed"),
    [
        ((None, True, "Well."), "Say when you spoke with child or family.", "occurred_at", None),
        ((NOW, None, "Well."), "Say whether the gains hold.", "gains_hold", ("true", "false")),
        ((NOW, False, ""), "Say what child and family had to say.", "feedback", None),
    ],
)
def test_look_back_says_when_it_was_and_what_was_said(said, words, field, allowed) -> None:
    with pytest.raises(Malformed) as refused:
        demand_heard(*said)
    assert words_of(refused) == (words, field, allowed)
    assert demand_heard(NOW, False, "Not so well.") == (NOW, False)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ((NOW, None, ""), "occurred_at"),
        ((None, False, ""), "gains_hold"),
        ((None, None, "Well."), "feedback"),
    ],
)
def test_look_back_that_reached_nobody_has_nothing_to_tell(said, field) -> None:
    with pytest.raises(Malformed) as refused:
        demand_unheard(*said)
    assert words_of(refused) == ("Nobody was reached who could say so.", field, ("left out",))
    demand_unheard(None, None, "")


def test_look_back_with_a_child_who_has_died_is_refused() -> None:
    case = approve(asked(ground=Ground.DIED), SUPERVISOR, NOW)
    with pytest.raises(LookBackNotOwed) as refused:
        look_back(case, NOW, NOW)
    assert refused.value.code == "look-back-not-owed"
    assert str(refused.value) == "Nobody looks back with a child who has died."
    with pytest.raises(LookBackNotOwed):
        look_back_in_vain(case, [NOW, NOW + 28 * DAY, NOW + 29 * DAY], PACK, LATER)


def test_nobody_is_held_to_be_out_of_reach_without_serious_attempts() -> None:
    periods = {**PACK.periods, "engagement": Limit.parse("4 weeks")}
    asks_three = replace(PACK, figures={"engagement-attempts": 3}, periods=periods)
    tried = [NOW, NOW + DAY, NOW + 29 * DAY]
    case = look_back_in_vain(closed(), tried, asks_three, LATER)
    assert case == replace(closed(), closure=replace(of(closed()), looked_back_at=LATER))
    assert archive(case).status is CaseStatus.ARCHIVED
    before = NOW - timedelta(microseconds=1)
    for too_little in ([], tried[:2], [before, *tried[1:]]):
        with pytest.raises(NotTriedEnough) as refused:
            look_back_in_vain(closed(), too_little, asks_three, LATER)
        assert (refused.value.code, refused.value.field) == ("not-tried-enough", "someone_reached")
        assert refused.value.allowed == ("3 attempts, the last 4 weeks after the first or later",)
    assert str(refused.value).startswith("Before nobody is held to be reachable")
    undated = replace(closed(), closure=replace(of(closed()), closed_at=None))
    assert (
        of(look_back_in_vain(undated, [before, *tried[1:]], asks_three, LATER)).looked_back_at
        == LATER
    )
    with pytest.raises(StepOutOfOrder):
        look_back_in_vain(a_case(), tried, asks_three, LATER)


def test_case_of_a_child_who_died_comes_back_only_where_that_was_an_error() -> None:
    died = approve(asked(ground=Ground.DIED), SUPERVISOR, NOW)
    for ended in (died, archive(died)):
        with pytest.raises(DeathOnRecord) as refused:
            reopen(ended, Risk.HIGH)
        assert (refused.value.code, refused.value.field) == (
            "death-on-record", "death_recorded_in_error",
        )  # fmt: skip
        assert refused.value.allowed == ("true",)
        assert reopen(ended, Risk.HIGH, death_in_error=True).status is CaseStatus.REGISTERED
    assert str(refused.value) == (
        "The child has died, says the record: such a case comes back only where that was recorded in error."
    )


def test_look_back_comes_after_the_closure_and_not_in_the_future() -> None:
    with pytest.raises(OccurredInFuture):
        look_back(closed(), NOW + DAY, NOW)
    with pytest.raises(Malformed):
        look_back(closed(), NOW - DAY, NOW)
    with pytest.raises(StepOutOfOrder):
        look_back(a_case(), NOW, NOW)


def test_case_comes_back_under_the_same_reference_to_be_assessed_anew() -> None:
    again = reopen(closed(), Risk.HIGH)
    assert (again.ref, again.status, again.risk) == (a_case().ref, CaseStatus.REGISTERED, Risk.HIGH)
    assert again.times_reopened == 1
    with pytest.raises(StepOutOfOrder):
        reopen(a_case(), Risk.HIGH)


def test_case_without_a_way_towards_its_end_has_none_to_speak_of() -> None:
    with pytest.raises(ClosureNotRequested):
        of(a_case())
