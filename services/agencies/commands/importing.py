"""Taking a document of Open Referral HSDS 3 into the directory: all that can be taken in one transaction."""

from collections import Counter
from collections.abc import Iterable

from contracts.events.agencies import AgencyRegistered
from domain import hsds_reading, hsds_taking
from domain.hsds_fields import Remark
from domain.hsds_reading import DocumentRead
from domain.hsds_service import Dictionary, ForeignWord
from domain.hsds_taking import Known, Line, NewEntries, Outcome, Taken
from domain.listing import ListedAgency, ListedOffer
from infrastructure.unit_of_work import UnitOfWork
from services.agencies.commands import offers
from services.agencies.commands.naming import name_agency
from services.agencies.commands.zones import demand_zone, zone_known
from services.agencies.schemas.hsds import (
    HsdsImport,
    ImportLine,
    ImportReport,
    LeftOut,
    UnknownWord,
)
from services.agencies.store import listing
from services.agencies.store.sight import demand_administrator


async def import_directory(uow: UnitOfWork, entry: HsdsImport) -> ImportReport:
    demand_administrator(uow)
    demand_zone(entry.zone)
    document = hsds_reading.read(entry.document, Dictionary(entry.terms, entry.areas))
    known = await _known(uow, document)
    taken = hsds_taking.take(document, known, _new_entries(uow, entry))
    if not entry.dry_run:
        await _save(uow, known, taken)
        uow.audit("import-directory", uow.viewer.agency_id)
    return _report(entry.dry_run, taken)


def _new_entries(uow: UnitOfWork, entry: HsdsImport) -> NewEntries:
    """Raises Malformed when the policy is not a pack's name."""
    uow.packs.latest(entry.policy)
    return NewEntries(
        prefix=entry.agency_prefix,
        zone=entry.zone,
        policy=entry.policy,
        capacity=entry.capacity,
        zone_known=zone_known,
        policies={pack.name for pack in uow.packs.packs.values()},
    )


async def _known(uow: UnitOfWork, document: DocumentRead) -> Known:
    spoken_of = {
        *document.organisations,
        *(each.organisation for each in document.services.values()),
    }
    agencies = await listing.hold_for_import(uow, spoken_of)
    agency_ids, offer_ids = await listing.ids_in_use(uow)
    own = [offer.offer_id for agency in agencies for offer in agency.offers]
    return Known(
        agencies={each.hsds_id: each for each in agencies},
        agency_ids=agency_ids,
        offer_ids=offer_ids,
        elsewhere=await listing.givers_of(uow, list(document.services)),
        pathways=await listing.relied_on(uow, own),
    )


async def _save(uow: UnitOfWork, known: Known, taken: Taken) -> None:
    for hsds_id, after in taken.agencies.items():
        before = known.agencies.get(hsds_id)
        if before == after:
            continue
        await listing.save_listed_agency(uow, after)
        uow.audit("import-agency", after.agency_id)
        if before is None:
            uow.emit(
                AgencyRegistered(
                    agency_id=after.agency_id, at=uow.now, zone=after.zone, policy=after.policy
                )
            )
        if before is None or before.name != after.name:
            name_agency(uow, after.agency_id, after.name)
        await _save_offers(uow, before.offers if before else (), after)


async def _save_offers(
    uow: UnitOfWork, before: Iterable[ListedOffer], agency: ListedAgency
) -> None:
    held = {each.hsds_id: each for each in before}
    for offer in agency.offers:
        was = held.get(offer.hsds_id)
        if was == offer:
            continue
        row = listing.offer_row(agency.agency_id, offer)
        await offers.save(
            uow, listing.offer_row(agency.agency_id, was) if was else None, row, "import-offer"
        )


def _report(dry_run: bool, taken: Taken) -> ImportReport:
    counts = Counter(line.outcome for line in taken.lines)
    return ImportReport(
        dry_run=dry_run,
        counts={outcome: counts[outcome] for outcome in Outcome},
        entries=[_line(line) for line in taken.lines],
        unknown=_unknown(taken.unknown),
    )


def _line(line: Line) -> ImportLine:
    return ImportLine(
        path=line.path,
        kind=line.kind,
        outcome=line.outcome,
        hsds_id=line.hsds_id,
        our_id=line.our_id,
        reason=line.reason,
        allowed=list(line.allowed),
        left_out=[_left_out(each) for each in line.left_out],
    )


def _left_out(remark: Remark) -> LeftOut:
    return LeftOut(path=remark.path, reason=remark.why, allowed=list(remark.allowed))


def _unknown(words: Iterable[ForeignWord]) -> list[UnknownWord]:
    return [
        UnknownWord(kind=word.kind, called=list(word.called), times=times)
        for word, times in Counter(words).most_common()
    ]
