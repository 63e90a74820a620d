"""A referral from the request to the help that arrived."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from domain import referring
from domain.calendars import WorkCalendar
from domain.directory import Provider
from domain.errors import Malformed
from domain.policy import Limit, Pack
from domain.referral import Consent, Referral
from domain.referral_reasons import CancelReason
from domain.referral_states import Party, ReferralNotInState
from domain.vocabulary import Person, ReferralState, RejectionReason

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
FIRST = Provider("family-talks", "agency-north")
SECOND = Provider("family-circle", "agency-south")
CONSENT = Consent(Person.MOTHER, "referral", NOW - HOUR, UUID(int=7))


def a_referral(**given: object) -> Referral:
    plain = Referral(
        id=UUID(int=1),
        case_ref="TL-7K2M-9QXA-C",
        need="family-counselling",
        area="north",
        urgent=False,
        requested_by="amal-h",
        requested_at=NOW,
        consent=CONSENT,
    )
    return replace(plain, **given)  # type: ignore[arg-type]


def asked(**given: object) -> Referral:
    return referring.ask(a_referral(**given), FIRST, NOW)


def served() -> Referral:
    return referring.serve(referring.accept(asked(), NOW), NOW + HOUR, NOW + HOUR)


def test_asking_opens_the_first_attempt() -> None:
    referral = asked()
    assert referral.state is ReferralState.REQUESTED
    assert referral.current is not None
    assert (referral.current.number, referral.current.provider) == (1, FIRST)


def test_acknowledging_leaves_the_answer_open() -> None:
    referral = referring.acknowledge(asked(), NOW + HOUR)
    assert referral.state is ReferralState.REQUESTED
    assert referral.current is not None
    assert referral.current.acknowledged_at == NOW + HOUR


def test_a_second_acknowledgement_is_refused() -> None:
    with pytest.raises(referring.AlreadyAcknowledged):
        referring.acknowledge(referring.acknowledge(asked(), NOW), NOW)


def test_an_accepted_referral_needs_no_acknowledgement_any_more() -> None:
    with pytest.raises(ReferralNotInState):
        referring.acknowledge(referring.accept(asked(), NOW), NOW)


def test_a_provider_declines_with_a_reason() -> None:
    referral = referring.reject(asked(), RejectionReason.NO_CAPACITY, NOW)
    assert referral.state is ReferralState.REJECTED
    assert referral.current is not None
    assert referral.current.rejected_because is RejectionReason.NO_CAPACITY


def test_no_provider_can_answer_with_silence() -> None:
    with pytest.raises(Malformed) as refused:
        referring.reject(asked(), RejectionReason.SILENCE, NOW)
    assert "silence" not in (refused.value.allowed or ())


def test_silence_counts_as_declined_and_leaves_the_request_unacknowledged() -> None:
    current = referring.pass_over(asked(), NOW).current
    assert current is not None
    assert current.rejected_because is RejectionReason.SILENCE
    assert current.acknowledged_at is None


def test_the_next_provider_is_a_new_attempt() -> None:
    referral = referring.reject(asked(), RejectionReason.NO_CAPACITY, NOW)
    referral = referring.ask(referral, SECOND, NOW + HOUR)
    assert [attempt.number for attempt in referral.attempts] == [1, 2]
    assert referral.asked == {"agency-north", "agency-south"}


def test_an_open_request_is_not_put_to_a_second_provider() -> None:
    again = "A referral that is requested cannot become requested at the pathway's word."
    with pytest.raises(ReferralNotInState, match=f"^{again}$"):
        referring.ask(asked(), SECOND, NOW)


def test_a_referral_without_a_provider_left_has_failed() -> None:
    declined = referring.reject(asked(), RejectionReason.NO_CAPACITY, NOW)
    referral = referring.exhaust(declined, NOW)
    assert (referral.state, referral.ended_at) == (ReferralState.FAILED, NOW)


def test_an_appointment_begins_the_help_and_can_be_moved() -> None:
    accepted = referring.accept(asked(), NOW)
    booked = referring.book(accepted, NOW + HOUR, NOW)
    assert booked.state is ReferralState.IN_PROGRESS
    assert referring.book(booked, NOW + 2 * HOUR, NOW).appointment_at == NOW + 2 * HOUR


def test_an_appointment_in_the_past_is_refused() -> None:
    with pytest.raises(Malformed):
        referring.book(referring.accept(asked(), NOW), NOW - HOUR, NOW)


def test_nobody_books_before_accepting() -> None:
    with pytest.raises(ReferralNotInState):
        referring.book(asked(), NOW + HOUR, NOW)


@pytest.mark.parametrize("given_at", [NOW - HOUR, NOW + 2 * HOUR])  # before the request; tomorrow
def test_service_at_an_impossible_time_is_refused(given_at: datetime) -> None:
    with pytest.raises(Malformed):
        referring.serve(referring.accept(asked(), NOW), given_at, NOW + HOUR)


def test_service_is_given_once() -> None:
    with pytest.raises(ReferralNotInState):
        referring.serve(served(), NOW + HOUR, NOW + HOUR)


def test_nothing_is_completed_before_the_providers_word() -> None:
    accepted = referring.accept(asked(), NOW)
    with pytest.raises(referring.ServiceNotGiven):
        referring.complete(accepted, confirmed=True, by=Person.MOTHER, reason=None, at=NOW)


def test_completed_with_the_familys_confirmation() -> None:
    referral = referring.complete(
        served(), confirmed=True, by=Person.MOTHER, reason=None, at=NOW + 2 * HOUR
    )
    assert referral.state is ReferralState.COMPLETED
    assert (referral.confirmed, referral.confirmed_by) == (True, Person.MOTHER)


def test_completed_without_confirmation_needs_a_reason() -> None:
    with pytest.raises(Malformed) as refused:
        referring.complete(served(), confirmed=False, by=None, reason=" ", at=NOW)
    assert refused.value.field == "reason"
    done = referring.complete(served(), confirmed=False, by=None, reason="moved on", at=NOW)
    assert (done.state, done.confirmed) == (ReferralState.COMPLETED, False)


def test_a_confirmation_names_a_voice() -> None:
    with pytest.raises(Malformed) as refused:
        referring.complete(served(), confirmed=True, by=None, reason=None, at=NOW)
    assert refused.value.field == "by"


@pytest.mark.parametrize("party", [Party.SENDER, Party.RECEIVER])
def test_either_side_may_cancel(party: Party) -> None:
    referral = referring.cancel(asked(), CancelReason.FAMILY_DECLINES, party, NOW)
    assert (referral.state, referral.ended_because) == (ReferralState.CANCELLED, "family-declines")


def test_only_the_sender_finds_an_error_of_entry() -> None:
    wrong = CancelReason.ENTERED_IN_ERROR
    assert referring.cancel(asked(), wrong, Party.SENDER, NOW).state == "entered-in-error"
    with pytest.raises(ReferralNotInState):
        referring.cancel(asked(), wrong, Party.RECEIVER, NOW)


def test_once_the_service_has_been_given_there_is_nothing_to_book_or_to_give() -> None:
    with pytest.raises(ReferralNotInState):
        referring.book(served(), NOW + 3 * HOUR, NOW + 2 * HOUR)
    with pytest.raises(ReferralNotInState):
        referring.serve(served(), NOW + HOUR, NOW + 2 * HOUR)


def test_provider_says_whether_an_appointment_took_place_within_the_packs_period() -> None:
    work = WorkCalendar("Europe/Berlin", frozenset({5, 6}), frozenset(), "test")
    pack = Pack("test", 1, "Test", work, {}, {})
    assert referring.word_owed_by(pack, NOW) == NOW  # the pack names none
    longer = replace(pack, periods={"word-after-appointment": Limit.parse("2 hours")})
    assert referring.word_owed_by(longer, NOW) == NOW + 2 * HOUR
    counted = replace(pack, periods={"word-after-appointment": Limit.parse("1 working days")})
    friday = NOW + timedelta(days=4)
    assert referring.word_owed_by(counted, friday) == friday + timedelta(days=3)
