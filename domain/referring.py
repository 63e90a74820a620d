"""A referral from its request to the help that arrived. Source: practice.md, section 5, and step 5.

An unanswered request counts as declined by silence. `completed` needs the receiver's word that the service was
given, and the child's or family's confirmation or a recorded reason for its absence.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from domain.directory import Provider
from domain.errors import Malformed, Refusal
from domain.policy import Pack
from domain.referral_states import ENDED, NOT_YET_SHARED, Party, ReferralNotInState, move
from domain.vocabulary import Person, ReferralState, RejectionReason

S = ReferralState


class AlreadyAcknowledged(Refusal):
    """The referral has been acknowledged before."""

    code = "referral-already-acknowledged"


class ServiceNotGiven(Refusal):
    """A referral ends only after the provider's word that the service was given."""

    code = "service-not-given"


class NoPathway(Refusal):
    """No pathway serves this need in this area."""

    code = "no-pathway"


class CaseNotKnownYet(Refusal):
    """No case of yours is known here by this reference yet; after a registration, try again in a moment."""

    code = "case-not-known-yet"


class CaseIsClosed(Refusal):
    """A closed case sends no referrals; it can be reopened."""

    code = "case-is-closed"


class ConsentDoesNotStand(Refusal):
    """The consent is not on record for this case, or has been withdrawn."""

    code = "consent-does-not-stand"


class Detail(StrEnum):
    """What is known inside in-progress."""

    APPOINTMENT_BOOKED = "appointment-booked"
    NOT_ATTENDED = "not-attended"
    EVENT_CANCELLED = "event-cancelled"
    EVENT_DONE = "event-done"


class SharedField(StrEnum):
    """What a caseworker may choose to share with a provider, field by field."""

    NAME = "name"
    AGE = "age"
    GENDER = "gender"
    LOCATION = "location"
    CONTACT = "contact"
    LANGUAGE = "language"
    CONCERNS = "concerns"
    NEEDS = "needs"
    STRENGTHS = "strengths"
    SAFETY = "safety"
    AVAILABILITY = "availability"


class CancelReason(StrEnum):
    """Why a side takes a referral back; `entered-in-error` is a state of its own."""

    NO_LONGER_NEEDED = "no-longer-needed"
    FAMILY_DECLINES = "family-declines"
    MOVED_AWAY = "moved-away"
    OTHER_SERVICE_BETTER = "other-service-better"
    NO_CONTACT = "no-contact"
    ENTERED_IN_ERROR = "entered-in-error"


CASE_CLOSED, CONSENT_WITHDRAWN = "case-closed", "consent-withdrawn"


@dataclass(frozen=True, slots=True)
class Consent:
    """On whose word the fields are shared, for which purpose; `consent_id` where the case has it on record."""

    given_by: Person
    purpose: str
    recorded_at: datetime
    consent_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One provider asked, and what it answered; `number` counts from 1."""

    number: int
    provider: Provider
    asked_at: datetime
    acknowledged_at: datetime | None = None
    answered_at: datetime | None = None
    rejected_because: RejectionReason | None = None


@dataclass(frozen=True, slots=True)
class Referral:
    """One need of one child, passed to the providers of its pathway in turn. Instants are UTC."""

    id: UUID
    case_ref: str
    need: str
    area: str
    urgent: bool
    requested_by: str
    requested_at: datetime
    consent: Consent
    state: ReferralState = S.DRAFT
    attempts: tuple[Attempt, ...] = ()
    detail: Detail | None = None
    appointment_at: datetime | None = None
    service_given_at: datetime | None = None
    confirmed: bool | None = None
    confirmed_by: Person | None = None
    ended_at: datetime | None = None
    ended_because: str | None = None

    @property
    def current(self) -> Attempt | None:
        return self.attempts[-1] if self.attempts else None

    @property
    def asked(self) -> frozenset[str]:
        """The agencies that have been asked so far."""
        return frozenset(attempt.provider.agency_id for attempt in self.attempts)


def ask(referral: Referral, provider: Provider, at: datetime) -> Referral:
    """The first provider, or after a rejection the next one."""
    party = Party.SENDER if referral.state is S.DRAFT else Party.PATHWAY
    moved = _move(referral, S.REQUESTED, party)
    attempt = Attempt(len(referral.attempts) + 1, provider, at)
    return replace(moved, attempts=(*referral.attempts, attempt))


def acknowledge(referral: Referral, at: datetime) -> Referral:
    attempt = _open_attempt(referral)
    if attempt.acknowledged_at is not None:
        raise AlreadyAcknowledged
    return _with_attempt(referral, replace(attempt, acknowledged_at=at))


def accept(referral: Referral, at: datetime) -> Referral:
    moved = _move(referral, S.ACCEPTED, Party.RECEIVER)
    return _with_attempt(moved, _answered(_open_attempt(referral), at))


def reject(referral: Referral, reason: RejectionReason, at: datetime) -> Referral:
    """The provider declines; only the clock may find that it kept silent."""
    if reason is RejectionReason.SILENCE:
        allowed = [each for each in RejectionReason if each is not RejectionReason.SILENCE]
        raise Malformed("Silence is no answer that can be given.", field="reason", allowed=allowed)
    moved = _move(referral, S.REJECTED, Party.RECEIVER)
    answered = _answered(_open_attempt(referral), at)
    return _with_attempt(moved, replace(answered, rejected_because=reason))


def pass_over(referral: Referral, at: datetime) -> Referral:
    """The provider has not answered in time: its silence counts as declining."""
    moved = _move(referral, S.REJECTED, Party.PATHWAY)
    silent = replace(_open_attempt(referral), rejected_because=RejectionReason.SILENCE)
    return _with_attempt(moved, replace(silent, answered_at=at))


def exhaust(referral: Referral, at: datetime) -> Referral:
    """No provider is left: the need is unmet, which is recorded and counted."""
    return _end(referral, S.FAILED, Party.PATHWAY, "no-provider-left", at)


def book(referral: Referral, appointment_at: datetime, now: datetime) -> Referral:
    """An appointment, or another one in its place; raises Malformed when it lies in the past."""
    moved = _go_on(referral)
    if referral.service_given_at is not None:
        raise ReferralNotInState("The service has been given already.")
    if appointment_at <= now:
        raise Malformed("An appointment lies in the future.", field="at")
    return replace(moved, appointment_at=appointment_at, detail=Detail.APPOINTMENT_BOOKED)


def serve(referral: Referral, given_at: datetime, now: datetime) -> Referral:
    """The receiver's word that help was given; raises Malformed for a time that cannot be."""
    moved = _go_on(referral)
    if referral.service_given_at is not None:
        raise ReferralNotInState("The service has been given already.")
    if not referral.requested_at <= given_at <= now:
        raise Malformed(
            "Service is given after the request and not in the future.", field="given_at"
        )
    return replace(moved, service_given_at=given_at, detail=Detail.EVENT_DONE)


def complete(
    referral: Referral, *, confirmed: bool, by: Person | None, reason: str | None, at: datetime
) -> Referral:
    """Ends when help has arrived; raises ServiceNotGiven, or Malformed without a voice or a reason."""
    if referral.state not in ENDED and referral.service_given_at is None:
        raise ServiceNotGiven
    if confirmed and by is None:
        raise Malformed("Say who confirmed it.", field="by", allowed=list(Person))
    if not confirmed and not (reason or "").strip():
        raise Malformed("Say why there is no confirmation.", field="reason")
    # The receiver's word is service_given_at; the confirmation only releases it.
    moved = _end(referral, S.COMPLETED, Party.RECEIVER, "", at)
    return replace(moved, confirmed=confirmed, confirmed_by=by if confirmed else None)


def cancel(referral: Referral, reason: str, party: Party, at: datetime) -> Referral:
    """Either side takes it back; what was never meant to be is entered-in-error, by the sender."""
    error = reason == CancelReason.ENTERED_IN_ERROR
    return _end(referral, S.ENTERED_IN_ERROR if error else S.CANCELLED, party, reason, at)


def word_owed_by(pack: Pack, appointment_at: datetime) -> datetime:
    """Until when (UTC) the provider says whether the appointment took place: nobody can before it began."""
    period = pack.periods.get("word-after-appointment")
    return period.after(appointment_at, pack.calendar) if period else appointment_at


def stops_on_withdrawal(referral: Referral, withdrawn: Consent) -> bool:
    """Withdrawn consent stops what has not been shared yet (practice.md, section 2)."""
    if referral.state not in NOT_YET_SHARED:
        return False
    given = referral.consent
    if given.consent_id is not None:
        return given.consent_id == withdrawn.consent_id
    return (given.given_by, given.purpose) == (withdrawn.given_by, withdrawn.purpose)


def _go_on(referral: Referral) -> Referral:
    if referral.state is S.IN_PROGRESS:
        return referral
    return _move(referral, S.IN_PROGRESS, Party.RECEIVER)


def _end(
    referral: Referral, state: ReferralState, party: Party, reason: str, at: datetime
) -> Referral:
    moved = _move(referral, state, party)
    return replace(moved, ended_at=at, ended_because=reason or None)


def _move(referral: Referral, state: ReferralState, party: Party) -> Referral:
    return replace(referral, state=move(referral.state, state, party))


def _open_attempt(referral: Referral) -> Attempt:
    if referral.state is not S.REQUESTED or referral.current is None:
        raise ReferralNotInState("No request is waiting for an answer.", field="state")
    return referral.current


def _answered(attempt: Attempt, at: datetime) -> Attempt:
    return replace(attempt, acknowledged_at=attempt.acknowledged_at or at, answered_at=at)


def _with_attempt(referral: Referral, attempt: Attempt) -> Referral:
    return replace(referral, attempts=(*referral.attempts[:-1], attempt))
