"""A record erased for good: asked for by one who leads the agency, decided by another; dates and duties remain.

Source: design.md, People and access (destroying the key erases the child everywhere); practice.md, section 2.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from domain import retention
from domain.case import Case, demand_status
from domain.errors import Refusal
from domain.vocabulary import CaseStatus

ERASED = "[erased]"  # what stands where a word was


class CaseIsErased(Refusal):
    """This record has been erased: nothing can be added to it any more."""

    code = "case-erased"


class RetentionNotOver(Refusal):
    """The file is kept until its retention is over."""

    code = "retention-not-over"


class ErasurePending(Refusal):
    """Somebody has asked for this erasure; another decides on it."""

    code = "erasure-pending"


class ErasureNotRequested(Refusal):
    """Nobody has asked for this record to be erased."""

    code = "erasure-not-requested"


class ErasureByRequester(Refusal):
    """Whoever asks for an erasure does not decide on it."""

    code = "approved-by-requester"


class Basis(StrEnum):
    """By what right a record is erased."""

    RETENTION_OVER = "retention-over"
    COURT_ORDER = "court-order"
    RIGHT_TO_ERASURE = "right-to-erasure"
    ENTERED_IN_ERROR = "entered-in-error"


class ErasureState(StrEnum):
    """Where a request stands."""

    REQUESTED = "requested"
    APPROVED = "approved"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Erasure:
    """One request; all of it is codes, so that it can still be read afterwards. Instants are UTC."""

    id: UUID
    case_ref: str
    basis: Basis
    requested_by: str
    requested_at: datetime
    state: ErasureState = ErasureState.REQUESTED
    decided_by: str | None = None
    decided_at: datetime | None = None
    reason: str | None = None  # why it was refused, a code


_AT_AN_END = (CaseStatus.REFUSED, CaseStatus.JOINED, CaseStatus.CLOSED, CaseStatus.ARCHIVED)


def request(case: Case, asked: Erasure, pending: Erasure | None) -> Erasure:
    """Raises CaseIsErased, ErasurePending, RetentionNotOver, StepOutOfOrder."""
    demand_readable(case)
    if pending is not None:
        raise ErasurePending
    _demand_basis(case, asked.basis, asked.requested_at)
    return asked


def approve(case: Case, asked: Erasure | None, by: str, now: datetime) -> tuple[Case, Erasure]:
    """The record is at its end, whatever it stood at. Raises ErasureNotRequested, ErasureByRequester."""
    decided = _decided(asked, by, now, ErasureState.APPROVED)
    # What was true when it was asked for must still be so: the file may be kept longer since.
    _demand_basis(case, decided.basis, now)
    return replace(case, status=CaseStatus.ARCHIVED, erased_at=now), decided


def refuse(asked: Erasure | None, by: str, reason: str, now: datetime) -> Erasure:
    """The record stays; raises like `approve`."""
    return replace(_decided(asked, by, now, ErasureState.REFUSED), reason=reason)


def demand_readable(case: Case) -> None:
    """Raises CaseIsErased."""
    if case.erased_at is not None:
        raise CaseIsErased


def _decided(asked: Erasure | None, by: str, now: datetime, state: ErasureState) -> Erasure:
    if asked is None:
        raise ErasureNotRequested
    if by == asked.requested_by:
        raise ErasureByRequester
    return replace(asked, state=state, decided_by=by, decided_at=now)


def _demand_basis(case: Case, basis: Basis, now: datetime) -> None:
    """A court or an error may end any record; the other grounds only what has ended by itself."""
    if basis is Basis.RETENTION_OVER and not retention.is_over(case, now):
        raise RetentionNotOver(field="basis", allowed=[retention.over_from(case)])
    if basis is Basis.RIGHT_TO_ERASURE:
        demand_status(case, *_AT_AN_END)
