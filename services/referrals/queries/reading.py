"""What a viewer is shown of referrals: only the parts that her standing gives her."""

from typing import Literal
from uuid import UUID

from domain import referral_sight
from domain.deadlines import Deadline
from domain.referral import Attempt, Referral
from domain.referral_sight import Part
from domain.sharing import SUMMARY
from domain.vocabulary import ReferralState, Role
from infrastructure import deadlines
from infrastructure.unit_of_work import UnitOfWork
from services.referrals.queries import shared_with
from services.referrals.queries.shared_with import fields_of
from services.referrals.schemas.views import (
    AttemptView,
    DutyView,
    HistoryEntry,
    ListedReferral,
    ReferralList,
    ReferralView,
    SkippedView,
)
from services.referrals.store import history, records, texts, trays, versions
from services.referrals.store.records import Opened
from services.referrals.store.trays import Window

Tray = Literal["in", "out"]
# What the case's side does by itself is none of a provider's.
_OWN_AFFAIRS = frozenset(
    {"drafted", "draft-changed", "link-issued", "link-revoked", "sharing-reviewed", "attendance-reviewed"}
)  # fmt: skip


async def read(uow: UnitOfWork, referral_id: UUID) -> ReferralView:
    """Raises Missing, Hidden (audited)."""
    view = await shown(uow, referral_id)
    uow.audit("read-referral", view.case_ref, "texts" if view.summary else None)
    return view


async def shown(uow: UnitOfWork, referral_id: UUID) -> ReferralView:
    """The record as it stands after a command, which is audited by itself."""
    opened, parts = await records.look(uow, referral_id)
    if Part.JOURNEY not in parts:
        return _own_attempt(uow, opened.referral)
    referral = opened.referral
    found = await texts.shown(uow, referral) if Part.TEXTS in parts else {}
    added: dict[str, object] = {
        "deadlines": await _duties(uow, referral, parts),
        "history": await _history(uow, referral, parts),
    }
    if Part.TEXTS in parts:
        added |= await _shared(uow, opened, found)
    if Part.ATTEMPTS in parts:
        added["attempts"] = [_attempt(each, found, parts) for each in referral.attempts]
        skipped = await history.skipped_of(uow, referral)
        added["skipped"] = [SkippedView.model_validate(each._mapping) for each in skipped]
    if Part.NOTES in parts:
        added["notes"] = _named(found, texts.NOTE)
        added["consent"] = shared_with.consent_view(referral.consent)
        added["enquiry_id"] = referral.enquiry_id
        added["sharing"] = await shared_with.sharing_view(uow, referral, found)
    return _journey(opened).model_copy(update=added)


async def tray(
    uow: UnitOfWork,
    which: Tray | None,
    *,
    state: ReferralState | None,
    case_ref: str | None,
    cursor: str | None,
    limit: int,
) -> ReferralList:
    """A provider's in-tray, else an out-tray, unless one is asked for; raises Hidden."""
    which = which or ("in" if uow.viewer.has(Role.PROVIDER) else "out")
    window = Window(cursor=cursor, limit=limit, state=state, case_ref=case_ref)
    listed = trays.in_tray if which == "in" else trays.out_tray
    rows, following = await listed(uow, window)
    uow.audit("list-referrals", uow.viewer.agency_id, which)
    fields = ListedReferral.model_fields
    return ReferralList(
        tray=which,
        items=[ListedReferral(**{name: row[name] for name in fields}) for row in rows],
        next_cursor=following,
    )


def _journey(opened: Opened) -> ReferralView:
    referral, current = opened.referral, opened.referral.current
    asked = _asked(current) if current else {}
    return ReferralView(
        referral_id=referral.id,
        case_ref=referral.case_ref,
        need=referral.need,
        area=referral.area,
        urgent=referral.urgent,
        state=referral.state,
        from_agency_id=opened.case.custody.agency_id,
        requested_by=referral.requested_by,
        requested_at=referral.requested_at,
        detail=referral.detail,
        appointment_at=referral.appointment_at,
        missed_appointments=referral.missed,
        hold_until=referral.hold_until,
        service_given_at=referral.service_given_at,
        confirmed=referral.confirmed,
        confirmed_by=referral.confirmed_by,
        ended_at=referral.ended_at,
        ended_because=referral.ended_because,
        accompany=referral.accompany,
        accompany_by=referral.accompany_by,
        accompanied_by=referral.accompanied_by,
        **asked,
    )


async def _shared(uow: UnitOfWork, opened: Opened, found: dict[str, str]) -> dict[str, object]:
    """What is shared now; that a provider's people were shown it is on the record."""
    referral = opened.referral
    now = texts.of_version(found, referral.shared_version)
    version = next(
        (
            each
            for each in await versions.of(uow, referral)
            if each.number == referral.shared_version
        ),
        None,
    )
    if referral_sight.reads_as_provider(uow.viewer, opened.parties):
        await versions.note_reading(uow, referral)
    return {
        "summary": now.get(SUMMARY),
        "shared": fields_of(now),
        "shared_version": referral.shared_version,
        "content_hash": version.digest.hex() if version else None,
    }


async def _history(
    uow: UnitOfWork, referral: Referral, parts: frozenset[Part]
) -> list[HistoryEntry]:
    """All of it for the case's side; for a provider what became of its own attempt."""
    everything = Part.ATTEMPTS in parts
    own = None if everything else len(referral.attempts)
    return [
        HistoryEntry.model_validate(each._mapping)
        for each in await history.of(uow, referral, own)
        if everything or each.what not in _OWN_AFFAIRS
    ]


def _own_attempt(uow: UnitOfWork, referral: Referral) -> ReferralView:
    """All that an agency which was passed over is shown: that it was asked, and its answer."""
    own = next(a for a in referral.attempts if a.provider.agency_id == uow.viewer.agency_id)
    return ReferralView(
        referral_id=referral.id,
        case_ref=referral.case_ref,
        need=referral.need,
        area=referral.area,
        urgent=referral.urgent,
        state=ReferralState.REJECTED,
        **_asked(own),
    )


def _asked(attempt: Attempt) -> dict[str, object]:
    return {
        "attempt": attempt.number,
        "offer_id": attempt.provider.offer_id,
        "provider_agency_id": attempt.provider.agency_id,
        "asked_at": attempt.asked_at,
        "acknowledged_at": attempt.acknowledged_at,
        "answered_at": attempt.answered_at,
        "rejected_because": attempt.rejected_because,
    }


def _attempt(attempt: Attempt, found: dict[str, str], parts: frozenset[Part]) -> AttemptView:
    note = found.get(f"{texts.NOTE}rejection-{attempt.number}") if Part.NOTES in parts else None
    shown_as = _asked(attempt)
    shown_as["agency_id"] = shown_as.pop("provider_agency_id")
    return AttemptView.model_validate({**shown_as, "note": note})


def _named(found: dict[str, str], prefix: str) -> dict[str, str]:
    return {
        name.removeprefix(prefix): text for name, text in found.items() if name.startswith(prefix)
    }


async def _duties(uow: UnitOfWork, referral: Referral, parts: frozenset[Part]) -> list[DutyView]:
    """Every duty for the case's side; for a provider those of its own agency."""
    everybodys = Part.ATTEMPTS in parts or uow.viewer.has(Role.SYSTEM)
    return [
        duty_view(duty)
        for duty in await deadlines.all_for(uow, referral.case_ref)
        if duty.subject_id == str(referral.id)
        and (everybodys or duty.responsible.agency_id == uow.viewer.agency_id)
    ]


def duty_view(duty: Deadline) -> DutyView:
    return DutyView(
        deadline_id=duty.id,
        step=duty.step,
        agency_id=duty.responsible.agency_id,
        responsible=duty.responsible.role,
        due_at=duty.due_at,
        state=duty.state,
        settled_at=duty.settled_at,
        acknowledged_by=duty.acknowledged_by,
    )
