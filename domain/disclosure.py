"""Who may see and do what: a table of role x relation x section, and deny is the default.

Source: practice.md, section 2 (need-to-know, inside an agency as well as between agencies).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from domain.errors import Hidden
from domain.vocabulary import Relation, Role, Section


@dataclass(frozen=True, slots=True)
class Viewer:
    """Whoever asks: a member of staff by her token, or one of the platform's own processes."""

    staff_id: str
    agency_id: str
    team_id: str | None
    roles: frozenset[Role]

    @classmethod
    def system(cls, service: str) -> "Viewer":
        return cls(f"system-{service}", "throughline", None, frozenset({Role.SYSTEM}))

    def has(self, *roles: Role) -> bool:
        return bool(self.roles.intersection(roles))


@dataclass(frozen=True, slots=True)
class Custody:
    """Who stands in which relation to one case."""

    agency_id: str
    team_id: str | None = None
    caseworker_id: str | None = None
    supervisor_id: str | None = None
    referrer_id: str | None = None
    participants: frozenset[str] = frozenset()
    receivers: frozenset[str] = frozenset()  # agencies
    reviewers: frozenset[str] = frozenset()
    awaits_registration: bool = False
    offered_to: str | None = None  # an agency, while a transfer to it is on the record
    offered_by: str | None = None
    named: frozenset[str] = frozenset()  # who owes the one duty that is asked about
    stand_in_id: str | None = None  # of the same agency, while the caseworker is away
    is_refused: bool = False  # the referral met no criterion


class Action(StrEnum):
    """What somebody wants to do to a case."""

    IDENTIFY = "identify"
    REGISTER = "register"
    RECORD = "record"
    ASSIGN = "assign"
    APPROVE_CLOSURE = "approve-closure"
    APPROVE_CLOSURE_AS_STAND_IN = "approve-closure-as-stand-in"
    ACKNOWLEDGE = "acknowledge"
    CHANGE_REVIEW_MEETING = "change-review-meeting"
    RECORD_REVIEW_OUTCOME = "record-review-outcome"
    POSTPONE_REVIEW = "postpone-review"
    CALL_MEETING = "call-meeting"
    ASK_REPORTS = "ask-reports"
    TRANSFER = "transfer"
    ANSWER_TRANSFER = "answer-transfer"
    REPIN = "move-to-another-policy-pack"
    SEE_CASELOADS = "see-caseloads"
    KEEP_FILE = "keep-file"
    ASK_ERASURE = "ask-erasure"
    DECIDE_ERASURE = "decide-erasure"
    ANSWER_QUESTION = "answer-open-question"


S = Section
_ALL = frozenset(Section) - {S.AUDIT}
_SEES: dict[tuple[Role, Relation], frozenset[Section]] = {
    (Role.CASEWORKER, Relation.OWNER): _ALL,
    (Role.CASEWORKER, Relation.STAND_IN): _ALL,
    (Role.SUPERVISOR, Relation.STAND_IN): _ALL,
    (Role.CASEWORKER, Relation.TEAM): frozenset({S.REFERENCE, S.IDENTITY, S.PLAN, S.DEADLINES}),
    (Role.SUPERVISOR, Relation.SUPERVISOR): _ALL | {S.AUDIT},
    (Role.SUPERVISOR, Relation.TEAM): frozenset({S.REFERENCE, S.IDENTITY, S.PLAN, S.DEADLINES}),
    (Role.CASEWORKER, Relation.INTAKE): frozenset(
        {S.REFERENCE, S.IDENTITY, S.REGISTRATION, S.DEADLINES}
    ),
    (Role.SUPERVISOR, Relation.INTAKE): frozenset(
        {S.REFERENCE, S.IDENTITY, S.REGISTRATION, S.DEADLINES}
    ),
    (Role.MANAGER, Relation.SAME_AGENCY): _ALL - {S.CONTACTS},
    (Role.AGENCY_HEAD, Relation.SAME_AGENCY): frozenset({S.REFERENCE, S.DEADLINES, S.CLOSURE}),
    (Role.REVIEW_CHAIR, Relation.REVIEWER): _ALL - {S.CONSENT},
    (Role.REFERRER, Relation.REFERRER): frozenset({S.REFERENCE}),
    (Role.CASEWORKER, Relation.SCREENER): frozenset({S.REFERENCE}),
    (Role.SUPERVISOR, Relation.SCREENER): frozenset({S.REFERENCE}),
    (Role.SUPERVISOR, Relation.REFUSED): frozenset({S.REFERENCE}),
    (Role.PROVIDER, Relation.RECEIVER): frozenset({S.REFERENCE}),
    (Role.SUPERVISOR, Relation.TRANSFER_RECEIVER): frozenset({S.REFERENCE}),
    (Role.MANAGER, Relation.TRANSFER_RECEIVER): frozenset({S.REFERENCE}),
    (Role.AGENCY_HEAD, Relation.TRANSFER_RECEIVER): frozenset({S.REFERENCE}),
    (Role.CASEWORKER, Relation.TRANSFER_SENDER): frozenset({S.REFERENCE}),
    (Role.SUPERVISOR, Relation.TRANSFER_SENDER): frozenset({S.REFERENCE}),
    (Role.CASEWORKER, Relation.NAMED): frozenset({S.REFERENCE}),
    (Role.SUPERVISOR, Relation.NAMED): frozenset({S.REFERENCE}),
    (Role.MANAGER, Relation.NAMED): frozenset({S.REFERENCE}),
    (Role.OPERATIONS, Relation.NONE): frozenset({S.REFERENCE, S.DEADLINES}),
    (Role.AUDITOR, Relation.NONE): frozenset({S.REFERENCE, S.AUDIT}),
    (Role.SYSTEM, Relation.NONE): frozenset({S.REFERENCE, S.DEADLINES}),
}
# Whoever is there for a caseworker does what cannot wait; lasting decisions on the case stay with its own people.
_THERE = ((Role.CASEWORKER, Relation.STAND_IN), (Role.SUPERVISOR, Relation.STAND_IN))
_DOES: dict[Action, frozenset[tuple[Role, Relation]]] = {
    Action.IDENTIFY: frozenset(
        {
            (Role.REFERRER, Relation.NONE),
            (Role.CASEWORKER, Relation.NONE),
            (Role.SUPERVISOR, Relation.NONE),
        }
    ),
    Action.REGISTER: frozenset(
        {
            (Role.CASEWORKER, Relation.SAME_AGENCY),
            (Role.SUPERVISOR, Relation.SAME_AGENCY),
        }
    ),
    Action.RECORD: frozenset(
        {(Role.CASEWORKER, Relation.OWNER), (Role.SUPERVISOR, Relation.SUPERVISOR), *_THERE}
    ),
    Action.ASSIGN: frozenset(
        {(Role.SUPERVISOR, Relation.SAME_AGENCY), (Role.MANAGER, Relation.SAME_AGENCY)}
    ),
    Action.APPROVE_CLOSURE: frozenset({(Role.SUPERVISOR, Relation.SUPERVISOR)}),
    Action.APPROVE_CLOSURE_AS_STAND_IN: frozenset({(Role.MANAGER, Relation.SAME_AGENCY)}),
    Action.ACKNOWLEDGE: frozenset(
        {
            (Role.CASEWORKER, Relation.OWNER),
            *_THERE,
            (Role.SUPERVISOR, Relation.SUPERVISOR),
            (Role.SUPERVISOR, Relation.INTAKE),
            (Role.MANAGER, Relation.SAME_AGENCY),
            (Role.AGENCY_HEAD, Relation.SAME_AGENCY),
        }
    ),
    Action.CHANGE_REVIEW_MEETING: frozenset(
        {(Role.REVIEW_CHAIR, Relation.REVIEWER), (Role.SUPERVISOR, Relation.SUPERVISOR)}
    ),
    Action.RECORD_REVIEW_OUTCOME: frozenset({(Role.REVIEW_CHAIR, Relation.REVIEWER)}),
    Action.POSTPONE_REVIEW: frozenset(
        {
            (Role.REVIEW_CHAIR, Relation.REVIEWER),
            (Role.SUPERVISOR, Relation.SUPERVISOR),
            (Role.MANAGER, Relation.SAME_AGENCY),
        }
    ),
    Action.CALL_MEETING: frozenset(
        {
            (Role.CASEWORKER, Relation.OWNER),
            (Role.SUPERVISOR, Relation.SUPERVISOR),
            (Role.REVIEW_CHAIR, Relation.REVIEWER),
            (Role.PROVIDER, Relation.RECEIVER),
            (Role.CASEWORKER, Relation.PLAN_PARTICIPANT),
            (Role.SUPERVISOR, Relation.PLAN_PARTICIPANT),
            (Role.PROVIDER, Relation.PLAN_PARTICIPANT),
        }
    ),
    Action.ASK_REPORTS: frozenset(
        {
            (Role.CASEWORKER, Relation.OWNER),
            (Role.SUPERVISOR, Relation.SUPERVISOR),
            (Role.REVIEW_CHAIR, Relation.REVIEWER),
        }
    ),
    Action.ANSWER_QUESTION: frozenset(
        {
            (Role.CASEWORKER, Relation.OWNER),
            *_THERE,
            (Role.SUPERVISOR, Relation.SUPERVISOR),
            (Role.CASEWORKER, Relation.NAMED),
            (Role.SUPERVISOR, Relation.NAMED),
            (Role.MANAGER, Relation.NAMED),
        }
    ),
    Action.TRANSFER: frozenset(
        {(Role.CASEWORKER, Relation.OWNER), (Role.SUPERVISOR, Relation.SUPERVISOR)}
    ),
    Action.ANSWER_TRANSFER: frozenset(
        {
            (Role.SUPERVISOR, Relation.TRANSFER_RECEIVER),
            (Role.MANAGER, Relation.TRANSFER_RECEIVER),
        }
    ),
    Action.REPIN: frozenset(
        {(Role.SUPERVISOR, Relation.SUPERVISOR), (Role.MANAGER, Relation.SAME_AGENCY)}
    ),
    Action.SEE_CASELOADS: frozenset(
        {(Role.SUPERVISOR, Relation.TEAM), (Role.MANAGER, Relation.SAME_AGENCY)}
    ),
    Action.KEEP_FILE: frozenset({(Role.MANAGER, Relation.SAME_AGENCY)}),
    Action.ASK_ERASURE: frozenset({(Role.MANAGER, Relation.SAME_AGENCY)}),
    Action.DECIDE_ERASURE: frozenset(
        {
            (Role.MANAGER, Relation.SAME_AGENCY),
            (Role.AGENCY_HEAD, Relation.SAME_AGENCY),
            (Role.ADMINISTRATOR, Relation.NONE),
        }
    ),
}


def relations(viewer: Viewer, custody: Custody) -> frozenset[Relation]:
    """Every relation the viewer has to a case; NONE is always among them."""
    same_agency = viewer.agency_id == custody.agency_id
    found = {
        Relation.OWNER: viewer.staff_id == custody.caseworker_id,
        Relation.STAND_IN: same_agency and viewer.staff_id == custody.stand_in_id,
        Relation.SUPERVISOR: viewer.staff_id == custody.supervisor_id,
        Relation.REFERRER: viewer.staff_id == custody.referrer_id,
        Relation.TEAM: same_agency
        and viewer.team_id is not None
        and viewer.team_id == custody.team_id,
        Relation.SAME_AGENCY: same_agency,
        Relation.INTAKE: same_agency and custody.awaits_registration,
        Relation.REFUSED: same_agency and custody.is_refused,
        Relation.SCREENER: custody.is_refused and viewer.staff_id == custody.referrer_id,
        Relation.PLAN_PARTICIPANT: viewer.staff_id in custody.participants,
        Relation.RECEIVER: viewer.agency_id in custody.receivers,
        Relation.REVIEWER: viewer.staff_id in custody.reviewers,
        Relation.TRANSFER_RECEIVER: viewer.agency_id == custody.offered_to,
        Relation.TRANSFER_SENDER: viewer.staff_id == custody.offered_by,
        Relation.NAMED: viewer.staff_id in custody.named,
        Relation.NONE: True,
    }
    return frozenset(relation for relation, holds in found.items() if holds)


def visible_sections(viewer: Viewer, custody: Custody) -> frozenset[Section]:
    """What this viewer may see of the case; empty when not even that it exists."""
    related = relations(viewer, custody)
    return frozenset(
        section
        for role in viewer.roles
        for relation in related
        for section in _SEES.get((role, relation), ())
    )


def may(viewer: Viewer, custody: Custody, action: Action) -> bool:
    related = relations(viewer, custody)
    return any((role, relation) in _DOES[action] for role in viewer.roles for relation in related)


def demand(viewer: Viewer, custody: Custody, action: Action) -> None:
    """Raises Hidden, which answers exactly as if there were no such case."""
    if not may(viewer, custody, action):
        raise Hidden


def demand_sight(viewer: Viewer, custody: Custody, sections: Iterable[Section]) -> None:
    """Raises Hidden unless the viewer may see the reference and every one of the sections."""
    if not {S.REFERENCE, *sections} <= visible_sections(viewer, custody):
        raise Hidden
