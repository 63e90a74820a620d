"""A way to one referral for a provider without an account: a link, a code told apart, and how both end.

The link goes by mail, the code by telephone. It is for one attempt: once the pathway has passed the provider
over, it leads nowhere. Source: practice.md, sections 2 (need-to-know) and 5.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from domain.errors import Missing, Refusal
from domain.referral import Referral
from domain.statement import Language
from domain.vocabulary import ReferralState


class ReferralLinkOver(Missing):
    """This link leads nowhere, or leads nowhere any more."""

    code = "referral-link-over"


class ReferralLinkLocked(Refusal):
    """Too many wrong codes were given for this link; only a new link opens the referral."""

    code = "referral-link-locked"


class CodeNeeded(Refusal):
    """The code is needed before anything is shown or said."""

    code = "code-needed"


@dataclass(frozen=True, slots=True)
class ProviderLink:
    """`attempts` counts wrong codes since the last right one. Instants are UTC."""

    id: UUID
    referral_id: UUID
    attempt: int
    agency_id: str
    language: Language
    issued_at: datetime
    issued_by: str
    expires_at: datetime
    revoked_at: datetime | None = None
    attempts: int = 0
    locked_at: datetime | None = None
    opened_at: datetime | None = None

    @property
    def used_by(self) -> str:
        """How the record names whoever comes by it: no member of staff."""
        return f"link-{self.id}"


def demand_usable(link: ProviderLink, referral: Referral, now: datetime) -> None:
    """Raises ReferralLinkOver, ReferralLinkLocked."""
    if link.revoked_at is not None or now >= link.expires_at:
        raise ReferralLinkOver
    current = referral.current
    if current is None or current.number != link.attempt or not _is_asked(referral):
        raise ReferralLinkOver
    if link.locked_at is not None:
        raise ReferralLinkLocked


def guessed(link: ProviderLink, is_right: bool, most: int, now: datetime) -> ProviderLink:
    """The link after a code was tried; `most` wrong ones in a row lock it for good."""
    if is_right:
        return replace(link, attempts=0, opened_at=now)
    attempts = link.attempts + 1
    return replace(link, attempts=attempts, locked_at=now if attempts >= most else None)


def revoke(link: ProviderLink, now: datetime) -> ProviderLink:
    """The first time it is revoked counts."""
    return link if link.revoked_at is not None else replace(link, revoked_at=now)


def _is_asked(referral: Referral) -> bool:
    """Whether the provider of the last attempt still has something to do with it."""
    taken_back = (ReferralState.CANCELLED, ReferralState.ENTERED_IN_ERROR, ReferralState.REJECTED)
    return referral.state not in taken_back and referral.sharing_stopped_at is None
