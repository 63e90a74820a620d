"""Which offers stand behind a need, and in which order they are asked; which one is next: domain.choosing.

Source: practice.md, sections 5 (capacity of a service) and 6 (a fallback provider, a capacity check).
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from domain.errors import Malformed, Refusal


class OfferServesPathway(Refusal):
    """A pathway relies on this offer: change the pathway first."""

    code = "offer-serves-pathway"


class OfferOfAnotherAgency(Refusal):
    """This offer belongs to another agency."""

    code = "offer-of-another-agency"


class StaffOfAnotherAgency(Refusal):
    """Somebody with this id is employed by another agency."""

    code = "staff-of-another-agency"


class TeamHasStaff(Refusal):
    """A team with staff in it cannot be dropped."""

    code = "team-has-staff"


class LeadsTeam(Refusal):
    """Somebody leads a team: name another lead first."""

    code = "leads-team"


@dataclass(frozen=True, slots=True)
class Offer:
    """A service that an agency gives; `capacity` counts free places, without anybody's name.

    `area` is the first of `areas`; ages are in years, both included; without a bound there is none.
    """

    offer_id: str
    agency_id: str
    need: str
    area: str
    capacity: int
    areas: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    youngest: int | None = None
    oldest: int | None = None
    paused: bool = False
    withdrawn: bool = False

    def serves(self, area: str) -> bool:
        return area == self.area or area in self.areas


@dataclass(frozen=True, slots=True)
class Provider:
    """An offer in its place on a pathway, and the agency that gives it."""

    offer_id: str
    agency_id: str


def lay_pathway(
    need: str, area: str, offer_ids: Sequence[str], known: Iterable[Offer]
) -> tuple[Provider, ...]:
    """The providers in order; raises Malformed for one that is twice, unknown, withdrawn, or serves elsewhere."""
    offers = {offer.offer_id: offer for offer in known if offer.need == need}
    allowed = sorted(
        each.offer_id for each in offers.values() if each.serves(area) and not each.withdrawn
    )
    if len(set(offer_ids)) < len(offer_ids):
        raise Malformed("Each offer stands on a pathway once.", field="offers")
    for offer_id in offer_ids:
        if offer_id in allowed:
            continue
        raise Malformed(_why_off(offers.get(offer_id)), field="offers", allowed=allowed)
    return tuple(Provider(each, offers[each].agency_id) for each in offer_ids)


def _why_off(offer: Offer | None) -> str:
    if offer is None:
        return "This offer is not known, or does not serve the need."
    if offer.withdrawn:
        return "This offer was withdrawn."
    return "This offer does not serve the area."


def demand_team(team_id: str | None, teams: Collection[str]) -> None:
    """Raises Malformed unless the team is one of the agency's, or none is named."""
    if team_id is not None and team_id not in teams:
        raise Malformed("The agency has no such team.", field="team_id", allowed=sorted(teams))


def demand_lead(lead_id: str | None, staff: Collection[str]) -> None:
    """Raises Malformed unless the lead works for the agency now, or none is named."""
    if lead_id is not None and lead_id not in staff:
        raise Malformed(
            "A team is led by somebody who works for the agency.",
            field="teams.lead_id",
            allowed=sorted(staff),
        )
