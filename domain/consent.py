"""When somebody's consent holds, and what may not be done without it.

Consent is given for a purpose, by somebody, perhaps until a day; it can be withdrawn, which stops what has
not been done yet. Source: practice.md, step 1 and section 2.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from domain.errors import Malformed, Refusal
from domain.recording import demand_past
from domain.vocabulary import ConsentForm, Person


class ConsentMissing(Refusal):
    """This may not be done before everybody concerned has consented."""

    code = "consent-missing"


class ConsentAlreadyWithdrawn(Refusal):
    """This consent has been withdrawn before."""

    code = "consent-withdrawn"


class ConsentOver(Malformed):
    """A consent is given for a time that is still to come."""

    code = "consent-over"


@dataclass(frozen=True, slots=True)
class Needed:
    """Whose consent is needed, and for what."""

    person: Person
    purpose: str

    def __str__(self) -> str:
        return f"{self.person}: {self.purpose}"


@dataclass(frozen=True, slots=True)
class Consent:
    """Who consented to what, how and when (UTC); `until` None: no end was set.

    What is written down later counts from its recording, so that nothing done before is covered afterwards.
    """

    id: UUID
    given_by: Person
    purpose: str
    how: ConsentForm
    recorded_at: datetime
    until: datetime | None = None
    withdrawn_at: datetime | None = None
    given_at: datetime | None = None  # None: as it was recorded

    def holds_at(self, at: datetime) -> bool:
        """From its recording until its withdrawal or its end."""
        ends = [end for end in (self.until, self.withdrawn_at) if end is not None]
        return self.recorded_at <= at and all(at < end for end in ends)

    def covers(self, needed: Needed) -> bool:
        return (self.given_by, self.purpose) == (needed.person, needed.purpose)


def give(consent: Consent) -> Consent:
    """Raises ConsentOver when it would end before it begins, OccurredInFuture when it is not given yet."""
    if consent.given_at is not None:
        demand_past(consent.given_at, consent.recorded_at, "given_at")
    if consent.until is not None and consent.until <= consent.recorded_at:
        raise ConsentOver(field="until")
    return consent


def withdraw(consent: Consent, now: datetime) -> Consent:
    """Raises ConsentAlreadyWithdrawn; an end once recorded is not moved."""
    if consent.withdrawn_at is not None:
        raise ConsentAlreadyWithdrawn
    return replace(consent, withdrawn_at=now)


def missing(
    needed: Iterable[Needed], consents: Iterable[Consent], now: datetime
) -> tuple[Needed, ...]:
    """Those who have not consented, or whose consent no longer holds."""
    holding = [consent for consent in consents if consent.holds_at(now)]
    return tuple(each for each in needed if not any(consent.covers(each) for consent in holding))


def demand(needed: Iterable[Needed], consents: Iterable[Consent], now: datetime) -> None:
    """Raises ConsentMissing, naming who has still to consent and to what."""
    lacking = missing(needed, consents, now)
    if lacking:
        raise ConsentMissing(
            "Record these consents first.",
            field="consents",
            allowed=[str(each) for each in lacking],
        )
