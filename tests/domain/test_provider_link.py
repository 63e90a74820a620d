"""A link to one referral: for one attempt, for a while, and locked by guessing."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from domain import provider_link, referring
from domain.provider_link import ProviderLink, ReferralLinkLocked, ReferralLinkOver
from domain.referral import Referral
from domain.statement import Language
from domain.vocabulary import ReferralState, RejectionReason
from tests.domain.test_referring import HOUR, NOW, SECOND, a_referral, asked, served

LINK = ProviderLink(
    UUID(int=5), UUID(int=1), 1, "agency-north", Language.ARABIC, NOW, "amal-h", NOW + timedelta(days=7)
)  # fmt: skip
DECLINED = referring.reject(asked(), RejectionReason.NO_CAPACITY, NOW)
USABLE = [asked(), referring.accept(asked(), NOW), served()]
OVER = [
    (LINK, a_referral()),  # nobody is asked
    (LINK, DECLINED),
    (LINK, referring.ask(DECLINED, SECOND, NOW)),  # the next provider has it
    (LINK, replace(asked(), state=ReferralState.CANCELLED)),
    (LINK, replace(asked(), state=ReferralState.ENTERED_IN_ERROR)),
    (LINK, asked(sharing_stopped_at=NOW)),
    (replace(LINK, revoked_at=NOW), asked()),
    (replace(LINK, expires_at=NOW), asked()),
]


@pytest.mark.parametrize("referral", USABLE)
def test_a_link_leads_to_what_its_provider_still_has_to_do(referral: Referral) -> None:
    provider_link.demand_usable(LINK, referral, NOW)


@pytest.mark.parametrize(("link", "referral"), OVER)
def test_a_link_that_is_over_leads_nowhere(link: ProviderLink, referral: Referral) -> None:
    with pytest.raises(ReferralLinkOver):
        provider_link.demand_usable(link, referral, NOW)


def test_guessing_locks_a_link_for_good_and_the_right_code_begins_anew() -> None:
    tried = provider_link.guessed(LINK, False, 3, NOW)
    assert tried == replace(LINK, attempts=1)
    opened = provider_link.guessed(tried, True, 3, NOW + HOUR)
    assert opened == replace(LINK, attempts=0, opened_at=NOW + HOUR)
    for _ in range(3):
        opened = provider_link.guessed(opened, False, 3, NOW + HOUR)
    assert opened.locked_at == NOW + HOUR
    with pytest.raises(ReferralLinkLocked):
        provider_link.demand_usable(opened, asked(), NOW + HOUR)


def test_the_first_revocation_counts() -> None:
    revoked = provider_link.revoke(LINK, NOW)
    assert revoked == replace(LINK, revoked_at=NOW)
    assert provider_link.revoke(revoked, NOW + HOUR).revoked_at == NOW


def test_whoever_comes_by_it_is_named_by_the_link() -> None:
    assert LINK.used_by == f"link-{LINK.id}"
