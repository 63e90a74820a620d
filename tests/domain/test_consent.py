"""When somebody's consent holds, and what may not be done without it."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.consent import (
    Consent,
    ConsentAlreadyWithdrawn,
    ConsentMissing,
    ConsentOver,
    Needed,
    demand,
    give,
    missing,
    withdraw,
)
from domain.recording import OccurredInFuture
from domain.vocabulary import ConsentForm, Person
from tests.domain.case_builders import NOW

DAY = timedelta(days=1)
FATHER = Needed(Person.MOTHER, "contact-father")
FATHER_TOO = Needed(Person.CHILD, "contact-father")


def a_consent(given_by=Person.MOTHER, purpose="contact-father", **changes) -> Consent:
    consent = Consent(UUID(int=1), given_by, purpose, ConsentForm.SPOKEN, NOW)
    return replace(consent, **changes)


def test_everybody_concerned_must_have_consented() -> None:
    mother, child = a_consent(), a_consent(Person.CHILD)
    assert missing([FATHER, FATHER_TOO], [mother], NOW) == (FATHER_TOO,)
    assert missing([FATHER, FATHER_TOO], [mother, child], NOW) == ()


@pytest.mark.parametrize(
    "consent",
    [
        a_consent(purpose="contact-school"),  # for something else
        a_consent(Person.FAMILY),  # by somebody else
        a_consent(withdrawn_at=NOW - DAY),  # withdrawn
        a_consent(until=NOW),  # over
        a_consent(recorded_at=NOW + DAY),  # not given yet
    ],
)
def test_consent_of_another_kind_does_not_count(consent) -> None:
    assert missing([FATHER], [consent], NOW) == (FATHER,)


def test_refusal_names_who_has_still_to_consent_and_to_what() -> None:
    with pytest.raises(ConsentMissing) as refused:
        demand([FATHER, FATHER_TOO], [], NOW)
    assert refused.value.allowed == ("mother: contact-father", "child: contact-father")
    assert (refused.value.detail, refused.value.field) == (
        "Record these consents first.",
        "consents",
    )


def test_withdrawn_consent_can_be_given_anew() -> None:
    withdrawn = withdraw(a_consent(), NOW + DAY)
    anew = a_consent(id=UUID(int=2), recorded_at=NOW + 2 * DAY)
    assert missing([FATHER], [withdrawn], NOW + 2 * DAY) == (FATHER,)
    assert missing([FATHER], [withdrawn, anew], NOW + 2 * DAY) == ()


def test_withdrawal_is_recorded_once() -> None:
    assert withdraw(a_consent(), NOW + DAY) == a_consent(withdrawn_at=NOW + DAY)
    with pytest.raises(ConsentAlreadyWithdrawn):
        withdraw(withdraw(a_consent(), NOW), NOW + DAY)


def test_consent_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ConsentOver) as refused:
        give(a_consent(until=NOW))
    assert refused.value.field == "until"


@given(st.integers(-50, 50), st.integers(1, 40), st.integers(1, 40))
def test_consent_holds_from_its_recording_until_whichever_end_comes_first(at, until, gone) -> None:
    consent = a_consent(until=NOW + until * DAY, withdrawn_at=NOW + gone * DAY)
    assert consent.holds_at(NOW + at * DAY) == (0 <= at < min(until, gone))


def test_consent_without_an_end_or_with_one_to_come_is_recorded_as_it_is() -> None:
    for consent in (a_consent(), a_consent(until=NOW + DAY)):
        assert give(consent) == consent


def test_consent_written_down_later_has_been_given_before() -> None:
    earlier = a_consent(given_at=NOW - DAY)
    assert give(earlier) == earlier
    assert not earlier.holds_at(NOW - DAY)  # what was done before its recording is not covered
    with pytest.raises(OccurredInFuture) as refused:
        give(a_consent(given_at=NOW + DAY))
    assert refused.value.field == "given_at"
