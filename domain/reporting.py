"""Reports that agencies owe before a review or meeting: asked of whom, by when, and who may give and read them.

Source: practice.md, section 2 (agencies answer for what they owe; need-to-know between agencies).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from domain.disclosure import Custody, Viewer
from domain.errors import Hidden, Refusal
from domain.policy import Pack
from domain.vocabulary import Role

BEFORE_MEETING = "report-before-meeting"
AUTOMATICALLY = "reports-asked-automatically"


class ReportReceivedAlready(Refusal):
    """This report has been given; what is on the record stays."""

    code = "report-received-already"


class ReportNotNeeded(Refusal):
    """The meeting is over or cancelled: its reports are no longer asked for."""

    code = "report-not-needed"


@dataclass(frozen=True, slots=True)
class Report:
    """What an agency is asked for; `due_at` in UTC. The text is sealed elsewhere."""

    id: UUID
    case_ref: str
    asked_for: UUID  # the review or meeting
    agency_id: str
    staff_id: str | None
    due_at: datetime
    received_at: datetime | None = None
    received_by: str | None = None
    dropped: bool = False

    @property
    def is_awaited(self) -> bool:
        return self.received_at is None and not self.dropped


def due_at(pack: Pack, meeting_at: datetime, now: datetime) -> datetime:
    """The pack's time before the meeting (UTC); the meeting itself when that has passed."""
    asked_by = pack.period(BEFORE_MEETING).before(meeting_at, pack.calendar)
    return asked_by if asked_by > now else meeting_at


def asked_automatically(pack: Pack) -> bool:
    return pack.figures.get(AUTOMATICALLY, 0) > 0


def agencies_to_ask(own: str, helping: Iterable[str], asked_before: Iterable[str]) -> list[str]:
    """The case's own agency, then all that accepted a referral, each once."""
    return [each for each in dict.fromkeys((own, *sorted(helping))) if each not in {*asked_before}]


def bearer_role(report: Report, custody: Custody) -> Role:
    return Role.CASEWORKER if report.agency_id == custody.agency_id else Role.PROVIDER


def receive(report: Report, by: str, now: datetime) -> Report:
    """Raises ReportReceivedAlready, ReportNotNeeded."""
    if report.received_at is not None:
        raise ReportReceivedAlready
    if report.dropped:
        raise ReportNotNeeded
    return replace(report, received_at=now, received_by=by)


def demand_author(report: Report, viewer: Viewer, custody: Custody) -> None:
    """Somebody of the agency that is asked: the person named, a provider, the case's own people; else Hidden."""
    if not is_author(report, viewer, custody):
        raise Hidden


def is_author(report: Report, viewer: Viewer, custody: Custody) -> bool:
    if viewer.agency_id != report.agency_id:
        return False
    if viewer.staff_id == report.staff_id:
        return True
    if report.agency_id == custody.agency_id:
        return viewer.staff_id in (custody.caseworker_id, custody.supervisor_id)
    return viewer.has(Role.PROVIDER)


def reads_all(viewer: Viewer, custody: Custody, chair_id: str | None) -> bool:
    """The chair, and the case's caseworker and supervisor."""
    return viewer.staff_id in (chair_id, custody.caseworker_id, custody.supervisor_id)
