"""Who sees what of a referral, and for which side somebody speaks; deny is the default.

A provider sees only the summary and the fields chosen for it, as they were at sending; once the pathway has
passed it over, only that it was asked and how it answered. Source: practice.md, section 2 (need-to-know).
"""

from dataclasses import dataclass
from enum import StrEnum

from domain import disclosure
from domain.disclosure import Action, Custody, Viewer
from domain.errors import Hidden
from domain.referral_states import Party
from domain.vocabulary import ReferralState, Relation, Role


class Part(StrEnum):
    """The parts of a referral that are shown one by one."""

    OWN_ATTEMPT = "own-attempt"
    JOURNEY = "journey"  # state, instants and duties as they stand now
    ATTEMPTS = "attempts"  # every provider that was asked
    TEXTS = "texts"  # the summary and the shared fields
    NOTES = "notes"  # what was written on the way


class Standing(StrEnum):
    """What somebody is to one referral."""

    CASE = "case"  # may record on the case
    CASE_AGENCY = "case-agency"
    RECEIVER = "receiver"
    RECEIVER_LEAD = "receiver-lead"
    PASSED_OVER = "passed-over"
    PLATFORM = "platform"


_LEADS = (Role.SUPERVISOR, Role.MANAGER, Role.AGENCY_HEAD)
_SEES: dict[Standing, frozenset[Part]] = {
    Standing.CASE: frozenset({Part.JOURNEY, Part.ATTEMPTS, Part.TEXTS, Part.NOTES}),
    Standing.CASE_AGENCY: frozenset({Part.JOURNEY, Part.ATTEMPTS}),
    Standing.RECEIVER: frozenset({Part.JOURNEY, Part.TEXTS}),
    Standing.RECEIVER_LEAD: frozenset({Part.JOURNEY}),
    Standing.PASSED_OVER: frozenset({Part.OWN_ATTEMPT}),
    Standing.PLATFORM: frozenset({Part.JOURNEY}),
}
# What was taken back before it was taken up is not read any more.
_TAKEN_BACK = frozenset({ReferralState.CANCELLED, ReferralState.ENTERED_IN_ERROR})


@dataclass(frozen=True, slots=True)
class Parties:
    """Everybody a referral concerns: the case's people, the agency asked now, those passed over."""

    case: Custody
    receiver_id: str | None
    passed_over: frozenset[str]
    state: ReferralState
    sharing_stopped: bool = False


def standings(viewer: Viewer, parties: Parties) -> frozenset[Standing]:
    agency = viewer.agency_id
    same = Relation.SAME_AGENCY in disclosure.relations(viewer, parties.case)
    receives, passed = agency == parties.receiver_id, agency in parties.passed_over
    found = {
        Standing.CASE: disclosure.may(viewer, parties.case, Action.RECORD),
        Standing.CASE_AGENCY: same and viewer.has(Role.MANAGER, Role.AGENCY_HEAD),
        Standing.RECEIVER: receives and viewer.has(Role.PROVIDER),
        Standing.RECEIVER_LEAD: receives and viewer.has(*_LEADS),
        Standing.PASSED_OVER: passed and viewer.has(Role.PROVIDER, *_LEADS),
        Standing.PLATFORM: viewer.has(Role.SYSTEM),
    }
    return frozenset(standing for standing, holds in found.items() if holds)


def visible_parts(viewer: Viewer, parties: Parties) -> frozenset[Part]:
    """Raises Hidden when the viewer may not even know that there is a referral."""
    standing = standings(viewer, parties)
    if not standing:
        raise Hidden
    seen = frozenset(part for each in standing for part in _SEES[each])
    is_over = parties.state in _TAKEN_BACK or parties.sharing_stopped
    if is_over and Standing.CASE not in standing:
        seen -= {Part.TEXTS}
    return seen


def demand_leader(viewer: Viewer, parties: Parties) -> None:
    """Somebody who answers for the case: its own people, or who leads their agency; raises Hidden."""
    if not {Standing.CASE, Standing.CASE_AGENCY} & standings(viewer, parties):
        raise Hidden


def reads_as_provider(viewer: Viewer, parties: Parties) -> bool:
    """Whether what this viewer reads has been shared by that."""
    standing = standings(viewer, parties)
    return Standing.RECEIVER in standing and Standing.CASE not in standing


def demand_party(viewer: Viewer, parties: Parties, *allowed: Party) -> Party:
    """The side the viewer speaks for, out of those allowed; raises Hidden."""
    standing = standings(viewer, parties)
    speaks = {Party.SENDER: Standing.CASE, Party.RECEIVER: Standing.RECEIVER}
    for party in allowed:
        if speaks.get(party) in standing:
            return party
    raise Hidden
