"""The case has other people from now on: what its own agency owes goes with it, and they are invited."""

from contracts.events.cases import CaseAssigned
from contracts.events.reviews import MeetingMoved
from domain import meeting as rules
from domain.vocabulary import Role
from infrastructure import deadlines
from infrastructure.unit_of_work import UnitOfWork
from services.reviews.commands.convene import invite_new_team, recheck_chair
from services.reviews.store import decisions, involvement, meetings, reports, reviews
from services.reviews.store.known_cases import KnownCase

BECAUSE = "case-assigned"


async def hand_over(uow: UnitOfWork, before: KnownCase | None, event: CaseAssigned) -> None:
    """`before`: as it was known until now. Dates stay as they were."""
    bearers = {Role.CASEWORKER: event.caseworker_id, Role.SUPERVISOR: event.supervisor_id}
    await involvement.add_hands(uow, event.case_ref, *bearers.values())
    if before is not None:
        agencies = (before.agency_id, event.agency_id)
        await deadlines.hand_over(uow, event.case_ref, bearers, agencies, _former(before))
        await reports.hand_over(
            uow, event.case_ref, agencies, event.caseworker_id, before.caseworker_id
        )
        await decisions.hand_over(uow, event.case_ref, agencies, bearers, _former(before))
    team = before.team if before else ()
    standing = await reviews.standing_on(uow, event.case_ref)
    if standing is not None:
        await recheck_chair(uow, standing.id)
        await invite_new_team(uow, standing.id, team)
    await _invite_to_meetings(uow, event, team)


def _former(before: KnownCase) -> dict[Role, str]:
    """Whose places they were: what somebody else owes by name stays hers."""
    named = {Role.CASEWORKER: before.caseworker_id, Role.SUPERVISOR: before.supervisor_id}
    return {role: person for role, person in named.items() if person is not None}


async def _invite_to_meetings(uow: UnitOfWork, event: CaseAssigned, team: tuple[str, ...]) -> None:
    now = (event.caseworker_id, event.supervisor_id)
    for meeting in await meetings.standing_on(uow, event.case_ref):
        joined = rules.join(meeting, before=team, now=now)
        if joined == meeting:
            continue
        await meetings.save(uow, joined)
        await meetings.note_change(uow, joined, BECAUSE)
        uow.audit("meeting.moved", event.case_ref)
        uow.emit(
            MeetingMoved(
                case_ref=event.case_ref,
                at=uow.now,
                meeting_id=joined.id,
                kind=joined.kind.value,
                reason=BECAUSE,
                chair_id=joined.chair_id,
                participants=joined.participants,
                meeting_at=joined.meeting_at,
            )
        )
