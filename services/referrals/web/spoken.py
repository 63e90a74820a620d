"""What a provider says on its page, read off the form and said by the same commands as over the API."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from domain.errors import Malformed
from domain.vocabulary import RejectionReason
from infrastructure.unit_of_work import UnitOfWork
from services.referrals.commands import answering, helping, interrupting

LONGEST = 2000
Form = Mapping[str, str]


class Word(StrEnum):
    """Every button of the page; the last part of the address that it is sent to."""

    ACKNOWLEDGE = "acknowledgement"
    ACCEPT = "acceptance"
    REJECT = "rejection"
    BOOK = "appointment"
    SERVE = "service-given"
    RESUME = "resumption"


FIELDS: Mapping[Word, tuple[str, ...]] = {
    Word.REJECT: ("reason", "note"),
    Word.BOOK: ("at",),
    Word.SERVE: ("at", "note"),
}


async def say(uow: UnitOfWork, referral_id: UUID, word: Word, form: Form, zone: str) -> None:
    """Raises what the command raises, and Malformed for what the form cannot mean."""
    await _SAID[word](uow, referral_id, form, zone)


async def _acknowledge(uow: UnitOfWork, referral_id: UUID, _: Form, __: str) -> None:
    await answering.acknowledge(uow, referral_id)


async def _accept(uow: UnitOfWork, referral_id: UUID, _: Form, __: str) -> None:
    await answering.accept(uow, referral_id)


async def _reject(uow: UnitOfWork, referral_id: UUID, form: Form, _: str) -> None:
    try:
        reason = RejectionReason(form.get("reason", ""))
    except ValueError:
        raise Malformed("A reason is needed.", field="reason") from None
    await answering.reject(uow, referral_id, reason, _note(form))


async def _book(uow: UnitOfWork, referral_id: UUID, form: Form, zone: str) -> None:
    at = _instant(form, zone)
    if at is None:
        raise Malformed("Day and time are needed.", field="at")
    await helping.book(uow, referral_id, at)


async def _serve(uow: UnitOfWork, referral_id: UUID, form: Form, zone: str) -> None:
    await helping.record_service(uow, referral_id, _instant(form, zone), _note(form))


async def _resume(uow: UnitOfWork, referral_id: UUID, _: Form, __: str) -> None:
    await interrupting.resume(uow, referral_id)


def _instant(form: Form, zone: str) -> datetime | None:
    """As typed, without a zone, it is meant in that of the page."""
    typed = form.get("at", "").strip()
    if not typed:
        return None
    try:
        return datetime.fromisoformat(typed).replace(tzinfo=ZoneInfo(zone))
    except ValueError:
        raise Malformed("Day and time are needed.", field="at") from None


def _note(form: Form) -> str | None:
    note = form.get("note", "").strip()
    if len(note) > LONGEST:
        raise Malformed("Please write it a little shorter.", field="note")
    return note or None


_Said = Callable[[UnitOfWork, UUID, Form, str], Awaitable[None]]
_SAID: Mapping[Word, _Said] = {
    Word.ACKNOWLEDGE: _acknowledge,
    Word.ACCEPT: _accept,
    Word.REJECT: _reject,
    Word.BOOK: _book,
    Word.SERVE: _serve,
    Word.RESUME: _resume,
}
