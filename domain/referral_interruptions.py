"""What interrupts help: on hold with a limit, an appointment that did not take place, a provider that cannot help.

Source: practice.md, section 5 (on-hold, not attended, event cancelled, failed).
"""

from dataclasses import replace
from datetime import datetime

from domain.errors import Malformed
from domain.policy import Pack
from domain.referral import Detail, Referral
from domain.referral_reasons import FailReason, HoldReason, MissedBecause, demand_reason
from domain.referral_states import Party, ReferralNotInState
from domain.referring import ended, moved_to
from domain.vocabulary import ReferralState

S = ReferralState


def hold(
    referral: Referral, reason: HoldReason, until: datetime, now: datetime, pack: Pack
) -> Referral:
    """Help waits, no longer than the pack allows; an appointment that was booked is off. Raises Malformed."""
    demand_reason(S.ON_HOLD, Party.RECEIVER, reason)
    moved = moved_to(referral, S.ON_HOLD, Party.RECEIVER)
    if referral.service_given_at is not None:
        raise ReferralNotInState("The service has been given: nothing waits.", field="state")
    longest = longest_hold(pack, now)
    if until <= now or (longest is not None and until > longest):
        allowed = [f"until {longest.isoformat()}"] if longest else None
        raise Malformed("Help waits for a while, not for good.", field="until", allowed=allowed)
    detail = Detail.EVENT_CANCELLED if referral.appointment_at else referral.detail
    return replace(moved, hold_until=until, appointment_at=None, detail=detail)


def longest_hold(pack: Pack, now: datetime) -> datetime | None:
    """Until when (UTC) a hold that begins now may last; None where the pack sets no limit."""
    period = pack.periods.get("longest-referral-hold")
    return period.after(now, pack.calendar) if period else None


def resume(referral: Referral) -> Referral:
    """Help goes on; raises ReferralNotInState unless it was on hold."""
    if referral.state is not S.ON_HOLD:
        raise ReferralNotInState("This is not on hold.", field="state")
    return replace(moved_to(referral, S.IN_PROGRESS, Party.RECEIVER), hold_until=None)


def fail(referral: Referral, reason: FailReason, at: datetime) -> Referral:
    """The provider could not help after all: the need is open again."""
    demand_reason(S.FAILED, Party.RECEIVER, reason)
    if referral.service_given_at is not None:
        raise ReferralNotInState("The service has been given already.", field="state")
    return ended(referral, S.FAILED, Party.RECEIVER, reason, at)


def miss_appointment(
    referral: Referral, appointment_at: datetime, because: MissedBecause, now: datetime
) -> Referral:
    """It did not take place. `appointment_at` names which, so that a page of yesterday misses no new one."""
    if referral.state is not S.IN_PROGRESS or referral.appointment_at is None:
        raise ReferralNotInState("No appointment is booked.", field="state")
    if appointment_at != referral.appointment_at:
        raise Malformed(
            "Another appointment is booked now.",
            field="appointment_at",
            allowed=[referral.appointment_at.isoformat()],
        )
    if because is not MissedBecause.CANCELLED and appointment_at > now:
        raise Malformed(
            "Before its time an appointment can only be cancelled.",
            field="because",
            allowed=[MissedBecause.CANCELLED],
        )
    cancelled = because is MissedBecause.CANCELLED
    detail = Detail.EVENT_CANCELLED if cancelled else Detail.NOT_ATTENDED
    return replace(referral, appointment_at=None, detail=detail, missed=referral.missed + 1)


def is_missed_too_often(referral: Referral, pack: Pack) -> bool:
    """Whether the supervisor is to look at it: at every so many, as the pack says; never where it says nothing."""
    often = pack.figures.get("missed-appointments", 0)
    return often > 0 and referral.missed > 0 and referral.missed % often == 0
