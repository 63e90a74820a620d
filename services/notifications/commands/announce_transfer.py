"""What a transfer means for people: whoever is asked must know, and whoever asked must hear the answer."""

from contracts.events.cases import (
    TransferAccepted,
    TransferDeclined,
    TransferRequested,
    TransferWithdrawn,
)
from domain.deadlines import Responsible
from domain.notifying import Told
from domain.vocabulary import NotificationKind, Role
from infrastructure.unit_of_work import UnitOfWork
from services.notifications.commands.tell import Notice, cause_of, tell_people, tell_roles
from services.notifications.store import directory

_STEP = "transfer-answer"
_TransferEvent = TransferRequested | TransferAccepted | TransferDeclined | TransferWithdrawn
# Of the agency that is asked: whoever may answer.
_LEADERS = (Role.MANAGER, Role.SUPERVISOR)


async def ask_receiver(uow: UnitOfWork, event: TransferRequested) -> None:
    notice = _notice(uow, event, NotificationKind.APPROVAL, "transfer-requested")
    await tell_roles(uow, notice, _LEADERS, Responsible(event.to_agency_id, Role.MANAGER))


async def say_withdrawn(uow: UnitOfWork, event: TransferWithdrawn) -> None:
    notice = _notice(uow, event, NotificationKind.APPROVAL, "transfer-withdrawn")
    await tell_roles(uow, notice, _LEADERS, Responsible(event.to_agency_id, Role.MANAGER))


async def say_declined(uow: UnitOfWork, event: TransferDeclined) -> None:
    """Whoever looks after the case and over it: it stays theirs."""
    notice = _notice(uow, event, NotificationKind.REFERRAL, "transfer-declined")
    duty = Responsible(event.from_agency_id, Role.CASEWORKER)
    await tell_roles(uow, notice, (Role.CASEWORKER, Role.SUPERVISOR), duty)


async def say_accepted(uow: UnitOfWork, event: TransferAccepted) -> None:
    """Whoever asked; by now the case may be known as the receiver's already."""
    notice = _notice(uow, event, NotificationKind.REFERRAL, "transfer-accepted")
    told = Told(event.requested_by, event.from_agency_id, Role.CASEWORKER)
    await tell_people(uow, notice, (told,), await directory.case(uow, event.case_ref))


def _notice(uow: UnitOfWork, event: _TransferEvent, kind: NotificationKind, message: str) -> Notice:
    return Notice(cause_of(uow, event), event.case_ref, kind, message, _STEP)
