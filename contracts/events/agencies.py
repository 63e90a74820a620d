"""The directory: agencies, staff by id and role, service offers, pathways. Announced by services.agencies."""

from typing import Annotated, ClassVar

from contracts.events.base import AgencyEvent, Code, Count, Flag, ShortId, Zone, classified
from domain.vocabulary import Role


class _Directory(AgencyEvent):
    topic: ClassVar[str] = "agencies"


class AgencyRegistered(_Directory):
    type: ClassVar[str] = "agency.registered.v1"
    zone: Zone
    policy: Code  # the name of its policy pack; a case is pinned to the version in force


class StaffRegistered(_Directory):
    """Somebody is employed, moves or leaves; neither name nor address travels."""

    type: ClassVar[str] = "staff.registered.v1"
    staff_id: ShortId
    team_id: ShortId | None
    roles: tuple[Annotated[Role, classified("code")], ...]
    active: Flag = True


class OfferPublished(_Directory):
    type: ClassVar[str] = "offer.published.v1"
    offer_id: ShortId
    need: Code
    area: Code
    capacity: Count


class PathwayPublished(_Directory):
    """For a need in an area, which offers are asked in which order."""

    type: ClassVar[str] = "pathway.published.v1"
    need: Code
    area: Code
    offers: tuple[ShortId, ...]
    providers: tuple[ShortId, ...]  # the agency of each offer, in the same order
