"""Sharing stopped with its consent, and sharing without consent looked at afterwards."""

from uuid import UUID

from contracts.events.referrals import ReferralSharingStopped
from domain import sharing
from domain.referral import Consent, Referral
from domain.sharing import Version
from infrastructure.ids import new_id
from infrastructure.unit_of_work import UnitOfWork
from services.referrals.commands import duties, linking
from services.referrals.commands.ending import cancelled
from services.referrals.store import known, records, texts, versions


async def stop_sharing(uow: UnitOfWork, case_ref: str, withdrawn: Consent) -> None:
    """Consent is withdrawn: nothing more is shared, and it is said what had been."""
    for referral in await records.of_case(uow, case_ref):
        if sharing.stops_on_withdrawal(referral, withdrawn):
            await _stop(uow, referral)


async def review(uow: UnitOfWork, referral_id: UUID, *, justified: bool, note: str) -> None:
    """Every sending without consent that nobody has looked at; raises SharingReviewedByAnother, Hidden."""
    opened = await records.open_for_leader(uow, referral_id, "review-sharing")
    waiting = [
        each
        for each in await versions.of(uow, opened.referral)
        if each.consent is None and each.reviewed_at is None
    ]
    if not waiting:
        raise sharing.SharingReviewedBefore
    for version in waiting:
        sharing.demand_reviewer(uow.viewer, opened.case.custody, version)
        reviewed = sharing.review(version, uow.viewer.staff_id, justified, uow.now)
        await versions.save_review(uow, opened.referral, reviewed)
    name = f"{texts.NOTE}sharing-review-{waiting[-1].number}"
    await texts.seal(uow, opened.referral, {name: note})
    finding = "justified" if justified else "not-justified"
    await records.save(uow, opened.referral, "sharing-reviewed", reason=finding)
    fact = "referral.sharing-reviewed"
    await duties.owed_by_case(uow, opened.case, opened.referral, fact, new_id())


async def _stop(uow: UnitOfWork, referral: Referral) -> None:
    case = await known.case(uow, referral.case_ref)
    stopped = sharing.stop(referral, uow.now)
    await records.save(uow, stopped, "sharing-stopped", reason=stopped.ended_because)
    await _say_what_was_shared(uow, stopped)
    await linking.revoke_all(uow, stopped)
    if stopped.state is not referral.state:
        event_id = uow.emit(cancelled(uow, stopped))
        await duties.owed_by_case(uow, case, stopped, "referral.withdrawn", event_id)


async def _say_what_was_shared(uow: UnitOfWork, referral: Referral) -> None:
    """To each agency that was asked last or has read it: which fields it has seen, if any."""
    seen = await _seen(uow, referral)
    if referral.current is not None:
        seen.setdefault(referral.current.provider.agency_id, set())
    for agency_id, fields in sorted(seen.items()):
        uow.emit(
            ReferralSharingStopped(
                case_ref=referral.case_ref,
                at=uow.now,
                referral_id=referral.id,
                to_agency_id=agency_id,
                shared=tuple(sorted(fields)),
            )
        )


async def _seen(uow: UnitOfWork, referral: Referral) -> dict[str, set[str]]:
    sent: dict[int, Version] = {each.number: each for each in await versions.of(uow, referral)}
    found: dict[str, set[str]] = {}
    for reading in await versions.readings_of(uow, referral):
        fields = sent[reading.version].fields if reading.version in sent else ()
        found.setdefault(reading.agency_id, set()).update(fields)
    return found
