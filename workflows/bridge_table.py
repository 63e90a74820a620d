"""Which event starts or tells which workflow: the whole bridge, to be read as a table.

`starts`: the workflow is started when none is under way. All other events are only told: to a workflow
that has ended they are dropped, and counted. See docs/decisions/0201.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from zlib import crc32

from contracts.events import Event
from contracts.events import cases as c
from contracts.events import deadlines as d
from contracts.events import notifications as n
from contracts.events import referrals as r
from contracts.events import reviews as v
from contracts.events.base import CaseEvent
from domain.vocabulary import SubjectType
from workflows.steps import Step

Key = Callable[[Any], str]


@dataclass(frozen=True, slots=True)
class Address:
    """A workflow: its kind, and the subject it is about. The id is `kind/key`."""

    kind: str
    key: str
    case_ref: str

    @property
    def workflow_id(self) -> str:
        return f"{self.kind}/{self.key}"


@dataclass(frozen=True, slots=True)
class Row:
    kind: str  # case, referral, review, closure, mailbox; empty: by the deadline's subject
    key: Key
    starts: bool = False
    steps: frozenset[str] | None = None  # deadlines of these steps alone


def _case(event: CaseEvent) -> str:
    return event.case_ref


def _closure(event: Any) -> str:
    return str(event.closure_id)


def _referral(event: Any) -> str:
    return str(event.referral_id)


def _review(event: Any) -> str:
    return str(event.review_id)


# Enough to send side by side, few enough that many messages share a workflow (docs/decisions/0330).
MAILBOXES = 8


def _mailbox(event: Any) -> str:
    """A recipient's is always the same, so that her messages stay in order."""
    return f"{crc32(event.staff_id.encode()) % MAILBOXES:02d}"


def watcher_of(subject: SubjectType) -> str:
    """Whose workflow watches a deadline: what has none of its own (action, follow-up) goes with its case."""
    return _OWN_WORKFLOW.get(subject, "case")


_OWN_WORKFLOW = {
    SubjectType.CLOSURE: "closure",
    SubjectType.REFERRAL: "referral",
    SubjectType.REVIEW: "review",
}


def _subject(event: d.DeadlineEvent) -> str:
    return event.case_ref if watcher_of(event.subject_type) == "case" else event.subject_id


TABLE: dict[type[Event], tuple[Row, ...]] = {
    # deadlines: whoever watches the subject
    d.DeadlineSet: (Row("", _subject, starts=True),),
    d.DeadlineMet: (Row("", _subject),),
    d.DeadlineCancelled: (Row("", _subject),),
    d.DeadlineWaived: (Row("", _subject),),
    d.DeadlineAcknowledged: (Row("", _subject),),
    # of what the owner announces, only silence moves a process on
    d.DeadlineMissed: (
        Row("", _subject, steps=frozenset({Step.REFERRAL_ANSWER, Step.CLOSURE_APPROVAL})),
    ),
    # the case
    c.CaseIdentified: (Row("case", _case, starts=True),),
    c.CaseRegistered: (Row("case", _case, starts=True),),
    c.IntakeJoined: (Row("case", _case),),
    c.InitialAssessmentRecorded: (Row("case", _case),),
    c.ComprehensiveAssessmentRecorded: (Row("case", _case),),
    c.PlanAgreed: (Row("case", _case),),
    c.CaseArchived: (Row("case", _case),),
    c.CaseReopened: (Row("case", _case, starts=True),),
    # the case and its closure
    c.GoalsAchieved: (Row("closure", _closure, starts=True),),
    c.ClosureRequested: (Row("case", _case), Row("closure", _closure, starts=True)),
    c.ClosureDeclined: (Row("case", _case), Row("closure", _closure)),
    c.CaseClosed: (Row("case", _case), Row("closure", _closure)),
    c.LookBackRecorded: (Row("closure", _closure),),
    # referrals
    r.ReferralRequested: (Row("referral", _referral, starts=True),),
    r.ReferralRejected: (Row("referral", _referral),),
    r.ReferralCompleted: (Row("referral", _referral),),
    r.ReferralCancelled: (Row("referral", _referral),),
    r.ReferralFailed: (Row("referral", _referral),),
    r.ReferralEnteredInError: (Row("referral", _referral),),
    # reviews
    v.ReviewScheduled: (Row("review", _review, starts=True),),
    v.ReviewConvened: (Row("review", _review),),
    v.ReviewHeld: (Row("review", _review),),
    v.ReviewCancelled: (Row("review", _review),),
    # notifications
    n.NotificationRequested: (Row("mailbox", _mailbox, starts=True),),
    n.AgencyNotificationRequested: (Row("mailbox", _mailbox, starts=True),),
    n.NotificationBounced: (Row("mailbox", _mailbox, starts=True),),
}

# Topics that hold none of these are not read. Mail is carried apart: a flood of it delays no deadline.
TOPICS = ("cases", "referrals", "reviews")
MAIL_TOPICS = ("notifications",)


def told_by(event: Event) -> list[tuple[Address, bool]]:
    """Whom an event concerns, and whether it may start them; nobody for most."""
    return [
        (Address(_kind(row, event), row.key(event), event.key), row.starts)
        for row in TABLE.get(type(event), ())
        if row.steps is None or getattr(event, "step", None) in row.steps
    ]


def _kind(row: Row, event: Any) -> str:
    return row.kind or watcher_of(event.subject_type)
