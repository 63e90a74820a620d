"""Help that waits, appointments that did not take place, providers that cannot help after all."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from domain import referral_interruptions as interrupted
from domain import referring
from domain.calendars import WorkCalendar
from domain.errors import Malformed
from domain.policy import Limit, Pack
from domain.referral import Detail, Referral
from domain.referral_reasons import FailReason, HoldReason, MissedBecause
from domain.referral_states import ReferralNotInState
from domain.vocabulary import Bearer, ReferralState
from tests.domain.case_builders import words_of
from tests.domain.test_referring import HOUR, NOW, asked, served

PLAIN = Pack("test", 1, "Test", WorkCalendar("UTC", frozenset(), frozenset(), "test"), {}, {})
PACK = replace(
    PLAIN,
    periods={"longest-referral-hold": Limit.parse("2 weeks")},
    figures={"missed-appointments": 2},
)
WEEK = timedelta(weeks=1)
UNWELL = HoldReason.CHILD_UNWELL
LATER = NOW + 2 * HOUR


def accepted() -> Referral:
    return referring.accept(asked(), NOW)


def booked(at: datetime = NOW + HOUR) -> Referral:
    return referring.book(accepted(), at, NOW)


def held() -> Referral:
    return interrupted.hold(booked(), UNWELL, NOW + WEEK, NOW, PACK)


def test_a_hold_has_an_end_and_takes_the_appointment_off() -> None:
    referral = held()
    assert (referral.state, referral.hold_until) == (ReferralState.ON_HOLD, NOW + WEEK)
    assert (referral.appointment_at, referral.detail) == (None, Detail.EVENT_CANCELLED)


def test_a_hold_before_any_appointment_cancels_none() -> None:
    assert interrupted.hold(accepted(), UNWELL, NOW + WEEK, NOW, PACK).detail is None
    missed = interrupted.miss_appointment(booked(), NOW + HOUR, MissedBecause.CHILD_ABSENT, LATER)
    waiting = interrupted.hold(missed, UNWELL, NOW + WEEK, NOW, PACK)
    assert waiting.detail is Detail.NOT_ATTENDED  # what was known stays


def test_a_hold_may_last_until_the_packs_limit_itself() -> None:
    last = interrupted.longest_hold(PACK, NOW)
    assert last == NOW + 2 * WEEK
    assert interrupted.hold(accepted(), UNWELL, last, NOW, PACK).hold_until == last


@pytest.mark.parametrize("until", [NOW, NOW - HOUR, NOW + 2 * WEEK + HOUR])
def test_a_hold_ends_after_now_and_within_the_packs_limit(until: datetime) -> None:
    with pytest.raises(Malformed) as refused:
        interrupted.hold(accepted(), UNWELL, until, NOW, PACK)
    assert words_of(refused) == (
        "Help waits for a while, not for good.",
        "until",
        (f"until {(NOW + 2 * WEEK).isoformat()}",),
    )


def test_where_the_pack_sets_no_limit_people_agree_on_one() -> None:
    assert interrupted.longest_hold(PLAIN, NOW) is None
    until = NOW + 50 * WEEK
    assert interrupted.hold(accepted(), UNWELL, until, NOW, PLAIN).hold_until == until
    with pytest.raises(Malformed) as refused:
        interrupted.hold(accepted(), UNWELL, NOW, NOW, PLAIN)
    assert refused.value.allowed is None


def test_nothing_waits_before_acceptance_or_once_help_was_given() -> None:
    for referral in (asked(), served(), held()):
        with pytest.raises(ReferralNotInState) as refused:
            interrupted.hold(referral, UNWELL, NOW + WEEK, NOW, PACK)
        assert refused.value.field == "state"
    given = "The service has been given: nothing waits."
    with pytest.raises(ReferralNotInState, match=f"^{given}$"):
        interrupted.hold(served(), UNWELL, NOW + WEEK, NOW, PACK)


def test_help_waits_for_a_reason_of_waiting_and_fails_for_one_of_failing() -> None:
    with pytest.raises(Malformed) as refused:
        interrupted.hold(accepted(), FailReason.SERVICE_ENDED, NOW + WEEK, NOW, PACK)  # type: ignore[arg-type]
    assert refused.value.allowed == tuple(sorted(HoldReason))
    with pytest.raises(Malformed) as refused:
        interrupted.fail(accepted(), UNWELL, NOW)  # type: ignore[arg-type]
    assert refused.value.allowed == tuple(sorted(FailReason))


def test_on_hold_it_is_resumed_before_anything_else() -> None:
    for go_on in (
        lambda: referring.book(held(), NOW + HOUR, NOW),
        lambda: referring.serve(held(), NOW, NOW),
    ):
        with pytest.raises(ReferralNotInState) as refused:
            go_on()
        assert words_of(refused) == ("It is on hold: resume it first.", "state", ("in-progress",))
    resumed = interrupted.resume(held())
    assert (resumed.state, resumed.hold_until) == (ReferralState.IN_PROGRESS, None)
    assert referring.book(resumed, NOW + HOUR, NOW).appointment_at == NOW + HOUR


def test_only_what_is_on_hold_is_resumed() -> None:
    with pytest.raises(ReferralNotInState) as refused:
        interrupted.resume(accepted())
    assert words_of(refused) == ("This is not on hold.", "state", None)


@pytest.mark.parametrize("referral", [accepted(), booked(), held()])
def test_a_provider_may_find_that_it_cannot_help(referral: Referral) -> None:
    failed = interrupted.fail(referral, FailReason.SERVICE_ENDED, LATER)
    assert failed == replace(
        referral,
        state=ReferralState.FAILED,
        ended_at=LATER,
        ended_because="service-ended",
        hold_until=None,
    )


def test_help_that_was_given_has_not_failed_and_what_was_not_taken_up_is_rejected_instead() -> None:
    for referral in (served(), asked()):
        with pytest.raises(ReferralNotInState):
            interrupted.fail(referral, FailReason.SERVICE_ENDED, NOW)
    with pytest.raises(ReferralNotInState) as refused:
        interrupted.fail(served(), FailReason.SERVICE_ENDED, NOW)
    assert words_of(refused) == ("The service has been given already.", "state", None)


@pytest.mark.parametrize(
    ("because", "detail"),
    [
        (MissedBecause.CHILD_ABSENT, Detail.NOT_ATTENDED),
        (MissedBecause.PROVIDER_ABSENT, Detail.NOT_ATTENDED),
        (MissedBecause.CANCELLED, Detail.EVENT_CANCELLED),
    ],
)
def test_an_appointment_that_did_not_take_place(because: MissedBecause, detail: Detail) -> None:
    before = replace(booked(), missed=1)
    for now in (NOW + HOUR, LATER):  # from the moment when it was to begin
        missed = interrupted.miss_appointment(before, NOW + HOUR, because, now)
        assert missed == replace(before, detail=detail, appointment_at=None, missed=2)


def test_before_its_time_an_appointment_is_cancelled_and_not_missed() -> None:
    with pytest.raises(Malformed) as refused:
        interrupted.miss_appointment(booked(), NOW + HOUR, MissedBecause.CHILD_ABSENT, NOW)
    assert words_of(refused) == (
        "Before its time an appointment can only be cancelled.",
        "because",
        ("cancelled",),
    )
    off = interrupted.miss_appointment(booked(), NOW + HOUR, MissedBecause.CANCELLED, NOW)
    assert off.detail is Detail.EVENT_CANCELLED


def test_a_page_of_yesterday_misses_no_new_appointment() -> None:
    with pytest.raises(Malformed) as refused:
        interrupted.miss_appointment(booked(), NOW, MissedBecause.CANCELLED, NOW)
    assert words_of(refused) == (
        "Another appointment is booked now.",
        "appointment_at",
        ((NOW + HOUR).isoformat(),),
    )


@pytest.mark.parametrize(
    "referral",
    [
        accepted(),
        held(),
        asked(),
        replace(booked(), appointment_at=None),  # missed before
        replace(booked(), state=ReferralState.CANCELLED),  # it ended with its appointment
    ],
)
def test_without_an_appointment_there_is_none_to_miss(referral: Referral) -> None:
    with pytest.raises(ReferralNotInState) as refused:
        interrupted.miss_appointment(referral, NOW + HOUR, MissedBecause.CANCELLED, NOW)
    assert words_of(refused) == ("No appointment is booked.", "state", None)


@pytest.mark.parametrize(
    ("missed", "figure", "often"),
    [
        (0, 2, False),
        (1, 2, False),
        (2, 2, True),
        (3, 2, False),
        (4, 2, True),
        (1, 1, True),
        (2, 0, False),  # the pack says nothing
    ],
)
def test_every_so_many_missed_appointments_are_looked_at(
    missed: int, figure: int, often: bool
) -> None:
    pack = replace(PLAIN, figures={"missed-appointments": figure} if figure else {})
    assert interrupted.is_missed_too_often(replace(booked(), missed=missed), pack) is often


def test_somebody_goes_with_the_child_only_where_that_was_asked() -> None:
    wished = replace(accepted(), accompany=Bearer.MOTHER, accompany_by=NOW + HOUR)
    assert referring.accompany(wished, Bearer.MOTHER).accompanied_by is Bearer.MOTHER
    for referral in (accepted(), replace(wished, state=ReferralState.CANCELLED)):
        with pytest.raises(ReferralNotInState) as refused:
            referring.accompany(referral, Bearer.MOTHER)
        assert words_of(refused) == ("Nobody is asked to go with the child.", "state", None)
