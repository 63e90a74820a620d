"""What happens in a case beside its deadlines means for people: it is given to somebody, a family writes."""

from contracts.events.cases import (
    CaseAssigned,
    FeedbackReceived,
    OpenQuestionAsked,
    SeriousIncidentFlagged,
)
from domain.deadlines import Responsible
from domain.notifying import Told
from domain.vocabulary import FeedbackKind, NotificationKind, Role
from infrastructure.unit_of_work import UnitOfWork
from services.notifications.commands.announce import bearer, known_case
from services.notifications.commands.tell import Notice, cause_of, tell_people, tell_roles


async def say_assigned(uow: UnitOfWork, event: CaseAssigned) -> None:
    """Whoever it is given to."""
    case = await known_case(uow, event.case_ref)
    notice = _notice(uow, event, "case-assigned", "case-assigned")
    told = Told(event.caseworker_id, event.agency_id, Role.CASEWORKER)
    await tell_people(uow, notice, (told,), case)


async def say_feedback(uow: UnitOfWork, event: FeedbackReceived) -> None:
    """The caseworker; a complaint goes to the supervisor alone, for it may be about the caseworker."""
    case = await known_case(uow, event.case_ref)
    role = Role.SUPERVISOR if event.kind is FeedbackKind.COMPLAINT else Role.CASEWORKER
    notice = _notice(uow, event, "feedback-received", "feedback")
    await tell_roles(uow, notice, (role,), bearer(case, role))


async def ask_question(uow: UnitOfWork, event: OpenQuestionAsked) -> None:
    """Whoever owes the answer, unless it is she who asks."""
    case = await known_case(uow, event.case_ref)
    if event.responsible_id == event.asked_by:
        return
    notice = _notice(uow, event, "question-asked", "open-question")
    told = Told(event.responsible_id, case.custody.agency_id, Role.CASEWORKER)
    await tell_people(uow, notice, (told,), case)


async def say_serious_incident(uow: UnitOfWork, event: SeriousIncidentFlagged) -> None:
    """Those who lead the agency: they see to it that somebody learns from it."""
    case = await known_case(uow, event.case_ref)
    notice = _notice(uow, event, "serious-incident", "serious-incident")
    duty = Responsible(case.custody.agency_id, Role.MANAGER)
    await tell_roles(uow, notice, (Role.MANAGER, Role.AGENCY_HEAD), duty)


def _notice(
    uow: UnitOfWork,
    event: CaseAssigned | FeedbackReceived | OpenQuestionAsked | SeriousIncidentFlagged,
    message: str,
    step: str,
) -> Notice:
    return Notice(cause_of(uow, event), event.case_ref, NotificationKind.OPENED, message, step)
