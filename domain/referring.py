"""A referral from its request to the help that arrived. Source: practice.md, section 5, and step 5.

An unanswered request counts as declined by silence. `completed` needs the receiver's word that the service was
given, and the child's or family's confirmation or a recorded reason for its absence.
"""

from dataclasses import replace
from datetime import datetime

from domain.directory import Provider
from domain.errors import Malformed, Refusal
from domain.policy import Pack
from domain.referral import Attempt, Detail, Referral
from domain.referral_reasons import NO_PROVIDER_LEFT, CancelReason, demand_reason
from domain.referral_states import ENDED, Party, ReferralNotInState, move
from domain.vocabulary import Bearer, Person, ReferralState, RejectionReason

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


def ask(referral: Referral, provider: Provider, at: datetime) -> Referral:
    """The first provider, or after a rejection the next one."""
    first = referral.state is S.DRAFT
    moved = moved_to(referral, S.REQUESTED, Party.SENDER if first else Party.PATHWAY)
    attempt = Attempt(len(referral.attempts) + 1, provider, at)
    asked_first = at if first else referral.requested_at
    return replace(moved, attempts=(*referral.attempts, attempt), requested_at=asked_first)


def acknowledge(referral: Referral, at: datetime) -> Referral:
    attempt = _open_attempt(referral)
    if attempt.acknowledged_at is not None:
        raise AlreadyAcknowledged
    return _with_attempt(referral, replace(attempt, acknowledged_at=at))


def accept(referral: Referral, at: datetime) -> Referral:
    moved = moved_to(referral, S.ACCEPTED, Party.RECEIVER)
    return _with_attempt(moved, _answered(_open_attempt(referral), at))


def reject(referral: Referral, reason: RejectionReason, at: datetime) -> Referral:
    """The provider declines; only the clock may find that it kept silent."""
    demand_reason(S.REJECTED, Party.RECEIVER, reason)
    moved = moved_to(referral, S.REJECTED, Party.RECEIVER)
    answered = _answered(_open_attempt(referral), at)
    return _with_attempt(moved, replace(answered, rejected_because=reason))


def pass_over(referral: Referral, at: datetime) -> Referral:
    """The provider has not answered in time: its silence counts as declining."""
    moved = moved_to(referral, S.REJECTED, Party.PATHWAY)
    silent = replace(_open_attempt(referral), rejected_because=RejectionReason.SILENCE)
    return _with_attempt(moved, replace(silent, answered_at=at))


def exhaust(referral: Referral, at: datetime) -> Referral:
    """No provider is left: the need is unmet, which is recorded and counted."""
    return ended(referral, S.FAILED, Party.PATHWAY, NO_PROVIDER_LEFT, at)


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
    moved = ended(referral, S.COMPLETED, Party.RECEIVER, None, at)
    return replace(moved, confirmed=confirmed, confirmed_by=by if confirmed else None)


def cancel(referral: Referral, reason: str, party: Party, at: datetime) -> Referral:
    """Taken back by either side, or stopped with its case or consent; a wrong entry is a state of its own."""
    if reason == CancelReason.ENTERED_IN_ERROR:
        return enter_in_error(referral, party, at)
    demand_reason(S.CANCELLED, party, reason)
    spoken_by = Party.SENDER if party is Party.PATHWAY else party
    return ended(referral, S.CANCELLED, spoken_by, reason, at)


def enter_in_error(referral: Referral, party: Party, at: datetime) -> Referral:
    """What was never meant to be, for the sender to find, at any time."""
    return ended(referral, S.ENTERED_IN_ERROR, party, CancelReason.ENTERED_IN_ERROR, at)


def accompany(referral: Referral, by: Bearer) -> Referral:
    """Somebody has been found to go with the child; raises ReferralNotInState unless one was asked for."""
    if referral.accompany is None or referral.state in ENDED:
        raise ReferralNotInState("Nobody is asked to go with the child.", field="state")
    return replace(referral, accompanied_by=by)


def word_owed_by(pack: Pack, appointment_at: datetime) -> datetime:
    """Until when (UTC) the provider says whether the appointment took place: nobody can before it began."""
    period = pack.periods.get("word-after-appointment")
    return period.after(appointment_at, pack.calendar) if period else appointment_at


def moved_to(referral: Referral, state: ReferralState, party: Party) -> Referral:
    """The same referral in another state; raises ReferralNotInState."""
    return replace(referral, state=move(referral.state, state, party))


def ended(
    referral: Referral, state: ReferralState, party: Party, reason: str | None, at: datetime
) -> Referral:
    moved = moved_to(referral, state, party)
    return replace(moved, ended_at=at, ended_because=reason, hold_until=None)


def _go_on(referral: Referral) -> Referral:
    if referral.state is S.ON_HOLD:
        raise ReferralNotInState(
            "It is on hold: resume it first.", field="state", allowed=[S.IN_PROGRESS]
        )
    if referral.state is S.IN_PROGRESS:
        return referral
    return moved_to(referral, S.IN_PROGRESS, Party.RECEIVER)


def _open_attempt(referral: Referral) -> Attempt:
    if referral.state is not S.REQUESTED or referral.current is None:
        raise ReferralNotInState("No request is waiting for an answer.", field="state")
    return referral.current


def _answered(attempt: Attempt, at: datetime) -> Attempt:
    return replace(attempt, acknowledged_at=attempt.acknowledged_at or at, answered_at=at)


def _with_attempt(referral: Referral, attempt: Attempt) -> Referral:
    return replace(referral, attempts=(*referral.attempts[:-1], attempt))
