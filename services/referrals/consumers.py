"""How referrals follow the bus: the copies of cases and providers, and what stops or moves a referral."""

from collections.abc import Mapping
from uuid import UUID

from contracts.events.agencies import (
    AgencyRegistered,
    OfferPublished,
    OfferTermsPublished,
    PathwayPublished,
)
from contracts.events.base import Event
from contracts.events.cases import (
    CaseAssigned,
    CaseClosed,
    CaseErased,
    CaseRegistered,
    CaseReopened,
    CaseRepinned,
    ConsentRecorded,
    ConsentWithdrawn,
    InitialAssessmentRecorded,
    PlanAgreed,
    PlanNeedMet,
    PlanNeedUnmet,
    RiskChanged,
)
from contracts.events.timekeeping import ReferralFallbackDue
from domain.referral import Consent
from domain.vocabulary import Role
from infrastructure import crypto, deadlines, dropped_deadlines, repinned_deadlines
from infrastructure.ids import new_id
from infrastructure.service import Handler
from infrastructure.unit_of_work import UnitOfWork
from services.referrals.commands import ending, falling_back, sharing
from services.referrals.store import known

TOPICS = ("agencies", "cases", "notifications", "timekeeping")
_PEOPLE = ("agency_id", "team_id", "caseworker_id", "supervisor_id")


async def case_registered(uow: UnitOfWork, event: CaseRegistered | PlanAgreed) -> None:
    people = {name: getattr(event, name) for name in _PEOPLE}
    standing = {"policy": event.policy, "risk": event.risk, "closed": False}
    await known.put_case(uow, {"case_ref": event.case_ref, **people, **standing})


async def case_assigned(uow: UnitOfWork, event: CaseAssigned) -> None:
    """Its own people's duties go with the case, to another agency too; a provider's stay with the provider."""
    people = {name: getattr(event, name) for name in _PEOPLE}
    before = await known.custody_of(uow, event.case_ref)
    await known.change_case(uow, event.case_ref, **people)
    if before is not None:
        bearers = {Role.CASEWORKER: event.caseworker_id, Role.SUPERVISOR: event.supervisor_id}
        named = {Role.CASEWORKER: before.caseworker_id, Role.SUPERVISOR: before.supervisor_id}
        former = {role: person for role, person in named.items() if person is not None}
        agencies = (before.agency_id, event.agency_id)
        await deadlines.hand_over(uow, event.case_ref, bearers, agencies, former)


async def case_repinned(uow: UnitOfWork, event: CaseRepinned) -> None:
    """What is owed on its referrals is reckoned anew, from the same facts."""
    await known.change_case(uow, event.case_ref, policy=event.policy)
    risk = await known.risk_of(uow, event.case_ref)
    if risk is not None:
        await repinned_deadlines.move(
            uow, event.case_ref, event.before, event.policy, risk, _heard_as(uow), event.at
        )


async def case_assessed(uow: UnitOfWork, event: InitialAssessmentRecorded) -> None:
    await known.change_case(uow, event.case_ref, risk=event.risk)


async def risk_changed(uow: UnitOfWork, event: RiskChanged) -> None:
    await known.change_case(uow, event.case_ref, risk=event.after)


async def case_closed(uow: UnitOfWork, event: CaseClosed) -> None:
    await known.change_case(uow, event.case_ref, closed=True)
    await ending.stop_with_case(uow, event.case_ref, _heard_as(uow))


async def case_reopened(uow: UnitOfWork, event: CaseReopened) -> None:
    await known.change_case(uow, event.case_ref, closed=False, risk=event.risk, policy=event.policy)


async def case_erased(uow: UnitOfWork, event: CaseErased) -> None:
    """Nothing is owed on a record that is gone, and this copy of its words goes with it."""
    await known.change_case(uow, event.case_ref, closed=True)
    await ending.stop_with_case(uow, event.case_ref, _heard_as(uow))
    await dropped_deadlines.drop_all(uow, event.case_ref, because="case.erased")
    await crypto.erase(uow, event.case_ref)
    uow.audit("erase-words", event.case_ref)


async def consent_recorded(uow: UnitOfWork, event: ConsentRecorded) -> None:
    await known.put_consent(
        uow,
        {
            "consent_id": event.consent_id,
            "case_ref": event.case_ref,
            "given_by": event.given_by,
            "purpose": event.purpose,
            "recorded_at": event.at,
        },
    )


async def consent_withdrawn(uow: UnitOfWork, event: ConsentWithdrawn) -> None:
    await known.withdraw_consent(uow, event.consent_id, event.at)
    withdrawn = Consent(event.given_by, event.purpose, event.at, event.consent_id)
    await sharing.stop_sharing(uow, event.case_ref, withdrawn)


async def offer_published(uow: UnitOfWork, event: OfferPublished) -> None:
    await known.put_offer(uow, event.model_dump(exclude={"at"}))


async def offer_terms_published(uow: UnitOfWork, event: OfferTermsPublished) -> None:
    await known.put_terms(uow, event.model_dump(exclude={"at", "agency_id"}))


async def agency_registered(uow: UnitOfWork, event: AgencyRegistered) -> None:
    await known.put_agency(uow, event.agency_id, event.policy)


async def plan_need_unmet(uow: UnitOfWork, event: PlanNeedUnmet) -> None:
    """Counted beside the needs that no referral could meet."""
    named = event.model_dump(include={"need_id", "case_ref", "need", "area"})
    await known.put_plan_need(uow, {**named, "unmet_at": event.at})


async def plan_need_met(uow: UnitOfWork, event: PlanNeedMet) -> None:
    await known.meet_plan_need(uow, event.need_id, event.at)


async def pathway_published(uow: UnitOfWork, event: PathwayPublished) -> None:
    await known.put_pathway(uow, event.model_dump(exclude={"at", "agency_id"}))


async def fallback_due(uow: UnitOfWork, event: ReferralFallbackDue) -> None:
    await falling_back.fall_back(uow, event.referral_id, event.attempt, event.because, event.at)


def _heard_as(uow: UnitOfWork) -> UUID:
    """The id of the event that is being heard; duties name it as what settled them."""
    return uow.cause.id if uow.cause else new_id()


HANDLERS: Mapping[type[Event], Handler] = {
    CaseRegistered: case_registered,
    PlanAgreed: case_registered,
    CaseAssigned: case_assigned,
    CaseRepinned: case_repinned,
    InitialAssessmentRecorded: case_assessed,
    RiskChanged: risk_changed,
    CaseClosed: case_closed,
    CaseErased: case_erased,
    CaseReopened: case_reopened,
    ConsentRecorded: consent_recorded,
    ConsentWithdrawn: consent_withdrawn,
    OfferPublished: offer_published,
    OfferTermsPublished: offer_terms_published,
    PathwayPublished: pathway_published,
    AgencyRegistered: agency_registered,
    PlanNeedUnmet: plan_need_unmet,
    PlanNeedMet: plan_need_met,
    ReferralFallbackDue: fallback_due,
    **deadlines.timekeeping_handlers("referrals"),
}
