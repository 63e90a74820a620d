"""What an HSDS document changes in the directory: each entry new, changed, unchanged, or skipped with a reason.

A document speaks only of what it says: what it is silent about stays. Nothing is ever removed by silence.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any
from uuid import UUID

from domain.hsds_fields import Remark
from domain.hsds_reading import DocumentRead, OrganisationRead
from domain.hsds_service import ForeignWord, ServiceRead
from domain.hsds_words import EVERYTHING_ELSE
from domain.listing import Channel, ListedAgency, ListedOffer, Place, free_id, id_from

_CHANNEL = ("phone", "email", "url")


class Outcome(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Line:
    """What became of one entry of the document; `left_out` are fields of it that were not taken."""

    path: str
    kind: str
    outcome: Outcome
    hsds_id: UUID | None = None
    our_id: str | None = None
    reason: str | None = None
    allowed: tuple[str, ...] = ()
    left_out: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class NewEntries:
    """What a new entry gets where the document says nothing of it."""

    prefix: str
    zone: str
    policy: str
    capacity: int = 0
    zone_known: Callable[[str], bool] = bool
    policies: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """The directory as it is: what the document may speak of, and which ids are taken by whatever else."""

    agencies: Mapping[UUID, ListedAgency] = field(default_factory=dict)
    agency_ids: Collection[str] = ()
    offer_ids: Collection[str] = ()
    # What the agency of another service is, for services that the document gives to a different one.
    elsewhere: Mapping[UUID, str] = field(default_factory=dict)
    pathways: Mapping[str, Collection[tuple[str, str]]] = field(default_factory=dict)


@dataclass(slots=True)
class Taken:
    """The agencies as they become, and the line for each entry, in the order of the document."""

    agencies: dict[UUID, ListedAgency]
    lines: list[Line] = field(default_factory=list)
    unknown: list[ForeignWord] = field(default_factory=list)


def take(document: DocumentRead, known: Known, new: NewEntries) -> Taken:
    """Decides on everything and does nothing."""
    taken = Taken(dict(known.agencies))
    ids = set(known.agency_ids)
    for organisation in document.organisations.values():
        _take_organisation(taken, organisation, ids, new)
    offers = set(known.offer_ids)
    for service in document.services.values():
        _take_service(taken, service, offers, known, new)
    for kind, remark in document.skipped:
        taken.lines.append(_skipped(kind, remark.path, remark.why, remark.allowed))
    return taken


def _skipped(
    kind: str, path: str, why: str, allowed: Iterable[str] = (), hsds_id: UUID | None = None
) -> Line:
    return Line(path, kind, Outcome.SKIPPED, hsds_id, reason=why, allowed=tuple(allowed))


def _take_organisation(
    taken: Taken, organisation: OrganisationRead, ids: set[str], new: NewEntries
) -> None:
    before = taken.agencies.get(organisation.hsds_id)
    said = dict(organisation.said)
    zone, policy = said.pop("zone", ""), said.pop("policy", None)
    held = before or ListedAgency(
        agency_id=_agency_id(organisation, ids, new.prefix),
        hsds_id=organisation.hsds_id,
        name=said["name"],
        # Whose agency it is decides on its clock and its practice: only a new entry takes them from outside.
        zone=zone if new.zone_known(zone) else new.zone,
        policy=policy if policy in new.policies else new.policy,
    )
    ids.add(held.agency_id)
    after = replace(
        held,
        **_without_channel(said),
        channel=_channel(held.channel, said),
        places=_with_places(held.places, organisation.places),
    )
    taken.agencies[organisation.hsds_id] = after
    taken.lines.append(
        Line(
            organisation.path, "organization", _outcome(before, after), organisation.hsds_id,
            after.agency_id, left_out=organisation.remarks,
        )
    )  # fmt: skip


def _agency_id(organisation: OrganisationRead, ids: Collection[str], prefix: str) -> str:
    outer = organisation.hsds_id
    own = organisation.own_id
    wanted = f"{prefix}{own}" if own else id_from(prefix, organisation.said["name"], outer)
    return free_id(wanted, outer, ids)


def _outcome(before: object, after: object) -> Outcome:
    if before is None:
        return Outcome.NEW
    return Outcome.UNCHANGED if before == after else Outcome.CHANGED


def _channel(before: Channel, said: Mapping[str, Any]) -> Channel:
    return replace(before, **{name: said[name] for name in _CHANNEL if name in said})


def _without_channel(said: Mapping[str, Any]) -> dict[str, Any]:
    return {name: each for name, each in said.items() if name not in _CHANNEL}


def _with_places(before: tuple[Place, ...], read: Iterable[Place]) -> tuple[Place, ...]:
    """Known ones as they are said now, in their place; new ones under an id that is free."""
    places = {each.hsds_id: each for each in before}
    for each in read:
        held = places.get(each.hsds_id)
        taken = {one.place_id for one in places.values()}
        said = each.name or (each.address.city if each.address else "")
        wanted = each.place_id or id_from("", said, each.hsds_id)
        own = held.place_id if held else free_id(wanted, each.hsds_id, taken)
        places[each.hsds_id] = replace(each, place_id=own)
    return tuple(places.values())


def _take_service(
    taken: Taken, service: ServiceRead, ids: set[str], known: Known, new: NewEntries
) -> None:
    agency = taken.agencies.get(service.organisation)
    before = _offer_of(agency, service.hsds_id) if agency else None
    taken.unknown.extend(service.unknown)
    if agency is None:
        line = _refused(
            service, "Its organization is neither in the document nor in the directory."
        )
    elif before is None and service.hsds_id in known.elsewhere:
        line = _refused(
            service, "Another agency gives this service.", (known.elsewhere[service.hsds_id],)
        )
    elif before is None and service.gone:
        line = _refused(
            service, "The service is not given any more.", ("active", "temporarily closed")
        )
    else:
        line = _take_offer(taken, agency, before, service, ids, known, new)
    taken.lines.append(line)


def _refused(service: ServiceRead, why: str, allowed: Iterable[str] = ()) -> Line:
    return _skipped("service", service.path, why, allowed, service.hsds_id)


def _offer_of(agency: ListedAgency, hsds_id: UUID) -> ListedOffer | None:
    return next((each for each in agency.offers if each.hsds_id == hsds_id), None)


def _take_offer(
    taken: Taken,
    agency: ListedAgency,
    before: ListedOffer | None,
    service: ServiceRead,
    ids: set[str],
    known: Known,
    new: NewEntries,
) -> Line:
    said = _without_channel(service.said)
    places = _with_places(agency.places, service.places)
    if "places" in said:
        own = {each.hsds_id: each.place_id for each in places}
        said["places"] = tuple(own[each] for each in said["places"])
    held = before
    if held is None:
        if missing := [name for name in ("need", "areas") if name not in said]:
            return _refused(service, _MISSING[missing[0]], _called(service, missing[0]))
        held = ListedOffer(
            offer_id=_offer_id(service, ids, new.prefix),
            hsds_id=service.hsds_id,
            title=said["title"],
            need=said["need"],
            areas=said["areas"],
            capacity=new.capacity,
        )
    after = replace(held, **said, channel=_channel(held.channel, service.said), withdrawn=False)
    relied = known.pathways.get(held.offer_id, ())
    if lost := [f"{need}/{area}" for need, area in relied if _lost(held, after, need, area)]:
        return _refused(service, "A pathway relies on its need and area.", lost)
    if service.gone:
        # Whoever lays the pathways decides what takes its place there; until then nobody is sent.
        after = replace(after, paused=True) if relied else replace(after, withdrawn=True)
    ids.add(after.offer_id)
    offers = {each.hsds_id: each for each in agency.offers} | {after.hsds_id: after}
    taken.agencies[service.organisation] = replace(
        agency, places=places, offers=tuple(offers.values())
    )
    return Line(
        service.path, "service", _outcome(before, after), service.hsds_id, after.offer_id,
        left_out=service.remarks,
    )  # fmt: skip


_MISSING = {
    "need": "No term of it means one of our needs; say which need a term means.",
    "areas": "None of its areas is one of ours; say which of our areas one means.",
}
_KIND = {"need": "term", "areas": "area"}


def _called(service: ServiceRead, missing: str) -> tuple[str, ...]:
    """What the caller may name in the dictionary; of a service without a word, the service or whatever is left."""
    kind = _KIND[missing]
    named = tuple(name for word in service.unknown if word.kind == kind for name in word.called)
    own = (str(service.hsds_id),) if missing == "need" else ()
    return named or (*own, EVERYTHING_ELSE)


def _offer_id(service: ServiceRead, ids: Collection[str], prefix: str) -> str:
    wanted = (
        f"{prefix}{service.own_id}"
        if service.own_id
        else id_from(prefix, service.said["title"], service.hsds_id)
    )
    return free_id(wanted, service.hsds_id, ids)


def _lost(before: ListedOffer, after: ListedOffer, need: str, area: str) -> bool:
    return _serves(before, need, area) and not _serves(after, need, area)


def _serves(offer: ListedOffer, need: str, area: str) -> bool:
    return offer.need == need and area in offer.areas
