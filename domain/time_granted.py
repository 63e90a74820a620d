"""More time, a pause or a waiver on the record, given once more to the same duty under another pack.

It supposes that people would have granted the same length of time. A waived duty is let go. Instants are UTC.
Source: domain.extending; practice.md, section 6, line 8.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta

from domain.deadlines import Deadline, Fact
from domain.extending import waive


@dataclass(frozen=True, slots=True)
class Grant:
    """For the duty of a step: so much time, less than none where a pause ended early; None: waived."""

    step: str
    time: timedelta | None = None


def duty_of(grant: Grant, fact: Fact, standing: Iterable[Deadline]) -> Deadline | None:
    """The duty of that step on the fact's subject, the first that was set; None where none stands."""
    subject = (grant.step, fact.subject_type, fact.subject_id)
    for each in standing:
        if (each.step, each.subject_type, each.subject_id) == subject:
            return each
    return None


def given(grant: Grant, duty: Deadline, fact: Fact) -> Deadline:
    """The duty as it stands afterwards."""
    if grant.time is None:
        return waive(duty, fact.at)
    return replace(duty, due_at=duty.due_at + grant.time)
