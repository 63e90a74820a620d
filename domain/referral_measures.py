"""How long referrals take, and where needs stay unmet, told so that nobody is recognised.

Counts below a figure are not told, and neither is anything reckoned from so few. There are no sums of rows
or columns: from a sum and the other cells a hidden one could be worked out. Source: practice.md, section 3.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum


class Group(StrEnum):
    """By what times are told apart."""

    OFFER = "offer"
    NEED = "need"
    AREA = "area"


class Reached(StrEnum):
    """What is waited for, from the asking of the provider that got there; `completed` from the first asking."""

    ACKNOWLEDGED = "acknowledged"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    APPOINTMENT_BOOKED = "appointment-booked"
    SERVICE_GIVEN = "service-given"
    COMPLETED = "completed"


@dataclass(frozen=True, slots=True)
class Measured:
    """How long one group took to reach one state; None: from fewer than may be told."""

    group: str
    reached: Reached
    count: int | None
    median_hours: float | None
    p90_hours: float | None


def told(measured: Iterable[Measured], least: int) -> list[Measured]:
    """In the order of the groups' names and of the way that a referral goes; nothing is told of too few."""
    order = list(Reached)
    found = sorted(measured, key=lambda each: (each.group, order.index(each.reached)))
    return [each if is_told(each.count or 0, least) else _hidden(each) for each in found]


def cells(counts: Mapping[tuple[str, str], int], least: int) -> dict[tuple[str, str], int | None]:
    """Counts by need and area, none where there is nothing; None: fewer than may be told."""
    return {key: count if is_told(count, least) else None for key, count in counts.items() if count}


def is_told(count: int, least: int) -> bool:
    return count >= least


def _hidden(measured: Measured) -> Measured:
    return replace(measured, count=None, median_hours=None, p90_hours=None)
