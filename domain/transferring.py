"""Handing a case to another agency or area: asked with consent, answered by its owners to be, never ownerless.

Responsibility stays with the sender until the receiver accepts and names its people; then all of it moves at once.
Source: practice.md, step 8 and section 2.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from domain.case import Case, demand_status, demand_two_people
from domain.consent import Consent, ConsentMissing
from domain.disclosure import Custody
from domain.errors import Malformed, Refusal
from domain.vocabulary import CaseStatus

PURPOSE = "transfer"  # what consent is given for
MAY_BE_TRANSFERRED = (
    CaseStatus.REGISTERED,
    CaseStatus.ASSESSING,
    CaseStatus.PLANNING,
    CaseStatus.ACTIVE,
)


class TransferAlreadyAsked(Refusal):
    """Another transfer of this case awaits its answer."""

    code = "transfer-pending"


class TransferToItself(Malformed):
    """A case is transferred to another agency, or to another team of its own."""

    code = "transfer-to-itself"


class TransferAnswered(Refusal):
    """This transfer has been answered or withdrawn before."""

    code = "transfer-answered"


class TransferConsentOver(Refusal):
    """The consent on which this transfer rested does not hold any more."""

    code = "transfer-consent-over"


class TransferOvertaken(Refusal):
    """The case has moved on since the transfer was asked for, and is not to be transferred now."""

    code = "transfer-overtaken"


class OwnTransfer(Refusal):
    """Whoever asked for a transfer does not accept it for the other side."""

    code = "own-transfer"


class AlreadyTicked(Refusal):
    """This item was handed over before."""

    code = "item-ticked"


class TransferState(StrEnum):
    """Where a transfer stands."""

    REQUESTED = "requested"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class TransferReason(StrEnum):
    """Why somebody else should look after the case."""

    FAMILY_MOVED = "family-moved"
    OTHER_AREA = "other-area"
    OTHER_HELP_NEEDED = "other-help-needed"
    NO_CAPACITY = "no-capacity"
    CONFLICT_OF_INTEREST = "conflict-of-interest"
    SAFETY = "safety"


class Basis(StrEnum):
    """By what right the case is shared."""

    CONSENT = "consent"
    CHILD_PROTECTION = "child-protection"


class PolicyChoice(StrEnum):
    """Whether the case follows the receiver's practice from then on, or keeps its own pack."""

    APPLY = "apply"
    KEEP = "keep"


class HandoverKind(StrEnum):
    """What a handover list holds (practice.md, step 8)."""

    DOCUMENT = "document"
    DUTY = "duty"
    REFERRAL = "referral"
    REVIEW = "review"  # or a meeting about the case
    APPOINTMENT = "appointment"
    PERSON_TO_INFORM = "person-to-inform"


@dataclass(frozen=True, slots=True)
class HandoverItem:
    """`what` is a code, as the receiver reads it before acceptance; `due_at` (UTC) where there is a date."""

    id: UUID
    kind: HandoverKind
    what: str
    due_at: datetime | None = None
    ticked_by: str | None = None
    ticked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Transfer:
    """One request to take a case over; words are not here. Instants are UTC."""

    id: UUID
    case_ref: str
    from_agency_id: str
    to_agency_id: str
    to_team_id: str | None
    requested_by: str
    requested_at: datetime
    reason: TransferReason
    basis: Basis
    policy_choice: PolicyChoice
    state: TransferState = TransferState.REQUESTED
    answered_by: str | None = None
    answered_at: datetime | None = None
    answer: str | None = None  # why it was declined or withdrawn, a code

    def standing(self, case: Case) -> Custody:
        """Who stands in which relation to the case, those of this transfer among them."""
        is_offered = self.state is not TransferState.WITHDRAWN
        return replace(
            case.custody,
            offered_to=self.to_agency_id if is_offered else None,
            offered_by=self.requested_by,
        )


@dataclass(frozen=True, slots=True)
class NewOwners:
    """Those whom the receiver names."""

    caseworker_id: str
    supervisor_id: str
    team_id: str | None


def basis_of(consents: Iterable[Consent], because: str, now: datetime) -> Basis:
    """Consent where it is given; raises ConsentMissing unless a reason to protect the child stands instead."""
    if holds(consents, now):
        return Basis.CONSENT
    if because:
        return Basis.CHILD_PROTECTION
    raise ConsentMissing(
        "Record consent to the transfer, or say why the child must be protected without it.",
        field="consent",
        allowed=[PURPOSE],
    )


def holds(consents: Iterable[Consent], now: datetime) -> bool:
    return any(each.purpose == PURPOSE and each.holds_at(now) for each in consents)


def request(case: Case, asked: Transfer, pending: Transfer | None) -> Transfer:
    """Raises StepOutOfOrder, TransferAlreadyAsked or TransferToItself; the case stays as it is."""
    demand_status(case, *MAY_BE_TRANSFERRED)
    if pending is not None:
        raise TransferAlreadyAsked
    same_team = asked.to_team_id is None or asked.to_team_id == case.team_id
    if asked.to_agency_id == case.agency_id and same_team:
        raise TransferToItself(field="to_agency_id")
    return asked


def accept(
    case: Case,
    asked: Transfer,
    owners: NewOwners,
    consents: Iterable[Consent],
    by: str,
    now: datetime,
) -> tuple[Case, Transfer]:
    """Case and transfer from now on: the sender's people owned it before, the receiver's do after."""
    _demand_pending(asked)
    if by == asked.requested_by:
        raise OwnTransfer
    if asked.basis is Basis.CONSENT and not holds(consents, now):
        raise TransferConsentOver
    if case.status not in MAY_BE_TRANSFERRED or case.agency_id != asked.from_agency_id:
        raise TransferOvertaken
    demand_two_people(owners.caseworker_id, owners.supervisor_id)
    moved = replace(
        case,
        agency_id=asked.to_agency_id,
        team_id=owners.team_id or asked.to_team_id,
        caseworker_id=owners.caseworker_id,
        supervisor_id=owners.supervisor_id,
    )
    return moved, _answered(asked, TransferState.ACCEPTED, by, now, None)


def decline(asked: Transfer, reason: str, by: str, now: datetime) -> Transfer:
    """The case stays where it is; `reason` is a code."""
    _demand_pending(asked)
    return _answered(asked, TransferState.DECLINED, by, now, reason)


def withdraw(asked: Transfer, reason: str, by: str, now: datetime) -> Transfer:
    _demand_pending(asked)
    return _answered(asked, TransferState.WITHDRAWN, by, now, reason)


def tick(asked: Transfer, item: HandoverItem, by: str, now: datetime) -> HandoverItem:
    """Handed over, before or after acceptance; raises AlreadyTicked, and TransferAnswered when nothing moves."""
    if asked.state in (TransferState.DECLINED, TransferState.WITHDRAWN):
        raise TransferAnswered(f"The transfer is {asked.state}.")
    if item.ticked_at is not None:
        raise AlreadyTicked
    return replace(item, ticked_by=by, ticked_at=now)


def _demand_pending(asked: Transfer) -> None:
    if asked.state is not TransferState.REQUESTED:
        raise TransferAnswered(f"The transfer is {asked.state}.", field="state")


def _answered(
    asked: Transfer, state: TransferState, by: str, now: datetime, answer: str | None
) -> Transfer:
    return replace(asked, state=state, answered_by=by, answered_at=now, answer=answer)
