"""What other services announce, as far as people must know it."""

from functools import partial

from contracts.events import Event
from contracts.events.agencies import (
    AbsenceEnded,
    AbsenceRecorded,
    AgencyRegistered,
    StaffRegistered,
    WorkingHoursPublished,
)
from contracts.events.base import CaseEvent
from contracts.events.cases import (
    CaseAssigned,
    CaseIdentified,
    CaseRegistered,
    CaseReopened,
    CaseRepinned,
    ClosurePassedToStandIn,
    ClosureRequested,
    FeedbackReceived,
    InitialAssessmentRecorded,
    OpenQuestionAsked,
    PlanAgreed,
    RiskChanged,
    SeriousIncidentFlagged,
    TransferAccepted,
    TransferDeclined,
    TransferRequested,
    TransferWithdrawn,
)
from contracts.events.deadlines import (
    DeadlineCancelled,
    DeadlineEscalated,
    DeadlineMet,
    DeadlineMissed,
    DeadlineOpened,
    DeadlineReminded,
    DeadlineWaived,
)
from contracts.events.referrals import (
    CapacityAnswered,
    CapacityAsked,
    ReferralAppointmentMissed,
    ReferralExhausted,
    ReferralFailed,
    ReferralLinkIssued,
    ReferralPutOnHold,
    ReferralRejected,
    ReferralRequested,
    ReferralResumed,
    ReferralSharingStopped,
)
from contracts.events.reviews import (
    DecisionTaken,
    MeetingCalled,
    MeetingCancelled,
    MeetingMoved,
    ReportAsked,
    ReviewChairMissing,
    ReviewConvened,
    ReviewPostponed,
)
from domain.disclosure import Custody
from domain.notifying import Member
from domain.vocabulary import NotificationKind
from infrastructure.service import Handler
from infrastructure.unit_of_work import UnitOfWork
from services.notifications.commands import (
    announce,
    announce_case,
    announce_meeting,
    announce_referral,
    announce_transfer,
)
from services.notifications.commands.tell import cause_of
from services.notifications.store import absences, awaiting, directory, notifications, preferences
from services.notifications.store.directory import KnownCase

TOPICS = ("agencies", "cases", "referrals", "reviews")


async def case_identified(uow: UnitOfWork, event: CaseIdentified) -> None:
    custody = Custody(event.agency_id, event.team_id)
    await _make_known(uow, KnownCase(event.case_ref, custody, event.policy))


async def case_registered(uow: UnitOfWork, event: CaseRegistered | PlanAgreed) -> None:
    custody = Custody(event.agency_id, event.team_id, event.caseworker_id, event.supervisor_id)
    await _make_known(uow, KnownCase(event.case_ref, custody, event.policy))
    await directory.change_case(uow, event.case_ref, risk=event.risk.value)


async def risk_known(uow: UnitOfWork, event: InitialAssessmentRecorded | RiskChanged) -> None:
    """A child in imminent danger is told of at any hour."""
    risk = event.after if isinstance(event, RiskChanged) else event.risk
    await directory.change_case(uow, event.case_ref, risk=risk.value)


async def case_assigned(uow: UnitOfWork, event: CaseAssigned) -> None:
    await directory.change_case(
        uow,
        event.case_ref,
        agency_id=event.agency_id,
        team_id=event.team_id,
        caseworker_id=event.caseworker_id,
        supervisor_id=event.supervisor_id,
    )
    await announced(uow, event)


async def case_reopened(uow: UnitOfWork, event: CaseReopened) -> None:
    await directory.change_case(
        uow,
        event.case_ref,
        agency_id=event.agency_id,
        policy=event.policy,
        risk=event.risk.value,
    )


async def case_repinned(uow: UnitOfWork, event: CaseRepinned) -> None:
    await directory.change_case(uow, event.case_ref, policy=event.policy)


async def agency_registered(uow: UnitOfWork, event: AgencyRegistered) -> None:
    await directory.save_agency(uow, event.agency_id, event.zone, as_of=event.at)


async def staff_registered(uow: UnitOfWork, event: StaffRegistered) -> None:
    member = Member(
        event.staff_id, event.agency_id, event.team_id, frozenset(event.roles), event.active
    )
    await directory.save_member(uow, member, as_of=event.at)


async def duty_settled(uow: UnitOfWork, event: DeadlineMet | DeadlineCancelled) -> None:
    await notifications.settle(uow, event.deadline_id, event.at)


async def announced(uow: UnitOfWork, event: CaseEvent) -> None:
    """Told at once, or as soon as the case is known: only then is it clear who its people are."""
    if await directory.case(uow, event.case_ref) is None:
        await awaiting.lock(uow, event.case_ref)
        if await directory.case(uow, event.case_ref) is None:
            await awaiting.keep(uow, event, cause_of(uow, event))
            return
    await _ANNOUNCEMENTS[type(event)](uow, event)


async def _make_known(uow: UnitOfWork, case: KnownCase) -> None:
    await awaiting.lock(uow, case.case_ref)
    await directory.save_case(uow, case)
    told_of = uow.cause
    for waiting in await awaiting.take(uow, case.case_ref):
        uow.cause = waiting
        await _ANNOUNCEMENTS[type(waiting.event)](uow, waiting.event)
    uow.cause = told_of


_KINDS: dict[type[Event], NotificationKind] = {
    DeadlineOpened: NotificationKind.OPENED,
    DeadlineReminded: NotificationKind.REMINDER,
    DeadlineMissed: NotificationKind.MISSED,
    DeadlineEscalated: NotificationKind.ESCALATED,
}
_ANNOUNCEMENTS: dict[type[Event], Handler] = {
    **{event: partial(announce.announce_deadline, kind=kind) for event, kind in _KINDS.items()},
    ReviewConvened: announce_meeting.invite,
    ReviewPostponed: announce_meeting.say_review_postponed,
    MeetingCalled: announce_meeting.invite_to_meeting,
    MeetingMoved: announce_meeting.invite_to_meeting,
    MeetingCancelled: announce_meeting.call_meeting_off,
    ReportAsked: announce_meeting.ask_report,
    DecisionTaken: announce_meeting.say_decision,
    ReviewChairMissing: announce.say_chair_missing,
    ReferralRequested: announce.ask_provider,
    ReferralRejected: announce.say_referral_rejected,
    ReferralExhausted: announce.say_referral_exhausted,
    ReferralLinkIssued: announce_referral.send_link,
    ReferralPutOnHold: announce_referral.say_on_hold,
    ReferralResumed: announce_referral.say_resumed,
    ReferralAppointmentMissed: announce_referral.say_appointment_missed,
    ReferralFailed: announce_referral.say_failed,
    ReferralSharingStopped: announce_referral.say_sharing_stopped,
    CaseAssigned: announce_case.say_assigned,
    FeedbackReceived: announce_case.say_feedback,
    OpenQuestionAsked: announce_case.ask_question,
    SeriousIncidentFlagged: announce_case.say_serious_incident,
    ClosureRequested: announce.ask_approver,
    ClosurePassedToStandIn: announce.ask_stand_in,
    TransferRequested: announce_transfer.ask_receiver,
    TransferAccepted: announce_transfer.say_accepted,
    TransferDeclined: announce_transfer.say_declined,
    TransferWithdrawn: announce_transfer.say_withdrawn,
}
HANDLERS: dict[type[Event], Handler] = {
    **dict.fromkeys(_ANNOUNCEMENTS, announced),
    CaseIdentified: case_identified,
    CaseRegistered: case_registered,
    PlanAgreed: case_registered,
    CaseAssigned: case_assigned,
    CaseRepinned: case_repinned,
    CaseReopened: case_reopened,
    AgencyRegistered: agency_registered,
    StaffRegistered: staff_registered,
    DeadlineMet: duty_settled,
    DeadlineCancelled: duty_settled,
    DeadlineWaived: duty_settled,
    InitialAssessmentRecorded: risk_known,
    RiskChanged: risk_known,
    AbsenceRecorded: absences.save,
    AbsenceEnded: absences.end,
    WorkingHoursPublished: preferences.save_hours,
    # About no case: nothing to wait for.
    CapacityAsked: announce_referral.ask_capacity,
    CapacityAnswered: announce_referral.say_capacity_answered,
}
