"""What is shared: on whose word, frozen as sent, stopped when consent is withdrawn, looked at without it."""

from dataclasses import replace
from uuid import UUID

import pytest

from domain import referring, sharing
from domain.disclosure import Custody, Viewer
from domain.errors import Hidden, Malformed
from domain.referral import Consent, Referral
from domain.referral_reasons import CancelReason
from domain.referral_states import Party, ReferralNotInState
from domain.sharing import MEANINGS, SharedField, Version
from domain.vocabulary import Person, ReferralState, RejectionReason, Role
from tests.domain.test_referring import CONSENT, HOUR, NOW, a_referral, asked, served

OTHER = replace(CONSENT, consent_id=UUID(int=8))
BY_WORD = replace(CONSENT, consent_id=None)
RESTING_ON = [
    (asked(), CONSENT, True),
    (referring.reject(asked(), RejectionReason.NO_CAPACITY, NOW), CONSENT, True),  # before the next
    (referring.accept(asked(), NOW), CONSENT, True),
    (a_referral(), CONSENT, True),  # a draft
    (asked(), OTHER, False),  # another consent
    (asked(consent=BY_WORD), CONSENT, True),  # not on record by id: same person, same purpose
    (asked(consent=replace(BY_WORD, given_by=Person.CHILD)), CONSENT, False),
    (asked(consent=replace(BY_WORD, purpose="school")), CONSENT, False),
    (asked(consent=None), CONSENT, False),  # shared without it, to protect the child
    (asked(sharing_stopped_at=NOW), CONSENT, False),  # once is enough
]


@pytest.mark.parametrize(("referral", "withdrawn", "stops"), RESTING_ON)
def test_a_withdrawal_stops_what_is_shared_on_that_consent(
    referral: Referral, withdrawn: Consent, stops: bool
) -> None:
    assert sharing.stops_on_withdrawal(referral, withdrawn) is stops


def test_what_has_not_helped_yet_is_taken_back_with_the_consent() -> None:
    for referral in (asked(), referring.accept(asked(), NOW)):
        stopped = sharing.stop(referral, NOW + HOUR)
        assert (stopped.state, stopped.ended_because) == ("cancelled", "consent-withdrawn")
        assert (stopped.sharing_stopped_at, stopped.ended_at) == (NOW + HOUR, NOW + HOUR)


def test_help_that_was_given_stays_on_the_record_and_nothing_more_is_shown_of_it() -> None:
    stopped = sharing.stop(served(), NOW + 2 * HOUR)
    assert stopped.state is ReferralState.IN_PROGRESS
    assert stopped.sharing_stopped_at == NOW + 2 * HOUR
    taken_back = referring.cancel(asked(), CancelReason.NO_CONTACT, Party.SENDER, NOW)
    assert sharing.stop(taken_back, NOW + HOUR).ended_because == "no-contact"


def test_consent_or_the_reason_for_doing_without_and_never_both() -> None:
    sharing.demand_basis(CONSENT, None)
    sharing.demand_basis(None, "He would be beaten for talking.")
    for consent, because in ((None, None), (CONSENT, "to be safe")):
        with pytest.raises(Malformed) as refused:
            sharing.demand_basis(consent, because)
        assert (refused.value.detail, refused.value.field, refused.value.allowed) == (
            "Consent is needed, or the reason for sharing without it.",
            "consent",
            ("consent", "without_consent"),
        )


def test_each_sending_is_a_version_on_its_own_word() -> None:
    first = sharing.share(a_referral(), CONSENT)
    assert (first.shared_version, first.consent, first.without_consent) == (1, CONSENT, False)
    second = sharing.share(first, None)
    assert (second.shared_version, second.consent, second.without_consent) == (2, None, True)


def test_more_is_sent_only_while_something_is_under_way() -> None:
    sharing.demand_open(asked())
    for referral in (a_referral(), replace(asked(), state=ReferralState.CANCELLED)):
        with pytest.raises(ReferralNotInState) as refused:
            sharing.demand_open(referral)
        assert (refused.value.detail, refused.value.field) == (
            "Nothing is under way to be shared.",
            "state",
        )
    with pytest.raises(sharing.SharingHasStopped):
        sharing.demand_open(asked(sharing_stopped_at=NOW))


def test_the_same_words_have_one_digest_whatever_their_order() -> None:
    one, other = {"name": "Noor", "age": "9"}, {"age": "9", "name": "Noor"}
    assert sharing.content(one) == sharing.content(other)
    assert sharing.content(one) != sharing.content({"name": "Noor", "age": "10"})
    # written down once for all: what was sent years ago is still known by its digest
    told = {"name": "\u0646\u0648\u0631", "age": "9"}
    assert sharing.content(told) == '{"age": "9", "name": "\u0646\u0648\u0631"}'.encode()
    # a text cannot pass for another field
    assert sharing.content({"a": 'x", "b": "y'}) != sharing.content({"a": "x", "b": "y"})


def test_every_field_says_what_it_is_for() -> None:
    assert set(MEANINGS) == set(SharedField)


CASE = Custody("agency-case", "team-a", caseworker_id="amal-h", supervisor_id="jonas-w")
UNSEEN = Version(1, NOW, "amal-h", ("name",), b"", None)


def somebody(staff_id: str, role: Role, agency_id: str = "agency-case") -> Viewer:
    return Viewer(staff_id, agency_id, None, frozenset({role}))


JONAS, RUTH = somebody("jonas-w", Role.SUPERVISOR), somebody("ruth-o", Role.MANAGER)


def test_the_supervisor_or_a_manager_looks_at_it_afterwards() -> None:
    for viewer in (JONAS, RUTH):
        sharing.demand_reviewer(viewer, CASE, UNSEEN)
    seen = sharing.review(UNSEEN, "jonas-w", justified=True, at=NOW)
    assert seen == replace(UNSEEN, reviewed_by="jonas-w", reviewed_at=NOW, justified=True)
    assert sharing.review(UNSEEN, "ruth-o", justified=False, at=NOW).justified is False


@pytest.mark.parametrize(
    ("viewer", "version", "error"),
    [
        (somebody("amal-h", Role.CASEWORKER), UNSEEN, sharing.SharingReviewedByAnother),
        (JONAS, replace(UNSEEN, sent_by="jonas-w"), sharing.SharingReviewedByAnother),
        # who has the case now answers for it, whoever shared
        (somebody("amal-h", Role.MANAGER), replace(UNSEEN, sent_by="x"), sharing.SharingReviewedByAnother),
        (JONAS, replace(UNSEEN, consent=CONSENT), sharing.SharingReviewedBefore),
        (JONAS, replace(UNSEEN, reviewed_at=NOW), sharing.SharingReviewedBefore),
        (somebody("sana-k", Role.SUPERVISOR), UNSEEN, Hidden),  # another supervisor
        (somebody("jonas-w", Role.CASEWORKER), UNSEEN, Hidden),  # in another role
        (somebody("mia-m", Role.MANAGER, "harbour-help"), UNSEEN, Hidden),
    ],
)  # fmt: skip
def test_nobody_looks_at_their_own_sharing(
    viewer: Viewer, version: Version, error: type[Exception]
) -> None:
    with pytest.raises(error):
        sharing.demand_reviewer(viewer, CASE, version)
