"""The words of reviews and meetings, sealed under the case's key, each bound to its place."""

from dataclasses import dataclass
from uuid import UUID

from domain.errors import Missing
from infrastructure import crypto
from infrastructure.crypto import CaseKey
from infrastructure.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, repr=False)
class Seal:
    """Seals and opens one case's words; `key` None: it was destroyed, and with it every word."""

    case_ref: str
    key: CaseKey | None

    def close(self, place: str, plain: str | None) -> bytes | None:
        return None if plain is None else self.close_text(place, plain)

    def close_text(self, place: str, plain: str) -> bytes:
        if self.key is None:
            raise Missing
        return crypto.seal(self.key, self.case_ref, place, plain)

    def open(self, place: str, stored: bytes | None) -> str | None:
        """None for what was never written, or can be read no more."""
        if stored is None or self.key is None:
            return None
        return crypto.open_sealed(self.key, self.case_ref, place, bytes(stored))


async def for_writing(uow: UnitOfWork, case_ref: str) -> Seal:
    return Seal(case_ref, await crypto.case_key(uow, case_ref, create=True))


async def for_reading(uow: UnitOfWork, case_ref: str) -> Seal:
    try:
        return Seal(case_ref, await crypto.case_key(uow, case_ref))
    except Missing:
        return Seal(case_ref, None)


def of_review(review_id: UUID, field: str) -> str:
    return f"review/{review_id}/{field}"


def of_meeting(meeting_id: UUID, field: str) -> str:
    return f"meeting/{meeting_id}/{field}"


def of_decision(taken_in: UUID, place: int) -> str:
    """Meetings' decisions stand in the same rows as reviews', and are named alike."""
    return f"review/{taken_in}/decision/{place}"


def of_report(report_id: UUID) -> str:
    return f"report/{report_id}"
