"""A referral in time: asked, declined or met with silence, passed on, ended."""

from datetime import timedelta

from contracts.events import referrals as r
from contracts.events.timekeeping import ReferralFallbackDue
from domain.vocabulary import RejectionReason
from infrastructure.ids import new_id
from tests.workflows.props import (
    CASE,
    a_deadline,
    deadline_cancelled,
    deadline_met,
    deadline_missed,
    deadline_set,
)
from tests.workflows.skipping import MINUTE

REFERRAL = new_id()
KEY = str(REFERRAL)


def requested(at, attempt):
    return r.ReferralRequested(
        case_ref=CASE,
        at=at,
        referral_id=REFERRAL,
        attempt=attempt,
        from_agency_id="agency-north",
        to_agency_id=f"provider-{attempt}",
        offer_id=f"offer-{attempt}",
        need="psychosocial-support",
        urgent=False,
        requested_by="amal-h",
    )


def rejected(at, attempt, reason=RejectionReason.NO_CAPACITY):
    return r.ReferralRejected(
        case_ref=CASE, at=at, referral_id=REFERRAL, attempt=attempt, reason=reason
    )


def exhausted(at):
    return r.ReferralExhausted(
        case_ref=CASE, at=at, referral_id=REFERRAL, need="psychosocial-support", attempts=2
    )


def completed(at):
    return r.ReferralCompleted(case_ref=CASE, at=at, referral_id=REFERRAL, confirmed=True)


def fallbacks(bus):
    return [(each.attempt, each.because) for each in bus.of(ReferralFallbackDue)]


async def test_a_rejection_and_a_silence_each_call_for_the_next_provider_once(skipping):
    start = await skipping.now()
    first, second, third = (a_deadline("referral-answer", start, subject_id=KEY) for _ in range(3))
    journey = await skipping.begin("referral", KEY, requested(start, 1), deadline_set(first))
    await skipping.tell(journey, rejected(start, 1), deadline_met(first, start))
    await skipping.until(start + MINUTE)
    assert fallbacks(skipping.bus) == [(1, "no-capacity")]
    await skipping.tell(journey, requested(start + MINUTE, 2), deadline_set(second))
    await skipping.until(second.due_at + MINUTE)
    assert skipping.bus.moments(second)[-1] == "due"
    await skipping.tell(journey, deadline_missed(second))
    await skipping.until(second.due_at + 2 * MINUTE)
    # The owner records the silence as a rejection: the same attempt is not passed on twice.
    await skipping.tell(
        journey,
        rejected(second.due_at, 2, RejectionReason.SILENCE),
        deadline_met(second, second.due_at),
        requested(second.due_at, 3),
        deadline_set(third),
    )
    await skipping.until(second.due_at + 3 * MINUTE)
    assert fallbacks(skipping.bus) == [(1, "no-capacity"), (2, "silence")]
    await skipping.tell(journey, completed(third.due_at), deadline_met(third, third.due_at))
    ended = await journey.result()
    assert (ended.attempt, ended.ended, ended.problems) == (3, True, [])


async def test_a_missed_deadline_of_another_step_passes_nothing_on(skipping):
    start = await skipping.now()
    other = a_deadline("referral-acknowledgement", start, subject_id=KEY)
    journey = await skipping.begin("referral", KEY, requested(start, 1), deadline_set(other))
    await skipping.tell(journey, deadline_missed(other))
    await skipping.until(start + MINUTE)
    assert fallbacks(skipping.bus) == []


async def test_an_exhausted_referral_is_kept_until_its_unmet_need_is_settled(skipping):
    start = await skipping.now()
    answer = a_deadline("referral-answer", start, subject_id=KEY)
    need = a_deadline("unmet-need", start, subject_id=KEY)
    journey = await skipping.begin("referral", KEY, requested(start, 1), deadline_set(answer))
    state = await skipping.tell(
        journey, rejected(start, 1), deadline_met(answer, start), exhausted(start)
    )
    assert not state.ended
    await skipping.tell(journey, deadline_set(need))
    await skipping.until(need.due_at + timedelta(hours=1))
    assert "due" in skipping.bus.moments(need)
    await skipping.tell(journey, deadline_met(need, need.due_at))
    assert (await journey.result()).ended


async def test_a_provider_that_cannot_help_after_all_ends_it_once_its_unmet_need_is_settled(
    skipping,
):
    start = await skipping.now()
    service = a_deadline("referral-first-service", start, subject_id=KEY)
    need = a_deadline("unmet-need", start, subject_id=KEY)
    journey = await skipping.begin("referral", KEY, requested(start, 1), deadline_set(service))
    failed = r.ReferralFailed(case_ref=CASE, at=start, referral_id=REFERRAL, reason="not-eligible")
    # In the order of the records: what is owed from now on, then the end.
    state = await skipping.tell(
        journey, deadline_cancelled(service, start), deadline_set(need), failed
    )
    assert state.ended
    await skipping.until(need.due_at + MINUTE)
    assert "due" in skipping.bus.moments(need)
    await skipping.tell(journey, deadline_met(need, need.due_at))
    assert (await journey.result()).ended
    assert fallbacks(skipping.bus) == []


async def test_a_referral_entered_in_error_ends_with_its_duties(skipping):
    start = await skipping.now()
    answer = a_deadline("referral-answer", start, subject_id=KEY)
    journey = await skipping.begin("referral", KEY, requested(start, 1), deadline_set(answer))
    wrong = r.ReferralEnteredInError(case_ref=CASE, at=start, referral_id=REFERRAL)
    await skipping.tell(journey, wrong, deadline_cancelled(answer, start))
    assert (await journey.result()).ended


async def test_while_help_is_on_hold_only_the_hold_is_watched(skipping):
    start = await skipping.now()
    service = a_deadline("referral-first-service", start, subject_id=KEY)
    held_until = start + timedelta(days=20)
    hold = a_deadline("referral-hold", start, subject_id=KEY, agreed_due=held_until)
    journey = await skipping.begin("referral", KEY, requested(start, 1), deadline_set(service))
    await skipping.tell(journey, deadline_cancelled(service, start), deadline_set(hold))
    await skipping.until(held_until + MINUTE)
    assert skipping.bus.moments(service) == []
    assert skipping.bus.moments(hold)[-1] == "due"
    assert fallbacks(skipping.bus) == []
    await skipping.tell(journey, completed(held_until), deadline_met(hold, held_until))
    assert (await journey.result()).ended
