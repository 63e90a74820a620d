"""What other services have announced, as far as a referral needs it: cases, consents, offers, pathways."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Table, select, update
from sqlalchemy.dialects.postgresql import insert

from domain import disclosure
from domain.choosing import Terms
from domain.directory import Provider
from domain.disclosure import Action, Custody
from domain.errors import Hidden, Missing
from domain.referral import Consent
from domain.referring import CaseNotKnownYet
from domain.vocabulary import Person, Risk, Role
from infrastructure.unit_of_work import UnitOfWork
from services.referrals.store.tables import (
    agencies_known,
    cases_known,
    consents_known,
    offer_terms_known,
    offers_known,
    pathways_known,
    plan_needs_known,
)

_TERMS = tuple(column for column in offer_terms_known.c if column.name != "offer_id")


@dataclass(frozen=True, slots=True)
class KnownCase:
    """A case as this service knows it: its people, its pack, how near harm is."""

    case_ref: str
    custody: Custody
    policy: str
    risk: Risk
    closed: bool


async def case(uow: UnitOfWork, case_ref: str) -> KnownCase:
    """For a caller that has settled who sees it; raises Missing."""
    found = await _case(uow, case_ref)
    if found is None:
        raise Missing
    return found


async def case_to_refer(uow: UnitOfWork, case_ref: str) -> KnownCase:
    """Raises Hidden for whoever records on no case, CaseNotKnownYet for whoever does not on this one.

    A case of somebody else answers exactly like one that does not exist or has not been heard of yet.
    """
    if not uow.viewer.has(Role.CASEWORKER, Role.SUPERVISOR):
        raise Hidden
    # Held until the commit: a closure that arrives meanwhile waits, and then finds the new referral.
    found = await _case(uow, case_ref, hold=True)
    if found is None:
        raise CaseNotKnownYet
    if not disclosure.may(uow.viewer, found.custody, Action.RECORD):
        uow.audit("request-referral", case_ref, outcome="hidden")
        raise CaseNotKnownYet
    return found


async def _case(uow: UnitOfWork, case_ref: str, *, hold: bool = False) -> KnownCase | None:
    query = select(cases_known).where(cases_known.c.case_ref == case_ref)
    query = query.with_for_update(read=True) if hold else query
    row = (await uow.connection.execute(query)).mappings().first()
    if row is None:
        return None
    people = {key: row[key] for key in ("agency_id", "team_id", "caseworker_id", "supervisor_id")}
    return KnownCase(case_ref, Custody(**people), row["policy"], Risk(row["risk"]), row["closed"])


async def custody_of(uow: UnitOfWork, case_ref: str) -> Custody | None:
    """Whose the case is as last heard; None when nothing was heard of it."""
    found = await _case(uow, case_ref)
    return found.custody if found else None


async def risk_of(uow: UnitOfWork, case_ref: str) -> Risk | None:
    query = select(cases_known.c.risk).where(cases_known.c.case_ref == case_ref)
    found = (await uow.connection.execute(query)).scalar()
    return Risk(found) if found else None


async def put_case(uow: UnitOfWork, row: Mapping[str, Any]) -> None:
    await _put(uow, cases_known, row)


async def change_case(uow: UnitOfWork, case_ref: str, **changed: Any) -> None:
    await uow.connection.execute(
        update(cases_known).where(cases_known.c.case_ref == case_ref).values(**changed)
    )


async def put_consent(uow: UnitOfWork, row: Mapping[str, Any]) -> None:
    await _put(uow, consents_known, row)


async def consents(uow: UnitOfWork, case_ref: str) -> list[tuple[Consent, datetime | None]]:
    """Each consent of the case, and when it was withdrawn; held, so that a withdrawal waits for the commit."""
    query = select(consents_known).where(consents_known.c.case_ref == case_ref)
    query = query.with_for_update(read=True)
    return [
        (
            Consent(Person(row.given_by), row.purpose, row.recorded_at, row.consent_id),
            row.withdrawn_at,
        )
        for row in await uow.connection.execute(query)
    ]


async def withdraw_consent(uow: UnitOfWork, consent_id: UUID, at: datetime) -> None:
    await uow.connection.execute(
        update(consents_known)
        .where(consents_known.c.consent_id == consent_id)
        .values(withdrawn_at=at)
    )


async def put_offer(uow: UnitOfWork, row: Mapping[str, Any]) -> None:
    await _put(uow, offers_known, row)


async def put_pathway(uow: UnitOfWork, row: Mapping[str, Any]) -> None:
    await _put(uow, pathways_known, row)


async def pathway(uow: UnitOfWork, need: str, area: str) -> tuple[Provider, ...] | None:
    query = select(pathways_known).where(
        pathways_known.c.need == need, pathways_known.c.area == area
    )
    row = (await uow.connection.execute(query)).first()
    if row is None:
        return None
    return tuple(Provider(*each) for each in zip(row.offers, row.providers, strict=True))


async def pathways(uow: UnitOfWork) -> list[str]:
    """`need/area` of every pathway there is."""
    rows = await uow.connection.execute(
        select(pathways_known.c.need, pathways_known.c.area).order_by("need", "area")
    )
    return [f"{row.need}/{row.area}" for row in rows]


async def terms(uow: UnitOfWork, offer_ids: Iterable[str]) -> dict[str, Terms]:
    """Whom each offer is for, as far as it has been heard of."""
    query = (
        select(offers_known.c.offer_id, offers_known.c.capacity, *_TERMS)
        .outerjoin(offer_terms_known, offer_terms_known.c.offer_id == offers_known.c.offer_id)
        .where(offers_known.c.offer_id.in_(list(offer_ids)))
    )
    return {
        row["offer_id"]: Terms(
            capacity=row["capacity"],
            areas=tuple(row["areas"] or ()),
            languages=tuple(row["languages"] or ()),
            youngest=row["youngest"],
            oldest=row["oldest"],
            waiting_days=row["waiting_days"],
            paused=bool(row["paused"]),
        )
        for row in (await uow.connection.execute(query)).mappings()
    }


async def put_terms(uow: UnitOfWork, row: Mapping[str, Any]) -> None:
    await _put(uow, offer_terms_known, row)


async def put_agency(uow: UnitOfWork, agency_id: str, policy: str) -> None:
    await _put(uow, agencies_known, {"agency_id": agency_id, "policy": policy})


async def policy_of_agency(uow: UnitOfWork, agency_id: str) -> str | None:
    """The name of its pack; None when nothing was heard of it."""
    query = select(agencies_known.c.policy).where(agencies_known.c.agency_id == agency_id)
    found: str | None = (await uow.connection.execute(query)).scalar()
    return found


async def put_plan_need(uow: UnitOfWork, row: Mapping[str, Any]) -> None:
    """A plan's need is unmet, or unmet again."""
    await _put(uow, plan_needs_known, {**row, "met_at": None})


async def meet_plan_need(uow: UnitOfWork, need_id: UUID, at: datetime) -> None:
    await uow.connection.execute(
        update(plan_needs_known).where(plan_needs_known.c.need_id == need_id).values(met_at=at)
    )


async def _put(uow: UnitOfWork, table: Table, row: Mapping[str, Any]) -> None:
    key = [column.name for column in table.primary_key]
    changed = {name: each for name, each in row.items() if name not in key}
    put = insert(table).values(**row).on_conflict_do_update(index_elements=key, set_=changed)
    await uow.connection.execute(put)
