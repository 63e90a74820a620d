"""A referral after each step of its way, whole: what was set, what stayed, and what a refusal says."""

from dataclasses import replace

import pytest

from domain import referring
from domain.errors import DomainError, Malformed
from domain.referral import Attempt, Detail, Referral
from domain.referral_reasons import CASE_CLOSED, CancelReason
from domain.referral_states import Party, ReferralNotInState
from domain.vocabulary import Bearer, Person, ReferralState, RejectionReason
from tests.domain.case_builders import words_of
from tests.domain.test_referring import FIRST, HOUR, NOW, SECOND, a_referral, asked, served

LATER, LAST = NOW + HOUR, NOW + 2 * HOUR
NO_CAPACITY = RejectionReason.NO_CAPACITY
GIVEN = "The service has been given already."


def with_attempt(referral: Referral, **said: object) -> Referral:
    """The same, its last attempt as said."""
    last = replace(referral.attempts[-1], **said)  # type: ignore[arg-type]
    return replace(referral, attempts=(*referral.attempts[:-1], last))


def test_the_first_asking_is_the_request_and_later_ones_are_not() -> None:
    draft = a_referral(requested_at=NOW - HOUR)
    first = referring.ask(draft, FIRST, NOW)
    assert first == replace(
        draft,
        state=ReferralState.REQUESTED,
        requested_at=NOW,
        attempts=(Attempt(1, FIRST, NOW),),
    )
    declined = referring.reject(first, NO_CAPACITY, LATER)
    second = referring.ask(declined, SECOND, LAST)
    assert second == replace(
        declined,
        state=ReferralState.REQUESTED,
        attempts=(*declined.attempts, Attempt(2, SECOND, LAST)),
    )


def test_what_a_provider_answers_stands_at_its_attempt() -> None:
    request = asked()
    seen = with_attempt(request, acknowledged_at=LATER)
    assert referring.acknowledge(request, LATER) == seen
    taken_up = replace(seen, state=ReferralState.ACCEPTED)
    # An answer acknowledges; an acknowledgement that came before stays.
    assert referring.accept(request, LATER) == with_attempt(taken_up, answered_at=LATER)
    assert referring.accept(seen, LAST) == with_attempt(taken_up, answered_at=LAST)
    declined = replace(seen, state=ReferralState.REJECTED)
    assert referring.reject(request, NO_CAPACITY, LATER) == with_attempt(
        declined, answered_at=LATER, rejected_because=NO_CAPACITY
    )
    assert referring.pass_over(seen, LAST) == with_attempt(
        declined, answered_at=LAST, rejected_because=RejectionReason.SILENCE
    )


def test_an_answer_leaves_those_before_it_as_they_were() -> None:
    declined = referring.reject(asked(), NO_CAPACITY, NOW)
    second = referring.accept(referring.ask(declined, SECOND, LATER), LAST)
    assert second.attempts == (
        Attempt(1, FIRST, NOW, NOW, NOW, NO_CAPACITY),
        Attempt(2, SECOND, LATER, LAST, LAST),
    )


def test_where_no_provider_is_left_the_reason_and_the_time_are_kept() -> None:
    declined = referring.reject(asked(), NO_CAPACITY, NOW)
    assert referring.exhaust(declined, LATER) == replace(
        declined, state=ReferralState.FAILED, ended_at=LATER, ended_because="no-provider-left"
    )


def test_help_under_way_says_what_is_known_of_it() -> None:
    accepted = referring.accept(asked(), NOW)
    under_way = replace(accepted, state=ReferralState.IN_PROGRESS)
    assert referring.book(accepted, LAST, LATER) == replace(
        under_way, appointment_at=LAST, detail=Detail.APPOINTMENT_BOOKED
    )
    # The moment of the request and the moment of the word both count.
    for given_at, now in ((NOW, LAST), (LAST, LAST)):
        assert referring.serve(accepted, given_at, now) == replace(
            under_way, service_given_at=given_at, detail=Detail.EVENT_DONE
        )


def test_completed_keeps_the_voice_only_of_a_confirmation() -> None:
    ended = replace(served(), state=ReferralState.COMPLETED, ended_at=LAST)
    confirmed = referring.complete(
        served(), confirmed=True, by=Person.CHILD, reason="so she said", at=LAST
    )
    assert confirmed == replace(ended, confirmed=True, confirmed_by=Person.CHILD)
    without = referring.complete(
        served(), confirmed=False, by=Person.CHILD, reason="not reached", at=LAST
    )
    assert without == replace(ended, confirmed=False, confirmed_by=None)


def test_what_is_taken_back_ends_with_its_reason_and_waits_no_more() -> None:
    waiting = replace(asked(), state=ReferralState.ON_HOLD, hold_until=LAST)
    ended = replace(waiting, hold_until=None, ended_at=LATER)
    stopped = referring.cancel(waiting, CASE_CLOSED, Party.PATHWAY, LATER)
    assert stopped == replace(ended, state=ReferralState.CANCELLED, ended_because="case-closed")
    back = referring.cancel(waiting, CancelReason.MOVED_AWAY, Party.RECEIVER, LATER)
    assert back == replace(ended, state=ReferralState.CANCELLED, ended_because="moved-away")
    wrong = referring.enter_in_error(waiting, Party.SENDER, LATER)
    assert wrong == referring.cancel(waiting, CancelReason.ENTERED_IN_ERROR, Party.SENDER, LATER)
    assert wrong == replace(
        ended, state=ReferralState.ENTERED_IN_ERROR, ended_because="entered-in-error"
    )


@pytest.mark.parametrize("reason", [CASE_CLOSED, "tired"])
def test_a_side_takes_back_only_for_a_reason_of_its_own(reason: str) -> None:
    with pytest.raises(Malformed) as refused:
        referring.cancel(asked(), reason, Party.SENDER, NOW)
    assert refused.value.field == "reason"


def test_who_has_declined_has_nothing_to_take_back() -> None:
    declined = referring.reject(asked(), NO_CAPACITY, NOW)
    with pytest.raises(ReferralNotInState) as refused:
        referring.cancel(declined, CancelReason.NO_CONTACT, Party.RECEIVER, LATER)
    assert refused.value.detail.endswith("cannot become cancelled at the receiver's word.")
    assert refused.value.allowed == ()


def test_somebody_goes_with_the_child() -> None:
    wished = replace(asked(), accompany=Bearer.MOTHER, accompany_by=LAST)
    found = referring.accompany(wished, Bearer.CASEWORKER)
    assert found == replace(wished, accompanied_by=Bearer.CASEWORKER)


REFUSED = [
    # what is tried, the refusal, what it says
    (lambda: referring.book(served(), LAST, NOW), ReferralNotInState, (GIVEN, None, None)),
    (lambda: referring.serve(served(), LATER, LAST), ReferralNotInState, (GIVEN, None, None)),
    (
        lambda: referring.book(referring.accept(asked(), NOW), NOW, NOW),  # at this very moment
        Malformed,
        ("An appointment lies in the future.", "at", None),
    ),
    (
        lambda: referring.serve(referring.accept(asked(), NOW), NOW - HOUR, NOW),
        Malformed,
        ("Service is given after the request and not in the future.", "given_at", None),
    ),
    (
        lambda: referring.complete(served(), confirmed=True, by=None, reason="x", at=LAST),
        Malformed,
        ("Say who confirmed it.", "by", tuple(Person)),
    ),
    (
        lambda: referring.complete(
            served(), confirmed=False, by=Person.CHILD, reason=None, at=LAST
        ),
        Malformed,
        ("Say why there is no confirmation.", "reason", None),
    ),
    (
        lambda: referring.acknowledge(referring.accept(asked(), NOW), NOW),
        ReferralNotInState,
        ("No request is waiting for an answer.", "state", None),
    ),
    (
        lambda: referring.acknowledge(a_referral(state=ReferralState.REQUESTED), NOW),
        ReferralNotInState,  # nobody has been asked
        ("No request is waiting for an answer.", "state", None),
    ),
]


@pytest.mark.parametrize(("attempt", "refusal", "says"), REFUSED)
def test_a_refusal_says_what_is_wrong_and_where(
    attempt: object, refusal: type[DomainError], says: tuple[str, str | None, object]
) -> None:
    with pytest.raises(refusal) as refused:
        attempt()  # type: ignore[operator]
    assert words_of(refused) == says


def test_what_has_ended_is_not_completed_though_no_service_was_given() -> None:
    ended = referring.cancel(asked(), CancelReason.NO_CONTACT, Party.SENDER, NOW)
    with pytest.raises(ReferralNotInState) as refused:
        referring.complete(ended, confirmed=True, by=Person.CHILD, reason=None, at=LATER)
    assert refused.value.detail.startswith("A referral that is cancelled cannot become completed")
