"""How far a statement has been compared with other sources; unverified is a state, and none is overwritten.

Source: practice.md, step 3 (verification: comparing sources; each statement keeps its source).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from domain.errors import Refusal


class Verification(StrEnum):
    """What comparing sources has shown."""

    UNVERIFIED = "unverified"
    VERIFIED = "verified"
    CONTRADICTED = "contradicted"


class VerificationUnchanged(Refusal):
    """The statement stands so already."""

    code = "verification-unchanged"


@dataclass(frozen=True, slots=True)
class Turn:
    """The statement stands so from `recorded_at` (UTC); how that was found is sealed elsewhere."""

    id: UUID
    statement_id: UUID
    state: Verification
    recorded_at: datetime
    recorded_by: str


def at_first(verified: bool) -> Verification:
    return Verification.VERIFIED if verified else Verification.UNVERIFIED


def state(first: Verification, turns: Iterable[Turn]) -> Verification:
    """As it stands after every change, in their order."""
    found = first
    for turn in turns:
        found = turn.state
    return found


def change(before: Verification, after: Verification) -> Verification:
    """Raises VerificationUnchanged."""
    if before is after:
        raise VerificationUnchanged
    return after
