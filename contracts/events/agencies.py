"""The directory: agencies, staff by id and role, service offers, pathways. Announced by services.agencies."""

from typing import Annotated, ClassVar

from contracts.events.base import (
    AgencyEvent,
    Code,
    Count,
    Flag,
    Id,
    Instant,
    PublicName,
    ShortId,
    Zone,
    classified,
)
from domain.vocabulary import Role


class _Directory(AgencyEvent):
    topic: ClassVar[str] = "agencies"


class AgencyRegistered(_Directory):
    type: ClassVar[str] = "agency.registered.v1"
    zone: Zone
    policy: Code  # the name of its policy pack; a case is pinned to the version in force


class AgencyNamed(_Directory):
    """What the agency is called from now on; said again at each start of the service, so the last one holds."""

    type: ClassVar[str] = "agency.named.v1"
    name: PublicName


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


class OfferTermsPublished(_Directory):
    """Whom an offer is for and how long one waits; beside what offer.published says of it."""

    type: ClassVar[str] = "offer.terms-published.v1"
    offer_id: ShortId
    areas: tuple[Code, ...]  # all that it serves, the first one among them
    languages: tuple[Code, ...]
    youngest: Count | None  # years of age, both included
    oldest: Count | None
    waiting_days: Count | None
    paused: Flag  # takes nobody for now


class WorkingHoursPublished(_Directory):
    """When a member of staff works, in her own zone; spans as `mon.0900-1700`."""

    type: ClassVar[str] = "working-hours.published.v1"
    staff_id: ShortId
    zone: Zone
    spans: tuple[Code, ...]


class AbsenceRecorded(_Directory):
    """Somebody is away from `from_at` until `until_at`; the stand-in is told in her place."""

    type: ClassVar[str] = "absence.recorded.v1"
    absence_id: Id
    staff_id: ShortId
    from_at: Instant
    until_at: Instant
    stand_in_id: ShortId | None


class AbsenceEnded(_Directory):
    """Back earlier, or never gone: the absence counts no longer."""

    type: ClassVar[str] = "absence.ended.v1"
    absence_id: Id
    staff_id: ShortId
