"""Asking for capacity before anybody is named, and what providers answer."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from contracts.events.referrals import CapacityAnswered, CapacityAsked
from domain import capacity
from domain.capacity import AgeBand, Enquiry, OfferAsked
from domain.choosing import CapacityWord, Unfit, Wanted, unfit
from domain.errors import Hidden
from domain.policy import Pack
from domain.referring import NoPathway
from infrastructure.ids import new_id
from infrastructure.settings import settings
from infrastructure.unit_of_work import UnitOfWork
from services.referrals.store import enquiries, known


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: nothing in it says for whom."""

    need: str
    area: str
    age_band: AgeBand | None
    language: str | None
    urgent: bool


async def ask(uow: UnitOfWork, question: Question) -> UUID:
    """Every offer of the pathway that suits; raises NoPathway, Hidden."""
    if not uow.viewer.has(*enquiries.ASKERS):
        raise Hidden
    asked, passed_by = await _sorted(uow, question)
    pack = await _pack(uow)
    period = pack.period("urgent-capacity-answer" if question.urgent else "capacity-answer")
    enquiry = Enquiry(
        id=new_id(),
        need=question.need,
        area=question.area,
        age_band=question.age_band,
        language=question.language,
        urgent=question.urgent,
        asked_by=uow.viewer.staff_id,
        agency_id=uow.viewer.agency_id,
        asked_at=uow.now,
        answer_by=period.after(uow.now, pack.calendar),
        asked=asked,
    )
    await enquiries.add(uow, enquiry, passed_by)
    uow.audit("ask-capacity", enquiry.agency_id)
    for each in asked:
        _say_asked(uow, enquiry, each)
    return enquiry.id


async def answer(
    uow: UnitOfWork,
    enquiry_id: UUID,
    *,
    offer_id: str | None,
    word: CapacityWord,
    places: int | None,
    free_from: date | None,
) -> None:
    """The last word counts, until the time for answers is over; raises Missing, Hidden, EnquiryOver."""
    enquiry = await enquiries.load(uow, enquiry_id, lock=True)
    viewer = uow.viewer
    said = capacity.answer(
        enquiry,
        viewer.agency_id,
        offer_id,
        word,
        places=places,
        free_from=free_from,
        by=viewer.staff_id,
        now=uow.now,
    )
    await enquiries.save_answer(uow, enquiry, said)
    uow.audit("answer-capacity", viewer.agency_id)
    uow.emit(
        CapacityAnswered(
            agency_id=said.agency_id,
            at=uow.now,
            enquiry_id=enquiry.id,
            offer_id=said.offer_id,
            asked_by_agency_id=enquiry.agency_id,
            answer=word.value,
        )
    )


async def _sorted(
    uow: UnitOfWork, question: Question
) -> tuple[tuple[OfferAsked, ...], dict[OfferAsked, Unfit]]:
    """Offers to ask, and those that do not suit; what the directory says of places is what is asked about."""
    pathway = await known.pathway(uow, question.need, question.area)
    if pathway is None:
        raise NoPathway(field="need", allowed=await known.pathways(uow))
    terms = await known.terms(uow, (each.offer_id for each in pathway))
    ages = question.age_band.years if question.age_band else None
    wanted = Wanted(question.area, ages, question.language)
    asked: list[OfferAsked] = []
    passed_by: dict[OfferAsked, Unfit] = {}
    for each in pathway:
        offer = OfferAsked(each.offer_id, each.agency_id)
        because = unfit(terms[each.offer_id], wanted) if each.offer_id in terms else None
        if because is None or because is Unfit.NO_PLACE:
            asked.append(offer)
        else:
            passed_by[offer] = because
    return tuple(asked), passed_by


async def _pack(uow: UnitOfWork) -> Pack:
    """Of the agency that asks; the site's own where nothing was heard of it."""
    name = await known.policy_of_agency(uow, uow.viewer.agency_id)
    return uow.packs.latest(name or settings().default_policy)


def _say_asked(uow: UnitOfWork, enquiry: Enquiry, asked: OfferAsked) -> None:
    uow.emit(
        CapacityAsked(
            agency_id=asked.agency_id,
            at=uow.now,
            enquiry_id=enquiry.id,
            offer_id=asked.offer_id,
            need=enquiry.need,
            area=enquiry.area,
            asked_by_agency_id=enquiry.agency_id,
            answer_by=enquiry.answer_by,
        )
    )
