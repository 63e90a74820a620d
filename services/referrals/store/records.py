"""Referrals on the record. Every load settles for whom the viewer speaks or what she sees; deny is the default."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.dialects.postgresql import insert as insert_or_update

from domain import referral_sight
from domain.directory import Provider
from domain.errors import Hidden, Missing
from domain.referral import Attempt, Consent, Detail, Referral
from domain.referral_sight import Part, Parties
from domain.referral_states import Party
from domain.vocabulary import Bearer, Person, ReferralState, RejectionReason, Role
from infrastructure.unit_of_work import UnitOfWork
from services.referrals.store import history, known
from services.referrals.store.known import KnownCase
from services.referrals.store.tables import attempts, referrals

_CONSENT = tuple(field.name for field in fields(Consent))
_PLAIN = tuple(
    field.name for field in fields(Referral) if field.name not in ("consent", "attempts")
)
_CODES = {"detail": Detail, "confirmed_by": Person, "accompany": Bearer, "accompanied_by": Bearer}


@dataclass(frozen=True, slots=True)
class Opened:
    """A referral with its case, as one viewer may handle it."""

    referral: Referral
    case: KnownCase

    @property
    def parties(self) -> Parties:
        said_no = [each for each in self.referral.attempts if each.rejected_because is not None]
        current = self.referral.current
        asked = current.provider.agency_id if current and current not in said_no else None
        passed_over = frozenset(each.provider.agency_id for each in said_no)
        stopped = self.referral.sharing_stopped_at is not None
        return Parties(self.case.custody, asked, passed_over, self.referral.state, stopped)


async def load(
    uow: UnitOfWork, referral_id: UUID, action: str, *speaking: Party
) -> tuple[Opened, Party]:
    """For a change, locked, and the side the viewer speaks for; raises Missing, Hidden (audited)."""
    opened = await _open(uow, referral_id, lock=True)
    try:
        party = referral_sight.demand_party(uow.viewer, opened.parties, *speaking)
    except Hidden:
        uow.audit(action, opened.referral.case_ref, outcome="hidden")
        raise
    uow.audit(action, opened.referral.case_ref)
    uow.stands_at(await history.last_place(uow, opened.referral))
    return opened, party


async def look(uow: UnitOfWork, referral_id: UUID) -> tuple[Opened, frozenset[Part]]:
    """For reading, with what the viewer may see; raises Missing, Hidden (audited)."""
    opened = await _open(uow, referral_id)
    try:
        parts = referral_sight.visible_parts(uow.viewer, opened.parties)
    except Hidden:
        uow.audit("read-referral", opened.referral.case_ref, outcome="hidden")
        raise
    uow.stands_at(await history.last_place(uow, opened.referral))
    return opened, parts


async def for_platform(uow: UnitOfWork, referral_id: UUID) -> Opened:
    """For what the bus brings, locked; raises Hidden to people."""
    _demand_platform(uow)
    return await _open(uow, referral_id, lock=True)


async def of_case(uow: UnitOfWork, case_ref: str) -> list[Referral]:
    """Every referral of a case, locked, for what the bus brings; raises Hidden to people."""
    _demand_platform(uow)
    return await _of_case(uow, case_ref)


async def failed_of_case(uow: UnitOfWork, case: KnownCase, need: str) -> list[Referral]:
    """Those whose need stayed unmet; the caller has loaded the case with its viewer."""
    found = await _of_case(uow, case.case_ref)
    return [each for each in found if (each.state, each.need) == (ReferralState.FAILED, need)]


async def add(uow: UnitOfWork, referral: Referral) -> None:
    await uow.connection.execute(insert(referrals).values(**_row(referral)))
    await _save_attempts(uow, referral)


async def save(
    uow: UnitOfWork,
    referral: Referral,
    what: str,
    *,
    reason: str | None = None,
    about_at: datetime | None = None,
) -> None:
    """As it stands now; `what` became of it goes to the history, which only grows."""
    row = _row(referral)
    await uow.connection.execute(
        update(referrals).where(referrals.c.id == row.pop("id")).values(**row)
    )
    await _save_attempts(uow, referral)
    uow.stands_at(await history.note(uow, referral, what, reason=reason, about_at=about_at))


async def open_for_leader(uow: UnitOfWork, referral_id: UUID, action: str) -> Opened:
    """For whoever answers for the case, its agency's leaders too, locked; raises Missing, Hidden (audited)."""
    opened = await _open(uow, referral_id, lock=True)
    try:
        referral_sight.demand_leader(uow.viewer, opened.parties)
    except Hidden:
        uow.audit(action, opened.referral.case_ref, outcome="hidden")
        raise
    uow.audit(action, opened.referral.case_ref)
    uow.stands_at(await history.last_place(uow, opened.referral))
    return opened


async def for_link(uow: UnitOfWork, referral_id: UUID) -> Opened:
    """For whoever comes by a link, whose right the caller settles, locked; raises Missing."""
    return await _open(uow, referral_id, lock=True)


def _demand_platform(uow: UnitOfWork) -> None:
    if not uow.viewer.has(Role.SYSTEM):
        raise Hidden


async def _open(uow: UnitOfWork, referral_id: UUID, *, lock: bool = False) -> Opened:
    query = select(referrals).where(referrals.c.id == referral_id)
    query = query.with_for_update() if lock else query
    row = (await uow.connection.execute(query)).mappings().first()
    if row is None:
        raise Missing
    asked = await _attempts(uow, [referral_id])
    return Opened(_referral(row, asked), await known.case(uow, row["case_ref"]))


async def _of_case(uow: UnitOfWork, case_ref: str) -> list[Referral]:
    query = select(referrals).where(referrals.c.case_ref == case_ref).order_by(referrals.c.id)
    rows = (await uow.connection.execute(query.with_for_update())).mappings().all()
    asked = await _attempts(uow, [row["id"] for row in rows])
    return [_referral(row, asked) for row in rows]


async def _attempts(uow: UnitOfWork, ids: Sequence[UUID]) -> Sequence[Any]:
    query = select(attempts).where(attempts.c.referral_id.in_(ids)).order_by(attempts.c.number)
    return (await uow.connection.execute(query)).all()


async def _save_attempts(uow: UnitOfWork, referral: Referral) -> None:
    for attempt in referral.attempts[-1:]:
        row = {"referral_id": referral.id, **asdict(attempt), **asdict(attempt.provider)}
        del row["provider"]
        put = insert_or_update(attempts).values(**row)
        await uow.connection.execute(
            put.on_conflict_do_update(index_elements=["referral_id", "number"], set_=row)
        )


def _row(referral: Referral) -> dict[str, Any]:
    given = asdict(referral.consent) if referral.consent else dict.fromkeys(_CONSENT)
    consent = {f"consent_{name.removeprefix('consent_')}": value for name, value in given.items()}
    return {**{name: getattr(referral, name) for name in _PLAIN}, **consent}


def consent_of(row: Mapping[Any, Any]) -> Consent | None:
    """The consent of a row with columns consent_*; None where there was none."""
    if row["consent_given_by"] is None:
        return None
    found = {name: row[f"consent_{name.removeprefix('consent_')}"] for name in _CONSENT}
    return Consent(**{**found, "given_by": Person(found["given_by"])})


def _referral(row: Mapping[Any, Any], asked: Sequence[Any]) -> Referral:
    plain = {name: row[name] for name in _PLAIN}
    plain["state"] = ReferralState(plain["state"])
    for name, codes in _CODES.items():
        plain[name] = plain[name] and codes(plain[name])
    own = tuple(_attempt(each) for each in asked if each.referral_id == row["id"])
    return Referral(**plain, consent=consent_of(row), attempts=own)


def _attempt(row: Any) -> Attempt:
    return Attempt(
        number=row.number,
        provider=Provider(row.offer_id, row.agency_id),
        asked_at=row.asked_at,
        acknowledged_at=row.acknowledged_at,
        answered_at=row.answered_at,
        rejected_because=RejectionReason(row.rejected_because) if row.rejected_because else None,
    )
